import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { ALERT_VERDICTS, RULE_KINDS } from "../schemas/alert.ts";
import { SEVERITIES } from "../schemas/notification.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { choiceList, Count, Instant, SlugList, TextList, Time, wholeNumber } from "./values.ts";

const STATUSES = ["firing", "acknowledged", "resolved", "pending", "withdrawn"] as const;

/** Alerts as they stand. */
export const alerts = defineQuery({
  name: "alerts",
  summary:
    "Alerts as they stand, each with what was measured and what people did: open ones first, then the worst, then the newest, ties by id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    alert: TextList.optional().describe("Any of these alerts, by id."),
    issue: TextList.optional().describe("Of any of these issues, by id."),
    status: choiceList(STATUSES)
      .default(["firing", "acknowledged", "resolved"])
      .describe(
        "Standing as any of these. pending: the threshold is not crossed for long enough; withdrawn: it never was.",
      ),
    severity: choiceList(SEVERITIES).optional().describe("Of any of these severities."),
    rule: SlugList.optional().describe("Raised by any of these rules, by id."),
    since: Instant.optional().describe("Raised, or told of again, at or after this time."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    alert_id: z.string(),
    number: z.string().describe("What people call it: A-3F9C2B."),
    rule: z.string(),
    rule_kind: z.enum(RULE_KINDS),
    tracker: z.string(),
    issue_id: z.string().describe("Empty: of no issue."),
    issue_title: z.string().describe("Empty where the issue is not listed any more."),
    group_values: z
      .record(z.string(), z.string())
      .describe("What else it is about: platform, country, mention, source."),
    status: z.enum(STATUSES),
    severity: z.enum(SEVERITIES),
    score: z.number().describe("What was told last; 1 is the rule's threshold."),
    peak_score: z.number(),
    escalations: Count,
    payload: z.string().describe("JSON: what was measured, as the rule tells it."),
    started_at: Time,
    fired_at: Time.nullable().describe("When what it tells of had happened."),
    raised_at: Time.nullable().describe("When it was told."),
    resolved_at: Time.nullable(),
    last_at: Time,
    acknowledged_by: z.string(),
    acknowledged_at: Time.nullable(),
    snoozed_until: Time.nullable(),
    snoozed_until_voices: Count.describe("0: no number of people wakes it."),
    verdict: z.enum([...ALERT_VERDICTS, ""]).describe("What it was worth; empty: nobody said."),
    verdict_by: z.string(),
    judged_at: Time.nullable(),
    owner: z.string(),
    found: Count.describe("How many there are without limit."),
  }),
  statement: (asked) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const [name, column] of [
      ["tracker", "a.tracker"],
      ["alert", "a.alert_id"],
      ["issue", "a.issue_id"],
      ["status", "a.status"],
      ["severity", "a.severity"],
      ["rule", "a.rule"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    if (asked.since !== undefined) {
      all.push("greatest(ifNull(a.raised_at, a.started_at), a.last_at) >= {since:DateTime64(3, 'UTC')}");
      params["since"] = toColumnTime(asked.since);
    }
    return {
      sql: `SELECT
  a.alert_id AS alert_id, a.number AS number, a.rule AS rule, a.rule_kind AS rule_kind, a.tracker AS tracker,
  a.issue_id AS issue_id, i.title AS issue_title, a.group_values AS group_values, a.status AS status,
  a.severity AS severity, a.score AS score, a.peak_score AS peak_score, a.escalations AS escalations, a.payload AS payload,
  a.started_at AS started_at, a.fired_at AS fired_at, a.raised_at AS raised_at, a.resolved_at AS resolved_at,
  a.last_at AS last_at, a.acknowledged_by AS acknowledged_by, a.acknowledged_at AS acknowledged_at,
  a.snoozed_until AS snoozed_until, a.snoozed_until_voices AS snoozed_until_voices, a.verdict AS verdict,
  a.verdict_by AS verdict_by, a.judged_at AS judged_at, a.owner AS owner, count() OVER () AS found
FROM alerts AS a
LEFT JOIN (SELECT tracker, issue_id, title FROM issues) AS i ON i.tracker = a.tracker AND i.issue_id = a.issue_id
${where(all)}
ORDER BY
  indexOf(['firing', 'acknowledged', 'pending', 'resolved', 'withdrawn'], status),
  indexOf(['critical', 'high', 'warning', 'info'], severity),
  ifNull(raised_at, started_at) DESC, alert_id
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
