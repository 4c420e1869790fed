import { cleanText } from "../../core/mention.ts";
import { oneLine, withoutTurns } from "../../core/one-line.ts";
import type { Notification, Severity } from "../../schemas/notification.ts";

/** What a section of an alert holds. A part without content is never there. */
export type Part =
  | { readonly kind: "facts"; readonly heading: string; readonly facts: readonly Fact[] }
  | { readonly kind: "lines"; readonly heading: string; readonly lines: readonly string[] }
  | { readonly kind: "quotes"; readonly heading: string; readonly quotes: readonly Quote[] };

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Quote {
  /** Why it was chosen: `Most shared`. */
  readonly label: string;
  /** May have several lines. */
  readonly text: string;
  /** `@anna on x, 2026-03-02 09:12 UTC, 320 shares`. */
  readonly by: string;
  /** http(s), as `URL` writes it; null: it has none. */
  readonly url: string | null;
}

export interface Link {
  readonly label: string;
  /** http(s), as `URL` writes it. */
  readonly url: string;
}

/**
 * What every receiver says of a notification, in this order. All of it is plain text, free of control characters and of
 * signs that turn the direction of text, and still written by strangers: each receiver escapes it for its own markup.
 */
export interface Layout {
  /** `[critical] A-3F9C2B Acme Parcels: parcels left in the rain`, one line. */
  readonly title: string;
  /** `Escalated, critical, 2026-03-02 10:00 UTC`, one line. */
  readonly status: string;
  readonly summary: string;
  readonly parts: readonly Part[];
  readonly links: readonly Link[];
  /** What its colour should be. */
  readonly tone: Severity | "resolved";
  /** Says that something was left out; empty: nothing was. */
  readonly omission: string;
}

const STATES: Readonly<Record<Notification["kind"], string>> = {
  fired: "New alert",
  escalated: "Escalated",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  reminded: "Still open",
  digest: "Digest",
  test: "Test, nothing has happened",
};

const ROLES: Readonly<Record<Notification["quotes"][number]["role"], string>> = {
  most_shared: "Most shared",
  most_typical: "Most typical",
  newest: "Newest",
  earlier: "Earlier",
};

/** Longest text of one quote, unless a receiver has more room. */
const QUOTE_LENGTH = 500;
/** Longest of any other text. */
const TEXT_LENGTH = 1_000;
const LINE_LENGTH = 500;
const LABEL_LENGTH = 60;
/** Longer addresses are left out: no platform has them, and a limit of a service could be met by one alone. */
const URL_LENGTH = 1_500;
const WHO_AND_WHERE = "Who and where";
/** What is left out first where there is no room for all. What to say and whose it is goes last. */
const EXPENDABLE: readonly ((part: Part) => boolean)[] = [
  ({ kind }) => kind === "quotes",
  ({ heading }) => heading === WHO_AND_WHERE,
  ({ kind }) => kind === "lines",
  () => true,
];
const OMISSION = "Shortened to fit here.";

/** Lays a notification out. @param quoteLength longest text of one quote */
export function layOut(notification: Notification, quoteLength = QUOTE_LENGTH): Layout {
  const { kind, severity, known } = notification;
  const parts: Part[] = [
    { kind: "facts", heading: WHO_AND_WHERE, facts: factsOf(notification.facts) },
    { kind: "lines", heading: "Why we think so", lines: linesOf(notification.reasons) },
    {
      kind: "quotes",
      heading: "What people say",
      quotes: notification.quotes.map((quote) => ({
        label: ROLES[quote.role],
        text: cut(paragraph(quote.text), quoteLength),
        by: byline(quote),
        url: webAddress(quote.url),
      })),
    },
    { kind: "lines", heading: "What they told us before", lines: linesOf(notification.earlier) },
    {
      kind: "facts",
      heading: "Known issue",
      facts: factsOf([
        { label: "What to say", value: known?.wording ?? "" },
        { label: "Workaround", value: known?.workaround ?? "" },
        { label: "Do not promise", value: known?.mustNotPromise ?? "" },
      ]),
    },
    {
      kind: "facts",
      heading: "Beside that",
      facts: factsOf([
        { label: "Spread", value: notification.forecast },
        { label: "Our answers", value: notification.replies },
        { label: "Owner", value: notification.owner },
        { label: "Not heard", value: notification.completeness },
      ]),
    },
  ];
  return {
    title: cut(`[${severity}] ${line(notification.number)} ${line(notification.title)}`, LINE_LENGTH),
    status: `${STATES[kind]}, ${severity}, ${minuteOf(notification.at)}`,
    summary: cut(paragraph(notification.summary), TEXT_LENGTH),
    parts: parts.filter(hasContent),
    links: notification.actions.flatMap(({ label, url }) => {
      const address = webAddress(url);
      return address === null ? [] : [{ label: cut(line(label), LABEL_LENGTH), url: address }];
    }),
    tone: kind === "resolved" ? "resolved" : severity,
    omission: "",
  };
}

/**
 * What a change of an alert is called after its first notification, in one line: `Escalated to critical after 40 min:
 * 120 people …`. @param since when the alert was first told of
 */
export function followUp(notification: Notification, since: string | undefined): string {
  const { kind, severity, at, summary } = notification;
  const word = kind === "fired" ? "Open again" : STATES[kind];
  const degree = kind === "escalated" ? ` to ${severity}` : "";
  const after = since === undefined ? "" : elapsed(Date.parse(at) - Date.parse(since));
  const what = line(summary);
  return cut(`${word}${degree}${after}${what === "" ? "." : `: ${what}`}`, TEXT_LENGTH);
}

