export const SENTIMENTS = ["negative", "neutral", "positive", "unscored"] as const;
/** One sentiment label, or the empty string for all of them. */
export type SentimentChoice = (typeof SENTIMENTS)[number] | "";

const PLATFORM_NAMES: Readonly<Record<string, string>> = {
  app_store: "App Store",
  appstore: "App Store",
  google_play: "Google Play",
  github: "GitHub",
  hackernews: "Hacker News",
  hacker_news: "Hacker News",
  linkedin: "LinkedIn",
  rss: "RSS",
  tiktok: "TikTok",
  x: "X",
  youtube: "YouTube",
};

const languageNames = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

/** How a person calls a platform: `app_store` is App Store. */
export function platformName(id: string): string {
  return PLATFORM_NAMES[id] ?? sentenceCase(id.replace(/[_-]+/g, " "));
}

/** How a person calls a tracker. What belongs to none is put together under an id of its own. */
export function trackerName(
  id: string,
  trackers: readonly { readonly id: string; readonly name: string }[],
): string {
  return trackers.find((one) => one.id === id)?.name ?? (id === "untracked" ? "No tracker" : id);
}

/** How a person calls a language: `pt` is Portuguese. */
export function languageName(code: string): string {
  if (code === "" || code === "und") return "Unknown language";
  try {
    return languageNames.of(code) ?? code;
  } catch {
    return code;
  }
}

/** How a person calls one series of a split. `trackers` maps ids to names. */
export function seriesName(by: string, series: string, trackers: ReadonlyMap<string, string>): string {
  if (by === "platform") return platformName(series);
  if (by === "language") return languageName(series);
  if (by === "tracker") return trackers.get(series) ?? (series === "" ? "No tracker" : series);
  if (by === "rating") return ratingName(series);
  return series === "" ? "All" : series;
}

const THREAT_NAMES: Readonly<Record<string, string>> = {
  churn: "May leave",
  legal: "Legal step",
  safety: "Safety",
  press: "Going public",
  data: "Personal data",
};

/** What a mention warns of: `churn` is May leave. */
export function threatName(kind: string): string {
  return THREAT_NAMES[kind] ?? sentenceCase(kind);
}

function ratingName(series: string): string {
  const rating = Number(series);
  if (series === "" || Number.isNaN(rating)) return "No rating";
  return rating === 1 ? "1 star" : `${series} stars`;
}

/** The text with its first letter in upper case. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
