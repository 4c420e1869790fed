import { fileURLToPath } from "node:url";
import { modelFolder, openReadChain } from "../cli/reading.ts";
import type { Processor } from "../core/contracts.ts";
import { toMention } from "../core/mention.ts";
import { classifyFeedback } from "../processors/classify-feedback.ts";
import { detectComplaint } from "../processors/detect-complaint.ts";
import { detectExpectation } from "../processors/detect-expectation.ts";
import { detectLanguage } from "../processors/detect-language.ts";
import { detectRepetition } from "../processors/detect-repetition/index.ts";
import { detectRequest } from "../processors/detect-request.ts";
import { detectThreats } from "../processors/detect-threats.ts";
import { extractAspects } from "../processors/extract-aspects/index.ts";
import { flagSpam } from "../processors/flag-spam.ts";
import { hashFeatures } from "../processors/hash-features.ts";
import { locateStage } from "../processors/locate-stage.ts";
import { loadModels } from "../processors/models.ts";
import { rateSeverity } from "../processors/rate-severity.ts";
import { toReadMention } from "../processors/read-mention.ts";
import { readText } from "../processors/read-text.ts";
import { scoreSentiment } from "../processors/score-sentiment/index.ts";
import { tellIntent } from "../processors/tell-intent.ts";
import type { Mention } from "../schemas/mention.ts";
import { loadRivals } from "../training/rivals.ts";
import { corpus } from "./corpus.ts";

const { signal } = new AbortController();
/** About what the program reads in one piece. */
const BATCH = 40;
const ROUNDS = 5;

/** The steps of the chain in its order, to be timed one by one. */
function steps(): readonly { readonly name: string; process: Processor<object, object>["process"] }[] {
  const models = loadModels(modelFolder);
  return [
    readText(),
    detectLanguage(),
    hashFeatures(),
    scoreSentiment(models.sentiment),
    detectComplaint(models.complaint),
    detectRequest(),
    classifyFeedback(models.feedback),
    extractAspects({}),
    locateStage(),
    detectRepetition(),
    detectExpectation(),
    detectThreats(),
    rateSeverity(),
    flagSpam(),
    tellIntent(),
  ] as unknown as Processor<object, object>[];
}

/** Something that reads records, and how fast it was at its best, in records per second of processor time. */
interface Contender {
  readonly name: string;
  readonly records: readonly object[];
  readonly read: (batch: readonly object[]) => unknown;
  best: number;
}

/**
 * Prints how many tweets each step and the whole chain read per second of processor time, beside other libraries: each
 * in turn, several times over, so that what else the machine does meets all of them.
 */
export async function benchReading(): Promise<void> {
  const { name, rows } = await corpus();
  const mentions = rows.map((row, index) => asMention(textOf(row), index));
  const contenders = await ownReaders(mentions);
  for (const { name: rival, score } of loadRivals()) {
    const read = (batch: readonly object[]) => (batch as Mention[]).map(({ text }) => score(text));
    contenders.push({ name: rival, records: mentions, read, best: 0 });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      contender.best = Math.max(contender.best, await rateOnce(contender.records, contender.read));
    }
  }
  const vader = contenders.find(({ name: rival }) => rival === "vader-sentiment")?.best ?? Number.NaN;
  process.stdout.write(`${name}, ${mentions.length} texts, per second of processor time\n`);
  for (const { name: reader, best } of contenders) {
    const beside = `${(best / vader).toFixed(2)}× vader-sentiment`;
    process.stdout.write(`${reader.padEnd(20)} ${best.toFixed(0).padStart(9)}  ${beside}\n`);
  }
}

/** Each step, with what the steps before it have added, and the whole chain. */
async function ownReaders(mentions: readonly Mention[]): Promise<Contender[]> {
  const readers: Contender[] = [];
  let records: object[] = mentions.map(toReadMention);
  for (const step of steps()) {
    readers.push({ name: step.name, records, read: (batch) => step.process(batch, signal), best: 0 });
    const outcomes = await step.process(records, signal);
    records = records.map((record, index) => {
      const outcome = outcomes[index];
      return outcome?.kind === "ok" ? { ...record, ...outcome.value } : record;
    });
  }
  const whole = openReadChain({ aspects: {} });
  const read = (batch: readonly object[]) => whole.run((batch as Mention[]).map(toReadMention), signal);
  return [...readers, { name: "whole chain", records: mentions, read, best: 0 }];
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
export async function rate<T>(
  records: readonly T[],
  read: (batch: readonly T[]) => unknown,
): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) best = Math.max(best, await rateOnce(records, read));
  return best;
}

async function rateOnce<T>(records: readonly T[], read: (batch: readonly T[]) => unknown): Promise<number> {
  const started = process.cpuUsage();
  for (let from = 0; from < records.length; from += BATCH) await read(records.slice(from, from + BATCH));
  const { user, system } = process.cpuUsage(started);
  return (records.length / (user + system)) * 1_000_000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchReading();
