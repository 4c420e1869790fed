import { createRequire } from "node:module";
import Parser from "rss-parser";

const requireOurs = createRequire(import.meta.url);

const utils = requireOurs("rss-parser/lib/utils.js") as {
  getSnippet: (html: string) => string;
  getContent: (content: unknown) => string;
};
// Snippets go through a regular expression that takes 10 s for 96 kB of hostile markup; nobody reads them here.
utils.getSnippet = () => "";
// The original writes nested elements back recursively, until the stack overflows; scanFeed has made them text.
utils.getContent = (content) => textOf(content);

/** rss-parser throws a whole feed away for a bad date or a link without attributes in Atom; by these names it just copies. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["link", "our:link"],
  ["published", "our:published"],
  ["updated", "our:updated"],
]);

const COPIED = {
  $: "attributes",
  id: "ids",
  guid: "guids",
  "our:link": "links",
  "feedburner:origLink": "originalLinks",
  title: "titles",
  "content:encoded": "encodeds",
  content: "contents",
  description: "descriptions",
  summary: "summaries",
  "media:group": "media",
  author: "authors",
  "dc:creator": "creators",
  pubDate: "pubDates",
  "our:published": "publisheds",
  issued: "issueds",
  "dc:date": "dates",
  "our:updated": "updateds",
  "atom:updated": "atomUpdateds",
  modified: "modifieds",
  language: "languages",
  ttl: "ttls",
  "dc:language": "dcLanguages",
  comments: "comments",
  "slash:comments": "slashComments",
  "thr:total": "totals",
  "thr:in-reply-to": "inReplyTos",
} as const;

/** What rss-parser copied of one element: for each name the list of its elements, or its attributes. */
export type Copied = Readonly<Partial<Record<(typeof COPIED)[keyof typeof COPIED], unknown>>>;

const copies = Object.entries(COPIED).map(([from, to]) => [from, to, { keepArray: true }]);
// The declared type knows neither `$` nor the third element for feeds; the documentation does.
const customFields = { item: copies, feed: copies } as unknown as Parser.CustomFields<object, object>;

/**
 * What rss-parser copied from a well-formed feed document: of the feed itself and of each entry. Nothing is
 * interpreted, and nothing but broken XML makes it fail.
 */
export async function parseXml(xml: string): Promise<{ feed: Copied; items: readonly Copied[] }> {
  // A parser that failed once keeps listeners of the failed document, so each document gets its own.
  const parser = new Parser({
    defaultRSS: 2,
    xml2js: { tagNameProcessors: [(name: string) => RENAMED.get(name) ?? name] },
    customFields,
  });
  const feed = (await parser.parseString(xml)) as unknown as Copied & { items: readonly Copied[] };
  return { feed, items: feed.items };
}

/** The text of an element as xml2js gives it: a string, or an object with the text under `_`. */
export function textOf(node: unknown): string {
  const text = typeof node === "string" ? node : member(node, "_");
  return typeof text === "string" ? text : "";
}

/** What an element has under a name: the list of its elements of that name, `$` for its attributes. */
export function member(node: unknown, name: string): unknown {
  return typeof node === "object" && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}
