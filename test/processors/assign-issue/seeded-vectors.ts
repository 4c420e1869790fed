/** Vectors of unit length that are the same from the same seed. */
export interface SeededVectors {
  /** 0 and more, below 1. */
  readonly random: () => number;
  /** Any direction. */
  readonly any: () => Float32Array;
  /** A direction near to another: the less noise, the nearer. */
  readonly near: (middle: Float32Array, noise: number) => Float32Array;
}

export const WIDTH = 128;

export function seededVectors(seed: number): SeededVectors {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const gauss = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const any = (): Float32Array => toUnit(Float32Array.from({ length: WIDTH }, gauss));
  return {
    random,
    any,
    near(middle, noise) {
      const aside = any();
      return toUnit(middle.map((value, at) => value + noise * (aside[at] ?? 0)));
    },
  };
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
