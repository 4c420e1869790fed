import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { Count, Instant } from "./values.ts";

/** What listening cost, and what it cost to hear of one complaint. */
export const listeningCosts = defineQuery({
  name: "listening_costs",
  summary:
    "Per tracker and source: requests, items billed and US dollars spent in a window, the mentions published in it and the " +
    "complaints among them, and dollars per complaint; dearest first, then by tracker and source. What a source cost is " +
    "shared among its trackers by their mentions; a source that brought nothing has the tracker ''.",
  params: z.strictObject({
    from: Instant.optional().describe("From this time on."),
    to: Instant.optional().describe("Before this time."),
  }),
  row: z.object({
    tracker: z.string(),
    source: z.string(),
    requests: z.number().describe("The tracker's share of the source's requests."),
    items: z.number().describe("Its share of the items the platform bills."),
    usd: z.number().describe("Its share of the dollars, at the platform's list prices."),
    mentions: Count.describe("Mentions, ours left out."),
    complaints: Count.describe("Mentions that state a failed expectation."),
    usd_per_complaint: z.number().nullable().describe("Dollars per complaint; null without complaints."),
  }),
  statement: ({ from, to }) => {
    const params: Record<string, unknown> = {};
    const [spent, said] = [[] as string[], ["NOT by_us"]];
    if (from !== undefined) {
      params["from"] = toColumnTime(from);
      spent.push("at >= {from:DateTime64(3, 'UTC')}");
      said.push("published_at >= {from:DateTime64(3, 'UTC')}");
    }
    if (to !== undefined) {
      params["to"] = toColumnTime(to);
      spent.push("at < {to:DateTime64(3, 'UTC')}");
      said.push("published_at < {to:DateTime64(3, 'UTC')}");
    }
    return {
      sql: `WITH
spent AS (
  SELECT source, sum(p.requests) AS requests, sum(p.items) AS items, sum(p.usd) AS usd
  FROM polls AS p
  ${where(spent)}
  GROUP BY source
),
said AS (
  SELECT source, arrayJoin(emptyArrayToSingle(trackers)) AS tracker, count() AS mentions, countIf(is_complaint) AS complaints
  FROM mentions
  ${where(said)}
  GROUP BY source, tracker
),
brought AS (SELECT source, sum(said.mentions) AS all_mentions FROM said GROUP BY source)
SELECT
  said.tracker AS tracker,
  spent.source AS source,
  if(brought.all_mentions = 0, 1, said.mentions / brought.all_mentions) AS share,
  round(spent.requests * share, 2) AS requests,
  round(spent.items * share, 2) AS items,
  round(spent.usd * share, 6) AS usd,
  said.mentions AS mentions,
  said.complaints AS complaints,
  if(complaints = 0, NULL, round(usd / complaints, 6)) AS usd_per_complaint
FROM spent
LEFT JOIN said USING source
LEFT JOIN brought USING source
ORDER BY usd DESC, tracker, source`,
      params,
    };
  },
});
