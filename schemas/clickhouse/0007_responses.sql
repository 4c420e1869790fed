-- What our own accounts answered, beside the mention it answers, if that was heard, and how long it took.
CREATE VIEW IF NOT EXISTS responses AS
SELECT
    r.id AS response_id,
    r.parent_id AS mention_id,
    r.platform AS platform,
    r.source AS source,
    r.trackers AS trackers,
    r.author_name AS author_name,
    r.author_handle AS author_handle,
    r.text AS text,
    r.url AS url,
    r.published_at AS published_at,
    m.published_at AS mention_published_at,
    if(m.published_at IS NULL, NULL, dateDiff('second', m.published_at, r.published_at)) AS after_s
FROM (SELECT * FROM mention_rows FINAL WHERE by_us AND parent_id != '') AS r
LEFT JOIN
(
    SELECT id, toNullable(published_at) AS published_at
    FROM mention_rows FINAL
    WHERE id IN (SELECT parent_id FROM mention_rows FINAL WHERE by_us AND parent_id != '')
) AS m ON m.id = r.parent_id;
