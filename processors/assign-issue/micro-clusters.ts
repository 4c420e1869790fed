import { nearestLists, type NearestLists } from "./nearest-lists.ts";
import { Neighbours } from "./neighbours.ts";
import { addRow, addToSum, dotOf, dotOfSums, dotWithHeld, dotWithSum, holdRow, squareOf } from "./vectors.ts";

/** A cluster and how alike a vector is to it: the cosine with its centre, weakened where it is loose. */
export interface Nearest {
  readonly cluster: number;
  readonly similarity: number;
}

/** A cluster as it was recorded: its vectors as they came, summed. */
export interface Recorded {
  readonly sum: ArrayLike<number>;
  readonly size: number;
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
  readonly neighbours = new Neighbours();
  /** As they came, summed: to centre them anew, and to be recorded. */
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
    addToSum(this.#total, vector, 0);
    return this.centred(vector);
  }

  /** A vector without what all have in common, of unit length. */
  centred(vector: Float32Array): Float32Array {
    const centred = vector.map((value, at) => value - this.#mean[at]!);
    const scale = 1 / Math.sqrt(TINY + squareOf(centred));
    return centred.map((value) => value * scale);
  }

  /** The cluster a centred vector is most alike; undefined when there is none that points its way. */
  nearest(centred: Float32Array): Nearest | undefined {
    const { width, sums, index } = this;
    const lists = index?.near(centred);
    let best = -1;
    let bestScore = 0;
    const compare = (cluster: number): void => {
      const score = dotWithHeld(sums, cluster * width, width) * this.#scales[cluster]!;
      if (score > bestScore) {
        best = cluster;
        bestScore = score;
      }
    };
    holdRow(centred, 0, width);
    if (lists === undefined) for (let cluster = 0; cluster < this.count; cluster += 1) compare(cluster);
    else for (const list of lists) index!.lists[list]!.forEach(compare);
    return best < 0 ? undefined : { cluster: best, similarity: bestScore };
  }

  /** Opens a cluster of one vector and gives its number. */
  open(vector: Float32Array, centred: Float32Array): number {
    const cluster = this.count;
    this.#makeRoom();
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
    addRow(this.sums, cluster * this.width, centred, 0, this.width);
    addRow(this.#raw, cluster * this.width, vector, 0, this.width);
    this.#resize(cluster, this.sizes[cluster]! + 1);
  }

  /** Opens clusters as they were recorded; from so many vectors on, all are centred on the mean of what was seen. */
  restore(rows: readonly Recorded[], centredFrom: number): void {
    const first = this.count;
    for (const { sum, size } of rows) {
      const from = this.count * this.width;
      this.#makeRoom();
      this.sums.set(sum, from);
      if (!Number.isFinite(dotOf(this.sums, from, this.sums, from, this.width))) {
        this.sums.fill(0, from, from + this.width);
      }
      addToSum(this.#total, this.sums, from);
      this.#raw.set(this.sums.subarray(from, from + this.width), from);
      this.#seen += size;
      this.sizes.push(size);
    }
    if (this.#seen >= centredFrom) this.#measureMean();
    for (let cluster = first; cluster < this.count; cluster += 1) this.#centreRecorded(cluster);
    if (this.count > INDEXED_FROM) this.index = nearestLists(this);
  }

  /** Takes one vector out of a cluster of several. */
  takeOut(cluster: number, vector: Float32Array): void {
    addRow(this.sums, cluster * this.width, this.centred(vector), 0, this.width, -1);
    addRow(this.#raw, cluster * this.width, vector, 0, this.width, -1);
    this.#resize(cluster, this.sizes[cluster]! - 1);
  }

  /** Length of the sum of a cluster. */
  lengthOf(cluster: number): number {
    return this.#lengths[cluster]!;
  }

  /** The vectors of a cluster as they came, summed; a copy. */
  sumOf(cluster: number): Float32Array {
    return this.#raw.slice(cluster * this.width, (cluster + 1) * this.width);
  }

  /** Centres all clusters on the mean as it is now; how tight each is stays as it was measured. */
  centre(): void {
    const { width, sums } = this;
    this.#measureMean();
    sums.set(this.#raw.subarray(0, this.count * width));
    for (let cluster = 0; cluster < this.count; cluster += 1) {
      const from = cluster * width;
      this.#leaveOutMean(cluster);
      const scale = this.#lengths[cluster]! / Math.sqrt(TINY + dotOf(sums, from, sums, from, width));
      for (let at = 0; at < width; at += 1) sums[from + at]! *= scale;
    }
    this.neighbours.clear();
    this.index?.rebuild();
  }

  #measureMean(): void {
    this.#centredAt = this.#seen;
    const share = Math.min(
      1 / this.#seen,
      LONGEST_MEAN / Math.sqrt(TINY + dotOfSums(this.#total, this.#total)),
    );
    for (let at = 0; at < this.width; at += 1) this.#mean[at] = this.#total[at]! * share;
  }

  #leaveOutMean(cluster: number): void {
    const from = cluster * this.width;
    const size = this.sizes[cluster]!;
    for (let at = 0; at < this.width; at += 1) {
      this.sums[from + at] = this.sums[from + at]! - size * this.#mean[at]!;
    }
  }

  /** Centres a cluster whose members' own lengths once centred are not known, but how long they are on average is. */
  #centreRecorded(cluster: number): void {
    const { width, sums } = this;
    const from = cluster * width;
    const size = this.sizes[cluster]!;
    if (dotOf(sums, from, sums, from, width) > 0) {
      const square = 1 - (2 * dotWithSum(this.#mean, sums, from)) / size + dotOfSums(this.#mean, this.#mean);
      const scale = 1 / Math.sqrt(Math.max(TINY, square));
      this.#leaveOutMean(cluster);
      for (let at = 0; at < width; at += 1) sums[from + at]! *= scale;
    }
    this.#resize(cluster, size);
  }

  #resize(cluster: number, size: number): void {
    const from = cluster * this.width;
    const length = Math.max(TINY, Math.sqrt(dotOf(this.sums, from, this.sums, from, this.width)));
    this.sizes[cluster] = size;
    this.#lengths[cluster] = length;
    this.#scales[cluster] = 1 / Math.sqrt(length * size);
  }

  #makeRoom(): void {
    if ((this.count + 1) * this.width <= this.sums.length) return;
    this.sums = doubled(this.sums);
    this.#raw = doubled(this.#raw);
  }
}

function doubled(rows: Float32Array): Float32Array {
  const larger = new Float32Array(rows.length * 2);
  larger.set(rows);
  return larger;
}
