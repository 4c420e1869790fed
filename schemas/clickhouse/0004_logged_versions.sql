-- Where mentions come through a log (Kafka) that keeps the last event of each: which version that is. Of one mention the
-- later in the log has the later (logged_at, log_offset). Rows outlive what the log retains by default. Asked by id for
-- every batch that is stored, hence the small granules.
CREATE TABLE IF NOT EXISTS logged_version_rows
(
    id           String,
    logged_at    DateTime64(3, 'UTC'),
    log_offset   UInt64,
    revision     UInt64,
    observed_at  DateTime64(3, 'UTC'),
    row_version  UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(logged_at)), 64), toUInt128(log_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY id
TTL toDateTime(logged_at) + INTERVAL 8 DAY
SETTINGS index_granularity = 256;
