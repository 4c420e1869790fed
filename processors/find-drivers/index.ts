import { falseDiscoveryRates } from "../judge-recurrence/distributions.ts";
import { commonOddsRatio, fisherTail, liftOf, type TwoByTwo } from "./two-by-two.ts";

export const DIMENSIONS = [
  "version",
  "platform",
  "country",
  "region",
  "language",
  "aspect",
  "stage",
  "tracker",
  "product",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A mention of the tracker as far as drivers need it. */
export interface DrivenMention {
  /** The person heard. @see {@link ../find-voices/index.ts} */
  readonly voice: string;
  /** Of the issue that is asked about. */
  readonly isOfIssue: boolean;
  /** What is known; an unknown value is left out, never "unknown". Several aspects are several values. */
  readonly values: Readonly<Partial<Record<Dimension, string | readonly string[]>>>;
}

/** A value beside the issue. Numbers are people, each counted once, of those of whom the dimension is known. */
export interface TestedValue extends TwoByTwo {
  readonly dimension: Dimension;
  readonly value: string;
  /** How many times as large the value's share of the issue is as its share of the others, with a 95 % interval. */
  readonly lift: number;
  readonly low: number;
  readonly high: number;
  /** Fisher's exact test, one-sided. */
  readonly p: number;
  /** The false-discovery rate over all values tested here. */
  readonly q: number;
}

/** A value that is over-represented in the issue. */
export interface Driver extends TestedValue {
  /** The stronger driver within which this one is no longer over-represented: look there first. */
  readonly explainedBy?: { readonly dimension: Dimension; readonly value: string };
}

/** What was not tested, and why. */
export interface Refusal {
  readonly dimension: Dimension;
  /** All values of the dimension where undefined. */
  readonly value?: string;
  readonly reason: string;
}

export interface Drivers {
  /** Surest first; those that a stronger one explains come last. */
  readonly drivers: readonly Driver[];
  /** All that was tested, surest first. */
  readonly tested: readonly TestedValue[];
  /** In the order of {@link DIMENSIONS}. */
  readonly refused: readonly Refusal[];
}

/** Of fewer people of the issue, or others, nothing is said. */
const FEWEST_PEOPLE = 10;
/** A value of fewer people, on whichever side, is not tested: it could hardly stand out, and would cost the others. */
const FEWEST_WITH_VALUE = 5;
/** A driver has so many people of the issue. */
const FEWEST_IN_ISSUE = 3;
const MOST_FALSE = 0.05;
const LEAST_LIFT = 1.2;
/** Values beyond the commonest of a dimension are not tested. */
const MOST_VALUES = 200;
/** Odds that fall so far, on the scale of logarithms, are explained. */
const EXPLAINED = 0.4;

/**
 * Finds what is over-represented in an issue against all other mentions of the tracker: people of the issue beside people
 * who never spoke of it. A person counts once for each value, and on one side only: whoever reported the issue is no
 * contrast to it. Fisher's exact test for each value, Benjamini-Hochberg over all of them; what too few people tell of is
 * refused with the reason. Over-represented is not the cause: it says where to look. Pure; the order of mentions does not
 * matter.
 */
export function findDrivers(mentions: readonly DrivenMention[]): Drivers {
  const people = peopleOf(mentions);
  const tables: (TwoByTwo & { dimension: Dimension; value: string })[] = [];
  const refused: Refusal[] = [];
  for (const dimension of DIMENSIONS) {
    const known = people.filter(({ values }) => values.has(dimension));
    const issue = known.filter(({ isOfIssue }) => isOfIssue).length;
    const others = known.length - issue;
    if (issue < FEWEST_PEOPLE || others < FEWEST_PEOPLE) {
      const who = issue < FEWEST_PEOPLE ? `of ${issue} of the issue's people` : `of ${others} other people`;
      refused.push({ dimension, reason: `known ${who}; ${FEWEST_PEOPLE} are needed` });
      continue;
    }
    const counts = new Map<string, { issue: number; others: number }>();
    for (const { isOfIssue, values } of known)
      for (const value of values.get(dimension) ?? []) {
        const count = counts.get(value) ?? { issue: 0, others: 0 };
        count[isOfIssue ? "issue" : "others"]++;
        counts.set(value, count);
      }
    const common = [...counts].sort(
      ([a, one], [b, two]) => two.issue + two.others - one.issue - one.others || (a < b ? -1 : 1),
    );
    common.forEach(([value, count], rank) => {
      const having = count.issue + count.others;
      const reason =
        having < FEWEST_WITH_VALUE
          ? `${having === 1 ? "1 person has" : `${having} people have`} it; ${FEWEST_WITH_VALUE} are needed`
          : having === known.length
            ? "everyone has it"
            : rank >= MOST_VALUES
              ? `beyond the ${MOST_VALUES} commonest values`
              : undefined;
      if (reason !== undefined) refused.push({ dimension, value, reason });
      else
        tables.push({
          dimension,
          value,
          issueWith: count.issue,
          issueWithout: issue - count.issue,
          othersWith: count.others,
          othersWithout: others - count.others,
        });
    });
  }
  const ps = tables.map(fisherTail);
  const qs = falseDiscoveryRates(ps);
  const tested = tables
    .map((table, at): TestedValue => ({ ...table, ...liftOf(table), p: ps[at] ?? 1, q: qs[at] ?? 1 }))
    .sort((a, b) => a.p - b.p || b.lift - a.lift || (a.value < b.value ? -1 : 1));
  const found = tested.filter(
    ({ q, lift, issueWith }) => q <= MOST_FALSE && lift >= LEAST_LIFT && issueWith >= FEWEST_IN_ISSUE,
  );
  const drivers = found.map((driver, rank): Driver => {
    const stronger = found.slice(0, rank).find((other) => explains(people, other, driver));
    return stronger === undefined
      ? driver
      : { ...driver, explainedBy: { dimension: stronger.dimension, value: stronger.value } };
  });
  const byItself = ({ explainedBy }: Driver) => Number(explainedBy !== undefined);
  return { drivers: drivers.sort((a, b) => byItself(a) - byItself(b)), tested, refused };
}

interface Person {
  readonly isOfIssue: boolean;
  readonly values: ReadonlyMap<Dimension, ReadonlySet<string>>;
}

function peopleOf(mentions: readonly DrivenMention[]): Person[] {
  const ofIssue = new Set(mentions.filter(({ isOfIssue }) => isOfIssue).map(({ voice }) => voice));
  const people = new Map<string, { isOfIssue: boolean; values: Map<Dimension, Set<string>> }>();
  for (const { voice, isOfIssue, values } of mentions) {
    // what a person of the issue said elsewhere is no contrast
    if (!isOfIssue && ofIssue.has(voice)) continue;
    const person = people.get(voice) ?? { isOfIssue, values: new Map<Dimension, Set<string>>() };
    people.set(voice, person);
    for (const dimension of DIMENSIONS) {
      const told = values[dimension];
      if (told === undefined) continue;
      const known = person.values.get(dimension) ?? new Set<string>();
      for (const value of typeof told === "string" ? [told] : told) known.add(value);
      if (known.size > 0) person.values.set(dimension, known);
    }
  }
  return [...people.values()];
}

type Named = Pick<TestedValue, "dimension" | "value" | "issueWith" | "issueWithout"> & TwoByTwo;

/** Whether a driver is hardly over-represented any more once people with and without the other are looked at apart. */
function explains(people: readonly Person[], other: Named, driver: Named): boolean {
  if (other.dimension === driver.dimension) return false;
  const strata = new Map<boolean, { -readonly [Cell in keyof TwoByTwo]: number }>();
  for (const { isOfIssue, values } of people) {
    const [own, others] = [values.get(driver.dimension), values.get(other.dimension)];
    if (own === undefined || others === undefined) continue;
    const table = strata.get(others.has(other.value)) ?? {
      issueWith: 0,
      issueWithout: 0,
      othersWith: 0,
      othersWithout: 0,
    };
    strata.set(others.has(other.value), table);
    const having = own.has(driver.value);
    if (isOfIssue) table[having ? "issueWith" : "issueWithout"]++;
    else table[having ? "othersWith" : "othersWithout"]++;
  }
  const crude = Math.log(commonOddsRatio([driver]));
  const held = Math.log(commonOddsRatio([...strata.values()]));
  // NaN: within the other, everyone has it or nobody; nothing is left that it could explain
  return Number.isNaN(held) || (Number.isFinite(crude) && held < EXPLAINED * crude);
}
