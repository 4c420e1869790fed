import type { Coverage } from "../../schemas/coverage.ts";
import type { NotHeard } from "./exposure-clock.ts";

const HOUR_MS = 3_600_000;
/** How much of a partly heard hour was heard is not known. */
export const HEARD_OF_PARTIAL = 0.5;

/**
 * The time not heard, from the ledger of coverage: hours in a row as one, each source with the share its channel gives it.
 * @param coverage one row per source and hour
 * @param channelOf the channel a source listens to, in the words of the mentions; undefined leaves its rows out
 */
export function notHeardFrom(
  coverage: readonly Pick<Coverage, "source" | "hour" | "state">[],
  channelOf: (source: string) => string | undefined,
): NotHeard[] {
  const sourcesBy = new Map<string, Set<string>>();
  for (const { source } of coverage) {
    const channel = channelOf(source);
    if (channel === undefined) continue;
    const sources = sourcesBy.get(channel);
    if (sources === undefined) sourcesBy.set(channel, new Set([source]));
    else sources.add(source);
  }
  const missing = coverage
    .filter(({ state }) => state !== "complete")
    .map(({ source, hour, state }) => ({ source, state, from: Date.parse(hour) }))
    .sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : a.from - b.from));
  const gaps: (NotHeard & { source: string; to: number })[] = [];
  for (const { source, state, from } of missing) {
    const channel = channelOf(source);
    if (channel === undefined) continue;
    const share = 1 / (sourcesBy.get(channel)?.size ?? 1);
    const heard = 1 - share * (state === "none" ? 1 : 1 - HEARD_OF_PARTIAL);
    const last = gaps.at(-1);
    if (last?.source === source && last.to === from && last.heard === heard) last.to = from + HOUR_MS;
    else gaps.push({ source, channel, from, to: from + HOUR_MS, heard });
  }
  return gaps.map(({ from, to, channel, heard }) => ({
    from,
    to,
    ...(channel === undefined ? {} : { channel }),
    ...(heard === undefined ? {} : { heard }),
  }));
}
