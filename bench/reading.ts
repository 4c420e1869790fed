import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chain } from "../core/chain.ts";
import type { Outcome, Processor } from "../core/contracts.ts";
import { toMention } from "../core/mention.ts";
import { detectComplaint } from "../processors/detect-complaint.ts";
import { detectLanguage } from "../processors/detect-language.ts";
import { readText } from "../processors/read-text.ts";
import { scoreSentiment } from "../processors/score-sentiment/index.ts";
import type { Mention } from "../schemas/mention.ts";
import { corpus } from "./corpus.ts";

const signal = new AbortController().signal;
const BATCH = 500;
const ROUNDS = 5;

/** Prints how many tweets each step and the whole chain read per second of processor time, beside vader-sentiment. */
export async function benchReading(): Promise<void> {
  const { name, rows } = await corpus();
  const mentions = rows.map((row, index) => asMention(textOf(row), index));
  const whole = chain<Mention>()
    .pipe(readText())
    .pipe(detectLanguage())
    .pipe(scoreSentiment())
    .pipe(detectComplaint());
  const afterText = await onlyOk(mentions, chain<Mention>().pipe(readText()));
  const afterLanguage = await onlyOk(mentions, chain<Mention>().pipe(readText()).pipe(detectLanguage()));
  const afterSentiment = await onlyOk(
    mentions,
    chain<Mention>().pipe(readText()).pipe(detectLanguage()).pipe(scoreSentiment()),
  );
  const rates: [what: string, perSecond: number][] = [
    ["read_text", await stepRate(readText(), mentions)],
    ["detect_language", await stepRate(detectLanguage(), afterText)],
    ["score_sentiment", await stepRate(scoreSentiment(), afterLanguage)],
    ["detect_complaint", await stepRate(detectComplaint(), afterSentiment)],
    ["whole chain", await rate(mentions, (batch) => whole.run(batch, signal))],
  ];
  const vader = await vaderRate(mentions);
  process.stdout.write(`${name}, ${mentions.length} texts, per second of processor time\n`);
  for (const [what, perSecond] of rates) {
    const beside = `${(perSecond / vader).toFixed(2)}× vader-sentiment`;
    process.stdout.write(`${what.padEnd(20)} ${perSecond.toFixed(0).padStart(9)}  ${beside}\n`);
  }
  process.stdout.write(`${"vader-sentiment".padEnd(20)} ${vader.toFixed(0).padStart(9)}\n`);
}

/** The text of a row, empty where it has none. */
export function textOf({ text }: Readonly<Record<string, unknown>>): string {
  return typeof text === "string" ? text : "";
}

/** A mention of which nothing but the text is known. */
export function asMention(text: string, index = 0): Mention {
  const at = "2026-03-01T00:00:00.000Z";
  const fields = { platform: "bench", nativeId: String(index), kind: "post", text, publishedAt: at } as const;
  // a row without a text stands for a mention that has only a title
  return toMention(text === "" ? { ...fields, title: "-" } : fields, {
    source: "bench",
    trackers: [],
    observedAt: at,
  });
}

/** Best of several rounds, in records per second of processor time. */
async function rate<T>(records: readonly T[], read: (batch: readonly T[]) => unknown): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const started = process.cpuUsage();
    for (let from = 0; from < records.length; from += BATCH) await read(records.slice(from, from + BATCH));
    const { user, system } = process.cpuUsage(started);
    best = Math.max(best, (records.length / (user + system)) * 1_000_000);
  }
  return best;
}

function stepRate<Needs extends object>(
  step: Processor<Needs, object>,
  records: readonly Needs[],
): Promise<number> {
  return rate(records, (batch) => step.process(batch, signal));
}

function vaderRate(mentions: readonly Mention[]): Promise<number> {
  const { SentimentIntensityAnalyzer } = createRequire(import.meta.url)("vader-sentiment") as {
    SentimentIntensityAnalyzer: { polarity_scores(text: string): unknown };
  };
  return rate(mentions, (batch) => batch.map(({ text }) => SentimentIntensityAnalyzer.polarity_scores(text)));
}

async function onlyOk<T extends object>(
  mentions: readonly Mention[],
  steps: { run(batch: readonly Mention[], signal: AbortSignal): Promise<Outcome<T>[]> },
): Promise<T[]> {
  const outcomes = await steps.run(mentions, signal);
  return outcomes.flatMap((outcome) => (outcome.kind === "ok" ? [outcome.value] : []));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchReading();
