/**
 * How unusual the volume of a series of counts is, bucket by bucket: strictly causal, in event time, a constant cost per
 * bucket. A burst has to stand out from what is expected at that hour, and from the bursts this very series had lately,
 * in a quarter of an hour, in an hour and in three alike.
 *
 * What is expected is a slow level times the hour of the day, apart for weekends; outliers are clipped before they teach.
 * Chosen on the five development series of the Numenta Anomaly Benchmark's realTweets and thinned copies of them.
 * @see https://github.com/numenta/NAB
 */

/** How a series is watched. Times in ms. */
export interface VolumeOptions {
  /** Length of a bucket. */
  readonly bucketMs: number;
}

/** What is unusual about a bucket and what came before it. */
export interface VolumeMeasure {
  /** End of the bucket, ms. */
  readonly at: number;
  /** 1 is the threshold: three quarters of what the larger bursts of the last three weeks were: from 2.3 to 6 times what is expected. */
  readonly score: number;
  /** In the last hour (or its equivalent, {@link VolumeMeter.hourMs}), heard parts only. */
  readonly count: number;
  readonly expected: number;
  /** What is expected of this bucket alone. */
  readonly bucketExpected: number;
  /** How much of that hour was heard, 0..1. */
  readonly heardShare: number;
  /** Time since the series began, ms. */
  readonly historyMs: number;
  /** False for a bucket nobody listened in. */
  readonly isKnown: boolean;
}

/** Watches one series. */
export interface VolumeMeter {
  /** The stretch that `count` and `expected` are of, ms: an hour, or four buckets where they are longer than a quarter. */
  readonly hourMs: number;
  /**
   * Takes the next bucket.
   * @param startsAt of the bucket, ms, later than of the one before
   * @param count null: nobody listened, which is not the same as nothing said
   */
  take(startsAt: number, count: number | null): VolumeMeasure;
  /** A meter of the same past that goes its own way: for buckets that are not over. */
  copy(): VolumeMeter;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Windows in quarters of an hour. */
const WINDOWS = [1, 4, 12] as const;
/** Which of them is reported. */
const REPORTED = 1;
/** Bursts of this series are told apart by blocks of six hours. */
const BLOCK_QUARTERS = 24;
const BLOCKS_KEPT = 84;
/** A burst is compared with the second to fourth largest block: the largest may have been a crisis. */
const RANKS = [2, 3, 4] as const;
/** A series that never bursts is measured by this many times what is expected. */
const LEAST_BURST = 3;
/** However often a series bursts, more than this many times what is expected is not usual: a crisis among bursts is one. */
const MOST_BURST = 8;
/** The share of a usual burst that is worth an alert. */
const THRESHOLD = 0.75;
/** Added to what is expected in an hour: small numbers double easily. */
const SLACK = 4;
/** Fewer in an hour are never a burst. */
const LEAST_COUNT = 10;
const LEVEL_HALF_LIFE = 7 * DAY;
const PROFILE_HALF_LIFE_DAYS = 14;
/** A slot of the profile begins as if it had been met on this many days and was like all others. */
const PROFILE_PRIOR_DAYS = 3;
const CLIP = 3;
const CLIP_SLACK = 3;

/** Opens a meter for a series of counts. */
export function openVolumeMeter({ bucketMs }: VolumeOptions): VolumeMeter {
  // series of longer buckets are watched on a longer scale
  const quarterMs = Math.max(15 * MINUTE, bucketMs);
  const lengths = WINDOWS.map((quarters) => Math.max(1, Math.round((quarters * quarterMs) / bucketMs)));
  return meterOf({ bucketMs, quarterMs, lengths }, emptyPast(lengths));
}

interface Scale {
  readonly bucketMs: number;
  readonly quarterMs: number;
  readonly lengths: readonly number[];
}

/** Everything a meter remembers: a few hundred numbers, however long the series. */
interface Past {
  firstAt: number;
  levelSum: number;
  levelWeight: number;
  /** By hour of the day, weekdays and weekends apart. */
  readonly slotSums: Float64Array;
  readonly slotWeights: Float64Array;
  /** The latest buckets in a ring as long as the longest window. */
  readonly counts: Float64Array;
  readonly expected: Float64Array;
  readonly heard: Uint8Array;
  taken: number;
  block: number;
  /** Of each window: the highest ratio of this block and of each before it, and what a usual burst is. */
  readonly highest: Float64Array;
  readonly blocks: number[][];
  readonly usual: Float64Array;
}

function emptyPast(lengths: readonly number[]): Past {
  const longest = Math.max(...lengths);
  return {
    firstAt: Number.NaN,
    levelSum: 0,
    levelWeight: 0,
    slotSums: new Float64Array(48),
    slotWeights: new Float64Array(48),
    counts: new Float64Array(longest),
    expected: new Float64Array(longest),
    heard: new Uint8Array(longest),
    taken: 0,
    block: -1,
    highest: new Float64Array(lengths.length),
    blocks: lengths.map(() => []),
    usual: new Float64Array(lengths.length).fill(LEAST_BURST),
  };
}

function copyOf(past: Past): Past {
  return {
    ...past,
    slotSums: past.slotSums.slice(),
    slotWeights: past.slotWeights.slice(),
    counts: past.counts.slice(),
    expected: past.expected.slice(),
    heard: past.heard.slice(),
    highest: past.highest.slice(),
    blocks: past.blocks.map((blocks) => [...blocks]),
    usual: past.usual.slice(),
  };
}

function meterOf(scale: Scale, past: Past): VolumeMeter {
  const { bucketMs, quarterMs, lengths } = scale;
  const ring = past.counts.length;
  const levelDecay = 0.5 ** (bucketMs / LEVEL_HALF_LIFE);
  const perDay = Math.max(1, HOUR / bucketMs);
  const slotDecay = 0.5 ** (1 / (PROFILE_HALF_LIFE_DAYS * perDay));
  const priorWeight = PROFILE_PRIOR_DAYS * perDay;

  return {
    hourMs: WINDOWS[REPORTED] * quarterMs,
    take(startsAt, count) {
      if (Number.isNaN(past.firstAt)) past.firstAt = startsAt;
      enterBlock(past, Math.floor(startsAt / (BLOCK_QUARTERS * quarterMs)));
      const slot = slotOf(startsAt);
      const level = past.levelWeight > 0 ? past.levelSum / past.levelWeight : (count ?? 0);
      const slotSum = past.slotSums[slot] ?? 0;
      const slotWeight = past.slotWeights[slot] ?? 0;
      const factor = (slotSum + priorWeight) / (slotWeight + priorWeight);
      const expected = level * factor;
      const place = past.taken % ring;
      past.counts[place] = count ?? 0;
      past.expected[place] = count === null ? 0 : expected;
      past.heard[place] = count === null ? 0 : 1;
      past.taken++;

      const measured = measure(past, lengths);
      if (count !== null) {
        const clipped = Math.min(count, CLIP * expected + CLIP_SLACK);
        past.levelSum = past.levelSum * levelDecay + clipped / Math.max(factor, 0.2);
        past.levelWeight = past.levelWeight * levelDecay + 1;
        past.slotSums[slot] = slotSum * slotDecay + clipped / Math.max(level, 0.05);
        past.slotWeights[slot] = slotWeight * slotDecay + 1;
      }
      const at = startsAt + bucketMs;
      return {
        at,
        ...measured,
        bucketExpected: expected,
        historyMs: at - past.firstAt,
        isKnown: count !== null,
      };
    },
    copy: () => meterOf(scale, copyOf(past)),
  };
}

/** Weekends keep other hours. UTC, as everything is. */
function slotOf(at: number): number {
  const date = new Date(at);
  const isWeekend = date.getUTCDay() % 6 === 0;
  return date.getUTCHours() + (isWeekend ? 24 : 0);
}

function enterBlock(past: Past, block: number): void {
  if (block === past.block) return;
  if (past.block >= 0) {
    past.blocks.forEach((blocks, window) => {
      blocks.push(past.highest[window] ?? 0);
      if (blocks.length > BLOCKS_KEPT) blocks.shift();
      past.usual[window] = usualBurst(blocks);
    });
    past.highest.fill(0);
  }
  past.block = block;
}

/** Geometric mean of the second to fourth largest of the blocks there are. */
function usualBurst(blocks: readonly number[]): number {
  const sorted = [...blocks].sort((a, b) => b - a);
  const chosen = RANKS.map((rank) => sorted[rank - 1]).filter((burst) => burst !== undefined);
  if (chosen.length === 0) return within(sorted[0] ?? 0);
  const logs = chosen.map((burst) => Math.log(Math.max(burst, 1e-3)));
  return within(Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length));
}

