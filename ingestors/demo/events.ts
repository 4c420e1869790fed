import { fill, type Names } from "./compose.ts";
import { idOf, type DemoMentionItem } from "./items.ts";
import {
  ALLERGEN_REPORT,
  ANGRY_POSTS,
  ANNOUNCEMENTS,
  ARTICLES,
  CAKE_POST,
  CAKE_QUOTES,
  CAKE_REPORTS,
} from "./phrases/single.ts";
import { Random } from "./random.ts";
import { blankMention, type Telling } from "./strands.ts";
import {
  anyAuthor,
  author,
  CARE,
  engagementOn,
  instant,
  nativeId,
  TURNING_POINTS as T,
  type Author,
  type Platform,
} from "./world.ts";

const NAMES: Names = { brand: "Lumbert", rival: "Trundlow", version: "5.2.1" };

/** Reposts and quotes of the cake within its 36 hours, at scale 1. */
const CAKE_AMPLIFICATIONS = 430;
const CAKE_HOURS = 36;

/** The post itself is looked at again and again while it spreads, so that its counters can be drawn over time. */
const CAKE_SEEN_AFTER_HOURS = [1, 2, 4, 6, 9, 12, 18, 24, 36];

/** Everything that happens once rather than day by day, in no order. */
export function tellEvents(telling: Telling): DemoMentionItem[] {
  return [
    ...tellCake(telling),
    ...tellAngryAuthor(telling),
    tellAllergenReport(telling),
    ...tellAnnouncements(telling),
    ...tellArticles(telling),
  ];
}

function item(theme: string, mention: DemoMentionItem["mention"]): DemoMentionItem {
  return { type: "mention", theme, at: mention.publishedAt, mention };
}

/** How much of the spread is over after some hours: the same gamma-shaped delay the copies have. */
function spreadAfter(hours: number): number {
  const scaled = hours / 3.6;
  return 1 - (1 + scaled) * Math.exp(-scaled);
}

function share(final: { likes: number; replies: number; shares: number; views: number }, part: number) {
  const of = (counter: number) => Math.round(counter * part);
  return {
    likes: of(final.likes),
    replies: of(final.replies),
    shares: of(final.shares),
    views: of(final.views),
  };
}

/** One post, shared by hundreds and lived through by hardly anyone. */
function tellCake(telling: Telling): DemoMentionItem[] {
  const { seed, scale, written } = telling;
  const random = new Random(seed, "cake");
  const startMs = instant(telling, T.cakePost, 13.4);
  const baker: Author = { ...author(seed, "x", 0), authorFollowers: 312 };
  const post = blankMention("x", nativeId(seed, "cake"), startMs, baker, CAKE_POST);
  post.threadId = idOf(post);
  post.languageHint = "en";

  const items = [item("viral_cake", post)];
  const count = Math.round(CAKE_AMPLIFICATIONS * scale);
  for (let i = 0; i < count; i++) {
    // Rises for some five hours, then fades: a gamma-shaped delay, cut at the end of the 36 hours
    const delayHours = Math.min(CAKE_HOURS - 0.2, -3.6 * Math.log((1 - random.next()) * (1 - random.next())));
    const atMs = startMs + Math.round(delayHours * 3_600_000) + random.int(1_000, 600_000);
    const isQuote = random.chance(0.3);
    const text = isQuote ? written.fresh(() => fill(random.pick(CAKE_QUOTES), NAMES, random)) : CAKE_POST;
    const copy = blankMention("x", nativeId(seed, "cake", i), atMs, anyAuthor(seed, "x", random), text);
    copy.amplifiesId = idOf(post);
    copy.languageHint = "en";
    if (isQuote) copy.engagement = engagementOn("x", random, 2);
    items.push(item("viral_cake", copy));
  }
  const final = { likes: 21_460, replies: 874, shares: 4_930, views: 1_940_000 };
  post.engagement = share(final, 0);
  for (const hours of CAKE_SEEN_AFTER_HOURS) {
    const seen = { ...post, engagement: share(final, spreadAfter(hours)) };
    items.push({ ...item("viral_cake", seen), at: new Date(startMs + hours * 3_600_000).toISOString() });
  }

  CAKE_REPORTS.forEach((text, i) => {
    const platform: Platform = i % 2 === 0 ? "x" : "reddit";
    const atMs = startMs + Math.round((9 + 31 * i + random.int(0, 8)) * 3_600_000);
    const said = platform === "x" ? `@lumbert ${text}` : text;
    const mention = blankMention(
      platform,
      nativeId(seed, "melted", i),
      atMs,
      anyAuthor(seed, platform, random),
      said,
    );
    mention.engagement = engagementOn(platform, random);
    items.push(item("melted_cake", mention));
  });
  return items;
}

/** Thirty posts, one voice. */
function tellAngryAuthor(telling: Telling): DemoMentionItem[] {
  const random = new Random(telling.seed, "angry");
  const who: Author = { ...author(telling.seed, "x", -1), authorFollowers: 2 };
  const hours = (T.angryLast - T.angryFirst + 1) * 24;
  return ANGRY_POSTS.map((text, i) => {
    const atMs = instant(
      telling,
      T.angryFirst,
      7 + ((hours - 12) * i) / ANGRY_POSTS.length + 4 * random.next(),
    );
    const mention = blankMention("x", nativeId(telling.seed, "angry", i), atMs, who, text);
    mention.languageHint = "en";
    mention.engagement = engagementOn("x", random, 0.2);
    return item("angry_author", mention);
  });
}

/** One report that must not wait for a second one. */
function tellAllergenReport(telling: Telling): DemoMentionItem {
  const random = new Random(telling.seed, "allergen");
  const atMs = instant(telling, T.allergenReport, 20.3);
  const by = anyAuthor(telling.seed, "trustpilot", random);
  const mention = blankMention(
    "trustpilot",
    nativeId(telling.seed, "allergen"),
    atMs,
    by,
    ALLERGEN_REPORT.text,
  );
  Object.assign(mention, { title: ALLERGEN_REPORT.title, rating: 1, ratingMax: 5, country: "GB" });
  return item("allergen_label", mention);
}

function tellAnnouncements(telling: Telling): DemoMentionItem[] {
  const random = new Random(telling.seed, "announcements");
  return ANNOUNCEMENTS.map(({ day, hour, text }, i) => {
    const atMs = instant(telling, day, hour + 0.1);
    const mention = blankMention("x", nativeId(telling.seed, "announcement", i), atMs, CARE, text);
    mention.byUs = true;
    mention.languageHint = "en";
    mention.threadId = idOf(mention);
    mention.engagement = engagementOn("x", random, 30);
    return item("announcement", mention);
  });
}

const PAPERS = ["The Wexmoor Courier", "Ostermere Evening Post", "Doorstep Weekly", "Basket & Parcel"];

function tellArticles(telling: Telling): DemoMentionItem[] {
  const random = new Random(telling.seed, "articles");
  return ARTICLES.map(({ day, tracker, title, text }, i) => {
    const paper = random.pick(PAPERS);
    const by: Author = { authorId: paper, authorName: paper, authorHandle: "", authorFollowers: null };
    const id = nativeId(telling.seed, "article", i);
    const mention = blankMention("news", id, instant(telling, day, 12 + 6 * random.next()), by, text);
    Object.assign(mention, {
      title,
      trackers: [tracker],
      url: `https://example.org/news/${id}`,
      languageHint: "en",
    });
    return item("article", mention);
  });
}
