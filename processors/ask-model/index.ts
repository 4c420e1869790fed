import { createHash } from "node:crypto";
import type { AskModel } from "../../core/ask-model.ts";
import { openBudget, type BudgetLimits } from "../../core/budget.ts";
import type { Context } from "../../core/context.ts";
import type { Budget, Cost, Outcome, Processor } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { redactPii } from "../../core/redact-pii/index.ts";
import { unlessAborted } from "../../core/unless-aborted.ts";
import type { Complaint, Sentiment } from "../../schemas/enrichment.ts";
import type { Aspect } from "../../schemas/reading.ts";
import type { DetectComplaintAdds } from "../detect-complaint.ts";
import { MAX_ASPECTS, type ExtractAspectsAdds } from "../extract-aspects/index.ts";
import type { ReadMention } from "../read-mention.ts";
import type { ScoreSentimentAdds } from "../score-sentiment/index.ts";
import { askEndpoint, type ChatAnswer } from "./ask-endpoint.ts";
import { QUESTION_VERSION, questionWriter, type AskedText } from "./question.ts";
import { readAnswer, type ModelReading } from "./read-answer.ts";
import { remembering } from "./remember.ts";
import { keepRests } from "./rests.ts";
import { openSlots } from "./slots.ts";

/** What stands after the step: the model's reading in place of the built-in one, or the built-in one as it was. */
export interface AskModelAdds {
  readonly sentiment: Sentiment;
  readonly complaint: Complaint;
  readonly aspects: Aspect[];
  /** Which model decided, and by which version of the question: `ask-1:qwen3:8b`. Empty: the built-in readers did. */
  readonly readBy: string;
}

export interface AskModelOptions {
  readonly config: AskModel;
  readonly context: Context;
  /** The customer's own names of aspects; the model is told to use them. */
  readonly aspectNames?: readonly string[];
  /** What may still be spent. Absent: `config.budget`, all of it unspent. */
  readonly budget?: Budget;
}

type Needs = ReadMention & Pick<ScoreSentimentAdds, "sentiment"> & DetectComplaintAdds & ExtractAspectsAdds;

/** Characters of one request: with instructions and answer about 10,000 tokens, which small models can hold. */
const CHARACTERS_PER_REQUEST = 16_000;

/**
 * Gives the step that has a language model read `sentiment`, `complaint` and `aspects` again. Unlike others it
 * REPLACES: it gives these three anew, and a chain keeps what the later step gave, so it stands behind the built-in
 * readers and in front of those that build on them. Sentiment of sentences stays the built-in readers'.
 *
 * Without `endpoint` it asks nothing. What the model does not answer as asked, what it cannot be asked about (no budget, an
 * endpoint that is down, refuses us or answers nonsense) and what we wrote ourselves keeps the built-in reading; nothing is
 * thrown but the reason of an abort. Then it rests, longer each time, and says so in the log once. One step holds one
 * budget, memory and set of requests under way, so chains of one process share it.
 *
 * The texts are those of strangers: they are sent as data, and of the answer only labels, numbers and stretches of the text
 * itself are taken. Names, handles, ids and addresses of authors and mentions are never sent.
 */
export function askModel(options: AskModelOptions | undefined): Processor<Needs, AskModelAdds> {
  const { endpoint, model } = options?.config ?? {};
  if (options === undefined || endpoint === undefined || model === undefined) {
    return { name: "ask_model", process: (batch) => Promise.resolve(batch.map((mention) => kept(mention))) };
  }
  return asking(options, endpoint, model);
}

/** A text to ask about, with the mention it came from first. */
interface Wanted {
  readonly key: string;
  readonly mention: Needs;
}

