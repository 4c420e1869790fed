import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { defineReceiver } from "../../core/contracts.ts";
import type { Notification } from "../../schemas/notification.ts";
import { toWire } from "../../schemas/wire.ts";
import { webAddress } from "./lay-out.ts";
import { post, ServiceUrl, timeoutOption } from "./post-json.ts";

const Secret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, "must be whsec_ and 24 to 64 random bytes in base64")
  .refine(isStrong, "must be whsec_ and 24 to 64 random bytes in base64");

const config = z.strictObject({
  url: ServiceUrl.describe("Address that takes the notifications, https."),
  secrets: z
    .array(Secret)
    .min(1)
    .max(2)
    .describe(
      "What notifications are signed with; refer to a variable: ${ALERTS_WEBHOOK_SECRET}. Two while the secret is changed: then each bears two signatures.",
    ),
  timeoutMs: timeoutOption(),
});

/**
 * Any program of your own: the notification as JSON in snake_case, signed by Standard Webhooks. `webhook-id` is the id of
 * the notification, the same when it is sent again. Texts are as strangers wrote them: it is data, not markup.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhook = defineReceiver({
  name: "webhook",
  summary: "Any program of your own, by a signed webhook (Standard Webhooks).",
  config,
  open({ url, secrets, timeoutMs }, context) {
    const signers = secrets.map((secret) => new Webhook(secret));
    return {
      async deliver(notification, _earlier, signal) {
        const id = headerSafe(notification.id);
        const at = context.now();
        const body = bodyOf(notification);
        const headers = {
          "webhook-id": id,
          "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
          "webhook-signature": signers.map((signer) => signer.sign(id, at, body)).join(" "),
        };
        const whenRefused = "check url and secrets of this receiver, and what the program behind it says";
        await post({ service: "The webhook", url, body, headers, timeoutMs, whenRefused }, context, signal);
        return { webhookId: id };
      },
      close: async () => {},
    };
  },
});

/** Addresses that are no web addresses are left out, for whoever makes links of them. */
function bodyOf(notification: Notification): string {
  const quotes = notification.quotes.map((quote) => ({ ...quote, url: webAddress(quote.url) }));
  return JSON.stringify(toWire({ ...notification, quotes }), (_key, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  );
}

/** Headers carry ASCII alone; the full stop parts what is signed. */
function headerSafe(id: string): string {
  return id
    .toWellFormed()
    .replace(/[^!-~]|\./gu, (sign) => (sign === "." ? "%2E" : encodeURIComponent(sign)));
}

function isStrong(secret: string): boolean {
  const { length } = Buffer.from(secret.slice("whsec_".length), "base64");
  try {
    return new Webhook(secret) instanceof Webhook && length >= 24 && length <= 64;
  } catch {
    return false;
  }
}
