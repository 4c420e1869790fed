import { z } from "zod";
import { Slug, Timestamp } from "./primitives.ts";

export const TRACKER_KINDS = ["brand", "product", "competitor"] as const;

/** What is followed, as it was last matched with what is stored. */
export const AppliedTracker = z.strictObject({
  id: Slug,
  name: z.string().max(200),
  kind: z.enum(TRACKER_KINDS),
  query: z.string().describe("Empty: it has everything its sources bring."),
  appliedAt: Timestamp,
});
export type AppliedTracker = z.infer<typeof AppliedTracker>;
