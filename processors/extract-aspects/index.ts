import type { Processor } from "../../core/contracts.ts";
import type { AspectDictionary } from "../../schemas/aspect-dictionary.ts";
import type { Aspect } from "../../schemas/reading.ts";
import type { DetectLanguageAdds } from "../detect-language.ts";
import { ENGLISH_ASPECTS, OTHER_ASPECTS, type AspectRules } from "../lexicons/aspect-terms.ts";
import type { LanguageRules } from "../lexicons/language-rules.ts";
import { RULES_BY_LANGUAGE } from "../lexicons/rules-by-language.ts";
import { perMention } from "../per-mention.ts";
import type { ReadMention } from "../read-mention.ts";
import type { ReadTextAdds, Sentence } from "../read-text.ts";
import type { ScoreSentimentAdds } from "../score-sentiment/index.ts";
import type { Hit } from "../score-sentiment/score-sentence.ts";
import { squeeze } from "../score-sentiment/signals.ts";
import { createDictionaryReader, type NamedTerm } from "./dictionary.ts";
import { termFinder, type Term } from "./find-terms.ts";
import { judgeTerms } from "./judge-terms.ts";

export interface ExtractAspectsAdds {
  readonly aspects: Aspect[];
}

/** Most aspects of one mention. */
export const MAX_ASPECTS = 20;

const LANGUAGE_RULES: ReadonlyMap<string, LanguageRules> = new Map(Object.entries(RULES_BY_LANGUAGE));

/**
 * Gives the step that tells what of a product or service is judged in `text`, and how: nouns beside words of opinion
 * ("terrible battery", "the seats were too small"), things that failed ("the app crashes", "refund never came"), and
 * the names of the customer's own dictionary wherever their words stand, neutral where nothing is said of them. Own
 * names win over found terms. In order of the text, at most {@link MAX_ASPECTS}; none for what we wrote ourselves.
 */
export function extractAspects(
  dictionary: AspectDictionary,
): Processor<ReadMention & ReadTextAdds & DetectLanguageAdds & ScoreSentimentAdds, ExtractAspectsAdds> {
  const namedIn = createDictionaryReader(dictionary);
  return perMention("extract_aspects", (mention) => {
    const aspects: Aspect[] = [];
    if (mention.byUs) return { aspects };
    const reader = READERS.get(mention.language);
    for (const [index, sentence] of mention.reading.sentences.entries()) {
      if (aspects.length >= MAX_ASPECTS) break;
      const hits = mention.polarity.hits.sentences[index] ?? [];
      aspects.push(...aspectsOf(mention.text, sentence, namedIn(sentence), hits, reader));
    }
    return { aspects: aspects.slice(0, MAX_ASPECTS) };
  });
}

interface Reader {
  readonly rules: AspectRules;
  readonly language: LanguageRules;
  readonly findTerms: ReturnType<typeof termFinder>;
}

const READERS: ReadonlyMap<string, Reader> = new Map(
  [["en", ENGLISH_ASPECTS] as const, ...OTHER_ASPECTS].flatMap(([name, rules]) => {
    const language = LANGUAGE_RULES.get(name);
    return language === undefined ? [] : [[name, { rules, language, findTerms: termFinder(rules) }]];
  }),
);

/** Judgements weaker than this say nothing. */
const LEAST_VALUE = 0.3;

function aspectsOf(
  text: string,
  sentence: Sentence,
  named: readonly NamedTerm[],
  hits: readonly Hit[],
  reader: Reader | undefined,
): Aspect[] {
  const { tokens } = sentence;
  if (reader === undefined)
    return named.map((term) => toAspect(text, sentence, { ...term, elided: 0 }, term.name, 0));
  const terms = withNamed(reader.findTerms(tokens), named, sentence);
  if (terms.length === 0) return [];
  const values = judgeTerms(sentence, terms, hits, reader.rules, reader.language);
  const aspects: Aspect[] = [];
  for (const [index, term] of terms.entries()) {
    if (aspects.length >= MAX_ASPECTS) break;
    const value = values[index];
    if (term.name !== undefined) {
      const said = value ?? clauseValue(sentence, term, hits, reader);
      aspects.push(toAspect(text, sentence, term, term.name, said));
    } else if (value !== undefined && Math.abs(value) >= LEAST_VALUE) {
      aspects.push(toAspect(text, sentence, term, undefined, value));
    }
  }
  return aspects;
}

interface MaybeNamed extends Term {
  readonly name?: string;
}

/** Found terms and the customer's own in order; a found one gives way where they overlap. */
function withNamed(
  found: readonly Term[],
  named: readonly NamedTerm[],
  { tokens }: Sentence,
): readonly MaybeNamed[] {
  if (named.length === 0) return found;
  const free = found.filter(
    ({ first, last }) => !named.some((own) => own.first <= last && first <= own.last),
  );
  const own = named.map((term) => ({
    ...term,
    elided: 0,
    head: tokens[term.last]?.text ?? "",
    isOpen: false,
  }));
  return [...free, ...own].sort((a, b) => a.first - b.first);
}

const CLAUSE_END = /^[,;:.!?…()—–]/;

/** What the clause around a term says, for a term that nothing judges by itself. */
function clauseValue(
  { tokens }: Sentence,
  { first, last }: Term,
  hits: readonly Hit[],
  { rules, language }: Reader,
): number {
  const ends = (at: number) => {
    const token = tokens[at];
    if (token === undefined) return true;
    return (
      (token.kind === "punctuation" && CLAUSE_END.test(token.text)) || language.contrasts.has(token.text)
    );
  };
  let from = first;
  while (!ends(from - 1)) from--;
  let to = last;
  while (!ends(to + 1)) to++;
  let value = 0;
  for (const hit of hits) {
    if (hit.at >= from && hit.at <= to && !rules.ignored.has(tokens[hit.at]?.text ?? "")) value += hit.value;
  }
  return value;
}

function toAspect(
  text: string,
  { tokens }: Sentence,
  term: Pick<Term, "first" | "last" | "elided">,
  name: string | undefined,
  value: number,
): Aspect {
  const start = (tokens[term.first]?.start ?? 0) + term.elided;
  const end = tokens[term.last]?.end ?? start + 1;
  const score = Number.isFinite(value) ? squeeze(value) : 0;
  const isJudged = Math.abs(value) >= LEAST_VALUE;
  return {
    aspect: name ?? text.slice(start, end).toLowerCase().replace(/\s+/g, " ").slice(0, 100),
    label: isJudged ? (value > 0 ? "positive" : "negative") : "neutral",
    score: isJudged ? Math.round(score * 1_000) / 1_000 : 0,
    span: { start, end },
  };
}
