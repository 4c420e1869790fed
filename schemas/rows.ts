import type { Coverage } from "./coverage.ts";
import type { SourceCursor } from "./cursor.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { idOf, Mention, MentionDeletion, type MentionEvent } from "./mention.ts";
import type { Poll } from "./poll.ts";
import type { Timestamp } from "./primitives.ts";
import type { LogPosition, StoredEvent } from "./stored-event.ts";
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
  ["is_complaint", (e) => e.enrichment.complaint.isComplaint],
  ["complaint_confidence", (e) => e.enrichment.complaint.confidence],
  ["complaint_evidence", (e) => e.enrichment.complaint.evidence],
  ["model_version", (e) => e.enrichment.modelVersion],
  ["processed_at", (e) => toColumnTime(e.enrichment.processedAt)],
] as const satisfies readonly (readonly [string, (e: Extract<StoredEvent, { type: "upsert" }>) => unknown])[];

const mentionColumns: string[] = MENTION_COLUMNS.map(([column]) => column);

/** `mention_rows`. A deletion keeps the id alone: no text, no author. */
export const mentionRows = {
  table: "mention_rows",
  columns: [...mentionColumns, "is_deleted", "deletion_reason"],
  toRow(event: StoredEvent): readonly unknown[] {
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
      in_reply_to_us: false,
      by_us: false,
      is_complaint: false,
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

const NULLABLE = new Set([
  "author_followers",
  "rating",
  "rating_max",
  "likes",
  "replies",
  "shares",
  "views",
  "sentiment_score",
]);
const ARRAYS = new Set(["trackers", "sentiment_spans", "complaint_evidence"]);
const NUMBERS = new Set(["language_confidence", "sentiment_confidence", "complaint_confidence"]);

function emptyValue(column: string): unknown {
  if (NULLABLE.has(column)) return null;
  if (ARRAYS.has(column)) return [];
  return NUMBERS.has(column) ? 0 : "";
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
