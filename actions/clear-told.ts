import type { Store } from "../core/contracts.ts";
import { showSql } from "../core/show-sql.ts";

const TABLES = [
  ["change_rows", "origin = {name:String}"],
  ["exposure_rows", "by = {name:String}"],
] as const;

/** Takes all changes of an origin, and all exposures that were told under its name, out of the store for good. */
export async function clearTold(store: Store, name: string): Promise<void> {
  for (const [table, condition] of TABLES) {
    const sql = `ALTER TABLE ${table} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`;
    await store.command(showSql({ sql, params: { name } }));
  }
}
