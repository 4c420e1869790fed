import { findCues, type CueTable } from "../cues.ts";
import type { AspectCue, AspectRules } from "../lexicons/aspect-terms.ts";
import { negates, type LanguageRules } from "../lexicons/language-rules.ts";
import type { Sentence, Token } from "../read-text.ts";
import type { Hit } from "../score-sentiment/score-sentence.ts";
import type { Term } from "./find-terms.ts";

/** Tokens that judge what stands beside them. */
interface Judgement {
  readonly first: number;
  readonly last: number;
  readonly value: number;
  /** A cue says by itself which term it judges; a word of opinion needs more to tell. */
  readonly isCue: boolean;
  /** Its first word. */
  readonly text: string;
}

interface Context {
  readonly tokens: readonly Token[];
  readonly rules: AspectRules;
  /** What may judge the term before it, by its first token. */
  readonly byFirst: ReadonlyMap<number, Judgement>;
  /** What may judge the term after it, by its last token. */
  readonly byLast: ReadonlyMap<number, Judgement>;
}

const DENIED = -0.6;
const TOO_MUCH = -2;

/** How many words may stand between a term and what judges it. */
const LINK_WORDS = 6;
const LEAD_WORDS = 4;
const PLACE_WORDS = 4;
const UNSURE_WORDS = 4;

/**
 * The value of each term of a sentence, −5..5 (the sum of what is said of it); undefined where nothing is.
 * A term is judged by what it is said to be ("battery is terrible"), by the word before it ("terrible battery"), as the
 * object of an opinion ("hate the battery"), or by its failure ("battery dies").
 */
export function judgeTerms(
  sentence: Sentence,
  terms: readonly Term[],
  hits: readonly Hit[],
  rules: AspectRules,
  language: LanguageRules,
): (number | undefined)[] {
  const { tokens } = sentence;
  const byFirst = new Map<number, Judgement>();
  const byLast = new Map<number, Judgement>();
  for (const judgement of opinionsOf(tokens, terms, hits, rules)) {
    byFirst.set(judgement.first, judgement);
    byLast.set(judgement.last, judgement);
  }
  for (const fate of cuesOf(sentence, rules.fates, language)) byFirst.set(fate.first, fate);
  for (const trouble of cuesOf(sentence, rules.troubles, language)) byLast.set(trouble.last, trouble);
  const context: Context = { tokens, rules, byFirst, byLast };
  const values = terms.map((term) => {
    if (isUnsure(term, context)) return undefined;
    const subject = asSubject(term, context);
    const object = term.isOpen ? undefined : asObject(term, context);
    return subject === undefined || object === undefined ? (subject ?? object) : subject + object;
  });
  shareJudgements(terms, values, context);
  return values;
}

function* opinionsOf(
  tokens: readonly Token[],
  terms: readonly Term[],
  hits: readonly Hit[],
  rules: AspectRules,
): Generator<Judgement> {
  const isTerm = new Uint8Array(tokens.length);
  for (const { first, last, isOpen } of terms) if (!isOpen) isTerm.fill(1, first, last + 1);
  for (const { at, end, value } of hits) {
    const token = tokens[at];
    if (token === undefined || value === 0 || isTerm[at] === 1) continue;
    if (token.kind === "emoji" || token.kind === "emoticon") continue;
    const last = lastBefore(tokens, at, end);
    if (last === at && (token.kind === "hashtag" || rules.ignored.has(token.text))) continue;
    if (isTerm[last] === 1) continue;
    yield { first: at, last, value, isCue: false, text: token.text };
  }
}

function cuesOf(sentence: Sentence, table: CueTable<AspectCue>, language: LanguageRules): Judgement[] {
  const { tokens } = sentence;
  return findCues(sentence, table).map(({ at, end, value: { value, isDeniable } }) => {
    const isDenied = isDeniable && negates(tokens, at, language);
    const judged = isDenied ? value * DENIED : value;
    return {
      first: at,
      last: lastBefore(tokens, at, end),
      value: judged,
      isCue: true,
      text: tokens[at]?.text ?? "",
    };
  });
}

