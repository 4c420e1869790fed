import { z } from "zod";
import { Enrichment } from "./enrichment.ts";
import { Mention, MentionDeletion, type MentionEvent } from "./mention.ts";
import { Timestamp } from "./primitives.ts";

/** Where an event stands in the log of mentions. Of one mention, what came later has a later time or a larger offset. */
export const LogPosition = z.strictObject({
  at: Timestamp.describe("When the log took it, by the log's clock."),
  offset: z.int().nonnegative().describe("Its place in its partition."),
});
export type LogPosition = z.infer<typeof LogPosition>;

const logged = LogPosition.optional().describe("Absent where mentions come through no log.");

/** A mention event with its place in the log, if it came through one. */
export type LoggedEvent = MentionEvent & { readonly logged?: LogPosition | undefined };

/** What the store is handed: a mention with what the processors read from it, or the deletion of one. */
export const StoredEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("upsert"), mention: Mention, enrichment: Enrichment, logged }),
  MentionDeletion.extend({ logged }),
]);
export type StoredEvent = z.infer<typeof StoredEvent>;

/** A mention that was read, and the row it is stored as: JSON of values in the order of the table's columns. */
export interface WrittenMention {
  readonly type: "upsert";
  readonly mention: Mention;
  readonly row: string;
}
