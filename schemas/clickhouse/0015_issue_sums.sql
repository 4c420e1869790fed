-- What the mentions of a cluster mean, summed: taken up after a restart instead of reading their texts again. `sum` is base64 of
-- little-endian Float32: reinterpret(base64Decode(sum), 'Array(Float32)'). It holds as long as the cluster has so many mentions;
-- a row that is lost is made again from the texts.
CREATE TABLE IF NOT EXISTS issue_cluster_sum_rows
(
    tracker     LowCardinality(String),
    cluster_id  String,
    model       LowCardinality(String),
    mentions    UInt32,
    sum         String CODEC(ZSTD),
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY (tracker, cluster_id);
