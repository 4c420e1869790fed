import { decodeHTML } from "entities";

/** Elements that begin and end a line. */
const BLOCKS = new Set(
  (
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure " +
    "footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol option p pre section summary table tbody " +
    "tfoot thead title tr ul"
  ).split(" "),
);
/** Elements whose content nobody reads. */
const UNREAD = new Set(["head", "noscript", "script", "style", "template", "textarea"]);
const CELLS = new Set(["td", "th"]);

/**
 * The text a person reads of a piece of HTML: tags dropped, blocks on lines of their own, scripts and styles left
 * out, entities decoded once. Text without any tag keeps its lines. Takes time linear in the length of `source`,
 * however broken it is.
 */
export function htmlToText(source: string): string {
  const html = withoutOuterCdata(source);
  const lines = new Lines();
  const lastTagEnd = html.lastIndexOf(">");
  let isMarkup = false;
  let at = 0;
  while (at < html.length) {
    const lt = html.indexOf("<", at);
    if (lt < 0 || lt > lastTagEnd) {
      lines.add(html.slice(at));
      break;
    }
    const name = tagName(html, lt);
    if (name === undefined) {
      lines.add(html.slice(at, lt + 1));
      at = lt + 1;
      continue;
    }
    lines.add(html.slice(at, lt));
    isMarkup = true;
    at = afterTag(html, lt, name);
    if (BLOCKS.has(name)) lines.break();
    else if (CELLS.has(name)) lines.space();
  }
  return isMarkup ? decodeEntities(lines.text) : plainText(decodeEntities(html));
}

/** Text that is no markup, without trailing spaces and without more than one empty line in a row. */
export function plainText(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  return lines
    .filter((line, index) => line !== "" || lines[index - 1] !== "")
    .join("\n")
    .trim();
}

function decodeEntities(text: string): string {
  return text.includes("&")
    ? decodeHTML(text).replaceAll("\u00a0", " ").trim()
    : text.replaceAll("\u00a0", " ");
}

/** The lower-case name of the tag at `lt`, `!` for comments and declarations, undefined for a `<` that is text. */
function tagName(html: string, lt: number): string | undefined {
  const start = html.slice(lt + 1, lt + 32);
  if (/^[!?]/.test(start)) return "!";
  return /^\/?([a-z][a-z0-9:-]*)/i.exec(start)?.[1]?.toLowerCase();
}

/** Where reading goes on after the tag at `lt`. There is a `>` after `lt`. */
function afterTag(html: string, lt: number, name: string): number {
  if (html.startsWith("<!--", lt)) return after(html, "-->", lt + 4);
  const end = tagEnd(html, lt);
  const next = (end < 0 ? html.indexOf(">", lt) : end) + 1;
  if (!UNREAD.has(name) || html[lt + 1] === "/" || html[next - 2] === "/") return next;
  const closing = new RegExp(`</${name}\\b[^>]*>?`, "gi");
  closing.lastIndex = next;
  return closing.exec(html) === null ? html.length : closing.lastIndex;
}

/**
 * The index of the `>` that ends the tag at `lt`, quoted ones passed over; −1 when another `<` or the end comes first.
 */
export function tagEnd(markup: string, lt: number): number {
  let quote = "";
  for (let index = lt + 1; index < markup.length; index++) {
    const character = markup[index];
    if (character === "<") return -1;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === ">") return index;
    else if (character === '"' || character === "'") quote = character;
  }
  return -1;
}

/** Feeds that escape a CDATA section instead of writing one leave its brackets in the text. */
function withoutOuterCdata(html: string): string {
  if (!html.trimStart().startsWith("<![CDATA[")) return html;
  return html.replaceAll("<![CDATA[", "").replaceAll("]]>", "");
}

function after(html: string, needle: string, from: number): number {
  const found = html.indexOf(needle, from);
  return found < 0 ? html.length : found + needle.length;
}

/** Text put together as a browser would: spaces collapse, breaks do not pile up. */
class Lines {
  text = "";
  #gap = "";

  add(piece: string): void {
    const words = piece.replace(/\s+/g, " ");
    if (words.startsWith(" ")) this.space();
    const body = words.trim();
    if (body === "") return;
    this.text += (this.text === "" ? "" : this.#gap) + body;
    this.#gap = words.endsWith(" ") ? " " : "";
  }

  space(): void {
    if (this.#gap === "") this.#gap = " ";
  }

  break(): void {
    this.#gap = "\n";
  }
}
