import { DAY, formatMany } from "../format.ts";
import { sentenceCase } from "../wording.ts";
import type { IssueRow } from "./issue-rows.ts";

/** So long after today somebody looks again, unless they say when. */
export const RELOOK_DAYS = 30;

/** What an issue is called; those that nothing names have their id. */
export function titleOf({ title, issue_id }: Pick<IssueRow, "title" | "issue_id">): string {
  return title.trim() === "" ? `Unnamed issue ${issue_id}` : title;
}

/** The sentence that says why, without the verdict it begins with: that stands before it as a word of its own. */
export function reasonOf({ reason, verdict }: Pick<IssueRow, "reason" | "verdict">): string {
  return sentenceCase(reason.startsWith(`${verdict}: `) ? reason.slice(verdict.length + 2) : reason);
}

/** Today as `YYYY-MM-DD`, UTC. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** The day so many days after today, `YYYY-MM-DD`. */
export function dayAfter(now: number, days: number): string {
  return dayOf(now + days * DAY);
}

/** Whether a day, `YYYY-MM-DD`, has come. */
export function isDue(day: string | null, now: number): day is string {
  return day !== null && day <= dayOf(now);
}

/** How far off a day is: `today`, `in 12 days`, `3 days overdue`. */
export function describeDay(day: string, now: number): string {
  const days = Math.round((Date.parse(day) - Date.parse(dayOf(now))) / DAY);
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  return days > 0 ? `in ${formatMany(days, "day")}` : `${formatMany(-days, "day")} overdue`;
}
