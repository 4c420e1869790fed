import type { MicroClusters } from "./micro-clusters.ts";
import { dotWithSum } from "./vectors.ts";

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
    const { count, sizes } = clusters;
    if (count > this.#counts.length) this.#makeRoom(count);
    const starts = new Int32Array(count + 2);
    for (let one = 0; one < count; one += 1) {
      if (sizes[one]! >= 2 * this.#foundAt[one]!) this.#find(clusters, one);
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

  #find({ sums, sizes, count, width, index }: MicroClusters, of: number): void {
    const row = Float64Array.from(sums.subarray(of * width, (of + 1) * width));
    const scores = new Float64Array(MOST);
    const found = this.#others.subarray(of * MOST, (of + 1) * MOST);
    let many = 0;
    const compare = (other: number): void => {
      if (other === of) return;
      const score = dotWithSum(row, sums, other * width) / (sizes[of]! * sizes[other]!);
      if (!(score >= LEAST_NEIGHBOURLY) || (many === MOST && score <= scores[0]!)) return;
      // the least near goes
      let place = many === MOST ? 0 : many;
      if (many === MOST) {
        for (; place + 1 < many && scores[place + 1]! <= score; place += 1) {
          scores[place] = scores[place + 1]!;
          found[place] = found[place + 1]!;
        }
      } else {
        for (; place > 0 && scores[place - 1]! > score; place -= 1) {
          scores[place] = scores[place - 1]!;
          found[place] = found[place - 1]!;
        }
        many += 1;
      }
      scores[place] = score;
      found[place] = other;
    };
    if (index === undefined) for (let other = 0; other < count; other += 1) compare(other);
    else {
      for (const list of index.near(sums.subarray(of * width, (of + 1) * width))) list.forEach(compare);
    }
    this.#counts[of] = many;
    this.#foundAt[of] = sizes[of]!;
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
