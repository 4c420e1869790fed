/**
 * Draws that come out the same for the same key: mulberry32 seeded with an FNV-1a hash. Streams with different keys
 * are independent, so adding a draw to one part of the story leaves the others as they were.
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c mulberry32, public domain
 */
export class Random {
  #state: number;

  constructor(...key: readonly (string | number)[]) {
    this.#state = hash32(key.join("/"));
  }

  /** 0 inclusive to 1 exclusive. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the values. @throws {RangeError} when there is none: a phrase table is empty */
  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.next() * values.length)];
    if (value === undefined) throw new RangeError("There is nothing to pick from; fill the phrase table.");
    return value;
  }

  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const entries = Object.entries(weights) as [K, number][];
    return entries[this.index(entries.map(([, weight]) => weight))]?.[0] ?? this.pick(entries)[0];
  }

  /** A position in `weights`, each as often as its weight says. */
  index(weights: readonly number[]): number {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let left = this.next() * total;
    for (const [position, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return position;
    }
    return weights.length - 1;
  }

  /** How many events happen where `mean` are expected (Knuth below 30, the normal approximation above). */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let product = this.next();
    let count = 0;
    while (product > limit) {
      product *= this.next();
      count++;
    }
    return count;
  }

  /** Standard normal, Box-Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** A heavy-tailed count: mostly near `median`, now and then tenfold. */
  counter(median: number): number {
    return Math.floor(median * Math.exp(1.1 * this.normal()));
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
