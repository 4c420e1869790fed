import { lnGamma } from "../judge-recurrence/distributions.ts";

/** People of the issue and others, each with and without a value. */
export interface TwoByTwo {
  readonly issueWith: number;
  readonly issueWithout: number;
  readonly othersWith: number;
  readonly othersWithout: number;
}

/**
 * The chance of so many people of the issue with the value, or more, were the value spread evenly: Fisher's exact test,
 * one-sided (the upper tail of the hypergeometric distribution).
 * @see Fisher, The Design of Experiments, 1935, chapter 2
 */
export function fisherTail({ issueWith, issueWithout, othersWith, othersWithout }: TwoByTwo): number {
  const issue = issueWith + issueWithout;
  const others = othersWith + othersWithout;
  const having = issueWith + othersWith;
  const lnAll = lnChoose(issue + others, having);
  const most = Math.min(issue, having);
  let sum = 0;
  let term = Math.exp(lnChoose(issue, issueWith) + lnChoose(others, having - issueWith) - lnAll);
  for (let count = issueWith; count <= most && (term > 1e-17 * sum || term > 0); count++) {
    sum += term;
    if (term < 1e-17 * sum) break;
    term *= ((issue - count) * (having - count)) / ((count + 1) * (others - having + count + 1));
  }
  return Math.min(1, sum);
}

function lnChoose(all: number, some: number): number {
  return lnGamma(all + 1) - lnGamma(some + 1) - lnGamma(all - some + 1);
}

/**
 * How many times as common the value is in the issue as among the others, with a 95 % interval. Where a cell is empty half
 * a person is added to each, so that the figures stay finite.
 * @see Katz, Baptista, Azen, Pike, "Obtaining confidence intervals for the risk ratio in cohort studies", Biometrics 34 (1978)
 */
export function liftOf(table: TwoByTwo): { lift: number; low: number; high: number } {
  const half = table.issueWith === 0 || table.othersWith === 0 ? 0.5 : 0;
  const [a, c] = [table.issueWith + half, table.othersWith + half];
  const issue = a + table.issueWithout + half;
  const others = c + table.othersWithout + half;
  const lift = a / issue / (c / others);
  const width = 1.959963985 * Math.sqrt(1 / a - 1 / issue + 1 / c - 1 / others);
  return { lift, low: lift * Math.exp(-width), high: lift * Math.exp(width) };
}

/**
 * The odds ratio common to several tables: how over-represented a value is once another thing is held fixed. Infinite
 * where none of the others have the value; NaN where no table says anything.
 * @see Mantel, Haenszel, "Statistical aspects of the analysis of data from retrospective studies of disease", JNCI 22 (1959)
 */
export function commonOddsRatio(tables: readonly TwoByTwo[]): number {
  let [up, down] = [0, 0];
  for (const { issueWith, issueWithout, othersWith, othersWithout } of tables) {
    const all = issueWith + issueWithout + othersWith + othersWithout;
    if (all === 0) continue;
    up += (issueWith * othersWithout) / all;
    down += (issueWithout * othersWith) / all;
  }
  return up / down;
}
