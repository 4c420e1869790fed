import type { z } from "zod";
import { cutText } from "../../core/mention.ts";
import { redactPii } from "../../core/redact-pii/index.ts";
import type { alertQuotes } from "../../queries/alert-said.ts";
import type { Notification } from "../../schemas/notification.ts";

type Quotable = z.infer<typeof alertQuotes.row>;
type Quote = Notification["quotes"][number];

const MOST = 5;
const TEXT_LENGTH = 2_000;
/** Two texts that begin with so many of the same letters say the same. */
const SAME_START = 120;

/**
 * Chooses what is quoted for an alert: the most shared (where anything is shared), the most typical, the newest, then what
 * is typical besides; no two of the same words.
 */
export function chooseQuotes(said: readonly Quotable[]): Quote[] {
  const by = (rank: "shared_rank" | "typical_rank" | "newest_rank") =>
    [...said].sort((a, b) => a[rank] - b[rank]);
  const shared = by("shared_rank").filter(({ shares }) => (shares ?? 0) > 0);
  const typical = by("typical_rank");
  const wanted: readonly (readonly [Quote["role"], readonly Quotable[]])[] = [
    ["most_shared", shared],
    ["most_typical", typical],
    ["newest", by("newest_rank")],
    ["most_typical", typical],
    ["most_typical", typical],
  ];
  const met = new Set<string>();
  const quotes: Quote[] = [];
  for (const [role, candidates] of wanted) {
    const found = candidates.find((one) => textOf(one) !== "" && !met.has(wordsOf(one)));
    if (found === undefined || quotes.length === MOST) continue;
    met.add(wordsOf(found));
    quotes.push(quoteOf(found, role));
  }
  return quotes;
}

/** A name that is not to be read in full outside the house: `j***n`. */
export function masked(name: string): string {
  const signs = [...cutText(name, 200).trim().replace(/^@/, "")];
  const [first, last] = [signs[0], signs.at(-1)];
  if (first === undefined || last === undefined) return "";
  return signs.length < 3 ? `${first}***` : `${first}***${last}`;
}

function quoteOf(said: Quotable, role: Quote["role"]): Quote {
  const { platform, author_handle: handle, author_name: name, url, published_at: at, shares } = said;
  return {
    role,
    text: textOf(said),
    author: masked(handle === "" ? name : handle),
    platform,
    url: /^https?:\/\//i.test(url) && URL.canParse(url) ? cutText(url, 2_000) : null,
    at,
    shares,
  };
}

function textOf({ title, text }: Quotable): string {
  const [head, body] = [cutText(title, 300).trim(), cutText(text, TEXT_LENGTH).trim()];
  const isTold = head === "" || body.startsWith(head);
  const told = isTold ? body : [head, body].filter((part) => part !== "").join("\n");
  return cutText(
    redactPii(told).replace(HANDLE, (_, handle: string) => `@${masked(handle)}`),
    TEXT_LENGTH,
  );
}

/** `@ann`, `@ann.bsky.social`, `@ann@social.example`; within links and mail addresses there is none. */
const NAME = String.raw`[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,98}[\p{L}\p{N}_])?`;
const HANDLE = new RegExp(String.raw`(?<![\p{L}\p{N}_.@/])@(${NAME}(?:@${NAME})?)`, "gu");

/** A text by its letters and digits alone, without addresses and names. */
function wordsOf(said: Quotable): string {
  return textOf(said)
    .toLowerCase()
    .replace(/https?:\/\/\S+|@[^\s:,]+/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .slice(0, SAME_START);
}
