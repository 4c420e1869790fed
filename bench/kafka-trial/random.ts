/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** 0 ≤ number < 1. */
  next(): number;
  /** 0 ≤ integer < limit. */
  below(limit: number): number;
  /** True with this probability, 0..1. */
  chance(probability: number): boolean;
  /** One of a list that is not empty. @throws {RangeError} for an empty one */
  pick<T>(list: readonly T[]): T;
}

/** Opens a sequence: mulberry32, good enough to mix events and short enough to read. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick(list) {
      if (list.length === 0) throw new RangeError("There is nothing to pick from.");
      return list[below(list.length)] as (typeof list)[number];
    },
  };
}
