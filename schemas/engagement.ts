import { z } from "zod";
import { Counter, Timestamp } from "./primitives.ts";

/** The counters of one mention at one time. Written whenever a mention is observed with any counter shown. */
export const EngagementSnapshot = z.strictObject({
  mentionId: z.string().min(3).max(600),
  observedAt: Timestamp,
  likes: Counter,
  replies: Counter,
  shares: Counter,
  views: Counter,
  authorFollowers: Counter,
});
export type EngagementSnapshot = z.infer<typeof EngagementSnapshot>;
