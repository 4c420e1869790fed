import { setTimeout as sleep } from "node:timers/promises";
import { purgeDeleted, purgeExpired } from "../actions/purge-deleted.ts";
import { EarshotError } from "../core/errors.ts";
import type { App } from "./app.ts";
import { noteLeftSources } from "./left-sources.ts";

const PURGE_EVERY_MS = 60 * 60_000;

/**
 * Takes from the disk, every hour, what was deleted and what may not be kept any longer, and notes which sources were
 * taken out of the config. One process does so at a time. A store that is away is waited for until the next hour.
 */
export async function runPurge(app: App, signal: AbortSignal): Promise<void> {
  const { config, store, context } = app;
  while (!signal.aborted) {
    try {
      await noteLeftSources(app, signal);
      const deleted = await purgeDeleted(store);
      if (Object.keys(deleted).length > 0) context.log.info({ rows: deleted }, "purged what was deleted");
      for (const { id: source, keepDays } of config.sources) {
        if (keepDays === undefined) continue;
        const expired = await purgeExpired(store, source, keepDays);
        if (Object.keys(expired).length > 0)
          context.log.info({ source, rows: expired }, "purged what expired");
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EarshotError)) throw error;
      context.log.warn({ reason: error.message }, "could not purge; it is tried again in an hour");
    }
    await sleep(PURGE_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
