import { z } from "zod";
import { firedAt, pollCascade } from "../cli/backtest-cascades.ts";
import {
  forecastSpread,
  SPREAD_RULE,
  type ShareSample,
  type SpreadRule,
} from "../processors/forecast-spread.ts";
import { lehmer, shuffle } from "../processors/linear-model/shuffle.ts";
import { interval, short } from "./metrics.ts";
import { readSet } from "./sets.ts";
import { table } from "./table.ts";

/** Minutes from a post's publication to each of its shares, in their order. */
export type Cascade = readonly number[];

/** What a rule said of one post. */
export interface SpreadVerdict {
  /** Whether it came to have as many shares as the target. */
  readonly passed: boolean;
  /** Whether the rule fired: before the share that made the target, where one did. */
  readonly fired: boolean;
  /** Minutes from the firing to that share; undefined where there is one of them only. */
  readonly leadMin: number | undefined;
}

/** How well a rule does. */
export interface SpreadScore {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** Median over posts it was right of, in minutes. */
  readonly leadMin: number;
}

/** Says when a rule fires, in minutes from publication, or that it does not. */
type FireRule = (minutes: Cascade, target: number, pollMinutes: number) => number | null;

const Row = z.object({ shares_at_min: z.array(z.number()) });

/** Posts and when they were shared, undefined where the folder does not have them. */
export function readCascades(data: string): Cascade[] | undefined {
  const rows = readSet(data, "cascades/cascades");
  return rows?.map((row) => Row.parse(row).shares_at_min.sort((a, b) => a - b));
}

/** What the rule that ships, or another of its kind, says of posts that are read every so many minutes. */
export function judgeSpread(
  cascades: readonly Cascade[],
  target: number,
  pollMinutes: number,
  rule: SpreadRule = SPREAD_RULE,
): SpreadVerdict[] {
  return verdictsOf(cascades, target, pollMinutes, (minutes) =>
    firedAt(minutes, { target, pollMinutes, rule }),
  );
}

/** Precision, recall, F1 and lead over some posts. A rule that fires when the target is passed already missed it. */
export function scoreSpread(verdicts: readonly SpreadVerdict[]): SpreadScore {
  const hits = verdicts.filter(({ passed, fired }) => passed && fired);
  const passed = verdicts.filter((verdict) => verdict.passed).length;
  const fired = verdicts.filter((verdict) => verdict.fired).length;
  return {
    f1: (2 * hits.length) / (passed + fired || 1),
    precision: hits.length / (fired || 1),
    recall: hits.length / (passed || 1),
    leadMin: median(hits.map(({ leadMin }) => leadMin ?? 0)),
  };
}

/** What is measured of spread: sections of the report, each a title and Markdown. */
export async function spreadSections(data: string): Promise<[title: string, body: string][]> {
  const cascades = readCascades(data);
  if (cascades === undefined) throw new Error(`${data} lacks cascades.`);
  return [
    [
      "Will one post spread far",
      [
        `Of ${cascades.length} posts the minutes of all shares are known. Each is read every so many minutes from its ` +
          "publication; a rule is right of a post when it fires before the share that makes the target, and lead is the " +
          "time from there to that share (median). The ceiling is what nobody can beat who reads that seldom: posts that " +
          "pass before their first reading are missed. All these posts are rumours that were shared dozens of times at least; " +
          "among all posts far fewer pass, and of those that the rule fires for, somewhat more will fall short.",
        byTargetAndPoll(cascades),
        `Other rules, target ${TARGET}, read every ${POLL_MIN} minutes. Where a rule has a number of its own, it is the best of many on these same posts:`,
        besideOthers(cascades),
        onHalves(cascades),
        "Of nine in ten posts a forecast is to come true, and for half of them in the time said:",
        calibration(cascades),
        bySchedule(cascades),
      ].join("\n\n"),
    ],
  ];
}

const TARGETS = [100, 200, 500, 1_000] as const;
const POLLS_MIN = [1, 5, 15, 60] as const;
const TARGET = 500;
const POLL_MIN = 5;

function verdictsOf(
  cascades: readonly Cascade[],
  target: number,
  pollMinutes: number,
  rule: FireRule,
): SpreadVerdict[] {
  return cascades.map((minutes) => {
    const passedAt = minutes[target - 1];
    const at = rule(minutes, target, pollMinutes);
    const fired = at !== null && (passedAt === undefined || at < passedAt);
    return {
      passed: passedAt !== undefined,
      fired,
      leadMin: fired && passedAt !== undefined ? passedAt - at : undefined,
    };
  });
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[sorted.length % 2 ? middle : middle - 1],
    sorted[middle],
  ];
  return (low + high) / 2;
}

const whole = (figure: number): string => (Number.isNaN(figure) ? "–" : figure.toFixed(0));

function f1With(verdicts: readonly SpreadVerdict[]): string {
  const f1 = (some: readonly SpreadVerdict[]) => scoreSpread(some).f1;
  const [low, high] = interval(verdicts, f1);
  return `${short(f1(verdicts))} (${short(low)}–${short(high)})`;
}

