import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Slug } from "../schemas/primitives.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { OF_ISSUE } from "./issue-mentions.ts";
import { Count, Instant, Time, wholeNumber } from "./values.ts";

const ofIssue = {
  tracker: Slug.describe("Its tracker."),
  issue: z.string().min(1).max(100).describe("Its id."),
  to: Instant.optional().describe("Only what was published before this time."),
};

/** What was published before a time, where one is given. */
function until(to: string | undefined): {
  readonly condition: string;
  readonly params: Readonly<Record<string, unknown>>;
} {
  return to === undefined
    ? { condition: "", params: {} }
    : { condition: "\n  AND published_at < {to:DateTime64(3, 'UTC')}", params: { to: toColumnTime(to) } };
}

export const PROFILE_DIMENSIONS = [
  "all",
  "aspect",
  "country",
  "kind",
  "language",
  "platform",
  "product",
  "promise",
  "repeated",
  "stage_broke",
  "stage_complained",
  "threat",
  "version",
] as const;

/** Who speaks of an issue and what they say of it. */
export const issueProfile = defineQuery({
  name: "issue_profile",
  summary:
    "How many people of an issue have each value of what was read of them (aspects judged badly, where it broke, countries, " +
    "promises not kept, …); ordered by dimension, then people, then value. Unknown values are left out.",
  params: z.strictObject({
    ...ofIssue,
    limit: wholeNumber(1, 1_000).default(20).describe("Most values of each dimension."),
  }),
  row: z.object({
    dimension: z.enum(PROFILE_DIMENSIONS),
    value: z.string().describe("Empty for `all`; `yes` for `repeated`."),
    voices: Count.describe("Distinct people."),
    mentions: Count,
    examples: z.array(z.string()).describe("Ids of mentions, those that say it in words of their own first."),
  }),
  statement: ({ to, ...asked }) => ({
    sql: `SELECT fact.1 AS dimension, fact.2 AS value, uniqExact(voice) AS voices, count() AS mentions,
  arrayMap(example -> example.3, groupArraySorted(3)((copied, unlikeness, mention_id))) AS examples
FROM (
  SELECT mention_id, voice, copy_of != '' AS copied, -similarity AS unlikeness,
    arrayJoin(arrayConcat(
      [
        ('all', ''), ('country', toString(country)), ('kind', toString(kind)), ('language', toString(language)),
        ('platform', toString(platform)), ('product', toString(product)), ('version', toString(version)),
        ('promise', if(is_expectation_broken, toString(expectation_source), '')),
        ('repeated', if(ifNull(is_repeated, 0), 'yes', '')),
        ('stage_broke', toString(stage_broke)), ('stage_complained', toString(stage_complained))
      ],
      arrayMap(a -> ('aspect', a.1), arrayFilter(a -> a.2 = 'negative', aspects)),
      arrayMap(t -> ('threat', toString(t)), issue_mentions.threats.kind))) AS fact
  FROM issue_mentions
  WHERE ${OF_ISSUE}${until(to).condition}
)
WHERE fact.1 = 'all' OR fact.2 NOT IN ('', 'unknown', 'und', 'none')
GROUP BY dimension, value
ORDER BY dimension, voices DESC, value
LIMIT {limit:UInt32} BY dimension`,
    params: { ...asked, ...until(to).params },
  }),
});

