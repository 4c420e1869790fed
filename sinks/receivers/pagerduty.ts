import { z } from "zod";
import { defineReceiver } from "../../core/contracts.ts";
import type { Notification, Severity } from "../../schemas/notification.ts";
import { cut, layOut, line, type Layout } from "./lay-out.ts";
import { post, ServiceUrl, timeoutOption } from "./post-json.ts";

const config = z.strictObject({
  routingKey: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, "must be the 32 characters of an Events API v2 integration key")
    .describe(
      "Integration key of an Events API v2 integration; refer to a variable: ${PAGERDUTY_ROUTING_KEY}.",
    ),
  endpoint: ServiceUrl.default("https://events.pagerduty.com/v2/enqueue").describe(
    "Where events go, https; https://events.eu.pagerduty.com/v2/enqueue for accounts in the EU.",
  ),
  timeoutMs: timeoutOption(),
});

const SUMMARY_LENGTH = 1_024;
const KEY_LENGTH = 255;
/** Documented are 512 KB. */
const MAX_BYTES = 500_000;

const SEVERITIES: Readonly<Record<Severity, string>> = {
  info: "info",
  warning: "warning",
  high: "error",
  critical: "critical",
};

type EventAction = "trigger" | "acknowledge" | "resolve";

/**
 * What PagerDuty is told of each kind of notification, in order. A digest and a test are resolved at once, under a key of
 * their own: they stand in the log of the service, and leave nothing open.
 */
const EVENTS: Readonly<Record<Notification["kind"], readonly EventAction[]>> = {
  fired: ["trigger"],
  escalated: ["trigger"],
  reminded: ["trigger"],
  acknowledged: ["acknowledge"],
  resolved: ["resolve"],
  digest: ["trigger", "resolve"],
  test: ["trigger", "resolve"],
};

/**
 * A PagerDuty service, by the Events API v2: an alert is one PagerDuty alert from its first notification to the last.
 * While it is acknowledged there, further triggers call nobody.
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 * @see https://developer.pagerduty.com/docs/events-api-v2/overview/
 */
export const pagerduty = defineReceiver({
  name: "pagerduty",
  summary: "A PagerDuty service, by the Events API v2.",
  config,
  open: ({ routingKey, endpoint, timeoutMs }, context) => ({
    async deliver(notification, _earlier, signal) {
      const standsAlone = notification.kind === "digest" || notification.kind === "test";
      const key = cut((standsAlone ? notification.id : notification.dedupeKey).toWellFormed(), KEY_LENGTH);
      for (const action of EVENTS[notification.kind]) {
        const event = { routing_key: routingKey, event_action: action, dedup_key: key };
        const body =
          action === "trigger" ? triggerOf(event, notification, standsAlone) : JSON.stringify(event);
        const whenRefused = "check routingKey of this receiver";
        const request = {
          service: "PagerDuty",
          url: endpoint,
          body,
          timeoutMs,
          reason: reasonOf,
          whenRefused,
        };
        await post({ ...request, secrets: [routingKey] }, context, signal);
      }
      return { dedupKey: key };
    },
    close: async () => {},
  }),
});

function triggerOf(event: object, notification: Notification, standsAlone: boolean): string {
  const layout = layOut(notification, 2_000);
  const whole = withDetails(event, notification, layout, standsAlone);
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  return withDetails(event, notification, { ...layout, parts: [] }, standsAlone);
}

function withDetails(
  event: object,
  notification: Notification,
  layout: Layout,
  standsAlone: boolean,
): string {
  const { title, status, summary, parts, links } = layout;
  const quoted = parts.flatMap((part) => (part.kind === "quotes" ? part.quotes : []));
  const open = links.at(-1);
  return JSON.stringify({
    ...event,
    client: "Earshot",
    ...(open === undefined ? {} : { client_url: open.url }),
    links: [
      ...links.map(({ label, url }) => ({ href: url, text: label })),
      ...quoted.flatMap(({ url, label, by }) =>
        url === null ? [] : [{ href: url, text: `${label}, ${by}` }],
      ),
    ],
    payload: {
      summary: cut(summary === "" ? title : `${title}. ${summary}`, SUMMARY_LENGTH),
      source: "Earshot",
      severity: standsAlone ? "info" : SEVERITIES[notification.severity],
      timestamp: notification.at,
      class: line(notification.rule),
      group: line(notification.tracker),
      custom_details: { status, ...Object.fromEntries(parts.map(detailOf)) },
    },
  });
}

function detailOf(part: Layout["parts"][number]): [string, unknown] {
  switch (part.kind) {
    case "facts":
      return [part.heading, Object.fromEntries(part.facts.map(({ label, value }) => [label, value]))];
    case "lines":
      return [part.heading, part.lines];
    case "quotes":
      return [part.heading, part.quotes.map(({ label, by, text }) => `${label}, ${by}: ${text}`)];
  }
}

/** `Event object is invalid: Length of 'routing_key' is incorrect …`. */
function reasonOf(body: string): string | undefined {
  const Refusal = z.object({ message: z.string().default(""), errors: z.array(z.string()).default([]) });
  try {
    const { message, errors } = Refusal.parse(JSON.parse(body));
    return [message, ...errors].filter((text) => text !== "").join(": ");
  } catch {
    return undefined;
  }
}
