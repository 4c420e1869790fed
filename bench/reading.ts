import { fileURLToPath } from "node:url";
import { modelFolder, openReadChain } from "../cli/reading.ts";
import type { Processor } from "../core/contracts.ts";
import { toMention } from "../core/mention.ts";
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
import { readText } from "../processors/read-text.ts";
import { scoreSentiment } from "../processors/score-sentiment/index.ts";
import { tellIntent } from "../processors/tell-intent.ts";
import type { Mention } from "../schemas/mention.ts";
import { loadRivals } from "../training/rivals.ts";
import { corpus } from "./corpus.ts";

const { signal } = new AbortController();
/** About what the program reads in one piece. */
const BATCH = 20;
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

/** Prints how many tweets each step and the whole chain read per second of processor time, beside other libraries. */
export async function benchReading(): Promise<void> {
  const { name, rows } = await corpus();
  const mentions = rows.map((row, index) => asMention(textOf(row), index));
  const rates: [what: string, perSecond: number][] = [];
  let records: object[] = mentions.map((mention) => ({ ...mention }));
  for (const step of steps()) {
    rates.push([step.name, await rate(records, (batch) => step.process(batch, signal))]);
    const outcomes = await step.process(records, signal);
    records = records.map((record, index) => {
      const outcome = outcomes[index];
      return outcome?.kind === "ok" ? { ...record, ...outcome.value } : record;
    });
  }
  const whole = openReadChain({ aspects: {} });
  rates.push(["whole chain", await rate(mentions, (batch) => whole.run(batch, signal))]);
  for (const { name: rival, score } of loadRivals()) {
    rates.push([rival, await rate(mentions, (batch) => batch.map(({ text }) => score(text)))]);
  }
  const vader = rates.find(([what]) => what === "vader-sentiment")?.[1] ?? Number.NaN;
  process.stdout.write(`${name}, ${mentions.length} texts, per second of processor time\n`);
  for (const [what, perSecond] of rates) {
    const beside = `${(perSecond / vader).toFixed(2)}× vader-sentiment`;
    process.stdout.write(`${what.padEnd(20)} ${perSecond.toFixed(0).padStart(9)}  ${beside}\n`);
  }
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
  for (let round = 0; round < ROUNDS; round++) {
    const started = process.cpuUsage();
    for (let from = 0; from < records.length; from += BATCH) await read(records.slice(from, from + BATCH));
    const { user, system } = process.cpuUsage(started);
    best = Math.max(best, (records.length / (user + system)) * 1_000_000);
  }
  return best;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchReading();
