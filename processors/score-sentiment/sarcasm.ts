import { wordsOf } from "../lexicons/language-rules.ts";
import type { Sentence, Token } from "../read-text.ts";
import type { Hit, Lexicon } from "./score-sentence.ts";

/** Words that may stand before mock praise. */
const LEADS = new Set(wordsOf("oh well so just how yeah wow ah absolutely simply"));
/** Words that follow praise when it is mock: great, another …; nice job …; perfect way to … */
const AFTER_PRAISE = new Set(
  wordsOf("another yet job work way how when that more now to of start being having"),
);
/** Words that follow love when it is mock: love how …; love waiting … */
const AFTER_LOVE = new Set(wordsOf("how when that waiting being having another"));
/** Words that mock whatever follows them. */
const ENOUGH = new Set(wordsOf("another yet"));
/** Stems of what thanks are honestly for, even when a problem is named. */
const REMEDIES = new Set(wordsOf("fix resolv solv help sort correct handl address repair replac"));

const THANKS_REACH = 7;
const MOCK_FACTOR = -0.7;

/**
 * Turns praise that is blame in one sentence: "Great, another crash", "nice job losing my bag", "love how it fails",
 * "thanks for ruining it". Linear in the sentence.
 */
export function turnSarcasm(tokens: readonly Token[], hits: readonly Hit[], lexicon: Lexicon): void {
  const firstWord = tokens.findIndex(({ kind, text }) => kind === "word" && !LEADS.has(text));
  let blame: Hit | undefined;
  // from the end, so that the next blame after each hit is at hand
  for (let index = hits.length - 1; index >= 0; index--) {
    const hit = hits[index];
    if (hit === undefined) continue;
    if (isMock(tokens, hit, blame, firstWord, lexicon)) hit.value *= MOCK_FACTOR;
    if (hit.value < 0) blame = hit;
  }
}

function isMock(
  tokens: readonly Token[],
  { at, value }: Hit,
  blame: Hit | undefined,
  firstWord: number,
  { openers }: Lexicon,
): boolean {
  if (value <= 0) return false;
  const text = tokens[at]?.text ?? "";
  const after = tokens.slice(at + 1, at + 4).filter(({ kind }) => kind === "word");
  const next = after[0]?.text ?? "";
  switch (text) {
    case "thank":
    case "thanks":
    case "thx": {
      const isFor = after.slice(0, 2).some((token) => token.text === "for");
      if (!isFor || blame === undefined || blame.at - at > THANKS_REACH) return false;
      return !tokens.slice(at, blame.at).some(({ stem }) => REMEDIES.has(stem));
    }
    case "love":
    case "loving":
      return (AFTER_LOVE.has(next) && blame !== undefined) || ENOUGH.has(next);
    default:
      if (!openers.has(text) || at > firstWord) return false;
      return (AFTER_PRAISE.has(next) && blame !== undefined) || ENOUGH.has(next);
  }
}

/** Turns a sentence that is praise alone ("Just great.") when the sentence before or after it is blame. */
export function turnMockPraise(
  sentences: readonly Sentence[],
  scored: readonly (readonly Hit[])[],
  { openers }: Lexicon,
): void {
  if (sentences.length < 2) return;
  const sums = scored.map((hits) => hits.reduce((sum, { value }) => sum + value, 0));
  sentences.forEach(({ tokens }, index) => {
    const hits = scored[index] ?? [];
    if (hits.length !== 1 || !isPraiseAlone(tokens, openers)) return;
    if ((sums[index - 1] ?? 0) + (sums[index + 1] ?? 0) < 0) {
      for (const hit of hits) hit.value *= MOCK_FACTOR;
    }
  });
}

function isPraiseAlone(tokens: readonly Token[], openers: ReadonlySet<string>): boolean {
  const words = tokens.filter(({ kind }) => kind === "word");
  const last = words.at(-1);
  if (last === undefined || words.length > 3 || !openers.has(last.text)) return false;
  const leads = words.slice(0, -1);
  if (!leads.every(({ text }) => LEADS.has(text))) return false;
  // "Great!" is meant; "Just great!" and "Great." may not be
  return leads.length > 0 || !tokens.some(({ text }) => text.startsWith("!"));
}
