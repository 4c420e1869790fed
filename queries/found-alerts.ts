import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";

/** Which alerts an id, or the beginning of one, may mean. */
export const foundAlerts = defineQuery({
  name: "found_alerts",
  summary: "Alerts whose id begins with a text, the same id first, then by id, 20 at most.",
  params: z.strictObject({ id: z.string().min(1).max(64) }),
  row: z.object({ alert_id: z.string() }),
  statement: ({ id }) => ({
    sql: `SELECT DISTINCT alert_id
FROM alert_events
WHERE startsWith(alert_id, {id:String})
ORDER BY alert_id != {id:String}, alert_id
LIMIT 20`,
    params: { id },
  }),
});
