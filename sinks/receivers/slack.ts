import { z } from "zod";
import { defineReceiver, type Receipt } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Notification } from "../../schemas/notification.ts";
import { post, ServiceUrl, timeoutOption } from "./post-json.ts";
import { codeOf, messageOf } from "./slack-blocks.ts";
import type { SlackRun } from "./slack-bot.ts";

const ONE_WAY = "needs either webhookUrl, or botToken and channelId, and not both";

const config = z
  .strictObject({
    webhookUrl: ServiceUrl.optional().describe(
      "Incoming webhook of one Slack channel, https; refer to a variable: ${SLACK_WEBHOOK_URL}. Each change of an alert is a new message.",
    ),
    botToken: z
      .string()
      .regex(/^xox[\w.-]{6,500}$/, "must be a bot token, xoxb-…")
      .optional()
      .describe(
        "Token of a bot with the scope chat:write; refer to a variable: ${SLACK_BOT_TOKEN}. With channelId: one thread per alert.",
      ),
    channelId: z
      .string()
      .regex(/^[CGD][A-Z0-9]{2,30}$/, "must be the id of a channel, C0123456789, not its name")
      .optional()
      .describe("Id of the Slack channel the bot writes to; invite the bot there."),
    endpoint: ServiceUrl.default("https://slack.com/api/").describe(
      "Address of Slack's Web API, https; https://slack-gov.com/api/ for GovSlack.",
    ),
    timeoutMs: timeoutOption(),
  })
  .refine((options) => wayOf(options) !== undefined, ONE_WAY);

type Way =
  | { readonly kind: "webhook"; readonly url: string }
  | { readonly kind: "bot"; readonly token: string; readonly channel: string };

/**
 * A Slack channel. By webhook each notification is a message, for a webhook cannot change what it wrote. By bot an alert
 * is one message that always shows its newest state, and a thread below it of what changed; digests and tests stand
 * alone.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 * @see https://docs.slack.dev/reference/methods/chat.update
 */
export const slack = defineReceiver({
  name: "slack",
  summary: "A Slack channel, by incoming webhook or, with one thread per alert, by bot.",
  config,
  open(options, context) {
    const way = wayOf(options);
    if (way === undefined) throw new EarshotError("config_invalid", `A slack receiver ${ONE_WAY}.`);
    return {
      async deliver(notification, earlier, signal) {
        const run = { ...options, context, signal };
        if (way.kind === "webhook") return byWebhook(notification, way.url, run);
        // Slack's client is loaded where a bot is, not with every command
        const { byBot } = await import("./slack-bot.ts");
        return byBot(notification, earlier, way, run);
      },
      close: async () => {},
    };
  },
});

async function byWebhook(notification: Notification, url: string, run: SlackRun): Promise<Receipt> {
  const { timeoutMs, context, signal } = run;
  const body = JSON.stringify({ ...messageOf(notification), unfurl_links: false, unfurl_media: false });
  await post(
    { service: "Slack", url, body, timeoutMs, reason: codeOf, whenRefused: "check the webhook URL" },
    context,
    signal,
  );
  return { notification: notification.id };
}

function wayOf(options: { webhookUrl?: unknown; botToken?: unknown; channelId?: unknown }): Way | undefined {
  const { webhookUrl, botToken, channelId } = options;
  if (typeof webhookUrl === "string") {
    return botToken === undefined && channelId === undefined
      ? { kind: "webhook", url: webhookUrl }
      : undefined;
  }
  return typeof botToken === "string" && typeof channelId === "string"
    ? { kind: "bot", token: botToken, channel: channelId }
    : undefined;
}
