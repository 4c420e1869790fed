import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { SENTIMENT_LABELS, SentimentLabel } from "../schemas/enrichment.ts";
import { Intent, Span, SPAM_REASONS, Stage, THREAT_KINDS } from "../schemas/reading.ts";
import { MentionKind } from "../schemas/mention.ts";
import { filterConditions, filterParams, where } from "./filters.ts";
import { before, olderThan, positionSql } from "./page-position.ts";
import { searchConditions } from "./search-terms.ts";
import { choiceList, Count, Flag, Time, wholeNumber } from "./values.ts";

/** Longest text a list shows, in characters. */
const SHOWN_TEXT_LENGTH = 2_000;

const StageRead = z.enum([...Stage.options, ""]);

/** The mentions themselves. */
export const latestMentions = defineQuery({
  name: "latest_mentions",
  summary:
    "Mentions with what was read from them, newest first, ties by id; text is cut to 2,000 characters.",
  params: z.strictObject({
    ...filterParams,
    q: z
      .string()
      .max(300)
      .optional()
      .describe(
        'Words that must all occur in title or text, in any case: late refund*, "never arrived", @author.',
      ),
    sentiment: choiceList(SENTIMENT_LABELS).optional().describe("Any of these labels."),
    complaint: Flag.optional().describe("Only complaints (true) or only other mentions (false)."),
    limit: wholeNumber(1, 200).default(50).describe("Most rows to give."),
    before,
  }),
  row: z.object({
    id: z.string(),
    platform: z.string(),
    source: z.string(),
    kind: MentionKind,
    trackers: z.array(z.string()),
    author_name: z.string(),
    author_handle: z.string(),
    text: z.string().describe("What was said, cut to 2,000 characters."),
    text_length: Count.describe(
      "Length of the whole text in UTF-16 units; more than `text` has when it was cut.",
    ),
    title: z.string(),
    url: z.string(),
    rating: z.number().nullable(),
    rating_max: z.number().nullable(),
    language: z.string(),
    published_at: Time,
    sentiment_label: SentimentLabel,
    sentiment_score: z.number().nullable(),
    is_complaint: z.boolean(),
    complaint_confidence: z.number(),
    complaint_evidence: z
      .array(Span)
      .describe("UTF-16 offsets into the whole text; some may lie beyond the cut."),
    intent: z
      .enum([...Intent.options, ""])
      .describe("What it is for, in one word; empty where an older version read it."),
    severity: Count.describe("How bad what happened is, 0..4."),
    anger: Count.describe("How angry it is written, 0..3."),
    stage_broke: StageRead.describe("Where in the customer's journey it broke."),
    stage_complained: StageRead.describe("Where in it they were when they wrote this."),
    is_repeated: z.boolean().describe("They say that they told it before, or still wait."),
    repeat_count: Count.nullable(),
    days_waiting: z.number().nullable(),
    is_expectation_broken: z.boolean(),
    threats: z.array(z.enum(THREAT_KINDS)),
    aspects: z.array(z.object({ aspect: z.string(), label: z.enum(["negative", "neutral", "positive"]) })),
    is_spam: z.boolean(),
    spam_reasons: z.array(z.enum(SPAM_REASONS)),
    sentiment_spans: z
      .array(Span)
      .describe("UTF-16 offsets into the whole text; some may lie beyond the cut."),
    likes: Count.nullable(),
    replies: Count.nullable(),
    shares: Count.nullable(),
    views: Count.nullable(),
    by_us: z.boolean(),
    cursor: z.string().describe("Pass it as `before` to get the mentions after this one."),
  }),
  statement: (asked) => {
    const filters = filterConditions(asked);
    const search = searchConditions(asked.q ?? "");
    const older = olderThan("published_at", asked.before);
    const all = [...filters.all, ...search.all, ...older.all];
    const params: Record<string, unknown> = { ...filters.params, ...search.params, ...older.params };
    if (asked.sentiment !== undefined && asked.sentiment.length > 0) {
      all.push("sentiment_label IN {sentiment:Array(String)}");
      params["sentiment"] = asked.sentiment;
    }
    if (asked.complaint !== undefined) all.push(asked.complaint ? "is_complaint" : "NOT is_complaint");
    return {
      // a character beyond U+FFFF is two UTF-16 units
      sql: `SELECT
  id, platform, source, kind, trackers, author_name, author_handle,
  substringUTF8(mentions.text, 1, ${SHOWN_TEXT_LENGTH}) AS text,
  lengthUTF8(mentions.text) + countMatches(mentions.text, '[\\\\x{10000}-\\\\x{10FFFF}]') AS text_length,
  title, url, rating, rating_max, language, published_at,
  sentiment_label, sentiment_score, is_complaint, complaint_confidence, complaint_evidence, sentiment_spans,
  intent, severity, anger, stage_broke, stage_complained, is_repeated, repeat_count, days_waiting,
  is_expectation_broken, arrayDistinct(threats.kind) AS threats,
  CAST(arrayMap(a -> (a.1, a.2), aspects), 'Array(Tuple(aspect String, label String))') AS aspects,
  is_spam, spam_reasons,
  likes, replies, shares, views, by_us,
  ${positionSql("published_at")} AS cursor
FROM mentions
${where(all)}
ORDER BY published_at DESC, id DESC
LIMIT {limit:UInt32}`,
      params: { ...params, limit: asked.limit },
    };
  },
});
