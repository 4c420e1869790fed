import type { FixMention } from "../processors/judge-fix/count-sides.ts";
import type { FixSetting, FixVerdict, OtherIssue } from "../processors/judge-fix/index.ts";
import type { NotHeard } from "../processors/judge-recurrence/exposure-clock.ts";
import { lehmer } from "../processors/linear-model/shuffle.ts";

const DAY_MS = 86_400_000;

export const STORIES = ["plain", "moved", "came_back", "roll_out", "part_down", "all_down", "died"] as const;
/**
 * What happens around a fix. `plain`: nothing else. `moved`: a similar issue takes over. `came_back`: it falls, then returns.
 * `roll_out`: people get the fix with a version, slowly. `part_down`: the issue's main channel is not heard after the fix,
 * for a part of the time or all of it. `all_down`: nothing is heard after it. `died`: as `part_down`, but nobody noticed.
 */
export type Story = (typeof STORIES)[number];

/** A series with what is true of it. */
export interface FixSeries {
  readonly story: Story;
  /** By how much the fix lowers the rate, 0 to 1. */
  readonly effect: number;
  readonly setting: FixSetting;
  /** The right verdict were there enough to tell; of an effect below a half, both `fell` and `held` are. */
  readonly truth: readonly FixVerdict[];
  /** The logarithm of one half, in standard errors of what the generator would see on average; 3.24 is a power of 90 %. */
  readonly strength: number;
}

const CHANNELS = ["store", "forum", "social"];
const DAYS_BEFORE = 120;
const FIXED_AT = Date.parse("2026-05-04T00:00:00Z");
/** What an outage or a return leaves of the time after is another amount of evidence; these are judged apart. */
const RETURN_AFTER = 0.5;

