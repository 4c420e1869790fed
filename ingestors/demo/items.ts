import { z } from "zod";
import { Mention } from "../../schemas/mention.ts";
import { Slug, Timestamp } from "../../schemas/primitives.ts";

/** A mention of the story, told in full: what the ingest loop adds is left out. */
export const DemoMention = Mention.omit({ id: true, source: true, observedAt: true, rawHash: true });
export type DemoMention = z.infer<typeof DemoMention>;

/**
 * One item of the story. `theme` says why the story holds it; it never reaches the mention, so that whoever judges
 * the mentions has nothing but their words. `at` is when it happened: items come in its order.
 */
export const DemoItem = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("mention"), theme: Slug, at: Timestamp, mention: DemoMention }),
  z.strictObject({
    type: z.literal("delete"),
    theme: Slug,
    at: Timestamp,
    id: z.string().min(3).max(600),
    reason: z.string().min(1).max(500),
  }),
]);
export type DemoItem = z.infer<typeof DemoItem>;
export type DemoMentionItem = Extract<DemoItem, { type: "mention" }>;

/** The mention id the ingest loop will give it. */
export function idOf(mention: DemoMention): string {
  return `${mention.platform}:${mention.nativeId}`;
}
