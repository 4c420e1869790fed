import type { z } from "zod";
import type { Query, Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { showSql } from "../core/show-sql.ts";
import { queries } from "../queries/index.ts";
import type { HttpApp } from "./http.ts";
import { readSearch } from "./read-search.ts";

/** Adds the named questions: which there are, and asking one. */
export function addQueryRoutes(app: HttpApp, store: Pick<Store, "query">): void {
  app.get("/api/v1/queries", (c) =>
    c.json({ queries: queries.map(({ name, summary }) => ({ name, summary })) }),
  );

  app.get("/api/v1/queries/:name", async (c) => {
    const query = findQuery(c.req.param("name"));
    const params = readSearch(query.params, c.req.url, `${query.name} cannot be asked like this.`);
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