/** Index of the token that ends at a place of the text, counted from one before it. */
function lastBefore(tokens: readonly Token[], at: number, end: number): number {
  let last = at;
  while (last + 1 < tokens.length && (tokens[last]?.end ?? end) < end) last++;
  return last;
}

function isUnsure({ first, last }: Term, context: Context): boolean {
  const { tokens, rules } = context;
  for (let at = first - 1; at >= first - UNSURE_WORDS; at--) {
    const token = tokens[at];
    if (token === undefined || token.kind === "punctuation") break;
    if (rules.unsure.has(token.text)) return true;
  }
  const next = tokens[last + 1];
  return (next !== undefined && rules.unsure.has(next.text)) || isAsked(first, context);
}

/** "Is the battery good": a copula opens the sentence. */
function isAsked(first: number, { tokens, rules }: Context): boolean {
  const opening = first === 2 ? tokens[0] : undefined;
  return (
    opening?.kind === "word" && rules.copulas.has(opening.text) && rules.articles.has(tokens[1]?.text ?? "")
  );
}

/** What the term is said to be, or to do, after it. */
function asSubject({ last, head, isOpen }: Term, context: Context): number | undefined {
  const { tokens, rules, byFirst } = context;
  let hasCopula = false;
  for (let at = last + 1, words = 0; words < LINK_WORDS; at++, words++) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    const isNext = at === last + 1;
    if (token.kind === "punctuation") {
      // "Delivery: terrible."
      if (!isNext || token.text !== ":" || isOpen) return undefined;
      hasCopula = true;
      continue;
    }
    const judgement = byFirst.get(at);
    if (judgement !== undefined) {
      const isVerdict = isNext && (rules.isAdjectiveAfter || rules.verdicts.has(judgement.text));
      if (judgement.isCue || hasCopula || isVerdict)
        return judgement.value + furtherValue(judgement, context);
    }
    const fit = fitOf(token.text, head, rules);
    if (fit !== undefined && (hasCopula || isNext)) return fit;
    if (hasCopula && rules.tooMuch.has(token.text) && isDescription(tokens[at + 1], rules)) return TOO_MUCH;
    if (rules.copulas.has(token.text)) hasCopula = true;
    else if (!hasCopula && PREPOSITIONS.has(token.text)) {
      at = copulaAfter(tokens, at, rules);
      if (at < 0) return undefined;
      hasCopula = true;
    } else if (!rules.links.has(token.text) && token.kind !== "number") return undefined;
  }
  return undefined;
}

/** Words that tie a second noun to the first: the quality of the food, customer service at the airport. */
const PREPOSITIONS = new Set("of on in for at from with to".split(" "));

/** The copula after "from Lyon to Rome", "on my old phone": what stands between a term and what is said of it; else −1. */
function copulaAfter(tokens: readonly Token[], preposition: number, { copulas, joins }: AspectRules): number {
  for (let at = preposition + 1; at <= preposition + PLACE_WORDS; at++) {
    const token = tokens[at];
    if (token === undefined || (token.kind !== "word" && token.kind !== "number")) return -1;
    if (joins.has(token.text)) return -1;
    if (copulas.has(token.text)) return at - preposition > 1 ? at : -1;
  }
  return -1;
}

function isDescription(token: Token | undefined, { links, leads, joins }: AspectRules): boolean {
  return token?.kind === "word" && !links.has(token.text) && !leads.has(token.text) && !joins.has(token.text);
}

