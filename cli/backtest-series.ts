import { alertPolicy } from "../core/alerts/policy.ts";
import { AlertRule } from "../core/alerts/rules.ts";
import { EarshotError } from "../core/errors.ts";
import { cellValue, columnReader, dateReader, openRecords } from "../ingestors/file/index.ts";
import { takeReading, type AlertState, type AlertSubject } from "../core/alerts/fold-alert.ts";
import { openVolumeMeter } from "../processors/measure-volume.ts";

/** What may be tried out on a series of counts. */
export const SERIES_DETECTORS = ["volume_spike"] as const;

/** What is tried out, and where it is read from and told. */
export interface SeriesOptions {
  /** What to call the input in messages. */
  readonly name: string;
  /** A table with the columns timestamp and value, gzipped or not. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Whether the input may come slowly, as standard input does. */
  readonly isSlow: boolean;
  readonly detector: string;
  /** Takes a CSV of timestamp, anomaly_score and alert, a row for each row. */
  readonly output: NodeJS.WritableStream;
  /** Takes what could not be read, and the sum at the end. */
  readonly errors: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

interface Row {
  readonly line: number;
  readonly written: string;
  readonly at: number;
  readonly value: number;
  /** Why it cannot be read; empty: it can. */
  readonly fault: string;
}

const DAY_MS = 86_400_000;
/** Rows that tell how long a bucket is. */
const TOLD_BY = 50;
/** More missing buckets than this are no gap but another series. */
const MOST_MISSING = 10_000;

/**
 * Tells of each bucket of a series how unusual it is, 1 being the threshold, and whether people would have been told:
 * causal, so that a longer file says the same of its beginning. Buckets that are missing were not listened to.
 * @returns the exit code: 1 when there were rows that could not be read, which are told of and have a score of 0
 * @throws {EarshotError} request_invalid for a detector there is none of; config_invalid, source_unavailable
 */
export async function backtestSeries(options: SeriesOptions): Promise<number> {
  const { name, detector, output, errors, signal } = options;
  if (!SERIES_DETECTORS.some((known) => known === detector)) {
    throw new EarshotError(
      "request_invalid",
      `There is no detector ${detector}; there is ${SERIES_DETECTORS.join(", ")}.`,
    );
  }
  const rows = await readRows(options);
  const bucketMs = bucketLength(rows);
  const judge = openSeriesJudge(name, bucketMs);
  output.write("timestamp,anomaly_score,alert\n");
  let [alerts, failed, last] = [0, 0, -Infinity];
  for (const { line, written, at, value, fault } of rows) {
    signal.throwIfAborted();
    const wrong = fault || (at < last ? "it is earlier than the row before; sort the file by time." : "");
    let judged = { score: 0, isTold: false };
    if (wrong === "") {
      judged = judge(at, value);
      last = at;
    } else {
      failed++;
      errors.write(`${name}, line ${line}: ${wrong} Its score is 0; the rest is read.\n`);
    }
    if (judged.isTold) alerts++;
    output.write(`${quoted(written)},${judged.score.toFixed(6)},${judged.isTold ? 1 : 0}\n`);
  }
  const span = rows.length < 2 ? 0 : ((rows.at(-1)?.at ?? 0) - (rows[0]?.at ?? 0)) / (7 * DAY_MS);
  errors.write(
    `${rows.length.toLocaleString("en")} buckets of ${bucketMs / 60_000} min, ${span.toFixed(1)} weeks: people would have ` +
      `been told ${alerts.toLocaleString("en")} times.${failed === 0 ? "" : ` ${failed} rows could not be read.`}\n`,
  );
  return failed === 0 ? 0 : 1;
}

/**
 * What the rule `volume_spike` with its defaults makes of a series of counts, bucket by bucket in the order of their times.
 * @param name of the series, which alerts are told apart by
 */
export function openSeriesJudge(name: string, bucketMs: number) {
  const rule = AlertRule.parse({ kind: "volume_spike", id: "volume_spike" });
  const policy = { ...alertPolicy(rule, { maxEventAgeHours: Infinity }), bucketMs };
  const minHistoryMs = rule.kind === "volume_spike" ? rule.minHistoryDays * DAY_MS : 0;
  const subject: AlertSubject = {
    rule: rule.id,
    ruleKind: rule.kind,
    tracker: "",
    issueId: "",
    groupValues: { series: name },
  };
  const meter = openVolumeMeter({ bucketMs });
  let state: AlertState | undefined;
  let next = Number.NaN;
  return (at: number, value: number) => {
    const missing = Math.min(MOST_MISSING, Math.round((at - next) / bucketMs));
    for (let nth = 0; nth < missing; nth++) meter.take(next + nth * bucketMs, null);
    next = at + bucketMs;
    const measured = meter.take(at, value);
    if (measured.historyMs < minHistoryMs) return { score: measured.score, isTold: false };
    const reading = { at: measured.at, score: measured.score, isKnown: true, facts: {} };
    const taken = takeReading(subject, state, reading, policy, measured.at);
    state = taken.state;
    const isTold = taken.events.some(({ kind }) => kind === "fired" || kind === "escalated");
    return { score: measured.score, isTold };
  };
}

async function readRows({ name, bytes, isSlow, signal }: SeriesOptions): Promise<Row[]> {
  const { header, records } = await openRecords(
    { name, bytes, isSlow },
    { format: "auto", hasColumns: true },
  );
  const [time, value] = ["timestamp", "value"].map((wanted) => {
    const found = header.find((column) => column.trim().toLowerCase() === wanted);
    if (found !== undefined) return columnReader(found);
    throw new EarshotError(
      "request_invalid",
      `${name} has no column ${wanted}; it has ${header.join(", ").slice(0, 200) || "none"}. Name its columns timestamp and value.`,
    );
  }) as [ReturnType<typeof columnReader>, ReturnType<typeof columnReader>];
  const readDate = dateReader({ timezone: "UTC", dateOrder: "day_first", dateFormat: null });
  const rows: Row[] = [];
  try {
    for await (const items of records) {
      signal.throwIfAborted();
      for (const { line, record, fault } of items) {
        const written = record === undefined ? "" : cellValue(time(record));
        const counted = record === undefined ? "" : cellValue(value(record));
        const at = Date.parse(readDate(written) ?? "");
        rows.push({
          line,
          written,
          at,
          value: Number(counted),
          fault: fault?.reason ?? faultOf(at, counted),
        });
      }
    }
  } catch (error) {
    // an aborted stream fails in its own words
    signal.throwIfAborted();
    throw error;
  }
  return rows;
}

function faultOf(at: number, counted: string): string {
  if (Number.isNaN(at)) return "its timestamp is no time; write it like 2026-03-02 10:05:00.";
  const value = Number(counted);
  const isCount = counted.trim() !== "" && Number.isFinite(value) && value >= 0;
  return isCount ? "" : `its value ${counted.slice(0, 40) || "(empty)"} is no count; write it like 17.`;
}

/** The commonest step between the first rows, ms. */
function bucketLength(rows: readonly Row[]): number {
  const steps = new Map<number, number>();
  const times = rows.slice(0, TOLD_BY).filter(({ fault }) => fault === "");
  times.forEach(({ at }, index) => {
    const step = at - (times[index - 1]?.at ?? at);
    if (step > 0) steps.set(step, (steps.get(step) ?? 0) + 1);
  });
  const [commonest] = [...steps].sort(([a, often], [b, oftenB]) => oftenB - often || a - b);
  return commonest?.[0] ?? 5 * 60_000;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
