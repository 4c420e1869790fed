import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { UNTRACKED } from "./detect-mentions.ts";
import { VOICE } from "./series.ts";
import { Count, Instant, Time, wholeNumber } from "./values.ts";

/** What messages about alerts are made of: who said what of the subject of one. */

const DAY_MS = 24 * 60 * 60_000;
/** Earlier complaints of the same people count for so long. */
const EARLIER_DAYS = 365;
/** Whoever answered nothing in so long is not listened to. */
const ANSWERS_DAYS = 90;
const SHOWN_TEXT_LENGTH = 2_000;
const OF_TRACKER = `has(if(empty(trackers), ['${UNTRACKED}'], trackers), {tracker:String})`;
/** How a person is told apart; empty: the author is not shown. */
const AUTHOR = "if(author_id = '', '', concat(platform, ' ', author_id))";

/** What was said of the subject of an alert: of a tracker, of one issue of it, or one post and what passes it on. */
const Said = z.strictObject({
  tracker: z.string(),
  from: Instant.describe("Published at or after this time …"),
  to: Instant.describe("… and before this one."),
  issue: z.string().max(100).default("").describe("Of this issue; empty: of the whole tracker."),
  mention: z.string().max(300).default("").describe("This post and what passes it on, or beside the rest."),
  isPostAlone: z.boolean().default(false).describe("Nothing but that post and what passes it on."),
  complaint: z.boolean().default(false).describe("Complaints alone."),
  threats: z.boolean().default(false).describe("What tells of danger alone."),
  platform: z.string().max(100).default(""),
  country: z.string().max(100).default(""),
});
export type Said = z.infer<typeof Said>;

/** Texts that may be quoted for an alert. */
export const alertQuotes = defineQuery({
  name: "alert_quotes",
  summary:
    "Mentions that may be quoted for an alert: the most shared, the newest and the most typical, none that only repeats " +
    "another or is ours; text is cut to 2,000 characters.",
  params: z.strictObject({
    ...Said.shape,
    typical: z
      .array(z.string())
      .max(20)
      .default([])
      .describe("Ids of those that are typical, the most typical first."),
    each: wholeNumber(1, 50).default(8).describe("How many of each kind."),
  }),
  row: z.object({
    id: z.string(),
    platform: z.string(),
    author_name: z.string(),
    author_handle: z.string(),
    title: z.string(),
    text: z.string(),
    url: z.string(),
    published_at: Time,
    shares: Count.nullable(),
    shared_rank: Count,
    newest_rank: Count,
    typical_rank: Count,
  }),
  statement: ({ typical, each, ...asked }) => {
    const { where, params } = said(asked, typical);
    return {
      sql: `WITH ranked AS (
  SELECT id,
    row_number() OVER (ORDER BY ifNull(shares, 0) DESC, published_at, id) AS shared_rank,
    row_number() OVER (ORDER BY published_at DESC, id) AS newest_rank,
    row_number() OVER (
      ORDER BY if(has({typical:Array(String)}, id), indexOf({typical:Array(String)}, id), 1000),
        complaint_confidence DESC, published_at, id) AS typical_rank
  FROM mentions
  WHERE ${where}
    AND (amplifies_id = '' OR id = {mention:String})
    AND id NOT IN (
      SELECT mention_id FROM issue_assignment_rows FINAL WHERE tracker = {tracker:String} AND copy_of != '')
)
SELECT m.id AS id, m.platform AS platform, m.author_name AS author_name, m.author_handle AS author_handle,
  m.title AS title, substringUTF8(m.text, 1, ${SHOWN_TEXT_LENGTH}) AS text, m.url AS url,
  m.published_at AS published_at, m.shares AS shares, r.shared_rank AS shared_rank, r.newest_rank AS newest_rank,
  r.typical_rank AS typical_rank
FROM (SELECT * FROM ranked WHERE least(shared_rank, newest_rank, typical_rank) <= {each:UInt32}) AS r
INNER JOIN (
  SELECT * FROM mentions
  WHERE id IN (SELECT id FROM ranked WHERE least(shared_rank, newest_rank, typical_rank) <= {each:UInt32})
) AS m ON m.id = r.id
ORDER BY shared_rank`,
      params: { ...params, typical, each },
    };
  },
});

