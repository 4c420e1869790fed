import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { where } from "./filters.ts";
import { choiceList, Count, SlugList, TextList, Time, wholeNumber } from "./values.ts";

const STATES = ["holds", "expired", "overturned", "undone"] as const;

/** What people called isolated, and what became of it. */
export const isolatedCalls = defineQuery({
  name: "isolated_calls",
  summary:
    "Every call that an issue is isolated, with its reason and what became of it, latest first, ties by id; where the issue was merged into others, what it is part of now counts.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    issue: TextList.optional().describe("Of any of these issues, by id."),
    state: choiceList(STATES).optional().describe("Any of these states."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    event: z.string(),
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    by: z.string(),
    at: Time,
    reason: z.string(),
    until: z.iso.date(),
    until_voices: Count.describe("So many more people overturn it."),
    voices_then: Count,
    voices_now: Count,
    verdict: z.string().describe("Of the issue now."),
    state: z.enum(STATES).describe("overturned: more people came, or the issue recurs."),
    found: Count.describe("How many there are without limit."),
    came_back: Count.describe("How many of those are overturned."),
  }),
  statement: (asked) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const [name, column] of [
      ["tracker", "tracker"],
      ["issue", "issue_id"],
      ["state", "state"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    return {
      sql: `WITH
merged AS (
  SELECT tracker, issue_id, JSONExtractString(last, 'into') AS into,
    JSONExtract(last, 'clusters', 'Array(String)')[1] AS cluster_id
  FROM (
    SELECT tracker, issue_id, argMax(payload, (at, id)) AS last
    FROM issue_events
    WHERE kind = 'merge' AND is_standing
    GROUP BY tracker, issue_id
  )
),
placed AS (
  SELECT DISTINCT tracker, cluster_id, issue_id
  FROM issue_assignments
  WHERE cluster_id IN (SELECT cluster_id FROM merged)
),
calls AS (
  SELECT
    e.id AS event, e.tracker AS tracker, e.issue_id AS issue_id, e.by AS by, e.at AS at, e.is_standing AS is_standing,
    JSONExtractString(e.payload, 'reason') AS reason, toDate(JSONExtractString(e.payload, 'until')) AS until,
    JSONExtractUInt(e.payload, 'untilVoices') AS until_voices, JSONExtractUInt(e.payload, 'voices') AS voices_then,
    multiIf(p.issue_id != '', p.issue_id, m.into != '', m.into, e.issue_id) AS counted
  FROM issue_events AS e
  LEFT JOIN merged AS m ON m.tracker = e.tracker AND m.issue_id = e.issue_id
  LEFT JOIN placed AS p ON p.tracker = m.tracker AND p.cluster_id = m.cluster_id
  WHERE e.kind = 'isolate'
),
judged AS (
  SELECT tracker, issue_id, argMax(title, judged_at) AS title, argMax(verdict, judged_at) AS verdict,
    argMax(voices, judged_at) AS voices
  FROM issue_verdicts
  WHERE issue_id IN (SELECT counted FROM calls)
  GROUP BY tracker, issue_id
)
SELECT
  event, tracker, issue_id, title, by, at, reason, until, until_voices, voices_then, voices_now, verdict, state,
  count() OVER () AS found, countIf(state = 'overturned') OVER () AS came_back
FROM (
  SELECT
    c.event AS event, c.tracker AS tracker, c.issue_id AS issue_id, c.by AS by, c.at AS at, c.reason AS reason,
    c.until AS until, c.until_voices AS until_voices, c.voices_then AS voices_then,
    if(i.title = '', j.title, i.title) AS title, j.voices AS voices_now, j.verdict AS verdict,
    multiIf(
      NOT c.is_standing, 'undone',
      j.verdict IN ('recurring', 'escalating'), 'overturned',
      j.voices >= c.voices_then + c.until_voices, 'overturned',
      c.until <= toDate(now('UTC')), 'expired',
      'holds') AS state
  FROM calls AS c
  LEFT JOIN judged AS j ON j.tracker = c.tracker AND j.issue_id = c.counted
  LEFT JOIN (SELECT tracker, issue_id, title FROM issues) AS i ON i.tracker = c.tracker AND i.issue_id = c.counted
)
${where(all)}
ORDER BY at DESC, event DESC
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
