import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openSeriesJudge } from "../cli/backtest-series.ts";
import { openVolumeMeter } from "../processors/measure-volume.ts";
import { lehmer } from "../processors/linear-model/shuffle.ts";
import { short } from "./metrics.ts";
import { nabScore, type FlaggedSeries } from "./nab-score.ts";
import { table } from "./table.ts";

/** A series of counts whose bursts people have labelled. */
export interface LabelledSeries {
  readonly name: string;
  /** Starts of buckets, ms, and the counts in them. */
  readonly times: readonly number[];
  readonly counts: readonly number[];
  readonly windows: readonly (readonly [number, number])[];
  /** When each of them began, by eye, ms. */
  readonly labels: readonly number[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BUCKET = 5 * MINUTE;
const WEEK = 7 * 24 * HOUR;
/** Alerts so close to each other are one. */
const ONE_ALARM_MS = HOUR;

/** What is measured of the detector of volumes: sections of the report, each a title and Markdown. */
export function alertSections(data: string): [title: string, body: string][] {
  const series = readLabelledSeries(data);
  if (series === undefined) throw new Error(`${data} lacks the series of the Numenta Anomaly Benchmark.`);
  return [
    ["Bursts of volume (Numenta Anomaly Benchmark, realTweets, development half)", bursts(series)],
    ["Injected crises: real bursts on real backgrounds", injected(series)],
  ];
}

/** The series, undefined where the folder does not have them. */
export function readLabelledSeries(data: string): LabelledSeries[] | undefined {
  const folder = join(data, "nab");
  if (!existsSync(folder)) return undefined;
  const labelsOf = <T>(file: string) =>
    JSON.parse(readFileSync(join(folder, "labels", file), "utf8")) as Record<string, T[]>;
  const windows = labelsOf<[string, string]>("combined_windows.json");
  const labels = labelsOf<string>("combined_labels.json");
  return Object.keys(windows).map((path) => {
    const file = path.slice(path.lastIndexOf("/") + 1);
    const rows = readFileSync(join(folder, "data", file), "utf8")
      .trim()
      .split("\n")
      .slice(1);
    const cells = rows.map((row) => row.split(",") as [string, string]);
    return {
      name: file.replace(/^Twitter_volume_|\.csv$/g, ""),
      times: cells.map(([at]) => timeOf(at)),
      counts: cells.map(([, count]) => Number(count)),
      windows: (windows[path] ?? []).map(([from, to]) => [timeOf(from), timeOf(to)] as const),
      labels: (labels[path] ?? []).map(timeOf),
    };
  });
}

function timeOf(written: string): number {
  return Date.parse(`${written.slice(0, 19).replace(" ", "T")}Z`);
}

/** Whether people would have been told at each bucket. */
export function flagsOf({ times, counts }: Pick<LabelledSeries, "times" | "counts">): boolean[] {
  const judge = openSeriesJudge("series", BUCKET);
  return times.map((at, nth) => judge(at, counts[nth] ?? 0).isTold);
}

interface Figures extends FlaggedSeries {
  readonly name: string;
  readonly found: number;
  readonly falseAlarms: number;
  readonly weeks: number;
  /** Minutes from the first label of each window to its first alert. */
  readonly delays: readonly number[];
}

/** What a detector's flags are worth on a series. */
export function figuresOf(series: LabelledSeries, flags: readonly boolean[]): Figures {
  const { times, windows, labels } = series;
  const told = times.filter((_, nth) => flags[nth] === true);
  const firsts = windows.map(([from, to]) => told.find((at) => at >= from && at <= to));
  const outside = told.filter((at) => !windows.some(([from, to]) => at >= from && at <= to));
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    ...series,
    flags,
    found: firsts.filter((first) => first !== undefined).length,
    falseAlarms: outside.filter((at, nth) => at - (outside[nth - 1] ?? -Infinity) >= ONE_ALARM_MS).length,
    // the first days only teach
    weeks: (span - Math.min(0.15 * span, 750 * BUCKET)) / WEEK,
    delays: firsts.flatMap((first, nth) => {
      const [from, to] = windows[nth] ?? [0, 0];
      // a window may hold several
      const label = labels.find((at) => at >= from && at <= to);
      return first === undefined || label === undefined ? [] : [(first - label) / MINUTE];
    }),
  };
}

function bursts(series: readonly LabelledSeries[]): string {
  const judged = series.map((one) => figuresOf(one, flagsOf(one)));
  const rowOf = (name: string, of: readonly Figures[]) => {
    const sum = (figure: (one: Figures) => number) => of.reduce((total, one) => total + figure(one), 0);
    const delays = of.flatMap(({ delays: own }) => own).sort((a, b) => a - b);
    return [
      name,
      nabScore(of).toFixed(1),
      `${sum(({ found }) => found)} of ${sum(({ windows }) => windows.length)}`,
      short(sum(({ falseAlarms }) => falseAlarms) / sum(({ weeks }) => weeks)),
      String(delays[delays.length >> 1] ?? ""),
    ];
  };
  const columns = [
    "series",
    "NAB, standard profile",
    "windows found",
    "false alarms a week",
    "minutes from label, median",
  ];
  return (
    "One threshold for all; what is told is scored, not every unusual bucket. The best that was published for all ten " +
    "series and knows nothing of the future is 68.9, with 1.96 false alarms a week; the best that does, 83.2.\n\n" +
    table(columns, [...judged.map((one) => rowOf(one.name, [one])), rowOf("**all**", judged)])
  );
}

const SIZES = [2, 3, 4, 6, 10] as const;
/** Of the labelled bursts, those that are this many times what was usual are put in as large as they were, too. */
const LEAST_OWN = 4;
const PER_SERIES = 40;
/** Bursts begin when what is usual has been learned, and end before the series does. */
const [FROM_DAY, TO_DAY] = [10, 50];
const BURST_BUCKETS = 36;
/** A crisis that was not told of after so long was missed. */
const MISSED_AFTER = BURST_BUCKETS * BUCKET;
/** The smallest crisis is worth an alert by its number alone: so many more posts in its first hour. */
const LEAST_EXTRA = 40;

/** Real bursts of known onset, put on top of other series: how many are missed, and how long it takes. */
function injected(series: readonly LabelledSeries[]): string {
  const shapes = burstShapes(series);
  const rows = [...SIZES, undefined].map((size) => {
    const minutes = series.flatMap((one, nth) => {
      const others = shapes.filter(
        (shape) => shape.name !== one.name && (size !== undefined || shape.size >= LEAST_OWN),
      );
      return injectInto(one, others, size, nth + 1);
    });
    const found = minutes.filter((delay) => delay !== undefined).sort((a, b) => a - b);
    const at = (share: number) => String(found[Math.floor(share * found.length)] ?? "");
    const title = size === undefined ? `its own, ${LEAST_OWN}× or more` : `${size}×`;
    return [title, String(minutes.length), short(1 - found.length / minutes.length), at(0.5), at(0.9)];
  });
  return (
    `The first three hours of a labelled burst of another series, scaled so that its first hour holds so many times what is ` +
    `expected there, or as many times as it did where it was (and at least ${LEAST_EXTRA} posts more), at random times outside labelled windows; ` +
    "missed is what was not told within those three hours.\n\n" +
    table(
      [
        "first hour, times what is usual",
        "crises",
        "missed",
        "minutes to the alert, median",
        "90th percentile",
      ],
      rows,
    )
  );
}

interface Shape {
  readonly name: string;
  /** How many times what was usual there its first hour was. */
  readonly size: number;
  /** Share of the posts of the first hour, in each bucket from the onset on. */
  readonly shares: readonly number[];
}

/** How labelled bursts go on from their onset. */
function burstShapes(series: readonly LabelledSeries[]): Shape[] {
  return series.flatMap(({ name, times, counts, labels }) =>
    labels.flatMap((label): Shape[] => {
      const start = times.findIndex((at) => at >= label);
      const before = counts.slice(Math.max(0, start - 24), start - 6);
      const usual = before.reduce((sum, count) => sum + count, 0) / Math.max(1, before.length);
      const extra = counts.slice(start, start + BURST_BUCKETS).map((count) => Math.max(0, count - usual));
      const firstHour = extra.slice(0, 12).reduce((sum, count) => sum + count, 0);
      const size = 1 + firstHour / (12 * Math.max(usual, 1 / 12));
      return firstHour < LEAST_EXTRA ? [] : [{ name, size, shares: extra.map((count) => count / firstHour) }];
    }),
  );
}

/** Minutes from each onset to the first alert, undefined where it was missed. Each is put in alone. */
function injectInto(
  { times, counts, windows }: LabelledSeries,
  shapes: readonly Shape[],
  size: number | undefined,
  seed: number,
): (number | undefined)[] {
  const random = lehmer(seed * 1_000 + (size ?? 0));
  const perDay = (24 * HOUR) / BUCKET;
  const expected = expectedOf({ times, counts });
  const before = flagsOf({ times, counts });
  const found: (number | undefined)[] = [];
  while (found.length < PER_SERIES) {
    const start = Math.floor((FROM_DAY + random() * (TO_DAY - FROM_DAY)) * perDay);
    const at = times[start] ?? 0;
    const shape = shapes[Math.floor(random() * shapes.length)];
    const isNear = windows.some(([from, to]) => at >= from - 24 * HOUR && at <= to + 24 * HOUR);
    const wasTold = before.slice(start - perDay, start + BURST_BUCKETS).includes(true);
    if (shape === undefined || isNear || wasTold) continue;
    const usual = expected.slice(start, start + 12).reduce((sum, count) => sum + count, 0);
    const extra = Math.max(LEAST_EXTRA, ((size ?? shape.size) - 1) * usual);
    const end = start + BURST_BUCKETS + 1;
    const mixed = counts
      .slice(0, end)
      .map((count, nth) => count + Math.round((shape.shares[nth - start] ?? 0) * extra));
    const told = flagsOf({ times: times.slice(0, end), counts: mixed }).indexOf(true, start);
    const delay = told < 0 ? Infinity : (times[told] ?? 0) + BUCKET - at;
    found.push(delay <= MISSED_AFTER ? delay / MINUTE : undefined);
  }
  return found;
}

function expectedOf({ times, counts }: Pick<LabelledSeries, "times" | "counts">): number[] {
  const meter = openVolumeMeter({ bucketMs: BUCKET });
  return times.map((at, nth) => meter.take(at, counts[nth] ?? 0).bucketExpected);
}
