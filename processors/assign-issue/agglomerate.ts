import type { MicroClusters } from "./micro-clusters.ts";
import { addRow, dotOf } from "./vectors.ts";

/** Two groups become one while the mean similarity of their pairs, less a penalty for few members, is at least this. */
const MERGED_FROM = 0.4;
/** Of two single messages; divided by the root of the smaller size: a mean of few pairs is a guess. */
const PENALTY = 0.3;
const MOST_DENSE = 2_500;
const NEIGHBOURS = 24;
const LEAST_NEIGHBOURLY = 0.15;

/**
 * Merges clusters into groups, the two whose members are most alike on average first.
 * @param mostDense up to so many clusters every pair is looked at; beyond, those of near neighbours
 * @returns of each cluster the number of its group: that of one of its clusters
 * @see Sokal and Michener 1958 (group average)
 */
export function agglomerate(clusters: MicroClusters, mostDense = MOST_DENSE): number[] {
  return clusters.count <= mostDense ? allPairs(clusters) : nearPairs(clusters);
}

function penaltyOf(a: number, b: number): number {
  return PENALTY / Math.sqrt(Math.min(a, b));
}

function allPairs({ sums, sizes, count, width }: MicroClusters): number[] {
  const products = new Float32Array(count * count);
  const size = Float64Array.from(sizes);
  const partner = new Int32Array(count);
  const likeness = new Float64Array(count);
  const parents = Int32Array.from({ length: count }, (_, at) => at);
  const live = Array.from(parents);
  for (let a = 0; a < count; a += 1) {
    for (let b = 0; b < a; b += 1) {
      const product = dotOf(sums, a * width, sums, b * width, width);
      products[a * count + b] = product;
      products[b * count + a] = product;
    }
  }
  const scoreOf = (a: number, b: number): number =>
    products[a * count + b]! / (size[a]! * size[b]!) - penaltyOf(size[a]!, size[b]!);
  const findPartner = (of: number): void => {
    let [best, bestScore] = [-1, -Infinity];
    for (const other of live) {
      if (other === of) continue;
      const score = scoreOf(of, other);
      if (score > bestScore) [best, bestScore] = [other, score];
    }
    partner[of] = best;
    likeness[of] = bestScore;
  };
  live.forEach(findPartner);
  while (live.length > 1) {
    let [kept, bestScore] = [-1, -Infinity];
    for (const one of live) if (likeness[one]! > bestScore) [kept, bestScore] = [one, likeness[one]!];
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
  const near = Array.from({ length: count }, () => new Set<number>());
  const candidates = largestFirst<Candidate>();
  const consider = (a: number, b: number): void => {
    const score =
      dotOf(sums, a * width, sums, b * width, width) / (size[a]! * size[b]!) - penaltyOf(size[a]!, size[b]!);
    if (score >= MERGED_FROM) candidates.push({ score, a, b, mergesOfA: merges[a]!, mergesOfB: merges[b]! });
  };
  for (let one = 0; one < count; one += 1) {
    let found = clusters.neighbours[one];
    if (found === undefined || clusters.sizes[one]! >= 2 * found.size) {
      found = { size: clusters.sizes[one]!, others: neighboursOf(clusters, one) };
      clusters.neighbours[one] = found;
    }
    for (const other of found.others) {
      near[one]!.add(other);
      near[other]!.add(one);
    }
  }
  near.forEach((others, one) => {
    for (const other of others) if (other < one) consider(one, other);
  });
  for (let next = candidates.pop(); next !== undefined; next = candidates.pop()) {
    const { a, b } = next;
    if (merges[a] !== next.mergesOfA || merges[b] !== next.mergesOfB) continue;
    if (parents[a] !== a || parents[b] !== b) continue;
    const [kept, gone] = near[a]!.size >= near[b]!.size ? [a, b] : [b, a];
    parents[gone] = kept;
    merges[kept]! += 1;
    merges[gone]! += 1;
    size[kept]! += size[gone]!;
    addRow(sums, kept * width, sums, gone * width, width);
    for (const other of near[gone]!) {
      near[other]!.delete(gone);
      if (other === kept) continue;
      near[other]!.add(kept);
      near[kept]!.add(other);
    }
    near[gone] = new Set();
    for (const other of near[kept]!) consider(kept, other);
  }
  return rootsOf(parents);
}

function neighboursOf({ sums, sizes, count, width, index }: MicroClusters, of: number): number[] {
  const from = of * width;
  const candidates = index?.near(sums.subarray(from, from + width));
  const best: [number, number][] = [];
  const most = candidates?.length ?? count;
  for (let turn = 0; turn < most; turn += 1) {
    const other = candidates === undefined ? turn : candidates[turn]!;
    if (other === of) continue;
    const score = dotOf(sums, from, sums, other * width, width) / (sizes[of]! * sizes[other]!);
    if (score < LEAST_NEIGHBOURLY || (best.length === NEIGHBOURS && score <= best[0]![0])) continue;
    if (best.length === NEIGHBOURS) best.shift();
    let place = best.length;
    while (place > 0 && best[place - 1]![0] > score) place -= 1;
    best.splice(place, 0, [score, other]);
  }
  return best.map(([, other]) => other);
}

/** A heap that gives what scores most. */
function largestFirst<T extends { readonly score: number }>() {
  const heap: T[] = [];
  return {
    push(item: T): void {
      let at = heap.length;
      heap.push(item);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (heap[parent]!.score >= item.score) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = item;
    },
    pop(): T | undefined {
      const top = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return top;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1]!.score > heap[child]!.score) child += 1;
        if (last.score >= heap[child]!.score) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
      return top;
    },
  };
}

function rootsOf(parents: Int32Array): number[] {
  return Array.from(parents, (_, at) => {
    let root = at;
    while (parents[root] !== root) root = parents[root]!;
    return root;
  });
}
