import { setImmediate as nextTurn } from "node:timers/promises";
import { EarshotError } from "../../core/errors.ts";
import { tagEnd } from "../html-to-text.ts";

/** A feed document cut into its entries, each made as well-formed as can be without guessing. */
export interface FeedOutline {
  readonly format: "rss" | "atom";
  /** The document without its entries. */
  readonly shell: string;
  /** Each `<item>` or `<entry>` element, in document order. The last one may lack its end, see `isWhole`. */
  readonly entries: readonly string[];
  /** False when the document stops before its root element does. */
  readonly isWhole: boolean;
}

/** The longest entry that is read, in UTF-16 units: what bounds how long one entry can hold the process. */
export const MAX_ENTRY_LENGTH = 512 * 1024;
/** How many entries a feed may have. Every entry costs a parser; no real feed comes near. */
const MAX_ENTRIES = 20_000;

/** How much is scanned before others get their turn: 50 ms at worst. */
const TURN_LENGTH = 256 * 1024;

const FORMATS: ReadonlyMap<string, FeedOutline["format"]> = new Map([
  ["rss", "rss"],
  ["rdf:RDF", "rss"],
  ["feed", "atom"],
]);

/** Elements that hold text for people, with or without markup. */
const TEXTS = new Set(["title", "description", "summary", "content", "content:encoded", "subtitle"]);

/**
 * Cuts a feed document into its entries, so that one broken entry costs one entry. On the way it mends what feeds get
 * wrong most: bare `&` and `<`, entities XML does not know, markup that was put into a text element without escaping
 * (kept verbatim, so that XHTML keeps the order of its words). Takes time linear in the length of `xml`, in turns.
 * @throws {EarshotError} source_changed when it is no feed, source_unavailable when it is empty
 */
export async function scanFeed(xml: string, signal: AbortSignal): Promise<FeedOutline> {
  const next = searcher(xml);
  const shell: string[] = [];
  const entries: string[] = [];
  let entry: string[] | undefined;
  let root = "";
  let isWhole = false;
  let at = 0;
  let turnEnd = TURN_LENGTH;

  const keep = (piece: string) => (entry ?? shell).push(piece);
  const endEntry = () => {
    if (entry !== undefined) entries.push(entry.join(""));
    if (entries.length > MAX_ENTRIES) {
      throw new EarshotError(
        "source_changed",
        `The feed has more than ${MAX_ENTRIES} entries; it is not read.`,
      );
    }
    entry = undefined;
  };

  while (at < xml.length && !isWhole) {
    if (at > turnEnd) {
      turnEnd = at + TURN_LENGTH;
      await nextTurn();
      signal.throwIfAborted();
    }
    const lt = next("<", at);
    keep(escapeBare(xml.slice(at, lt)));
    if (lt === xml.length) break;
    if (xml.startsWith("<![CDATA[", lt)) {
      at = next("]]>", lt) + 3;
      keep(xml.slice(lt, at));
      continue;
    }
    if (xml.startsWith("<!--", lt)) {
      at = next("-->", lt + 4) + 3;
      continue;
    }
    if (xml.startsWith("<?", lt)) {
      at = next("?>", lt) + 2;
      continue;
    }
    if (xml.startsWith("<!", lt)) {
      at = endOfDoctype(xml, lt, next);
      continue;
    }
    const name = /^<\/?([\p{L}_][^\s<>/]*)/u.exec(xml.slice(lt, lt + 200))?.[1];
    const gt = name === undefined ? -1 : tagEnd(xml, lt);
    if (name === undefined || gt < 0) {
      if (root === "") throw notAFeed("it does not begin with an XML element");
      keep("&lt;");
      at = lt + 1;
      continue;
    }
    const tag = escapeBare(xml.slice(lt, gt + 1));
    at = gt + 1;
    if (root === "") {
      root = name;
      if (FORMATS.get(root) === undefined) throw notAFeed(`its root element is <${root.slice(0, 40)}>`);
    }
    const entryName = FORMATS.get(root) === "atom" ? "entry" : "item";
    const isClosing = tag.startsWith("</");
    const isSelfClosing = tag.endsWith("/>");
    if (name === entryName) {
      if (!isClosing) {
        endEntry();
        entry = [];
      }
      if (entry !== undefined) keep(tag);
      if (isClosing || isSelfClosing) endEntry();
      continue;
    }
    if (isClosing && name === root) {
      endEntry();
      isWhole = true;
    }
    keep(tag);
    if (TEXTS.has(name) && !isClosing && !isSelfClosing) {
      const end = next(`</${name}`, at);
      const isMarkup = next("<", at) < end;
      const isPlain = ["<![CDATA[", `<${entryName}`, `</${entryName}`].every((stop) => next(stop, at) > end);
      if (end < xml.length && isMarkup && isPlain) {
        keep(`<![CDATA[${xml.slice(at, end).replaceAll("]]>", "]]&gt;")}]]>`);
        at = end;
      }
    }
  }
  endEntry();
  if (root === "") throw xml.trim() === "" ? emptyAnswer() : notAFeed("it has no XML element");
  return { format: FORMATS.get(root) ?? "rss", shell: shell.join(""), entries, isWhole };
}

/**
 * `indexOf` for questions asked from left to right: remembers each answer until it is passed, so that all questions
 * about one needle together read the text once. Answers the length of the text when there is none.
 */
function searcher(text: string): (needle: string, from: number) => number {
  const found = new Map<string, number>();
  return (needle, from) => {
    let index = found.get(needle);
    if (index === undefined || index < from) {
      index = text.indexOf(needle, from);
      if (index < 0) index = text.length;
      found.set(needle, index);
    }
    return index;
  };
}

/** Entities of HTML that XML does not know stay as text; whoever reads the text as HTML decodes them. */
function escapeBare(text: string): string {
  // What is too long to be read needs no mending.
  if (text.length > MAX_ENTRY_LENGTH || !text.includes("&")) return text;
  return text.replace(/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/gi, "&amp;");
}

function endOfDoctype(xml: string, lt: number, next: (needle: string, from: number) => number): number {
  const gt = next(">", lt);
  const bracket = next("[", lt);
  if (bracket > gt) return gt + 1;
  const end = next("]", bracket);
  if (/<!ENTITY\s+[^%\s]/.test(xml.slice(bracket, end))) {
    throw new EarshotError(
      "source_changed",
      "The feed declares XML entities of its own, which are not expanded because they can be made to explode; " +
        "ask its publisher for a feed without them.",
    );
  }
  return next(">", end) + 1;
}

function notAFeed(why: string): EarshotError {
  return new EarshotError(
    "source_changed",
    `The answer is no RSS or Atom feed (${why}); check the feed's url.`,
  );
}

function emptyAnswer(): EarshotError {
  return new EarshotError("source_unavailable", "The feed's answer is empty; it will be tried again.");
}
