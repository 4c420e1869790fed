import type { z } from "zod";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { wilsonLower } from "../../../processors/judge-share.ts";
import { volumeKey, volumeVoices } from "../../../queries/watch-volumes.ts";
import { subjectOf, withGone, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";
import { toAsked } from "../volumes.ts";

const HOUR = 3_600_000;
/** A share of many hours moves slowly. */
const LOOK_EVERY_MS = 5 * 60_000;
/** What is usual over weeks hardly moves within an hour, and is dear to count. */
const USUAL_EVERY_MS = HOUR;

/** Watches for a larger share of what is said being complaints, or negative. */
export function watchShareShift({ rule, app }: WatchOptions<RuleOf<"share_shift">>): RuleWatch {
  const asked = { ...toAsked(rule), complaint: false };
  let lookedAt = -Infinity;
  let usualAt = -Infinity;
  let usual = new Map<string, z.infer<typeof volumeVoices.row>>();

  return {
    async measure(date, open) {
      const now = date.getTime();
      if (now - lookedAt < LOOK_EVERY_MS) return [];
      const from = now - rule.windowHours * HOUR;
      const began = from - rule.baselineDays * 24 * HOUR;
      const ask = (since: number, until: number) =>
        app.ask(volumeVoices, { ...asked, from: iso(since), to: iso(until) });
      if (now - usualAt >= USUAL_EVERY_MS) {
        usual = new Map((await ask(began, from)).map((row) => [volumeKey(row), row]));
        usualAt = now;
      }
      const window = await ask(from, now);
      lookedAt = now;
      const measured = window.flatMap((row): Measured[] => {
        const before = usual.get(volumeKey(row));
        if (before === undefined || before.mentions < rule.minCount) return [];
        const countOf = (of: typeof row) => (rule.of === "complaint" ? of.complaints : of.negative);
        const usualShare = (countOf(before) + 1) / (before.mentions + 2);
        const whose = rule.of === "complaint" ? row.complaint_voices : row.negative_voices;
        // people, not posts: somebody who complains ten times is one
        const share = Math.min(countOf(row) / row.mentions, whose / Math.max(1, row.voices));
        const lower = wilsonLower(share * row.voices, row.voices);
        const score = lower / (usualShare * rule.factor);
        const percent = (part: number) => `${Math.round(100 * part)} %`;
        const what = rule.of === "complaint" ? "complaints" : "negative";
        return [
          {
            subject: subjectOf(rule, row.tracker, row.issue_id, {
              platform: row.platform,
              country: row.country,
            }),
            readings: [
              {
                at: now,
                score: row.voices >= rule.minCount ? score : Math.min(score, 0.99),
                isKnown: true,
                voices: row.voices,
                facts: {
                  sentence: `${percent(share)} of what ${row.voices} people said in ${rule.windowHours} hours are ${what}; ${percent(usualShare)} are usual`,
                  reasons: [
                    `at least ${percent(lower)} with a confidence of 97.5 %, over ${rule.baselineDays} days before`,
                  ],
                  mentions: row.mentions,
                  from: iso(from),
                  to: iso(now),
                },
              },
            ],
          },
        ];
      });
      return withGone(rule, measured, open, now);
    },
  };
}

const iso = (at: number): string => new Date(at).toISOString();
