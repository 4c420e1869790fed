import { z } from "zod";
import { Enrichment } from "./enrichment.ts";
import { Mention, MentionDeletion } from "./mention.ts";

/** What the store is handed: a mention with what the processors read from it, or the deletion of one. */
export const StoredEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("upsert"), mention: Mention, enrichment: Enrichment }),
  MentionDeletion,
]);
export type StoredEvent = z.infer<typeof StoredEvent>;
