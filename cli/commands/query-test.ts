import type { Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import { lintQuery, type QueryFinding } from "../../core/query/lint-query.ts";
import { matchQuery } from "../../core/query/match-query.ts";
import { parseQuery } from "../../core/query/parse-query.ts";
import { termHits } from "../../core/query/query-hits.ts";
import type { MentionQuery } from "../../core/query/query.ts";
import { showQuery } from "../../core/query/show-query.ts";
import { ingestors } from "../../ingestors/index.ts";
import { recentMentions } from "../../queries/stored-mentions.ts";
import type { Mention } from "../../schemas/mention.ts";
import { toStoredMention } from "../../schemas/rows.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { toTable } from "../table.ts";

interface TestOptions {
  readonly tracker?: string;
  readonly days: number;
  readonly examples: number;
}

/** Mentions a query is tried on at most, the latest ones. */
const MOST_TRIED = 100_000;

export function addQueryTest(group: Command): void {
  group
    .command("test")
    .summary("try a tracker's query on what is stored, and say what looks wrong with it")
    .argument("[query...]", 'the query, such as: acme AND "late again"')
    .option("--tracker <id>", "the query of this tracker in the config")
    .option("--days <n>", "try it on mentions of so many days", toDays, 30)
    .option("--examples <n>", "show so many that match", toCount, 5)
    .action(async (words: string[], options: TestOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "query test", (app) => test(app, words.join(" "), options, globals));
    });
}

function toCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new EarshotError("request_invalid", `${text} is no whole number below 10,000.`);
}

function toDays(text: string): number {
  const days = toCount(text);
  if (days > 0) return days;
  throw new EarshotError("request_invalid", "--days must be 1 or more.");
}

/** @throws {EarshotError} config_invalid for a query that cannot be read, not_found, request_invalid */
async function test(app: App, text: string, options: TestOptions, globals: GlobalOptions): Promise<void> {
  const query = parseQuery(queryText(app, text, options.tracker));
  const { days, examples } = options;
  const samples = await recent(app, days);
  const others = app.config.trackers.flatMap(({ id, query: other }) =>
    other === undefined || id === options.tracker ? [] : { tracker: id, query: parseQuery(other) },
  );
  const platforms = [
    ...new Set([...ingestors.map(({ name }) => name), ...samples.map(({ platform }) => platform)]),
  ];
  const findings = lintQuery(query, { others, samples, platforms });
  const hits = samples.filter(matchQuery(query));
  const people = new Set(
    hits.map(({ id, platform, authorId }) => (authorId === "" ? id : `${platform} ${authorId}`)),
  );
  const terms = termHits(query, samples).map(({ term, mentions }) => ({ term: showQuery(term), mentions }));
  const report = {
    query: query.text,
    days,
    tried: samples.length,
    matching: hits.length,
    people: people.size,
    perMonth: Math.round((hits.length / days) * 30),
    terms,
    findings,
    examples: hits.slice(0, examples).map(({ id, platform, publishedAt, title, text: said, url }) => ({
      id,
      platform,
      publishedAt,
      text: `${title} ${said}`.trim().slice(0, 300),
      url,
    })),
  };
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    `${hits.length} of ${samples.length} stored mentions of the last ${days} days match: ` +
      `${people.size} ${people.size === 1 ? "person" : "people"}, about ${report.perMonth} mentions in 30 days.\n`,
  );
  if (samples.length === MOST_TRIED) process.stdout.write(`Only the latest ${MOST_TRIED} were tried.\n`);
  process.stdout.write(
    toTable(
      ["term", "mentions with it"],
      terms.map(({ term, mentions }) => [term, mentions]),
    ),
  );
  for (const finding of findings) process.stdout.write(`${showFinding(query, finding)}\n`);
  if (report.examples.length > 0) {
    const rows = report.examples.map((found) => [found.publishedAt.slice(0, 16), found.platform, found.text]);
    process.stdout.write(toTable(["published", "platform", "text"], rows));
  }
}

function queryText({ config }: App, text: string, tracker: string | undefined): string {
  if (tracker === undefined) {
    if (text.trim() !== "") return text;
    throw new EarshotError("request_invalid", "There is no query to try; write one, or name a --tracker.");
  }
  const found = config.trackers.find(({ id }) => id === tracker);
  if (found?.query !== undefined) return text === "" ? found.query : text;
  const known = config.trackers.flatMap(({ id, query }) => (query === undefined ? [] : id)).join(", ");
  throw new EarshotError(
    "not_found",
    `No tracker ${tracker} has a query; those with one: ${known || "none"}.`,
  );
}

async function recent({ ask }: App, days: number): Promise<Mention[]> {
  const rows = await ask(recentMentions, { days, limit: MOST_TRIED });
  return rows.map(toStoredMention);
}

/** A finding for a terminal, with a caret under what it is about. */
export function showFinding(query: MentionQuery, { message, position, length = 1 }: QueryFinding): string {
  if (position === undefined) return `note: ${message}`;
  const { text } = query;
  const start = text.lastIndexOf("\n", position - 2) + 1;
  const [line = ""] = text.slice(start).split("\n");
  const before = position - 1 - start;
  const caret = `${" ".repeat(before)}${"^".repeat(Math.max(1, Math.min(length, line.length - before)))}`;
  return `note: ${message}\n  ${line}\n  ${caret}`;
}
