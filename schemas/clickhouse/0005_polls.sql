-- One row per poll of a source, or per minute of a stream: how it ended, what it brought and what it cost.
CREATE TABLE IF NOT EXISTS poll_rows
(
    source       LowCardinality(String),
    started_at   DateTime64(3, 'UTC'),
    at           DateTime64(3, 'UTC'),
    outcome      LowCardinality(String),
    code         LowCardinality(String),
    reason       String,
    mentions     UInt32,
    deletions    UInt32,
    unmatched    UInt32,
    dead_letters UInt32,
    requests     Float64,
    items        Float64,
    usd          Float64,
    units        Float64,
    failures     UInt32,
    covered_from Nullable(DateTime64(3, 'UTC')),
    heard_until  Nullable(DateTime64(3, 'UTC')),
    not_before   Nullable(DateTime64(3, 'UTC'))
)
ENGINE = ReplacingMergeTree
ORDER BY (source, at)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS polls AS
SELECT source, started_at, at, outcome, code, reason, mentions, deletions, unmatched, dead_letters,
    requests, items, usd, units, failures, covered_from, heard_until, not_before
FROM poll_rows FINAL;
