import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { COPY_KINDS } from "../schemas/issue.ts";
import { fromColumnVector } from "../schemas/issue-rows.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { VOICES_MEASURE } from "../schemas/written-exposure.ts";
import { Count, Instant, Milliseconds, Time, wholeNumber } from "./values.ts";

/** What the detector of a tracker asks of mentions. What belongs to no tracker is followed as {@link UNTRACKED}. */

/** Stands for what belongs to no tracker. */
export const UNTRACKED = "untracked";

/** Whether a mention of `mentions` is one that issues are made of. */
const IS_OF_ISSUES =
  "NOT is_spam AND NOT by_us AND (is_complaint OR is_request OR hasAny(threats.kind, ['safety', 'data']))";
const IS_OF_TRACKER = `has(if(empty(trackers), ['${UNTRACKED}'], trackers), {tracker:String})`;
/** Texts are read by their beginning. */
const READ_LENGTH = 5_000;
const TEXT = `substringUTF8(mentions.text, 1, ${READ_LENGTH})`;
const AT_MS = "toUnixTimestamp64Milli(published_at)";
/** Of an author, named so that no two people of two platforms share a name; empty: not known. */
const AUTHOR =
  "if(author_id != '', concat(platform, ' ', author_id), if(author_handle != '', concat(platform, ' @', lowerUTF8(author_handle)), ''))";

const Utterance = {
  id: z.string(),
  author: z.string(),
  title: z.string(),
  text: z.string(),
  url: z.string(),
  amplifies_id: z.string(),
  language: z.string(),
  at: Milliseconds,
};
const UTTERANCE = `id, ${AUTHOR} AS author, title, ${TEXT} AS text, url, amplifies_id, language, ${AT_MS} AS at`;

/** Whether a row of `mention_rows`, any version of a mention, may be of one that issues are made of. */
const MAY_BE_OF_ISSUES =
  "NOT is_deleted AND NOT by_us AND (is_complaint OR is_request OR hasAny(threats.kind, ['safety', 'data']) " +
  "OR id IN (SELECT mention_id FROM correction_rows WHERE field = 'intent'))";

/** Ids of what was processed or corrected lately. */
const RECENT = `SELECT id FROM mention_rows WHERE processed_at >= {since:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT mention_id FROM correction_rows WHERE at >= {since:DateTime64(3, 'UTC')}`;
/** Those of them that may be new, by any version of theirs: to look up each as it stands only to find nothing costs too much. */
const NEW = `SELECT id FROM mention_rows
  WHERE id IN (${RECENT})
    AND ${IS_OF_TRACKER} AND ${MAY_BE_OF_ISSUES}
    AND id NOT IN (
      SELECT mention_id FROM issue_assignment_rows
      WHERE tracker = {tracker:String} AND mention_id IN (${RECENT}))`;

/** Whether it is worth asking for {@link unassignedMentions}. */
export const newMentions = defineQuery({
  name: "new_mentions",
  summary: "A mention of a tracker that was processed or corrected lately and may belong to no issue yet.",
  params: z.strictObject({ tracker: z.string(), since: Instant }),
  row: z.object({ id: z.string() }),
  statement: ({ tracker, since }) => ({
    sql: `${NEW}
LIMIT 1`,
    params: { tracker, since: toColumnTime(since) },
  }),
});

/** Complaints and requests that were put with no others yet. */
export const unassignedMentions = defineQuery({
  name: "unassigned_mentions",
  summary:
    "Complaints and requests of a tracker that belong to no issue yet, in the order they were published.",
  params: z.strictObject({
    tracker: z.string(),
    since: Instant.optional().describe("Processed or corrected at or after this time; absent: ever."),
    limit: wholeNumber(1, 50_000),
  }),
  row: z.object(Utterance),
  statement: ({ tracker, since, limit }) => ({
    sql: `SELECT ${UTTERANCE}
FROM mentions
WHERE id IN (
  SELECT id
  FROM mentions
  WHERE ${IS_OF_TRACKER}
    AND ${IS_OF_ISSUES}
    AND ${
      since === undefined
        ? "id NOT IN (SELECT mention_id FROM issue_assignments WHERE tracker = {tracker:String})"
        : `id IN (${NEW})`
    }
  ORDER BY published_at, id
  LIMIT {limit:UInt32})
ORDER BY at, id`,
    params: { tracker, limit, ...(since === undefined ? {} : { since: toColumnTime(since) }) },
  }),
});

