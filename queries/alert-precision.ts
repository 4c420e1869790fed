import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { RULE_KINDS } from "../schemas/alert.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { Count, Instant, SlugList, wholeNumber } from "./values.ts";

const Share = z.number().min(0).max(1).nullable();

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/** One bound of the Wilson interval of `real` among `judged`. */
function wilson(sign: "-" | "+"): string {
  const z2 = Z ** 2;
  return `if(judged = 0, NULL, least(1, greatest(0, (real + ${z2} / 2 ${sign} ${Z} * sqrt(real * wrong / judged + ${z2} / 4)) / (judged + ${z2}))))`;
}

/**
 * What alerts were worth.
 * @see https://doi.org/10.1080/01621459.1927.10502953 for the interval
 */
export const alertPrecision = defineQuery({
  name: "alert_precision",
  summary:
    "What the alerts of each rule were worth, as people judged them: precision is real / (real + false) with its 95 % Wilson interval, beside how many were judged at all and how soon somebody acknowledged; the rule that fired most first.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    rule: SlugList.optional().describe("Of any of these rules, by id."),
    since: Instant.optional().describe("Raised at or after this time."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    rule: z.string(),
    rule_kind: z.enum(RULE_KINDS),
    fired: Count,
    real: Count,
    false: Count,
    known: Count,
    too_late: Count,
    duplicate: Count,
    unanswered: Count.describe("Nobody said what they were worth."),
    answer_rate: Share.describe("Which part of those that fired was judged."),
    precision: Share.describe("Null: none was judged real or false."),
    precision_low: Share,
    precision_high: Share,
    median_minutes: z.number().nullable().describe("From raised to acknowledged, of those that were."),
  }),
  statement: (asked) => {
    const all = ["raised_at IS NOT NULL"];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const name of ["tracker", "rule"] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${name} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    if (asked.since !== undefined) {
      all.push("raised_at >= {since:DateTime64(3, 'UTC')}");
      params["since"] = toColumnTime(asked.since);
    }
    return {
      sql: `SELECT
  rule, any(rule_kind) AS rule_kind, count() AS fired,
  countIf(verdict = 'real') AS real, countIf(verdict = 'false') AS wrong, wrong AS \`false\`,
  countIf(verdict = 'known') AS known, countIf(verdict = 'too_late') AS too_late,
  countIf(verdict = 'duplicate') AS duplicate, countIf(verdict = '') AS unanswered,
  real + wrong AS judged, (fired - unanswered) / fired AS answer_rate,
  if(judged = 0, NULL, real / judged) AS precision,
  ${wilson("-")} AS precision_low,
  ${wilson("+")} AS precision_high,
  if(countIf(acknowledged_at IS NOT NULL) = 0, NULL,
    quantileExactIf(0.5)(dateDiff('second', assumeNotNull(raised_at), assumeNotNull(acknowledged_at)) / 60, acknowledged_at IS NOT NULL)) AS median_minutes
FROM alerts
${where(all)}
GROUP BY rule
ORDER BY fired DESC, rule
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
