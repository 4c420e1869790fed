import { keyOf, subjectOfKey, type Reading } from "../../../core/alerts/fold-alert.ts";
import { eventAgeMs } from "../../../core/alerts/policy.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { livelyIssues } from "../../../queries/watch-issues.ts";
import { trackersHeard } from "../../../queries/watch-volumes.ts";
import type { z } from "zod";
import { subjectOf, withGone, type RuleWatch, type WatchOptions } from "../measured.ts";

const DAY = 86_400_000;
/** What was said so shortly before the first mention was read belongs to what is listened to. */
const HEARD_LATE_MS = 60 * 60_000;
/** Growth that is worth a warning: a factor of four is high, of eight critical. */
const WORTH_A_WARNING = 2;

type IssueRow = z.infer<typeof livelyIssues.row>;
type IssueRule = RuleOf<"issue_escalating"> | RuleOf<"issue_new">;

/** Watches what is judged of issues: which escalate, and which are new and shared. */
export function watchIssueVerdicts({ rule, app, alerts }: WatchOptions<IssueRule>): RuleWatch {
  /** Since when each tracker is listened to. */
  let heardSince = new Map<string, number>();

  async function knowTrackers(rows: readonly IssueRow[]): Promise<void> {
    if (rows.every(({ tracker }) => heardSince.has(tracker))) return;
    const known = await app.ask(trackersHeard, {});
    heardSince = new Map(known.map(({ tracker, heard_since: at }) => [tracker, at]));
  }

  return {
    async measure(date, open) {
      const now = date.getTime();
      const since = iso(now - eventAgeMs(rule, alerts));
      const named = [...open].map((key) => subjectOfKey(key, rule.kind).issueId).filter((id) => id !== "");
      const rows = await app.ask(livelyIssues, {
        since,
        minVoices: rule.minVoices,
        verdict: rule.kind === "issue_escalating" ? "escalating" : "",
        ...(rule.kind === "issue_new" ? { firstSince: iso(now - rule.withinDays * DAY) } : {}),
        named,
      });
      if (rule.kind === "issue_new") await knowTrackers(rows);
      const measured = rows
        .filter(({ tracker }) => rule.trackers.length === 0 || rule.trackers.includes(tracker))
        .map((row) => {
          const subject = subjectOf(rule, row.tracker, row.issue_id);
          const isOpen = open.has(keyOf(subject));
          const reading =
            rule.kind === "issue_new"
              ? readNew(row, rule, heardSince.get(row.tracker) ?? now, now)
              : readEscalating(row, rule, now);
          return { subject, readings: reading.score >= 1 || isOpen ? [reading] : [] };
        });
      return withGone(rule, measured, open, now);
    },
  };
}

function readEscalating(row: IssueRow, rule: RuleOf<"issue_escalating">, now: number): Reading {
  const isEscalating = row.verdict === "escalating" && row.voices >= rule.minVoices;
  const score = isEscalating ? Math.max(1, (row.growth_factor ?? 0) / WORTH_A_WARNING) : 0;
  return reading(row, score, now, `${row.reason}`, []);
}

function readNew(row: IssueRow, rule: RuleOf<"issue_new">, heardSince: number, now: number): Reading {
  const firstAt = row.first_at === null ? now : Date.parse(row.first_at);
  // what was said before anybody listened is as old as it may be: the first import is no flood of news
  const isNew = now - firstAt <= rule.withinDays * DAY && firstAt >= heardSince - HEARD_LATE_MS;
  // somebody said that it is isolated, and so far it is
  const isCalled = row.isolated_call === "holds";
  const score = isNew && !isCalled ? row.voices / rule.minVoices : 0;
  const days = Math.max(1, Math.ceil((now - firstAt) / DAY));
  return reading(
    row,
    score,
    now,
    `${row.voices} people within ${days} ${days === 1 ? "day" : "days"} of the first`,
    [row.reason],
  );
}

function reading(row: IssueRow, score: number, now: number, sentence: string, reasons: string[]): Reading {
  const lastAt = row.last_at === null ? now : Date.parse(row.last_at);
  return {
    // it is about what was said, whenever that is judged; that it is over is told by the clock
    at: score >= 1 ? Math.min(lastAt, now) : now,
    score,
    isKnown: true,
    voices: row.voices,
    facts: {
      sentence,
      reasons,
      mentions: row.mentions,
      verdict: row.verdict,
      to: new Date(lastAt).toISOString(),
    },
  };
}

const iso = (at: number): string => new Date(at).toISOString();