/** What was put together before a restart, cluster by cluster. */
export const recordedClusters = defineQuery({
  name: "recorded_clusters",
  summary: "Clusters of a tracker with their issue and what their mentions mean; ordered by id.",
  params: z.strictObject({ tracker: z.string(), model: z.string(), samples: wholeNumber(1, 1_000) }),
  row: z.object({
    cluster_id: z.string(),
    issue_id: z.string(),
    is_taught: z.boolean(),
    moved_at: Milliseconds,
    size: Count.describe("Mentions, without those that only repeat others."),
    sum: z
      .string()
      .transform((bytes) => (bytes === "" ? undefined : fromColumnVector(bytes)))
      .describe("Empty where what was recorded is not of as many mentions."),
    samples: z
      .array(z.string())
      .describe("Ids of some of them, drawn by chance, always the same; empty where the sum is known."),
  }),
  statement: (params) => ({
    sql: `SELECT c.cluster_id AS cluster_id, c.issue_id AS issue_id, (c.by != '')::Bool AS is_taught,
  toUnixTimestamp64Milli(c.moved_at) AS moved_at, m.size AS size,
  s.mentions = m.size AS is_known, if(is_known, s.sum, '') AS sum, if(is_known, [], m.samples) AS samples
FROM (SELECT cluster_id, issue_id, by, moved_at FROM issue_cluster_rows FINAL WHERE tracker = {tracker:String}) AS c
LEFT JOIN (
  SELECT cluster_id, count() AS size,
    groupArraySorted({samples:UInt32})((cityHash64(mention_id), mention_id)).2 AS samples
  FROM issue_assignment_rows FINAL
  WHERE tracker = {tracker:String} AND copy_of = ''
    AND mention_id IN (SELECT id FROM mentions WHERE ${IS_OF_TRACKER} AND NOT by_us)
  GROUP BY cluster_id
) AS m ON m.cluster_id = c.cluster_id
LEFT JOIN (
  SELECT cluster_id, mentions, sum
  FROM issue_cluster_sum_rows FINAL
  WHERE tracker = {tracker:String} AND model = {model:String}
) AS s ON s.cluster_id = c.cluster_id
ORDER BY cluster_id`,
    params,
  }),
});

/** What stands for clusters whose sum is not known. */
export const sampleTexts = defineQuery({
  name: "sample_texts",
  summary: "Title and text of mentions; ordered by id.",
  params: z.strictObject({ ids: z.array(z.string()) }),
  row: z.object({ id: z.string(), said: z.string() }),
  statement: (params) => ({
    sql: `SELECT id, concat(title, '\n', ${TEXT}) AS said
FROM mentions
WHERE id IN {ids:Array(String)}
ORDER BY id`,
    params,
  }),
});

/** What was put into issues and not judged yet: where a detector ended in between, it was not looked at again either. */
export const assignedUnjudged = defineQuery({
  name: "assigned_unjudged",
  summary: "How many mentions of a tracker were put into issues after issues were judged last.",
  params: z.strictObject({ tracker: z.string() }),
  row: z.object({ mentions: Count }),
  statement: (params) => ({
    sql: `SELECT count() AS mentions
FROM issue_assignment_rows
WHERE tracker = {tracker:String} AND by = ''
  AND assigned_at > (SELECT max(judged_at) FROM issue_rows WHERE tracker = {tracker:String})`,
    params,
  }),
});