/**
 * The layout as a receiver renders it, with as much left out as it takes to fit: first quotes, then facts, then reasons,
 * each from its end. What always remains is the title, the summary and the first link.
 */
export function fit<T>(layout: Layout, render: (layout: Layout) => T, fits: (rendered: T) => boolean): T {
  let rest = layout;
  let rendered = render(rest);
  while (!fits(rendered)) {
    const shorter = shortened(rest);
    if (shorter === undefined) break;
    rest = shorter;
    rendered = render(rest);
  }
  return rendered;
}

/** The layout as text, for terminals and mail programs: lines of any width. */
export function asText(layout: Layout): string {
  const lines = [layout.title, layout.status];
  if (layout.summary !== "") lines.push("", layout.summary);
  for (const part of layout.parts) {
    lines.push("", part.heading, ...textOf(part).map((text) => `  ${text}`));
  }
  if (layout.omission !== "") lines.push("", layout.omission);
  if (layout.links.length > 0) lines.push("", ...layout.links.map(({ label, url }) => `${label}: ${url}`));
  return `${lines.join("\n")}\n`;
}

/** The text cut to a length, never within a character, with a mark where something is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, Math.max(0, length - 1));
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** The text escaped, and cut before that so that it is no longer than `length` after. */
export function escapeWithin(text: string, length: number, escape: (text: string) => string): string {
  let kept = cut(text, length);
  let escaped = escape(kept);
  while (escaped.length > length && kept.length > 1) {
    kept = cut(kept, Math.max(1, Math.floor((kept.length * length) / escaped.length) - 1));
    escaped = escape(kept);
  }
  return escaped;
}

/** The address without signs that would end or format it in Markdown. */
export function asMarkdownTarget(url: string): string {
  return url.replace(/[()[\]\\*`|]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function shortened(layout: Layout): Layout | undefined {
  const rest = { ...layout, omission: OMISSION };
  const at = EXPENDABLE.map((isExpendable) => layout.parts.findLastIndex(isExpendable)).find(
    (found) => found !== -1,
  );
  if (at !== undefined) {
    const parts = layout.parts.map((part, index) => (index === at ? withoutLast(part) : part));
    return { ...rest, parts: parts.filter(hasContent) };
  }
  return layout.links.length > 1 ? { ...rest, links: layout.links.slice(0, -1) } : undefined;
}

function withoutLast(part: Part): Part {
  switch (part.kind) {
    case "facts":
      return { ...part, facts: part.facts.slice(0, -1) };
    case "lines":
      return { ...part, lines: part.lines.slice(0, -1) };
    case "quotes":
      return { ...part, quotes: part.quotes.slice(0, -1) };
  }
}

function hasContent(part: Part): boolean {
  switch (part.kind) {
    case "facts":
      return part.facts.length > 0;
    case "lines":
      return part.lines.length > 0;
    case "quotes":
      return part.quotes.length > 0;
  }
}

function textOf(part: Part): string[] {
  switch (part.kind) {
    case "facts":
      return part.facts.map(({ label, value }) => `${label}: ${value}`);
    case "lines":
      return part.lines.map((text) => `- ${text}`);
    case "quotes":
      return part.quotes.flatMap(({ label, by, text, url }) => [
        `${label}: ${by}`,
        ...text.split("\n").map((quoted) => `> ${quoted}`),
        ...(url === null ? [] : [url]),
      ]);
  }
}

function factsOf(facts: readonly Fact[]): Fact[] {
  return facts
    .map(({ label, value }) => ({
      label: cut(line(label), LABEL_LENGTH),
      value: cut(line(value), TEXT_LENGTH),
    }))
    .filter(({ value }) => value !== "");
}

function linesOf(texts: readonly string[]): string[] {
  return texts.map((text) => cut(line(text), LINE_LENGTH)).filter((text) => text !== "");
}

function byline({ author, platform, at, shares }: Notification["quotes"][number]): string {
  const who = cut(line(author), 200) || "Somebody";
  const spread = shares === null || shares === 0 ? "" : `, ${shares} ${shares === 1 ? "share" : "shares"}`;
  return `${who} on ${line(platform).replaceAll("_", " ")}, ${minuteOf(at)}${spread}`;
}

/** `2026-03-02 10:00 UTC`: read the same everywhere. */
function minuteOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function elapsed(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (!(minutes > 0)) return "";
  if (minutes < 120) return ` after ${minutes} min`;
  return minutes < 48 * 60
    ? ` after ${Math.round(minutes / 60)} h`
    : ` after ${Math.round(minutes / 1_440)} days`;
}

/** The text as one line without control characters, of any length. */
export function line(text: string): string {
  return oneLine(text.toWellFormed()).replace(/\s+/gu, " ").trim();
}

function paragraph(text: string): string {
  return withoutTurns(cleanText(text.replace(/\r\n?|[\u2028\u2029]/g, "\n")))
    .replace(/[^\S\n]+/gu, " ")
    .replace(/ ?\n(?: ?\n)+ ?/g, "\n\n")
    .trim();
}

/** The address as `URL` writes it when it is http(s), else null: a `javascript:` link must never reach anybody. */
export function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const address = new URL(url);
  const isWeb = address.protocol === "http:" || address.protocol === "https:";
  return isWeb && address.username === "" && address.href.length <= URL_LENGTH ? address.href : null;
}
