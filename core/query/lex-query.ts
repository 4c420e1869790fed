import { MENTION_KINDS } from "../../schemas/mention.ts";
import { EarshotError } from "../errors.ts";
import {
  NUMBER_OPERATORS,
  QUERY_FIELDS,
  QUERY_NUMBERS,
  type QueryField,
  type QueryNode,
  type QueryNumber,
} from "./query.ts";
import { normalizeText, readWords } from "./read-words.ts";

/** Longest query, in UTF-16 units. */
export const MAX_QUERY_LENGTH = 4_000;
/** Most words, fields and numbers of a query; each word of a phrase counts. */
export const MAX_QUERY_TERMS = 500;
/** Most words that may stand between the two sides of NEAR. */
export const MAX_NEAR_DISTANCE = 100;

/** Part of a query's text; `start` and `end` are UTF-16 offsets from 0. */
export interface QuerySpan {
  readonly start: number;
  readonly end: number;
}

export type QueryToken = QuerySpan &
  (
    | { readonly type: "(" | ")" | "and" | "or" | "not" }
    | { readonly type: "near"; readonly distance: number }
    /** A word, phrase, field or number; a list of values is an `or` of fields. */
    | { readonly type: "term"; readonly node: QueryNode; readonly isQuoted: boolean }
  );

