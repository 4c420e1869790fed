import type { Correction } from "./correction.ts";
import type { Coverage } from "./coverage.ts";
import type { SourceCursor } from "./cursor.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { idOf, Mention, MentionDeletion, type MentionEvent } from "./mention.ts";
import type { Poll } from "./poll.ts";
import type { Timestamp } from "./primitives.ts";
import type { Span } from "./reading.ts";
import type { LogPosition, StoredEvent, WrittenMention } from "./stored-event.ts";
import type { AppliedTracker } from "./tracker.ts";
import { fromWire } from "./wire.ts";

/**
 * Where records become ClickHouse rows: the one place that maps camelCase to snake_case. Each mapping lists its
 * columns once; a test compares them with the tables the DDL makes.
 */

/** A revision no edit can beat: a deleted mention stays deleted whatever arrives late. */
const DELETED_REVISION = Number.MAX_SAFE_INTEGER;

/** ClickHouse's own notation of a UTC instant, parsed faster than ISO 8601. */
export function toColumnTime(at: Timestamp): string {
  return `${at.slice(0, 10)} ${at.slice(11, 23)}`;
}

/** The instant a DateTime64(3, 'UTC') column holds. */
export function fromColumnTime(at: string): Timestamp {
  return `${at.replace(" ", "T")}Z`;
}

/** Where the title says what the text does not. */
const NOWHERE: Span = { start: 0, end: 0 };

function textAt(text: string, span: Span | null): string {
  return span === null ? "" : text.slice(span.start, span.end);
}

const MENTION_COLUMNS = [
  ["id", (e) => e.mention.id],
  ["platform", (e) => e.mention.platform],
  ["source", (e) => e.mention.source],
  ["native_id", (e) => e.mention.nativeId],
  ["revision", (e) => e.mention.revision],
  ["kind", (e) => e.mention.kind],
  ["trackers", (e) => e.mention.trackers],
  ["author_id", (e) => e.mention.authorId],
  ["author_name", (e) => e.mention.authorName],
  ["author_handle", (e) => e.mention.authorHandle],
  ["author_followers", (e) => e.mention.authorFollowers],
  ["text", (e) => e.mention.text],
  ["title", (e) => e.mention.title],
  ["url", (e) => e.mention.url],
  ["parent_id", (e) => e.mention.parentId],
  ["thread_id", (e) => e.mention.threadId],
  ["amplifies_id", (e) => e.mention.amplifiesId],
  ["in_reply_to_us", (e) => e.mention.inReplyToUs],
  ["by_us", (e) => e.mention.byUs],
  ["rating", (e) => e.mention.rating],
  ["rating_max", (e) => e.mention.ratingMax],
  ["product", (e) => e.mention.product],
  ["version", (e) => e.mention.version],
  ["country", (e) => e.mention.country],
  ["language_hint", (e) => e.mention.languageHint],
  ["published_at", (e) => toColumnTime(e.mention.publishedAt)],
  ["observed_at", (e) => toColumnTime(e.mention.observedAt)],
  ["likes", (e) => e.mention.engagement.likes],
  ["replies", (e) => e.mention.engagement.replies],
  ["shares", (e) => e.mention.engagement.shares],
  ["views", (e) => e.mention.engagement.views],
  ["raw_hash", (e) => e.mention.rawHash],
  ["language", (e) => e.enrichment.language],
  ["language_confidence", (e) => e.enrichment.languageConfidence],
  ["sentiment_score", (e) => e.enrichment.sentiment.score],
  ["sentiment_label", (e) => e.enrichment.sentiment.label],
  ["sentiment_confidence", (e) => e.enrichment.sentiment.confidence],
  ["sentiment_spans", (e) => e.enrichment.sentiment.spans],
  ["sentence_sentiments", (e) => e.enrichment.sentiment.sentences],
  ["is_complaint", (e) => e.enrichment.complaint.isComplaint],
  ["complaint_confidence", (e) => e.enrichment.complaint.confidence],
  ["complaint_evidence", (e) => e.enrichment.complaint.evidence],
  ["intent", (e) => e.enrichment.intent],
  ["is_request", (e) => e.enrichment.request.isRequest],
  ["request_confidence", (e) => e.enrichment.request.confidence],
  ["request_evidence", (e) => e.enrichment.request.evidence],
  ["feedback_kind", (e) => e.enrichment.feedback.kind],
  ["feedback_confidence", (e) => e.enrichment.feedback.confidence],
  ["aspects", (e) => e.enrichment.aspects.map(({ span, ...aspect }) => ({ ...aspect, ...span }))],
  ["stage_broke", (e) => e.enrichment.stage.brokeAt],
  ["stage_complained", (e) => e.enrichment.stage.complainedAt],
  ["severity", (e) => e.enrichment.severity],
  ["anger", (e) => e.enrichment.anger],
  ["is_repeated", (e) => e.enrichment.repetition.isRepeated],
  ["repeat_count", (e) => e.enrichment.repetition.count],
  ["days_waiting", (e) => e.enrichment.repetition.daysWaiting],
  ["repetition_evidence", (e) => e.enrichment.repetition.evidence],
  ["is_expectation_broken", (e) => e.enrichment.expectation.isBroken],
  ["expectation_source", (e) => e.enrichment.expectation.source],
  [
    "expectation_claim",
    ({ mention, enrichment: { expectation } }) => textAt(mention.text, expectation.claim),
  ],
  ["expectation_evidence", (e) => e.enrichment.expectation.evidence],
  ["threats", (e) => e.enrichment.threats.map(({ kind, span }) => ({ kind, ...(span ?? NOWHERE) }))],
  ["is_spam", (e) => e.enrichment.spam.isSpam],
  ["spam_score", (e) => e.enrichment.spam.score],
  ["spam_reasons", (e) => e.enrichment.spam.reasons],
  ["model_version", (e) => e.enrichment.modelVersion],
  ["processed_at", (e) => toColumnTime(e.enrichment.processedAt)],
] as const satisfies readonly (readonly [string, (e: Extract<StoredEvent, { type: "upsert" }>) => unknown])[];

