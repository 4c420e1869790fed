import { lnBeta, lnGamma } from "./distributions.ts";
import { minimize } from "./minimize.ts";

/** What is known of one issue: reports after the first, when the last came and how long it is watched, from the first on. */
export interface ReportHistory {
  readonly repeats: number;
  readonly last: number;
  readonly age: number;
}

/**
 * How issues come again and die: rates differ between issues as Gamma(r, alpha), and after each report an issue dies with
 * a chance that differs as Beta(a, b). `alpha` is in the unit of the ages.
 */
export interface DeathModel {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** What is believed before any issue is seen, as normal distributions of logarithms: mean and standard deviation. */
interface Belief {
  readonly at: number;
  readonly spread: number;
}

/**
 * A tracker's first issues must not decide alone what issues are like. Held so loosely that some thirty issues outweigh
 * it: about one report in two weeks, very uneven between issues, and even odds that a first report stays the only one.
 */
const BELIEFS: Readonly<Record<"r" | "alpha" | "odds" | "certainty", Belief>> = {
  r: { at: Math.log(0.7), spread: 1 },
  alpha: { at: Math.log(10), spread: 1.5 },
  odds: { at: 0, spread: 1.5 },
  certainty: { at: 0, spread: 1 },
};

/** More issues teach the model nothing more. */
const MOST_FITTED = 5000;

/**
 * Fits the MBG/NBD model over issues by its likelihood, held by weak beliefs so that one issue or none gives a usable
 * answer; without beliefs it is the maximum-likelihood fit of the literature. Deterministic.
 * @see Batislam, Denizel, Filiztekin, "Empirical validation and comparison of models for customer base analysis",
 *   International Journal of Research in Marketing 24 (2007)
 */
export function fitDeathModel(histories: readonly ReportHistory[], withBeliefs = true): DeathModel {
  const stride = Math.max(1, Math.ceil(histories.length / MOST_FITTED));
  const weighed = weigh(histories.filter((_, at) => at % stride === 0));
  const scale = stride;
  const loss = (point: readonly number[]) => {
    const model = modelAt(point);
    const likelihood = logLikelihood(model, weighed) * scale;
    return -(likelihood + (withBeliefs ? lnBelief(model) : 0));
  };
  const { r, alpha, odds, certainty } = BELIEFS;
  const best = minimize(loss, [r.at, alpha.at, odds.at, certainty.at]);
  return modelAt(best);
}

/** Bounds keep the arithmetic finite where a likelihood has no maximum. */
function modelAt([lnR = 0, lnAlpha = 0, lnOdds = 0, lnCertainty = 0]: readonly number[]): DeathModel {
  const bounded = (ln: number, least: number, most: number) => Math.exp(Math.min(Math.max(ln, least), most));
  const odds = bounded(lnOdds, -7, 7);
  const certainty = bounded(lnCertainty, -5, 7);
  return {
    r: bounded(lnR, -7, 5),
    alpha: bounded(lnAlpha, -7, 9),
    a: (certainty * odds) / (1 + odds),
    b: certainty / (1 + odds),
  };
}

function lnBelief({ r, alpha, a, b }: DeathModel): number {
  const points = [
    [Math.log(r), BELIEFS.r],
    [Math.log(alpha), BELIEFS.alpha],
    [Math.log(a / b), BELIEFS.odds],
    [Math.log(a + b), BELIEFS.certainty],
  ] as const;
  return points.reduce((sum, [at, belief]) => sum - ((at - belief.at) / belief.spread) ** 2 / 2, 0);
}

interface Weighed extends ReportHistory {
  readonly weight: number;
}

/** Issues alike, once; most are single reports of some age. */
function weigh(histories: readonly ReportHistory[]): Weighed[] {
  const byKey = new Map<string, Weighed>();
  for (const { repeats, last, age } of histories) {
    const key = `${repeats} ${last.toFixed(2)} ${age.toFixed(2)}`;
    byKey.set(key, { repeats, last, age, weight: (byKey.get(key)?.weight ?? 0) + 1 });
  }
  return [...byKey.values()];
}

function logLikelihood({ r, alpha, a, b }: DeathModel, histories: readonly Weighed[]): number {
  const constant = r * Math.log(alpha) - lnGamma(r) - lnBeta(a, b);
  const known: { lives: number; dies: number; heard: number }[] = [];
  let sum = 0;
  for (const { repeats: x, last, age, weight } of histories) {
    // most issues have as few reports as many others
    const of = (known[x] ??= {
      lives: lnBeta(a, b + x + 1),
      dies: lnBeta(a + 1, b + x),
      heard: lnGamma(r + x),
    });
    const alive = of.lives - (r + x) * Math.log(alpha + age);
    const dead = of.dies - (r + x) * Math.log(alpha + last);
    const more = Math.max(alive, dead);
    const both = more + Math.log1p(Math.exp(Math.min(alive, dead) - more));
    sum += weight * (constant + of.heard + both);
  }
  return sum;
}

/** The chance that an issue is still alive. */
export function aliveChance(
  { r, alpha, a, b }: DeathModel,
  { repeats: x, last, age }: ReportHistory,
): number {
  const odds = (a / (b + x)) * Math.exp((r + x) * Math.log((alpha + age) / (alpha + last)));
  return 1 / (1 + odds);
}

/** The chance of another report within so much more time. */
export function nextChance(model: DeathModel, history: ReportHistory, within: number): number {
  const { r, alpha } = model;
  const silent = Math.exp(
    (r + history.repeats) * Math.log((alpha + history.age) / (alpha + history.age + within)),
  );
  return aliveChance(model, history) * (1 - silent);
}

const SLICES = 400;

/**
 * How many reports an issue of this age has on average, the first included: Σ over p of (1−p)/p · (1 − (α/(α+pT))^r),
 * which is the expected number of transactions of Batislam et al. without its hypergeometric function, whose form has no
 * value at a = 1.
 */
export function expectedReports({ r, alpha, a, b }: DeathModel, age: number): number {
  let sum = 0;
  // in u = p^a the density of p has no pole at 0
  for (let slice = 0; slice < SLICES; slice++) {
    const p = ((slice + 0.5) / SLICES) ** (1 / a);
    const lnStays = b * Math.log1p(-p);
    const heard = p < 1e-9 ? (r * age) / alpha : -Math.expm1(r * Math.log(alpha / (alpha + p * age))) / p;
    sum += Math.exp(lnStays) * heard;
  }
  return 1 + (sum / SLICES) * Math.exp(-lnBeta(a, b) - Math.log(a));
}
