import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { PERSON } from "./contrasted-mentions.ts";
import { UNTRACKED } from "./detect-mentions.ts";
import { where } from "./filters.ts";
import { Count, Instant, SlugList, wholeNumber } from "./values.ts";

/** Of fewer people no rank is given. */
const FEWEST_PEOPLE = 10;

/** Many, costly, unheard: three orders of the same issues, which are seldom the same. */
export const issueRanks = defineQuery({
  name: "issue_ranks",
  summary:
    "Issues by how many people speak of them, beside their rank by what they cost in rating points and by the share of " +
    "people who had to say it again; each of its tracker, 1 the most; ordered by tracker, then people, then id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    from: Instant.optional().describe("Published at or after this time."),
    to: Instant.optional().describe("Published before this time."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    verdict: z.string(),
    people: Count,
    volume_rank: Count,
    rated: Count.describe("Of these, people who gave a rating that can be compared."),
    cost: z
      .number()
      .nullable()
      .describe(
        `By how many of 5 points all ratings that can be compared are lower than if these people had rated as others on the same platform and product; null of fewer than ${FEWEST_PEOPLE}.`,
      ),
    impact_rank: Count.nullable(),
    repeated: Count.describe("People who say that they told it before, or still wait."),
    repeat_share: z.number().nullable().describe(`0..1; null of fewer than ${FEWEST_PEOPLE} people.`),
    repeat_rank: Count.nullable(),
    found: Count.describe("How many there are without limit."),
  }),
  statement: ({ tracker, from, to, limit }) => {
    const trackers = `if(empty(trackers), ['${UNTRACKED}'], trackers)`;
    const ofTracker =
      tracker === undefined || tracker.length === 0 ? [] : ["tracker IN {tracker:Array(String)}"];
    const ofTime = [
      ...(from === undefined ? [] : ["published_at >= {from:DateTime64(3, 'UTC')}"]),
      ...(to === undefined ? [] : ["published_at < {to:DateTime64(3, 'UTC')}"]),
    ];
    return {
      sql: `WITH
said AS (
  SELECT tracker, issue_id, mention_id, voice, is_repeated, copy_of
  FROM issue_mentions
  ${where([...ofTracker, ...ofTime]).replaceAll("\n", "\n  ")}
),
stars AS (
  SELECT id, tracker, concat(platform, ' ', product) AS stratum, ${PERSON} AS person, rating * 5 / rating_max AS stars
  FROM (SELECT *, arrayJoin(${trackers}) AS tracker FROM mentions)
  ${where([...ofTracker, ...ofTime, "rating IS NOT NULL", "NOT is_spam", "NOT by_us", "amplifies_id = ''"]).replaceAll("\n", "\n  ")}
),
raters AS (SELECT tracker, stratum, person, avg(stars) AS stars FROM stars GROUP BY tracker, stratum, person),
strata AS (SELECT tracker, stratum, count() AS people, sum(stars) AS points FROM raters GROUP BY tracker, stratum),
own AS (
  SELECT s.tracker AS tracker, s.issue_id AS issue_id, r.stratum AS stratum, r.person AS person, avg(r.stars) AS stars
  FROM said AS s
  INNER JOIN stars AS r ON r.tracker = s.tracker AND r.id = s.mention_id
  WHERE s.copy_of = ''
  GROUP BY tracker, issue_id, stratum, person
),
sides AS (
  SELECT o.tracker AS tracker, o.issue_id AS issue_id, o.stratum AS stratum, count() AS people, sum(o.stars) AS points,
    any(t.people) - people AS others, (any(t.points) - sum(r.stars)) / others AS others_mean
  FROM own AS o
  INNER JOIN raters AS r ON r.tracker = o.tracker AND r.stratum = o.stratum AND r.person = o.person
  INNER JOIN strata AS t ON t.tracker = o.tracker AND t.stratum = o.stratum
  GROUP BY tracker, issue_id, stratum
  HAVING others >= 2
),
impacts AS (
  SELECT tracker, issue_id, sum(people) AS rated,
    if(rated < ${FEWEST_PEOPLE} OR sum(others) < ${FEWEST_PEOPLE}, NULL,
      round(sum(people * others_mean - points) / (rated + sum(others)), 6)) AS cost
  FROM sides
  GROUP BY tracker, issue_id
),
voices AS (
  SELECT tracker, issue_id, uniqExact(voice) AS people, uniqExactIf(voice, ifNull(is_repeated, 0)) AS repeated
  FROM said
  GROUP BY tracker, issue_id
),
measured AS (
  SELECT i.tracker AS tracker, i.issue_id AS issue_id, i.title AS title, i.verdict AS verdict, v.people AS people,
    p.rated AS rated, p.cost AS cost, v.repeated AS repeated,
    if(people < ${FEWEST_PEOPLE}, NULL, round(repeated / people, 6)) AS repeat_share
  FROM voices AS v
  INNER JOIN (SELECT tracker, issue_id, title, verdict FROM issues) AS i ON i.tracker = v.tracker AND i.issue_id = v.issue_id
  LEFT JOIN impacts AS p ON p.tracker = v.tracker AND p.issue_id = v.issue_id
)
SELECT
  tracker, issue_id, title, verdict, people,
  rank() OVER (PARTITION BY tracker ORDER BY people DESC) AS volume_rank,
  rated, cost,
  if(cost IS NULL, NULL, rank() OVER (PARTITION BY tracker ORDER BY cost DESC NULLS LAST)) AS impact_rank,
  repeated, repeat_share,
  if(repeat_share IS NULL, NULL, rank() OVER (PARTITION BY tracker ORDER BY repeat_share DESC NULLS LAST)) AS repeat_rank,
  count() OVER () AS found
FROM measured
ORDER BY tracker, people DESC, issue_id
LIMIT {limit:UInt32}`,
      params: {
        limit,
        ...(ofTracker.length === 0 ? {} : { tracker }),
        ...(from === undefined ? {} : { from: toColumnTime(from) }),
        ...(to === undefined ? {} : { to: toColumnTime(to) }),
      },
    };
  },
});
