import type { z } from "zod";
import { BUCKET_MS } from "../../core/alerts/policy.ts";
import type { RuleOf } from "../../core/alerts/rules.ts";
import { openVolumeMeter, type VolumeMeter } from "../../processors/measure-volume.ts";
import { trackersSince, volumeBuckets, volumeKey } from "../../queries/watch-volumes.ts";
import { inPieces } from "../app.ts";
import { openHearing } from "./hearing.ts";
import type { WatchOptions } from "./measured.ts";

/** What is counted apart. */
export type VolumeParts = Parameters<typeof volumeKey>[0];

/** How much was said of something in the hours in which an alert may still open. */
export interface VolumeSum extends VolumeParts {
  readonly count: number;
}

/** What is counted apart, with what is known of it. */
export interface Volume extends VolumeSum {
  /** Knows everything before those hours. Copy it before use. */
  readonly meter: VolumeMeter;
  /** Their buckets, oldest first, the last one going on; a count of null: nobody listened. */
  readonly recent: readonly { readonly at: number; readonly count: number | null }[];
}

/** Counts of a rule, kept up to date. */
export interface Volumes {
  /** What is asked of the store, without a time. */
  readonly asked: Omit<z.infer<typeof volumeBuckets.params>, "from" | "to" | "keys">;
  /** Length of the hours in which an alert may still open, ms. */
  readonly windowMs: number;
  /**
   * Reads what has come since, late or not.
   * @param chosen which are to be measured, said of or not: of the others the past is not read
   * @returns `all` without a past, beside those `chosen`
   */
  read(
    now: Date,
    chosen: { readonly least: number; readonly named: readonly VolumeParts[] },
  ): Promise<{ readonly all: readonly VolumeSum[]; readonly chosen: readonly Volume[] }>;
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
  readonly parts: VolumeParts;
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
  let countedUntil = -Infinity;

  async function count(from: number, to: number): Promise<void> {
    const rows = await app.ask(volumeBuckets, { ...asked, from: iso(from), to: iso(to) });
    for (const { counts } of kept.values()) {
      for (const bucket of counts.keys()) if (bucket >= from) counts.delete(bucket);
    }
    for (const { bucket, mentions, ...parts } of rows) keep(parts).counts.set(bucket, mentions);
    countedUntil = to;
  }

  function keep(parts: VolumeParts): Kept {
    const key = volumeKey(parts);
    const found = kept.get(key) ?? { parts, counts: new Map<number, number>() };
    kept.set(key, found);
    return found;
  }

  /** Reads the past of those that have none yet. */
  async function remember(lacking: readonly Kept[], from: number, now: number): Promise<void> {
    if (lacking.length === 0) return;
    const began = now - PAST_DAYS * DAY;
    const since = new Map(
      (await app.ask(trackersSince, { from: iso(began) })).map(({ tracker, first_at: at }) => [tracker, at]),
    );
    const counts = new Map<string, Map<number, number>>();
    for (const keys of inPieces(lacking.map(({ parts }) => volumeKey(parts)))) {
      for (const row of await app.ask(volumeBuckets, { ...asked, from: iso(began), to: iso(from), keys })) {
        const key = volumeKey(row);
        counts.set(key, (counts.get(key) ?? new Map<number, number>()).set(row.bucket, row.mentions));
      }
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
    windowMs,
    async read(date, { least, named }) {
      const now = date.getTime();
      const end = bucketOf(now) + BUCKET_MS;
      const from = end - windowMs;
      // after a long sleep what lies between was never counted: pasts are read anew
      if (from > countedUntil) for (const one of kept.values()) delete one.past;
      const isRecount = now - recountedAt >= RECOUNT_MS;
      if (isRecount) await hearing.refresh(iso(now - PAST_DAYS * DAY));
      await count(isRecount ? from : bucketOf(now - FRESH_MS), end);
      if (isRecount) recountedAt = now;
      for (const parts of named) keep(parts);

      const isNamed = new Set(named.map(volumeKey));
      const all: VolumeSum[] = [];
      const chosen: Kept[] = [];
      for (const [key, one] of kept) {
        advance(one, from, now);
        if (one.counts.size === 0 && one.past === undefined && !isNamed.has(key)) {
          kept.delete(key);
          continue;
        }
        let sum = 0;
        for (const mentions of one.counts.values()) sum += mentions;
        all.push({ ...one.parts, count: sum });
        if (sum >= least || isNamed.has(key)) chosen.push(one);
      }
      await remember(
        chosen.filter(({ past }) => past === undefined),
        from,
        now,
      );
      for (const { past } of chosen) if (past !== undefined) past.askedAt = now;
      return { all, chosen: chosen.map((one) => volumeOf(one, from, end)) };
    },
  };

  /** Takes what is too old to open an alert into the past, and lets go of it. */
  function advance(one: Kept, from: number, now: number): void {
    const { parts, counts } = one;
    if (one.past !== undefined && now - one.past.askedAt > FORGOTTEN_MS) delete one.past;
    const { past } = one;
    for (; past !== undefined && past.until < from; past.until += BUCKET_MS) {
      const isHeard = hearing.isHeard(parts.tracker, past.until);
      past.meter.take(past.until, isHeard ? (counts.get(past.until) ?? 0) : null);
    }
    for (const bucket of counts.keys()) if (bucket < from) counts.delete(bucket);
  }

  function volumeOf({ parts, counts, past }: Kept, from: number, end: number): Volume {
    const recent: { at: number; count: number | null }[] = [];
    let sum = 0;
    for (let at = Math.max(from, past?.until ?? from); at < end; at += BUCKET_MS) {
      // what was said was heard, whatever the ledger says of most sources: a burst is not to be missed for them
      const count = counts.get(at) ?? (hearing.isHeard(parts.tracker, at) ? 0 : null);
      recent.push({ at, count });
      sum += count ?? 0;
    }
    return { ...parts, count: sum, meter: past?.meter ?? openVolumeMeter({ bucketMs: BUCKET_MS }), recent };
  }
}

const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS) * BUCKET_MS;
const iso = (at: number): string => new Date(at).toISOString();
