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
  fixes: z.array(z.string()).describe("Issues it is meant to mend."),
  origin: z.string().describe("Where it was told: cli, api, config, or the feed's name."),
  by: z.string().describe("Who said so last; empty: a feed or the config."),
  recorded_at: Time,
};
const COLUMNS = Object.keys(row).join(", ");

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
    origin: TextList.optional().describe("Told there: cli, api, config, or a feed's name."),
    limit: wholeNumber(1, 10_000).default(1_000).describe("Most rows to give."),
  }),
  row: z.object(row),
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
    add("issue", "hasAny(fixes, {issue:Array(String)})", asked.issue);
    add("origin", "origin IN {origin:Array(String)}", asked.origin);
    return {
      sql: `SELECT ${COLUMNS}\nFROM changes\n${where(all)}\nORDER BY at DESC, id DESC\nLIMIT {limit:UInt32}`,
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
