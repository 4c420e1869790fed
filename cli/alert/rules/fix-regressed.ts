import { judgeIssueFix } from "../../../api/why/judge-issue-fix.ts";
import { EarshotError } from "../../../core/errors.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { changes } from "../../../queries/changes.ts";
import { goneOf, subjectOf, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";

const DAY = 86_400_000;
/** Judging a fix reads all that was said of its issue and others. */
const LOOK_EVERY_MS = 30 * 60_000;
const FIXES_OF_DAYS = 180;
const MOST_FIXES = 50;

interface Fix {
  readonly change: string;
  readonly tracker: string;
  readonly at: string;
  readonly issue: string;
}

/** Watches for mended issues coming back. */
export function watchFixRegressed({
  rule,
  app,
  exposureMeasure,
}: WatchOptions<RuleOf<"fix_regressed">> & { readonly exposureMeasure?: string | undefined }): RuleWatch {
  let lookedAt = -Infinity;
  /** What is still to be judged of this look: one a time, so that no other rule waits for all of them. */
  let due: Fix[] = [];
  let met: Measured[] = [];

  return {
    async measure(now, open) {
      if (due.length === 0) {
        if (now.getTime() - lookedAt < LOOK_EVERY_MS) return [];
        due = await latestFixes(now);
        met = [];
        lookedAt = now.getTime();
      }
      const fix = due[0];
      const one = fix === undefined ? undefined : await judge(fix, now);
      due.shift();
      if (one !== undefined) met.push(one);
      const measured = one === undefined ? [] : [one];
      if (due.length > 0) return measured;
      return [...measured, ...goneOf(rule, met, open, now.getTime())];
    },
  };

  /** The latest fix of each issue, newest first. */
  async function latestFixes(now: Date): Promise<Fix[]> {
    const from = new Date(now.getTime() - FIXES_OF_DAYS * DAY).toISOString();
    const asked = changes.params.parse({ from, to: now.toISOString(), limit: 10_000 });
    const fixes = (await app.ask(changes, asked))
      .flatMap(({ id, tracker, at, fixes: mended }) =>
        mended.map((issue) => ({ change: id, tracker, at, issue })),
      )
      .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    const latest = new Map<string, Fix>();
    for (const fix of fixes) if (!latest.has(fix.issue)) latest.set(fix.issue, fix);
    return [...latest.values()].slice(0, MOST_FIXES);
  }

  async function judge({ change, tracker, issue }: Fix, now: Date): Promise<Measured | undefined> {
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
