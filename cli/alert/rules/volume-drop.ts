import { BUCKET_MS } from "../../../core/alerts/policy.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { openVolumeMeter } from "../../../processors/measure-volume.ts";
import { trackersSince, volumeBuckets, volumeKey } from "../../../queries/watch-volumes.ts";
import { openHearing } from "../hearing.ts";
import { subjectOf, withGone, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";
import { toAsked, type VolumeParts } from "../volumes.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PAST_DAYS = 21;
/** What is usual is known after so long. */
const LEAST_HISTORY = 3 * DAY;
/** A drop is told after hours: there is no use in looking every few seconds. */
const LOOK_EVERY_MS = 10 * 60_000;
/** Fewer than chance leaves at this many standard deviations below what is expected, with twice its variance. */
const SIGMAS = 3;
/** Days of the same kind, weekdays or weekends, that tell what is usual at that time of the day. */
const LIKE_DAYS = 3;
/** All is counted anew so often; in between what was published lately. */
const RECOUNT_MS = 6 * HOUR;

interface Series {
  readonly parts: VolumeParts;
  readonly counts: Map<number, number>;
}

/** Watches for far less being said than is usual, while everything was listened to. */
export function watchVolumeDrop({
  rule,
  app,
  alerts,
  sources,
}: WatchOptions<RuleOf<"volume_drop">>): RuleWatch {
  const asked = toAsked(rule);
  const hearing = openHearing(app, sources);
  const series = new Map<string, Series>();
  let lookedAt = -Infinity;
  let recountedAt = -Infinity;

  async function count(began: number, to: number): Promise<void> {
    const isRecount = to - recountedAt >= RECOUNT_MS;
    const from = isRecount ? began : Math.max(began, to - RECOUNT_MS);
    const rows = await app.ask(volumeBuckets, { ...asked, from: iso(from), to: iso(to) });
    if (isRecount) {
      series.clear();
      recountedAt = to;
    }
    for (const { counts } of series.values()) {
      for (const at of counts.keys()) if (at >= from || at < began) counts.delete(at);
    }
    for (const { bucket, mentions, ...parts } of rows) {
      const key = volumeKey(parts);
      const found = series.get(key) ?? { parts, counts: new Map<number, number>() };
      series.set(key, found);
      found.counts.set(bucket, mentions);
    }
  }

  return {
    async measure(date, open) {
      const now = date.getTime();
      if (now - lookedAt < LOOK_EVERY_MS) return [];
      // what is not over, or may still come, is no drop
      const to = Math.floor((now - alerts.allowedLatenessMinutes * 60_000) / BUCKET_MS) * BUCKET_MS;
      const began = to - PAST_DAYS * DAY;
      const [since] = await Promise.all([
        app.ask(trackersSince, { from: iso(began) }),
        count(began, to),
        hearing.refresh(iso(began)),
      ]);
      const firstAt = new Map(since.map(({ tracker, first_at: at }) => [tracker, at]));
      lookedAt = now;
      const measured = [...series.values()].flatMap(({ parts, counts }) => {
        const start = Math.floor(Math.max(began, firstAt.get(parts.tracker) ?? to) / BUCKET_MS) * BUCKET_MS;
        return to - start < LEAST_HISTORY ? [] : [measureOne(parts, counts, start, to)];
      });
      return withGone(rule, measured, open, now);
    },
  };

  /** Mentions of that time of the day, by the median of like days that were heard in full; undefined: too few are known. */
  function usualThen(parts: VolumeParts, counts: ReadonlyMap<number, number>, start: number, to: number) {
    const lengthMs = rule.windowHours * HOUR;
    const sums: number[] = [];
    for (let end = to - Math.ceil(lengthMs / DAY) * DAY; end - lengthMs >= start; end -= DAY) {
      if (isWeekend(end) !== isWeekend(to)) continue;
      let sum = 0;
      let isHeard = true;
      for (let at = bucketOf(end - lengthMs); at < end; at += BUCKET_MS) {
        isHeard &&= hearing.isHeard(parts.tracker, at);
        sum += counts.get(at) ?? 0;
      }
      if (isHeard) sums.push(sum);
    }
    return sums.length < LIKE_DAYS ? undefined : sums.sort((a, b) => a - b)[sums.length >> 1];
  }

  function measureOne(
    parts: VolumeParts,
    counts: ReadonlyMap<number, number>,
    start: number,
    to: number,
  ): Measured {
    const from = to - rule.windowHours * HOUR;
    const meter = openVolumeMeter({ bucketMs: BUCKET_MS });
    let [count, expected, isKnown] = [0, 0, true];
    for (let at = start; at < to; at += BUCKET_MS) {
      const heard = counts.get(at) ?? 0;
      const { bucketExpected } = meter.take(at, hearing.isHeard(parts.tracker, at) ? heard : null);
      if (at < from) continue;
      count += heard;
      expected += bucketExpected;
      isKnown &&= hearing.isComplete(parts.tracker, at);
    }
    // the hours of the week are learned slowly: a quiet night or Sunday is no drop
    const usual = usualThen(parts, counts, start, to);
    expected = Math.min(expected, usual ?? 0);
    const isFarBelow = expected - count > SIGMAS * Math.sqrt(2 * expected);
    const share = (rule.below * expected) / Math.max(count, 0.5);
    const score = expected >= rule.minExpected && isFarBelow ? share : Math.min(share, 0.99);
    const { platform, country } = parts;
    return {
      subject: subjectOf(rule, parts.tracker, parts.issue_id, { platform, country }),
      readings: [
        {
          at: to,
          // a silence is not twice as bad for every hour it lasts
          score: Math.min(score, 1.9),
          isKnown,
          facts: {
            sentence: `${count} ${rule.where.complaint === true ? "complaints" : "mentions"} in ${rule.windowHours} hours, where ${Math.round(expected)} are usual`,
            reasons: ["every source was heard in full"],
            mentions: count,
            expected: Math.round(expected * 10) / 10,
            from: iso(from),
            to: iso(to),
          },
        },
      ],
    };
  }
}

const iso = (at: number): string => new Date(at).toISOString();
const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS) * BUCKET_MS;
const isWeekend = (at: number): boolean => new Date(at).getUTCDay() % 6 === 0;
