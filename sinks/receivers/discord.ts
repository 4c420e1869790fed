import { z } from "zod";
import { defineReceiver } from "../../core/contracts.ts";
import {
  asMarkdownTarget,
  cut,
  escapeWithin,
  fit,
  layOut,
  type Layout,
  type Link,
  type Part,
} from "./lay-out.ts";
import { post, ServiceUrl, timeoutOption } from "./post-json.ts";

const config = z.strictObject({
  webhookUrl: ServiceUrl.describe(
    "Webhook of one Discord channel, https; refer to a variable: ${DISCORD_WEBHOOK_URL}.",
  ),
  timeoutMs: timeoutOption(),
});

/** @see https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const TITLE_LENGTH = 256;
const DESCRIPTION_LENGTH = 4_096;
const NAME_LENGTH = 256;
const VALUE_LENGTH = 1_024;
const FOOTER_LENGTH = 2_048;
const MAX_FIELDS = 25;
const TOTAL_LENGTH = 6_000;

const COLOURS: Readonly<Record<Layout["tone"], number>> = {
  info: 0x2f6fde,
  warning: 0xd9a400,
  high: 0xe8710a,
  critical: 0xc62828,
  resolved: 0x2e7d32,
};

interface Embed {
  readonly title: string;
  readonly description: string;
  readonly color: number;
  readonly timestamp: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly footer: { readonly text: string };
}

/**
 * A Discord channel, by webhook: each notification is a message with one embed, which mentions nobody.
 * @see https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
export const discord = defineReceiver({
  name: "discord",
  summary: "A Discord channel, by webhook.",
  config,
  open: ({ webhookUrl, timeoutMs }, context) => ({
    async deliver(notification, _earlier, signal) {
      const embed = fit(layOut(notification), (layout) => embedOf(layout, notification.at), isWithinLimits);
      const url = new URL(webhookUrl);
      // without it Discord says yes before it has tried
      url.searchParams.set("wait", "true");
      const body = JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } });
      const whenRefused = "check the webhook URL";
      const request = { service: "Discord", url: url.href, body, timeoutMs, reason: reasonOf, whenRefused };
      const { body: answer } = await post({ ...request, waitMs }, context, signal);
      const message = read(answer)?.id;
      return { notification: notification.id, ...(message === undefined ? {} : { message }) };
    },
    close: async () => {},
  }),
});

function embedOf({ title, status, summary, parts, omission, links, tone }: Layout, at: string): Embed {
  const description = [escape(summary), links.map(linkOf).join(" · ")]
    .filter((text) => text !== "")
    .join("\n\n");
  return {
    title: escapeWithin(title, TITLE_LENGTH, escape),
    description,
    color: COLOURS[tone],
    timestamp: at,
    fields: parts.flatMap(fieldsOf),
    // Discord shows footers as they are
    footer: { text: cut(omission === "" ? status : `${status}. ${omission}`, FOOTER_LENGTH) },
  };
}

function fieldsOf(part: Part): { name: string; value: string }[] {
  const name = escapeWithin(part.heading, NAME_LENGTH, escape);
  switch (part.kind) {
    case "facts":
      return packed(
        name,
        part.facts.map(
          ({ label, value }) => `**${escape(label)}:** ${escapeWithin(value, VALUE_LENGTH / 2, escape)}`,
        ),
      );
    case "lines":
      return packed(
        name,
        part.lines.map((text) => `• ${escapeWithin(text, VALUE_LENGTH / 2, escape)}`),
      );
    case "quotes":
      return part.quotes.map(({ label, by, text, url }) => {
        const said = escapeWithin(text, VALUE_LENGTH / 2, (plain) => escape(plain).replaceAll(/^/gm, "> "));
        const link = url === null ? "" : `\n${linkOf({ label: "open", url })}`;
        const value = said.length + link.length > VALUE_LENGTH ? said : `${said}${link}`;
        return { name: escapeWithin(`${label}, ${by}`, NAME_LENGTH, escape), value };
      });
  }
}

/** Lines in as few fields as hold them; a name without width is how Discord takes none. */
function packed(name: string, lines: readonly string[]): { name: string; value: string }[] {
  const values: string[] = [];
  for (const line of lines) {
    const last = values.at(-1);
    if (last !== undefined && last.length + line.length < VALUE_LENGTH)
      values[values.length - 1] = `${last}\n${line}`;
    else values.push(line);
  }
  return values.map((value, at) => ({ name: at === 0 ? name : "\u200b", value }));
}

function isWithinLimits({ title, description, fields, footer }: Embed): boolean {
  const texts = [title, description, footer.text, ...fields.flatMap(({ name, value }) => [name, value])];
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  return total <= TOTAL_LENGTH && description.length <= DESCRIPTION_LENGTH && fields.length <= MAX_FIELDS;
}

function linkOf({ label, url }: Link): string {
  return `[${escape(label)}](${asMarkdownTarget(url)})`;
}

/** Markdown as it is written; what looks like a mention or an address is parted by a sign without width. */
function escape(text: string): string {
  return text.replace(/[\\`*_~|<>[\]()#]/g, "\\$&").replace(/@(?=everyone|here)|:(?=\/\/)/gi, "$&\u200b");
}

/** Discord tells in the body, to the millisecond, how long to wait. @see https://discord.com/developers/docs/topics/rate-limits */
function waitMs(body: string): number | undefined {
  const seconds = read(body)?.retry_after;
  return seconds === undefined ? undefined : seconds * 1_000;
}

/** `Unknown Webhook, 10015`. */
function reasonOf(body: string): string | undefined {
  const { message, code } = read(body) ?? {};
  return [message, code].filter((part) => part !== undefined).join(", ");
}

const Answer = z.object({
  id: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  code: z.number().optional().catch(undefined),
  retry_after: z.number().nonnegative().optional().catch(undefined),
});

function read(body: string): z.infer<typeof Answer> | undefined {
  try {
    return Answer.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
