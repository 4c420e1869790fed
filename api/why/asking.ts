import type { z } from "zod";
import type { Query } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";

/** Gives rows of a named question. */
export type Ask = <P extends z.ZodObject, R extends z.ZodObject>(
  query: Query<P, R>,
  params: z.infer<P>,
) => Promise<z.infer<R>[]>;

/** A statement that figures were counted from, ready to be run again. */
export interface AskedStatement {
  /** Name of the question. */
  readonly query: string;
  readonly sql: string;
}

/** Asks as `ask` does, and remembers every statement, each once, in the order they were first asked. */
export function rememberingAsk(ask: Ask): { readonly ask: Ask; readonly statements: AskedStatement[] } {
  const statements: AskedStatement[] = [];
  return {
    statements,
    ask: async (query, params) => {
      const sql = showSql(query.statement(params));
      if (!statements.some((known) => known.sql === sql)) statements.push({ query: query.name, sql });
      return ask(query, params);
    },
  };
}