const Parts = z.record(z.string(), Count);

/** Who speaks of the subject of an alert, and where. */
export const alertPeople = defineQuery({
  name: "alert_people",
  summary:
    "Who and where: people, posts, and how many of them by platform, country and version; the biggest account.",
  params: Said,
  row: z.object({
    posts: Count,
    people: Count,
    platforms: Parts,
    countries: Parts,
    versions: Parts,
    reach: Count.describe("Followers of all authors together, where platforms show them."),
    biggest: z.string().describe("Handle or name of the author with the most followers."),
    biggest_platform: z.string(),
    followers: Count,
  }),
  statement: (asked) => {
    const { where, params } = said(asked);
    const count = (column: string) => `sumMap(map(toString(${column}), toUInt64(1)))`;
    return {
      sql: `SELECT count() AS posts, uniqExact(${VOICE}) AS people, ${count("platform")} AS platforms,
  ${count("country")} AS countries, ${count("version")} AS versions,
  arraySum(mapValues(maxMap(map(${VOICE}, ifNull(author_followers, 0))))) AS reach,
  argMax(if(author_handle = '', author_name, author_handle), ifNull(author_followers, 0)) AS biggest,
  argMax(toString(platform), ifNull(author_followers, 0)) AS biggest_platform,
  max(ifNull(author_followers, 0)) AS followers
FROM mentions
WHERE ${where}`,
      params,
    };
  },
});

/** Who of them has told us before. */
export const alertEarlier = defineQuery({
  name: "alert_earlier",
  summary:
    "How many of the people who speak of the subject of an alert complained of the tracker in the year before.",
  params: Said,
  row: z.object({
    people: Count,
    since: Time,
    answered: Count.describe("How many of their complaints we answered."),
    answered_at: Time,
    answer: z.string().describe("What we answered last, cut to 300 characters."),
  }),
  statement: (asked) => {
    const { where, params } = said(asked);
    const past = "published_at >= {past:DateTime64(3, 'UTC')} AND published_at < {from:DateTime64(3, 'UTC')}";
    return {
      sql: `SELECT uniqExact(c.author) AS people, min(c.published_at) AS since,
  uniqExactIf(c.id, a.parent_id != '') AS answered, max(a.published_at) AS answered_at,
  substringUTF8(argMax(a.text, a.published_at), 1, 300) AS answer
FROM
(
  SELECT id, published_at, ${AUTHOR} AS author
  FROM mentions
  WHERE id IN (
      SELECT id FROM mention_rows
      WHERE ${past} AND ${OF_TRACKER} AND author_id != ''
        AND ${AUTHOR} IN (SELECT ${AUTHOR} FROM mentions WHERE ${where} AND author_id != ''))
    AND ${past} AND is_complaint AND NOT by_us
) AS c
LEFT JOIN
(
  SELECT parent_id, published_at, text
  FROM mentions
  WHERE id IN (SELECT id FROM mention_rows WHERE by_us AND parent_id != '' AND published_at >= {past:DateTime64(3, 'UTC')})
    AND by_us
) AS a ON a.parent_id = c.id`,
      params: {
        ...params,
        past: toColumnTime(new Date(Date.parse(asked.from) - EARLIER_DAYS * DAY_MS).toISOString()),
      },
    };
  },
});

/** What we have answered so far. */
export const alertReplies = defineQuery({
  name: "alert_replies",
  summary:
    "How many posts about the subject of an alert we answered, there or in their threads, and when last.",
  params: Said,
  row: z.object({
    answers: Count,
    answered: Count.describe("Posts and threads with an answer."),
    last_at: Time,
    is_heard: z.boolean().describe("False: no answer of ours is ever heard, so there may be some."),
  }),
  statement: (asked) => {
    const { where, params } = said(asked);
    return {
      sql: `SELECT count() AS answers, uniqExact(if(parent_id = '', thread_id, parent_id)) AS answered,
  max(published_at) AS last_at,
  (
    SELECT (count() > 0)::Bool FROM mention_rows
    WHERE by_us AND NOT is_deleted AND published_at >= {heard:DateTime64(3, 'UTC')}
  ) AS is_heard
FROM
(
  SELECT DISTINCT id, parent_id, thread_id, published_at
  FROM
  (
    SELECT id, parent_id, thread_id, published_at, arrayJoin([parent_id, thread_id]) AS key
    FROM mentions
    WHERE id IN (SELECT id FROM mention_rows WHERE by_us AND published_at >= {from:DateTime64(3, 'UTC')})
      AND by_us AND published_at >= {from:DateTime64(3, 'UTC')}
  )
  WHERE key != '' AND key IN (SELECT arrayJoin([id, thread_id]) FROM mentions WHERE ${where})
)`,
      params: {
        ...params,
        heard: toColumnTime(new Date(Date.parse(asked.to) - ANSWERS_DAYS * DAY_MS).toISOString()),
      },
    };
  },
});

