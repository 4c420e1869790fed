import type { z } from "zod";
import { BUCKET_MS } from "../../core/alerts/policy.ts";
import type { RuleOf } from "../../core/alerts/rules.ts";
import { openVolumeMeter, type VolumeMeter } from "../../processors/measure-volume.ts";
import { trackersSince, volumeBuckets, volumeKey } from "../../queries/watch-volumes.ts";
import { openHearing } from "./hearing.ts";
import type { WatchOptions } from "./measured.ts";

/** What is counted apart, with what is known of it. */
export interface Volume {
  readonly tracker: string;
  readonly issue_id: string;
  readonly platform: string;
  readonly country: string;
  /** Mentions of the hours in which an alert may still open. */
  readonly count: number;
  /** Knows everything before those. Copy it before use. */
  readonly meter: VolumeMeter;
  /** Their buckets, oldest first, the last one going on; a count of null: nobody listened. */
  readonly recent: readonly { readonly at: number; readonly count: number | null }[];
}

/** Counts of a rule, kept up to date. */
export interface Volumes {
  /** What is asked of the store, without a time. */
  readonly asked: Omit<z.infer<typeof volumeBuckets.params>, "from" | "to" | "keys">;
  /**
   * Reads what has come since, late or not.
   * @param isChosen tells which are to be measured: of the others the past is not read
   * @returns `all` without a past, beside those `chosen`; the first bucket in which something has come late
   */
  read(
    now: Date,
    isChosen: (volume: Volume) => boolean,
  ): Promise<{
    readonly all: readonly Volume[];
    readonly chosen: readonly Volume[];
    readonly changedFrom: number;
  }>;
}

const DAY = 86_400_000;
/** How far back tells what is usual. */
const PAST_DAYS = 21;
/** What was published so lately is counted anew whenever it is looked … */
const FRESH_MS = 15 * 60_000;
/** … and the rest, where something may have come late, every so often. */
const RECOUNT_MS = 5 * 60_000;
/** A past that nobody asked for in so long is forgotten. */
const FORGOTTEN_MS = DAY;

interface Kept {
  readonly parts: Pick<Volume, "tracker" | "issue_id" | "platform" | "country">;
  readonly counts: Map<number, number>;
  past?: { readonly meter: VolumeMeter; until: number; askedAt: number };
}

/** What a rule counts, as the store is asked for it. */
export function toAsked({
  by,
  where,
  trackers,
}: Pick<
  RuleOf<"volume_spike" | "volume_drop" | "share_shift">,
  "by" | "where" | "trackers"
>): Volumes["asked"] {
  const { complaint = false, platform, country, language } = where;
  return { by: by.filter((group) => group !== "tracker"), complaint, trackers, platform, country, language };
}

