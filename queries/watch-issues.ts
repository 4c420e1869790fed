import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { mentionFieldColumns, toColumnTime } from "../schemas/rows.ts";
import { PERSON } from "./contrasted-mentions.ts";
import { UNTRACKED } from "./detect-mentions.ts";
import { Count, Instant, Time, wholeNumber } from "./values.ts";

/** What rules ask of issues and of single mentions. */

/** Issues of which something was said lately, or that are named. */
export const livelyIssues = defineQuery({
  name: "lively_issues",
  summary:
    "Issues last heard of since a time that are judged so, of so many people and that young; and those named: with what was judged of them; ordered by tracker and id.",
  params: z.strictObject({
    since: Instant,
    minVoices: z.number().describe("Of so many people at least."),
    verdict: z.string().describe("Judged so; empty: however."),
    firstSince: Instant.optional().describe("First heard of at or after this time."),
    named: z.array(z.string()),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    verdict: z.string(),
    reason: z.string(),
    voices: Count,
    mentions: Count,
    first_at: Time.nullable(),
    last_at: Time.nullable(),
    growth_factor: z.number().nullable(),
    isolated_call: z.string(),
  }),
  statement: ({ since, minVoices, verdict, firstSince, named }) => {
    const all = ["last_at >= {since:DateTime64(3, 'UTC')}", "voices >= {minVoices:Float64}"];
    const params: Record<string, unknown> = { since: toColumnTime(since), minVoices, named };
    if (verdict !== "") {
      all.push("verdict = {verdict:String}");
      params["verdict"] = verdict;
    }
    if (firstSince !== undefined) {
      all.push("first_at >= {firstSince:DateTime64(3, 'UTC')}");
      params["firstSince"] = toColumnTime(firstSince);
    }
    return {
      sql: `SELECT tracker, issue_id, title, verdict, reason, voices, mentions, first_at, last_at, growth_factor, isolated_call
FROM issues
WHERE (${all.join(" AND ")}) OR issue_id IN {named:Array(String)}
ORDER BY tracker, issue_id`,
      params,
    };
  },
});

/** Ids of what is shared so often, or said to so many. */
const SHARED =
  "SELECT id FROM mention_rows WHERE published_at >= {since:DateTime64(3, 'UTC')} " +
  "AND (shares >= {shares:Float64} OR author_followers >= {reach:Float64})";

/** Mentions that may be spreading, with what their platform showed of them over time. */
export const spreadingPosts = defineQuery({
  name: "spreading_posts",
  summary:
    "Mentions that were shared often enough, or whose author has so many followers, with their counters over time, oldest first; ordered by id.",
  params: z.strictObject({
    since: Instant.describe("Published at or after this time."),
    complaint: z.boolean(),
    shares: z.number().describe("Shared at least so often."),
    reach: z.number().describe("Or followed by at least so many."),
  }),
  row: z.object({
    id: z.string(),
    trackers: z.array(z.string()),
    platform: z.string(),
    issues: z.array(z.string()).describe("One for each tracker; empty where it belongs to none."),
    published_at: Time,
    followers: Count.nullable(),
    replied: Count.describe("Our own answers to it."),
    replied_at: Time.nullable().describe("When the first of them was given."),
    complained_at: Time.nullable().describe("Its author's first complaint in a year, when that was another."),
    samples: z.array(z.tuple([Count, Count])).describe("Time in ms, and shares; oldest first."),
  }),
  statement: ({ since, complaint, shares, reach }) => ({
    sql: `SELECT m.id AS id, if(empty(m.trackers), ['${UNTRACKED}'], m.trackers) AS trackers, m.platform AS platform,
  arrayMap(t -> arrayFirst(p -> p.1 = t, i.places).2, if(empty(m.trackers), ['${UNTRACKED}'], m.trackers)) AS issues,
  m.published_at AS published_at, m.author_followers AS followers, r.replied AS replied,
  if(r.replied = 0, NULL, r.replied_at) AS replied_at,
  if(c.complaints = 0 OR c.complained_at >= m.published_at, NULL, c.complained_at) AS complained_at,
  s.samples AS samples
FROM mentions AS m
LEFT JOIN (
  SELECT mention_id, arraySort(groupArray((toUnixTimestamp64Milli(observed_at), assumeNotNull(shares)))) AS samples
  FROM engagement_rows FINAL
  WHERE shares IS NOT NULL AND mention_id IN (${SHARED})
  GROUP BY mention_id
) AS s ON s.mention_id = m.id
LEFT JOIN (
  SELECT mention_id, groupArray((toString(tracker), issue_id)) AS places
  FROM issue_assignments WHERE mention_id IN (${SHARED}) GROUP BY mention_id
) AS i ON i.mention_id = m.id
LEFT JOIN (
  SELECT parent_id, uniqExact(id) AS replied, min(published_at) AS replied_at
  FROM mention_rows WHERE by_us AND NOT is_deleted AND parent_id IN (${SHARED}) GROUP BY parent_id
) AS r ON r.parent_id = m.id
LEFT JOIN (
  SELECT platform, author_id, count() AS complaints, min(published_at) AS complained_at
  FROM mention_rows
  WHERE is_complaint AND NOT is_deleted AND published_at >= {since:DateTime64(3, 'UTC')} - INTERVAL 365 DAY
    AND (platform, author_id) IN (SELECT platform, author_id FROM mention_rows WHERE author_id != '' AND id IN (${SHARED}))
  GROUP BY platform, author_id
) AS c ON c.platform = m.platform AND c.author_id = m.author_id
WHERE m.id IN (${SHARED}) AND m.published_at >= {since:DateTime64(3, 'UTC')}
  -- of what only passes another post on, X shows the shares of that post: it would be told of once for each
  AND NOT (m.amplifies_id != '' AND startsWith(m.text, 'RT @'))
  AND NOT m.by_us AND NOT m.is_spam${complaint ? " AND (m.is_complaint OR notEmpty(m.threats))" : ""}
ORDER BY id`,
    params: { since: toColumnTime(since), shares, reach },
  }),
});

