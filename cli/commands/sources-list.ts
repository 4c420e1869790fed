import type { z } from "zod";
import type { SourceConfig } from "../../core/config.ts";
import { sourceHealth } from "../../queries/source-health.ts";
import type { App } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { isPushed } from "../sources.ts";
import { toTable } from "../table.ts";

type Health = z.infer<typeof sourceHealth.row>;

const COLUMNS = [
  "source",
  "state",
  "mentions",
  "last item",
  "lag",
  "next poll",
  "budget left",
  "USD this month",
  "what to do",
];

/** A poll that is due is under way for so long without anything being wrong. */
const UNDER_WAY_S = 120;

/** Prints how each source is, what it brought and what it costs. */
export async function listSources({ ask, config, context }: App, globals: GlobalOptions): Promise<void> {
  const rows = withRemoved(await ask(sourceHealth, sourceHealth.params.parse({})), config.sources);
  const waiting = notPolledYet(rows, config.sources);
  if (globals.json === true) {
    const report = { sources: rows, notPolledYet: waiting.map(({ id }) => id) };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else if (rows.length === 0 && waiting.length === 0) {
    process.stdout.write("There are no sources yet. Add one with: earshot sources add\n");
  } else process.stdout.write(sourceTable(rows, config.sources, context.now()));
}

/** How each source is, one line each; those of the config that were never polled last. */
export function sourceTable(rows: readonly Health[], sources: readonly SourceConfig[], now: Date): string {
  const configured = new Map(sources.map((entry) => [entry.id, entry]));
  return toTable(COLUMNS, [
    ...rows.map((row) => toCells(row, configured.get(row.source), now)),
    ...notPolledYet(rows, sources).map((entry) => [
      entry.id,
      idleWords(entry),
      0,
      "–",
      "–",
      "–",
      "–",
      "–",
      "",
    ]),
  ]);
}

function notPolledYet(rows: readonly Health[], sources: readonly SourceConfig[]): SourceConfig[] {
  const known = new Set(rows.map(({ source }) => source));
  return sources.filter(({ id }) => !known.has(id));
}

/**
 * The rows with what is not in the config marked as removed. The store learns within an hour what was taken out, and
 * never of what others push to.
 */
export function withRemoved(rows: readonly Health[], sources: readonly SourceConfig[]): Health[] {
  const configured = new Set(sources.map(({ id }) => id));
  return rows.map((row) =>
    // files and the like were never polled and need no config
    row.last_polled_at === null || configured.has(row.source)
      ? row
      : { ...row, state: "removed", lag_s: null, next_poll_at: null },
  );
}

function toCells(row: Health, entry: SourceConfig | undefined, now: Date): unknown[] {
  return [
    row.source,
    stateWords(row, entry),
    row.mentions,
    row.last_published_at?.slice(0, 16) ?? "–",
    row.lag_s === null ? "–" : toLength(row.lag_s),
    nextPollWords(row, entry, now),
    row.budget.map(budgetWords).join(", ") || "–",
    row.usd_this_month === 0 ? "–" : row.usd_this_month.toFixed(2),
    adviceWords(row),
  ];
}

function stateWords({ state }: Health, entry: SourceConfig | undefined): string {
  // one that was put back is removed until its first poll
  const isIdle = state === "unknown" || state === "removed";
  return isIdle && entry !== undefined ? idleWords(entry) : state;
}

function idleWords(entry: SourceConfig): string {
  return isPushed(entry) ? "waits for pushes" : "not polled yet";
}

function nextPollWords(row: Health, entry: SourceConfig | undefined, now: Date): string {
  if (row.next_poll_at !== null) {
    const ahead = (Date.parse(row.next_poll_at) - now.getTime()) / 1_000;
    if (ahead > 0) return `in ${toLength(ahead)}`;
    return -ahead < UNDER_WAY_S ? "now" : `due ${toLength(-ahead)} ago`;
  }
  if (entry === undefined || row.last_polled_at === null) return "–";
  return isPushed(entry) ? "when pushed" : "listening";
}

function budgetWords({ resource, per, remaining, allowed }: Health["budget"][number]): string {
  const [left, most] = [remaining, allowed].map((amount) =>
    resource === "usd" ? `$${amount.toFixed(2)}` : String(Math.round(amount)),
  );
  return `${left} of ${most}${resource === "usd" ? "" : ` ${resource}`}/${per}`;
}

function adviceWords({ state, reason }: Health): string {
  if (state === "removed") return "nothing: it is not in the config any more";
  if (state !== "silent") return reason;
  return "it answers but brings nothing; see whether its address, query or account still fits";
}

/** Seconds in the largest unit that has two of them: `90 s`, `5 min`, `3 h`, `2 d`. */
function toLength(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 2 * 3_600) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
