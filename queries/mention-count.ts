import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Count } from "./values.ts";

/** Everything stored, our own mentions included: tells an empty installation from one with data. */
export const mentionCount = defineQuery({
  name: "mention_count",
  summary: "One row: the number of mentions stored, our own included.",
  params: z.strictObject({}),
  row: z.object({ mentions: Count }),
  statement: () => ({ sql: "SELECT count() AS mentions FROM mentions", params: {} }),
});