const mentionColumns: string[] = MENTION_COLUMNS.map(([column]) => column);

/** `mention_rows`. A deletion keeps the id alone: no text, no author. */
export const mentionRows = {
  table: "mention_rows",
  columns: [...mentionColumns, "is_deleted", "deletion_reason"],
  toRow(event: StoredEvent | WrittenMention): readonly unknown[] | string {
    if ("row" in event) return event.row;
    if (event.type === "upsert") {
      const row: unknown[] = MENTION_COLUMNS.map(([, value]) => value(event));
      row.push(0, "");
      return row;
    }
    const kept: Record<string, unknown> = {
      id: event.id,
      source: event.source,
      platform: event.id.slice(0, event.id.indexOf(":")),
      revision: DELETED_REVISION,
      observed_at: toColumnTime(event.observedAt),
      processed_at: toColumnTime(event.observedAt),
      published_at: "1970-01-01 00:00:00.000",
    };
    return [...mentionColumns.map((column) => kept[column] ?? emptyValue(column)), 1, event.reason];
  },
};

/** Columns that {@link toStoredMention} reads, of `mention_rows` and of the view `mentions` alike. */
export const mentionFieldColumns: readonly string[] = mentionColumns.slice(
  0,
  mentionColumns.indexOf("language"),
);

/** The mention in a row; what else the row has is left out. */
export function toStoredMention(row: Readonly<Record<string, unknown>>): Mention {
  const columns = Object.fromEntries(mentionFieldColumns.map((column) => [column, row[column]]));
  const { likes, replies, shares, views, ...fields } = columns;
  return Mention.parse({
    ...(fromWire(fields) as object),
    engagement: { likes, replies, shares, views },
    publishedAt: fromColumnTime(String(fields["published_at"])),
    observedAt: fromColumnTime(String(fields["observed_at"])),
  });
}

/** Columns of {@link mentionRows} that {@link toMentionEvent} reads. */
export const mentionEventColumns: readonly string[] = [
  ...mentionFieldColumns,
  "is_deleted",
  "deletion_reason",
];

/** What a row of `mention_rows` says of its mention. A row does not know the trackers of a deletion. */
export function toMentionEvent(row: Readonly<Record<string, unknown>>): MentionEvent {
  if (row["is_deleted"] !== 1) return { type: "upsert", mention: toStoredMention(row) };
  const { id, source, deletion_reason: reason, observed_at } = row;
  const observedAt = fromColumnTime(String(observed_at));
  return MentionDeletion.parse({ type: "delete", id, source, reason, observedAt });
}

const NULL = new Set([
  "author_followers",
  "rating",
  "rating_max",
  "likes",
  "replies",
  "shares",
  "views",
  "sentiment_score",
  "repeat_count",
  "days_waiting",
]);
const NONE = new Set([
  "trackers",
  "sentiment_spans",
  "sentence_sentiments",
  "complaint_evidence",
  "request_evidence",
  "aspects",
  "repetition_evidence",
  "expectation_evidence",
  "threats",
  "spam_reasons",
]);
const ZERO = new Set([
  "language_confidence",
  "sentiment_confidence",
  "complaint_confidence",
  "request_confidence",
  "feedback_confidence",
  "severity",
  "anger",
  "spam_score",
]);