/** What was said lately, so that its copies are known again after a restart. */
export const lastAssigned = defineQuery({
  name: "last_assigned",
  summary: "The latest mentions of a tracker that belong to issues, each with its cluster; latest first.",
  params: z.strictObject({ tracker: z.string(), since: Instant, limit: wholeNumber(1, 1_000_000) }),
  row: z.object({ ...Utterance, cluster_id: z.string() }),
  statement: ({ tracker, since, limit }) => ({
    sql: `SELECT ${UTTERANCE}, cluster_id
FROM mentions
INNER JOIN (
  SELECT mention_id, cluster_id FROM issue_assignment_rows FINAL WHERE tracker = {tracker:String}
) AS a ON a.mention_id = mentions.id
WHERE ${IS_OF_TRACKER} AND published_at >= {since:DateTime64(3, 'UTC')}
ORDER BY at DESC, id DESC
LIMIT {limit:UInt32}`,
    params: { tracker, limit, since: toColumnTime(since) },
  }),
});

/** What people said of clusters and mentions since the machine last looked. */
export const taughtSince = defineQuery({
  name: "taught_since",
  summary:
    "Clusters that people put into an issue of a tracker since a time, and, with an empty cluster, each time they moved mentions; ordered by cluster, then time.",
  params: z.strictObject({ tracker: z.string(), since: Instant }),
  row: z.object({ cluster_id: z.string(), issue_id: z.string(), moved_at: z.string() }),
  statement: ({ tracker, since }) => ({
    sql: `SELECT cluster_id, issue_id, toString(at) AS moved_at
FROM (
  SELECT cluster_id, issue_id, moved_at AS at
  FROM issue_cluster_rows
  WHERE tracker = {tracker:String} AND by != '' AND moved_at >= {since:DateTime64(3, 'UTC')}
  ORDER BY cluster_id, version DESC
  LIMIT 1 BY cluster_id
  UNION ALL
  SELECT DISTINCT '', '', assigned_at
  FROM issue_assignment_rows
  WHERE tracker = {tracker:String} AND by != '' AND assigned_at >= {since:DateTime64(3, 'UTC')}
)
ORDER BY cluster_id, at`,
    params: { tracker, since: toColumnTime(since) },
  }),
});

/** Issues that people merged into others. */
export const standingMerges = defineQuery({
  name: "standing_merges",
  summary: "Issues of a tracker that were merged into others, and by whom; ordered by id.",
  params: z.strictObject({ tracker: z.string() }),
  row: z.object({ issue_id: z.string(), into: z.string(), by: z.string(), at: Time }),
  statement: (params) => ({
    sql: `SELECT issue_id, tupleElement(last, 1) AS into, tupleElement(last, 2) AS by, tupleElement(last, 3) AS at
FROM (
  SELECT issue_id, argMax((JSONExtractString(payload, 'into'), by, at), (at, id)) AS last
  FROM issue_events
  WHERE tracker = {tracker:String} AND kind = 'merge' AND is_standing
  GROUP BY issue_id
)
ORDER BY issue_id`,
    params,
  }),
});

/** What is still in issues that people merged into others: it came while they did, or they were cut off. */
export const leftBehind = defineQuery({
  name: "left_behind",
  summary:
    "Clusters of some issues of a tracker, with who put them there and when, empty for the machine; ordered by id.",
  params: z.strictObject({ tracker: z.string(), issues: z.array(z.string()) }),
  row: z.object({ cluster_id: z.string(), issue_id: z.string(), by: z.string(), moved_at: Time }),
  statement: (params) => ({
    sql: `SELECT cluster_id, issue_id, by, moved_at
FROM issue_cluster_rows FINAL
WHERE tracker = {tracker:String} AND issue_id IN {issues:Array(String)}
ORDER BY cluster_id`,
    params,
  }),
});

/** What the machine proposed, whatever became of it: it is not proposed again. */
export const proposedBefore = defineQuery({
  name: "proposed_before",
  summary: "Ids of merges and splits of a tracker that were ever proposed; ordered.",
  params: z.strictObject({ tracker: z.string() }),
  row: z.object({ id: z.string() }),
  statement: (params) => ({
    sql: `SELECT DISTINCT id
FROM issue_event_rows
WHERE tracker = {tracker:String} AND kind IN ('propose_merge', 'propose_split')
ORDER BY id`,
    params,
  }),
});

