-- Counters over time. Fed by every write to mention_rows; idempotent by (mention_id, observed_at).
CREATE TABLE IF NOT EXISTS engagement_rows
(
    mention_id       String,
    observed_at      DateTime64(3, 'UTC'),
    likes            Nullable(UInt64),
    replies          Nullable(UInt64),
    shares           Nullable(UInt64),
    views            Nullable(UInt64),
    author_followers Nullable(UInt64)
)
ENGINE = ReplacingMergeTree
ORDER BY (mention_id, observed_at);

CREATE MATERIALIZED VIEW IF NOT EXISTS engagement_feed TO engagement_rows AS
SELECT id AS mention_id, observed_at, likes, replies, shares, views, author_followers
FROM mention_rows
WHERE is_deleted = 0
  AND (likes IS NOT NULL OR replies IS NOT NULL OR shares IS NOT NULL OR views IS NOT NULL);

CREATE VIEW IF NOT EXISTS engagement AS
SELECT mention_id, observed_at, likes, replies, shares, views, author_followers
FROM engagement_rows FINAL
WHERE mention_id NOT IN (SELECT id FROM mention_rows WHERE is_deleted = 1);

-- What each revision of a mention said. Only edits are kept apart: a mention that was never edited is in `mentions` alone.
CREATE TABLE IF NOT EXISTS mention_revision_rows
(
    mention_id   String,
    revision     UInt64,
    observed_at  DateTime64(3, 'UTC'),
    title        String CODEC(ZSTD),
    text         String CODEC(ZSTD),
    rating       Nullable(Float64),
    rating_max   Nullable(Float64)
)
ENGINE = ReplacingMergeTree(observed_at)
ORDER BY (mention_id, revision);

CREATE MATERIALIZED VIEW IF NOT EXISTS mention_revision_feed TO mention_revision_rows AS
SELECT id AS mention_id, revision, observed_at, title, text, rating, rating_max
FROM mention_rows
WHERE is_deleted = 0 AND revision > 0;

CREATE VIEW IF NOT EXISTS mention_revisions AS
SELECT mention_id, revision, observed_at, title, text, rating, rating_max
FROM mention_revision_rows FINAL
WHERE mention_id NOT IN (SELECT id FROM mention_rows WHERE is_deleted = 1);
