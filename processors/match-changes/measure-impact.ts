/** A rating as far as the impact of an issue needs it. */
export interface RatedMention {
  /** The person heard. */
  readonly voice: string;
  readonly isOfIssue: boolean;
  /** Of `ratingMax` 5, or all on any one scale. */
  readonly rating: number;
  /** People are compared within it, such as product, month or channel; all together where none is told. */
  readonly stratum?: string;
}

/** What an issue does to ratings, in points of their scale, each with a 95 % interval. */
export interface RatingImpact {
  /** People with a rating, each counted once. */
  readonly issuePeople: number;
  readonly otherPeople: number;
  /** People of strata that have only one side, who are in no figure. */
  readonly leftOut: number;
  readonly issueMean: number;
  /** Mean of others, spread over strata as the issue is. */
  readonly othersMean: number;
  /** `issueMean − othersMean`. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** By how much all ratings together are lower than they would be, had the issue's people rated as the others. */
  readonly cost: number;
  readonly costLow: number;
  readonly costHigh: number;
}

/** Why nothing is said. */
export interface NoImpact {
  readonly refused: string;
}

const FEWEST_PEOPLE = 10;

/**
 * Measures the rating points an issue costs: the mean rating of its people less that of others, within strata, with
 * Welch's interval (unequal spread, Satterthwaite's degrees of freedom). Whoever rated several times counts once, with
 * their mean; a person of the issue is not among the others. Who complains may rate low for other reasons as well: the
 * figure is a difference, not proof of a cause. Pure.
 * @see Welch, "The generalization of 'Student's' problem…", Biometrika 34 (1947)
 */
export function measureImpact(mentions: readonly RatedMention[]): RatingImpact | NoImpact {
  const ofIssue = new Set(mentions.filter(({ isOfIssue }) => isOfIssue).map(({ voice }) => voice));
  const strata = new Map<string, Sides>();
  for (const { voice, isOfIssue, rating, stratum = "" } of mentions) {
    if (!Number.isFinite(rating) || (!isOfIssue && ofIssue.has(voice))) continue;
    const sides: Sides = strata.get(stratum) ?? { issue: new Map(), others: new Map() };
    strata.set(stratum, sides);
    const people = isOfIssue ? sides.issue : sides.others;
    const own = people.get(voice);
    if (own === undefined) people.set(voice, [rating]);
    else own.push(rating);
  }
  const compared: { issue: Sample; others: Sample }[] = [];
  let leftOut = 0;
  for (const { issue, others } of strata.values())
    if (issue.size < 1 || others.size < 2) leftOut += issue.size + others.size;
    else compared.push({ issue: sampleOf(issue), others: sampleOf(others) });
  const issuePeople = total(compared.map(({ issue }) => issue.people));
  const otherPeople = total(compared.map(({ others }) => others.people));
  if (issuePeople < FEWEST_PEOPLE || otherPeople < FEWEST_PEOPLE) {
    const who = issuePeople < FEWEST_PEOPLE ? `${issuePeople} of the issue's` : `${otherPeople} other`;
    return { refused: `${who} people have a rating that can be compared; ${FEWEST_PEOPLE} are needed` };
  }
  // a stratum with one person of the issue has no spread of its own
  const pooled =
    total(compared.map(({ issue }) => issue.squares)) / Math.max(1, issuePeople - compared.length);
  let [issueMean, othersMean, variance, freedomDown] = [0, 0, 0, 0];
  for (const { issue, others } of compared) {
    const weight = issue.people / issuePeople;
    issueMean += weight * issue.mean;
    othersMean += weight * others.mean;
    const spread = issue.people > 1 ? issue.squares / (issue.people - 1) : pooled;
    const parts = [
      [(weight ** 2 * spread) / issue.people, Math.max(1, issue.people - 1)],
      [(weight ** 2 * others.squares) / (others.people - 1) / others.people, others.people - 1],
    ] as const;
    for (const [part, freedom] of parts) {
      variance += part;
      freedomDown += part ** 2 / freedom;
    }
  }
  const difference = issueMean - othersMean;
  const width = variance === 0 ? 0 : studentQuantile(variance ** 2 / freedomDown) * Math.sqrt(variance);
  const share = issuePeople / (issuePeople + otherPeople);
  return {
    issuePeople,
    otherPeople,
    leftOut,
    issueMean,
    othersMean,
    difference,
    low: difference - width,
    high: difference + width,
    cost: -share * difference,
    costLow: -share * (difference + width),
    costHigh: -share * (difference - width),
  };
}

/** Ratings of each person. */
interface Sides {
  readonly issue: Map<string, number[]>;
  readonly others: Map<string, number[]>;
}

interface Sample {
  readonly people: number;
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly squares: number;
}

function sampleOf(people: ReadonlyMap<string, readonly number[]>): Sample {
  const ratings = [...people.values()].map((own) => total(own) / own.length);
  const mean = total(ratings) / ratings.length;
  return { people: ratings.length, mean, squares: total(ratings.map((rating) => (rating - mean) ** 2)) };
}

/**
 * The 97.5 % point of Student's t, to .002 from 4 degrees of freedom on.
 * @see Abramowitz, Stegun, Handbook of Mathematical Functions, 1964, 26.7.5
 */
export function studentQuantile(freedom: number): number {
  const x = 1.959963985;
  const terms = [
    (x ** 3 + x) / 4,
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96,
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384,
    (79 * x ** 9 + 776 * x ** 7 + 1482 * x ** 5 - 1920 * x ** 3 - 945 * x) / 92_160,
  ];
  return terms.reduce((sum, term, power) => sum + term / freedom ** (power + 1), x);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
