import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { DECISIONS } from "../schemas/issue.ts";
import { filterConditions, filterParams, where } from "./filters.ts";
import { VOICE } from "./series.ts";
import { choiceList, Count, SlugList, Time, wholeNumber } from "./values.ts";

/**
 * The three standing questions to everything that is heard: what people believe of us, what they need, and what causes
 * their complaints.
 */

/** Words of aspects, by what they tell of, in the languages aspects are read in. */
const COST_WORDS =
  "price|prices|pricing|cost|costs|fee|fees|rate|rates|charge|charges|premium|fare|fares|tariff|tariffs|rent|interest|deductible|surcharge|tax|commission|bill|bills|value|value for money|subscription|discount|refund|refunds|preis|preise|kosten|gebühr|gebühren|prix|coût|coûts|tarif|tarifs|frais|remboursement|precio|precios|costo|coste|tarifa|tarifas|cargo|reembolso|prezzo|prezzi|costi|preço|preços|custo|taxa|reembolso";
const SERVICE_WORDS =
  "service|services|customer service|customer-service|support|staff|agent|agents|employee|employees|response|reply|answer|help|help desk|helpdesk|call center|hotline|delivery|courier|driver|wait|waiting time|wait time|queue|communication|tracking|return|returns|exchange|kundenservice|kundendienst|lieferung|personal|mitarbeiter|wartezeit|serviço|atendimento|entrega|servicio|atención|atención al cliente|personal|soporte|livraison|personnel|équipe|service client|servizio|assistenza|consegna|personale";

/** Belief: what people say of cost and service, and of what else. */
export const beliefs = defineQuery({
  name: "beliefs",
  summary:
    "What people judge and how, aspect by aspect, counted in people: cost first, then service, then the rest; each by people, " +
    "then name. Who says both counts in both.",
  params: z.strictObject({
    ...filterParams,
    topic: choiceList(["cost", "service", "other"])
      .optional()
      .describe("Only what tells of this; told by the words of the aspect."),
    least: wholeNumber(1, 1_000_000).default(1).describe("Of so many people at least."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    topic: z.enum(["cost", "service", "other"]),
    aspect: z.string(),
    people: Count,
    negative: Count.describe("People who judge it badly."),
    positive: Count.describe("People who judge it well."),
    neutral: Count.describe("People who name it without a judgement."),
    net: z.number().nullable().describe("(positive − negative) / both, −1..1; null when nobody judges it."),
    mentions: Count,
  }),
  statement: ({ topic, least, limit, ...filters }) => {
    const { all, params } = filterConditions(filters);
    const isTopic = topic !== undefined && topic.length > 0;
    return {
      sql: `SELECT
  multiIf(match(lowerUTF8(aspect), '^(?:${COST_WORDS})$'), 'cost', match(lowerUTF8(aspect), '^(?:${SERVICE_WORDS})$'), 'service', 'other') AS topic,
  judged.1 AS aspect,
  uniqExact(voice) AS people,
  uniqExactIf(voice, judged.2 = 'negative') AS negative,
  uniqExactIf(voice, judged.2 = 'positive') AS positive,
  uniqExactIf(voice, judged.2 = 'neutral') AS neutral,
  if(negative + positive = 0, NULL, round((toInt64(positive) - toInt64(negative)) / (negative + positive), 4)) AS net,
  uniqExact(id) AS mentions
FROM (
  SELECT id, ${VOICE} AS voice, arrayJoin(aspects) AS judged
  FROM mentions
  ${where(all).replaceAll("\n", "\n  ")}
)
GROUP BY aspect
HAVING people >= {least:UInt32}${isTopic ? " AND topic IN {topic:Array(String)}" : ""}
ORDER BY indexOf(['cost', 'service', 'other'], topic), people DESC, aspect
LIMIT {limit:UInt32}`,
      params: { ...params, least, limit, ...(isTopic ? { topic } : {}) },
    };
  },
});

/** Need: what people ask for. */
export const needs = defineQuery({
  name: "needs",
  summary: "What people ask for: issues with requests, by how many people ask, then id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    decision: choiceList([...DECISIONS, "none"])
      .optional()
      .describe("On the agenda as any of these; none: not yet."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    people: Count.describe("People who ask for it."),
    requests: Count.describe("Mentions that ask for it."),
    complainants: Count.describe("People who complain of it."),
    first_at: Time,
    last_at: Time,
    example: z.string().describe("Id of the request most like the others."),
    verdict: z.string(),
    decision: z.enum([...DECISIONS, ""]),
  }),
  statement: ({ tracker, decision, limit }) => {
    const ofTracker =
      tracker === undefined || tracker.length === 0 ? [] : ["m.tracker IN {tracker:Array(String)}"];
    const isDecision = decision !== undefined && decision.length > 0;
    return {
      sql: `SELECT
  m.tracker AS tracker, m.issue_id AS issue_id, any(i.title) AS title,
  uniqExactIf(m.voice, m.is_request) AS people, countIf(m.is_request) AS requests,
  uniqExactIf(m.voice, m.is_complaint) AS complainants,
  minIf(m.published_at, m.is_request) AS first_at, maxIf(m.published_at, m.is_request) AS last_at,
  argMaxIf(m.mention_id, (m.copy_of = '', m.similarity, m.mention_id), m.is_request) AS example,
  any(i.verdict) AS verdict, any(i.decision) AS decision
FROM issue_mentions AS m
INNER JOIN (
  SELECT tracker, issue_id, title, verdict, decision FROM issues${isDecision ? " WHERE if(decision = '', 'none', decision) IN {decision:Array(String)}" : ""}
) AS i ON i.tracker = m.tracker AND i.issue_id = m.issue_id
${where(ofTracker)}
GROUP BY tracker, issue_id
HAVING requests > 0
ORDER BY people DESC, issue_id
LIMIT {limit:UInt32}`,
      params: {
        limit,
        ...(ofTracker.length === 0 ? {} : { tracker }),
        ...(isDecision ? { decision } : {}),
      },
    };
  },
});

