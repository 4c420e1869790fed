import type { Command } from "commander";
import type { Gap, Ingestor, TimeWindow } from "../../core/contracts.ts";
import { hoursHeard } from "../../core/coverage.ts";
import { EarshotError } from "../../core/errors.ts";
import { refetch, type Refetched } from "../../core/refetch.ts";
import { retrying } from "../../core/retry.ts";
import { knownMentions } from "../../queries/known-mentions.ts";
import { toPoll } from "../../schemas/poll.ts";
import { coverageRows, pollRows } from "../../schemas/rows.ts";
import { askAboutIds, type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { continueBudget, findSource } from "../sources.ts";
import { addSourcesAdd } from "./sources-add/index.ts";
import { listSources } from "./sources-list.ts";

interface WindowOptions {
  readonly from?: string;
  readonly to?: string;
}

const DAY_MS = 86_400_000;
/** Missing mentions named at most; `--json` names all. */
const MOST_NAMED = 20;

export function addSources(program: Command): void {
  const group = program.command("sources").summary("see, check and fill up what is listened to");
  group
    .command("list", { isDefault: true })
    .summary("how each source is, what it brought and what it cost")
    .action(async (_options: object, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "sources list", (app) => listSources(app, globals));
    });
  addSourcesAdd(group);
  addWindowed(
    group.command("verify"),
    "ask a source for a past window again and compare it with what is stored",
    verify,
  );
  addWindowed(group.command("backfill"), "store what a source still gives of a past window", backfill);
}

function addWindowed(
  command: Command,
  summary: string,
  run: (app: App, id: string, window: TimeWindow, globals: GlobalOptions) => Promise<void>,
): void {
  command
    .summary(summary)
    .argument("<source>", "its id in the config")
    .option("--from <time>", "start of the window, such as 2026-03-01; default: a day ago")
    .option("--to <time>", "end of the window; default: now")
    .action(async (id: string, options: WindowOptions, self: Command) => {
      const globals = self.optsWithGlobals<GlobalOptions>();
      await withApp(globals, `sources ${command.name()}`, (app) =>
        run(app, id, windowOf(options, app.context.now()), globals),
      );
    });
}

/** @throws {EarshotError} request_invalid */
function windowOf({ from, to }: WindowOptions, now: Date): TimeWindow {
  const window = {
    from: toTime("--from", from) ?? new Date(now.getTime() - DAY_MS).toISOString(),
    to: toTime("--to", to) ?? now.toISOString(),
  };
  if (window.from < window.to) return window;
  throw new EarshotError("request_invalid", `--from ${window.from} is not before --to ${window.to}.`);
}

function toTime(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new EarshotError("request_invalid", `${option} ${text} is no time; write it like 2026-03-31.`);
}

/** Refetches a window and says how much of it is stored; exit code 1 when something is missing. */
async function verify(app: App, id: string, window: TimeWindow, globals: GlobalOptions): Promise<void> {
  const fetched = new Map<string, string>();
  let unreadable = 0;
  for await (const page of pagesOf(app, id, window)) {
    for (const { mention } of page.events) fetched.set(mention.id, mention.url);
    unreadable += page.dead.length;
  }
  const ids = [...fetched.keys()];
  const known = new Set((await askAboutIds(app, knownMentions, ids)).map((row) => row.id));
  const missing = ids.filter((mention) => !known.has(mention));
  if (globals.json === true) {
    const present = ids.length - missing.length;
    const report = { source: id, ...window, present, of: ids.length, missing, unreadable };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    process.stdout.write(
      `${ids.length - missing.length} of ${ids.length} present (${window.from} to ${window.to})\n`,
    );
    if (unreadable > 0) process.stdout.write(unreadableNote(unreadable));
    for (const mention of missing.slice(0, MOST_NAMED))
      process.stdout.write(`  missing: ${mention} ${fetched.get(mention) ?? ""}\n`);
    if (missing.length > MOST_NAMED) process.stdout.write(`  and ${missing.length - MOST_NAMED} more\n`);
    if (missing.length > 0) {
      process.stdout.write(
        `Store them with: earshot sources backfill ${id} --from ${window.from} --to ${window.to}\n`,
      );
    }
  }
  if (missing.length > 0) process.exitCode = 1;
}

function unreadableNote(count: number): string {
  return `${count} items cannot be read; see: earshot dead-letters list\n`;
}

/** Stores a past window, and where the platform gives all of one, marks its hours as heard. */
async function backfill(app: App, id: string, window: TimeWindow, globals: GlobalOptions): Promise<void> {
  const { pipelineFor } = await import("../pipeline.ts");
  const { events: sink, deadLetters } = pipelineFor(app, id);
  const { signal, context, store } = app;
  const gaps: Gap[] = [];
  let [stored, unreadable] = [0, 0];
  for await (const { events, dead, gap } of pagesOf(app, id, window)) {
    if (gap !== undefined) gaps.push(gap);
    if (events.length > 0)
      await retrying(() => sink.write(events, signal), { what: "write mentions" }, signal, context);
    if (dead.length > 0)
      await retrying(() => deadLetters.write(dead, signal), { what: "write dead letters" }, signal, context);
    stored += events.length;
    unreadable += dead.length;
  }
  const { source } = findSource(app.config, id);
  const isWhole = source.ingestor.backfill !== undefined;
  if (isWhole) {
    const at = context.now().toISOString();
    const hours = hoursHeard({ source: id, window, coveredFrom: window.from, gaps, at });
    const whole = hours.filter(({ hour, state }) => state === "complete" && hour >= window.from);
    if (whole.length > 0) await store.table(coverageRows).write(whole, signal);
  }
  if (globals.json === true)
    process.stdout.write(
      `${JSON.stringify({ source: id, ...window, stored, unreadable, isWhole }, null, 2)}\n`,
    );
  else {
    const note = isWhole ? "" : "; its platform gives only what it still shows, so gaps stay marked";
    process.stdout.write(`${stored} mentions read and stored (${window.from} to ${window.to})${note}\n`);
    if (unreadable > 0) process.stdout.write(unreadableNote(unreadable));
  }
}

/**
 * A poll that never ends, and one that asks nobody, tell nothing of the past.
 * @throws {EarshotError} request_invalid
 */
function assertHasPast(id: string, ingestor: Ingestor): void {
  const { mode } = ingestor.source;
  if (ingestor.backfill !== undefined || mode === "poll") return;
  const why =
    mode === "push" ? "others push to it" : "it is heard as it is written, and its platform gives no past";
  throw new EarshotError("request_invalid", `${id} cannot be asked for a past window: ${why}.`);
}

/** What a source gives of a window, page by page, within its budget. */
async function* pagesOf(app: App, id: string, window: TimeWindow): AsyncGenerator<Refetched, void> {
  const { entry, source } = findSource(app.config, id);
  assertHasPast(id, source.ingestor);
  const { context, signal, store } = app;
  const startedAt = context.now().toISOString();
  const budget = await continueBudget(app, entry);
  try {
    for await (const page of refetch({ ...source, budget, context }, window, signal)) {
      const { gap } = page;
      if (gap !== undefined) process.stderr.write(`not given: ${gap.from} to ${gap.to}: ${gap.reason}\n`);
      yield page;
    }
  } finally {
    const at = context.now().toISOString();
    const spent = { ...budget.takeSpent(), budget: budget.left() };
    const poll = toPoll({ source: id, startedAt, at, outcome: "asked", ...spent });
    await store.table(pollRows).write([poll], new AbortController().signal);
  }
}
