-- What is followed, as the config had it when it was last applied: its query was matched with everything stored then.
CREATE TABLE IF NOT EXISTS tracker_rows
(
    id         String,
    name       String,
    kind       LowCardinality(String),
    query      String,
    applied_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY id;

CREATE VIEW IF NOT EXISTS trackers AS
SELECT id, name, kind, query, applied_at
FROM tracker_rows FINAL;
