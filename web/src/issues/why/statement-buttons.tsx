import { ShowSqlButton } from "../../sql-dialog.tsx";
import type { Statement } from "./why-rows.ts";

export interface StatementButtonsProps {
  readonly title: string;
  readonly statements: readonly Statement[];
}

/** The statements a figure was counted from, each behind a button of its own. */
export function StatementButtons({ title, statements }: StatementButtonsProps) {
  return (
    <details className="statements">
      <summary className="quiet-button sql-button">
        SQL<span className="sr-only"> of {title}</span>
      </summary>
      <ul>
        {statements.map(({ query, sql }, index) => (
          <li key={index}>
            <code>{query}</code>
            <ShowSqlButton
              title={`${title}, ${query}`}
              sql={sql}
              reading="One of the statements this was reckoned from; what is done with its rows is in docs/why.md."
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
