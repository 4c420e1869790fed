/** A control issue: people before, people after, and how many there were to be had rates stayed. */
export interface Control {
  readonly before: number;
  readonly after: number;
  readonly expected: number;
}

/** What happened to the other issues of the tracker between the same two windows. */
export interface Drift {
  /** Their rate after over their rate before; 1 where too few are known. */
  readonly ratio: number;
  /** Variance of its logarithm, from counting and from how much issues differ. */
  readonly variance: number;
  /** Variance of an issue's own logarithm about it, beyond chance: how much issues change without a fix. */
  readonly between: number;
  readonly issues: number;
  readonly before: number;
  readonly after: number;
  /** Enough of them to go by. */
  readonly isKnown: boolean;
}

/** Controls of fewer people say little apart and are taken together as one. */
const FEWEST_PEOPLE = 5;
/** With fewer people in all controls, the drift is not known. */
const FEWEST_IN_ALL = 20;
/** An issue so far from the others has a story of its own. */
const OUTLYING = 4;
/** Between the quartiles of a normal distribution lie so many standard deviations. */
const NORMAL_QUARTILES = 1.349;
/** How unevenly issues change is believed, before there are controls to tell; and how many controls that belief weighs. */
const BELIEF_CONTROLS = 5;
const MOST_LIKENESS = 0.9;

/**
 * Estimates what happened to issues that nobody fixed: a ratio of sums weighed for random effects, without those that exploded or vanished for reasons of
 * their own (4 standard deviations from the weighted median). How much they differ beyond chance comes from the conditional
 * binomial share of "after" in each, by moments.
 * @param usual the variance between issues to expect where controls are few
 */
export function estimateDrift(all: readonly Control[], usual: number): Drift {
  const large = all.filter(({ before, after }) => before + after >= FEWEST_PEOPLE);
  const small = all.filter(({ before, after }) => before + after < FEWEST_PEOPLE);
  const rest = small.reduce(added, { before: 0, after: 0, expected: 0 });
  const controls = rest.before + rest.after > 0 ? [...large, rest] : large;
  const kept = withoutOutliers(controls, usual);
  const { before, after, expected } = kept.reduce(added, { before: 0, after: 0, expected: 0 });
  const issues = kept.length - (kept.includes(rest) ? 1 - small.length : 0);
  if (before + after < FEWEST_IN_ALL || before === 0)
    return { ratio: 1, variance: 0, between: usual, issues, before, after, isKnown: false };
  const crude = (after + 0.5) / (expected + 0.5);
  const between = betweenOf(kept, rest, crude, usual);
  const pace = (crude * expected) / before;
  const share = pace / (1 + pace);
  // an issue of many people has a story of its own as well: it weighs no more than that story allows
  const weighed = kept.map((control) => {
    const information = (control.before + control.after) * share * (1 - share);
    return { control, information, weight: control === rest ? 1 : 1 / (1 + between * information) };
  });
  const add = (value: (control: Control) => number) =>
    weighed.reduce((sum, { control, weight }) => sum + weight * value(control), 0);
  return {
    ratio: (add((control) => control.after) + 0.5) / (add((control) => control.expected) + 0.5),
    variance: 1 / weighed.reduce((sum, { information, weight }) => sum + weight * information, 0.25),
    between,
    issues,
    before,
    after,
    isKnown: true,
  };
}

/** How much issues differ beyond chance, from the share of "after" in each, drawn to what is usual where they are few. */
function betweenOf(kept: readonly Control[], rest: Control, ratio: number, usual: number): number {
  let [off, freedom, binomial] = [0, 0, 0];
  for (const control of kept) {
    const people = control.before + control.after;
    const pace = (ratio * control.expected) / control.before;
    const chance = pace / (1 + pace);
    if (people < 2 || control === rest || !(chance > 0 && chance < 1)) continue;
    off += (control.after - people * chance) ** 2 / (people * chance * (1 - chance)) - 1;
    freedom += people - 1;
    binomial += (people - 1) * chance * (1 - chance);
  }
  const likeness = freedom === 0 ? 0 : Math.min(MOST_LIKENESS, Math.max(0, off / freedom));
  const seen = freedom === 0 ? 0 : (likeness * freedom) / binomial;
  const weight = kept.length / (kept.length + BELIEF_CONTROLS);
  return weight * seen + (1 - weight) * usual;
}

function withoutOutliers(controls: readonly Control[], usual: number): readonly Control[] {
  const logs = controls
    .map((control) => ({
      control,
      log: Math.log((control.after + 0.5) / (control.expected + 0.5)),
      people: control.before + control.after,
      spread: 1 / (control.after + 0.5) + 1 / (control.before + 0.5) + usual,
    }))
    .sort((a, b) => a.log - b.log);
  const all = logs.reduce((sum, { people }) => sum + people, 0);
  let passed = 0;
  const middle = logs.find(({ people }) => (passed += people) >= all / 2)?.log ?? 0;
  // where all go their own ways, none is an outlier
  const quarter = Math.floor(logs.length / 4);
  const quartiles = (logs.at(-1 - quarter)?.log ?? 0) - (logs[quarter]?.log ?? 0);
  const usualSpread = (quartiles / NORMAL_QUARTILES) ** 2;
  const near = new Set(
    logs
      .filter(
        ({ log, spread }) => Math.abs(log - middle) <= OUTLYING * Math.sqrt(Math.max(spread, usualSpread)),
      )
      .map(({ control }) => control),
  );
  return controls.filter((control) => near.has(control));
}

function added(sum: Control, { before, after, expected }: Control): Control {
  return { before: sum.before + before, after: sum.after + after, expected: sum.expected + expected };
}
