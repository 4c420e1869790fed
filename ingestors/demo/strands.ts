import { compose, fill, goingOn, withEmoji, type Names, type Phrases, type Written } from "./compose.ts";
import type { DemoMention, DemoMentionItem } from "./items.ts";
import type { Language } from "./phrases/slots.ts";
import { Random } from "./random.ts";
import { HOURS, WEEKDAYS, type Theme } from "./themes.ts";
import {
  anyAuthor,
  brandName,
  DAY_MS,
  DEMO_TRACKERS,
  engagementOn,
  HOUR_MS,
  instant,
  nativeId,
  newestVersion,
  type Author,
  type Calendar,
  type Platform,
  type TrackerId,
} from "./world.ts";

/** What every teller of a part of the story is given. */
export interface Telling extends Calendar {
  readonly seed: number;
  readonly scale: number;
  readonly written: Written;
}

const KINDS: Readonly<Record<Platform, DemoMention["kind"]>> = {
  x: "post",
  reddit: "post",
  app_store: "review",
  google_play: "review",
  trustpilot: "review",
  news: "article",
  zendesk: "ticket",
  survey: "survey",
};

/** A mention with everything a platform would leave empty left empty. */
export function blankMention(
  platform: Platform,
  id: string,
  atMs: number,
  by: Author,
  text: string,
): DemoMention {
  return {
    platform,
    nativeId: id,
    revision: 0,
    kind: KINDS[platform],
    trackers: ["lumbert"],
    ...by,
    text,
    title: "",
    url: platform === "survey" || platform === "zendesk" ? "" : `https://example.com/${platform}/${id}`,
    parentId: "",
    threadId: "",
    amplifiesId: "",
    inReplyToUs: false,
    byUs: false,
    rating: null,
    ratingMax: null,
    product: "",
    version: "",
    country: "",
    languageHint: "",
    publishedAt: new Date(atMs).toISOString(),
    engagement: { likes: null, replies: null, shares: null, views: null },
  };
}

/** What happens on one story day of one theme, in no order. */
export function tellDay(theme: Theme, day: number, telling: Telling): DemoMentionItem[] {
  const random = new Random(telling.seed, theme.name, theme.tracker, day);
  const startMs = instant(telling, day);
  // The weekday of the middle of the day, so that an `endsAt` at noon still has weekends
  const weekday = new Date(startMs + DAY_MS / 2).getUTCDay();
  const mean = theme.perDay(day) * (WEEKDAYS[weekday] ?? 1) * telling.scale;
  const count = theme.isSteady === true ? Math.floor(mean + random.next()) : random.poisson(mean);
  const items: DemoMentionItem[] = [];
  for (let i = 0; i < count; i++) {
    const place = [theme.name, theme.tracker, day, i] as const;
    const own = new Random(telling.seed, ...place);
    const atMs = startMs + secondOfDay(startMs, theme.hours, own) * 1000 + own.int(0, 999);
    const platform = own.weighted<Platform>(theme.platforms);
    const mention = tellOne(theme, day, platform, atMs, nativeId(telling.seed, ...place), telling, own);
    items.push({ type: "mention", theme: theme.name, at: mention.publishedAt, mention });
  }
  return items;
}

/** Seconds after `startMs`, in the rhythm of the hours of the day, whatever hour `startMs` is. */
function secondOfDay(startMs: number, rhythm: keyof typeof HOURS, random: Random): number {
  const firstHour = Math.floor(startMs / HOUR_MS) % 24;
  const weights = HOURS[rhythm].map((_, hour) => HOURS[rhythm][(firstHour + hour) % 24] ?? 0);
  return random.index(weights) * 3600 + random.int(0, 3599);
}

