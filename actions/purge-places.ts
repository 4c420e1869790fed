import { z } from "zod";
import type { Store } from "../core/contracts.ts";
import { showSql } from "../core/show-sql.ts";

/** Where something lies, how a row is known to be meant, and what is done with it: deleted unless told otherwise. */
export type Place = readonly [table: string, condition: string, act?: string | undefined];

/** What was said of an issue keeps its figures, and loses what it had of the words of a mention. */
const WITHOUT_WORDS = "UPDATE title = '', terms = [], quotes = [], newest_id = ''";

/** Where the author of mentions or their words lie beside the mentions themselves. @param ids a query that gives their ids */
export function placesOf(ids: string): readonly Place[] {
  const words = (table: string): Place => [
    table,
    `(tracker, issue_id, judged_at) IN (
      SELECT tracker, issue_id, judged_at FROM ${table} WHERE newest_id IN (${ids})
      UNION ALL
      SELECT tracker, issue_id, judged_at FROM ${table} ARRAY JOIN quotes AS quote WHERE quote IN (${ids}))`,
    WITHOUT_WORDS,
  ];
  return [
    words("issue_judgement_rows"),
    words("issue_rows"),
    ["mention_revision_rows", `mention_id IN (${ids})`],
    ["engagement_rows", `mention_id IN (${ids})`],
    // a note may say what was said
    ["correction_rows", `mention_id IN (${ids})`],
    [
      "issue_cluster_sum_rows",
      `(tracker, cluster_id) IN (SELECT tracker, cluster_id FROM issue_assignment_rows WHERE mention_id IN (${ids}))`,
    ],
    // last: what is still stored is put into issues again
    ["issue_assignment_rows", `mention_id IN (${ids})`],
  ];
}

/** What was taken from the disk, by table. */
export type PurgeReport = Readonly<Record<string, number>>;

/** Takes what lies at some places from the disk, one after the other. Parts without such rows are not touched. */
export async function purgePlaces(
  store: Store,
  places: readonly Place[],
  params: Readonly<Record<string, unknown>> = {},
): Promise<PurgeReport> {
  const report: Record<string, number> = {};
  for (const [table, where, act = "DELETE"] of places) {
    const condition = showSql({ sql: where, params });
    const [found] = await store.query(
      { sql: `SELECT count() AS rows FROM ${table} WHERE ${condition}`, params: {} },
      z.object({ rows: z.coerce.number() }),
    );
    if (found === undefined || found.rows === 0) continue;
    await store.command(`ALTER TABLE ${table} ${act} WHERE ${condition} SETTINGS mutations_sync = 2`);
    report[table] = (report[table] ?? 0) + found.rows;
  }
  return report;
}
