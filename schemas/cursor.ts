import { z } from "zod";
import { Timestamp } from "./primitives.ts";

/** Where a source resumes. Of several rows for one source the one with the largest (generation, sequence) holds. */
export const SourceCursor = z.strictObject({
  source: z.string().min(1).max(300),
  generation: z.int().nonnegative().describe("Grows each time a process takes the source over."),
  sequence: z.int().nonnegative().describe("Grows with every save within a generation."),
  cursor: z.string().max(4_000_000).describe("The ingestor's own checkpoint, as JSON."),
  savedAt: Timestamp,
});
export type SourceCursor = z.infer<typeof SourceCursor>;
