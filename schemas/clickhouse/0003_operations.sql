CREATE TABLE IF NOT EXISTS dead_letter_rows
(
    id              String,
    source          LowCardinality(String),
    ingestor        LowCardinality(String),
    stage           LowCardinality(String),
    code            LowCardinality(String),
    reason          String,
    position        String,
    payload         String CODEC(ZSTD),
    is_payload_cut  Bool,
    state           LowCardinality(String),
    at              DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Records that could not be processed, each in its latest state.
CREATE VIEW IF NOT EXISTS dead_letters AS
SELECT id, source, ingestor, stage, code, reason, position, payload, is_payload_cut, state, at
FROM dead_letter_rows FINAL;

CREATE TABLE IF NOT EXISTS cursor_rows
(
    source      String,
    generation  UInt64,
    sequence    UInt64,
    cursor      String CODEC(ZSTD),
    saved_at    DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(generation), 64), toUInt128(sequence))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY source
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS cursors AS
SELECT source, generation, sequence, cursor, saved_at
FROM cursor_rows FINAL;

CREATE TABLE IF NOT EXISTS coverage_rows
(
    source      LowCardinality(String),
    hour        DateTime64(3, 'UTC'),
    state       LowCardinality(String),
    reason      String,
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY (source, hour);

-- How completely each source was heard in each hour.
CREATE VIEW IF NOT EXISTS coverage AS
SELECT source, hour, state, reason, recorded_at
FROM coverage_rows FINAL;

-- Ids met by a dry-run import, so that duplicates inside a file of any size are told in constant memory.
CREATE TABLE IF NOT EXISTS dry_run_ids
(
    run      String,
    id       String,
    raw_hash String,
    met_at   DateTime
)
ENGINE = MergeTree
ORDER BY (run, id)
TTL met_at + INTERVAL 1 DAY;
