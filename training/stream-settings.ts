/** What a stream is made of. Shares are 0 to 1, rates per day. */
export interface StreamSettings {
  readonly days: number;
  readonly channels: number;
  readonly frequent: number;
  /** Rates of frequent issues are log-normal. */
  readonly medianRate: number;
  readonly rateSpread: number;
  readonly oneOffs: number;
  readonly incidents: number;
  readonly storms: number;
  readonly stormSize: number;
  /** Of a storm's copies, those that the platform does not call reposts. */
  readonly pasted: number;
  readonly angry: number;
  readonly burns: number;
  readonly burnDays: number;
  readonly died: number;
  /** Weekends bring so many times as much as weekdays. */
  readonly weekend: number;
  /** At the end there are so many times as many customers as at the start. */
  readonly growth: number;
  readonly gaps: number;
  readonly gapDays: number;
  /** Of all gaps, those of one channel alone. */
  readonly gapsOfOne: number;
  /** Answers in the thread of a mention, on average. */
  readonly replies: number;
  /** Of mentions in frequent issues, those by somebody who spoke before. */
  readonly again: number;
  readonly anonymous: number;
}

/** The same numbers from the same seed, 0 ≤ n < 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Settings drawn widely, so that no figure hangs on one of them. */
export function drawSettings(seed: number): StreamSettings {
  const random = randomFrom(seed * 7919 + 17);
  const between = (low: number, high: number) => low + random() * (high - low);
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));
  const even = (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high)));
  return {
    days: whole(60, 200),
    channels: whole(1, 5),
    frequent: whole(5, 60),
    medianRate: even(0.08, 0.6),
    rateSpread: between(0.4, 1.2),
    oneOffs: Math.round(even(30, 1500)),
    incidents: whole(0, 12),
    storms: whole(1, 6),
    stormSize: Math.round(even(10, 150)),
    pasted: between(0, 0.6),
    angry: whole(1, 4),
    burns: whole(1, 3),
    burnDays: whole(1, 45),
    died: whole(0, 6),
    weekend: even(0.3, 2),
    growth: even(0.5, 5),
    gaps: whole(0, 4),
    gapDays: whole(1, 9),
    gapsOfOne: between(0, 1),
    replies: between(0, 0.6),
    again: between(0, 0.3),
    anonymous: between(0, 0.15),
  };
}
