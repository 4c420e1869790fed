import type { Processor } from "../../core/contracts.ts";
import type { Repetition, Span } from "../../schemas/reading.ts";
import { findCues, type FoundCue } from "../cues.ts";
import type { DetectLanguageAdds } from "../detect-language.ts";
import { saysFailure, saysPraise } from "../lexicons/failure-words.ts";
import { REPETITION_WORDS, type RepetitionSign, type RepetitionWords } from "../lexicons/repetition-cues.ts";
import { perMention } from "../per-mention.ts";
import type { ReadMention } from "../read-mention.ts";
import type { ReadTextAdds, Sentence, Token } from "../read-text.ts";
import { numberOf, sentenceFails, waitsOf, type Finding, type Said } from "./find-waits.ts";

export interface DetectRepetitionAdds {
  readonly repetition: Repetition;
}

/**
 * Gives the step that reads what the author says of having told it before ("third time", "already emailed you",
 * "down again") and of how long they have waited ("still no reply", "waiting 3 weeks", "since 3 March"), reckoned from
 * `publishedAt`; where that is empty, a wait since a date has no length. Whether "again" or "still" is repeat pressure is told by the failure or praise beside it. Nothing is
 * read of what we wrote ourselves or of a language without cues. Evidence refers to `text`, in its order.
 */
export function detectRepetition(): Processor<
  ReadMention & ReadTextAdds & DetectLanguageAdds,
  DetectRepetitionAdds
> {
  return perMention("detect_repetition", (mention) => ({ repetition: judge(mention) }));
}

const NOTHING: Repetition = { isRepeated: false, count: null, daysWaiting: null, evidence: [] };
const MAX_SPANS = 20;
const MAX_COUNT = 1_000;

function judge(mention: ReadMention & ReadTextAdds & DetectLanguageAdds): Repetition {
  const words = REPETITION_WORDS.get(mention.language);
  if (mention.byUs || words === undefined) return NOTHING;
  const { title, sentences } = mention.reading;
  const inText = findingsOf(sentences, words, mention.publishedAt);
  const inTitle = title.length === 0 ? [] : findingsOf(title, words, mention.publishedAt);
  if (inText.length + inTitle.length === 0) return NOTHING;
  const all = [...inTitle, ...inText];
  return {
    isRepeated: true,
    count: largest(all.map(({ count }) => count)),
    daysWaiting: largest(all.map(({ days }) => days)),
    evidence: withoutOverlap(inText),
  };
}

function largest(values: readonly (number | undefined)[]): number | null {
  return values.reduce<number | null>(
    (most, value) => (value === undefined || (most !== null && most >= value) ? most : value),
    null,
  );
}

function withoutOverlap(findings: readonly Finding[]): Span[] {
  const spans: Span[] = [];
  for (const { start, end } of [...findings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = spans.at(-1);
    if (last !== undefined && start < last.end) {
      spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    } else spans.push({ start, end });
  }
  return spans.slice(0, MAX_SPANS);
}

function findingsOf(sentences: readonly Sentence[], words: RepetitionWords, publishedAt: string): Finding[] {
  const said = sentences.map((sentence): Said => {
    const cues = findCues(sentence, words.cues);
    return { sentence, cues, isOpen: cues.some(({ value }) => value === "open" || value === "waiting") };
  });
  const findings: Finding[] = [];
  said.forEach(({ sentence, cues }, index) => {
    for (const cue of cues) {
      const finding = findingOf(cue, sentence, said[index - 1]?.sentence, words);
      if (finding !== undefined) findings.push(finding);
    }
    findings.push(...waitsOf(said, index, words, publishedAt));
  });
  return findings;
}

function findingOf(
  { start, end, at, value }: FoundCue<RepetitionSign>,
  { tokens }: Sentence,
  before: Sentence | undefined,
  words: RepetitionWords,
): Finding | undefined {
  if (value === "none" || value === "open") return undefined;
  if (value === "waiting") return { start, end };
  const last = lastBefore(tokens, at, end);
  if (value === "again") {
    // "Lost my bag. Again!"
    const isAlone = tokens.length <= ALONE_TOKENS && before !== undefined && sentenceFails(before);
    return isAlone || saysFailure(tokens, at - FAILURE_REACH, last + FAILURE_REACH)
      ? { start, end }
      : undefined;
  }
  const from = at - PRAISE_REACH;
  const to = last + PRAISE_REACH;
  if (saysPraise(tokens, from, to) && !saysFailure(tokens, from, to)) return undefined;
  if (value === "repeated") return { start, end };
  const count = countOf(tokens, at, last, words);
  // "called a few times" is no reproach by itself
  return count === undefined && !saysFailure(tokens, from, to) ? undefined : { start, end, count };
}

const FAILURE_REACH = 6;
const ALONE_TOKENS = 3;
const PRAISE_REACH = 12;

/** Index of the last token that ends by `end`. */
function lastBefore(tokens: readonly Token[], at: number, end: number): number {
  let last = at;
  while ((tokens[last + 1]?.end ?? Infinity) <= end) last++;
  return last;
}

const VAGUE = new Set(["few", "several", "couple", "many"]);

function countOf(
  tokens: readonly Token[],
  from: number,
  to: number,
  words: RepetitionWords,
): number | undefined {
  for (let index = from; index <= to; index++) {
    const token = tokens[index];
    const count = token === undefined || VAGUE.has(token.text) ? undefined : numberOf(token, words);
    if (count !== undefined && Number.isInteger(count) && count > 1 && count <= MAX_COUNT) return count;
  }
  return undefined;
}
