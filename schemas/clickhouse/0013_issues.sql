-- What each complaint and request was put with, and whose voice it is. A fact: a replay uses it again, a restart rebuilds
-- from it, and what a person says is a later fact (a larger version). Voices are hashes: no name, no handle.
CREATE TABLE IF NOT EXISTS issue_assignment_rows
(
    tracker       LowCardinality(String),
    mention_id    String,
    cluster_id    String,
    similarity    Float32,
    voice         String,
    copy_of       String,
    copy_by       LowCardinality(String),
    model_version LowCardinality(String),
    by            LowCardinality(String),
    assigned_at   DateTime64(3, 'UTC'),
    version       UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tracker, mention_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60, max_cleanup_delay_period = 60;

-- The issue each cluster of like mentions belongs to. The machine moves clusters between issues when it looks at everything
-- again; where a person put one it stays.
CREATE TABLE IF NOT EXISTS issue_cluster_rows
(
    tracker    LowCardinality(String),
    cluster_id String,
    issue_id   String,
    by         LowCardinality(String),
    moved_at   DateTime64(3, 'UTC'),
    version    UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tracker, cluster_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What people did with issues, and what the machine proposes: append-only; `payload` is JSON, told by `kind`.
CREATE TABLE IF NOT EXISTS issue_event_rows
(
    id       String,
    tracker  LowCardinality(String),
    issue_id String,
    kind     LowCardinality(String),
    payload  String CODEC(ZSTD),
    undoes   String,
    note     String CODEC(ZSTD),
    by       LowCardinality(String),
    at       DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tracker, issue_id, at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What was judged of each issue, whenever it changed: the latest holds, the earlier ones are what was known then. Of each
-- verdict the last of ten minutes is kept, so that an issue of which much is said does not fill the disk.
CREATE TABLE IF NOT EXISTS issue_judgement_rows
(
    tracker           LowCardinality(String),
    issue_id          String,
    judged_at         DateTime64(3, 'UTC'),
    title             String CODEC(ZSTD),
    terms             Array(String),
    coverage          Float32,
    quotes            Array(String),
    newest_id         String,
    aspects           Array(String),
    stages            Array(LowCardinality(String)),
    languages         Array(LowCardinality(String)),
    verdict           LowCardinality(String),
    flags             Array(LowCardinality(String)),
    reason            String CODEC(ZSTD),
    complaints        UInt32,
    requests          UInt32,
    mentions          UInt32,
    voices            UInt32,
    reports           UInt32,
    days              UInt32,
    channels          UInt32,
    first_at          Nullable(DateTime64(3, 'UTC')),
    last_at           Nullable(DateTime64(3, 'UTC')),
    expected          Nullable(Float64),
    alive             Nullable(Float64),
    p30               Nullable(Float64),
    heard_share       Nullable(Float64),
    rate_reports      Nullable(UInt32),
    rate_exposure     Nullable(Float64),
    rate_per_thousand Nullable(Float64),
    rate_low          Nullable(Float64),
    rate_high         Nullable(Float64),
    growth_test       LowCardinality(String),
    growth_reports    Nullable(UInt32),
    growth_expected   Nullable(Float64),
    growth_factor     Nullable(Float64),
    growth_q          Nullable(Float64),
    model_version     LowCardinality(String)
)
ENGINE = ReplacingMergeTree(judged_at)
ORDER BY (tracker, issue_id, toStartOfTenMinutes(judged_at), verdict)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60, max_cleanup_delay_period = 60;

-- The latest judgement of each issue, apart: what pages ask for must not grow with all that was ever judged.
CREATE TABLE IF NOT EXISTS issue_rows AS issue_judgement_rows
ENGINE = ReplacingMergeTree(judged_at)
ORDER BY (tracker, issue_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60, max_cleanup_delay_period = 60;

CREATE MATERIALIZED VIEW IF NOT EXISTS issue_feed TO issue_rows AS
SELECT * FROM issue_judgement_rows;

-- What we did that customers could notice. The latest row of an id holds.
CREATE TABLE IF NOT EXISTS change_rows
(
    id          String,
    tracker     LowCardinality(String),
    kind        LowCardinality(String),
    at          DateTime64(3, 'UTC'),
    ends_at     Nullable(DateTime64(3, 'UTC')),
    title       String CODEC(ZSTD),
    description String CODEC(ZSTD),
    url         String CODEC(ZSTD),
    version     LowCardinality(String),
    platform    LowCardinality(String),
    country     LowCardinality(String),
    product     LowCardinality(String),
    fixes       Array(String),
    origin      LowCardinality(String),
    by          LowCardinality(String),
    recorded_at DateTime64(3, 'UTC'),
    is_removed  UInt8
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- How much could have complained each day: orders, active users, installs. `version` '' counts all versions together.
CREATE TABLE IF NOT EXISTS exposure_rows
(
    tracker     LowCardinality(String),
    measure     LowCardinality(String),
    version     LowCardinality(String),
    day         Date,
    count       Float64,
    by          LowCardinality(String),
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY (tracker, measure, version, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS changes AS
SELECT
    id, tracker, kind, at, ends_at, title, description, url, version, platform, country, product, fixes, origin, by, recorded_at
FROM change_rows FINAL
WHERE NOT is_removed;

CREATE VIEW IF NOT EXISTS exposures AS
SELECT tracker, measure, version, day, count, by, recorded_at FROM exposure_rows FINAL;

-- The issue of every mention that was put into one, and whose voice it is; what people have called otherwise since, too.
CREATE VIEW IF NOT EXISTS issue_assignments AS
SELECT
    a.tracker AS tracker, c.issue_id AS issue_id, a.mention_id AS mention_id, a.cluster_id AS cluster_id,
    a.similarity AS similarity, a.voice AS voice, a.copy_of AS copy_of, a.copy_by AS copy_by,
    a.model_version AS model_version, a.by AS by, a.assigned_at AS assigned_at
FROM (SELECT * FROM issue_assignment_rows FINAL) AS a
INNER JOIN (SELECT * FROM issue_cluster_rows FINAL) AS c ON c.tracker = a.tracker AND c.cluster_id = a.cluster_id;

-- Every complaint and request beside its issue, as it stands now. `voice` is the person heard: count uniqExact(voice), never
-- rows. `copy_of` is what it repeats. A mention that people call something else leaves its issue; what a person put there stays.
-- What belongs to no tracker is grouped together, as `untracked`.
CREATE VIEW IF NOT EXISTS issue_mentions AS
SELECT
    i.tracker AS tracker, i.issue_id AS issue_id, m.id AS mention_id, i.similarity AS similarity,
    i.voice AS voice, i.copy_of AS copy_of, i.copy_by AS copy_by, i.by AS assigned_by, i.assigned_at AS assigned_at,
    m.published_at AS published_at, m.platform AS platform, m.source AS source, m.kind AS kind,
    m.author_name AS author_name, m.author_handle AS author_handle, m.author_followers AS author_followers,
    m.title AS title, m.text AS text, m.url AS url, m.parent_id AS parent_id, m.thread_id AS thread_id,
    m.rating AS rating, m.rating_max AS rating_max, m.product AS product, m.version AS version, m.country AS country,
    m.likes AS likes, m.replies AS replies, m.shares AS shares, m.views AS views,
    m.language AS language, m.sentiment_score AS sentiment_score, m.sentiment_label AS sentiment_label,
    m.is_complaint AS is_complaint, m.is_request AS is_request, m.intent AS intent, m.aspects AS aspects,
    m.stage_broke AS stage_broke, m.stage_complained AS stage_complained, m.severity AS severity, m.anger AS anger,
    m.is_repeated AS is_repeated, m.repeat_count AS repeat_count, m.days_waiting AS days_waiting,
    m.is_expectation_broken AS is_expectation_broken, m.expectation_source AS expectation_source,
    m.expectation_claim AS expectation_claim, m.threats AS threats
FROM mentions AS m
INNER JOIN issue_assignments AS i ON i.mention_id = m.id
WHERE has(if(empty(m.trackers), ['untracked'], m.trackers), i.tracker) AND NOT m.is_spam AND NOT m.by_us
    AND (m.is_complaint OR m.is_request OR hasAny(m.threats.kind, ['safety', 'data']) OR i.by != '');

-- Of each issue and UTC day, what was published.
CREATE VIEW IF NOT EXISTS issue_daily AS
SELECT
    tracker, issue_id, toDate(published_at) AS day,
    toUInt32(count()) AS mentions, toUInt32(uniqExact(voice)) AS voices, toUInt32(uniqExact(platform)) AS channels,
    toUInt32(countIf(copy_of != '')) AS copies, avg(sentiment_score) AS mean_sentiment
FROM issue_mentions
GROUP BY tracker, issue_id, day;

-- What people did with issues that nobody undid, and what the machine proposes.
CREATE VIEW IF NOT EXISTS issue_events AS
SELECT
    id, tracker, issue_id, kind, payload, undoes, note, by, at,
    (kind != 'undo' AND id NOT IN (SELECT undoes FROM issue_event_rows WHERE undoes != ''))::Bool AS is_standing
FROM issue_event_rows FINAL;

-- The verdicts of each issue over time: one row whenever something was judged anew, of each verdict the last of ten minutes.
CREATE VIEW IF NOT EXISTS issue_verdicts AS
SELECT * FROM issue_judgement_rows FINAL;

-- Issues as they stand: what the machine says, and what people said since. `title` is theirs where they gave one.
-- Issues that were merged into others, or have no mention left, are not listed.
CREATE VIEW IF NOT EXISTS issues AS
WITH standing AS
(
    SELECT
        tracker, issue_id,
        argMaxIf(JSONExtractString(payload, 'title'), (at, id), kind = 'rename') AS title,
        argMaxIf(JSONExtractString(payload, 'into'), (at, id), kind = 'merge') AS merged_into,
        argMaxIf(JSONExtractString(payload, 'owner'), (at, id), kind = 'own') AS owner,
        argMaxIf(JSONExtractString(payload, 'on'), (at, id), kind = 'relook') AS relook_on,
        argMaxIf(payload, (at, id), kind = 'isolate') AS isolated,
        argMaxIf(payload, (at, id), kind = 'decide') AS decided,
        argMaxIf(by, (at, id), kind = 'decide') AS decided_by,
        toNullable(maxIf(at, kind = 'decide')) AS decided_at,
        argMaxIf(payload, (at, id), kind = 'register') AS registered,
        maxIf(at, kind = 'register') AS registered_at
    FROM issue_events
    WHERE is_standing
    GROUP BY tracker, issue_id
)
SELECT
    j.tracker AS tracker, j.issue_id AS issue_id,
    if(s.title != '', s.title, j.title) AS title, j.title AS machine_title, j.terms AS terms, j.coverage AS coverage,
    j.quotes AS quotes, j.newest_id AS newest_id, j.aspects AS aspects, j.stages AS stages, j.languages AS languages,
    j.verdict AS verdict, j.flags AS flags, j.reason AS reason,
    j.complaints AS complaints, j.requests AS requests,
    j.mentions AS mentions, j.voices AS voices, j.reports AS reports, j.days AS days, j.channels AS channels,
    j.first_at AS first_at, j.last_at AS last_at,
    j.expected AS expected, j.alive AS alive, j.p30 AS p30, j.heard_share AS heard_share,
    j.rate_reports AS rate_reports, j.rate_exposure AS rate_exposure, j.rate_per_thousand AS rate_per_thousand,
    j.rate_low AS rate_low, j.rate_high AS rate_high,
    j.growth_test AS growth_test, j.growth_reports AS growth_reports, j.growth_expected AS growth_expected,
    j.growth_factor AS growth_factor, j.growth_q AS growth_q,
    s.owner AS owner,
    -- a voice that stands alone is looked at again within 30 days, unless somebody said when
    if(s.relook_on != '', toDateOrNull(s.relook_on), if(j.verdict = 'single', toDate(j.first_at) + 30, NULL)) AS relook_on,
    -- a person's "isolated" holds until its day, so many more people, or recurrence
    multiIf(
        s.isolated = '', '',
        j.verdict IN ('recurring', 'escalating'), 'overturned',
        j.voices >= JSONExtractUInt(s.isolated, 'voices') + JSONExtractUInt(s.isolated, 'untilVoices'), 'overturned',
        JSONExtractString(s.isolated, 'until') <= toString(toDate(now('UTC'))), 'expired',
        'holds') AS isolated_call,
    JSONExtractString(s.isolated, 'reason') AS isolated_reason,
    toDateOrNull(JSONExtractString(s.isolated, 'until')) AS isolated_until,
    JSONExtractString(s.decided, 'decision') AS decision, JSONExtractString(s.decided, 'reason') AS decision_reason,
    JSONExtractString(s.decided, 'owner') AS decision_owner,
    toDateOrNull(JSONExtractString(s.decided, 'reviewOn')) AS review_on,
    JSONExtractUInt(s.decided, 'reviewAtVoices') AS review_at_voices,
    JSONExtractUInt(s.decided, 'voices') AS decided_at_voices,
    JSONExtractBool(s.decided, 'isPublic')::Bool AS is_public,
    JSONExtractString(s.decided, 'publicText') AS public_text,
    s.decided_by AS decided_by, if(s.decided = '', NULL, s.decided_at) AS decided_at,
    JSONExtractString(s.registered, 'status') AS register_status,
    JSONExtractString(s.registered, 'symptom') AS symptom, JSONExtractString(s.registered, 'wording') AS wording,
    JSONExtractString(s.registered, 'workaround') AS workaround,
    JSONExtractString(s.registered, 'mayPromise') AS may_promise,
    JSONExtractString(s.registered, 'mustNotPromise') AS must_not_promise,
    toDateOrNull(JSONExtractString(s.registered, 'expiresOn')) AS register_expires_on,
    if(s.registered = '', NULL, toNullable(s.registered_at)) AS registered_at,
    j.model_version AS model_version, j.judged_at AS judged_at
FROM (SELECT * FROM issue_rows FINAL) AS j
LEFT JOIN standing AS s ON s.tracker = j.tracker AND s.issue_id = j.issue_id
WHERE j.mentions > 0 AND s.merged_into = '';