function asking(options: AskModelOptions, endpoint: string, model: string): Processor<Needs, AskModelAdds> {
  const { config, context, aspectNames = [] } = options;
  const readBy = `${QUESTION_VERSION}:${model}`;
  const budget = options.budget ?? openBudget("the stronger reader", limitsOf(config), [], context);
  const rests = keepRests(model, context);
  const slots = openSlots(() => (rests.isProven() ? config.concurrency : 1));
  const memory = remembering<ModelReading>(config.cacheSize);
  const write = questionWriter(model, aspectNames, config.requestBody);
  const underWay = new Set<Required<Cost>>();

  /** Readings of some texts by their keys; those that could not be had are missing. */
  async function readingsOf(
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ModelReading>> {
    await slots.take();
    try {
      signal.throwIfAborted();
      const found = rests.mayAsk() ? await ask(wanted, signal) : NOTHING;
      rests.kept(wanted.length - found.size);
      return found;
    } finally {
      slots.leave();
    }
  }

  async function ask(
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ModelReading>> {
    const { body, mostAnswered } = write(wanted.map(({ mention }, index) => toAsked(mention, index, config)));
    const input = tokensOf(body);
    const most = costOf(input, mostAnswered, config);
    try {
      budget.allow([...underWay].reduce(plus, most));
    } catch (error) {
      if (!(error instanceof EarshotError)) throw error;
      rests.spent(inTokens(error));
      return NOTHING;
    }
    const startedAt = context.now().getTime();
    let cost = costOf(input, 0, config);
    underWay.add(most);
    try {
      const { apiKey, timeoutMs } = config;
      const answer = await askEndpoint({ endpoint, apiKey, body, timeoutMs }, signal, context);
      cost = costOf(answer.usage?.input ?? input, answer.usage?.output ?? tokensOf(answer.content), config);
      const found = readingsIn(answer, wanted);
      rests.succeeded();
      return found;
    } catch (error) {
      if (signal.aborted || !(error instanceof EarshotError)) throw error;
      rests.failed(error, context.now().getTime() - startedAt);
      return NOTHING;
    } finally {
      underWay.delete(most);
      budget.spend(cost);
    }
  }

  function readingsIn({ content }: ChatAnswer, wanted: readonly Wanted[]): ReadonlyMap<string, ModelReading> {
    const judged = new Map(wanted.map(({ mention }, index) => [index + 1, toJudged(mention, config)]));
    const readings = readAnswer(content, judged, aspectNames);
    if (readings === undefined || readings.size === 0) {
      throw new EarshotError(
        "record_invalid",
        "The model's answers are not as asked for; it may be too small for the task, or the limits in requestBody too tight.",
      );
    }
    const found = new Map<string, ModelReading>();
    wanted.forEach(({ key }, index) => {
      const reading = readings.get(index + 1);
      if (reading === undefined) return;
      found.set(key, reading);
      memory.set(key, reading);
    });
    return found;
  }

  return {
    name: "ask_model",
    async process(batch, signal) {
      signal.throwIfAborted();
      const readings = new Map<string, ModelReading>();
      const wanted = new Map<string, Wanted>();
      const keys = batch.map((mention) => {
        if (!isWanted(mention, config)) return undefined;
        const key = keyOf(mention);
        const known = memory.get(key);
        if (known === undefined) wanted.set(key, { key, mention });
        else readings.set(key, known);
        return key;
      });
      const requests = inRequests([...wanted.values()], config).map((some) => readingsOf(some, signal));
      for (const found of await unlessAborted(Promise.all(requests), signal)) {
        for (const [key, reading] of found) readings.set(key, reading);
      }
      return batch.map((mention, index) => {
        const reading = readings.get(keys[index] ?? "");
        return reading === undefined ? kept(mention) : replaced(mention, reading, readBy, aspectNames);
      });
    },
  };
}

const NOTHING: ReadonlyMap<string, ModelReading> = new Map();

function kept({ sentiment, complaint, aspects }: Needs): Outcome<AskModelAdds> {
  return { kind: "ok", value: { sentiment, complaint, aspects, readBy: "" } };
}

function replaced(
  { sentiment, aspects }: Needs,
  reading: ModelReading,
  readBy: string,
  ownNames: readonly string[],
): Outcome<AskModelAdds> {
  const isScored = reading.sentiment.label !== "unscored";
  return {
    kind: "ok",
    value: {
      sentiment: { ...reading.sentiment, sentences: isScored ? sentiment.sentences : [] },
      complaint: reading.complaint,
      aspects: [...withOwn(reading.aspects, aspects, ownNames)],
      readBy,
    },
  };
}

/** The customer's own names count wherever their words stand: those the model passed over stay. */
function withOwn(
  read: readonly Aspect[],
  builtIn: readonly Aspect[],
  ownNames: readonly string[],
): readonly Aspect[] {
  const missed = builtIn.filter(
    ({ aspect, span }) =>
      ownNames.includes(aspect) &&
      !read.some((other) => other.aspect === aspect) &&
      !read.some((other) => other.span.start < span.end && span.start < other.span.end),
  );
  if (missed.length === 0) return read;
  return [...missed, ...read].slice(0, MAX_ASPECTS).sort((a, b) => a.span.start - b.span.start);
}

/** Confidence says how often such an answer is right: below these it is not right often enough. */
const UNSURE_SENTIMENT = 0.6;
const UNSURE_COMPLAINT = 0.65;

function isWanted(mention: Needs, { only }: AskModel): boolean {
  const { byUs, text, title, sentiment, complaint } = mention;
  if (byUs || (text.trim() === "" && title.trim() === "")) return false;
  if (only === "complaints") return complaint.isComplaint;
  if (only === "all") return true;
  return sentiment.confidence < UNSURE_SENTIMENT || complaint.confidence < UNSURE_COMPLAINT;
}

function keyOf({ text, title, rating, ratingMax }: ReadMention): string {
  return createHash("sha256")
    .update(JSON.stringify([text, title, rating, ratingMax]))
    .digest("base64");
}

/** What the model was shown of a mention, as it was before marks. */
function toJudged({ text, title, rating, ratingMax }: ReadMention, { maxTextLength }: AskModel) {
  return { text: text.slice(0, maxTextLength), title, rating, ratingMax };
}

const MAX_TITLE_LENGTH = 300;
const LONGEST_PERSONAL = 300;

function toAsked(mention: ReadMention, index: number, { redact, maxTextLength }: AskModel): AskedText {
  const { text, title, rating, ratingMax } = mention;
  const show = (words: string, length: number) => {
    // what is cut in two would not be known for what it is
    const shown = redact ? redactPii(words.slice(0, length + LONGEST_PERSONAL)) : words;
    return shown.slice(0, length).toWellFormed();
  };
  return {
    id: index + 1,
    ...(title === "" ? {} : { title: show(title, MAX_TITLE_LENGTH) }),
    text: show(text, maxTextLength),
    ...(rating === null || ratingMax === null ? {} : { rating, ratingMax }),
  };
}

function inRequests(wanted: readonly Wanted[], { batchSize, maxTextLength }: AskModel): Wanted[][] {
  const requests: Wanted[][] = [];
  let current: Wanted[] = [];
  let characters = 0;
  for (const one of wanted) {
    const length = Math.min(one.mention.text.length, maxTextLength);
    if (current.length === batchSize || characters + length > CHARACTERS_PER_REQUEST) {
      requests.push(current);
      current = [];
      characters = 0;
    }
    current.push(one);
    characters += length;
  }
  if (current.length > 0) requests.push(current);
  return requests;
}

function limitsOf({ budget }: AskModel): BudgetLimits {
  const { tokensPerDay, ...rest } = budget;
  return { ...rest, ...(tokensPerDay === undefined ? {} : { unitsPerDay: tokensPerDay }) };
}

/** A ledger counts units; those of a model are tokens. */
function inTokens({ code, message, retryAfterMs }: EarshotError): EarshotError {
  const said = message.replaceAll(/\bunits/g, "tokens");
  return new EarshotError(code, said, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** Tokens where nobody counted them: rather too many than too few in every script. */
function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}

const MILLION = 1_000_000;

function costOf(input: number, output: number, { prices }: AskModel): Required<Cost> {
  const usd = prices === undefined ? 0 : (input * prices.input + output * prices.output) / MILLION;
  return { requests: 1, items: 0, units: input + output, usd };
}

function plus(a: Required<Cost>, b: Required<Cost>): Required<Cost> {
  return {
    requests: a.requests + b.requests,
    items: 0,
    units: a.units + b.units,
    usd: a.usd + b.usd,
  };
}
