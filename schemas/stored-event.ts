import { z } from "zod";
import { Enrichment } from "./enrichment.ts";
import { Mention, MentionDeletion } from "./mention.ts";
import { Timestamp } from "./primitives.ts";

/** A deletion on its way into the store. */
export const StoredDeletion = MentionDeletion.extend({
  processedAt: Timestamp.describe(
    "When it came through the processors. Of one mention, what came later has a later time.",
  ),
});
export type StoredDeletion = z.infer<typeof StoredDeletion>;

/** What the store is handed: a mention with what the processors read from it, or the deletion of one. */
export const StoredEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("upsert"), mention: Mention, enrichment: Enrichment }),
  StoredDeletion,
]);
export type StoredEvent = z.infer<typeof StoredEvent>;
