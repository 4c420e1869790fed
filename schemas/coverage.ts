import { z } from "zod";
import { Timestamp } from "./primitives.ts";

export const COVERAGE_STATES = ["complete", "partial", "none"] as const;
export type CoverageState = (typeof COVERAGE_STATES)[number];

/** How completely one source was heard in one hour. The latest row for a source and hour holds. */
export const Coverage = z.strictObject({
  source: z.string().min(1).max(300),
  hour: Timestamp.describe("Start of the hour, UTC."),
  state: z.enum(COVERAGE_STATES),
  reason: z.string().max(500).describe("Why it is not complete; empty when complete."),
  recordedAt: Timestamp,
});
export type Coverage = z.infer<typeof Coverage>;
