import type { NamedText, Phrase } from "../name-issue.ts";

/** A word or phrase that sets an issue apart. Numbers are people who use it, each counted once. */
export interface DistinctTerm {
  readonly key: string;
  /** As it is mostly written in the issue. */
  readonly shown: string;
  readonly issue: number;
  readonly others: number;
  /** Logarithm of how many times as large its odds are in the issue as among the others, drawn to 0 by the prior. */
  readonly logOdds: number;
  /** `logOdds` in units of its standard deviation. */
  readonly z: number;
}

/** Terms of fewer people of the issue are anybody's. */
const FEWEST_PEOPLE = 3;
const LEAST_Z = 1.96;
/** How many terms the prior weighs, spread over terms as all texts spread them. */
const PRIOR_TERMS = 500;

/**
 * Finds the words and phrases that set an issue apart from everything else that is said: log-odds with an informative
 * Dirichlet prior, made of all texts, so that neither rare words nor common ones stand out by chance. A person counts
 * once for each term, on the issue's side where on both.
 * @param texts of the issue, from `phrasesOf`
 * @param others all other texts of the tracker
 * @returns terms of z ≥ 1.96 with at least three people, the most telling first
 * @see Monroe, Colaresi, Quinn, "Fightin' Words", Political Analysis 16 (2008), equations 15-22
 */
export function findTerms(
  texts: readonly NamedText[],
  others: readonly NamedText[],
  most = 20,
): DistinctTerm[] {
  const issueVoices = new Set(texts.map(({ voice }) => voice));
  const inIssue = termsOf(texts);
  const elsewhere = termsOf(others.filter(({ voice }) => !issueVoices.has(voice)));
  const issueTotal = totalOf(inIssue);
  const othersTotal = totalOf(elsewhere);
  const all = issueTotal + othersTotal;
  const found: DistinctTerm[] = [];
  for (const [key, { voices, shown }] of inIssue) {
    const issue = voices.size;
    if (issue < Math.min(FEWEST_PEOPLE, issueVoices.size)) continue;
    const other = elsewhere.get(key)?.voices.size ?? 0;
    const scores = logOddsOf(issue, issueTotal, other, othersTotal, (PRIOR_TERMS * (issue + other)) / all);
    if (scores.z >= LEAST_Z) found.push({ key, shown: commonest(shown), issue, others: other, ...scores });
  }
  return found.sort((a, b) => b.z - a.z || (a.key < b.key ? -1 : 1)).slice(0, most);
}

/**
 * Log-odds ratio of a term and its z-score.
 * @param prior how many uses of the term the prior believes in, of {@link PRIOR_TERMS} or `priorTotal` in all
 */
export function logOddsOf(
  issue: number,
  issueTotal: number,
  others: number,
  othersTotal: number,
  prior: number,
  priorTotal = PRIOR_TERMS,
): { logOdds: number; z: number } {
  const lnOdds = (count: number, total: number) =>
    Math.log((count + prior) / (total + priorTotal - count - prior));
  const logOdds = lnOdds(issue, issueTotal) - lnOdds(others, othersTotal);
  return { logOdds, z: logOdds / Math.sqrt(1 / (issue + prior) + 1 / (others + prior)) };
}

interface Term {
  readonly voices: Set<string>;
  readonly shown: Map<string, number>;
}

function termsOf(texts: readonly NamedText[]): Map<string, Term> {
  const terms = new Map<string, Term>();
  const add = ({ key, shown }: Phrase, voice: string) => {
    const term = terms.get(key) ?? { voices: new Set<string>(), shown: new Map<string, number>() };
    terms.set(key, term);
    term.voices.add(voice);
    term.shown.set(shown, (term.shown.get(shown) ?? 0) + 1);
  };
  for (const { phrases, voice } of texts) for (const phrase of phrases) add(phrase, voice);
  return terms;
}

function totalOf(terms: ReadonlyMap<string, Term>): number {
  let total = 0;
  for (const { voices } of terms.values()) total += voices.size;
  return total;
}

function commonest(shown: ReadonlyMap<string, number>): string {
  let [best, most] = ["", 0];
  for (const [words, count] of shown) if (count > most) [best, most] = [words, count];
  return best;
}
