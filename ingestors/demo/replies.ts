import { fill, type Names } from "./compose.ts";
import { idOf, type DemoMention, type DemoMentionItem } from "./items.ts";
import { CUSTOMER_ANSWERS, OUR_FOLLOW_UPS, OUR_REPLIES, type ByTheme } from "./phrases/single.ts";
import { Random } from "./random.ts";
import { blankMention, type Telling } from "./strands.ts";
import type { Theme } from "./themes.ts";
import {
  CARE,
  HOUR_MS,
  instant,
  nativeId,
  TURNING_POINTS as T,
  type Author,
  type Platform,
} from "./world.ts";

type Quality = keyof typeof OUR_REPLIES;

const NAMES: Names = { brand: "Lumbert", rival: "Trundlow", version: "5.2.1" };
const OPEN_PLATFORMS: ReadonlySet<string> = new Set([
  "x",
  "reddit",
  "app_store",
  "google_play",
  "trustpilot",
  "zendesk",
]);
/** Where a customer can answer an answer. */
const THREADED: ReadonlySet<string> = new Set(["x", "reddit", "zendesk"]);

/** How good our answers are, by theme; themes not listed get the middle row. */
const QUALITY: Readonly<Partial<Record<string, Readonly<Record<Quality, number>>>>> = {
  checkout_crash: { substantive: 0, holding: 64, deflecting: 36 },
  double_charge: { substantive: 22, holding: 48, deflecting: 30 },
  support_silent: { substantive: 5, holding: 15, deflecting: 80 },
  question: { substantive: 82, holding: 8, deflecting: 10 },
};
const USUAL: Readonly<Record<Quality, number>> = { substantive: 46, holding: 28, deflecting: 26 };

/**
 * Our care team's replies to one strand of mentions, with the customers' answers and what became of our promises:
 * about a third is kept within a day, a fifth late, and the rest forgotten.
 */
export function tellReplies(
  theme: Theme,
  items: readonly DemoMentionItem[],
  telling: Telling,
): DemoMentionItem[] {
  return items.flatMap(({ mention }) => {
    const random = new Random(telling.seed, "reply", mention.nativeId);
    const isSeen = OPEN_PLATFORMS.has(mention.platform) && random.chance(theme.answered);
    return isSeen ? tellThread(theme, mention, telling, random) : [];
  });
}

function tellThread(theme: Theme, mention: DemoMention, telling: Telling, random: Random): DemoMentionItem[] {
  const rootId = idOf(mention);
  if (THREADED.has(mention.platform)) mention.threadId = rootId;
  const askedMs = Date.parse(mention.publishedAt);
  // Half of the answers come within five hours, the slowest tenth takes more than a day
  const repliedMs = askedMs + Math.round((0.3 + 5 * Math.exp(1.2 * random.normal())) * HOUR_MS);
  const quality = random.weighted<Quality>(weightsAt(theme.name, repliedMs, telling));

  const said = (text: string, atMs: number, by: Author, parent: DemoMention, step: string): DemoMention => {
    const platform = mention.platform as Platform;
    const reply = blankMention(platform, nativeId(telling.seed, mention.nativeId, step), atMs, by, text);
    Object.assign(reply, { kind: "comment", parentId: idOf(parent), threadId: mention.threadId, title: "" });
    reply.trackers = ["lumbert"];
    return reply;
  };
  const write = (templates: ByTheme): string => {
    const own = templates[theme.name] ?? templates.other;
    return telling.written.fresh(() => fill(random.pick(own), NAMES, random));
  };
  const ours = (templates: ByTheme, atMs: number, parent: DemoMention, step: string): DemoMention => ({
    ...said(write(templates), atMs, CARE, parent, step),
    byUs: true,
  });

  const reply = ours(OUR_REPLIES[quality], repliedMs, mention, "reply");
  const thread = [reply];
  if (quality === "holding") {
    const fate = random.index([34, 20, 46]);
    const hours = fate === 0 ? 6 + 18 * random.next() : 100 + 90 * random.next();
    const backMs = repliedMs + Math.round(hours * HOUR_MS);
    if (fate < 2) thread.push(ours(OUR_FOLLOW_UPS, backMs, mention, "follow-up"));
  }
  if (THREADED.has(mention.platform) && random.chance(0.24)) {
    const last = quality === "holding" ? reply : (thread.at(-1) ?? reply);
    const isThankful = quality === "substantive" ? random.chance(0.8) : random.chance(0.08);
    const templates = isThankful ? CUSTOMER_ANSWERS.thanks : CUSTOMER_ANSWERS.unhappy;
    const hours = isThankful ? 1 + 12 * random.next() : 20 + 70 * random.next();
    const by = pickAuthor(mention);
    const answer = said(
      write(templates),
      Date.parse(last.publishedAt) + Math.round(hours * HOUR_MS),
      by,
      last,
      "answer",
    );
    thread.push({ ...answer, inReplyToUs: true, country: mention.country });
  }
  return thread.map((m) => ({
    type: "mention",
    theme: m.byUs ? "our_reply" : "answer_to_us",
    at: m.publishedAt,
    mention: m,
  }));
}

/** Once 5.2.1 is out, the care team can tell people with a crash what to do. */
function weightsAt(theme: string, atMs: number, telling: Telling): Readonly<Record<Quality, number>> {
  const fixedMs = instant(telling, T.release521, 11);
  if (theme === "checkout_crash" && atMs > fixedMs) return { substantive: 85, holding: 5, deflecting: 10 };
  return QUALITY[theme] ?? USUAL;
}

function pickAuthor({ authorId, authorName, authorHandle, authorFollowers }: DemoMention): Author {
  return { authorId, authorName, authorHandle, authorFollowers };
}
