import type { Summed } from "./groups.ts";
import type { MicroClusters } from "./micro-clusters.ts";
import { addToSum, dotOf, dotOfSums, dotWithSum } from "./vectors.ts";

interface Issue {
  size: number;
  /** The cluster it began with: all of it, while there is no sum. Most issues are a message nobody repeats. */
  readonly first: number;
  sum?: Float64Array;
}

/** How many messages each issue has, and where their middle is. */
export class IssueSums {
  readonly #clusters: MicroClusters;
  readonly #issues = new Map<number, Issue>();

  constructor(clusters: MicroClusters) {
    this.#clusters = clusters;
  }

  sizeOf(issue: number): number {
    return this.#issues.get(issue)?.size ?? 0;
  }

  /** Mean product of a vector with the messages of an issue; 0 where there are none. */
  likenessTo(issue: number, vector: Float32Array): number {
    const found = this.#issues.get(issue);
    if (found === undefined) return 0;
    const { sums, width } = this.#clusters;
    const product =
      found.sum === undefined
        ? dotOf(vector, 0, sums, found.first * width, width)
        : dotWithSum(found.sum, vector, 0);
    return product / found.size;
  }

  /** Cosine of a vector of unit length with the middle of an issue; 0 where either is not known. */
  cosineTo(issue: number, vector: Float32Array): number {
    const found = this.#issues.get(issue);
    if (found === undefined) return 0;
    const sum = this.#sumOf(found);
    const cosine = dotWithSum(sum, vector, 0) / Math.sqrt(dotOfSums(sum, sum));
    return Number.isFinite(cosine) ? Math.max(-1, Math.min(1, cosine)) : 0;
  }

  /** Those of so many messages or more, by number. */
  *largerThan(least: number): Iterable<Summed & { readonly issue: number }> {
    for (const [issue, found] of this.#issues) {
      if (found.size >= least) yield { issue, size: found.size, sum: this.#sumOf(found) };
    }
  }

  addCluster(issue: number, cluster: number): void {
    const { sums, sizes, width } = this.#clusters;
    const size = sizes[cluster]!;
    const found = this.#issues.get(issue);
    if (found === undefined) {
      this.#issues.set(issue, { size, first: cluster });
      return;
    }
    addToSum((found.sum ??= this.#sumOf(found)), sums, cluster * width);
    found.size += size;
  }

  /** Adds a message that is about to join a cluster of the issue. */
  addMessage(issue: number, centred: Float32Array): void {
    const found = this.#issues.get(issue)!;
    addToSum((found.sum ??= this.#sumOf(found)), centred, 0);
    found.size += 1;
  }

  /** Takes out `size` messages of the sum at `at`, before they leave their cluster. */
  remove(issue: number, from: Float32Array, at: number, size: number): void {
    const found = this.#issues.get(issue)!;
    if (found.size <= size) {
      this.#issues.delete(issue);
      return;
    }
    addToSum((found.sum ??= this.#sumOf(found)), from, at, -1);
    found.size -= size;
  }

  /** Adds up everything anew. */
  measure(issueOf: readonly number[]): void {
    this.#issues.clear();
    issueOf.forEach((issue, cluster) => {
      this.addCluster(issue, cluster);
    });
  }

  #sumOf({ sum, first }: Issue): Float64Array {
    const { sums, width } = this.#clusters;
    return sum ?? Float64Array.from(sums.subarray(first * width, (first + 1) * width));
  }
}
