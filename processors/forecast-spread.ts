/** What a platform showed of one post: how often it had been shared. */
export interface ShareSample {
  /** ms since 1970. */
  readonly at: number;
  /** Cumulative; falls where shares are taken back. */
  readonly shares: number;
}

/** A post and what is known of its shares. */
export interface SpreadingPost {
  /** ms since 1970. */
  readonly publishedAt: number;
  /** In any order, as far apart as they come. */
  readonly samples: readonly ShareSample[];
  /** When it was shared, ms since 1970, where a platform tells each share: what lies between the samples. */
  readonly shareTimes?: readonly number[];
}

/** How far a post will spread, as known at one of its samples. */
export interface SpreadForecast {
  /** ms since 1970. */
  readonly at: number;
  /** As the platform shows them. */
  readonly shares: number;
  /** Over the last minutes, or over its life where that is shorter; `recently` is over the last half of its spread. */
  readonly sharesPerHour: {
    readonly in15Min: number;
    readonly in60Min: number;
    readonly in6Hours: number;
    readonly recently: number;
  };
  /** Nine posts of ten come to this many (eight of ten that are older than six hours), half of them within `withinMin`. */
  readonly forecast: { readonly shares: number; readonly withinMin: number };
  /** When it likely passes the target: 0 when it has, null while the forecast falls short of it. */
  readonly minutesToTarget: number | null;
  readonly hasPassed: boolean;
  /** Whether the rule fires: it will pass the target, has not yet, and was shared since the sample before. */
  readonly willPass: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The numbers of the rule; see {@link SPREAD_RULE} for why they are what they are. */
export interface SpreadRule {
  readonly begun: number;
  readonly recent: number;
  readonly hoursAhead: number;
  readonly growth: number;
}

/**
 * The rule that ships, chosen on public cascades where figures hardly change around it, see docs/quality.md.
 * @see https://doi.org/10.1073/pnas.0704916104 Wu & Huberman 2007, "Novelty and collective attention"
 */
export const SPREAD_RULE: SpreadRule = {
  /**
   * A post begins to spread at this part of its shares so far. One that lay still for a day before somebody large passed
   * it on is as young as its spread, and a wrong clock says nothing of how fast it fades.
   */
  begun: 0.05,
  /**
   * The part of that age over which its speed is taken. Attention fades by its age and not by the clock, so the window
   * grows with it; half is long enough to be no accident and short enough to see that it is over.
   */
  recent: 0.5,
  /** How many hours it goes on at that speed at an age of one hour: so long that nine posts of ten do. */
  hoursAhead: 0.65,
  /**
   * How that grows: with age to this power. Attention fades as a stretched exponential, exp(−(t/τ)^β) with β of .3 to .4,
   * and what lies ahead of it is as long as age^(1−β).
   */
  growth: 0.67,
};

/** No spread counts as younger, in milliseconds: what comes within a second is no speed that anything keeps. */
const LEAST_AGE_MS = MINUTE_MS;

/**
 * Forecasts how far a post will spread, at each of its samples and from what was known then: later samples and shares
 * change nothing. The forecast is its shares so far and its recent speed for some time ahead, which grows with its age. It
 * knows no target, so that the rule never fires for a target earlier than for a smaller one.
 * @returns one for each sample, in order of time
 */
export function forecastSpread(
  post: SpreadingPost,
  target: number,
  rule: SpreadRule = SPREAD_RULE,
): SpreadForecast[] {
  const curve = shareCurve(post.publishedAt);
  const times = [...(post.shareTimes ?? [])].sort((a, b) => a - b);
  const samples = [...post.samples].sort((a, b) => a.at - b.at);
  let counted = 0;
  return samples.map(({ at, shares }) => {
    const before = curve.shares();
    for (let time = times[counted]; time !== undefined && time <= at; time = times[counted])
      curve.add(time, ++counted);
    curve.add(at, shares);
    const age = Math.max(LEAST_AGE_MS, at - curve.timeOf(rule.begun * curve.shares()));
    const recently = curve.speed(at, rule.recent * age);
    const hoursAhead = rule.hoursAhead * (age / HOUR_MS) ** rule.growth;
    const ahead = recently * hoursAhead;
    const hasPassed = curve.shares() >= target;
    const willComeTo = Math.floor(shares + ahead);
    return {
      at,
      shares,
      sharesPerHour: {
        in15Min: curve.speed(at, HOUR_MS / 4),
        in60Min: curve.speed(at, HOUR_MS),
        in6Hours: curve.speed(at, 6 * HOUR_MS),
        recently,
      },
      forecast: { shares: willComeTo, withinMin: minutesTo(1, hoursAhead) },
      minutesToTarget: hasPassed
        ? 0
        : willComeTo >= target
          ? minutesTo((target - shares) / ahead, hoursAhead)
          : null,
      hasPassed,
      willPass: !hasPassed && willComeTo >= target && curve.shares() > before,
    };
  });
}

/** Minutes in which half of posts have a part (0..1) of what is forecast of them, as measured: the rest takes longest. */
function minutesTo(part: number, hoursAhead: number): number {
  return Math.round(1.5 * part * (1 + part) * hoursAhead * 60);
}

/** How often a post was shared up to any time: straight between samples, and never less than before. */
function shareCurve(publishedAt: number) {
  const times = [publishedAt];
  const counts = [0];

  /** How many of some rising numbers are at most this. */
  const upTo = (numbers: readonly number[], most: number): number => {
    let [low, high] = [0, numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[middle] ?? 0) <= most) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const between = (of: readonly number[], by: readonly number[], value: number, next: number): number => {
    const [from = 0, to = from, low = 0, high = low] = [of[next - 1], of[next], by[next - 1], by[next]];
    return high === low ? from : from + ((to - from) * (value - low)) / (high - low);
  };

  return {
    /** @param at not before what was added last, or it counts for then */
    add(at: number, shares: number): void {
      times.push(Math.max(at, times.at(-1) ?? at));
      counts.push(Math.max(shares, counts.at(-1) ?? 0));
    },
    /** The most there were so far. */
    shares: (): number => counts.at(-1) ?? 0,
    /** When there first were more than so many, of fewer than there are. */
    timeOf: (shares: number): number => between(times, counts, shares, upTo(counts, shares)),
    /** Shares per hour in the last milliseconds. */
    speed(at: number, windowMs: number): number {
      const from = Math.max(publishedAt, at - windowMs);
      if (at <= from) return 0;
      const gained = (counts.at(-1) ?? 0) - between(counts, times, from, upTo(times, from));
      return gained / ((at - from) / HOUR_MS);
    },
  };
}
