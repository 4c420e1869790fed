import type { Verdict } from "../metrics.ts";

/** How well groups agree with the truth, whatever they are called. */
export interface Agreement {
  /** Adjusted Rand index: 1 for the same groups, 0 for what chance gives. */
  readonly ari: number;
  /** Normalized mutual information, 0..1; by the mean of both entropies. */
  readonly nmi: number;
}

/**
 * How well groups agree with the truth.
 * @see Hubert & Arabie 1985, Comparing partitions; Vinh et al. 2010 on normalized mutual information
 */
export function agreementOf(verdicts: readonly Verdict<string | number>[]): Agreement {
  const count = verdicts.length;
  const truths = new Map<string | number, number>();
  const groups = new Map<string | number, number>();
  const both = new Map<string, { truth: string | number; group: string | number; size: number }>();
  for (const [truth, group] of verdicts) {
    truths.set(truth, (truths.get(truth) ?? 0) + 1);
    groups.set(group, (groups.get(group) ?? 0) + 1);
    const key = JSON.stringify([truth, group]);
    const known = both.get(key);
    if (known === undefined) both.set(key, { truth, group, size: 1 });
    else known.size += 1;
  }
  const pairsIn = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  const entropy = (sizes: readonly number[]) =>
    sizes.reduce((sum, size) => sum - (size / count) * Math.log(size / count), 0);

  const [truthSizes, groupSizes] = [[...truths.values()], [...groups.values()]];
  const [truthPairs, groupPairs] = [pairsIn(truthSizes), pairsIn(groupSizes)];
  const bothPairs = pairsIn([...both.values()].map(({ size }) => size));
  const byChance = (truthPairs * groupPairs) / pairsIn([count]);
  let shared = 0;
  for (const { truth, group, size } of both.values()) {
    const expected = ((truths.get(truth) ?? 0) * (groups.get(group) ?? 0)) / count;
    shared += (size / count) * Math.log(size / expected);
  }
  return {
    ari: (bothPairs - byChance) / ((truthPairs + groupPairs) / 2 - byChance),
    nmi: shared / ((entropy(truthSizes) + entropy(groupSizes)) / 2),
  };
}