/** Cause: what sets complaints off. */
export const causes = defineQuery({
  name: "causes",
  summary:
    "Issues with their cause as people answered it on the sheet, else the change closest before their first mention; by " +
    "people, then id. Closeness is no proof: ask why of the issue.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    origin: choiceList(["answered", "candidate", "unknown"])
      .optional()
      .describe("Only causes that are known like this."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    people: Count,
    verdict: z.string(),
    first_at: Time.nullable(),
    origin: z.enum(["answered", "candidate", "unknown"]),
    cause: z.string().describe("The answer, or the title of the change; empty when unknown."),
    answered_by: z.string(),
    change_id: z.string(),
    change_kind: z.string(),
    lag_days: z.number().nullable().describe("Days from the change to the first mention."),
  }),
  statement: ({ tracker, origin, limit }) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit };
    if (tracker !== undefined && tracker.length > 0) {
      all.push("i.tracker IN {tracker:Array(String)}");
      params["tracker"] = tracker;
    }
    if (origin !== undefined && origin.length > 0) {
      all.push("origin IN {origin:Array(String)}");
      params["origin"] = origin;
    }
    return {
      sql: `SELECT
  i.tracker AS tracker, i.issue_id AS issue_id, i.title AS title, i.voices AS people, i.verdict AS verdict, i.first_at AS first_at,
  multiIf(a.answer != '', 'answered', c.id != '', 'candidate', 'unknown') AS origin,
  if(a.answer != '', a.answer, c.title) AS cause, a.by AS answered_by, c.id AS change_id, c.kind AS change_kind,
  if(c.id = '', NULL, round(dateDiff('hour', c.at, assumeNotNull(i.first_at)) / 24, 1)) AS lag_days
FROM issues AS i
LEFT JOIN (
  SELECT tracker, issue_id, argMax(JSONExtractString(payload, 'answer'), (at, id)) AS answer, argMax(issue_events.by, (at, id)) AS by
  FROM issue_events
  WHERE is_standing AND kind = 'answer' AND JSONExtractString(payload, 'question') = 'why_cause'
  GROUP BY tracker, issue_id
) AS a ON a.tracker = i.tracker AND a.issue_id = i.issue_id
LEFT JOIN (
  SELECT o.tracker AS tracker, o.issue_id AS issue_id, argMax(change.id, (change.at, change.id)) AS id,
    argMax(change.kind, (change.at, change.id)) AS kind, argMax(change.title, (change.at, change.id)) AS title, max(change.at) AS at
  FROM issues AS o
  CROSS JOIN changes AS change
  WHERE change.tracker IN ('', o.tracker) AND change.at <= o.first_at AND change.at >= o.first_at - INTERVAL 28 DAY
  GROUP BY tracker, issue_id
) AS c ON c.tracker = i.tracker AND c.issue_id = i.issue_id
${where(all)}
ORDER BY people DESC, issue_id
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
