import { createContext, useContext, useEffect, useRef, useState } from "react";
import { Icon } from "./icons.tsx";

/** The statement behind one figure. `reading` says which column and row hold the number. */
export interface ShownSql {
  readonly title: string;
  readonly sql: string;
  readonly reading?: string;
}

/** Opens the dialog with the SQL of a figure. */
export const ShowSql = createContext<(shown: ShownSql) => void>(() => undefined);

/** The button every figure carries: it shows the SQL that gives the figure. */
export function ShowSqlButton(props: {
  readonly title: string;
  readonly sql: string | undefined;
  readonly reading?: string;
}) {
  const show = useContext(ShowSql);
  const { title, sql, reading } = props;
  return (
    <button
      type="button"
      className="quiet-button sql-button"
      disabled={sql === undefined}
      aria-label={`Show SQL of ${title}`}
      title="Show SQL"
      onClick={() => {
        if (sql !== undefined) show({ title, sql, ...(reading === undefined ? {} : { reading }) });
      }}
    >
      SQL
    </button>
  );
}

/** The dialog with one statement, ready to copy, and the command that runs it. */
export function SqlDialog({ shown, onClose }: { readonly shown: ShownSql; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sql-dialog"
      aria-labelledby="sql-title"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <div className="sql-body">
        <header className="sql-head">
          <div>
            <h2 id="sql-title">{shown.title}: SQL</h2>
            <p className="muted">
              {shown.reading ?? "Run it against the store and you get the same numbers."}
            </p>
          </div>
          <button
            type="button"
            className="quiet-button"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <Copyable label="SQL" text={shown.sql} />
        <p className="muted sql-hint">
          Run it where Earshot is installed, while it runs or not, with{" "}
          <code>npx earshot sql &quot;…&quot;</code>:
        </p>
        <Copyable label="command" text={`npx earshot sql ${quoteForShell(shown.sql)}`} isShort />
      </div>
    </dialog>
  );
}

function Copyable(props: { readonly label: string; readonly text: string; readonly isShort?: boolean }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const copy = (): void => {
    copyText(props.text).then(
      () => {
        setState("copied");
      },
      () => {
        setState("failed");
      },
    );
  };
  const said = { idle: `Copy ${props.label}`, copied: "Copied", failed: "Select and copy by hand" }[state];
  return (
    <div className="copyable">
      <pre tabIndex={0} aria-label={props.label} className={props.isShort ? "one-line" : undefined}>
        <code>{props.text}</code>
      </pre>
      <button type="button" className="button copy-button" onClick={copy} aria-live="polite">
        <Icon name={state === "copied" ? "check" : "copy"} />
        {said}
      </button>
    </div>
  );
}

async function copyText(text: string): Promise<void> {
  // absent where the page is served without TLS from another host
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) throw new Error("The browser gives this page no clipboard.");
  await clipboard.writeText(text);
}

/** The text as one double-quoted word of a POSIX shell. */
function quoteForShell(text: string): string {
  return `"${text.replace(/\s*\n\s*/g, " ").replace(/[\\"$`]/g, "\\$&")}"`;
}
