import { largestFirst } from "./largest-first.ts";
import type { MicroClusters } from "./micro-clusters.ts";
import { addRow, dotOf, dotWithHeld, holdRow } from "./vectors.ts";

/** Two groups become one while the mean similarity of their pairs, less a penalty for few members, is at least this. */
const MERGED_FROM = 0.4;
/** Of two single messages; divided by the root of the smaller size: a mean of few pairs is a guess. */
const PENALTY = 0.3;
const MOST_DENSE = 2_500;

/**
 * Merges clusters into groups, the two whose members are most alike on average first.
 * @param mostDense up to so many clusters every pair is looked at; beyond, those of near neighbours
 * @returns of each cluster the number of its group: that of one of its clusters
 * @see Sokal and Michener 1958 (group average)
 */
export function agglomerate(clusters: MicroClusters, mostDense = MOST_DENSE): number[] {
  return clusters.count <= mostDense ? allPairs(clusters) : nearPairs(clusters);
}

/** What is taken off the mean similarity of the pairs of two groups of so many messages. */
export function penaltyOf(a: number, b: number): number {
  return PENALTY / Math.sqrt(Math.min(a, b));
}

function allPairs({ sums, sizes, count, width }: MicroClusters): number[] {
  const products = new Float32Array(count * count);
  const size = Float64Array.from(sizes);
  const penalty = size.map((one) => penaltyOf(one, one));
  const partner = new Int32Array(count).fill(-1);
  const likeness = new Float64Array(count).fill(-Infinity);
  const parents = Int32Array.from({ length: count }, (_, at) => at);
  const live = Array.from(parents);
  const scoreOf = (a: number, b: number): number =>
    products[a * count + b]! / (size[a]! * size[b]!) - Math.max(penalty[a]!, penalty[b]!);
  for (let a = 0; a < count; a += 1) {
    holdRow(sums, a * width, width);
    for (let b = 0; b < a; b += 1) {
      const product = dotWithHeld(sums, b * width, width);
      products[a * count + b] = product;
      products[b * count + a] = product;
      const score = scoreOf(a, b);
      if (score > likeness[a]!) {
        likeness[a] = score;
        partner[a] = b;
      }
      if (score > likeness[b]!) {
        likeness[b] = score;
        partner[b] = a;
      }
    }
  }
  const findPartner = (of: number): void => {
    let best = -1;
    let bestScore = -Infinity;
    for (const other of live) {
      if (other === of) continue;
      const score = scoreOf(of, other);
      if (score > bestScore) {
        best = other;
        bestScore = score;
      }
    }
    partner[of] = best;
    likeness[of] = bestScore;
  };
  while (live.length > 1) {
    let kept = -1;
    let bestScore = -Infinity;
    for (const one of live) {
      if (likeness[one]! > bestScore) {
        kept = one;
        bestScore = likeness[one]!;
      }
    }
    if (bestScore < MERGED_FROM) break;
    const gone = partner[kept]!;
    live.splice(live.indexOf(gone), 1);
    parents[gone] = kept;
    for (const other of live) {
      if (other === kept) continue;
      const product = products[kept * count + other]! + products[gone * count + other]!;
      products[kept * count + other] = product;
      products[other * count + kept] = product;
    }
    size[kept]! += size[gone]!;
    penalty[kept] = penaltyOf(size[kept]!, size[kept]!);
    findPartner(kept);
    for (const other of live) {
      if (other === kept) continue;
      const score = scoreOf(other, kept);
      if (score > likeness[other]!) {
        likeness[other] = score;
        partner[other] = kept;
      } else if (partner[other] === kept || partner[other] === gone) findPartner(other);
    }
  }
  return rootsOf(parents);
}

/** A pair that may be merged, and how often each had been merged when it was scored. */
interface Candidate {
  readonly score: number;
  readonly a: number;
  readonly b: number;
  readonly mergesOfA: number;
  readonly mergesOfB: number;
}

function nearPairs(clusters: MicroClusters): number[] {
  const { count, width } = clusters;
  const sums = clusters.sums.slice(0, count * width);
  const size = Float64Array.from(clusters.sizes);
  const parents = Int32Array.from({ length: count }, (_, at) => at);
  const merges = new Int32Array(count);
  const { starts, others } = clusters.neighbours.of(clusters);
  /** Of what was merged: the others near any of its clusters. */
  const near = new Map<number, readonly number[]>();
  const candidates = largestFirst<Candidate>();
  const metIn = new Int32Array(count);
  let turn = 0;
  /** Those near to a cluster or to what it was merged with, by the numbers they have now, each once. */
  const nearTo = (...these: readonly number[]): number[] => {
    turn += 1;
    const met: number[] = [];
    const meet = (one: number): void => {
      const root = rootOf(parents, one);
      if (metIn[root] === turn || root === these[0]) return;
      metIn[root] = turn;
      met.push(root);
    };
    for (const one of these) {
      const known = near.get(one);
      if (known === undefined) for (let at = starts[one]!; at < starts[one + 1]!; at += 1) meet(others[at]!);
      else known.forEach(meet);
    }
    return met;
  };
  const consider = (a: number, b: number): void => {
    const score =
      dotOf(sums, a * width, sums, b * width, width) / (size[a]! * size[b]!) - penaltyOf(size[a]!, size[b]!);
    if (score >= MERGED_FROM) candidates.push({ score, a, b, mergesOfA: merges[a]!, mergesOfB: merges[b]! });
  };
  for (let one = 0; one < count; one += 1) {
    for (const other of nearTo(one)) if (other < one) consider(one, other);
  }
  for (let next = candidates.pop(); next !== undefined; next = candidates.pop()) {
    const { a: kept, b: gone } = next;
    if (merges[kept] !== next.mergesOfA || merges[gone] !== next.mergesOfB) continue;
    if (parents[kept] !== kept || parents[gone] !== gone) continue;
    parents[gone] = kept;
    merges[kept] += 1;
    merges[gone] += 1;
    size[kept]! += size[gone]!;
    addRow(sums, kept * width, sums, gone * width, width);
    const met = nearTo(kept, gone);
    near.set(kept, met);
    near.delete(gone);
    for (const other of met) consider(kept, other);
  }
  return rootsOf(parents);
}

function rootOf(parents: Int32Array, of: number): number {
  let root = of;
  while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!;
  return root;
}

function rootsOf(parents: Int32Array): number[] {
  return Array.from(parents, (_, at) => rootOf(parents, at));
}
