import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { mentionCount } from "./series.ts";
import { Count, Time } from "./values.ts";

/** What each source has brought and when it was last heard. */
export const sourceHealth = defineQuery({
  name: "source_health",
  summary:
    "Every source that ever brought a mention, saved a cursor or left a dead letter: its mentions (ours included), when " +
    "they were last published and read, when its cursor was last saved, and its open dead letters; ordered by source.",
  params: z.strictObject({}),
  row: z.object({
    source: z.string(),
    mentions: mentionCount,
    last_published_at: Time.nullable(),
    last_observed_at: Time.nullable(),
    cursor_saved_at: Time.nullable(),
    open_dead_letters: Count,
  }),
  statement: () => ({
    sql: `SELECT
  source,
  sum(found.mentions) AS mentions,
  max(found.published_at) AS last_published_at,
  max(found.observed_at) AS last_observed_at,
  max(found.saved_at) AS cursor_saved_at,
  sum(found.dead_letters) AS open_dead_letters
FROM
(
  SELECT source, count() AS mentions, maxOrNull(published_at) AS published_at, maxOrNull(observed_at) AS observed_at,
    NULL AS saved_at, 0 AS dead_letters
  FROM mentions GROUP BY source
  UNION ALL
  SELECT source, 0, NULL, NULL, saved_at, 0 FROM cursors
  UNION ALL
  SELECT source, 0, NULL, NULL, NULL, countIf(state = 'open') FROM dead_letters GROUP BY source
) AS found
GROUP BY source
ORDER BY source`,
    params: {},
  }),
});
