import { subjectOfKey, type AlertSubject, type Reading } from "../../../core/alerts/fold-alert.ts";
import { alertPolicy } from "../../../core/alerts/policy.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import type { VolumeMeasure } from "../../../processors/measure-volume.ts";
import { volumeKey, volumeVoices } from "../../../queries/watch-volumes.ts";
import { expectedTimes } from "../calendar.ts";
import { inPieces } from "../../app.ts";
import { subjectOf, withGone, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";
import { openVolumes, type Volume, type VolumeParts, type VolumeSum } from "../volumes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Only where the score comes so near to the threshold it is asked who is behind it. */
const NEAR = 0.5;
/** As good as crossed, were it not for a condition. */
const ALMOST = 0.99;

interface People {
  readonly voices: number;
  readonly mentions: number;
  readonly copies: number;
}

interface Scored {
  readonly measure: VolumeMeasure;
  readonly score: number;
}

/** Watches for far more being said than is usual. */
export function watchVolumeSpike(options: WatchOptions<RuleOf<"volume_spike">>): RuleWatch {
  const { rule, app, alerts } = options;
  const volumes = openVolumes(options);
  // what may yet come late says that it was more, never that it was less
  const latenessMs = Math.min(alerts.allowedLatenessMinutes * MINUTE, volumes.windowMs / 2);
  const { soonFrom } = alertPolicy(rule, alerts);
  /** Up to which bucket each was measured for good. */
  const settled = new Map<string, number>();
  /** Who was behind an hour, as long as it has so many mentions. */
  const asked = new Map<string, { readonly count: number; readonly at: number; readonly people: People }>();

  return {
    async measure(date, open) {
      const now = date.getTime();
      const settledUntil = now - latenessMs;
      const named = [...open].map((key) => partsOf(subjectOfKey(key, rule.kind)));
      const least = Math.min(rule.minCount, rule.coldStart.minCount);
      const read = await volumes.read(date, { least, named });
      const peers = usualHour(read.all, volumes.windowMs);
      const found = read.chosen.map((volume) => ({
        volume,
        fresh: freshOf(volume, peers, settledUntil),
      }));
      await askPeople(found);
      const all = found.map(({ volume, fresh }): Measured => {
        const key = volumeKey(volume);
        settled.set(key, settledUntil);
        const readings = fresh.map((scored): Reading => {
          const { measure } = scored;
          const behind = asked.get(`${key} ${measure.at}`)?.people;
          const score = gated(scored, behind);
          const isSettled = measure.at <= settledUntil;
          return {
            at: Math.min(measure.at, now),
            score,
            isKnown: measure.isKnown && measure.heardShare > 0.5 && (isSettled || score >= 1),
            ...(behind === undefined ? {} : { voices: behind.voices }),
            facts: factsOf(measure, behind),
          };
        });
        return { subject: subject(volume), readings };
      });
      for (const [key, at] of settled) if (settledUntil - at > DAY) settled.delete(key);
      for (const [key, { at }] of asked) if (at < now - volumes.windowMs) asked.delete(key);
      return withGone(rule, all, open, now);
    },
  };

  function subject({ tracker, issue_id, platform, country }: VolumeParts) {
    return subjectOf(rule, tracker, issue_id, { platform, country });
  }

  function partsOf({ tracker, issueId, groupValues }: AlertSubject): VolumeParts {
    const { platform = "", country = "" } = groupValues;
    return { tracker, issue_id: issueId, platform, country };
  }

  /**
   * Each bucket once for good, and whatever crosses the threshold as often as it is looked: something may have come late.
   * What crosses it barely, after a bucket that does not and may yet, waits for that one: whoever looks later sees the same.
   */
  function freshOf(volume: Volume, peers: number, settledUntil: number): Scored[] {
    const meter = volume.meter.copy();
    const before = settled.get(volumeKey(volume)) ?? -Infinity;
    let isOpen = false;
    return volume.recent
      .map(({ at, count }) => meter.take(at, count))
      .map((measure) => ({ measure, score: scoreOf(volume, measure, peers) }))
      .filter(({ measure: { at }, score }) => {
        isOpen ||= at > settledUntil && score < 1;
        return (score >= 1 && (!isOpen || score >= soonFrom)) || (at > before && at <= settledUntil);
      });
  }

  function scoreOf(volume: Volume, measure: VolumeMeasure, peers: number): number {
    const { tracker, issue_id: issue, platform, country } = volume;
    const { where, id } = rule;
    const about = {
      tracker,
      issue,
      rule: id,
      platform: platform || onlyOf(where.platform),
      country: country || onlyOf(where.country),
    };
    const times = expectedTimes(alerts.calendar, about, measure.at);
    const { minCount, ratioToPeers } = rule.coldStart;
    if (measure.historyMs >= rule.minHistoryDays * DAY) return measure.score / times;
    return Math.min(measure.count / minCount, measure.count / (ratioToPeers * Math.max(1, peers))) / times;
  }

  /** Asks who is behind the hours that come near the threshold, where they have other mentions than when it was asked. */
  async function askPeople(
    found: readonly { readonly volume: Volume; readonly fresh: readonly Scored[] }[],
  ): Promise<void> {
    const hours = new Map<number, Map<string, number>>();
    for (const { volume, fresh } of found) {
      const key = volumeKey(volume);
      for (const { measure, score } of fresh) {
        const { at, count } = measure;
        if (score < NEAR || asked.get(`${key} ${at}`)?.count === count) continue;
        hours.set(at, (hours.get(at) ?? new Map<string, number>()).set(key, count));
      }
    }
    for (const [at, counts] of hours) {
      const window = { from: new Date(at - HOUR).toISOString(), to: new Date(at).toISOString() };
      for (const keys of inPieces([...counts.keys()])) {
        for (const people of await app.ask(volumeVoices, { ...volumes.asked, ...window, keys })) {
          const key = volumeKey(people);
          asked.set(`${key} ${at}`, { at, count: counts.get(key) ?? 0, people });
        }
      }
    }
  }

  function gated({ measure, score }: Scored, people: People | undefined): number {
    const isEnough =
      measure.count >= rule.minCount && people !== undefined && people.voices >= rule.minAuthors;
    return isEnough ? score : Math.min(score, ALMOST);
  }

  function factsOf({ at, count, expected }: VolumeMeasure, people: People | undefined) {
    const what = rule.where.complaint === true ? "complaints" : "mentions";
    const usual =
      expected < 0.5
        ? "hardly any are usual then"
        : `${(count / expected).toFixed(1)} times the ${Math.round(expected)} usual then`;
    const copyShare = people === undefined ? 0 : people.copies / Math.max(1, people.mentions);
    const isCoordinated = copyShare > rule.maxCopyShare;
    const who = people === undefined ? "" : ` by ${people.voices} people`;
    return {
      sentence: `${people?.mentions ?? count} ${what}${who} in an hour, ${usual}`,
      reasons: [
        "among the largest bursts of the last three weeks, in 15 minutes, an hour and three hours together",
        ...(isCoordinated
          ? [`${Math.round(100 * copyShare)} % only repeat others: one post passed on, or a campaign`]
          : []),
      ],
      mentions: people?.mentions ?? count,
      expected: Math.round(expected * 10) / 10,
      copyShare: Math.round(copyShare * 1_000) / 1_000,
      isCoordinated,
      from: new Date(at - HOUR).toISOString(),
      to: new Date(at).toISOString(),
    };
  }
}

/** Mentions of the usual subject in an hour: what a new one is compared with. */
function usualHour(volumes: readonly VolumeSum[], windowMs: number): number {
  const counts = volumes.map(({ count }) => count).sort((a, b) => a - b);
  return ((counts[counts.length >> 1] ?? 0) * HOUR) / Math.max(HOUR, windowMs);
}

/** What a rule is about where it watches one alone. */
function onlyOf(chosen: readonly string[]): string {
  return chosen.length === 1 ? (chosen[0] ?? "") : "";
}
