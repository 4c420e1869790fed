import { z } from "zod";
import type { Complaint, Sentiment } from "../../schemas/enrichment.ts";
import type { Mention } from "../../schemas/mention.ts";
import type { Aspect, Span } from "../../schemas/reading.ts";
import { LOW_SHARE, starShare } from "../star-share.ts";
import { quoteFinder } from "./find-quote.ts";
import { Answered } from "./question.ts";

/** What a model read from a mention. The words are the mention's own and the customer's: none are the model's. */
export interface ModelReading {
  readonly sentiment: Omit<Sentiment, "sentences">;
  readonly complaint: Complaint;
  readonly aspects: readonly Aspect[];
}

/** What a text is judged against. */
export type Judged = Pick<Mention, "text" | "title" | "rating" | "ratingMax">;

const Readings = z.union([
  z.object({ readings: z.array(z.unknown()) }).transform(({ readings }) => readings),
  z.array(z.unknown()),
]);

/**
 * Gives readings by the id that was asked for. A text whose answer is missing, double or not as asked has none; nor has
 * one said to be a complaint without words of its own to show for it, which is how one text makes a model speak about
 * another. Undefined when the whole answer cannot be read.
 * @param ownNames the customer's own names of aspects
 */
export function readAnswer(
  content: string,
  asked: ReadonlyMap<number, Judged>,
  ownNames: readonly string[],
): ReadonlyMap<number, ModelReading> | undefined {
  const answers = Readings.safeParse(findJson(content)).data;
  if (answers === undefined) return undefined;
  const found = new Map<number, ModelReading>();
  const met = new Set<number>();
  for (const answer of answers) {
    const { id } = z.object({ id: z.number() }).safeParse(answer).data ?? {};
    const judged = id === undefined ? undefined : asked.get(id);
    if (id === undefined || judged === undefined) continue;
    const answered = Answered.safeParse(answer).data;
    const reading = answered === undefined ? undefined : toReading(answered, judged, ownNames);
    if (met.has(id) || reading === undefined) found.delete(id);
    else found.set(id, reading);
    met.add(id);
  }
  return found;
}

/** The JSON of an answer, past thoughts said aloud, a greeting and the fences of a code block. */
function findJson(content: string): unknown {
  const said = content.slice(content.lastIndexOf("</think>") + 1);
  const start = said.search(/[{[]/);
  const end = said.lastIndexOf(said[start] === "{" ? "}" : "]");
  try {
    return JSON.parse(said.slice(start, end + 1)) as unknown;
  } catch {
    return undefined;
  }
}

const MAX_SPANS = 20;
const MAX_ASPECTS = 20;
/** More words than this are no name. */
const LONGEST_NAME = 60;
/** A label with less strength than this would say what its score does not. */
const LEAST_STRENGTH = 0.25;

function toReading(
  answered: Answered,
  judged: Judged,
  ownNames: readonly string[],
): ModelReading | undefined {
  const { sentiment, complaint, aspects } = answered;
  const find = quoteFinder(judged.text);
  const evidence = spansOf(complaint.quotes, find);
  if (complaint.isComplaint && evidence.length === 0 && !isLowRated(judged)) {
    const inTitle = quoteFinder(judged.title);
    if (!complaint.quotes.slice(0, MAX_SPANS).some((quote) => inTitle(quote) !== undefined)) return undefined;
  }
  const isScored = sentiment.label !== "unscored";
  return {
    sentiment: {
      score: isScored ? scoreOf(sentiment) : null,
      label: sentiment.label,
      confidence: isScored ? share(sentiment.confidence) : 0,
      spans: isScored ? spansOf(sentiment.quotes, find) : [],
    },
    complaint: {
      isComplaint: complaint.isComplaint,
      confidence: share(complaint.confidence),
      evidence: complaint.isComplaint ? evidence : [],
    },
    aspects: aspectsOf(aspects, judged.text, find, ownNames),
  };
}

function spansOf(quotes: readonly string[], find: (quote: string) => Span | undefined): Span[] {
  const spans: Span[] = [];
  for (const quote of quotes.slice(0, MAX_SPANS)) {
    const span = find(quote);
    if (span !== undefined && !spans.some(({ start, end }) => start === span.start && end === span.end)) {
      spans.push(span);
    }
  }
  return spans;
}

function aspectsOf(
  answered: Answered["aspects"],
  text: string,
  find: (quote: string) => Span | undefined,
  ownNames: readonly string[],
): Aspect[] {
  const aspects = new Map<string, Aspect>();
  for (const { name, quote, label, strength } of answered.slice(0, MAX_ASPECTS)) {
    const span = find(quote);
    if (span === undefined) continue;
    const own = ownNames.find((other) => other.toLowerCase() === name.trim().toLowerCase());
    if (own === undefined && span.end - span.start > LONGEST_NAME) continue;
    const words = text.slice(span.start, span.end).toLowerCase().replace(/\s+/g, " ");
    const aspect = own ?? words.slice(0, 100).toWellFormed();
    aspects.set(`${span.start} ${aspect}`, { aspect, label, score: scoreOf({ label, strength }), span });
  }
  return [...aspects.values()].sort((a, b) => a.span.start - b.span.start);
}

function scoreOf({ label, strength }: { readonly label: string; readonly strength: number }): number {
  if (label === "neutral") return 0;
  const size = Math.max(LEAST_STRENGTH, share(strength));
  return label === "negative" ? -size : size;
}

/** Some models count to 1, others to 100 whatever they are told; what is above 1 is sure. */
function share(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1_000) / 1_000;
}

function isLowRated(judged: Judged): boolean {
  return (starShare(judged) ?? 1) <= LOW_SHARE;
}
