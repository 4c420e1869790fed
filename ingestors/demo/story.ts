import type { Timestamp } from "../../schemas/primitives.ts";
import { tellChanges } from "./changes.ts";
import { Written } from "./compose.ts";
import { tellEvents } from "./events.ts";
import { idOf, type DemoItem, type DemoMentionItem } from "./items.ts";
import { tellReplies } from "./replies.ts";
import { tellDay, type Telling } from "./strands.ts";
import { THEMES } from "./themes.ts";
import { instant, STORY_DAYS } from "./world.ts";

export interface StoryOptions {
  readonly seed: number;
  /** Nothing happens at or after this instant. */
  readonly endsAt: Timestamp;
  /** How many days before `endsAt` are told. The story itself takes 42; earlier days are ordinary ones. */
  readonly days: number;
  /** Volume; 1 gives some 6,000 mentions in 42 days. */
  readonly scale: number;
}

/**
 * The whole story, in the order it happened: `at` ascending, then id. The same options give the same items, byte for
 * byte. Of a mention outside the days asked for, no edit, deletion or answer is told either.
 */
export function tellStory(options: StoryOptions): DemoItem[] {
  const telling: Telling = {
    seed: options.seed,
    scale: options.scale,
    endsAtMs: Date.parse(options.endsAt),
    written: new Written(),
  };
  const firstDay = STORY_DAYS + 1 - Math.max(options.days, STORY_DAYS);
  const told: DemoMentionItem[] = [];
  for (const theme of THEMES) {
    const strand: DemoMentionItem[] = [];
    for (let day = firstDay; day <= STORY_DAYS; day++) strand.push(...tellDay(theme, day, telling));
    strand.sort(byTime);
    told.push(...strand, ...tellReplies(theme, strand, telling));
  }
  told.push(...tellEvents(telling));
  const items = [...told, ...tellChanges(told, telling, options.seed)].sort(byTime);
  return within(items, instant(telling, STORY_DAYS + 1 - options.days), telling.endsAtMs);
}

function byTime(a: DemoItem, b: DemoItem): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  const [left, right] = [idOfItem(a), idOfItem(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

function idOfItem(item: DemoItem): string {
  return item.type === "delete" ? item.id : idOf(item.mention);
}

/** What happens in the days asked for, without anything that refers to what is not told. */
function within(items: readonly DemoItem[], fromMs: number, toMs: number): DemoItem[] {
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  const told = new Set<string>();
  return items.filter((item) => {
    if (item.at < from || item.at >= to) return false;
    if (item.type === "delete") return told.has(item.id);
    const { mention } = item;
    if (mention.publishedAt < from) return false;
    const isRooted = [mention.parentId, mention.amplifiesId].every((id) => id === "" || told.has(id));
    if (isRooted) told.add(idOf(mention));
    return isRooted;
  });
}