/** Everything a verdict needs of the issues of a tracker. */
export const issueHistories = defineQuery({
  name: "issue_histories",
  summary:
    "Issues of a tracker with all their mentions as lists of equal length and order; ordered by issue.",
  params: z.strictObject({ tracker: z.string() }),
  row: z.object({
    issue_id: z.string(),
    ids: z.array(z.string()),
    at: z.array(Milliseconds),
    voices: z.array(z.string()),
    channels: z.array(z.string()),
    threads: z.array(z.string()),
    copies: z.array(z.string()),
    copied_by: z.array(z.enum(COPY_KINDS)),
    harms: z.array(z.enum(["", "safety", "data", "money"])),
    complaints: Count,
    requests: Count,
    aspects: z.array(z.string()).describe("Judged badly, the commonest first."),
    stages: z.array(z.string()).describe("Where it broke, the commonest first."),
    languages: z.array(z.string()).describe("The commonest first."),
  }),
  statement: ({ tracker }) => ({
    sql: `SELECT issue_id, ids, at, voices, channels, threads, copies, copied_by, harms, complaints, requests,
  ${commonest("aspects_counted")} AS aspects, ${commonest("stages_counted")} AS stages, ${commonest("languages_counted")} AS languages
FROM (
  SELECT
    issue_id,
    groupArray(mention_id) AS ids, groupArray(${AT_MS}) AS at, groupArray(voice) AS voices,
    groupArray(platform) AS channels, groupArray(thread_id) AS threads,
    groupArray(copy_of) AS copies, groupArray(copy_by) AS copied_by,
    groupArray(multiIf(
      has(threats.kind, 'safety'), 'safety',
      has(threats.kind, 'data'), 'data',
      severity >= 4 AND stage_broke = 'payment', 'money',
      '')) AS harms,
    countIf(is_complaint) AS complaints, countIf(is_request) AS requests,
    ${counted("arrayDistinct(arrayMap(a -> a.1, arrayFilter(a -> a.2 = 'negative', aspects)))")} AS aspects_counted,
    ${counted("arrayFilter(s -> s NOT IN ('', 'unknown'), [toString(stage_broke)])")} AS stages_counted,
    ${counted("arrayFilter(l -> l NOT IN ('', 'und'), [toString(language)])")} AS languages_counted
  FROM issue_mentions
  WHERE tracker = {tracker:String}
  GROUP BY issue_id
)
ORDER BY issue_id`,
    params: { tracker },
  }),
});

/** The values of all rows, and how many rows have each. */
function counted(values: string): string {
  return `sumMap(${values}, arrayMap(v -> 1, ${values}))`;
}

/** The five that most rows have, ties by name. */
function commonest(counts: string): string {
  return `arraySlice(arrayMap(p -> p.1, arraySort(p -> (-p.2, p.1), arrayZip(${counts}.1, ${counts}.2))), 1, 5)`;
}

/** Texts that issues are named and quoted by. */
export const issueTexts = defineQuery({
  name: "issue_texts",
  summary:
    "Texts of some issues of a tracker, of those that repeat each other one, and at most so many of each; ordered by issue, then drawn by chance, always the same.",
  params: z.strictObject({ tracker: z.string(), issues: z.array(z.string()), most: wholeNumber(1, 1_000) }),
  row: z.object({
    issue_id: z.string(),
    id: z.string(),
    voice: z.string(),
    title: z.string(),
    text: z.string(),
    language: z.string(),
    at: Milliseconds,
  }),
  statement: (params) => ({
    sql: `SELECT issue_id, id, voice, title, substringUTF8(said, 1, ${READ_LENGTH}) AS text, language, ${AT_MS} AS at
FROM (
  SELECT issue_id, mention_id AS id, voice, title, issue_mentions.text AS said, language, published_at
  FROM issue_mentions
  WHERE tracker = {tracker:String} AND issue_id IN {issues:Array(String)} AND mention_id IN (
    SELECT mention_id FROM issue_assignment_rows FINAL WHERE tracker = {tracker:String} AND cluster_id IN (
      SELECT cluster_id FROM issue_cluster_rows FINAL WHERE tracker = {tracker:String} AND issue_id IN {issues:Array(String)}))
  ORDER BY issue_id, copy_of != '', published_at, mention_id
  LIMIT 1 BY issue_id, if(copy_of = '', mention_id, copy_of)
)
ORDER BY issue_id, cityHash64(id), id
LIMIT {most:UInt32} BY issue_id`,
    params,
  }),
});

