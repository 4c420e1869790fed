import { setImmediate as nextTurn } from "node:timers/promises";
import { EarshotError } from "../../core/errors.ts";
import type { BrokenEntry, FeedEntry, FeedHead, FeedText } from "./feed-item.ts";
import { member, parseXml, textOf, type Copied } from "./patched-parser.ts";
import { MAX_ENTRY_LENGTH, scanFeed } from "./scan-feed.ts";

/** A feed's entries in document order; those that cannot be read are there too. */
export interface ParsedFeed {
  readonly head: FeedHead;
  readonly entries: readonly (FeedEntry | BrokenEntry)[];
  /** False when the document was cut off; the next answer may have more under the same validators. */
  readonly isWhole: boolean;
  /** How long the feed says it may be kept without asking again (`<ttl>`), in ms; 0 when it does not say. */
  readonly ttlMs: number;
}

/** How much is parsed before others get their turn: about 10 ms. */
const TURN_LENGTH = 128 * 1024;
/** What parsing costs an entry beside its length. */
const PARSER_COST = 512;

/**
 * Reads a feed document: RSS 0.9 to 2.0 or Atom, well-formed or not. Each entry is parsed on its own and others get
 * their turn in between.
 * @throws {EarshotError} source_changed when it is no feed or nothing in it can be read, source_unavailable when it
 * is empty or ends before its first entry
 */
export async function parseFeed(text: string, signal: AbortSignal): Promise<ParsedFeed> {
  // XML allows no control characters; feeds have them all the same.
  const outline = await scanFeed(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ""), signal);
  const isAtom = outline.format === "atom";
  const entries: (FeedEntry | BrokenEntry)[] = [];
  let sinceTurn = 0;
  for (const xml of outline.entries) {
    entries.push(await readEntry(xml, isAtom));
    sinceTurn += xml.length + PARSER_COST;
    if (sinceTurn > TURN_LENGTH) {
      sinceTurn = 0;
      await nextTurn();
      signal.throwIfAborted();
    }
  }
  const { head, ttlMs } = await readHead(outline.shell, isAtom);
  const [one] = entries;
  if (one !== undefined && "reason" in one && entries.every((entry) => "reason" in entry)) {
    throw unreadable(`none of its ${entries.length} entries can be read: ${one.reason}`);
  }
  if (one === undefined && head instanceof Error) {
    if (outline.isWhole) throw unreadable(reasonOf(head));
    throw new EarshotError(
      "source_unavailable",
      "The feed ends before its first entry; it will be tried again.",
    );
  }
  return {
    head: head instanceof Error ? { language: "", author: "", base: "" } : head,
    entries,
    isWhole: outline.isWhole,
    ttlMs,
  };
}

function unreadable(why: string): EarshotError {
  return new EarshotError("source_changed", `The feed is broken: ${why}.`);
}

async function readEntry(xml: string, isAtom: boolean): Promise<FeedEntry | BrokenEntry> {
  if (xml.length > MAX_ENTRY_LENGTH) {
    return { xml, reason: `it is longer than ${MAX_ENTRY_LENGTH} characters` };
  }
  const document = isAtom ? `<feed>${xml}</feed>` : `<rss version="2.0"><channel>${xml}</channel></rss>`;
  try {
    const { items } = await parseXml(document);
    return toEntry(items[0] ?? {}, isAtom);
  } catch (error) {
    return { xml, reason: reasonOf(error) };
  }
}

interface ReadHead {
  readonly head: FeedHead | Error;
  readonly ttlMs: number;
}

async function readHead(shell: string, isAtom: boolean): Promise<ReadHead> {
  const failed = (head: Error): ReadHead => ({ head, ttlMs: 0 });
  if (shell.length > MAX_ENTRY_LENGTH) {
    return failed(new Error(`more than ${MAX_ENTRY_LENGTH} characters are no entries`));
  }
  if (!isAtom && !shell.includes("<channel")) return failed(new Error("it has no <channel>"));
  try {
    const { feed } = await parseXml(shell);
    const link = textOf(first(feed.links)).trim();
    const head = {
      language: textOf(first(feed.languages)).trim() || ownAttribute(feed, "xml:lang"),
      // An Atom entry without author has the feed's; the author of an RSS channel is its webmaster.
      author: isAtom ? personOf(first(feed.authors)) : "",
      base: isAtom ? ownAttribute(feed, "xml:base") : link,
    };
    const ttlMinutes = Number(/^\s*(\d{1,6})\s*$/.exec(textOf(first(feed.ttls)))?.[1] ?? 0);
    return { head, ttlMs: ttlMinutes * 60_000 };
  } catch (error) {
    return failed(error instanceof Error ? error : new Error(String(error)));
  }
}

function toEntry(copied: Copied, isAtom: boolean): FeedEntry {
  const author = first(copied.authors);
  const media = first(first(copied.media, "media:description"));
  return {
    id: textOf(first(copied.ids) ?? first(copied.guids)).trim() || ownAttribute(copied, "rdf:about"),
    links: [
      ...all(copied.originalLinks).map((link) => ({ href: textOf(link).trim(), rel: "alternate" })),
      ...all(copied.links).map((link) => ({
        href: (attribute(link, "href") || textOf(link)).trim(),
        rel: attribute(link, "rel") || "alternate",
      })),
    ].filter(({ href }) => href !== ""),
    title: toText(first(copied.titles), isAtom),
    texts: [
      copied.encodeds,
      copied.contents,
      copied.descriptions,
      copied.summaries,
      media === undefined ? [] : [media],
    ]
      .map((nodes) => toText(first(nodes), isAtom))
      .filter(({ value }) => value.trim() !== ""),
    author: textOf(first(copied.creators)).trim() || personOf(author),
    authorUri: textOf(first(member(author, "uri"))).trim(),
    published: firstText(copied.pubDates, copied.publisheds, copied.issueds, copied.dates),
    updated: firstText(copied.updateds, copied.atomUpdateds, copied.modifieds),
    language: ownAttribute(copied, "xml:lang") || firstText(copied.dcLanguages, copied.languages),
    base: ownAttribute(copied, "xml:base"),
    comments: firstText(copied.comments),
    replies: firstText(copied.slashComments, copied.totals),
    inReplyTo: attribute(first(copied.inReplyTos), "ref"),
  };
}

/**
 * A text with how to read it: Atom without a type is plain text by the specification, but those who write tags there
 * mean them; RSS has no types and means HTML.
 */
function toText(node: unknown, isAtom: boolean): FeedText {
  const value = textOf(node);
  const type = attribute(node, "type");
  if (type !== "") return { value, isPlain: type === "text" || type === "text/plain" };
  return { value, isPlain: isAtom && !/<\/\w|<(?:br|p|img)\b/i.test(value) };
}

function personOf(author: unknown): string {
  return textOf(first(member(author, "name"))).trim() || textOf(author).trim();
}

function firstText(...lists: readonly unknown[]): string {
  for (const list of lists) {
    const text = textOf(first(list)).trim();
    if (text !== "") return text;
  }
  return "";
}

function all(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

/** The first of a list, or of the list that its first has under `name`. */
function first(list: unknown, name?: string): unknown {
  const [node] = all(list);
  return name === undefined ? node : member(node, name);
}

function attribute(node: unknown, name: string): string {
  return textOf(member(member(node, "$"), name)).trim();
}

function ownAttribute(copied: Copied, name: string): string {
  return textOf(member(copied.attributes, name)).trim();
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
}
