import type { DemoMention } from "./items.ts";
import { hash32, Random } from "./random.ts";

/** The invented brand and its two invented competitors, as trackers. The first one is ours. */
export const DEMO_TRACKERS = [
  { id: "lumbert", name: "Lumbert" },
  { id: "trundlow", name: "Trundlow" },
  { id: "pakvorn", name: "Pakvorn" },
] as const;

export type TrackerId = (typeof DEMO_TRACKERS)[number]["id"];

/** Name of a tracker as people write it. */
export function brandName(id: TrackerId): string {
  return DEMO_TRACKERS.find((tracker) => tracker.id === id)?.name ?? id;
}

export const PLATFORMS = [
  "x",
  "reddit",
  "app_store",
  "google_play",
  "trustpilot",
  "news",
  "zendesk",
  "survey",
] as const;
export type Platform = (typeof PLATFORMS)[number];

/** How long the story is. Day 42 is the last day before `endsAt`; days before day 1 are ordinary ones. */
export const STORY_DAYS = 42;

/** The days things happen on, 1..42. */
export const TURNING_POINTS = {
  release52: 9,
  release521: 18,
  doubleChargesStart: 11,
  doubleChargesAnnouncedFixed: 19,
  lateEveningsFixed: 13,
  lateEveningsBack: 29,
  cakePost: 24,
  angryFirst: 21,
  angryLast: 33,
  allergenReport: 32,
  rivalOutage: 34,
} as const;

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** When a story happens: turns story days into instants. */
export interface Calendar {
  /** End of day 42, ms since 1970. */
  readonly endsAtMs: number;
}

/** The instant `hours` after the start of a story day, ms since 1970. */
export function instant(calendar: Calendar, day: number, hours = 0): number {
  return calendar.endsAtMs - (STORY_DAYS + 1 - day) * DAY_MS + Math.round(hours * HOUR_MS);
}

/** What the stores said the newest app was on a story day. */
export function newestVersion(day: number): string {
  if (day < TURNING_POINTS.release52) return "5.1.3";
  return day < TURNING_POINTS.release521 ? "5.2.0" : "5.2.1";
}

export interface Author {
  readonly authorId: string;
  readonly authorName: string;
  readonly authorHandle: string;
  readonly authorFollowers: number | null;
}

/** Our own care account. */
export const CARE: Author = {
  authorId: "lumbert-care",
  authorName: "Lumbert Care",
  authorHandle: "lumbert_care",
  authorFollowers: 18_400,
};

const GIVEN =
  "Ada Aino Alba Amir Anouk Arlo Bea Benno Birte Callum Cosima Dario Della Edda Emeka Enno Fenna Femi Gilda Greta Hanno Ida Imke Ines Iver Jola Juno Kaja Kemal Lale Lenz Linnea Lotte Mads Malou Marit Mina Nadia Nilo Odile Olli Orla Paz Pelle Quinn Rafa Rhona Sanna Selma Tamsin Teo Tilda Ulla Vito Wanda Xenia Yara Yusuf Zeno Zora".split(
    " ",
  );
const ADJECTIVES =
  "quiet rusty sleepy damp crooked amber brisk hasty salty fuzzy lunar mellow noisy plucky soggy spare tidy vague wobbly zesty grumpy paper velvet midnight tiny".split(
    " ",
  );
const NOUNS =
  "kettle teacup radish pigeon stapler umbrella lantern turnip biscuit doorbell snail hedge thimble ladle puffin sofa crumpet magpie button marble parsnip gutter walnut pillow tram".split(
    " ",
  );

const PEOPLE_PER_PLATFORM = 2_400;

/** Someone of a platform; the same number is the same person. */
export function author(seed: number, platform: Platform, number: number): Author {
  const random = new Random(seed, "author", platform, number);
  const name = `${random.pick(GIVEN)} ${random.pick("ABCDEFGHIKLMNOPRSTVWZ".split(""))}.`;
  const handle = `${random.pick(ADJECTIVES)}_${random.pick(NOUNS)}${random.int(11, 9989)}`;
  const id = hash32(`${seed}/${platform}/${number}`).toString(36);
  const shows = platform === "x" || platform === "reddit";
  return {
    authorId: `${platform}-${id}`,
    authorName: platform === "reddit" ? "" : name,
    authorHandle: shows ? handle : "",
    authorFollowers: platform === "x" ? random.counter(180) : null,
  };
}

/** Anyone of a platform. People come back: some are heard several times in six weeks. */
export function anyAuthor(seed: number, platform: Platform, random: Random): Author {
  return author(seed, platform, random.int(1, PEOPLE_PER_PLATFORM));
}

/** Counters as the platform would show them; null where it shows none. `warmth` 1 is an ordinary post. */
export function engagementOn(platform: Platform, random: Random, warmth = 1): DemoMention["engagement"] {
  const none = { likes: null, replies: null, shares: null, views: null };
  if (platform === "x") {
    const views = 40 + random.counter(220 * warmth);
    const likes = Math.floor(views * (0.004 + 0.02 * random.next()));
    return {
      likes,
      replies: Math.floor(likes * 0.3 * random.next()),
      shares: Math.floor(likes * 0.2 * random.next()),
      views,
    };
  }
  if (platform === "reddit") {
    return { ...none, likes: 1 + random.counter(5 * warmth), replies: random.counter(2 * warmth) };
  }
  if (platform === "google_play" || platform === "trustpilot") {
    return { ...none, likes: random.chance(0.6) ? 0 : random.counter(3 * warmth) };
  }
  return none;
}

/** An opaque native id, the same for the same place in the story. It does not tell the theme. */
export function nativeId(seed: number, ...place: readonly (string | number)[]): string {
  const key = [seed, ...place].join("/");
  return `demo${hash32(key).toString(36)}${hash32(`${key}/again`).toString(36)}`;
}
