import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Slug } from "../schemas/primitives.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { UNTRACKED } from "./detect-mentions.ts";
import { Count, Instant, Time } from "./values.ts";

/** From when until when anything of a tracker was heard, for platforms whose sources keep no ledger of coverage. */
export const platformSpans = defineQuery({
  name: "platform_spans",
  summary: "First and last mention of a tracker in a window by platform, ordered by platform.",
  params: z.strictObject({
    tracker: Slug,
    from: Instant.describe("Published at or after this time."),
    to: Instant.describe("Published before this time."),
  }),
  row: z.object({ platform: z.string(), mentions: Count, first_at: Time, last_at: Time }),
  statement: ({ tracker, from, to }) => ({
    sql: `SELECT platform, count() AS mentions, min(published_at) AS first_at, max(published_at) AS last_at
FROM mentions
WHERE has(if(empty(trackers), ['${UNTRACKED}'], trackers), {tracker:String}) AND NOT by_us
  AND published_at >= {from:DateTime64(3, 'UTC')} AND published_at < {to:DateTime64(3, 'UTC')}
GROUP BY platform
ORDER BY platform`,
    params: { tracker, from: toColumnTime(from), to: toColumnTime(to) },
  }),
});
