import { z } from "zod";
import type { Store } from "../core/contracts.ts";
import { showSql } from "../core/show-sql.ts";

/** Where something lies, how a row is known to be meant, and what is done with it: deleted unless told otherwise. */
type Place = readonly [table: string, condition: string, act?: string | undefined];

/** Where the text or author of a mention lies, and how a row is known to be of a deleted one. */
const DELETED = "SELECT id FROM mention_rows WHERE is_deleted = 1";
/** What was said of an issue keeps its figures, and loses what it had of the words of a mention. */
const WITHOUT_WORDS = "UPDATE title = '', terms = [], quotes = [], newest_id = ''";
const PLACES: readonly Place[] = [
  ["issue_assignment_rows", `mention_id IN (${DELETED})`],
  [
    "issue_judgement_rows",
    `newest_id IN (${DELETED}) OR hasAny(quotes, (SELECT groupArray(id) FROM mention_rows WHERE is_deleted = 1))`,
    WITHOUT_WORDS,
  ],
  ["mention_revision_rows", `mention_id IN (${DELETED})`],
  ["engagement_rows", `mention_id IN (${DELETED})`],
  // a note may say what was said
  ["correction_rows", `mention_id IN (${DELETED})`],
  ["dead_letter_rows", `position IN (${DELETED})`],
  // what could not be read has no mention's id, but the platform's stands at its place or in it
  [
    "dead_letter_rows",
    `stage = 'parse' AND (source, position) IN (
      SELECT source, substring(id, position(id, ':') + 1) FROM mention_rows WHERE is_deleted = 1)`,
  ],
  [
    "dead_letter_rows",
    `stage = 'parse' AND hasAny(
      extractAll(payload, '[\\w.:/#@-]{5,}'),
      (SELECT groupUniqArray(substring(id, position(id, ':') + 1)) FROM mention_rows WHERE is_deleted = 1))`,
  ],
  [
    "dead_letter_rows",
    `stage = 'read' AND hasAny(
      extractAll(payload, '[\\w.:/#@-]{5,}'),
      (SELECT groupUniqArray(id) FROM mention_rows WHERE is_deleted = 1))`,
  ],
  ["mention_rows", `is_deleted = 0 AND id IN (${DELETED})`],
];

/** What was taken from the disk, by table. */
export type PurgeReport = Readonly<Record<string, number>>;

/**
 * Takes all that was kept of deleted mentions from the disk: earlier versions, counters, corrections, dead letters, quotes
 * and names of issues. The store does so by itself some day, when it merges; platforms want it within one. Parts without such rows are not touched.
 */
export async function purgeDeleted(store: Store): Promise<PurgeReport> {
  return purge(store, PLACES);
}

/** Takes from the disk what a source brought before a time, as far as it may be kept. */
export async function purgeExpired(store: Store, source: string, keepDays: number): Promise<PurgeReport> {
  const params = { source, days: keepDays };
  const expired = "source = {source:String} AND published_at < now() - toIntervalDay({days:UInt32})";
  const ids = `SELECT id FROM mention_rows WHERE is_deleted = 0 AND ${expired}`;
  const places: readonly Place[] = [
    ["issue_assignment_rows", `mention_id IN (${ids})`],
    [
      "issue_judgement_rows",
      `newest_id IN (${ids}) OR hasAny(quotes, (SELECT groupArray(id) FROM mention_rows WHERE is_deleted = 0 AND ${expired}))`,
      WITHOUT_WORDS,
    ],
    ["mention_revision_rows", `mention_id IN (${ids})`],
    ["engagement_rows", `mention_id IN (${ids})`],
    ["correction_rows", `mention_id IN (${ids})`],
    ["dead_letter_rows", "source = {source:String} AND at < now() - toIntervalDay({days:UInt32})"],
    ["mention_rows", `is_deleted = 0 AND ${expired}`],
  ];
  return purge(
    store,
    places.map(([table, condition, act]) => [table, showSql({ sql: condition, params }), act]),
  );
}

async function purge(store: Store, places: readonly Place[]): Promise<PurgeReport> {
  const report: Record<string, number> = {};
  for (const [table, condition, act = "DELETE"] of places) {
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
