import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { wholeNumber } from "./values.ts";

/** Mentions of a source whose counters may move: a spreading post is read often while it is young. */
export const followedMentions = defineQuery({
  name: "followed_mentions",
  summary:
    "Posts and comments of one source that are due to be read again: complaints, and what people have reacted to, every 5 " +
    "minutes in their first hour, every 15 to the sixth, hourly to the second day; the most overdue first.",
  params: z.strictObject({ source: z.string(), limit: wholeNumber(1, 10_000) }),
  row: z.object({ id: z.string(), native_id: z.string(), trackers: z.array(z.string()) }),
  statement: (params) => ({
    sql: `WITH now64(3, 'UTC') AS now, dateDiff('minute', published_at, now) AS age
SELECT id, native_id, trackers
FROM mentions
WHERE source = {source:String}
  AND published_at > now - INTERVAL 48 HOUR
  AND kind IN ('post', 'comment')
  AND NOT by_us
  AND (is_complaint OR ifNull(likes, 0) + ifNull(replies, 0) + ifNull(shares, 0) > 0)
  AND dateDiff('second', observed_at, now) >= 60 * multiIf(age < 60, 5, age < 360, 15, 60)
ORDER BY dateDiff('second', observed_at, now) / multiIf(age < 60, 5, age < 360, 15, 60) DESC, id
LIMIT {limit:UInt32}`,
    params,
  }),
});

/**
 * Mentions of a source that its platform's terms ask to look at again, or that may have gone with what they answer. What
 * people called irrelevant is still kept, so it is among them.
 */
export const overdueMentions = defineQuery({
  name: "overdue_mentions",
  summary:
    "Mentions of one source that stand under what was deleted within a week and were not read since; then those that were last read " +
    "long ago, the longest ago first.",
  params: z.strictObject({
    source: z.string(),
    hours: wholeNumber(1, 100_000).describe("When they were last read so long ago."),
    days: wholeNumber(1, 100_000).describe("Of those published within so many days."),
    limit: wholeNumber(1, 10_000),
  }),
  row: z.object({ id: z.string(), native_id: z.string(), trackers: z.array(z.string()) }),
  statement: (params) => ({
    sql: `SELECT id, native_id, trackers
FROM mention_rows FINAL
LEFT JOIN (
  SELECT id AS root, max(observed_at) AS gone_at
  FROM mention_rows
  WHERE source = {source:String} AND is_deleted = 1
  GROUP BY id
  HAVING gone_at > now64(3, 'UTC') - INTERVAL 7 DAY
) AS gone ON thread_id = root
WHERE source = {source:String}
  AND (
    observed_at < gone_at
    OR (
      observed_at < now64(3, 'UTC') - toIntervalHour({hours:UInt32})
      AND published_at > now64(3, 'UTC') - toIntervalDay({days:UInt32})
    )
  )
ORDER BY observed_at < gone_at DESC, observed_at, id
LIMIT {limit:UInt32}`,
    params,
  }),
});
