import { z } from "zod";
import type { Statement } from "../core/contracts.ts";
import { filterConditions, filterParams, STARS, where, type Filters } from "./filters.ts";
import { Count, Time } from "./values.ts";

/**
 * Authors counted once: a mention that does not show its author counts as one voice of its own. An id begins
 * `<platform>:`, so it can never equal `<platform> <author>`.
 */
export const VOICE = "if(author_id = '', id, concat(platform, ' ', author_id))";

/** Mean polarity, −1..1; NULL when nothing is scored. Rounded, because sums of floats depend on their order. */
export const MEAN_SCORE = "round(avg(sentiment_score), 4)";

/** Complaints per mention, 0..1; NULL without mentions. Needs the columns `complaints` and `mentions`. */
export const COMPLAINT_SHARE = "if(mentions = 0, NULL, round(complaints / mentions, 4))";

export const INTERVALS = ["hour", "day", "week"] as const;
export const TREND_SERIES = ["none", "tracker", "platform", "language", "rating"] as const;
export const BREAKDOWNS = [
  "tracker",
  "platform",
  "language",
  "rating",
  "source",
  "kind",
  "country",
  "version",
  "product",
] as const;

type Series = (typeof TREND_SERIES)[number] | (typeof BREAKDOWNS)[number];

/** Parameters of every trend. */
export const trendParams = z.strictObject({
  ...filterParams,
  interval: z.enum(INTERVALS).default("day").describe("Length of a bucket; weeks begin on Monday, UTC."),
  by: z
    .enum(TREND_SERIES)
    .default("none")
    .describe(
      "What to draw a line for each of. A mention of two trackers counts once in each of their lines.",
    ),
});
export type TrendParams = z.infer<typeof trendParams>;

/** The columns every trend's row begins with. */
export const trendRow = {
  bucket: Time.describe("Start of the bucket, UTC."),
  series: z.string().describe("What `by` asked for; `all` when nothing, empty for mentions without one."),
};

/** Columns every trend reports a count with. */
export const mentionCount = Count.describe("Mentions.");

/** The start of a mention's bucket. */
export function bucketSql(interval: TrendParams["interval"]): string {
  return `dateTrunc('${interval}', published_at)`;
}

/** The series a mention belongs to. By tracker it is one row per tracker, of those asked for where any are. */
export function seriesSql(by: Series, filters: Filters): string {
  switch (by) {
    case "none":
      return "'all'";
    case "tracker":
      return (filters.tracker ?? []).length === 0
        ? "arrayJoin(emptyArrayToSingle(trackers))"
        : "arrayJoin(arrayFilter(tracker -> has({tracker:Array(String)}, tracker), trackers))";
    case "rating":
      return `ifNull(toString(${STARS}), '')`;
    case "platform":
    case "language":
    case "source":
    case "kind":
    case "country":
    case "version":
    case "product":
      return by;
  }
}

/** The statement of a trend: `measures`, one a line, per bucket and series, in that order. */
export function trendStatement(asked: z.infer<typeof trendParams>, measures: readonly string[]): Statement {
  const { all, params } = filterConditions(asked);
  return {
    sql: `SELECT
  ${bucketSql(asked.interval)} AS bucket,
  ${seriesSql(asked.by, asked)} AS series,
  ${measures.join(",\n  ")}
FROM mentions
${where(all)}
GROUP BY bucket, series
ORDER BY bucket, series`,
    params,
  };
}
