import { z } from "zod";
import { defineIngestor, type Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { Timestamp } from "../../schemas/primitives.ts";
import { DemoItem } from "./items.ts";
import { tellStory, type StoryOptions } from "./story.ts";

export { tellDeeds, tellOrders } from "./what-we-did.ts";
export { DEMO_TRACKERS } from "./world.ts";

const PAGE_SIZE = 1_000;

const DemoConfig = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .default(1)
    .describe("Another seed tells the same story in other words."),
  endsAt: Timestamp.optional().describe("When the story ends; by default the start of the current day, UTC."),
  days: z
    .int()
    .min(1)
    .max(400)
    .default(42)
    .describe("Days before endsAt that are told; the story itself takes 42."),
  scale: z.number().min(0.1).max(20).default(1).describe("Volume; 1 gives some 6,000 mentions in 42 days."),
});

/** The story as it is told unless somebody asks for another, up to a time. */
export function usualStory(endsAt: Timestamp): StoryOptions {
  return { ...DemoConfig.parse({}), endsAt };
}

const DemoCursor = z.strictObject({ isComplete: z.boolean() });

/**
 * Six invented weeks of an invented brand, made on the spot and without any network, so that every chart has
 * something to show. See docs/demo.md for what happens when.
 */
export const demoIngestor = defineIngestor({
  name: "demo",
  summary: "Six invented weeks of the invented brand Lumbert and two competitors; needs no network.",
  source: { mode: "import", schedule: "", scope: "all" },
  config: DemoConfig,
  cursor: DemoCursor,

  async *poll({ config, cursor, signal, context }): AsyncIterable<Page<z.infer<typeof DemoCursor>>> {
    if (cursor?.isComplete === true) return;
    const today = `${context.now().toISOString().slice(0, 10)}T00:00:00.000Z`;
    const items = tellStory({ ...config, endsAt: config.endsAt ?? today });
    for (let start = 0; start < items.length; start += PAGE_SIZE) {
      signal.throwIfAborted();
      const end = Math.min(start + PAGE_SIZE, items.length);
      const page = { items: items.slice(start, end), progress: end / items.length };
      // Telling it again costs nothing and adds no id, so only the end is worth a checkpoint
      yield end === items.length ? { ...page, cursor: { isComplete: true } } : page;
    }
  },

  parse(item) {
    const read = DemoItem.safeParse(item);
    if (!read.success) {
      const faults = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
      throw new EarshotError("record_invalid", `This is no item of the demo story: ${faults.join("; ")}.`);
    }
    if (read.data.type === "delete") return { type: "delete", id: read.data.id, reason: read.data.reason };
    // the story is a recording: each item says when it was seen
    return { type: "upsert", mention: { ...read.data.mention, observedAt: read.data.at } };
  },

  position(item) {
    const read = DemoItem.safeParse(item);
    return read.success ? read.data.at : "";
  },
});