/** What the machine last said of every issue of a tracker. */
export const lastJudgements = defineQuery({
  name: "last_judgements",
  summary:
    "The last judgement of each issue of a tracker, those left without mentions too; ordered by issue.",
  params: z.strictObject({ tracker: z.string() }),
  row: z.object({
    issue_id: z.string(),
    title: z.string(),
    terms: z.array(z.string()),
    coverage: z.number(),
    quotes: z.array(z.string()),
    newest_id: z.string(),
    aspects: z.array(z.string()),
    stages: z.array(z.string()),
    languages: z.array(z.string()),
    verdict: z.string(),
    flags: z.array(z.string()),
    complaints: Count,
    requests: Count,
    mentions: Count,
    voices: Count,
    reports: Count,
    judged_at: Time,
  }),
  statement: (params) => ({
    sql: `SELECT issue_id, title, terms, coverage, quotes, newest_id, aspects, stages, languages, verdict, flags,
  complaints, requests, mentions, voices, reports, judged_at
FROM issue_rows FINAL
WHERE tracker = {tracker:String}
ORDER BY issue_id`,
    params,
  }),
});

/** Hours that were not wholly heard, and which channel every source listens to. */
export const unheardHours = defineQuery({
  name: "unheard_hours",
  summary:
    "Each source that is listened to with its platform and the hours it did not hear completely; ordered by source.",
  params: z.strictObject({}),
  row: z.object({
    source: z.string(),
    platform: z.string().describe("Empty: nothing of it is stored."),
    hours: z.array(z.tuple([z.string(), z.enum(["none", "partial"])])),
  }),
  statement: () => ({
    sql: `SELECT c.source AS source, m.platform AS platform, c.hours AS hours
FROM (
  SELECT source, groupArrayIf((formatDateTime(hour, '%FT%H:00:00.000Z'), state), state != 'complete') AS hours
  FROM coverage
  GROUP BY source
) AS c
LEFT JOIN (SELECT source, any(platform) AS platform FROM mention_rows WHERE NOT is_deleted GROUP BY source) AS m
  ON m.source = c.source
ORDER BY source`,
    params: {},
  }),
});

/** How much could have complained, as somebody counted it. */
export const importedExposures = defineQuery({
  name: "imported_exposures",
  summary:
    "What was imported of a tracker for each day, of the measure asked for where there is such, else of that of most days, " +
    "ties by name; of all versions together; ordered by day.",
  params: z.strictObject({
    tracker: z.string(),
    measure: z.string().describe(`Empty: that of most days. ${VOICES_MEASURE}: none.`),
  }),
  row: z.object({ day: z.string(), count: z.number() }),
  statement: (params) => ({
    sql: `WITH imported AS (
  SELECT measure, day, if(countIf(version = '') > 0, sumIf(count, version = ''), sum(count)) AS exposure
  FROM exposures
  WHERE tracker = {tracker:String} AND {measure:String} != '${VOICES_MEASURE}'
  GROUP BY measure, day
)
SELECT toString(day) AS day, exposure AS count
FROM imported
WHERE measure IN (
  SELECT measure FROM imported GROUP BY measure ORDER BY measure = {measure:String} DESC, count() DESC, measure LIMIT 1)
ORDER BY day`,
    params,
  }),
});

/** The trackers that mentions belong to. */
export const heardTrackers = defineQuery({
  name: "heard_trackers",
  summary: `Trackers that have, or had, complaints or requests, ordered by id; ${UNTRACKED} where some belong to none.`,
  params: z.strictObject({}),
  row: z.object({ tracker: z.string() }),
  statement: () => ({
    sql: `SELECT DISTINCT arrayJoin(if(empty(trackers), ['${UNTRACKED}'], trackers)) AS tracker
FROM mention_rows
WHERE ${MAY_BE_OF_ISSUES}
ORDER BY tracker`,
    params: {},
  }),
});