/** Makes one series, the same for the same seed. Rates, shares, seasons, trends and unevenness differ from seed to seed. */
export function makeSeries(seed: number, story: Story, effect: number): FixSeries {
  const random = lehmer(seed * 7919 + 17);
  for (let warm = 0; warm < 20; warm++) random();
  const between = (low: number, high: number) => low + (high - low) * random();
  const logBetween = (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high)));
  const pick = <T>(some: readonly [T, ...T[]]): T => some[Math.floor(random() * some.length)] ?? some[0];

  const daysAfter = pick([10, 14, 21, 28, 42, 56] as const);
  const rate = logBetween(0.3, 15);
  const swing = between(0, 0.4);
  const growth = Math.log(logBetween(0.6, 1.8)) / (DAYS_BEFORE + daysAfter);
  const daily = pick([0, 0.1, 0.3] as const);
  const weekly = pick([0, 0.01, 0.04] as const);
  const start = FIXED_AT - DAYS_BEFORE * DAY_MS;
  const asOf = FIXED_AT + daysAfter * DAY_MS;
  const controls = 4 + Math.floor(random() * 11);
  const rates = Array.from({ length: controls }, () => logBetween(0.2, 8));

  const sharesOf = () => {
    const weights = CHANNELS.map(() => -Math.log(random()));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / whole);
  };
  const own = sharesOf();
  const mainChannel = CHANNELS[own.indexOf(Math.max(...own))] ?? "store";
  const down = story === "part_down" || story === "died" ? pick([0.3, 0.6, 1] as const) : 0;
  const downFrom = asOf - down * (asOf - FIXED_AT);
  const isHeard = (at: number, channel: string) =>
    story === "all_down"
      ? at < FIXED_AT
      : !(story === "part_down" || story === "died") || channel !== mainChannel || at < downFrom;

  /** How many of all have the new version on a day after the fix. */
  const adopted = (day: number) => 1 / (1 + Math.exp(-(day - 6) / 2.5));

  let next = 0;
  const mentionsOf = (
    perDay: number,
    shares: readonly number[],
    factorAt: (day: number, hasFix: boolean) => number,
  ): FixMention[] => {
    const mentions: FixMention[] = [];
    let week = 1;
    for (let day = -DAYS_BEFORE; day < daysAfter; day++) {
      if ((day + DAYS_BEFORE) % 7 === 0) week = gamma(random, weekly);
      const season = 1 + swing * Math.sin((2 * Math.PI * (day + 700)) / 7);
      const level = perDay * season * Math.exp(growth * day) * week * gamma(random, daily);
      const share = story === "roll_out" && day >= 0 ? adopted(day) : 1;
      for (const hasFix of story === "roll_out" ? [true, false] : [true]) {
        const some = hasFix ? share : 1 - share;
        const isFixed = day >= 0 && hasFix;
        const count = poisson(random, level * some * factorAt(day, isFixed));
        for (let nth = 0; nth < count; nth++) {
          const at = FIXED_AT + (day + random()) * DAY_MS;
          const channel = CHANNELS[chosen(random, shares)] ?? "store";
          const id = `mention ${next++}`;
          // one in twelve is somebody who spoke before
          const voice = random() < 1 / 12 ? (mentions.at(-1)?.voice ?? id) : id;
          const version = random() < 0.8 ? (isFixed ? "5.3.0" : "5.2.9") : undefined;
          if (!isHeard(at, channel)) continue;
          const known = story === "roll_out" && version !== undefined ? { version } : {};
          mentions.push({ id, at, voice, channel, ...known });
        }
      }
    }
    return mentions;
  };

  const returnsOn = RETURN_AFTER * daysAfter;
  const mentions = mentionsOf(rate, own, (day, hasFix) => {
    if (day < 0 || !hasFix) return 1;
    return story === "came_back" && day >= returnsOn ? 1 : 1 - effect;
  });
  const others: OtherIssue[] = rates.map((perDay, index) => ({
    issue: `control ${index}`,
    mentions: mentionsOf(perDay, sharesOf(), () => 1),
  }));
  const ownRate = rate * logBetween(0.3, 1.5);
  const gains = story === "moved" ? (effect * rate) / ownRate : 0;
  const similar = mentionsOf(ownRate, own, (day, hasFix) => (day >= 0 && hasFix ? 1 + gains : 1));
  others.push({ issue: "similar", mentions: similar, isSimilar: true });

  const notHeard: NotHeard[] =
    story === "all_down"
      ? [{ from: FIXED_AT, to: asOf }]
      : story === "part_down"
        ? [{ from: downFrom, to: asOf, channel: mainChannel }]
        : [];
  const fix = { id: "fix", at: FIXED_AT, ...(story === "roll_out" ? { version: "5.3.0" } : {}) };

  const lost = down * Math.max(...own);
  const effectiveDays =
    story === "roll_out"
      ? Array.from({ length: daysAfter }, (_, day) => 0.8 * adopted(day)).reduce(
          (sum, share) => sum + share,
          0,
        )
      : story === "came_back"
        ? returnsOn
        : daysAfter * (1 - lost);
  const shown = story === "roll_out" ? 0.8 : 1;
  const all = rates.reduce((sum, perDay) => sum + perDay, 0);
  // a few large controls are as uneven together as few issues are
  const alike = rates.reduce((sum, perDay) => sum + (perDay / all) ** 2, 0);
  const variance =
    1 / (28 * rate * shown) +
    1 / (0.5 * rate * effectiveDays) +
    1 / (28 * all * shown) +
    1 / (all * effectiveDays) +
    (weekly + daily / 7) * (1 / 4 + 7 / effectiveDays) * (1 + alike);
  const isKnowable = !(story === "all_down" || (lost > 0.5 && story !== "plain"));
  return {
    story,
    effect,
    setting: { fix, mentions, others, asOf, since: start, notHeard },
    truth: truthOf(story, effect),
    strength: isKnowable ? Math.LN2 / Math.sqrt(variance) : 0,
  };
}

function truthOf(story: Story, effect: number): FixVerdict[] {
  if (story === "all_down") return ["too_early"];
  if (story === "moved") return ["moved"];
  if (story === "came_back") return ["came_back"];
  if (effect === 0) return ["held"];
  return effect < 0.5 ? ["fell", "held"] : ["fell"];
}

function chosen(random: () => number, shares: readonly number[]): number {
  let rest = random();
  const found = shares.findIndex((share) => (rest -= share) < 0);
  return found < 0 ? 0 : found;
}

/** Knuth's method, in steps so that e^−mean stays above 0. */
function poisson(random: () => number, mean: number): number {
  let count = 0;
  for (let rest = mean; rest > 0; rest -= 20) {
    const floor = Math.exp(-Math.min(rest, 20));
    for (let product = random(); product > floor; product *= random()) count++;
  }
  return count;
}

/**
 * A factor of mean 1 with this variance.
 * @see Marsaglia, Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000)
 */
function gamma(random: () => number, variance: number): number {
  if (variance === 0) return 1;
  const shape = 1 / variance;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return (d * v) / shape;
  }
}
