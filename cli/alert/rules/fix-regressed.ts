import { judgeIssueFix } from "../../../api/why/judge-issue-fix.ts";
import { EarshotError } from "../../../core/errors.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { changes } from "../../../queries/changes.ts";
import { subjectOf, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";

const DAY = 86_400_000;
/** Judging a fix reads all that was said of its issue and others. */
const LOOK_EVERY_MS = 30 * 60_000;
const FIXES_OF_DAYS = 180;
const MOST_FIXES = 50;

/** Watches for mended issues coming back. */
export function watchFixRegressed({
  rule,
  app,
  exposureMeasure,
}: WatchOptions<RuleOf<"fix_regressed">> & { readonly exposureMeasure?: string | undefined }): RuleWatch {
  let lookedAt = -Infinity;
  return {
    async measure(now) {
      if (now.getTime() - lookedAt < LOOK_EVERY_MS) return [];
      const from = new Date(now.getTime() - FIXES_OF_DAYS * DAY).toISOString();
      const known = await app.ask(
        changes,
        changes.params.parse({ from, to: now.toISOString(), limit: 10_000 }),
      );
      const fixes = known
        .flatMap(({ id, tracker, at, fixes: mended }) =>
          mended.map((issue) => ({ change: id, tracker, at, issue })),
        )
        .sort((a, b) => (a.at < b.at ? 1 : -1));
      const latest = [...new Map(fixes.reverse().map((fix) => [fix.issue, fix])).values()].slice(-MOST_FIXES);
      lookedAt = now.getTime();
      const measured: Measured[] = [];
      for (const fix of latest) {
        const one = await judge(fix, now);
        if (one !== undefined) measured.push(one);
      }
      return measured;
    },
  };

  async function judge(
    { change, tracker, issue }: { change: string; tracker: string; issue: string },
    now: Date,
  ): Promise<Measured | undefined> {
    if (rule.trackers.length > 0 && !rule.trackers.includes(tracker)) return undefined;
    try {
      const of = tracker === "" ? {} : { tracker };
      const judged = await judgeIssueFix({ ask: app.ask, ...of, issue, change, asOf: now, exposureMeasure });
      return {
        subject: subjectOf(rule, judged.tracker, judged.issue),
        readings: [
          {
            at: now.getTime(),
            score: judged.verdict === "came_back" ? 1 : 0,
            isKnown: judged.verdict !== "too_early",
            facts: {
              sentence: judged.sentence,
              reasons: [`mended by ${judged.change.title} on ${judged.change.at.slice(0, 10)}`],
              title: judged.title,
              change: judged.change.id,
            },
          },
        ],
      };
    } catch (error) {
      // the issue is gone, or was merged: there is nothing to come back
      if (error instanceof EarshotError && !error.retried) return undefined;
      throw error;
    }
  }
}
