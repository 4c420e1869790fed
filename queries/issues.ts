import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { DECISIONS, REGISTER_STATES } from "../schemas/issue.ts";
import { where } from "./filters.ts";
import { FLAGS, issueConditions, issueFilters, VERDICTS } from "./issue-filters.ts";
import { choiceList, Count, Time, wholeNumber } from "./values.ts";

const ISOLATED_CALLS = ["", "holds", "expired", "overturned"] as const;

const ORDERS = {
  importance:
    "indexOf(['escalating', 'recurring', 'watch', 'single', ''], verdict), has(flags, 'severe') AND last_at > now() - INTERVAL 14 DAY DESC, voices DESC",
  voices: "voices DESC",
  newest: "first_at DESC",
  latest: "last_at DESC",
  relook: "relook_on IS NULL, relook_on",
} as const;

const Day = z.iso.date().nullable();

/** Issues with their verdicts and what people said of them. */
export const issues = defineQuery({
  name: "issues",
  summary:
    "Issues as they stand, each with its verdict, the sentence that says why, and what people decided; ordered as asked, ties by voices, then id.",
  params: z.strictObject({
    ...issueFilters,
    verdict: choiceList(["escalating", "recurring", "watch", "single"])
      .optional()
      .describe("Any of these verdicts."),
    order: z
      .enum(["importance", "voices", "newest", "latest", "relook"])
      .default("importance")
      .describe("What comes first."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
    offset: wholeNumber(0, 1_000_000).default(0).describe("Rows to leave out at the beginning."),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    machine_title: z.string(),
    terms: z.array(z.string()),
    quotes: z.array(z.string()).describe("Ids of mentions, the most typical first."),
    newest_id: z.string(),
    aspects: z.array(z.string()),
    stages: z.array(z.string()),
    languages: z.array(z.string()),
    verdict: z.enum(VERDICTS).describe("Empty: no times are known."),
    flags: z.array(z.enum(FLAGS)),
    reason: z.string().describe("The sentence that says why."),
    complaints: Count,
    requests: Count,
    mentions: Count,
    voices: Count.describe("Distinct people after near-duplicate collapse."),
    reports: Count.describe("Independent reports: what counts as evidence."),
    days: Count,
    channels: Count,
    first_at: Time.nullable(),
    last_at: Time.nullable(),
    expected: z.number().nullable(),
    alive: z.number().nullable(),
    p30: z.number().nullable(),
    heard_share: z.number().nullable(),
    rate_reports: Count.nullable(),
    rate_exposure: z.number().nullable(),
    rate_per_thousand: z.number().nullable(),
    rate_low: z.number().nullable(),
    rate_high: z.number().nullable(),
    growth_test: z.string(),
    growth_reports: Count.nullable(),
    growth_expected: z.number().nullable(),
    growth_factor: z.number().nullable(),
    growth_q: z.number().nullable(),
    owner: z.string(),
    relook_on: Day.describe("When somebody looks at it again; single voices get 30 days."),
    isolated_call: z.enum(ISOLATED_CALLS),
    isolated_reason: z.string(),
    isolated_until: Day,
    decision: z.enum([...DECISIONS, ""]),
    decision_reason: z.string(),
    decision_owner: z.string(),
    review_on: Day,
    review_at_voices: Count,
    decided_at_voices: Count,
    is_public: z.boolean(),
    public_text: z.string(),
    decided_by: z.string(),
    decided_at: Time.nullable(),
    register_status: z.enum([...REGISTER_STATES, ""]),
    symptom: z.string(),
    wording: z.string(),
    workaround: z.string(),
    may_promise: z.string(),
    must_not_promise: z.string(),
    register_expires_on: Day,
    registered_at: Time.nullable(),
    judged_at: Time,
    found: Count.describe("How many there are without limit and offset."),
  }),
  statement: (asked) => {
    const { verdict = [], limit, offset } = asked;
    const { all, params } = issueConditions(asked);
    const narrowed = verdict.length === 0 ? all : [...all, "verdict IN {verdict:Array(String)}"];
    return {
      sql: `SELECT
  tracker, issue_id, title, machine_title, terms, quotes, newest_id, aspects, stages, languages,
  verdict, flags, reason, complaints, requests, mentions, voices, reports, days, channels, first_at, last_at,
  expected, alive, p30, heard_share, rate_reports, rate_exposure, rate_per_thousand, rate_low, rate_high,
  growth_test, growth_reports, growth_expected, growth_factor, growth_q,
  owner, relook_on, isolated_call, isolated_reason, isolated_until,
  decision, decision_reason, decision_owner, review_on, review_at_voices, decided_at_voices, is_public, public_text,
  decided_by, decided_at,
  register_status, symptom, wording, workaround, may_promise, must_not_promise, register_expires_on, registered_at,
  judged_at, count() OVER () AS found
FROM issues
${where(narrowed)}
ORDER BY ${ORDERS[asked.order]}, voices DESC, issue_id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      params: { ...params, ...(verdict.length === 0 ? {} : { verdict }), limit, offset },
    };
  },
});
