import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Count } from "./values.ts";

/** How much is stored, our own mentions included, and of which trackers: tells an empty installation from one with data. */
export const mentionCount = defineQuery({
  name: "mention_count",
  summary:
    "One row: the number of mentions stored, our own included, and the trackers they belong to, by name.",
  params: z.strictObject({}),
  row: z.object({
    mentions: Count,
    trackers: z.array(z.string()).describe("Ids of trackers that have mentions."),
  }),
  statement: () => ({
    sql: "SELECT count() AS mentions, arraySort(groupUniqArrayArray(trackers)) AS trackers FROM mentions",
    params: {},
  }),
});