function leadWith(verdicts: readonly SpreadVerdict[]): string {
  const lead = (some: readonly SpreadVerdict[]) => scoreSpread(some).leadMin;
  const [low, high] = interval(verdicts, lead);
  return `${whole(lead(verdicts))} min (${whole(low)}–${whole(high)})`;
}

function byTargetAndPoll(cascades: readonly Cascade[]): string {
  const rows = TARGETS.flatMap((target) =>
    POLLS_MIN.map((poll) => {
      const ours = judgeSpread(cascades, target, poll);
      const others = scoreSpread(verdictsOf(cascades, target, poll, halfHourAhead));
      const best = scoreSpread(verdictsOf(cascades, target, poll, clairvoyant));
      const { precision, recall } = scoreSpread(ours);
      return [
        `${target} (${ours.filter(({ passed }) => passed).length} pass)`,
        `${poll} min`,
        f1With(ours),
        short(best.f1),
        short(precision),
        short(recall),
        leadWith(ours),
        `${short(others.f1)}, ${whole(others.leadMin)} min`,
      ];
    }),
  );
  const columns = ["target", "read every", "F1", "its ceiling", "precision", "recall", "lead"];
  return table([...columns, "half an hour at the speed of the last"], rows);
}

/** The share it has at a reading, and the reading before it by half an hour at least. */
function halfHourSpeeds(minutes: Cascade, pollMinutes: number) {
  const samples = pollCascade(minutes, pollMinutes);
  const span = Math.max(30, pollMinutes);
  let back = -1;
  return samples.map(({ at, shares }) => {
    const until = at - span * 60_000;
    while ((samples[back + 1]?.at ?? Infinity) <= until) back++;
    const perHour = (shares - (samples[back]?.shares ?? 0)) / (span / 60);
    return { atMin: at / 60_000, shares, perHour };
  });
}

const firstWhere = (
  minutes: Cascade,
  pollMinutes: number,
  fires: (reading: ReturnType<typeof halfHourSpeeds>[number]) => boolean,
): number | null => halfHourSpeeds(minutes, pollMinutes).find(fires)?.atMin ?? null;

/** The rule to beat: as if the last half hour were to come once more. */
const halfHourAhead: FireRule = (minutes, target, pollMinutes) =>
  firstWhere(minutes, pollMinutes, ({ shares, perHour }) => shares + perHour / 2 >= target);

const clairvoyant: FireRule = (minutes, target, pollMinutes) =>
  (minutes[target - 1] ?? -Infinity) > pollMinutes ? pollMinutes : null;

const PARTS = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

function besideOthers(cascades: readonly Cascade[]): string {
  const best = (rules: readonly FireRule[]) =>
    rules
      .map((rule) => verdictsOf(cascades, TARGET, POLL_MIN, rule))
      .reduce((a, b) => (scoreSpread(b).f1 > scoreSpread(a).f1 ? b : a));
  const rows: [string, readonly SpreadVerdict[]][] = [
    ["**Earshot**", judgeSpread(cascades, TARGET, POLL_MIN)],
    ["half an hour at the speed of the last", verdictsOf(cascades, TARGET, POLL_MIN, halfHourAhead)],
    [
      "a constant time at the speed of the last half hour",
      best(
        [0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5].map(
          (hours): FireRule =>
            (minutes, target, poll) =>
              firstWhere(minutes, poll, ({ shares, perHour }) => shares + perHour * hours >= target),
        ),
      ),
    ],
    [
      "count alone: a part of the target",
      best(
        PARTS.map(
          (part): FireRule =>
            (minutes, target, poll) =>
              firstWhere(minutes, poll, ({ shares }) => shares >= part * target),
        ),
      ),
    ],
    [
      "speed alone: a part of the target per hour",
      best(
        PARTS.map(
          (part): FireRule =>
            (minutes, target, poll) =>
              firstWhere(minutes, poll, ({ perHour }) => perHour >= part * target),
        ),
      ),
    ],
  ];
  return table(
    ["rule", "F1", "precision", "recall", "lead"],
    rows.map(([what, verdicts]) => {
      const { precision, recall } = scoreSpread(verdicts);
      return [what, f1With(verdicts), short(precision), short(recall), leadWith(verdicts)];
    }),
  );
}

const HALVINGS = 20;
/** A rule that is right as often and tells of it later is worth less, by so much F1 a minute, until it tells so early. */
const LEAD_WORTH = 0.004;
const ENOUGH_LEAD_MIN = 65;

