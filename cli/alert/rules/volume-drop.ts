import { BUCKET_MS } from "../../../core/alerts/policy.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { openVolumeMeter } from "../../../processors/measure-volume.ts";
import { trackersSince, volumeBuckets, volumeKey } from "../../../queries/watch-volumes.ts";
import { openHearing } from "../hearing.ts";
import { subjectOf, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";
import { toAsked } from "../volumes.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PAST_DAYS = 21;
/** What is usual is known after so long. */
const LEAST_HISTORY = 3 * DAY;
/** A drop is told after hours: there is no use in looking every few seconds. */
const LOOK_EVERY_MS = 10 * 60_000;
/** Fewer than chance leaves at this many standard deviations below what is expected, with twice its variance. */
const SIGMAS = 3;

/** Watches for far less being said than is usual, while everything was listened to. */
export function watchVolumeDrop({
  rule,
  app,
  alerts,
  sources,
}: WatchOptions<RuleOf<"volume_drop">>): RuleWatch {
  const asked = toAsked(rule);
  const hearing = openHearing(app, sources);
  let lookedAt = -Infinity;

  return {
    async measure(date) {
      const now = date.getTime();
      if (now - lookedAt < LOOK_EVERY_MS) return [];
      // what is not over, or may still come, is no drop
      const to = Math.floor((now - alerts.allowedLatenessMinutes * 60_000) / BUCKET_MS) * BUCKET_MS;
      const began = to - PAST_DAYS * DAY;
      const [since, rows] = await Promise.all([
        app.ask(trackersSince, { from: iso(began) }),
        app.ask(volumeBuckets, { ...asked, from: iso(began), to: iso(to) }),
        hearing.refresh(iso(began)),
      ]);
      const firstAt = new Map(since.map(({ tracker, first_at: at }) => [tracker, at]));
      const series = new Map<string, { parts: (typeof rows)[number]; counts: Map<number, number> }>();
      for (const row of rows) {
        const key = volumeKey(row);
        const found = series.get(key) ?? { parts: row, counts: new Map<number, number>() };
        series.set(key, found);
        found.counts.set(row.bucket, row.mentions);
      }
      lookedAt = now;
      return [...series.values()].flatMap(({ parts, counts }) => {
        const start = Math.floor(Math.max(began, firstAt.get(parts.tracker) ?? to) / BUCKET_MS) * BUCKET_MS;
        return to - start < LEAST_HISTORY ? [] : [measureOne(parts, counts, start, to)];
      });
    },
  };

  function measureOne(
    parts: { tracker: string; issue_id: string; platform: string; country: string },
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
