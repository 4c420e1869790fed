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

/** A message of a stream: about a topic, from 0, or about nothing anyone else speaks of. */
export interface StreamedMessage {
  readonly topic: number | undefined;
  readonly vector: Float32Array;
}

/**
 * A stream of topics, their messages mixed, with one in `onceIn` on nothing anyone else speaks of.
 * @param noise of the messages nearest to their topic: at 0.4 a topic is a cluster or two, at 0.7 a dozen
 */
export function seededStream(
  messages: number,
  topics: number,
  onceIn: number,
  seed: number,
  noise = 0.4,
): StreamedMessage[] {
  const { any, near, random } = seededVectors(seed);
  const middles = Array.from({ length: topics }, any);
  return Array.from({ length: messages }, () => {
    const topic = random() < 1 / onceIn ? undefined : Math.floor(random() * topics);
    const middle = topic === undefined ? undefined : middles[topic];
    return { topic, vector: middle === undefined ? any() : near(middle, noise + 0.4 * random()) };
  });
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