/** What the people of an issue tried, and what we answered. */
export const issueAnswers = defineQuery({
  name: "issue_answers",
  summary:
    "One row: how many people of an issue we answered and how soon, who wrote again after it, and what people say of having " +
    "told it before and of promises.",
  params: z.strictObject(ofIssue),
  row: z.object({
    people: Count,
    mentions: Count.describe("Also such as only repeat others."),
    days: Count.describe("UTC days on which it was spoken of."),
    channels: Count,
    first_at: Time.nullable(),
    reachable: Count.describe("People on platforms where any reply of ours was ever heard."),
    answered: Count.describe("Of these, people who got a reply of ours."),
    within_day: Count.describe("Of these, within 24 hours."),
    median_s: z.number().nullable().describe("Seconds to the first reply, in the middle."),
    again: Count.describe("Answered people who wrote again on it after the reply."),
    again_ids: z.array(z.string()).describe("Mentions they wrote then, the latest first."),
    reply_ids: z.array(z.string()).describe("Our replies, the latest first."),
    repeated: Count.describe("People who say that they told it before, or still wait."),
    most_repeats: Count.nullable().describe("Most times, by their own count."),
    waiting: Count.describe("People who say how long they wait."),
    median_days_waiting: z.number().nullable(),
    promised: Count.describe(
      "People who speak of a promise, an advertisement or an agreement that was not kept.",
    ),
    claims: z.array(z.string()).describe("Ids of mentions that quote one, the latest first."),
  }),
  statement: ({ to, ...asked }) => ({
    sql: `WITH
(SELECT groupUniqArray(toString(platform)) FROM responses WHERE has(trackers, {tracker:String})) AS answering,
replies AS (
  SELECT mention_id, min(after_s) AS after_s, min(responses.published_at) AS replied_at, argMax(response_id, responses.published_at) AS latest
  FROM responses
  WHERE mention_published_at IS NOT NULL${until(to).condition.replace("published_at", "responses.published_at")}
  GROUP BY mention_id
),
said AS (SELECT * FROM issue_mentions WHERE ${OF_ISSUE}${until(to).condition}),
(SELECT (count(), uniqExact(toDate(published_at)), uniqExact(platform), min(published_at)) FROM said) AS whole,
people AS (
  SELECT
    i.voice AS voice,
    max(has(answering, toString(i.platform))) AS is_reachable,
    max(r.mention_id != '') AS is_answered,
    minIf(greatest(0, assumeNotNull(r.after_s)), r.mention_id != '') AS first_s,
    minIf(r.replied_at, r.mention_id != '') AS first_reply,
    max(i.published_at) AS last_at,
    argMax(i.mention_id, i.published_at) AS last_id,
    max(ifNull(i.is_repeated, 0)) AS has_repeated,
    max(i.repeat_count) AS repeats,
    max(i.days_waiting) AS waiting,
    max(i.is_expectation_broken) AS was_promised,
    argMaxIf(i.mention_id, i.published_at, i.expectation_claim != '') AS claim,
    maxIf(r.replied_at, r.mention_id != '') AS last_reply,
    argMaxIf(r.latest, r.replied_at, r.mention_id != '') AS reply
  FROM (SELECT * FROM said WHERE copy_of = '' OR copy_by = 'self') AS i
  LEFT JOIN replies AS r ON r.mention_id = i.mention_id
  GROUP BY voice
)
SELECT
  count() AS people,
  whole.1 AS mentions,
  whole.2 AS days,
  whole.3 AS channels,
  if(mentions = 0, NULL, whole.4) AS first_at,
  countIf(is_reachable OR is_answered) AS reachable,
  countIf(is_answered) AS answered,
  countIf(is_answered AND first_s <= 86400) AS within_day,
  if(answered = 0, NULL, quantileExactIf(0.5)(first_s, is_answered)) AS median_s,
  countIf(is_answered AND last_at > first_reply) AS again,
  arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArrayIf((last_at, last_id), is_answered AND last_at > first_reply))), 1, 3) AS again_ids,
  arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArrayIf((last_reply, reply), is_answered))), 1, 3) AS reply_ids,
  countIf(has_repeated) AS repeated,
  max(repeats) AS most_repeats,
  countIf(waiting IS NOT NULL) AS waiting,
  if(waiting = 0, NULL, quantileExactIf(0.5)(assumeNotNull(people.waiting), people.waiting IS NOT NULL)) AS median_days_waiting,
  countIf(was_promised) AS promised,
  arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArrayIf((last_at, claim), claim != ''))), 1, 3) AS claims
FROM people`,
    params: { ...asked, ...until(to).params },
  }),
});

/** What is quoted as evidence, ours or others'. */
export const citedMentions = defineQuery({
  name: "cited_mentions",
  summary: "Mentions by id, cut to 400 characters, in no particular order.",
  params: z.strictObject({ ids: z.array(z.string().min(1)).max(500) }),
  row: z.object({
    id: z.string(),
    platform: z.string(),
    url: z.string(),
    published_at: z.string(),
    title: z.string(),
    text: z.string(),
    claim: z.string().describe("What was claimed, by their words."),
    by_us: z.boolean(),
  }),
  statement: (params) => ({
    sql: `SELECT id, platform, url, formatDateTime(published_at, '%F') AS published_at, title,
  substringUTF8(mentions.text, 1, 400) AS text, expectation_claim AS claim, by_us::Bool AS by_us
FROM mentions
WHERE id IN {ids:Array(String)}`,
    params,
  }),
});
