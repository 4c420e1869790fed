import { afterEach, describe, expect, it } from "vitest";
import { pagerduty } from "../../../sinks/receivers/pagerduty.ts";
import { NOTIFICATION_KINDS } from "../../../schemas/notification.ts";
import { receiverContract, textsIn, type StubService } from "../../contracts/receiver.ts";
import { aContext } from "../../support/builders.ts";
import { aHostileNotification, aNotification } from "../../support/notification-builder.ts";
import { RETRY_AFTER_S, startStubService } from "./stub-service.ts";

const KEY = "0123456789abcdef0123456789ABCDEF";

interface Event {
  readonly routing_key: string;
  readonly dedup_key: string;
  readonly event_action: "trigger" | "acknowledge" | "resolve";
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly payload?: {
    readonly summary: string;
    readonly severity: string;
    readonly source: string;
    readonly timestamp: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly client_url?: string;
}

const read = (message: string) => JSON.parse(message) as Event;

const start = () =>
  startStubService({
    config: (url) => ({ routingKey: KEY, endpoint: `${url}/v2/enqueue` }),
    secrets: () => [KEY],
    ok: ({ body }) => ({
      status: 202,
      body: JSON.stringify({
        status: "success",
        message: "Event processed",
        dedup_key: read(body).dedup_key,
      }),
    }),
  });

receiverContract("pagerduty", {
  kind: pagerduty,
  open: start,
  idOf: (message) => read(message).dedup_key,
  textsOf: (message) => textsIn(read(message)),
  expectHarmless(message) {
    const { payload, links = [], dedup_key } = read(message);
    expect(payload?.summary.length).toBeLessThanOrEqual(1_024);
    expect(dedup_key.length).toBeLessThanOrEqual(255);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(512_000);
    expect(links.filter(({ href }) => !/^https?:\/\//.test(href))).toEqual([]);
  },
  retryAfterMs: RETRY_AFTER_S * 1_000,
});

/** What PagerDuty would show open after these events. @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
function openAlerts(events: readonly Event[]): string[] {
  const open = new Set<string>();
  for (const { event_action, dedup_key } of events) {
    if (event_action === "trigger") open.add(dedup_key);
    if (event_action === "resolve") open.delete(dedup_key);
  }
  return [...open];
}

describe("pagerduty", () => {
  const services: StubService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
  });

  async function open() {
    const service = await start();
    services.push(service);
    const receiver = pagerduty.open(pagerduty.config.parse(service.config), aContext());
    return {
      events: () => service.taken().map(read),
      tell: (fields: Parameters<typeof aNotification>[0] = {}) =>
        receiver.deliver(aNotification(fields), undefined, new AbortController().signal),
    };
  }

  it("tells one alert from its beginning to its end under one key", async () => {
    const { tell, events } = await open();
    const kinds = ["fired", "escalated", "acknowledged", "reminded", "resolved"] as const;
    for (const kind of kinds) await tell({ kind, id: `al:${kind}:pd` });
    expect(events().map(({ event_action }) => event_action)).toEqual([
      "trigger",
      "trigger",
      "acknowledge",
      "trigger",
      "resolve",
    ]);
    expect(new Set(events().map(({ dedup_key }) => dedup_key))).toEqual(
      new Set(["complaint_spike/acme/2026-03-02T09"]),
    );
    expect(openAlerts(events())).toEqual([]);
  });

  it("leaves nothing open after a test or a digest, and no alert of anybody touched", async () => {
    const { tell, events } = await open();
    await tell();
    await tell({ kind: "test", id: "t:test:pd" });
    await tell({ kind: "digest", id: "d:digest:pd" });
    expect(openAlerts(events())).toEqual(["complaint_spike/acme/2026-03-02T09"]);
    const trials = events().filter(
      ({ dedup_key, payload }) => dedup_key !== openAlerts(events())[0] && payload,
    );
    expect(trials.map(({ payload }) => payload?.severity)).toEqual(["info", "info"]);
  });

  it.each([
    ["info", "info"],
    ["warning", "warning"],
    ["high", "error"],
    ["critical", "critical"],
  ] as const)("calls %s %s", async (severity, theirs) => {
    const { tell, events } = await open();
    await tell({ severity });
    expect(events()[0]?.payload?.severity).toBe(theirs);
  });

  it("gives what happened, the details and the links", async () => {
    const { tell, events } = await open();
    await tell();
    const [event] = events();
    expect(event).toMatchObject({
      routing_key: KEY,
      client_url: "https://earshot.example/alerts/A-3F9C2B",
      payload: {
        source: "Earshot",
        timestamp: "2026-03-02T10:00:00.000Z",
        class: "complaint_spike",
        group: "Acme Parcels",
        custom_details: { "Who and where": { Countries: "Germany 70, Austria 9" } },
      },
    });
    expect(event?.payload?.summary).toMatch(/^\[critical\] A-3F9C2B Acme Parcels: .* rain\. 84 people/);
    expect(event?.links).toContainEqual({
      href: "https://earshot.example/a/ack?t=aaa&s=bbb",
      text: "I take it",
    });
    expect(event?.links).toContainEqual({
      href: "https://x.example/1",
      text: "Most shared, a…a on x, 2026-03-02 09:12 UTC, 320 shares",
    });
  });

  it("keeps a key of 255 characters as it is", async () => {
    const { tell, events } = await open();
    const dedupeKey = "k".repeat(255);
    await tell({ dedupeKey });
    expect(events()[0]?.dedup_key).toBe(dedupeKey);
  });

  it("sends every kind of the longest notification within PagerDuty's limit", async () => {
    const { tell, events } = await open();
    for (const kind of NOTIFICATION_KINDS) await tell(aHostileNotification({ kind }));
    expect(Math.max(...events().map((event) => Buffer.byteLength(JSON.stringify(event))))).toBeLessThan(
      512_000,
    );
  });

  it("says what PagerDuty found wrong, without the key", async () => {
    const service = await startStubService({
      config: (url) => ({ routingKey: KEY, endpoint: url }),
      secrets: () => [],
      ok: () => ({
        status: 400,
        body: JSON.stringify({
          status: "invalid event",
          message: "Event object is invalid",
          errors: [`'routing_key' ${KEY} is not known`],
        }),
      }),
    });
    services.push(service);
    const receiver = pagerduty.open(pagerduty.config.parse(service.config), aContext());
    await expect(receiver.deliver(aNotification(), undefined, new AbortController().signal)).rejects.toThrow(
      "PagerDuty refused the message (400 Event object is invalid: 'routing_key' … is not known); check routingKey of this receiver.",
    );
  });
});