function emptyValue(column: string): unknown {
  if (NULL.has(column)) return null;
  if (NONE.has(column)) return [];
  if (column.startsWith("is_") || column === "by_us" || column === "in_reply_to_us") return false;
  return ZERO.has(column) ? 0 : "";
}

/** The version of a mention that the log of mentions had last: events with their place in the log. */
export const loggedVersionRows = {
  table: "logged_version_rows",
  columns: ["id", "logged_at", "log_offset", "revision", "observed_at"],
  toRow(event: StoredEvent & { readonly logged: LogPosition }): readonly unknown[] {
    const { at, offset } = event.logged;
    const { revision, observedAt } =
      event.type === "upsert" ? event.mention : { revision: DELETED_REVISION, observedAt: event.observedAt };
    return [idOf(event), toColumnTime(at), offset, revision, toColumnTime(observedAt)];
  },
};

export const deadLetterRows = {
  table: "dead_letter_rows",
  columns: [
    "id",
    "source",
    "ingestor",
    "stage",
    "code",
    "reason",
    "position",
    "payload",
    "is_payload_cut",
    "state",
    "at",
  ],
  toRow: (d: DeadLetter): readonly unknown[] => [
    d.id,
    d.source,
    d.ingestor,
    d.stage,
    d.code,
    d.reason,
    d.position,
    d.payload,
    d.isPayloadCut,
    d.state,
    toColumnTime(d.at),
  ],
};

export const cursorRows = {
  table: "cursor_rows",
  columns: ["source", "generation", "sequence", "cursor", "saved_at"],
  toRow: (c: SourceCursor): readonly unknown[] => [
    c.source,
    c.generation,
    c.sequence,
    c.cursor,
    toColumnTime(c.savedAt),
  ],
};

export const coverageRows = {
  table: "coverage_rows",
  columns: ["source", "hour", "state", "reason", "recorded_at"],
  toRow: (c: Coverage): readonly unknown[] => [
    c.source,
    toColumnTime(c.hour),
    c.state,
    c.reason,
    toColumnTime(c.recordedAt),
  ],
};

const toNullableColumnTime = (at: Timestamp | null) => (at === null ? null : toColumnTime(at));

export const pollRows = {
  table: "poll_rows",
  columns: [
    "source",
    "started_at",
    "at",
    "outcome",
    "code",
    "reason",
    "mentions",
    "deletions",
    "unmatched",
    "dead_letters",
    "requests",
    "items",
    "usd",
    "units",
    "failures",
    "covered_from",
    "heard_until",
    "not_before",
    "next_poll_at",
    "budget",
  ],
  toRow: (p: Poll): readonly unknown[] => [
    p.source,
    toColumnTime(p.startedAt),
    toColumnTime(p.at),
    p.outcome,
    p.code,
    p.reason,
    p.mentions,
    p.deletions,
    p.unmatched,
    p.deadLetters,
    p.requests,
    p.items,
    p.usd,
    p.units,
    p.failures,
    toNullableColumnTime(p.coveredFrom),
    toNullableColumnTime(p.heardUntil),
    toNullableColumnTime(p.notBefore),
    toNullableColumnTime(p.nextPollAt),
    p.budget.map(({ resetsAt, ...left }) => ({ ...left, resets_at: toColumnTime(resetsAt) })),
  ],
};

export const correctionRows = {
  table: "correction_rows",
  columns: ["id", "mention_id", "revision", "field", "aspect", "value", "note", "by", "at"],
  toRow: (c: Correction): readonly unknown[] => [
    c.id,
    c.mentionId,
    c.revision,
    c.field,
    c.aspect,
    c.value,
    c.note,
    c.by,
    toColumnTime(c.at),
  ],
};

export const trackerRows = {
  table: "tracker_rows",
  columns: ["id", "name", "kind", "query", "applied_at"],
  toRow: (t: AppliedTracker): readonly unknown[] => [
    t.id,
    t.name,
    t.kind,
    t.query,
    toColumnTime(t.appliedAt),
  ],
};

export const dryRunIdRows = {
  table: "dry_run_ids",
  columns: ["run", "id", "raw_hash", "met_at"],
  toRow: (met: { run: string; id: string; rawHash: string; at: Timestamp }): readonly unknown[] => [
    met.run,
    met.id,
    met.rawHash,
    met.at.slice(0, 19).replace("T", " "),
  ],
};
