import { groupsOf, type Group } from "./groups.ts";
import type { MicroClusters } from "./micro-clusters.ts";
import type { Neighbourhood } from "./neighbours.ts";
import { addToSum, copyRow, dotOfSums, dotWithSum } from "./vectors.ts";

/** A cluster moves to the group whose members it is most like on average, if at least this. */
const MOVED_FROM = 0.45;
/** Alike enough to stay in a group too small to attract others. */
const STAYS_FROM = 0.5;
const ROUNDS = 4;
/** Rounds end when a smaller share of the clusters moves. */
const MOVING_SHARE = 0.002;
/** Up to so many large groups a cluster is compared with all; beyond, with those of the clusters near to it. */
const MOST_COMPARED = 600;
/** For what single precision rounds. */
const MARGIN = 1e-6;

/** A group that clusters move to and from. */
interface Choice extends Group {
  /** The turn in which it changed last. */
  changedAt: number;
  /** Where it stands among the large ones; -1 where it is not one of them. */
  place: number;
}

/**
 * Moves clusters between groups until few want to move. Only groups of `core` messages or more attract.
 * @returns of each cluster the label of its group
 */
export function settle(
  clusters: MicroClusters,
  labels: readonly number[],
  core: number,
  mostCompared = MOST_COMPARED,
): number[] {
  const { sums, sizes, count, width } = clusters;
  const settled = [...labels];
  const groups = new Map<number, Choice>();
  for (const [label, group] of groupsOf(clusters, labels)) {
    groups.set(label, { ...group, changedAt: 0, place: -1 });
  }
  /** The turn in which each cluster chose last. */
  const choseAt = new Int32Array(count).fill(-1);
  const row = new Float64Array(width);
  let turn = 0;
  let nextLabel = count;
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = 0;
    turn += 1;
    const large = largeOf(groups, core, turn);
    const middles = large.length <= mostCompared ? new Middles(large, row) : undefined;
    const near = middles === undefined ? new LargeNear(clusters, settled, groups, large) : undefined;
    for (let cluster = 0; cluster < count; cluster += 1) {
      const from = cluster * width;
      const size = sizes[cluster]!;
      const own = groups.get(settled[cluster]!)!;
      addToSum(own.sum, sums, from, -1);
      own.size -= size;
      copyRow(row, sums, from);
      middles?.compareWithRow();
      // while its own group is as it was, only what changed since can be better
      const known = own.changedAt <= choseAt[cluster]! ? choseAt[cluster]! : -1;
      let best: Choice | undefined;
      let bestScore = MOVED_FROM;
      for (const group of near === undefined ? large : near.to(cluster)) {
        if (group.size < core) continue;
        if (group !== own) {
          if (group.changedAt <= known) continue;
          if (middles !== undefined && middles.mostLike(group.place) < (bestScore - MARGIN) * size) continue;
        }
        const score = dotOfSums(row, group.sum) / (size * group.size);
        if (score > bestScore) {
          best = group;
          bestScore = score;
        }
      }
      if (best === undefined) {
        const isSmall = own.size > 0 && own.size < core;
        const likeness = isSmall ? dotOfSums(row, own.sum) / (size * own.size) : 0;
        const stays = own.size <= 0 || (isSmall && likeness >= STAYS_FROM);
        best = stays
          ? own
          : { label: nextLabel++, sum: new Float64Array(width), size: 0, changedAt: 0, place: -1 };
      }
      addToSum(best.sum, sums, from);
      best.size += size;
      if (best !== own) {
        moved += 1;
        turn += 1;
        for (const group of [own, best]) {
          group.changedAt = turn;
          if (group.place >= 0) middles?.write(group);
        }
        settled[cluster] = best.label;
        groups.set(best.label, best);
        near?.move(cluster, best);
        if (own.size <= 0) groups.delete(own.label);
      }
      choseAt[cluster] = turn;
    }
    if (moved < count * MOVING_SHARE) break;
  }
  return settled;
}

/** Gives the groups that attract; those that did not before count as changed. */
function largeOf(groups: ReadonlyMap<number, Choice>, core: number, turn: number): Choice[] {
  const large: Choice[] = [];
  for (const group of groups.values()) {
    if (group.size < core) {
      group.place = -1;
      continue;
    }
    if (group.place < 0) group.changedAt = turn;
    group.place = large.length;
    large.push(group);
  }
  return large;
}

/** Which large groups the clusters near to one are in. */
class LargeNear {
  readonly #neighbourhood: Neighbourhood;
  readonly #large: readonly Choice[];
  /** Place of each cluster's group among the large ones, or -1. */
  readonly #placeOf: Int32Array;
  readonly #metBy: Int32Array;

  constructor(
    clusters: MicroClusters,
    settled: readonly number[],
    groups: ReadonlyMap<number, Choice>,
    large: readonly Choice[],
  ) {
    this.#neighbourhood = clusters.neighbours.of(clusters);
    this.#large = large;
    this.#placeOf = Int32Array.from(settled, (label) => groups.get(label)!.place);
    this.#metBy = new Int32Array(large.length).fill(-1);
  }

  move(cluster: number, { place }: Choice): void {
    this.#placeOf[cluster] = place;
  }

  /** Gives them, a cluster's own group among them. */
  to(cluster: number): Choice[] {
    const { starts, others } = this.#neighbourhood;
    const found: Choice[] = [];
    const meet = (one: number): void => {
      const place = this.#placeOf[one]!;
      if (place < 0 || this.#metBy[place] === cluster) return;
      this.#metBy[place] = cluster;
      found.push(this.#large[place]!);
    };
    meet(cluster);
    for (let at = starts[cluster]!; at < starts[cluster + 1]!; at += 1) meet(others[at]!);
    return found;
  }
}

/**
 * The middles of groups, to tell quickly which cannot be what a row is most like: by the first part of the row, and what
 * the rest can add at most.
 */
class Middles {
  readonly #first: Float64Array;
  readonly #rest: Float64Array;
  readonly #firsts: Float32Array;
  readonly #rests: Float64Array;
  #rowRest = 0;

  /** @param row the array that each row to compare is written to */
  constructor(groups: readonly Choice[], row: Float64Array) {
    const cut = Math.ceil(row.length / 6) * 4;
    this.#first = row.subarray(0, cut);
    this.#rest = row.subarray(cut);
    this.#firsts = new Float32Array(groups.length * cut);
    this.#rests = new Float64Array(groups.length);
    for (const group of groups) this.write(group);
  }

  write({ place, sum, size }: Choice): void {
    const cut = this.#first.length;
    for (let at = 0; at < cut; at += 1) this.#firsts[place * cut + at] = sum[at]! / size;
    const rest = sum.subarray(cut);
    this.#rests[place] = Math.sqrt(dotOfSums(rest, rest)) / size;
  }

  /** Says that there is another row. */
  compareWithRow(): void {
    this.#rowRest = Math.sqrt(dotOfSums(this.#rest, this.#rest));
  }

  /** The product of the row with the middle of a group at most. */
  mostLike(place: number): number {
    const sure = dotWithSum(this.#first, this.#firsts, place * this.#first.length);
    return sure + this.#rests[place]! * this.#rowRest;
  }
}
