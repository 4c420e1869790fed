import { createHash } from "node:crypto";
import type { Parsed } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { canonicalUrl } from "./canonical-url.ts";
import { FeedItem, type FeedEntry, type FeedText } from "./feed-item.ts";
import { htmlToText, plainText } from "../html-to-text.ts";
import { readDate } from "./read-date.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longest id kept as it is; longer ones are hashed. */
const MAX_ID_LENGTH = 400;

/**
 * The mention an item of a feed is. An entry without a date, or with one that cannot be (unreadable, before 1970, more
 * than a day ahead), is taken as published when it was observed: an article is news when it appears.
 * @throws {EarshotError} record_invalid for a broken entry, or one with neither title nor text
 */
export function readItem(written: unknown, observedAt: Timestamp): Parsed {
  const checked = FeedItem.safeParse(written);
  if (!checked.success) {
    throw new EarshotError("record_invalid", "This is not an item of a feed as the rss ingestor keeps it.", {
      cause: checked.error,
    });
  }
  const item = checked.data;
  const { entry, head } = item;
  if ("reason" in entry) {
    throw new EarshotError("record_invalid", `The feed's entry cannot be read: ${entry.reason}.`);
  }
  const title = toLine(entry.title).slice(0, 2_000);
  const text = longestOf(entry.texts.map(toPlainText));
  if (title === "" && text === "") {
    throw new EarshotError("record_invalid", "The feed's entry has neither title nor text.");
  }
  const { publishedAt, revision } = timesOf(entry, observedAt);
  const replies = /^\d{1,9}$/.test(entry.replies) ? Number(entry.replies) : null;
  const base = baseOf(item, entry);
  return {
    type: "upsert",
    mention: {
      platform: item.platform,
      nativeId: nativeIdOf(item),
      revision,
      kind: item.kind,
      title,
      text,
      url: linkOf(item, entry),
      authorName: authorName(entry.author === "" ? head.author : entry.author),
      authorId: entry.authorUri.length <= 300 ? entry.authorUri : "",
      languageHint: languageOf(entry.language === "" ? head.language : entry.language),
      threadId: withinLength(canonicalUrl(entry.comments || relatedLink(entry, "replies"), base), 600),
      parentId:
        entry.inReplyTo === ""
          ? ""
          : withinLength(`${item.platform}:${scopedId(item, entry.inReplyTo)}`, 600),
      engagement: { likes: null, replies, shares: null, views: null },
      publishedAt: publishedAt ?? observedAt,
    },
  };
}

/**
 * The id of an item within its platform: the entry's own id, else its canonical link, else a hash of what it says.
 * Own ids that are no URIs are unique within their feed only, so they get its host in front.
 */
export function nativeIdOf(item: FeedItem): string {
  const { entry } = item;
  if ("reason" in entry) return sha256(entry.xml);
  if (entry.id !== "") return scopedId(item, entry.id);
  const link = linkOf(item, entry);
  if (link !== "") return link.length <= MAX_ID_LENGTH ? link : sha256(link);
  const date = readDate(entry.published) ?? entry.published;
  const said =
    entry.title.value === "" ? entry.texts.map(({ value }) => value).join("\0") : entry.title.value;
  return sha256(`${item.site}\0${said}\0${date}`);
}

function scopedId(item: FeedItem, id: string): string {
  const clean = id.replace(/\s+/g, " ").trim();
  const scoped = /^[a-z][a-z0-9+.-]*:\S/i.test(clean) ? clean : `${item.site}/${clean}`;
  return scoped.length <= MAX_ID_LENGTH ? scoped : sha256(scoped);
}

/** When an entry says it appeared, and its revision: when it was changed if that was later, else 0. */
export function timesOf(
  entry: FeedEntry,
  observedAt: Timestamp,
): { publishedAt: Timestamp | undefined; revision: number } {
  const published = plausible(readDate(entry.published), observedAt);
  const updated = plausible(readDate(entry.updated), observedAt);
  const isEdited = published !== undefined && updated !== undefined && updated > published;
  return { publishedAt: published ?? updated, revision: isEdited ? Date.parse(updated) : 0 };
}

function plausible(at: Timestamp | undefined, observedAt: Timestamp): Timestamp | undefined {
  if (at === undefined) return undefined;
  const ms = Date.parse(at);
  return ms >= 0 && ms <= Date.parse(observedAt) + DAY_MS ? at : undefined;
}

function linkOf(item: FeedItem, entry: FeedEntry): string {
  const plain = entry.links.find(({ rel }) => rel === "alternate")?.href ?? "";
  return withinLength(canonicalUrl(plain || permalink(entry), baseOf(item, entry)), 4_000);
}

/** The id when it is the entry's address, as most RSS guids are. */
function permalink(entry: FeedEntry): string {
  return /^https?:\/\//i.test(entry.id) ? entry.id : "";
}

function relatedLink(entry: FeedEntry, rel: string): string {
  return entry.links.find((link) => link.rel === rel)?.href ?? "";
}

function baseOf(item: FeedItem, entry: FeedEntry): string {
  return [item.head.base, entry.base].reduce(
    (base, next) => (next !== "" && URL.canParse(next, base) ? new URL(next, base).href : base),
    item.document,
  );
}

function toPlainText({ value, isPlain }: FeedText): string {
  return isPlain ? plainText(value) : htmlToText(value);
}

function toLine(text: FeedText): string {
  return toPlainText(text).replace(/\s+/g, " ");
}

/** The fullest of the texts: what one feed calls summary the other calls content. The first of equally long ones. */
function longestOf(texts: readonly string[]): string {
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}

/** RSS 2.0 has `mail@example.com (Name)`; the name is what people know. */
function authorName(written: string): string {
  const text = htmlToText(written).replace(/\s+/g, " ");
  const name = /^\S+@\S+ \((.+)\)$/.exec(text)?.[1] ?? text;
  return name.slice(0, 300);
}

function languageOf(tag: string): string {
  return /^[a-z]{2,3}(?:[-_][a-z0-9]{1,8}){0,3}$/i.test(tag) ? tag.replaceAll("_", "-") : "";
}

/** Addresses and ids cannot be cut, so one that is too long is left out. */
function withinLength(text: string, length: number): string {
  return text.length <= length ? text : "";
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
