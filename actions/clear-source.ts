import type { Store } from "../core/contracts.ts";
import { showSql } from "../core/show-sql.ts";

const TABLES = [
  ["engagement_rows", "mention_id IN (SELECT id FROM mention_rows WHERE source = {source:String})"],
  ["correction_rows", "mention_id IN (SELECT id FROM mention_rows WHERE source = {source:String})"],
  ["mention_revision_rows", "mention_id IN (SELECT id FROM mention_rows WHERE source = {source:String})"],
  ["dead_letter_rows", "source = {source:String}"],
  ["coverage_rows", "source = {source:String}"],
  ["cursor_rows", "source = {source:String}"],
  ["poll_rows", "source = {source:String}"],
  ["mention_rows", "source = {source:String}"],
] as const;

/** Takes everything a source ever brought out of the store for good, its cursor included: as if it had never run. */
export async function clearSource(store: Store, source: string): Promise<void> {
  for (const [table, condition] of TABLES) {
    const sql = `ALTER TABLE ${table} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`;
    await store.command(showSql({ sql, params: { source } }));
  }
}
