-- What happened to alerts: append-only, idempotent by id. `payload` is JSON: what was measured, or what a person said.
CREATE TABLE IF NOT EXISTS alert_event_rows
(
    id           String,
    alert_id     String,
    kind         LowCardinality(String),
    rule         LowCardinality(String),
    rule_kind    LowCardinality(String),
    tracker      LowCardinality(String),
    issue_id     String,
    group_values Map(String, String),
    severity     LowCardinality(String),
    score        Float64,
    at           DateTime64(3, 'UTC'),
    recorded_at  DateTime64(3, 'UTC'),
    by           LowCardinality(String),
    note         String CODEC(ZSTD),
    payload      String CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY (alert_id, at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What became of each notification: the outbox is what alerts went through less what is here. The latest row of an id holds.
CREATE TABLE IF NOT EXISTS delivery_rows
(
    id       String,
    alert_id String,
    event_id String,
    receiver LowCardinality(String),
    outcome  LowCardinality(String),
    reason   String CODEC(ZSTD),
    attempts UInt32,
    next_at  Nullable(DateTime64(3, 'UTC')),
    receipt  Map(String, String),
    at       DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- When nobody is told of some alerts, and why. The latest row of an id holds.
CREATE TABLE IF NOT EXISTS silence_rows
(
    id          String,
    match       Map(String, String),
    from_at     DateTime64(3, 'UTC'),
    until_at    DateTime64(3, 'UTC'),
    reason      String CODEC(ZSTD),
    by          LowCardinality(String),
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS alert_events AS
SELECT * FROM alert_event_rows FINAL;

CREATE VIEW IF NOT EXISTS deliveries AS
SELECT * FROM delivery_rows FINAL;

CREATE VIEW IF NOT EXISTS silences AS
SELECT * FROM silence_rows FINAL;

-- Alerts as they stand: one row each. `score` is the last that was told, `peak_score` the highest; quiet is not fixed:
-- `resolved` only says that the rule's threshold is no longer crossed.
CREATE VIEW IF NOT EXISTS alerts AS
WITH ordered AS
(
    -- of one time, in the order they can only have come
    SELECT *, indexOf(['pending', 'withdrawn', 'fired', 'reopened', 'escalated', 'resolved'], kind) AS rank FROM alert_events
),
folded AS
(
    SELECT
        alert_id,
        any(rule) AS rule, any(rule_kind) AS rule_kind, any(tracker) AS tracker, any(issue_id) AS issue_id,
        any(group_values) AS group_values,
        min(at) AS started_at,
        minIf(at, kind = 'fired') AS first_fired_at,
        minIf(recorded_at, kind = 'fired') AS first_told_at,
        argMaxIf(kind, (at, rank), kind IN ('pending', 'withdrawn', 'fired', 'escalated', 'resolved', 'reopened')) AS last_step,
        maxIf(at, kind IN ('pending', 'withdrawn', 'fired', 'escalated', 'resolved', 'reopened')) AS last_at,
        argMaxIf(severity, (at, rank), kind IN ('pending', 'fired', 'escalated', 'reopened')) AS severity,
        argMaxIf(score, (at, rank), kind IN ('pending', 'fired', 'escalated', 'reopened')) AS score,
        max(score) AS peak_score,
        argMaxIf(payload, (at, rank), kind IN ('pending', 'fired', 'escalated', 'reopened')) AS payload,
        countIf(kind = 'escalated') AS escalations,
        maxIf(recorded_at, kind IN ('fired', 'reopened')) AS opened_recorded_at,
        maxIf(recorded_at, kind = 'acknowledge') AS acked_at,
        argMaxIf(by, recorded_at, kind = 'acknowledge') AS acked_by,
        argMaxIf(payload, (recorded_at, id), kind = 'snooze') AS snoozed,
        maxIf(recorded_at, kind = 'snooze') AS snoozed_at,
        argMaxIf(JSONExtractString(payload, 'verdict'), (recorded_at, id), kind = 'judge') AS verdict,
        argMaxIf(by, (recorded_at, id), kind = 'judge') AS verdict_by,
        maxIf(recorded_at, kind = 'judge') AS judged_at,
        argMaxIf(JSONExtractString(payload, 'owner'), (recorded_at, id), kind = 'assign') AS owner
    FROM ordered
    GROUP BY alert_id
)
SELECT
    alert_id, concat('A-', upper(substring(alert_id, 1, 6))) AS number,
    rule, rule_kind, tracker, issue_id, group_values,
    multiIf(
        last_step = 'withdrawn', 'withdrawn',
        last_step = 'resolved' OR (verdict IN ('false', 'duplicate') AND judged_at >= opened_recorded_at), 'resolved',
        last_step = 'pending', 'pending',
        acked_at >= opened_recorded_at AND acked_by != '', 'acknowledged',
        'firing') AS status,
    severity, score, peak_score, escalations, payload,
    started_at, if(first_fired_at = toDateTime64(0, 3, 'UTC'), NULL, toNullable(first_fired_at)) AS fired_at,
    if(first_told_at = toDateTime64(0, 3, 'UTC'), NULL, toNullable(first_told_at)) AS raised_at,
    if(last_step = 'resolved', toNullable(last_at), NULL) AS resolved_at, last_at,
    acked_by AS acknowledged_by, if(acked_by = '', NULL, toNullable(acked_at)) AS acknowledged_at,
    parseDateTime64BestEffortOrNull(JSONExtractString(snoozed, 'until'), 3, 'UTC') AS snoozed_until,
    JSONExtractUInt(snoozed, 'atVoices') AS snoozed_until_voices,
    verdict, verdict_by, if(verdict = '', NULL, toNullable(judged_at)) AS judged_at,
    owner
FROM folded;