const QUOTES = '"“”„‟«»＂';
const SPACE = /\s+/y;
const QUOTED = new RegExp(`[${QUOTES}]([^${QUOTES}]*)([${QUOTES}]?)`, "y");
const BARE = new RegExp(`[^\\s()（）${QUOTES}]+`, "y");
/** Word processors make a dash of a minus. */
const MINUS = /(?<![^\s(（–−-])[-–−](?![\s)）]|$)/y;
/** Punctuation that a word, field or number stands behind. */
const STRAY = new RegExp(`(?:[^\\P{P}@#_*?()（）${QUOTES}]|−)+(?=[^\\s()（）${QUOTES}])`, "uy");
const NUMBER = /(\p{L}[\p{L}_]*)(\s*)(<=|>=|<|>|=)\s*/uy;
const FIELD = /(\p{L}[\p{L}_]*):/uy;
const VALUE = new RegExp(`[^\\s,()（）${QUOTES}]*`, "y");
const NEAR = /^NEAR(?:\/(.*))?$/;
const PUNCTUATION_BEFORE = /^(?:[^\P{P}@#_*?]|−)$/u;
const PUNCTUATION_AFTER = /^[^\P{P}_*?]$/u;

/** Names that other tools give to our fields. */
const OTHER_NAMES: ReadonlyMap<string, QueryField | QueryNumber> = new Map([
  ["from", "author"],
  ["user", "author"],
  ["by", "author"],
  ["site", "url"],
  ["domain", "url"],
  ["link", "url"],
  ["http", "url"],
  ["https", "url"],
  ["network", "platform"],
  ["channel", "platform"],
  ["type", "kind"],
  ["language", "lang"],
  ["stars", "rating"],
  ["score", "rating"],
]);

/**
 * Gives the tokens of a query in order. Linear in its length.
 * @throws {EarshotError} config_invalid, see {@link faultAt}
 */
export function lexQuery(text: string): QueryToken[] {
  if (text.length > MAX_QUERY_LENGTH) {
    throw faultAt(
      text,
      { start: MAX_QUERY_LENGTH, end: text.length },
      `it is ${text.length} characters long, and ${MAX_QUERY_LENGTH} is the most; split it into several trackers`,
    );
  }
  const tokens: QueryToken[] = [];
  let terms = 0;
  for (let at = 0; at < text.length;) {
    const space = matchAt(SPACE, text, at);
    if (space !== undefined) {
      at += space[0].length;
      continue;
    }
    const token = readToken(text, at);
    tokens.push(token);
    if (token.type === "term") terms += sizeOf(token.node);
    if (terms > MAX_QUERY_TERMS) {
      throw faultAt(
        text,
        token,
        `this is past the ${MAX_QUERY_TERMS}th word or field, the most of a query; split it into several trackers`,
      );
    }
    at = token.end;
  }
  return tokens;
}

/**
 * What is wrong with a query and where: the message shows the line and points at it; `details` are `position` (from 1)
 * and `length`, in UTF-16 units of the whole text.
 */
export function faultAt(text: string, { start, end }: QuerySpan, fault: string): EarshotError {
  const lineStart = text.slice(0, start).lastIndexOf("\n") + 1;
  const lineEnd = text.indexOf("\n", start) < 0 ? text.length : text.indexOf("\n", start);
  const line = text.includes("\n") ? `line ${text.slice(0, lineStart).split("\n").length}, ` : "";
  const shownFrom = Math.max(lineStart, start - SHOWN_BEFORE);
  const shownTo = Math.min(lineEnd, shownFrom + SHOWN_LENGTH);
  const before = `${shownFrom > lineStart ? "…" : ""}${text.slice(shownFrom, start)}`;
  const shown = `${before}${text.slice(start, shownTo)}${shownTo < lineEnd ? "…" : ""}`;
  const carets = "^".repeat(Math.max(1, Math.min(end, shownTo) - start));
  return new EarshotError(
    "config_invalid",
    `The query is wrong at ${line}column ${start - lineStart + 1}: ${fault}.\n` +
      `  ${shown.replace(CONTROL, " ")}\n  ${before.replace(WIDE, "\u3000").replace(NARROW, " ")}${carets}`,
    { details: { position: start + 1, length: Math.max(1, end - start) } },
  );
}

const SHOWN_BEFORE = 60;
const SHOWN_LENGTH = 100;
const CONTROL = /\p{C}/gu;
/** Characters two columns wide; a wide space keeps the caret under what it points at. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/gu;
const NARROW = /[^\u3000]/gu;

/** The candidate a person most likely meant, if any is near. */
export function nearestTo(word: string, candidates: readonly string[]): string | undefined {
  const written = word.toLowerCase().slice(0, 30);
  const [nearest] = candidates
    .map((name) => ({ name, distance: editDistance(written, name) }))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= Math.max(1, nearest.name.length / 3)
    ? nearest.name
    : undefined;
}

/** Letters to insert, delete or replace to make one word of the other. */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 0; i < one.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = (above[j] ?? 0) + (one[i] === other[j] ? 0 : 1);
      row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    above = row;
  }
  return above[other.length] ?? 0;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function sizeOf(node: QueryNode): number {
  if (node.type === "phrase") return node.words.length;
  return node.type === "or" ? node.nodes.length : 1;
}

function readToken(text: string, start: number): QueryToken {
  const first = text.charAt(start);
  if (first === "(" || first === "（") return { type: "(", start, end: start + 1 };
  if (first === ")" || first === "）") return { type: ")", start, end: start + 1 };
  if (QUOTES.includes(first)) return readQuoted(text, start);
  if (matchAt(MINUS, text, start) !== undefined) return { type: "not", start, end: start + 1 };
  const stray = matchAt(STRAY, text, start)?.[0] ?? "";
  const at = start + stray.length;
  return readNumber(text, at) ?? readField(text, at) ?? readBare(text, at);
}

function readQuoted(text: string, start: number): QueryToken {
  const { value, end } = quotedAt(text, start);
  const words = value
    .split(/\s+/)
    // a sentence in quotes may well be a question
    .map((word) => trimWord(word, (character) => character === "?" || PUNCTUATION_AFTER.test(character)))
    .filter(hasWords);
  for (const word of words) assertWildcards(text, { start, end }, word);
  const [first] = words;
  if (first === undefined) throw faultAt(text, { start, end }, "there is no word between these quotes");
  const node: QueryNode = words.length === 1 ? { type: "word", text: first } : { type: "phrase", words };
  return { type: "term", node, isQuoted: true, start, end };
}

function quotedAt(text: string, start: number): { value: string; end: number } {
  const [whole = "", value = "", close] = matchAt(QUOTED, text, start) ?? [];
  if (close === "") {
    throw faultAt(text, { start, end: start + 1 }, "this quote is never closed; close it, or take it out");
  }
  return { value, end: start + whole.length };
}

function readNumber(text: string, start: number): QueryToken | undefined {
  const [head = "", written = "", space, sign] = matchAt(NUMBER, text, start) ?? [];
  const operator = NUMBER_OPERATORS.find((known) => known === sign);
  if (operator === undefined) return undefined;
  const name = QUERY_NUMBERS.find((known) => known === written.toLowerCase());
  if (name === undefined) {
    // `acme > zenith` is no comparison, just odd
    if (space !== "") return undefined;
    throw unknownField(text, start, written);
  }
  const at = start + head.length;
  const value = matchAt(VALUE, text, at)?.[0] ?? "";
  const end = at + value.length;
  if (!/^\d{1,15}(\.\d{1,6})?$/.test(value)) {
    throw faultAt(text, { start: at, end }, `${name} is compared with a number, as in ${exampleOf(name)}`);
  }
  const node: QueryNode = { type: "number", name, operator, value: Number(value) };
  return { type: "term", node, isQuoted: false, start, end };
}

function exampleOf(name: QueryField | QueryNumber): string {
  if (name === "rating") return "rating<3";
  if (name === "followers") return "followers>1000";
  const values = { lang: "en", kind: "review", platform: "reddit", country: "de", url: "acme.com/help" };
  return `${name}:${name in values ? values[name as keyof typeof values] : "acme"}`;
}

function readField(text: string, start: number): QueryToken | undefined {
  const [head, written = ""] = matchAt(FIELD, text, start) ?? [];
  if (head === undefined) return undefined;
  const name = QUERY_FIELDS.find((known) => known === written.toLowerCase());
  if (name === undefined) throw unknownField(text, start, written);
  const nodes: QueryNode[] = [];
  let end = start + head.length;
  for (;;) {
    const at = end;
    const isQuoted = QUOTES.includes(text.charAt(at)) && at < text.length;
    const quoted = isQuoted ? quotedAt(text, at) : undefined;
    const value = quoted?.value.trim() ?? matchAt(VALUE, text, at)?.[0] ?? "";
    end = quoted?.end ?? at + value.length;
    assertValue(text, { start: at, end }, name, value);
    nodes.push({ type: "field", name, value });
    if (text.charAt(end) !== ",") break;
    end++;
  }
  const [first] = nodes;
  const node: QueryNode = nodes.length === 1 && first !== undefined ? first : { type: "or", nodes };
  return { type: "term", node, isQuoted: false, start, end };
}

function unknownField(text: string, start: number, written: string): EarshotError {
  const span = { start, end: start + written.length + 1 };
  const name = written.toLowerCase();
  const number = QUERY_NUMBERS.find((known) => known === name);
  if (number !== undefined) {
    return faultAt(text, span, `${number} is compared by <, <=, =, >= or >, as in ${exampleOf(number)}`);
  }
  const known = [...QUERY_FIELDS, ...QUERY_NUMBERS];
  const nearest = nearestTo(name, known);
  const meant = OTHER_NAMES.get(name) ?? known.find((field) => field === nearest);
  const advice =
    meant === undefined ? `the fields are ${known.join(", ")}` : `you may mean ${exampleOf(meant)}`;
  return faultAt(
    text,
    span,
    `there is no field ${written}; ${advice}; to look for the text itself, quote it`,
  );
}

function assertValue(text: string, span: QuerySpan, name: QueryField, value: string): void {
  const bare = value.replace(/\*$/, "");
  const fault = (what: string) => faultAt(text, span, what);
  if (value === "") throw fault(`${name}: needs a value right after it, as in ${exampleOf(name)}`);
  if (bare.includes("*")) throw fault("* may only end a value, where it stands for whatever follows");
  if (bare.length < value.length && bare.length < 2) throw fault("at least 2 letters must stand before *");
  if (name === "lang" && !/^[a-z]{2,3}$/i.test(value)) {
    throw fault("lang takes a language code of 2 or 3 letters, as in lang:en; for a market write country:us");
  }
  if (name === "kind" && !MENTION_KINDS.some((kind) => kind === value.toLowerCase())) {
    const meant = nearestTo(value, MENTION_KINDS);
    throw fault(
      `there is no kind ${value}; ` +
        (meant === undefined ? `there are ${MENTION_KINDS.join(", ")}` : `you may mean kind:${meant}`),
    );
  }
}

function readBare(text: string, start: number): QueryToken {
  const lexeme = matchAt(BARE, text, start)?.[0] ?? "";
  const span = { start, end: start + lexeme.length };
  switch (lexeme) {
    case "AND":
    case "OR":
    case "NOT":
      return { type: lexeme === "AND" ? "and" : lexeme === "OR" ? "or" : "not", ...span };
  }
  const near = NEAR.exec(lexeme);
  if (near !== null) return { type: "near", distance: distanceOf(text, span, near[1]), ...span };
  const word = trimWord(lexeme, (character) => PUNCTUATION_AFTER.test(character));
  assertWildcards(text, span, word);
  if (!hasWords(word)) {
    const advice = /^[&+]+$/.test(lexeme) ? "write AND" : /^\|+$/.test(lexeme) ? "write OR" : "take it out";
    throw faultAt(text, span, `there is no letter or digit to look for in ${lexeme}; ${advice}`);
  }
  return { type: "term", node: { type: "word", text: word }, isQuoted: false, ...span };
}

function distanceOf(text: string, span: QuerySpan, written: string | undefined): number {
  if (written === undefined || !/^\d{1,3}$/.test(written)) {
    throw faultAt(text, span, "NEAR needs the most words that may stand between, as in NEAR/5");
  }
  const distance = Number(written);
  if (distance < 1 || distance > MAX_NEAR_DISTANCE) {
    throw faultAt(text, span, `NEAR takes 1 to ${MAX_NEAR_DISTANCE} words, as in NEAR/5`);
  }
  return distance;
}

/** The word without punctuation around it; what may go after it differs. */
function trimWord(word: string, isTrimmedAfter: (character: string) => boolean): string {
  const characters = [...word];
  let from = 0;
  let to = characters.length;
  while (from < to && PUNCTUATION_BEFORE.test(characters[from] ?? "")) from++;
  while (from < to && isTrimmedAfter(characters[to - 1] ?? "")) to--;
  return characters.slice(from, to).join("");
}

function hasWords(word: string): boolean {
  let count = 0;
  readWords(normalizeText(word), () => count++);
  return count > 0;
}

function assertWildcards(text: string, span: QuerySpan, word: string): void {
  const pattern = normalizeText(word);
  if (!/[*?]/.test(pattern)) return;
  if (/^[@#]?[*?]/.test(pattern)) {
    throw faultAt(text, span, `${word} begins with a wildcard; begin with the letters it has for certain`);
  }
  if (/\*./.test(pattern)) throw faultAt(text, span, `* may only end a word, as in refund*`);
  if (pattern.replace(/[^\p{L}\p{N}]/gu, "").length < 2) {
    throw faultAt(text, span, `${word} would find almost everything; give a wildcard 2 letters or more`);
  }
}
