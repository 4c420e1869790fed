import type { Enrichment } from "./enrichment.ts";
import type { Mention } from "./mention.ts";
import type { Timestamp } from "./primitives.ts";

/** A mention with what the processors read from it. */
export interface EnrichedMention {
  readonly mention: Mention;
  readonly enrichment: Enrichment;
}

/** What the store is handed: an enriched mention, or the deletion of one. */
export type StoredEvent =
  | ({ readonly type: "upsert" } & EnrichedMention)
  | { readonly type: "delete"; readonly id: string; readonly reason: string; readonly observedAt: Timestamp };