/** What was not heard of sources lately. */
export const alertHearing = defineQuery({
  name: "alert_hearing",
  summary:
    "Of sources, up to when each was heard, how its last poll went, and how many hours were not heard in full.",
  params: z.strictObject({ sources: z.array(z.string()).max(1_000), from: Instant, to: Instant }),
  row: z.object({
    source: z.string(),
    outcome: z.string().describe("Of its last poll: ok, or not."),
    heard_until: Time.nullable(),
    gaps: Count.describe("Hours of the time asked for that were not heard in full."),
    first_gap: Time,
  }),
  statement: ({ sources, from, to }) => ({
    sql: `SELECT polled.source AS source, polled.outcome AS outcome, polled.heard_until AS heard_until,
  missed.gaps AS gaps, missed.first_gap AS first_gap
FROM
(
  SELECT source, argMaxIf(outcome, p.at, outcome != 'asked') AS outcome, max(p.heard_until) AS heard_until
  FROM polls AS p
  WHERE source IN {sources:Array(String)} AND p.at >= {from:DateTime64(3, 'UTC')} - INTERVAL 7 DAY
  GROUP BY source
) AS polled
LEFT JOIN
(
  SELECT source, count() AS gaps, min(hour) AS first_gap
  FROM coverage
  WHERE source IN {sources:Array(String)} AND state != 'complete'
    AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}
  GROUP BY source
) AS missed ON missed.source = polled.source
ORDER BY source`,
    params: { sources, from: toColumnTime(from), to: toColumnTime(to) },
  }),
});

/** The condition of `mentions` for what was said, with the values of its placeholders. */
function said(
  asked: Said,
  typical: readonly string[] = [],
): { where: string; params: Record<string, unknown> } {
  const { tracker, from, to, issue, mention, isPostAlone, platform, country } = asked;
  const within = "published_at >= {from:DateTime64(3, 'UTC')} AND published_at < {to:DateTime64(3, 'UTC')}";
  const post = "id = {mention:String} OR amplifies_id = {mention:String}";
  const all = [within, OF_TRACKER];
  if (asked.complaint) all.push("is_complaint");
  if (asked.threats) all.push("notEmpty(threats)");
  if (platform !== "") all.push("platform = {platform:String}");
  if (country !== "") all.push("country = {country:String}");
  if (issue !== "") {
    all.push(
      "id IN (SELECT mention_id FROM issue_assignments WHERE tracker = {tracker:String} AND issue_id = {issue:String})",
    );
  }
  const any = [
    ...(isPostAlone ? [] : [`(${all.join(" AND ")})`]),
    ...(mention === "" ? [] : [`(${post})`]),
    ...(typical.length === 0 ? [] : ["id IN {typical:Array(String)}"]),
  ];
  // versions are told apart for few ids, not for all that is stored
  const narrow = [
    within,
    ...(mention === "" ? [] : [post]),
    ...(typical.length === 0 ? [] : ["id IN {typical:Array(String)}"]),
  ].map((one) => `(${one})`);
  return {
    where: `id IN (SELECT id FROM mention_rows WHERE ${narrow.join(" OR ")}) AND (${any.join(" OR ")}) AND NOT is_spam AND NOT by_us`,
    params: {
      tracker,
      from: toColumnTime(from),
      to: toColumnTime(to),
      issue,
      mention,
      platform,
      country,
    },
  };
}
