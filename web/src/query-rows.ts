import type { CoverageState } from "../../schemas/coverage.ts";
import type { SentimentLabel } from "../../schemas/enrichment.ts";
import type { Aspect, Intent, Spam, Span, Stage, Threat } from "../../schemas/reading.ts";
import type { BudgetLeft } from "../../schemas/poll.ts";

/** What the API answers to a named query: the rows, and the SQL that gives the same rows. */
export interface QueryReply<Row> {
  readonly query: string;
  readonly sql: string;
  readonly rows: readonly Row[];
}

export interface Status {
  readonly version: string;
  readonly is_empty: boolean;
  readonly mentions: number;
  readonly demo: { readonly state: "idle" | "loading" | "loaded"; readonly progress: number };
  readonly trackers: readonly { readonly id: string; readonly name: string }[];
  readonly now: string;
}

export interface SummaryRow {
  readonly mentions: number;
  readonly authors: number;
  readonly complaints: number;
  readonly complainants: number;
  readonly positive: number;
  readonly neutral: number;
  readonly negative: number;
  readonly unscored: number;
  readonly mean_score: number | null;
  readonly mean_rating: number | null;
  readonly first_published_at: string | null;
  readonly last_published_at: string | null;
}

/** A row that belongs to one bucket of one series. */
export interface BucketRow {
  readonly bucket: string;
  readonly series: string;
}

export interface VolumeRow extends BucketRow {
  readonly mentions: number;
  readonly authors: number;
}

export interface SentimentRow extends BucketRow {
  readonly positive: number;
  readonly neutral: number;
  readonly negative: number;
  readonly unscored: number;
  readonly mean_score: number | null;
}

export interface ComplaintRow extends BucketRow {
  readonly mentions: number;
  readonly complaints: number;
  readonly complainants: number;
  readonly complaint_share: number | null;
}

/** How completely the sources of a series were heard; hours are added up over the sources. */
export interface CoverageRow extends BucketRow {
  readonly state: CoverageState;
  readonly heard_hours: number;
  readonly partial_hours: number;
  readonly expected_hours: number;
  /** The commonest first. */
  readonly reasons: readonly string[];
  /** Those not heard in full. */
  readonly sources: readonly string[];
}

export type SourceState = "unknown" | "connected" | "degraded" | "unauthorized" | "silent" | "removed";

export interface SourceHealthRow {
  readonly source: string;
  readonly state: SourceState;
  readonly code: string;
  readonly reason: string;
  readonly failures: number;
  readonly last_polled_at: string | null;
  readonly heard_until: string | null;
  /** Seconds. */
  readonly lag_s: number | null;
  readonly not_before: string | null;
  readonly next_poll_at: string | null;
  readonly mentions: number;
  readonly last_published_at: string | null;
  readonly last_observed_at: string | null;
  readonly usual_gap_s: number | null;
  readonly requests_today: number;
  readonly usd_this_month: number;
  readonly budget: readonly Omit<BudgetLeft, "resetsAt">[];
  readonly cursor_saved_at: string | null;
  readonly open_dead_letters: number;
}

export interface BreakdownRow {
  readonly series: string;
  readonly mentions: number;
  readonly authors: number;
  readonly complaints: number;
  readonly complaint_share: number | null;
  readonly negative: number;
  readonly mean_score: number | null;
}

export interface FilterOptionRow {
  readonly dimension: string;
  readonly value: string;
  readonly mentions: number;
}

export interface MentionRow {
  readonly id: string;
  readonly platform: string;
  readonly source: string;
  readonly kind: string;
  readonly trackers: readonly string[];
  readonly author_name: string;
  readonly author_handle: string;
  readonly text: string;
  /** Length of the whole text in UTF-16 units; larger than `text.length` when the API cut it. */
  readonly text_length: number;
  readonly title: string;
  readonly url: string;
  readonly rating: number | null;
  readonly rating_max: number | null;
  readonly language: string;
  readonly published_at: string;
  readonly sentiment_label: SentimentLabel;
  readonly sentiment_score: number | null;
  readonly sentiment_spans: readonly Span[];
  readonly is_complaint: boolean;
  readonly complaint_confidence: number;
  readonly complaint_evidence: readonly Span[];
  /** Empty where it was read by a version that did not tell. */
  readonly intent: Intent | "";
  readonly severity: number;
  readonly anger: number;
  readonly stage_broke: Stage | "";
  readonly stage_complained: Stage | "";
  readonly is_repeated: boolean;
  readonly repeat_count: number | null;
  readonly days_waiting: number | null;
  readonly is_expectation_broken: boolean;
  readonly threats: readonly Threat["kind"][];
  readonly aspects: readonly Pick<Aspect, "aspect" | "label">[];
  readonly is_spam: boolean;
  readonly spam_reasons: Spam["reasons"];
  readonly likes: number | null;
  readonly replies: number | null;
  readonly shares: number | null;
  readonly views: number | null;
  readonly by_us: boolean;
  /** Asks for the mentions after this one, as `before`. */
  readonly cursor: string;
}
