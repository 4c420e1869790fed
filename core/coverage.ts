import type { Coverage, CoverageState } from "../schemas/coverage.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { Gap, TimeWindow } from "./contracts.ts";
import { cutText } from "./mention.ts";

const HOUR_MS = 3_600_000;

/** Older hours than this are not listed one by one: a source silent for years must not write as many rows. */
const MAX_HOURS = 24 * 92;

export interface Heard {
  readonly source: string;
  /** Hours that this touches are listed. */
  readonly window: TimeWindow;
  /** Everything since then was heard, but for the gaps. */
  readonly coveredFrom: Timestamp;
  readonly gaps: readonly Gap[];
  /** Nothing is in the ledger yet. */
  readonly isFirst?: boolean;
  readonly at: Timestamp;
}

/**
 * How completely each hour of a window was heard, oldest first. The hour that is not over yet is partial. An hour that
 * was partial before this window began keeps the reason it has: there is no row for it.
 */
export function hoursHeard({ source, window, coveredFrom, gaps, isFirst, at }: Heard): Coverage[] {
  const before: Gap = { from: "1970-01-01T00:00:00.000Z", to: coveredFrom, reason: NOT_YET, isPartial: true };
  const now = Date.parse(window.to);
  return hoursOf(window).flatMap((hour) => {
    const end = Math.min(hour + HOUR_MS, now);
    const missing = [...gaps, before]
      .map((gap) => ({ gap, overlap: overlap(gap, hour, end) }))
      .filter(({ overlap }) => overlap > 0)
      .sort((a, b) => b.overlap - a.overlap);
    const [worst] = missing;
    if (worst === undefined) {
      const isOver = hour + HOUR_MS <= now;
      return [row(source, hour, isOver ? "complete" : "partial", isOver ? "" : NOT_OVER, at)];
    }
    if (worst.gap === before && isFirst !== true) return [];
    const isLost = worst.gap.isPartial !== true && worst.overlap === end - hour;
    return [row(source, hour, isLost ? "none" : "partial", worst.gap.reason, at)];
  });
}

/** Why the hour that is running is partial. */
export const NOT_OVER = "This hour is not over yet.";
const NOT_YET = "It was not listened to from the start of this hour.";

/** Hours that could not be listened to, oldest first; the first is partial where it was heard in part. */
export function hoursUnheard(source: string, window: TimeWindow, reason: string, at: Timestamp): Coverage[] {
  return hoursOf(window).map((hour) =>
    row(source, hour, Date.parse(window.from) > hour ? "partial" : "none", reason, at),
  );
}

/** Why a source is not listened to that was taken out of the config: it is not expected to be from that hour on. */
export const NOT_CONFIGURED = "It is not in the config any more.";

/** The hour a source was found to be taken out of the config. */
export function hourLeft(source: string, at: Timestamp): Coverage {
  const hour = Math.floor(Date.parse(at) / HOUR_MS) * HOUR_MS;
  return row(source, hour, "none", NOT_CONFIGURED, at);
}

/** Starts of the hours a window touches, its end included, the latest {@link MAX_HOURS} of them. */
function hoursOf({ from, to }: TimeWindow): number[] {
  const end = Date.parse(to);
  const start = Math.max(Date.parse(from), end - MAX_HOURS * HOUR_MS);
  const hours: number[] = [];
  for (let hour = Math.floor(start / HOUR_MS) * HOUR_MS; hour <= end; hour += HOUR_MS) hours.push(hour);
  return hours;
}

function overlap(gap: Gap, start: number, end: number): number {
  return Math.max(0, Math.min(Date.parse(gap.to), end) - Math.max(Date.parse(gap.from), start));
}

function row(
  source: string,
  hour: number,
  state: CoverageState,
  reason: string,
  recordedAt: Timestamp,
): Coverage {
  return { source, hour: new Date(hour).toISOString(), state, reason: cutText(reason, 500), recordedAt };
}