/** "slow and confusing": what is joined to a judgement judges the same. */
function furtherValue({ last }: Judgement, { tokens, rules, byFirst }: Context): number {
  let at = last + 1;
  if (tokens[at]?.text === ",") at++;
  if (rules.joins.has(tokens[at]?.text ?? "")) at++;
  if (at === last + 1) return 0;
  for (let words = 0; words < LEAD_WORDS && rules.links.has(tokens[at]?.text ?? ""); words++) at++;
  const next = byFirst.get(at);
  if (next === undefined || next.isCue) return 0;
  // "slow but great support": the second judges what follows it
  const after = tokens[next.last + 1];
  const endsThere = after?.kind !== "word" || rules.joins.has(after.text);
  return rules.isAdjectiveAfter || endsThere ? next.value : 0;
}

/** What is said before the term: the word that describes it, or the verb it is the object of. */
function asObject({ first, head }: Term, { tokens, rules, byLast }: Context): number | undefined {
  const before = tokens[first - 1];
  if (before === undefined) return undefined;
  const describing = byLast.get(first - 1);
  if (describing !== undefined && !describing.isCue && !rules.opinions.has(describing.text)) {
    return isAttribute(describing, tokens) ? describing.value : undefined;
  }
  const fit = fitOf(before.text, head, rules);
  if (fit !== undefined) return fit;
  for (let at = first - 1; at >= first - 1 - LEAD_WORDS; at--) {
    const token = tokens[at];
    if (token?.kind !== "word") return undefined;
    const judgement = byLast.get(at);
    if (judgement?.isCue === true) return judgement.value;
    if (judgement !== undefined && rules.opinions.has(judgement.text)) {
      return isOpinion(judgement, tokens, rules) ? judgement.value : undefined;
    }
    if (!rules.leads.has(token.text)) return undefined;
  }
  return undefined;
}

const ADVERB = /(?<!friend|time|cost|love|live|ug|bubb|sil|hol)ly$/;
const PHRASE_THAT_DESCRIBES = /(?:y|ed|ul|nt|ic|ing|al|le|se|st|sh|ad|or|od)$/;

/** "Waste of my" describes nothing, nor does an adverb. */
function isAttribute({ first, last, text }: Judgement, tokens: readonly Token[]): boolean {
  return first === last ? !ADVERB.test(text) : PHRASE_THAT_DESCRIBES.test(tokens[last]?.text ?? "");
}

const LIKING = new Set(["like", "liked", "likes"]);
const LIKERS = new Set(
  "i we really don't didn't dont didnt not also do actually particularly he she they never doesn't".split(
    " ",
  ),
);

/** Not "I would love", nor "looks like". */
function isOpinion({ first, text }: Judgement, tokens: readonly Token[], { unsure }: AspectRules): boolean {
  const before = tokens[first - 1]?.text ?? "";
  return !unsure.has(before) && (!LIKING.has(text) || LIKERS.has(before));
}

function fitOf(word: string, head: string, { fits }: AspectRules): number | undefined {
  return fits.get(word)?.find(({ terms }) => terms === undefined || terms.has(head))?.value;
}

/** "food and service were awful", "terrible food and service", "the quality of the food is poor". */
function shareJudgements(
  terms: readonly Term[],
  values: (number | undefined)[],
  { tokens, rules }: Context,
): void {
  for (let index = 0; index + 1 < terms.length; index++) {
    const term = terms[index];
    const next = terms[index + 1];
    if (term === undefined || next === undefined) continue;
    const words = next.first - term.last - 1;
    if (words < 1 || words > 3) continue;
    const between = tokens.slice(term.last + 1, next.first);
    if (!between.every(({ text }) => rules.leads.has(text) || rules.joins.has(text))) continue;
    const opening = between[0]?.text ?? "";
    if (rules.joins.has(opening)) {
      if (words > 2 || opening === "but") continue;
      values[index] ??= values[index + 1];
      if (words === 1) values[index + 1] ??= values[index];
    } else if (PREPOSITIONS.has(opening) && values[index] === undefined && !term.isOpen) {
      values[index] = values[index + 1];
      values[index + 1] = undefined;
    }
  }
}
