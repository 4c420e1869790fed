import type { z } from "zod";
import type { WatchApp } from "../../cli/alert/watch-rules.ts";
import { parseConfig } from "../../core/config.ts";
import type { Query } from "../../core/contracts.ts";
import { ingestors } from "../../ingestors/index.ts";
import { aContext } from "./builders.ts";
import type { TestStore } from "./embedded-store.ts";

const TABLES = [
  "mention_rows",
  "alert_event_rows",
  "issue_assignment_rows",
  "issue_cluster_rows",
  "issue_rows",
  "issue_judgement_rows",
  "coverage_rows",
  "engagement_rows",
  "poll_rows",
];

/** Forgets all that rules are measured by, and what they raised. */
export async function clearWatched({ store }: TestStore): Promise<void> {
  for (const table of TABLES) await store.command(`TRUNCATE TABLE ${table}`);
}

/** What rules, as somebody may write them, are watched with over a store; its clock is set by the test. */
export function anAlertApp(
  { store }: TestStore,
  now: number,
  rules: readonly Record<string, unknown>[],
  more: Record<string, unknown> = {},
): { app: WatchApp; clock: { now: number } } {
  const clock = { now };
  const config = parseConfig(
    { trackers: [{ id: "acme", name: "Acme" }], alerts: { rules }, ...more },
    ingestors,
    {},
    "earshot.yaml",
  );
  const app: WatchApp = {
    config,
    store,
    context: { ...aContext(), now: () => new Date(clock.now) },
    ask: <P extends z.ZodObject, R extends z.ZodObject>(query: Query<P, R>, params: z.infer<P>) =>
      store.query(query.statement(params), query.row),
  };
  return { app, clock };
}
