-- Where mentions come through a log (Kafka) that keeps the last event of each: which version that is. Of one mention the
-- event processed later stands later in the log. Rows outlive what the log retains by default.
CREATE TABLE IF NOT EXISTS logged_version_rows
(
    id           String,
    processed_at DateTime64(3, 'UTC'),
    revision     UInt64,
    observed_at  DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(processed_at)
ORDER BY id
TTL toDateTime(processed_at) + INTERVAL 8 DAY;
