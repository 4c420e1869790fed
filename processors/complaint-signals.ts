import type { Sentence, Token } from "./read-text.ts";
import type { Polarity } from "./score-sentiment/index.ts";

/** Classes of the model of complaints, in their order. */
export const COMPLAINT_CLASSES = ["other", "complaint"] as const;

/** What else the model of complaints is told of a text. */
export const COMPLAINT_SIGNALS = [
  "strong_cues",
  "has_strong_cue",
  "weak_cues",
  "denials",
  "praise",
  "likely_negative",
  "likely_positive",
  "is_negative",
  "asks",
  "begins_as_question",
  "has_handle",
  "begins_with_handle",
  "has_link",
  "length",
  "has_hashtag",
  "has_emoji",
] as const;

const QUESTION_WORDS = new Set(
  "what when where who how why can could do does is are will would any anyone".split(" "),
);

const STRONG = 2;
const DENIAL = -2;
const LONG = 40;

/** The {@link COMPLAINT_SIGNALS} of a text, each within 0..1. @param cues points of each cue found in it */
export function complaintSignals(
  sentences: readonly Sentence[],
  cues: readonly number[],
  likely: Polarity["likely"],
): number[] {
  let [strong, weak, denials, praise] = [0, 0, 0, 0];
  for (const points of cues) {
    if (points <= DENIAL) denials++;
    else if (points < 0) praise++;
    else if (points >= STRONG) strong++;
    else weak++;
  }
  const has = { handle: 0, url: 0, hashtag: 0, emoji: 0, question: 0 };
  let first: Token | undefined;
  let length = 0;
  for (const { tokens } of sentences) {
    length += tokens.length;
    for (const token of tokens) {
      const { kind, text } = token;
      if (kind === "word") first ??= token;
      else if (kind === "punctuation") has.question ||= text.includes("?") ? 1 : 0;
      else if (kind === "handle" || kind === "url" || kind === "hashtag" || kind === "emoji") has[kind] = 1;
    }
  }
  const { negative = 0, positive = 0 } = likely ?? {};
  return [
    share(strong, 3),
    strong > 0 ? 1 : 0,
    share(weak, 3),
    share(denials, 2),
    share(praise, 2),
    negative,
    positive,
    negative > 0.5 ? 1 : 0,
    has.question,
    QUESTION_WORDS.has(first?.text ?? "") ? 1 : 0,
    has.handle,
    sentences[0]?.tokens[0]?.kind === "handle" ? 1 : 0,
    has.url,
    share(length, LONG),
    has.hashtag,
    has.emoji,
  ];
}

function share(count: number, most: number): number {
  return Math.min(count, most) / most;
}
