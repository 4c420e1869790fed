import type { z } from "zod";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { sourceHealth } from "../../../queries/source-health.ts";
import { sourcePauses } from "../../../queries/watch-sources.ts";
import { subjectOf, withGone, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LOOK_EVERY_MS = MINUTE;
/** Looking takes at most this share of the time: it reads all that sources brought. */
const LOOKING_SHARE = 0.02;
const ALMOST = 0.99;
/** Silence is one trouble however long: it is told as high at most, that of all sources as critical, and then no more. */
const MOST_OF_ONE = 3.9;
const MOST_OF_ALL = 4;
/** A source that brings nothing is told of when that lasts so much longer than its longest pause of so many days … */
const PAUSE_FACTOR = 1.5;
const PAUSE_DAYS = 31;
/** … and where these are fewer than a week, whose weekend nobody knows, than a day. */
const LEAST_DAYS = 7;
/** Stands for all sources together. */
const ALL = "all";

type Health = z.infer<typeof sourceHealth.row>;

/** Since when something is not as it was to be, and after how long that is told. In minutes. */
interface Lack {
  readonly minutes: number;
  readonly limit: number;
}

/** Watches for sources that are not heard, and for nothing being heard at all. By the clock: silence has no other time. */
export function watchSourceSilent({
  rule,
  app,
  alerts,
  sources,
}: WatchOptions<RuleOf<"source_silent">>): RuleWatch {
  let lookAgainAt = -Infinity;
  return {
    async measure(date, open) {
      const now = date.getTime();
      if (now < lookAgainAt) return [];
      const started = performance.now();
      const health = new Map(
        (await app.ask(sourceHealth, { at: date.toISOString() })).map((row) => [row.source, row]),
      );
      const found = sources.flatMap(({ id }) => health.get(id) ?? []);
      const silent = found.filter(({ state }) => state === "silent").map(({ source }) => source);
      const pauses =
        silent.length === 0 ? [] : await app.ask(sourcePauses, { sources: silent, from: pausesFrom(now) });
      const pauseOf = new Map(pauses.map((row) => [row.source, row]));
      lookAgainAt = now + Math.max(LOOK_EVERY_MS, (performance.now() - started) / LOOKING_SHARE);
      const measured = found.map((row) =>
        measure(row.source, lackOf(row, pauseOf.get(row.source), now), now, row),
      );
      const heard = found.map((row) => heardAt(row, now)).filter((at) => !Number.isNaN(at));
      if (heard.length > 0) {
        const minutes = (now - Math.max(...heard)) / MINUTE;
        measured.push(measure(ALL, { minutes, limit: alerts.silentMinutes }, now));
      }
      return withGone(rule, measured, open, now);
    },
  };

  function measure(source: string, { minutes, limit }: Lack, now: number, row?: Health): Measured {
    const what = source === ALL ? "Nothing at all could be heard" : `${source} is not heard`;
    const long = minutes >= 120 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes)} minutes`;
    const score = Math.max(0, minutes / limit);
    return {
      subject: subjectOf(rule, "", "", { source }),
      readings: [
        {
          at: now,
          score: Math.min(score, source === ALL ? MOST_OF_ALL : MOST_OF_ONE),
          isKnown: true,
          facts: {
            sentence:
              row?.state === "silent"
                ? `${source} answers, and brings nothing for ${long}`
                : `${what} for ${long}`,
            reasons: row === undefined || row.reason === "" ? [] : [row.reason],
            state: row?.state ?? "",
          },
        },
      ],
    };
  }

  function lackOf(row: Health, pause: Pause | undefined, now: number): Lack {
    const limit = rule.afterMinutes;
    if (row.state === "silent") {
      // what was said since it was last asked cannot be here: a source that is asked once a day is silent all day
      const minutes = (timeOf(row.heard_until) - timeOf(row.last_published_at)) / MINUTE;
      if (Number.isNaN(minutes)) return { minutes: 0, limit };
      const usual = (PAUSE_FACTOR * (pause?.longest_h ?? 0) * HOUR) / MINUTE;
      const least = (pause?.days ?? 0) < LEAST_DAYS ? DAY / MINUTE : 0;
      return { minutes, limit: Math.max(limit, usual, least) };
    }
    if (row.state !== "degraded" && row.state !== "unauthorized") return { minutes: 0, limit };
    // one that was never heard is not heard since it was polled first, which nobody remembers
    if (row.heard_until === null && row.failures > 1)
      return { minutes: limit * ALMOST + row.failures, limit };
    return { minutes: (now - heardAt(row, now)) / MINUTE, limit };
  }
}

type Pause = z.infer<typeof sourcePauses.row>;

/** Up to when a source was heard as it was to be: one that is asked every hour is not late before the hour is over. */
function heardAt(row: Health, now: number): number {
  if (row.last_polled_at === null) return Number.NaN;
  const polled = timeOf(row.last_polled_at);
  const heard = row.heard_until === null ? polled : timeOf(row.heard_until);
  if (row.state === "degraded" || row.state === "unauthorized") {
    // the first time that it fails, it was heard in full up to then
    return row.failures <= 1 ? Math.max(heard, polled) : heard;
  }
  return row.next_poll_at === null ? heard : Math.max(heard, Math.min(timeOf(row.next_poll_at), now));
}

const timeOf = (at: string | null): number => Date.parse(at ?? "");
const pausesFrom = (now: number): string => new Date(now - PAUSE_DAYS * DAY).toISOString();
