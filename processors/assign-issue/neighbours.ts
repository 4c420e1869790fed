import type { MicroClusters } from "./micro-clusters.ts";
import { dotWithHeld, holdRow } from "./vectors.ts";

const MOST = 24;
const LEAST_NEIGHBOURLY = 0.15;

/** Who is near to whom, both ways: those of cluster `c` stand from `starts[c]` up to `starts[c + 1]`, some twice. */
export interface Neighbourhood {
  readonly starts: Int32Array;
  readonly others: Int32Array;
}

/** The clusters nearest to each, as they were found last: they are looked for again once a cluster is twice as large. */
export class Neighbours {
  /** Size of each cluster when it was looked at; 0 before. */
  #foundAt: Int32Array = new Int32Array(0);
  #counts: Int32Array = new Int32Array(0);
  #others: Int32Array = new Int32Array(0);

  clear(): void {
    this.#foundAt.fill(0);
  }

  /** Finds those that are not known and gives all. */
  of(clusters: MicroClusters): Neighbourhood {
    const { count } = clusters;
    if (count > this.#counts.length) this.#makeRoom(count);
    this.#find(clusters);
    const starts = new Int32Array(count + 2);
    for (let one = 0; one < count; one += 1) {
      starts[one + 2]! += this.#counts[one]!;
      for (const other of this.#near(one)) starts[other + 2]! += 1;
    }
    for (let at = 2; at < starts.length; at += 1) starts[at]! += starts[at - 1]!;
    const others = new Int32Array(starts[count + 1]!);
    for (let one = 0; one < count; one += 1) {
      for (const other of this.#near(one)) {
        others[starts[one + 1]!++] = other;
        others[starts[other + 1]!++] = one;
      }
    }
    return { starts, others };
  }

  #near(of: number): Int32Array {
    return this.#others.subarray(of * MOST, of * MOST + this.#counts[of]!);
  }

  #find({ sums, sizes, count, width, index }: MicroClusters): void {
    const due: number[] = [];
    for (let one = 0; one < count; one += 1) {
      if (sizes[one]! < 2 * this.#foundAt[one]!) continue;
      due.push(one);
      this.#counts[one] = 0;
      this.#foundAt[one] = sizes[one]!;
    }
    const scores = new Float64Array(due.length * MOST);
    const compare = (place: number, others: readonly number[]): void => {
      const one = due[place]!;
      const size = sizes[one]!;
      holdRow(sums, one * width, width);
      for (const other of others) {
        const score = dotWithHeld(sums, other * width, width) / (size * sizes[other]!);
        if (score >= LEAST_NEIGHBOURLY && other !== one) this.#keep(one, other, score, scores, place * MOST);
      }
    };
    if (index === undefined) {
      const all = Array.from({ length: count }, (_, one) => one);
      for (let place = 0; place < due.length; place += 1) compare(place, all);
      return;
    }
    // list by list, with all that are to be compared with it: what it holds stays at hand
    const comparedWith: number[][] = index.lists.map(() => []);
    due.forEach((one, place) => {
      for (const list of index.near(sums.subarray(one * width, (one + 1) * width)))
        comparedWith[list]!.push(place);
    });
    comparedWith.forEach((places, list) => {
      for (const place of places) compare(place, index.lists[list]!);
    });
  }

  /** Keeps a neighbour where it is one of the nearest so far, the least near first. */
  #keep(of: number, other: number, score: number, scores: Float64Array, from: number): void {
    const others = this.#others;
    const at = of * MOST;
    let many = this.#counts[of]!;
    let place: number;
    if (many === MOST) {
      if (score <= scores[from]!) return;
      for (place = 0; place + 1 < many && scores[from + place + 1]! <= score; place += 1) {
        scores[from + place] = scores[from + place + 1]!;
        others[at + place] = others[at + place + 1]!;
      }
    } else {
      for (place = many; place > 0 && scores[from + place - 1]! > score; place -= 1) {
        scores[from + place] = scores[from + place - 1]!;
        others[at + place] = others[at + place - 1]!;
      }
      many += 1;
    }
    scores[from + place] = score;
    others[at + place] = other;
    this.#counts[of] = many;
  }

  #makeRoom(count: number): void {
    const room = Math.max(count, 2 * this.#counts.length);
    const grown = (from: Int32Array, size: number): Int32Array => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    this.#foundAt = grown(this.#foundAt, room);
    this.#counts = grown(this.#counts, room);
    this.#others = grown(this.#others, room * MOST);
  }
}