function within(burst: number): number {
  return Math.min(MOST_BURST, Math.max(LEAST_BURST, burst));
}

function measure(
  past: Past,
  lengths: readonly number[],
): Pick<VolumeMeasure, "score" | "count" | "expected" | "heardShare"> {
  const ring = past.counts.length;
  const hourLength = lengths[REPORTED] ?? 1;
  let [count, expected, heard] = [0, 0, 0];
  let [hourCount, hourExpected, hourHeard] = [0, 0, 0];
  let logs = 0;
  let back = 0;
  lengths.forEach((length, window) => {
    // windows grow: each goes on from the one before
    for (; back < length && back < past.taken; back++) {
      const place = (past.taken - 1 - back) % ring;
      count += past.counts[place] ?? 0;
      expected += past.expected[place] ?? 0;
      heard += past.heard[place] ?? 0;
    }
    if (window === REPORTED) [hourCount, hourExpected, hourHeard] = [count, expected, heard];
    const ratio = count / (expected + SLACK * Math.sqrt(length / hourLength));
    past.highest[window] = Math.max(past.highest[window] ?? 0, ratio);
    logs += Math.log(Math.max(ratio, 1e-6) / (past.usual[window] ?? LEAST_BURST));
  });
  const unusual = Math.exp(logs / lengths.length) / THRESHOLD;
  return {
    score: hourCount >= LEAST_COUNT ? unusual : 0,
    count: hourCount,
    expected: hourExpected,
    heardShare: hourHeard / Math.min(hourLength, past.taken),
  };
}
