import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Slug } from "../schemas/primitives.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { UNTRACKED } from "./detect-mentions.ts";
import { Count, Instant, Time, wholeNumber } from "./values.ts";

const READ_LENGTH = 1_000;

/** A mention without an author is a person of its own: an id holds no space, so it never equals one. */
export const PERSON =
  "if(author_id != '', concat(platform, ' ', author_id), if(author_handle != '', concat(platform, ' @', lowerUTF8(author_handle)), id))";

/** An issue beside everything else that was said of its tracker: what drivers, terms and impact are counted from. */
export const contrastedMentions = defineQuery({
  name: "contrasted_mentions",
  summary:
    "Mentions of a tracker in a window, of the issue and not, what only repeats others left out. Of each side so many at " +
    "most, drawn evenly by the hash of their id and ordered by it; the first of each side with their text.",
  params: z.strictObject({
    tracker: Slug,
    issue: z.string().min(1).max(100),
    from: Instant.describe("Published at or after this time."),
    to: Instant.describe("Published before this time."),
    limit: wholeNumber(1, 50_000).describe("Most mentions of each side."),
    issue_texts: wholeNumber(0, 10_000).describe("So many texts of the issue."),
    other_texts: wholeNumber(0, 10_000).describe("So many texts of the others."),
  }),
  row: z.object({
    is_of_issue: z.boolean(),
    voice: z.string().describe("Of what belongs to issues: the person heard. Empty: of none."),
    person: z.string().describe("Hash of who wrote it."),
    platform: z.string(),
    version: z.string(),
    country: z.string(),
    product: z.string(),
    language: z.string(),
    stage_broke: z.string(),
    aspects: z.array(z.string()),
    trackers: z.array(z.string()),
    rating: z.number().nullable().describe("In stars, every scale read as 0..5."),
    published_at: Time,
    title: z.string(),
    text: z.string().describe("Cut; empty where it is not asked for."),
    side: Count.describe("How many mentions the side has in all."),
  }),
  statement: ({ from, to, ...asked }) => ({
    sql: `WITH
placed AS (SELECT mention_id, voice, copy_of, by, issue_id FROM issue_assignments WHERE tracker = {tracker:String}),
said AS (
  SELECT
    p.issue_id = {issue:String} AND (m.is_complaint OR m.is_request OR hasAny(m.threats.kind, ['safety', 'data']) OR p.by != '') AS is_of_issue,
    p.voice AS voice, lower(hex(sipHash64(${PERSON}))) AS person,
    m.platform AS platform, m.version AS version, m.country AS country, m.product AS product, m.language AS language,
    m.stage_broke AS stage_broke, arrayDistinct(m.aspects.aspect) AS aspects, m.trackers AS trackers,
    m.rating * 5 / m.rating_max AS rating, m.published_at AS published_at, m.title AS title, m.text AS text, m.id AS id
  FROM mentions AS m
  LEFT JOIN placed AS p ON p.mention_id = m.id
  WHERE has(if(empty(m.trackers), ['${UNTRACKED}'], m.trackers), {tracker:String})
    AND NOT m.is_spam AND NOT m.by_us AND p.copy_of = '' AND m.amplifies_id = ''
    AND m.published_at >= {from:DateTime64(3, 'UTC')} AND m.published_at < {to:DateTime64(3, 'UTC')}
),
drawn AS (
  SELECT *,
    row_number() OVER (PARTITION BY is_of_issue ORDER BY sipHash64(id), id) AS nth,
    count() OVER (PARTITION BY is_of_issue) AS side
  FROM said
)
SELECT
  is_of_issue::Bool AS is_of_issue, voice, person, platform, version, country, product, language, stage_broke, aspects, trackers,
  rating, published_at,
  if(nth <= if(is_of_issue, {issue_texts:UInt32}, {other_texts:UInt32}), drawn.title, '') AS title,
  if(nth <= if(is_of_issue, {issue_texts:UInt32}, {other_texts:UInt32}), substringUTF8(drawn.text, 1, ${READ_LENGTH}), '') AS text,
  side
FROM drawn
WHERE nth <= {limit:UInt32}
ORDER BY is_of_issue DESC, nth`,
    params: { ...asked, from: toColumnTime(from), to: toColumnTime(to) },
  }),
});