function tellOne(
  theme: Theme,
  day: number,
  platform: Platform,
  atMs: number,
  id: string,
  telling: Telling,
  random: Random,
): DemoMention {
  const language = random.chance(theme.foreignPercent / 100)
    ? random.pick<Language>(["de", "de", "es", "fr"])
    : "en";
  const rival = random.pick(DEMO_TRACKERS.filter((tracker) => tracker.id !== "lumbert"));
  const version = versionInUse(theme.name, day, random);
  const names: Names = {
    brand: brandName(theme.tracker),
    rival: theme.tracker === "lumbert" ? rival.name : "Lumbert",
    version,
  };
  const phrases = phrasesOn(theme, day);
  const text = telling.written.fresh(() => {
    const plain = compose({ theme: theme.name, phrases, language, platform, names }, random);
    const named =
      platform === "x" || platform === "reddit" ? naming(plain, names.brand, platform, random) : plain;
    return withEmoji(named, platform === "zendesk" ? "none" : phrases.tone, random);
  });
  const mention = blankMention(platform, id, atMs, anyAuthor(telling.seed, platform, random), text);
  const stars = random.index(theme.stars) + 1;
  const isReview = mention.kind === "review";
  const hasTitle =
    (isReview && platform !== "google_play") || platform === "reddit" || platform === "zendesk";
  if (platform === "survey") {
    mention.rating = recommendation(stars, random);
    mention.ratingMax = 10;
    if (random.chance(0.2)) mention.text = "";
  } else if (isReview) {
    mention.rating = stars;
    mention.ratingMax = 5;
  }
  if (hasTitle && language === "en") mention.title = fill(random.pick(phrases.titles), names, random);
  if (platform === "app_store" || platform === "google_play") {
    mention.product = `${names.brand} app`;
    mention.version = theme.tracker === "lumbert" ? version : "";
  }
  mention.trackers = trackersIn(mention, theme.tracker, theme.namesRival === true);
  mention.country = { en: random.pick(["GB", "GB", "GB", "IE"]), de: "DE", es: "ES", fr: "FR" }[language];
  if (platform === "x" || platform === "google_play") mention.languageHint = language;
  mention.engagement = engagementOn(platform, random);
  return mention;
}

function phrasesOn({ phrases, turnsOn }: Theme, day: number): Phrases {
  if (turnsOn === undefined || phrases.afterwards === undefined || day < turnsOn) return phrases;
  // Told twice, since what has changed is what people talk about
  return { ...phrases, cores: [...phrases.cores, ...phrases.afterwards, ...phrases.afterwards] };
}

/** The brand meant, and where the theme compares, the others that are named. */
function trackersIn(mention: DemoMention, brand: TrackerId, namesRival: boolean): string[] {
  if (!namesRival) return [brand];
  const words = `${mention.title} ${mention.text}`.toLowerCase();
  return DEMO_TRACKERS.filter(({ id }) => id === brand || words.includes(id)).map(({ id }) => id);
}

/** People on open platforms have to name the brand to be found at all. */
function naming(text: string, brand: string, platform: Platform, random: Random): string {
  if (text.toLowerCase().includes(brand.toLowerCase())) return text;
  const low = brand.toLowerCase();
  if (platform === "reddit")
    return random.pick([`${brand}: ${text}`, `${text} (${brand})`, `[${brand}] ${text}`]);
  return random.pick([
    `@${low} ${text}`,
    `${text} @${low}`,
    `${text} #${low}`,
    `${brand}. ${text}`,
    `Hey @${low}, ${goingOn(text)}`,
  ]);
}

/** The version a writer has: crashes come from 5.2.0 alone, others lag behind the newest by some days. */
function versionInUse(theme: string, day: number, random: Random): string {
  if (theme === "checkout_crash" && newestVersion(day) !== "5.1.3") return "5.2.0";
  return newestVersion(day - Math.min(6, random.counter(2)));
}

/** An answer to "would you recommend us", 0..10, from someone who would give so many stars. */
function recommendation(stars: number, random: Random): number {
  const [low, high] = (
    [
      [0, 2],
      [2, 5],
      [5, 7],
      [7, 9],
      [9, 10],
    ] as const
  )[stars - 1] ?? [5, 7];
  return random.int(low, high);
}
