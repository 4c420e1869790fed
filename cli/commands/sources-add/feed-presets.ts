import { EarshotError } from "../../../core/errors.ts";

/** A kind of feed whose address can be made from what people know of it. */
export interface FeedPreset {
  readonly name: string;
  readonly title: string;
  readonly ask: string;
  /** Whether it is a search already, so that all it brings is meant. */
  readonly isSearch: boolean;
  /** What to suggest for something of that name. */
  readonly suggest?: (name: string) => string;
  /**
   * Keys of an `rss` source.
   * @throws {EarshotError} request_invalid
   */
  readonly toSettings: (answer: string, signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;
}

/** What `sources add` offers as feeds. */
export const feedPresets: readonly FeedPreset[] = [
  {
    name: "feed",
    title: "a feed, or a website that has one",
    ask: "Its address?",
    isSearch: false,
    toSettings: async (answer, signal) => ({ url: await feedOf(toUrl(answer), signal) }),
  },
  {
    name: "google_news",
    title: "Google News search",
    ask: "What to search for? Words, or the address of a search at news.google.com in another language.",
    isSearch: true,
    suggest: (name) => `"${name.replaceAll('"', "")}"`,
    toSettings: async (answer) => ({ url: newsSearch(answer), platform: "news" }),
  },
  {
    name: "google_alerts",
    title: "Google Alerts",
    ask: "Make an alert at https://www.google.com/alerts with “Deliver to: RSS feed”. The address of that feed?",
    isSearch: true,
    toSettings: async (answer) => ({ url: alertFeed(answer), platform: "news" }),
  },
  {
    name: "subreddit",
    title: "subreddit, its new posts",
    ask: "Which? Its name or address.",
    isSearch: false,
    toSettings: async (answer) => ({ url: subredditFeed(answer), platform: "reddit", kind: "post" }),
  },
  {
    name: "discourse",
    title: "Discourse forum, a category or a topic of it",
    ask: "Its address?",
    isSearch: false,
    toSettings: async (answer) => ({ url: discourseFeed(answer), platform: "forum", kind: "post" }),
  },
  {
    name: "youtube_channel",
    title: "YouTube channel, its videos",
    ask: "Which? Its address, @name or id.",
    isSearch: false,
    toSettings: async (answer, signal) => ({
      url: await channelFeed(answer, signal),
      platform: "youtube",
      kind: "post",
    }),
  },
];

function toUrl(answer: string): URL {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(answer) ? answer : `https://${answer}`;
  if (URL.canParse(written) && /^https?:\/\/[^/]+/i.test(written) && !/\s/.test(answer) && answer !== "") {
    return new URL(written);
  }
  throw wrong(answer, "is no address; write it like https://blog.example.com/feed.xml");
}

function wrong(answer: string, why: string): EarshotError {
  return new EarshotError("request_invalid", `${answer === "" ? "Nothing" : answer} ${why}.`);
}

function newsSearch(answer: string): string {
  if (answer === "") throw wrong(answer, 'is nothing to search for; write words such as "acme parcels"');
  const feed = new URL("https://news.google.com/rss/search");
  const given = /^https?:\/\//i.test(answer) ? toUrl(answer) : undefined;
  if (given !== undefined && (given.host !== feed.host || !given.searchParams.has("q"))) {
    throw wrong(answer, "is no search of Google News; its address has news.google.com and q= in it");
  }
  const edition = { hl: "en-US", gl: "US", ceid: "US:en" };
  feed.searchParams.set("q", given?.searchParams.get("q") ?? answer);
  for (const [name, value] of Object.entries(edition)) {
    feed.searchParams.set(name, given?.searchParams.get(name) ?? value);
  }
  return feed.href;
}

function alertFeed(answer: string): string {
  const url = toUrl(answer);
  if (/^(?:www\.)?google\.[a-z.]+$/.test(url.host) && /^\/alerts\/feeds\/\d+\/\d+$/.test(url.pathname)) {
    return url.href;
  }
  throw wrong(answer, "is no feed of an alert; that is like https://www.google.com/alerts/feeds/123/456");
}

function subredditFeed(answer: string): string {
  const name = /^(?:(?:https?:\/\/)?(?:\w+\.)?reddit\.com)?\/?(?:r\/)?(\w{2,50})(?:\/.*)?$/i.exec(
    answer,
  )?.[1];
  if (name === undefined) throw wrong(answer, "is no subreddit; write its name, as in r/acme");
  return `https://www.reddit.com/r/${name}/new/.rss`;
}

/** A forum's newest posts, or those of the category or topic whose address it is. */
function discourseFeed(answer: string): string {
  const url = toUrl(answer);
  url.search = url.hash = "";
  const path = url.pathname.replace(/\/+$/, "");
  if (path.endsWith(".rss")) return url.href;
  // the number of a post within its topic is no part of the topic's address
  const topic = /^(.*\/t\/[^/]+\/\d+)(?:\/\d+)?$/.exec(path)?.[1];
  url.pathname = `${topic ?? (/\/c\//.test(path) ? path : `${path}/posts`)}.rss`;
  return url.href;
}

async function channelFeed(answer: string, signal: AbortSignal): Promise<string> {
  const feed = (id: string) => `https://www.youtube.com/feeds/videos.xml?channel_id=${id}`;
  const id = /(?:^|\/channel\/|[?&]channel_id=)(UC[\w-]{22})(?:$|[/?&#])/.exec(answer)?.[1];
  if (id !== undefined) return feed(id);
  const page = toUrl(/^@[\p{L}\p{N}._-]+$/u.test(answer) ? `https://www.youtube.com/${answer}` : answer);
  const found = await feedOf(page, signal);
  if (found !== page.href) return found;
  throw wrong(
    answer,
    "does not tell the channel's id; take it from “Share channel” at its page: UC and 22 characters",
  );
}

const MOST_BYTES = 3_000_000;
const PATIENCE_MS = 15_000;
const LINK = /<link\b[^>]*>/gi;

/** The feed a web page names, or the address itself when it is a feed, or nobody answers there. */
async function feedOf(url: URL, signal: AbortSignal): Promise<string> {
  const page = await pageAt(url, signal);
  for (const [link] of page?.html.matchAll(LINK) ?? []) {
    if (!/type\s*=\s*["']?application\/(?:rss|atom)\+xml/i.test(link)) continue;
    const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(link);
    const target = (href?.[1] ?? href?.[2] ?? href?.[3] ?? "").replaceAll("&amp;", "&");
    if (URL.canParse(target, page?.address)) return new URL(target, page?.address).href;
  }
  return url.href;
}

/** The beginning of a web page; undefined when it is none or cannot be read. Why it cannot is told by reading it as a feed. */
async function pageAt(
  url: URL,
  signal: AbortSignal,
): Promise<{ readonly html: string; readonly address: string } | undefined> {
  try {
    const response = await fetch(url, {
      headers: { "user-agent": "Earshot", accept: "text/html, application/rss+xml, application/atom+xml" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    const isPage = response.ok && /html/i.test(response.headers.get("content-type") ?? "");
    if (!isPage || response.body === null) {
      await response.body?.cancel();
      return undefined;
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_BYTES) break;
    }
    return { html: Buffer.concat(chunks).toString("utf8"), address: response.url };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
