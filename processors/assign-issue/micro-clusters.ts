import { nearestLists, type NearestLists } from "./nearest-lists.ts";
import { addRow, dotOf, squareOf } from "./vectors.ts";

/** A cluster and how alike a vector is to it: the cosine with its centre, weakened where it is loose. */
export interface Nearest {
  readonly cluster: number;
  readonly similarity: number;
}

/** The clusters nearest to one, found when it had so many members. */
export interface Neighbours {
  readonly size: number;
  readonly others: readonly number[];
}

/** From so many clusters on, only the likely ones are compared. */
const INDEXED_FROM = 4_000;
/** Of what all have in common so much is left out at most: where it is more, many speak of one issue. */
const LONGEST_MEAN = 0.2;
const TINY = 1e-12;

/**
 * Tight groups of messages that say the same thing in nearly the same words. Vectors are centred on the mean of all that
 * was seen, where it is short: what every message of a product has in common tells nothing apart.
 */
export class MicroClusters {
  readonly width: number;
  /** Centred, of unit length each, summed: row by row. */
  sums: Float32Array;
  readonly sizes: number[] = [];
  index: NearestLists | undefined;
  /** Found when clusters were last merged, by cluster, until they are centred anew. */
  readonly neighbours: Neighbours[] = [];
  /** As they came, summed: to centre them anew. */
  #raw: Float32Array;
  /** Length of each sum: its size where all members are equal. */
  readonly #lengths: number[] = [];
  /** One over the root of length times size: the score of a member does not grow with the cluster. */
  readonly #scales: number[] = [];
  readonly #mean: Float64Array;
  readonly #total: Float64Array;
  #seen = 0;
  #centredAt = 0;

  constructor(width: number) {
    this.width = width;
    this.sums = new Float32Array(1_024 * width);
    this.#raw = new Float32Array(1_024 * width);
    this.#mean = new Float64Array(width);
    this.#total = new Float64Array(width);
  }

  get count(): number {
    return this.sizes.length;
  }

  /** How many vectors were seen when they were last centred, and how many are seen now. */
  get centring(): { readonly centredAt: number; readonly seen: number } {
    return { centredAt: this.#centredAt, seen: this.#seen };
  }

  /** Counts a vector into the mean and gives it centred. */
  see(vector: Float32Array): Float32Array {
    this.#seen += 1;
    addRow(this.#total, 0, vector, 0, this.width);
    return this.centred(vector);
  }

  /** A vector without what all have in common, of unit length. */
  centred(vector: Float32Array): Float32Array {
    const centred = vector.map((value, at) => value - this.#mean[at]!);
    const scale = 1 / Math.sqrt(TINY + squareOf(centred));
    return centred.map((value) => value * scale);
  }

  /** The cluster a centred vector is most alike; undefined when there is none. */
  nearest(centred: Float32Array): Nearest | undefined {
    const candidates = this.index?.near(centred);
    let [best, bestScore] = [-1, -1];
    const most = candidates?.length ?? this.count;
    for (let turn = 0; turn < most; turn += 1) {
      const cluster = candidates === undefined ? turn : candidates[turn]!;
      const score = dotOf(centred, 0, this.sums, cluster * this.width, this.width) * this.#scales[cluster]!;
      if (score > bestScore) [best, bestScore] = [cluster, score];
    }
    return best < 0 ? undefined : { cluster: best, similarity: bestScore };
  }

  /** Opens a cluster of one vector and gives its number. */
  open(vector: Float32Array, centred: Float32Array): number {
    const cluster = this.count;
    if ((cluster + 1) * this.width > this.sums.length) {
      this.sums = doubled(this.sums);
      this.#raw = doubled(this.#raw);
    }
    this.sums.set(centred, cluster * this.width);
    this.#raw.set(vector, cluster * this.width);
    this.sizes.push(1);
    this.#lengths.push(1);
    this.#scales.push(1);
    if (this.index !== undefined) this.index.insert(cluster, centred);
    else if (this.count > INDEXED_FROM) this.index = nearestLists(this);
    return cluster;
  }

  /** Puts one more vector into a cluster. */
  join(cluster: number, vector: Float32Array, centred: Float32Array): void {
    const { width, sums } = this;
    const from = cluster * width;
    addRow(sums, from, centred, 0, width);
    addRow(this.#raw, from, vector, 0, width);
    const size = this.sizes[cluster]! + 1;
    const length = Math.sqrt(dotOf(sums, from, sums, from, width));
    this.sizes[cluster] = size;
    this.#lengths[cluster] = length;
    this.#scales[cluster] = 1 / Math.sqrt(length * size);
  }

  /** Length of the sum of a cluster. */
  lengthOf(cluster: number): number {
    return this.#lengths[cluster]!;
  }

  /** Centres all clusters on the mean as it is now; how tight each is stays as it was measured. */
  centre(): void {
    const { width, sums } = this;
    this.#centredAt = this.#seen;
    const share = Math.min(1 / this.#seen, LONGEST_MEAN / Math.sqrt(TINY + squareOf(this.#total)));
    for (let at = 0; at < width; at += 1) this.#mean[at] = this.#total[at]! * share;
    for (let cluster = 0; cluster < this.count; cluster += 1) {
      const from = cluster * width;
      const size = this.sizes[cluster]!;
      for (let at = 0; at < width; at += 1) sums[from + at] = this.#raw[from + at]! - size * this.#mean[at]!;
      const scale = this.#lengths[cluster]! / Math.sqrt(TINY + dotOf(sums, from, sums, from, width));
      for (let at = 0; at < width; at += 1) sums[from + at]! *= scale;
    }
    this.neighbours.length = 0;
    this.index?.rebuild();
  }
}

function doubled(rows: Float32Array): Float32Array {
  const larger = new Float32Array(rows.length * 2);
  larger.set(rows);
  return larger;
}
