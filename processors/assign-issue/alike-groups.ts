import type { Summed } from "./groups.ts";
import { nearestLists } from "./nearest-lists.ts";
import { dotOf, dotOfSums, normalizeRows } from "./vectors.ts";

/** A group with the mean similarity of two different members. */
export interface Compared extends Summed {
  readonly within: number;
}

/** Two groups by their places. */
export interface AlikePair {
  readonly a: number;
  readonly b: number;
  /** How alike their members are across, as a share of how alike they are within. */
  readonly score: number;
}

const LEAST_ACROSS = 0.25;
const LEAST_WITHIN = 0.05;
/** Up to so many groups every pair is compared; beyond, those that are likely near. */
const MOST_COMPARED = 3_000;
/** For what single precision rounds. */
const MARGIN = 1e-4;

/** Mean similarity of two different members of a group of two or more. */
export function withinOf({ sum, size }: Summed): number {
  const pairs = dotOfSums(sum, sum) - size;
  return Math.max(LEAST_WITHIN, pairs / (size * (size - 1)));
}

/** How alike the members of two groups are across, as a share of how alike they are within; 0 where that says little. */
export function likenessOf(a: Compared, b: Compared): number {
  const across = dotOfSums(a.sum, b.sum) / (a.size * b.size);
  return across < LEAST_ACROSS ? 0 : across / Math.sqrt(a.within * b.within);
}

/** Gives the pairs of groups that are at least so much alike, each once. */
export function alikePairs(groups: readonly Compared[], least: number): AlikePair[] {
  const width = groups[0]?.sum.length ?? 0;
  const middles = new Float32Array(groups.length * width);
  groups.forEach(({ sum }, at) => {
    middles.set(sum, at * width);
  });
  normalizeRows(middles, groups.length, width);
  const pairs = new Map<number, AlikePair>();
  const compare = (one: number, other: number): void => {
    const [a, b] = one > other ? [one, other] : [other, one];
    const key = a * groups.length + b;
    if (a === b || pairs.has(key)) return;
    const score = likenessOf(groups[a]!, groups[b]!);
    if (score >= least) pairs.set(key, { a, b, score });
  };
  if (groups.length > MOST_COMPARED) {
    const index = nearestLists({ width, sums: middles, count: groups.length, lengthOf: () => 1 });
    for (let one = 0; one < groups.length; one += 1) {
      for (const list of index.near(middles.subarray(one * width, (one + 1) * width))) {
        for (const other of index.lists[list]!) compare(one, other);
      }
    }
    return [...pairs.values()];
  }
  // half of each row, and what the other halves can add at most, rule nearly all pairs out
  const half = Math.ceil(width / 8) * 4;
  const rests = groups.map((_, at) => {
    const from = at * width + half;
    return Math.sqrt(dotOf(middles, from, middles, from, width - half));
  });
  /** A cosine this much makes the score 1. */
  const scales = groups.map(
    ({ sum, size, within }) => Math.sqrt(within) / (Math.sqrt(dotOfSums(sum, sum)) / size),
  );
  for (let a = 0; a < groups.length; a += 1) {
    for (let b = 0; b < a; b += 1) {
      const most = dotOf(middles, a * width, middles, b * width, half) + rests[a]! * rests[b]!;
      if (most + MARGIN >= least * scales[a]! * scales[b]!) compare(a, b);
    }
  }
  return [...pairs.values()];
}
