import type { Notification } from "../../schemas/notification.ts";
import { cut, escapeWithin, fit, followUp, layOut, type Layout, type Link, type Part } from "./lay-out.ts";

/** What Slack takes of one message. @see https://docs.slack.dev/reference/block-kit/blocks */
const HEADER_LENGTH = 150;
const SECTION_LENGTH = 3_000;
const BLOCK_ID_LENGTH = 255;
const MAX_BLOCKS = 50;
/** Not documented: above some 13 000 characters it answers msg_blocks_too_long. @see https://github.com/slackapi/bolt-js/issues/2509 */
const BLOCKS_LENGTH = 12_000;
const TEXT_LENGTH = 1_000;

/** The blocks we write with. @see https://docs.slack.dev/reference/block-kit/blocks */
export type SlackBlock =
  | {
      readonly type: "header";
      readonly block_id: string;
      readonly text: { readonly type: "plain_text"; readonly text: string; readonly emoji: false };
    }
  | { readonly type: "section"; readonly block_id?: string; readonly text: SlackText }
  | { readonly type: "context"; readonly elements: SlackText[] };

interface SlackText {
  readonly type: "mrkdwn";
  readonly text: string;
  readonly verbatim: true;
}

/** One message: its blocks, and the line that notifications show of it. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: SlackBlock[];
}

/** The message that shows how an alert stands, within Slack's limits. */
export function messageOf(notification: Notification): SlackMessage {
  const layout = layOut(notification);
  const blocks = fit(
    layout,
    (shortened) => blocksOf(shortened, notification.id),
    (rendered) => rendered.length <= MAX_BLOCKS && JSON.stringify(rendered).length <= BLOCKS_LENGTH,
  );
  return { text: escapeWithin(`${layout.status}: ${layout.title}`, TEXT_LENGTH, escapeText), blocks };
}

/** The line in the thread of an alert that says what changed. @param since when it was first told of */
export function replyOf(notification: Notification, since: string | undefined): SlackMessage {
  const text = escapeWithin(followUp(notification, since), TEXT_LENGTH, escapeText);
  return { text, blocks: [{ type: "section", block_id: blockId(notification.id), text: marked(text) }] };
}

function blocksOf(layout: Layout, id: string): SlackBlock[] {
  const { title, status, summary, parts, omission, links } = layout;
  return [
    {
      type: "header",
      block_id: blockId(id),
      text: { type: "plain_text", text: escapeWithin(title, HEADER_LENGTH, neutral), emoji: false },
    },
    context(escapeText(status)),
    ...(summary === "" ? [] : [section(escapeWithin(summary, SECTION_LENGTH, escapeText))]),
    ...parts.flatMap(blocksOfPart),
    ...(omission === "" ? [] : [context(omission)]),
    ...packed(links.map(linkOf).filter(isWithinSection), "   "),
  ];
}

function blocksOfPart(part: Part): SlackBlock[] {
  const heading = `*${part.heading}*`;
  switch (part.kind) {
    case "facts":
      return packed([
        heading,
        ...part.facts.map(({ label, value }) => `• *${escapeText(label)}:* ${escapeText(value)}`),
      ]);
    case "lines":
      return packed([heading, ...part.lines.map((text) => `• ${escapeText(text)}`)]);
    case "quotes":
      return [
        section(heading),
        ...part.quotes.map(({ label, by, text, url }) => {
          const link = url === null ? "" : `  ${linkOf({ label: "open", url })}`;
          const said = escapeWithin(text, SECTION_LENGTH / 2, (plain) =>
            escapeText(plain).replaceAll(/^/gm, ">"),
          );
          const head = `*${label}*, ${escapeWithin(by, 400, escapeText)}`;
          const whole = `${head}${link}\n${said}`;
          return section(isWithinSection(whole) ? whole : `${head}\n${said}`);
        }),
      ];
  }
}

/** Lines in as few sections as hold them. */
function packed(lines: readonly string[], separator = "\n"): SlackBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const joined = `${last}${separator}${line}`;
    if (last !== undefined && isWithinSection(joined)) texts[texts.length - 1] = joined;
    else texts.push(cut(line, SECTION_LENGTH));
  }
  return texts.map(section);
}

function isWithinSection(text: string): boolean {
  return text.length <= SECTION_LENGTH;
}

function section(text: string): SlackBlock {
  return { type: "section", text: marked(text) };
}

function context(text: string): SlackBlock {
  return { type: "context", elements: [marked(text)] };
}

/** `verbatim` keeps Slack from making links and mentions of what only looks like them. */
function marked(text: string): SlackText {
  return { type: "mrkdwn", text, verbatim: true };
}

/** Ids of blocks must change with every version of a message; the notification's own makes repeats recognisable. */
function blockId(id: string): string {
  return cut(id.toWellFormed(), BLOCK_ID_LENGTH);
}

/**
 * A link in the text: buttons show a warning where nobody at our end takes their clicks.
 * @see https://github.com/slackapi/node-slack-sdk/issues/869
 */
function linkOf({ label, url }: Link): string {
  return `<${escapeText(url).replaceAll("|", "%7C")}|${escapeText(label).replaceAll("|", "/")}>`;
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeText(text: string): string {
  return neutral(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A sign without width parts what would call people together, should any client still look for it. */
function neutral(text: string): string {
  return text.replace(/@(?=channel|here|everyone)|<(?=[!@#])/gi, "$&\u200b");
}

/** Slack's errors are short words; anything else may be a page of a proxy. */
export function codeOf(answer: string): string | undefined {
  return /^[a-z][a-z0-9_]{1,60}$/.test(answer.trim()) ? answer.trim() : undefined;
}