/** Opens the counts of a rule. */
export function openVolumes({ rule, app, alerts, sources }: WatchOptions<RuleOf<"volume_spike">>): Volumes {
  const asked = toAsked(rule);
  const windowMs = Math.ceil((alerts.maxEventAgeHours * 3_600_000) / BUCKET_MS) * BUCKET_MS;
  const kept = new Map<string, Kept>();
  const hearing = openHearing(app, sources);
  let recountedAt = -Infinity;
  let since = new Map<string, number>();

  /** @returns the first bucket of which there was another number, before those that are counted anew each time */
  async function count(from: number, to: number): Promise<number> {
    const rows = await app.ask(volumeBuckets, { ...asked, from: iso(from), to: iso(to) });
    const before = new Map<string, number>();
    for (const [key, { counts }] of kept) {
      for (const [bucket, mentions] of counts) {
        if (bucket >= from) before.set(`${key} ${bucket}`, mentions);
        if (bucket >= from || bucket < to - windowMs) counts.delete(bucket);
      }
    }
    const freshFrom = bucketOf(to - FRESH_MS);
    let changedFrom = Infinity;
    for (const { bucket, mentions, ...parts } of rows) {
      const key = volumeKey(parts);
      const found = kept.get(key) ?? { parts, counts: new Map<number, number>() };
      kept.set(key, found);
      found.counts.set(bucket, mentions);
      const isOther = before.get(`${key} ${bucket}`) !== mentions;
      if (isOther && bucket < freshFrom) changedFrom = Math.min(changedFrom, bucket);
    }
    return changedFrom;
  }

  /** Reads the past of those that have none yet. */
  async function remember(lacking: readonly Kept[], from: number, now: number): Promise<void> {
    if (lacking.length === 0) return;
    const began = now - PAST_DAYS * DAY;
    since = new Map(
      (await app.ask(trackersSince, { from: iso(began) })).map(({ tracker, first_at: at }) => [tracker, at]),
    );
    const keys = lacking.map(({ parts }) => volumeKey(parts));
    const counts = new Map<string, Map<number, number>>();
    for (const row of await app.ask(volumeBuckets, { ...asked, from: iso(began), to: iso(from), keys })) {
      const key = volumeKey(row);
      counts.set(key, (counts.get(key) ?? new Map<number, number>()).set(row.bucket, row.mentions));
    }
    for (const one of lacking) {
      const meter = openVolumeMeter({ bucketMs: BUCKET_MS });
      const { tracker } = one.parts;
      // before anything was heard of the tracker nobody listened
      const start = bucketOf(Math.max(began, since.get(tracker) ?? from));
      const of = counts.get(volumeKey(one.parts));
      for (let at = start; at < from; at += BUCKET_MS) {
        meter.take(at, hearing.isHeard(tracker, at) ? (of?.get(at) ?? 0) : null);
      }
      one.past = { meter, until: Math.max(start, from), askedAt: now };
    }
  }

  return {
    asked,
    async read(date, isChosen) {
      const now = date.getTime();
      const end = bucketOf(now) + BUCKET_MS;
      const from = end - windowMs;
      const isRecount = now - recountedAt >= RECOUNT_MS;
      if (isRecount) await hearing.refresh(iso(now - PAST_DAYS * DAY));
      const changedFrom = await count(isRecount ? from : bucketOf(now - FRESH_MS), end);
      if (isRecount) recountedAt = now;

      const volumes = [...kept].map(([key, one]) => ({ key, one, volume: volumeOf(one, from, end) }));
      for (const { key, one } of volumes) {
        const isIdle = one.past === undefined || now - one.past.askedAt > FORGOTTEN_MS;
        if (one.counts.size === 0 && isIdle) kept.delete(key);
      }
      const chosen = volumes.filter(({ volume }) => isChosen(volume));
      await remember(
        chosen.map(({ one }) => one).filter(({ past }) => past === undefined),
        from,
        now,
      );
      for (const { one } of chosen) advance(one, from, now);
      return {
        all: volumes.map(({ volume }) => volume),
        chosen: chosen.map(({ one }) => volumeOf(one, from, end)),
        changedFrom,
      };
    },
  };

  /** Takes what is too old to open an alert into the past. */
  function advance({ parts, counts, past }: Kept, from: number, now: number): void {
    if (past === undefined) return;
    past.askedAt = now;
    for (; past.until < from; past.until += BUCKET_MS) {
      past.meter.take(
        past.until,
        hearing.isHeard(parts.tracker, past.until) ? (counts.get(past.until) ?? 0) : null,
      );
    }
  }

  function volumeOf({ parts, counts, past }: Kept, from: number, end: number): Volume {
    const first = bucketOf(Math.max(from, past?.until ?? from));
    const recent: { at: number; count: number | null }[] = [];
    for (let at = first; at < end; at += BUCKET_MS) {
      recent.push({ at, count: hearing.isHeard(parts.tracker, at) ? (counts.get(at) ?? 0) : null });
    }
    return {
      ...parts,
      count: [...counts].reduce((sum, [at, mentions]) => (at >= from ? sum + mentions : sum), 0),
      meter: past?.meter ?? openVolumeMeter({ bucketMs: BUCKET_MS }),
      recent,
    };
  }
}

const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS) * BUCKET_MS;
const iso = (at: number): string => new Date(at).toISOString();
