import { z } from "zod";
import { defineReceiver } from "../../core/contracts.ts";
import { asMarkdownTarget, fit, layOut, type Layout, type Part, type Quote } from "./lay-out.ts";
import { post, ServiceUrl, timeoutOption } from "./post-json.ts";

const config = z.strictObject({
  webhookUrl: ServiceUrl.describe(
    "Address a Teams workflow `When a Teams webhook request is received` listens on, https; refer to a variable: ${TEAMS_WEBHOOK_URL}.",
  ),
  timeoutMs: timeoutOption(),
});

/**
 * Teams documents 28 KB; others who tried met the limit at 21 KB.
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 * @see https://rubygems.org/gems/ms_teams_hermes
 */
const MAX_BYTES = 20_000;

/** Styles of a container. @see https://adaptivecards.io/explorer/Container.html */
const STYLES: Readonly<Record<Layout["tone"], string>> = {
  info: "accent",
  warning: "warning",
  high: "attention",
  critical: "attention",
  resolved: "good",
};

/**
 * A Teams channel or chat, by a workflow that posts what it is sent. A workflow cannot change what it posted, so each
 * notification is a card of its own. Text stands in RichTextBlocks: unlike TextBlocks and facts they know no Markdown, so
 * that nothing strangers write can be a link or a format.
 * @see https://github.com/microsoft/AdaptiveCards/issues/2670
 * @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 * @see https://learn.microsoft.com/connectors/teams/#when-a-teams-webhook-request-is-received
 */
export const teams = defineReceiver({
  name: "teams",
  summary: "A Microsoft Teams channel or chat, by a Workflows webhook.",
  config,
  open: ({ webhookUrl, timeoutMs }, context) => ({
    async deliver(notification, _earlier, signal) {
      const body = fit(
        layOut(notification),
        (layout) => JSON.stringify(messageOf(layout, notification.id)),
        (rendered) => Buffer.byteLength(rendered) <= MAX_BYTES,
      );
      const whenRefused = "check the webhook URL, and that the workflow is turned on";
      const request = { service: "Teams", url: webhookUrl, body, timeoutMs, reason: reasonOf, whenRefused };
      await post(request, context, signal);
      return { notification: notification.id };
    },
    close: async () => {},
  }),
});

function messageOf(layout: Layout, id: string) {
  const { title, status, summary, parts, omission, links, tone } = layout;
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          fallbackText: title,
          msteams: { width: "Full" },
          body: [
            {
              type: "Container",
              id: id.toWellFormed(),
              style: STYLES[tone],
              bleed: true,
              items: [
                rich([run(title, { size: "Large", weight: "Bolder" })]),
                rich([run(status, { isSubtle: true })]),
              ],
            },
            ...(summary === "" ? [] : [rich([run(summary)])]),
            ...parts.flatMap(blocksOf),
            ...(omission === "" ? [] : [rich([run(omission, { isSubtle: true })])]),
          ],
          actions: links.map(({ label, url }) => ({ type: "Action.OpenUrl", title: label, url })),
        },
      },
    ],
  };
}

function blocksOf(part: Part): object[] {
  const heading = rich([run(part.heading, { weight: "Bolder" })], { spacing: "Medium" });
  const tight = { spacing: "Small" };
  switch (part.kind) {
    case "facts":
      return [
        heading,
        ...part.facts.map(({ label, value }) =>
          rich([run(`${label}: `, { isSubtle: true }), run(value)], tight),
        ),
      ];
    case "lines":
      return [heading, ...part.lines.map((text) => rich([run(`• ${text}`)], tight))];
    case "quotes":
      return [heading, ...part.quotes.map(quoteOf)];
  }
}

function quoteOf({ label, by, text, url }: Quote): object {
  // a TextRun could have an action, which Teams does not show: https://github.com/microsoft/AdaptiveCards/issues/9100
  const open = { type: "TextBlock", spacing: "None", text: `[Open it](${asMarkdownTarget(url ?? "")})` };
  return {
    type: "Container",
    style: "emphasis",
    spacing: "Small",
    items: [
      rich([run(`${label}, ${by}`, { isSubtle: true })]),
      ...text.split("\n").map((line) => rich([run(line)], { spacing: "None" })),
      ...(url === null ? [] : [open]),
    ],
  };
}

function rich(inlines: readonly object[], more: object = {}): object {
  return { type: "RichTextBlock", ...more, inlines };
}

function run(text: string, more: object = {}): object {
  return { type: "TextRun", text, ...more };
}

/** The code of `{"error":{"code":"WorkflowTriggerIsNotEnabled",…}}`; its message may quote the address. */
function reasonOf(body: string): string | undefined {
  const Refusal = z.object({ error: z.object({ code: z.string().regex(/^\w{1,80}$/) }) });
  try {
    return Refusal.safeParse(JSON.parse(body)).data?.error.code;
  } catch {
    return undefined;
  }
}