/** The numbers of the rule chosen on one half of the posts and judged on the other. */
function onHalves(cascades: readonly Cascade[]): string {
  const rules = [0.02, 0.05, 0.1].flatMap((begun) =>
    [0.4, 0.5, 0.65].flatMap((recent) =>
      [0.5, 0.6, 0.65, 0.7].flatMap((hoursAhead) =>
        [0.6, 0.67, 0.75].map((growth): SpreadRule => ({ begun, recent, hoursAhead, growth })),
      ),
    ),
  );
  const verdicts = rules.map((rule) => judgeSpread(cascades, TARGET, POLL_MIN, rule));
  const worth = (score: SpreadScore) =>
    score.f1 - LEAD_WORTH * Math.max(0, ENOUGH_LEAD_MIN - (score.leadMin || 0));
  const random = lehmer(18);
  const order = cascades.map((_, index) => index);
  const scores: SpreadScore[] = [];
  for (let turn = 0; turn < HALVINGS; turn++) {
    shuffle(order, random);
    const halves = [order.slice(0, order.length >> 1), order.slice(order.length >> 1)];
    for (const [learnt = [], judged = []] of [halves, halves.toReversed()]) {
      const on = (half: readonly number[], of: readonly SpreadVerdict[]) =>
        scoreSpread(half.flatMap((index) => of[index] ?? []));
      const worths = verdicts.map((of) => worth(on(learnt, of)));
      const chosen = verdicts[worths.indexOf(Math.max(...worths))] ?? [];
      scores.push(on(judged, chosen));
    }
  }
  const spreadOf = (figure: (score: SpreadScore) => number, write: (figure: number) => string) => {
    const sorted = scores.map(figure).sort((a, b) => a - b);
    const low = sorted[Math.floor(sorted.length * 0.05)] ?? Number.NaN;
    return `${write(median(sorted))} (worst of twenty ${write(low)})`;
  };
  const all = verdicts.map((of) => scoreSpread(of));
  const f1s = all.map(({ f1 }) => f1).sort((a, b) => a - b);
  return (
    `With the numbers of the rule chosen on one half of the posts and judged on the other, ${HALVINGS} times both ways: F1 ` +
    `${spreadOf(({ f1 }) => f1, short)}, precision ${spreadOf(({ precision }) => precision, short)}, lead ` +
    `${spreadOf(({ leadMin }) => leadMin, whole)} min. Over all ${rules.length} rules that were tried there, F1 is ` +
    `${short(f1s[0] ?? 0)} to ${short(f1s.at(-1) ?? 0)}.`
  );
}

/** Whether as many posts come to their forecast, and as soon, as is said. */
function calibration(cascades: readonly Cascade[]): string {
  const FEWEST = 50;
  const rows = [
    ["up to 1 h", 0, 60],
    ["1–6 h", 60, 360],
    ["6–48 h", 360, 2_880],
  ] as const;
  return table(
    ["age", "forecasts", "that came true", "in the time said"],
    rows.map(([what, from, to]) => {
      let [made, came, inTime] = [0, 0, 0];
      for (const minutes of cascades) {
        for (const { at, shares, forecast } of forecastSpread(
          { publishedAt: 0, samples: pollCascade(minutes, POLL_MIN) },
          TARGET,
        )) {
          const atMin = at / 60_000;
          if (atMin <= from || atMin > to || shares < FEWEST || forecast.shares < shares * 1.1) continue;
          const reachedAt = minutes[forecast.shares - 1];
          made++;
          if (reachedAt === undefined) continue;
          came++;
          if (reachedAt <= atMin + forecast.withinMin) inTime++;
        }
      }
      return [what, String(made), short(came / made), short(inTime / made)];
    }),
  );
}

/** What the schedule of readings costs and misses. */
function bySchedule(cascades: readonly Cascade[]): string {
  const counts: number[] = [];
  const verdicts = verdictsOf(cascades, TARGET, 1, (minutes, target) => {
    const { readings, at } = readOnSchedule(minutes, target);
    counts.push(readings);
    return at;
  });
  const { f1, precision, recall, leadMin } = scoreSpread(verdicts);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return (
    `Read by age, as Earshot does: every 5 minutes for an hour, every 15 to the sixth, hourly to the second day: F1 ${short(f1)}, precision ${short(precision)}, ` +
    `recall ${short(recall)}, lead ${whole(leadMin)} min, with ${whole(mean)} readings of a post instead of the ` +
    `${whole(2_880 / POLL_MIN)} of every ${POLL_MIN} minutes.`
  );
}

/** How often mentions are read again by their age, as queries/due-mentions.ts asks for them: until so many hours old. */
const READ_BY_AGE = [
  { untilHours: 1, everyMin: 5 },
  { untilHours: 6, everyMin: 15 },
  { untilHours: 48, everyMin: 60 },
] as const;

function readOnSchedule(minutes: Cascade, target: number): { readings: number; at: number | null } {
  const samples: ShareSample[] = [];
  let firedAtMin: number | null = null;
  let seen = 0;
  let now = 0;
  for (;;) {
    const wait = READ_BY_AGE.find(({ untilHours }) => now < untilHours * 60)?.everyMin;
    if (wait === undefined) return { readings: samples.length, at: firedAtMin };
    now += wait;
    while ((minutes[seen] ?? Infinity) <= now) seen++;
    samples.push({ at: now * 60_000, shares: seen });
    const last = forecastSpread({ publishedAt: 0, samples }, target).at(-1);
    if (last?.willPass === true) firedAtMin ??= now;
  }
}
