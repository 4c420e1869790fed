import { keyOf, type Reading } from "../../../core/alerts/fold-alert.ts";
import { BUCKET_MS } from "../../../core/alerts/policy.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import type { VolumeMeasure } from "../../../processors/measure-volume.ts";
import { volumeKey, volumeVoices } from "../../../queries/watch-volumes.ts";
import { expectedTimes } from "../calendar.ts";
import { subjectOf, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";
import { openVolumes, type Volume } from "../volumes.ts";

const HOUR = 3_600_000;
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
  /** Up to when each was measured. */
  const measured = new Map<string, number>();

  return {
    async measure(date, open) {
      const now = date.getTime();
      const least = Math.min(rule.minCount, rule.coldStart.minCount);
      const read = await volumes.read(
        date,
        (volume) => volume.count >= least || open.has(keyOf(subject(volume))),
      );
      const peers = usualHour(read.all);
      const found = read.chosen.map((volume) => ({
        volume,
        fresh: freshOf(volume, peers, read.changedFrom),
      }));
      const people = await askPeople(found);
      const all: Measured[] = [];
      for (const { volume, fresh } of found) {
        const key = volumeKey(volume);
        measured.set(key, now);
        const readings = fresh.map((scored): Reading => {
          const behind = people.get(`${key} ${scored.measure.at}`);
          return {
            at: Math.min(scored.measure.at, now),
            score: gated(scored, behind),
            isKnown: scored.measure.isKnown && scored.measure.heardShare > 0.5,
            ...(behind === undefined ? {} : { voices: behind.voices }),
            facts: factsOf(scored.measure, behind),
          };
        });
        all.push({ subject: subject(volume), readings });
      }
      for (const [key, at] of measured) if (now - at > DAY) measured.delete(key);
      return all;
    },
  };

  function subject({ tracker, issue_id, platform, country }: Volume) {
    return subjectOf(rule, tracker, issue_id, { platform, country });
  }

  /** Buckets that were not measured, or not whole, or in which something came late. */
  function freshOf(volume: Volume, peers: number, changedFrom: number): Scored[] {
    const meter = volume.meter.copy();
    const from = Math.min(changedFrom, measured.get(volumeKey(volume)) ?? -Infinity);
    return volume.recent
      .map(({ at, count }) => meter.take(at, count))
      .filter(({ at }) => at > from)
      .map((measure) => ({ measure, score: scoreOf(volume, measure, peers) }));
  }

  function scoreOf(volume: Volume, measure: VolumeMeasure, peers: number): number {
    const about = { tracker: volume.tracker, issue: volume.issue_id };
    const times = expectedTimes(alerts.calendar, about, measure.at);
    const { minCount, ratioToPeers } = rule.coldStart;
    if (measure.historyMs >= rule.minHistoryDays * DAY) return measure.score / times;
    return Math.min(measure.count / minCount, measure.count / (ratioToPeers * Math.max(1, peers))) / times;
  }

  /** Who is behind the hours that come near the threshold, by key and end of the hour. */
  async function askPeople(
    found: readonly { readonly volume: Volume; readonly fresh: readonly Scored[] }[],
  ): Promise<Map<string, People>> {
    const hours = new Map<number, string[]>();
    for (const { volume, fresh } of found) {
      for (const { measure, score } of fresh) {
        if (score >= NEAR) hours.set(measure.at, [...(hours.get(measure.at) ?? []), volumeKey(volume)]);
      }
    }
    const people = new Map<string, People>();
    for (const [at, keys] of hours) {
      const window = { from: new Date(at - HOUR).toISOString(), to: new Date(at).toISOString() };
      for (const row of await app.ask(volumeVoices, { ...volumes.asked, ...window, keys })) {
        people.set(`${volumeKey(row)} ${at}`, row);
      }
    }
    return people;
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
function usualHour(volumes: readonly Volume[]): number {
  const hours = volumes.map(
    ({ recent, count }) => (count * HOUR) / Math.max(HOUR, recent.length * BUCKET_MS),
  );
  return hours.sort((a, b) => a - b)[hours.length >> 1] ?? 0;
}
