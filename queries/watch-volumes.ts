import { z } from "zod";
import { BUCKET_MS } from "../core/alerts/policy.ts";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { PERSON } from "./contrasted-mentions.ts";
import { UNTRACKED } from "./detect-mentions.ts";
import { Count, Instant, Milliseconds } from "./values.ts";

/** What rules that count ask of mentions. Mentions of several trackers count for each; spam and what we said never do. */

/** What may be counted apart, beside the tracker. */
const VOLUME_GROUPS = ["issue", "platform", "country"] as const;

const Asked = z.strictObject({
  from: Instant.describe("Published at or after this time."),
  to: Instant.describe("Published before this time."),
  by: z.array(z.enum(VOLUME_GROUPS)).describe("Counted apart, beside the tracker."),
  complaint: z.boolean().default(false).describe("true: complaints alone."),
  trackers: z.array(z.string()).default([]).describe("Of any of these trackers. Empty: all."),
  platform: z.array(z.string()).default([]),
  country: z.array(z.string()).default([]),
  language: z.array(z.string()).default([]),
  keys: z.array(z.string()).optional().describe("Of these alone, by {@link volumeKey}. Absent: all."),
});

const Key = {
  tracker: z.string(),
  issue_id: z.string().describe("Empty where issues are not counted apart."),
  platform: z.string(),
  country: z.string(),
};

/** What mentions are counted apart by, in one text. */
export function volumeKey(row: z.infer<z.ZodObject<typeof Key>>): string {
  return [row.tracker, row.issue_id, row.platform, row.country].join("\n");
}

/** How much is said of what, in buckets of five minutes. */
export const volumeBuckets = defineQuery({
  name: "volume_buckets",
  summary: "Mentions by what is counted apart and by bucket of five minutes of when they were published.",
  params: Asked,
  row: z.object({ ...Key, bucket: Milliseconds, mentions: Count }),
  statement: (asked) => {
    const { sql, params } = countedMentions(asked);
    return {
      sql: `SELECT tracker, issue_id, platform, country,
  intDiv(toUnixTimestamp64Milli(published_at), ${BUCKET_MS}) * ${BUCKET_MS} AS bucket, count() AS mentions
FROM (${sql})
GROUP BY tracker, issue_id, platform, country, bucket`,
      params,
    };
  },
});

/** Who is behind what is said. */
export const volumeVoices = defineQuery({
  name: "volume_voices",
  summary: "Mentions by what is counted apart, the people behind them, and how many only repeat others.",
  params: Asked,
  row: z.object({
    ...Key,
    mentions: Count,
    voices: Count,
    copies: Count,
    complaints: Count,
    negative: Count,
    complaint_voices: Count.describe("People behind the complaints."),
    negative_voices: Count,
  }),
  statement: (asked) => {
    const { sql, params } = countedMentions(asked);
    return {
      sql: `SELECT tracker, issue_id, platform, country, count() AS mentions, uniqExact(voice) AS voices,
  countIf(is_copy) AS copies, countIf(is_complaint) AS complaints, countIf(sentiment_label = 'negative') AS negative,
  uniqExactIf(voice, is_complaint) AS complaint_voices, uniqExactIf(voice, sentiment_label = 'negative') AS negative_voices
FROM (${sql})
GROUP BY tracker, issue_id, platform, country`,
      params,
    };
  },
});

/** The first time something was heard of each tracker. */
export const trackersSince = defineQuery({
  name: "trackers_since",
  summary: "When the first mention of each tracker was published, no earlier than asked.",
  params: z.strictObject({ from: Instant }),
  row: z.object({ tracker: z.string(), first_at: Milliseconds }),
  statement: ({ from }) => ({
    sql: `SELECT arrayJoin(if(empty(trackers), ['${UNTRACKED}'], trackers)) AS tracker,
  min(toUnixTimestamp64Milli(published_at)) AS first_at
FROM mention_rows
WHERE published_at >= {from:DateTime64(3, 'UTC')} AND NOT is_deleted
GROUP BY tracker`,
    params: { from: toColumnTime(from) },
  }),
});

/** Since when each tracker is listened to. */
export const trackersHeard = defineQuery({
  name: "trackers_heard",
  summary: "When the first mention of each tracker was read.",
  params: z.strictObject({}),
  row: z.object({ tracker: z.string(), heard_since: Milliseconds }),
  statement: () => ({
    sql: `SELECT arrayJoin(if(empty(trackers), ['${UNTRACKED}'], trackers)) AS tracker,
  min(toUnixTimestamp64Milli(observed_at)) AS heard_since
FROM mention_rows
WHERE NOT is_deleted
GROUP BY tracker`,
    params: {},
  }),
});

/** One row for each mention and tracker that is counted. */
function countedMentions(asked: z.infer<typeof Asked>): { sql: string; params: Record<string, unknown> } {
  const isByIssue = asked.by.includes("issue");
  const params: Record<string, unknown> = { from: toColumnTime(asked.from), to: toColumnTime(asked.to) };
  const within = "published_at >= {from:DateTime64(3, 'UTC')} AND published_at < {to:DateTime64(3, 'UTC')}";
  // versions are told apart for few ids, not for all that is stored
  const all = [`id IN (SELECT id FROM mention_rows WHERE ${within})`, within, "NOT is_spam", "NOT by_us"];
  if (asked.complaint) all.push("is_complaint");
  for (const name of ["platform", "country", "language"] as const) {
    if (asked[name].length === 0) continue;
    all.push(`${name} IN {${name}:Array(String)}`);
    params[name] = asked[name];
  }
  const chosen: string[] = [];
  if (asked.trackers.length > 0) {
    chosen.push("tracker IN {trackers:Array(String)}");
    params["trackers"] = asked.trackers;
  }
  if (asked.keys !== undefined) {
    chosen.push("concat(tracker, '\\n', issue_id, '\\n', platform, '\\n', country) IN {keys:Array(String)}");
    params["keys"] = asked.keys;
  }
  const placed = `SELECT tracker, mention_id, issue_id, voice, copy_of FROM issue_assignments
    WHERE mention_id IN (SELECT id FROM mention_rows WHERE ${within})`;
  const apart = (name: "platform" | "country") => (asked.by.includes(name) ? `toString(m.${name})` : "''");
  return {
    sql: `SELECT *
FROM (
  SELECT m.tracker AS tracker, ${isByIssue ? "i.issue_id" : "''"} AS issue_id, ${apart("platform")} AS platform,
    ${apart("country")} AS country, m.published_at AS published_at,
    ${isByIssue ? "i.voice" : "m.person"} AS voice, m.amplifies_id != ''${isByIssue ? " OR i.copy_of != ''" : ""} AS is_copy,
    m.is_complaint AS is_complaint, m.sentiment_label AS sentiment_label
  FROM (
    SELECT id, toString(arrayJoin(if(empty(trackers), ['${UNTRACKED}'], trackers))) AS tracker, platform, country,
      published_at, ${PERSON} AS person, amplifies_id, is_complaint, sentiment_label
    FROM mentions
    WHERE ${all.join(" AND ")}
  ) AS m${isByIssue ? `\n  INNER JOIN (${placed}) AS i ON i.mention_id = m.id AND i.tracker = m.tracker` : ""}
)${chosen.length > 0 ? `\nWHERE ${chosen.join("\n  AND ")}` : ""}`,
    params,
  };
}
