import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { CHANGE_KINDS } from "../schemas/change.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { choiceList, Instant, SlugList, TextList, Time, wholeNumber } from "./values.ts";

const row = {
  id: z.string(),
  tracker: z.string().describe("Whom it concerns; empty: every tracker."),
  kind: z.enum(CHANGE_KINDS),
  at: Time.describe("When it began to be there for customers."),
  ends_at: Time.nullable(),
  title: z.string(),
  description: z.string(),
  url: z.string(),
  version: z.string(),
  platform: z.string(),
  country: z.string(),
  product: z.string(),
  fixes: z
    .array(z.string())
    .describe(
      "Issues it is meant to mend, as they stand: of a mention that was named its issue, of a merged issue the other.",
    ),
  origin: z.string().describe("Where it was told: cli, api, config, demo, or the feed's name."),
  by: z.string().describe("Who said so last; empty: a feed or the config."),
  recorded_at: Time,
};
const COLUMNS = Object.keys(row).join(", ");

/** Which issues the mentions and the merged issues mean that changes are said to mend; three merges deep. */
const MEANT = `
  SELECT id, arraySort(groupUniqArray(issue_id)) AS issues, groupUniqArray(name) AS names
  FROM (
    SELECT n.id AS id, n.name AS name, a.issue_id AS issue_id
    FROM names AS n
    INNER JOIN (
      SELECT tracker, mention_id, issue_id FROM issue_assignments WHERE mention_id IN (SELECT name FROM names)
    ) AS a ON a.mention_id = n.name
    WHERE n.tracker IN ('', a.tracker)
    UNION ALL
    SELECT n.id AS id, n.name AS name, multiIf(third.into != '', third.into, then.into != '', then.into, first.into) AS issue_id
    FROM names AS n
    INNER JOIN merged AS first ON first.name = n.name
    LEFT JOIN merged AS then ON then.tracker = first.tracker AND then.name = first.into
    LEFT JOIN merged AS third ON third.tracker = then.tracker AND third.name = then.into
    WHERE n.tracker IN ('', first.tracker)
  )
  GROUP BY id`;
/** What is known as neither is an issue, but for a mention of no issue yet: no id of an issue has a colon. */
const MENDED =
  "arrayDistinct(arrayConcat(m.issues, arrayFilter(name -> NOT has(m.names, name) AND position(name, ':') = 0, t.fixes)))";

/** What we did that customers could notice. */
export const changes = defineQuery({
  name: "changes",
  summary: "Releases, fixes, prices, campaigns, policies and outages, newest first, ties by id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe(
      "Of any of these trackers; what concerns every tracker is there too.",
    ),
    kind: choiceList(CHANGE_KINDS).optional().describe("Any of these kinds."),
    from: Instant.optional().describe("Began at or after this time."),
    to: Instant.optional().describe("Began before this time."),
    issue: TextList.optional().describe("Meant to mend any of these issues, by id."),
    origin: TextList.optional().describe("Told there: cli, api, config, demo, or a feed's name."),
    limit: wholeNumber(1, 10_000).default(1_000).describe("Most rows to give."),
  }),
  row: z.object({
    ...row,
    named: z.array(z.string()).describe("Issues, and mentions of them, that were named as what it mends."),
  }),
  statement: (asked) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit: asked.limit };
    const add = (name: string, condition: string, value: unknown) => {
      if (value === undefined || (Array.isArray(value) && value.length === 0)) return;
      all.push(condition);
      params[name] = value;
    };
    add("tracker", "(tracker = '' OR tracker IN {tracker:Array(String)})", asked.tracker);
    add("kind", "kind IN {kind:Array(String)}", asked.kind);
    add("from", "at >= {from:DateTime64(3, 'UTC')}", asked.from && toColumnTime(asked.from));
    add("to", "at < {to:DateTime64(3, 'UTC')}", asked.to && toColumnTime(asked.to));
    add("origin", "origin IN {origin:Array(String)}", asked.origin);
    const ofIssue = asked.issue !== undefined && asked.issue.length > 0;
    if (ofIssue) params["issue"] = asked.issue;
    const columns = Object.keys(row).map((name) =>
      name === "fixes" ? `${MENDED} AS fixes` : `t.${name} AS ${name}`,
    );
    return {
      sql: `WITH
told AS (SELECT * FROM changes ${where(all).replaceAll("\n ", "")}),
names AS (SELECT id, tracker, arrayJoin(fixes) AS name FROM told),
merged AS (
  SELECT tracker, issue_id AS name, argMax(JSONExtractString(payload, 'into'), (at, id)) AS into
  FROM issue_events
  WHERE kind = 'merge' AND is_standing
  GROUP BY tracker, name
)
SELECT
  ${columns.join(", ")},
  t.fixes AS named
FROM told AS t
LEFT JOIN (${MEANT}
) AS m ON m.id = t.id
${ofIssue ? `WHERE hasAny(${MENDED}, {issue:Array(String)})\n` : ""}ORDER BY at DESC, id DESC
LIMIT {limit:UInt32}`,
      params,
    };
  },
});

/** The latest that was said of some changes, of removed ones too, so that what is said next is known to be later. */
export const recordedChanges = defineQuery({
  name: "recorded_changes",
  summary: "Changes by id, removed ones too, in no particular order.",
  params: z.strictObject({ ids: z.array(z.string()) }),
  row: z.object({ ...row, is_removed: z.boolean() }),
  statement: ({ ids }) => ({
    sql: `SELECT ${COLUMNS}, is_removed::Bool AS is_removed\nFROM change_rows FINAL\nWHERE id IN {ids:Array(String)}`,
    params: { ids },
  }),
});
