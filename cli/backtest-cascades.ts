import { z } from "zod";
import { EarshotError } from "../core/errors.ts";
import { openRecords } from "../ingestors/file/index.ts";
import { forecastSpread, type ShareSample, type SpreadRule } from "../processors/forecast-spread.ts";
import { writeLines } from "./write-lines.ts";

/** What is tried out, and where it is read from and told. */
export interface BacktestOptions {
  /** What to call the input in messages. */
  readonly name: string;
  /** JSON lines `{ id, shares_at_min }`, gzipped or not. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Whether the input may come slowly, as standard input does. */
  readonly isSlow: boolean;
  /** Shares a post is to pass. */
  readonly target: number;
  readonly pollMinutes: number;
  /** Takes one JSON line `{ id, fired_at_min }` for each readable line, in their order. */
  readonly output: NodeJS.WritableStream;
  /** Takes what could not be read, and the sum at the end. */
  readonly errors: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** One post: minutes from its publication to each of its shares. */
const Cascade = z.object({
  id: z.union([z.string(), z.number()]),
  shares_at_min: z.array(z.number()),
});

const LIKE_THIS = '{"id":"a1","shares_at_min":[0.5,3,12.25]}';
const MINUTE_MS = 60_000;
const LEAST_POLL_MIN = 0.1;

/**
 * Tells of each cascade when the rule would have fired, had its post been read every so many minutes from its publication
 * on: before it passed the target, or null. A share before the publication counts as one at it; order does not matter.
 * @returns the exit code: 1 when there were lines that could not be read, which are told of and passed over
 * @throws {EarshotError} request_invalid for a target or interval that is none; config_invalid, source_unavailable
 */
export async function backtestCascades(options: BacktestOptions): Promise<number> {
  const { name, bytes, isSlow, target, pollMinutes, output, errors, signal } = options;
  requireSense(target, pollMinutes);
  let [read, fired, failed] = [0, 0, 0];
  try {
    const { records } = await openRecords({ name, bytes, isSlow }, { format: "jsonl", hasColumns: true });
    for await (const items of records) {
      signal.throwIfAborted();
      const answers: { id: string | number; fired_at_min: number | null }[] = [];
      for (const { line, record, fault } of items) {
        const cascade = Cascade.safeParse(record);
        if (fault === undefined && cascade.success) {
          const { id, shares_at_min: minutes } = cascade.data;
          answers.push({ id, fired_at_min: firedAt(minutes, { target, pollMinutes }) });
          continue;
        }
        failed++;
        const why = fault?.reason ?? (cascade.success ? "" : whyNot(cascade.error));
        errors.write(`${name}, line ${line}: ${why} Write it like ${LIKE_THIS}; the rest is read.\n`);
      }
      read += answers.length;
      fired += answers.filter(({ fired_at_min: at }) => at !== null).length;
      await writeLines(output, answers, signal);
    }
  } catch (error) {
    // an aborted stream fails in its own words
    signal.throwIfAborted();
    throw error;
  }
  const unread = failed === 0 ? "" : ` ${counted(failed, "line")} could not be read.`;
  errors.write(
    `${counted(read, "cascade")} read every ${pollMinutes} min: of ${fired.toLocaleString("en")} the rule said ` +
      `that they will pass ${target.toLocaleString("en")} shares.${unread}\n`,
  );
  return failed === 0 ? 0 : 1;
}

function requireSense(target: number, pollMinutes: number): void {
  if (!Number.isSafeInteger(target) || target < 1)
    throw new EarshotError(
      "request_invalid",
      `--target ${target} is no number of shares; write it like 500.`,
    );
  if (!Number.isFinite(pollMinutes) || pollMinutes < LEAST_POLL_MIN)
    throw new EarshotError(
      "request_invalid",
      `--poll-minutes ${pollMinutes} is too short or no time; write it like 5, at least ${LEAST_POLL_MIN}.`,
    );
}

function whyNot(error: z.ZodError): string {
  const { path = [], message = "it is no cascade" } = error.issues[0] ?? {};
  return `${path.length === 0 ? "" : `${path.join(".")}: `}${message}.`;
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

/** At which minute after its publication the rule first says of a post that it will pass; null if never in time. */
export function firedAt(
  minutes: readonly number[],
  { target, pollMinutes, rule }: { target: number; pollMinutes: number; rule?: SpreadRule },
): number | null {
  const samples = pollCascade(minutes, pollMinutes);
  const fired = forecastSpread({ publishedAt: 0, samples }, target, rule).find(({ willPass }) => willPass);
  return fired === undefined ? null : fired.at / MINUTE_MS;
}

/**
 * What is seen of a post, in ms from its publication, by whoever reads it every so many minutes. Readings that show nothing
 * new are left out, but for the last before something new: they change no forecast, and a post may be years old.
 */
export function pollCascade(minutes: readonly number[], pollMinutes: number): ShareSample[] {
  const samples: ShareSample[] = [];
  let lastPoll = 0;
  [...minutes]
    .sort((a, b) => a - b)
    .forEach((minute, index) => {
      const poll = Math.max(1, Math.ceil(minute / pollMinutes - 1e-9));
      const at = poll * pollMinutes * MINUTE_MS;
      const shares = index + 1;
      if (poll === lastPoll) samples[samples.length - 1] = { at, shares };
      else {
        if (poll > lastPoll + 1) samples.push({ at: (poll - 1) * pollMinutes * MINUTE_MS, shares: index });
        samples.push({ at, shares });
      }
      lastPoll = poll;
    });
  return samples;
}
