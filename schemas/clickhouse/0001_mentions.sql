-- One row per version of a mention, with what the processors read from it. The latest version of an id wins:
-- the larger revision, then the later observation, then the later reading (a re-score), then the later write.
CREATE TABLE IF NOT EXISTS mention_rows
(
    id                   String,
    platform             LowCardinality(String),
    source               LowCardinality(String),
    native_id            String,
    revision             UInt64,
    kind                 LowCardinality(String),
    trackers             Array(LowCardinality(String)),
    author_id            String,
    author_name          String,
    author_handle        String,
    author_followers     Nullable(UInt64),
    text                 String CODEC(ZSTD),
    title                String CODEC(ZSTD),
    url                  String CODEC(ZSTD),
    parent_id            String,
    thread_id            String,
    amplifies_id         String,
    in_reply_to_us       Bool,
    by_us                Bool,
    rating               Nullable(Float64),
    rating_max           Nullable(Float64),
    product              LowCardinality(String),
    version              LowCardinality(String),
    country              LowCardinality(String),
    language_hint        LowCardinality(String),
    published_at         DateTime64(3, 'UTC'),
    observed_at          DateTime64(3, 'UTC'),
    likes                Nullable(UInt64),
    replies              Nullable(UInt64),
    shares               Nullable(UInt64),
    views                Nullable(UInt64),
    raw_hash             String,
    language             LowCardinality(String),
    language_confidence  Float32,
    sentiment_score      Nullable(Float32),
    sentiment_label      LowCardinality(String),
    sentiment_confidence Float32,
    sentiment_spans      Array(Tuple(start UInt32, end UInt32)),
    is_complaint         Bool,
    complaint_confidence Float32,
    complaint_evidence   Array(Tuple(start UInt32, end UInt32)),
    model_version        LowCardinality(String),
    processed_at         DateTime64(3, 'UTC'),
    is_deleted           UInt8,
    deletion_reason      String,
    row_version          UInt256 MATERIALIZED bitOr(bitOr(bitShiftLeft(toUInt256(revision), 128), bitShiftLeft(toUInt256(toUnixTimestamp64Milli(observed_at)), 64)), toUInt256(toUnixTimestamp64Milli(processed_at))),
    INDEX published published_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Mentions as they stand: the current revision of each, deleted ones gone. Right without FINAL.
CREATE VIEW IF NOT EXISTS mentions AS
SELECT
    id, platform, source, native_id, revision, kind, trackers,
    author_id, author_name, author_handle, author_followers,
    text, title, url, parent_id, thread_id, amplifies_id, in_reply_to_us, by_us,
    rating, rating_max, product, version, country, language_hint,
    published_at, observed_at, processed_at,
    likes, replies, shares, views, raw_hash,
    language, language_confidence,
    sentiment_score, sentiment_label, sentiment_confidence, sentiment_spans,
    is_complaint, complaint_confidence, complaint_evidence, model_version
FROM mention_rows FINAL;

-- What the processors read from each mention that stands.
CREATE VIEW IF NOT EXISTS enrichments AS
SELECT
    id AS mention_id, published_at, language, language_confidence,
    sentiment_score, sentiment_label, sentiment_confidence, sentiment_spans,
    is_complaint, complaint_confidence, complaint_evidence, model_version, processed_at
FROM mention_rows FINAL;
