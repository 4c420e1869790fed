import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { mentionFieldColumns, toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { Count, Instant, wholeNumber } from "./values.ts";

/**
 * Of mentions as they were read: what people corrected, or called irrelevant, is in the view alone. The table is asked
 * with FINAL, so that what is deleted or was edited since is not met.
 */
const selection = {
  version: z
    .string()
    .optional()
    .describe("Version of the readers whose mentions are left out; absent: none are."),
  since: Instant.optional().describe("Published at or after this time."),
  until: Instant.optional().describe("Published before this time."),
  source: z.string().optional().describe("Brought by this source."),
};

/** Which stored mentions are to be read again. */
export type StaleSelection = z.infer<z.ZodObject<typeof selection>>;

function conditionsOf({ version, since, until, source }: StaleSelection) {
  return {
    all: [
      ...(version === undefined ? [] : ["splitByChar('+', model_version)[1] != {version:String}"]),
      ...(since === undefined ? [] : ["published_at >= {since:DateTime64(3, 'UTC')}"]),
      ...(until === undefined ? [] : ["published_at < {until:DateTime64(3, 'UTC')}"]),
      ...(source === undefined ? [] : ["source = {source:String}"]),
    ],
    params: {
      ...(version === undefined ? {} : { version }),
      ...(since === undefined ? {} : { since: toColumnTime(since) }),
      ...(until === undefined ? {} : { until: toColumnTime(until) }),
      ...(source === undefined ? {} : { source }),
    },
  };
}

const staleMention = z.looseObject({
  id: z.string(),
  language: z.string(),
  sentiment_label: z.string(),
  is_complaint: z.boolean(),
  intent: z.string(),
  model_version: z.string(),
  processed_at: z.string(),
});

/** A row of {@link staleMentions}: the columns of a mention, and some of what was read of it. */
export type StaleMention = z.infer<typeof staleMention>;

/** Mentions whole, with what was read of them, to go through all of them page by page. */
export const staleMentions = defineQuery({
  name: "stale_mentions",
  summary: "Mentions that another version of the readers has read, with ids after one, ordered by id.",
  params: z.strictObject({ ...selection, after: z.string(), limit: wholeNumber(1, 10_000) }),
  row: staleMention,
  statement: ({ after, limit, ...selected }) => {
    const { all, params } = conditionsOf(selected);
    const read = ["language", "sentiment_label", "is_complaint", "intent", "model_version", "processed_at"];
    return {
      sql: `SELECT ${[...mentionFieldColumns, ...read].join(", ")}
FROM mention_rows FINAL
${where(["id > {after:String}", ...all])}
ORDER BY id
LIMIT {limit:UInt32}`,
      params: { ...params, after, limit },
    };
  },
});

/** How many {@link staleMentions} there are. */
export const staleMentionCount = defineQuery({
  name: "stale_mention_count",
  summary: "How many mentions another version of the readers has read.",
  params: z.strictObject(selection),
  row: z.object({ mentions: Count }),
  statement: (selected) => {
    const { all, params } = conditionsOf(selected);
    return { sql: `SELECT count() AS mentions\nFROM mention_rows FINAL\n${where(all)}`.trimEnd(), params };
  },
});
