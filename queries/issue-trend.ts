import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { Count, Instant, SlugList, TextList, Time } from "./values.ts";

/** How issues went over time. */
export const issueTrend = defineQuery({
  name: "issue_trend",
  summary:
    "People and mentions of some issues per bucket, by when they were published, ordered by issue, then bucket; buckets without any are absent.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    issue: TextList.optional().describe("Of these issues, by id."),
    interval: z
      .enum(["day", "week"])
      .default("day")
      .describe("Length of a bucket; weeks begin on Monday, UTC."),
    from: Instant.optional().describe("Published at or after this time."),
    to: Instant.optional().describe("Published before this time."),
  }),
  row: z.object({
    issue_id: z.string(),
    bucket: Time,
    voices: Count.describe("Distinct people."),
    mentions: Count,
    copies: Count.describe("Mentions that only repeat others."),
  }),
  statement: (asked) => {
    const all: string[] = [];
    const params: Record<string, unknown> = {};
    if (asked.issue !== undefined && asked.issue.length > 0) {
      all.push(
        "issue_id IN {issue:Array(String)}",
        // the join alone would read every mention there is
        "mention_id IN (SELECT mention_id FROM issue_assignments WHERE issue_id IN {issue:Array(String)})",
      );
      params["issue"] = asked.issue;
    }
    if (asked.tracker !== undefined && asked.tracker.length > 0) {
      all.push("tracker IN {tracker:Array(String)}");
      params["tracker"] = asked.tracker;
    }
    for (const [name, compared] of [
      ["from", ">="],
      ["to", "<"],
    ] as const) {
      const at = asked[name];
      if (at === undefined) continue;
      all.push(`published_at ${compared} {${name}:DateTime64(3, 'UTC')}`);
      params[name] = toColumnTime(at);
    }
    const bucket = asked.interval === "day" ? "toStartOfDay(published_at)" : "toStartOfWeek(published_at, 1)";
    return {
      sql: `SELECT
  issue_id, ${bucket} AS bucket,
  uniqExact(voice) AS voices, count() AS mentions, countIf(copy_of != '') AS copies
FROM issue_mentions
${where(all)}
GROUP BY issue_id, bucket
ORDER BY issue_id, bucket
LIMIT 100000`,
      params,
    };
  },
});
