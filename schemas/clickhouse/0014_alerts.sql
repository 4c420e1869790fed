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
    payload      String CODEC(ZSTD),
    -- the first record of an id holds: an event that is written again did not happen later for that
    precedence   UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(recorded_at)))
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (alert_id, id)
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

-- Alerts as they stand: one row each, what their events fold to in the order they were recorded. What makes no sense where
-- an alert stands changes nothing, as in core/alerts/fold-alert.ts, with which a test compares it. `score` is the last that
-- was told, `peak_score` the highest; quiet is not fixed: `resolved` only says that the threshold is no longer crossed.
CREATE VIEW IF NOT EXISTS alerts AS
WITH gathered AS
(
    SELECT
        alert_id,
        any(rule) AS rule, any(rule_kind) AS rule_kind, any(tracker) AS tracker, any(issue_id) AS issue_id,
        any(group_values) AS group_values,
        -- of one time, in the order they can only have come; what people did comes after
        arraySort(e -> (e.recorded_at, e.at, if(e.rank = 0, 7, e.rank), e.id), groupArray(CAST(
            (
                id, toString(kind), indexOf(['pending', 'withdrawn', 'fired', 'reopened', 'escalated', 'resolved'], kind),
                toString(severity), score, at, recorded_at, toString(by), payload,
                if(kind = 'judge', JSONExtractString(payload, 'verdict'), '')
            ),
            'Tuple(id String, kind String, rank UInt64, severity String, score Float64, at DateTime64(3, \'UTC\'), recorded_at DateTime64(3, \'UTC\'), by String, payload String, verdict String)'
        ))) AS events,
        max(if(kind IN ('pending', 'fired', 'escalated', 'resolved', 'reopened'), score, 0)) AS peak_score
    FROM alert_events
    GROUP BY alert_id
),
folded AS
(
    -- where it stands (0 nowhere, 1 pending, 2 withdrawn, 3 firing, 4 acknowledged, 5 resolved), how often it escalated, and
    -- which events (1 is the first, 0 none) measured it last, came last of the machine, fired, resolved, acknowledged,
    -- snoozed, judged and gave it to somebody; at last whether people closed it (1), which can be taken back
    SELECT *, arrayFold(
        (s, e, i) -> (
            toUInt32(multiIf(
                e.kind = 'pending' AND s.1 = 0, 1,
                e.kind = 'withdrawn' AND s.1 = 1, 2,
                e.kind = 'fired' AND s.1 = 1, 3,
                e.kind = 'reopened' AND s.1 = 5, 3,
                e.kind = 'resolved' AND s.1 IN (3, 4), 5,
                e.kind = 'acknowledge' AND s.1 = 3, 4,
                e.kind = 'judge' AND s.1 IN (3, 4), if(e.verdict IN ('false', 'duplicate'), 5, 4),
                e.kind = 'undo' AND (s.1 = 4 OR s.11 = 1), 3,
                s.1)),
            toUInt32(s.2 + (e.kind = 'escalated' AND s.1 IN (3, 4))),
            toUInt32(if(
                (e.kind = 'pending' AND s.1 = 0) OR (e.kind = 'fired' AND s.1 = 1) OR (e.kind = 'reopened' AND s.1 = 5)
                    OR (e.kind = 'escalated' AND s.1 IN (3, 4)), i, s.3)),
            toUInt32(if(
                (e.kind = 'pending' AND s.1 = 0) OR (e.kind IN ('withdrawn', 'fired') AND s.1 = 1)
                    OR (e.kind = 'reopened' AND s.1 = 5) OR (e.kind IN ('escalated', 'resolved') AND s.1 IN (3, 4)), i, s.4)),
            toUInt32(if(e.kind = 'fired' AND s.1 = 1, i, s.5)),
            toUInt32(multiIf(
                s.1 IN (3, 4) AND (e.kind = 'resolved' OR (e.kind = 'judge' AND e.verdict IN ('false', 'duplicate'))), i,
                e.kind = 'reopened' AND s.1 = 5, 0,
                e.kind = 'undo' AND s.11 = 1, 0,
                s.6)),
            toUInt32(multiIf(
                e.kind = 'acknowledge' AND s.1 = 3, i,
                -- whoever judges it has seen it
                e.kind = 'judge' AND s.1 IN (3, 4) AND e.verdict NOT IN ('false', 'duplicate') AND s.7 = 0, i,
                e.kind = 'reopened' AND s.1 = 5, 0,
                e.kind = 'undo' AND (s.1 IN (3, 4) OR s.11 = 1), 0,
                s.7)),
            toUInt32(multiIf(
                e.kind = 'snooze' AND s.1 IN (3, 4), i,
                e.kind = 'escalated' AND s.1 IN (3, 4), 0,
                e.kind = 'undo' AND (s.1 IN (3, 4) OR s.11 = 1), 0,
                s.8)),
            toUInt32(multiIf(e.kind = 'judge' AND s.1 > 0, i, e.kind = 'undo' AND s.1 > 0, 0, s.9)),
            toUInt32(if(e.kind = 'assign' AND s.1 > 0, i, s.10)),
            toUInt32(multiIf(
                e.kind = 'judge' AND s.1 IN (3, 4), e.verdict IN ('false', 'duplicate'),
                e.kind IN ('reopened', 'undo') AND s.1 = 5, 0,
                s.11))
        ),
        events, arrayEnumerate(events),
        (toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0), toUInt32(0))
    ) AS stood
    FROM gathered
)
SELECT
    alert_id, concat('A-', upper(substring(alert_id, 1, 6))) AS number,
    rule, rule_kind, tracker, issue_id, group_values,
    arrayElement(['pending', 'withdrawn', 'firing', 'acknowledged', 'resolved'], stood.1) AS status,
    events[stood.3].severity AS severity, events[stood.3].score AS score, peak_score, stood.2 AS escalations,
    events[stood.3].payload AS payload,
    arrayFirst(e -> e.kind = 'pending', events).at AS started_at,
    if(stood.5 = 0, NULL, toNullable(events[stood.5].at)) AS fired_at,
    if(stood.5 = 0, NULL, toNullable(events[stood.5].recorded_at)) AS raised_at,
    if(stood.6 = 0, NULL, toNullable(events[stood.6].at)) AS resolved_at,
    events[stood.4].at AS last_at,
    events[stood.7].by AS acknowledged_by,
    if(stood.7 = 0, NULL, toNullable(events[stood.7].recorded_at)) AS acknowledged_at,
    parseDateTime64BestEffortOrNull(JSONExtractString(events[stood.8].payload, 'until'), 3, 'UTC') AS snoozed_until,
    JSONExtractUInt(events[stood.8].payload, 'atVoices') AS snoozed_until_voices,
    events[stood.9].verdict AS verdict, events[stood.9].by AS verdict_by,
    if(stood.9 = 0, NULL, toNullable(events[stood.9].recorded_at)) AS judged_at,
    JSONExtractString(events[stood.10].payload, 'owner') AS owner
FROM folded
WHERE stood.1 > 0;
