import { idOf, type DemoItem, type DemoMention, type DemoMentionItem } from "./items.ts";
import { EDIT_NOTES } from "./phrases/single.ts";
import { Random } from "./random.ts";
import { instant, TURNING_POINTS as T, HOUR_MS, type Calendar } from "./world.ts";

/** How many reviews of the crash are rewritten once it is fixed. */
const EDITS = 7;

/** Edits and deletions of what was told before: the same id again with a later revision, or gone. */
export function tellChanges(told: readonly DemoMentionItem[], calendar: Calendar, seed: number): DemoItem[] {
  return [...tellEdits(told, calendar, seed), ...tellDeletions(told, calendar)];
}

/** Reviewers of the crash who come back after 5.2.1 and raise their stars. */
function tellEdits(told: readonly DemoMentionItem[], calendar: Calendar, seed: number): DemoMentionItem[] {
  const fixedMs = instant(calendar, T.release521, 16);
  const random = new Random(seed, "edits");
  return told
    .filter(({ theme, mention }) => {
      const isEnglishReview = mention.kind === "review" && mention.country === "GB";
      return theme === "checkout_crash" && isEnglishReview && Date.parse(mention.publishedAt) < fixedMs;
    })
    .filter((_, i) => i % 11 === 3)
    .slice(0, EDITS)
    .map(({ theme, mention }, i) => {
      const editedMs = fixedMs + Math.round((3 + 17 * i + random.int(0, 9)) * HOUR_MS);
      const edited: DemoMention = {
        ...mention,
        revision: editedMs,
        rating: Math.min(5, (mention.rating ?? 1) + random.int(2, 3)),
        version: "5.2.1",
        text: `${mention.text} ${random.pick(EDIT_NOTES)}`,
      };
      return { type: "mention", theme, at: new Date(editedMs).toISOString(), mention: edited };
    });
}

/** Which mention goes, how long after it was published, and why. */
const DELETIONS = [
  { theme: "double_charge", fromDay: 22, afterHours: 40, reason: "The author deleted the post." },
  { theme: "spam", fromDay: 16, afterHours: 5, reason: "The platform removed the post." },
] as const;

function tellDeletions(told: readonly DemoMentionItem[], calendar: Calendar): DemoItem[] {
  return DELETIONS.flatMap(({ theme, fromDay, afterHours, reason }) => {
    const from = new Date(instant(calendar, fromDay)).toISOString();
    // Not one that was answered: a thread without its head would need explaining
    const gone = told.find(
      (item) =>
        item.theme === theme &&
        item.mention.platform === "x" &&
        item.mention.threadId === "" &&
        item.mention.publishedAt >= from,
    );
    if (gone === undefined) return [];
    const at = new Date(Date.parse(gone.mention.publishedAt) + afterHours * HOUR_MS).toISOString();
    return [{ type: "delete", theme, at, id: idOf(gone.mention), reason } as const];
  });
}
