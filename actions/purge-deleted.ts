import type { Store } from "../core/contracts.ts";
import { placesOf, purgePlaces, type Place, type PurgeReport } from "./purge-places.ts";

const DELETED = "SELECT id FROM mention_rows WHERE is_deleted = 1";
const PLACES: readonly Place[] = [
  ...placesOf(DELETED),
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

/**
 * Takes all that was kept of deleted mentions from the disk: earlier versions, counters, corrections, dead letters, quotes
 * and names of issues. The store does so by itself some day, when it merges; platforms want it within one. Parts without such rows are not touched.
 */
export async function purgeDeleted(store: Store): Promise<PurgeReport> {
  return purgePlaces(store, PLACES);
}

/** Takes from the disk what a source brought before a time, as far as it may be kept. */
export async function purgeExpired(store: Store, source: string, keepDays: number): Promise<PurgeReport> {
  const params = { source, days: keepDays };
  const expired = "source = {source:String} AND published_at < now() - toIntervalDay({days:UInt32})";
  const ids = `SELECT id FROM mention_rows WHERE is_deleted = 0 AND ${expired}`;
  const places: readonly Place[] = [
    ["dead_letter_rows", "source = {source:String} AND at < now() - toIntervalDay({days:UInt32})"],
    ...placesOf(ids),
    ["mention_rows", `is_deleted = 0 AND ${expired}`],
  ];
  return purgePlaces(store, places, params);
}