/** Ids of what may tell of it: a version that was read otherwise since is left out later. */
const TELLING = `SELECT id FROM mention_rows
    WHERE published_at >= {from:DateTime64(3, 'UTC')} AND (hasAny(threats.kind, {threats:Array(String)}) OR id IN {ids:Array(String)})`;

/** Mentions that tell of something that cannot wait. */
export const threateningMentions = defineQuery({
  name: "threatening_mentions",
  summary:
    "Mentions of a window with any of some threats, and the issue they were put into; the earliest first, then by id.",
  params: z.strictObject({
    from: Instant.describe("Published at or after this time."),
    to: Instant.describe("Published no later than this time."),
    threats: z.array(z.string()),
    ids: z.array(z.string()).describe("Or one of these."),
  }),
  row: z.object({
    id: z.string(),
    tracker: z.string(),
    issue_id: z.string().describe("Empty: it was put into none yet."),
    person: z.string(),
    kinds: z.array(z.string()),
    published_at: Time,
    processed_at: Time,
  }),
  statement: ({ from, to, threats, ids }) => ({
    sql: `SELECT m.id AS id, m.tracker AS tracker, i.issue_id AS issue_id, m.person AS person, m.kinds AS kinds,
  m.published_at AS published_at, m.processed_at AS processed_at
FROM (
  SELECT id, toString(arrayJoin(if(empty(trackers), ['${UNTRACKED}'], trackers))) AS tracker, ${PERSON} AS person,
    arrayFilter(kind -> has({threats:Array(String)}, kind), arrayMap(t -> toString(t), arrayDistinct(threats.kind))) AS kinds,
    published_at, processed_at
  FROM mentions
  WHERE published_at >= {from:DateTime64(3, 'UTC')} AND published_at <= {to:DateTime64(3, 'UTC')}
    AND NOT by_us AND NOT is_spam AND (hasAny(threats.kind, {threats:Array(String)}) OR id IN {ids:Array(String)})
    AND id IN (${TELLING})
) AS m
LEFT JOIN (
  SELECT tracker, mention_id, issue_id FROM issue_assignments WHERE mention_id IN (${TELLING})
) AS i ON i.mention_id = m.id AND i.tracker = m.tracker
ORDER BY published_at, id`,
    params: { from: toColumnTime(from), to: toColumnTime(to), threats, ids },
  }),
});

/** Mentions that came lately, whole, to look for words in. */
export const freshMentions = defineQuery({
  name: "fresh_mentions",
  summary:
    "Mentions of a window that were processed since a time, whole; ordered by when they were processed, then by id.",
  params: z.strictObject({ from: Instant, since: Instant, limit: wholeNumber(1, 100_000) }),
  row: z.looseObject({ id: z.string() }),
  statement: ({ from, since, limit }) => ({
    sql: `SELECT ${mentionFieldColumns.join(", ")}
FROM mentions
WHERE published_at >= {from:DateTime64(3, 'UTC')} AND processed_at >= {since:DateTime64(3, 'UTC')}
  AND id IN (SELECT id FROM mention_rows WHERE processed_at >= {since:DateTime64(3, 'UTC')})
ORDER BY processed_at, id
LIMIT {limit:UInt32}`,
    params: { from: toColumnTime(from), since: toColumnTime(since), limit },
  }),
});
