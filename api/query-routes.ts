import type { z } from "zod";
import type { Query, Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { showSql } from "../core/show-sql.ts";
import { queries } from "../queries/index.ts";
import type { HttpApp } from "./http.ts";
import { refused } from "./read-body.ts";

/** Adds the named questions: which there are, and asking one. */
export function addQueryRoutes(app: HttpApp, store: Pick<Store, "query">): void {
  app.get("/api/v1/queries", (c) =>
    c.json({ queries: queries.map(({ name, summary }) => ({ name, summary })) }),
  );

  app.get("/api/v1/queries/:name", async (c) => {
    const query = findQuery(c.req.param("name"));
    const params = readParams(query, new URL(c.req.url).searchParams);
    const statement = query.statement(params);
    const rows = await store.query(statement, query.row);
    return c.json({ query: query.name, params, sql: showSql(statement), rows });
  });
}

function findQuery(name: string): Query<z.ZodObject, z.ZodObject> {
  const query = queries.find((candidate) => candidate.name === name);
  if (query !== undefined) return query;
  const names = queries.map((candidate) => candidate.name);
  throw new EarshotError("not_found", `There is no query of this name; there are ${names.join(", ")}.`, {
    details: { queries: names },
  });
}

/** A name given once is text, a repeated one a list; an empty one was left blank in a form and counts as absent. */
function readParams(query: Query<z.ZodObject, z.ZodObject>, search: URLSearchParams) {
  const given = [...new Set(search.keys())]
    .map((name) => [name, search.getAll(name).filter((value) => value !== "")] as const)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const);
  const parsed = query.params.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw refused(`${query.name} cannot be asked like this.`, parsed.error);
}
