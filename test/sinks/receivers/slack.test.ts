import { afterEach, describe, expect, it } from "vitest";
import { slack } from "../../../sinks/receivers/slack.ts";
import { receiverContract, textsIn, type StubService } from "../../contracts/receiver.ts";
import { aContext } from "../../support/builders.ts";
import { aHostileNotification, aNotification } from "../../support/notification-builder.ts";
import { RETRY_AFTER_S, startStubService } from "./stub-service.ts";

const TOKEN = "xoxb-1234567890-0987654321-abcdefSECRET";
const CHANNEL = "C0123456789";

/** What is posted, with the blocks read and the name of the method. */
interface Message {
  readonly method?: string;
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly block_id?: string;
    readonly [key: string]: unknown;
  }[];
  readonly [param: string]: unknown;
}

const read = (message: string) => JSON.parse(message) as Message;

function startWebhook(): Promise<StubService> {
  return startStubService({
    config: (url) => ({ webhookUrl: `${url}/services/T0SECRET1/B0SECRET2/hooksecret3` }),
    secrets: () => ["T0SECRET1", "B0SECRET2", "hooksecret3"],
    ok: () => ({ body: "ok" }),
  });
}

/** A workspace: messages get a time as their name; what was deleted can no longer be changed. */
function startWorkspace(options: { deleted?: Set<string>; answer?: () => object | undefined } = {}) {
  let count = 0;
  return startStubService({
    config: (url) => ({ botToken: TOKEN, channelId: CHANNEL, endpoint: `${url}/api/` }),
    secrets: () => [TOKEN],
    message: ({ path, headers, body }) => {
      const params = Object.fromEntries(new URLSearchParams(body));
      const blocks = JSON.parse(params["blocks"] ?? "[]") as unknown;
      const method = path.replace("/api/", "");
      return JSON.stringify({ method, authorization: headers.authorization, ...params, blocks });
    },
    ok: ({ path, body }) => {
      const ts = new URLSearchParams(body).get("ts");
      const answer =
        options.answer?.() ??
        (path.endsWith("chat.update") && options.deleted?.has(ts ?? "") === true
          ? { ok: false, error: "message_not_found" }
          : { ok: true, channel: CHANNEL, ts: ts ?? `17000000${count++}.000100` });
      return { body: JSON.stringify(answer) };
    },
    troubled: (trouble) => {
      const errors = { malformed: "invalid_blocks", forbidden: "invalid_auth", missing: "channel_not_found" };
      const error = trouble in errors ? errors[trouble as keyof typeof errors] : undefined;
      return error === undefined ? undefined : { body: JSON.stringify({ ok: false, error, needed: TOKEN }) };
    },
  });
}

function expectHarmless(message: string): void {
  const { text, blocks } = read(message);
  // a header is plain text, which Slack does not read as markup
  const marked = blocks.filter(({ type }) => type !== "header");
  for (const shown of [text, ...textsIn(marked.map((block) => [block["text"], block["elements"]]))]) {
    // what remains are our links, and our marks of quotes
    const rest = shown.replace(/<https?:\/\/[^<>|]+\|[^<>|]+>/g, "").replace(/^>/gm, "");
    expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  }
  for (const shown of [text, ...textsIn(blocks)]) {
    expect(shown).not.toMatch(/@(channel|here|everyone)|<[!@#]/);
  }
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
  for (const block of blocks) {
    const shown = block["text"] as { text: string; verbatim?: boolean } | undefined;
    if (block.type === "header") expect(shown?.text.length).toBeLessThanOrEqual(150);
    if (block.type === "section") {
      expect(shown?.text.length).toBeLessThanOrEqual(3_000);
      expect(shown?.text.length).toBeGreaterThan(0);
      expect(shown?.verbatim).toBe(true);
    }
  }
}

const shared = {
  kind: slack,
  idOf: (message: string) => read(message).blocks[0]?.block_id ?? "",
  textsOf: (message: string) => [read(message).text, ...textsIn(read(message).blocks)],
  expectHarmless,
  retryAfterMs: RETRY_AFTER_S * 1_000,
};

receiverContract("slack by webhook", { ...shared, open: startWebhook });
receiverContract("slack by bot", { ...shared, open: () => startWorkspace() });

describe("slack", () => {
  const services: StubService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
  });

  async function open(starting: Promise<StubService>) {
    const service = await starting;
    services.push(service);
    const receiver = slack.open(slack.config.parse(service.config), aContext());
    const signal = new AbortController().signal;
    return {
      service,
      messages: () => service.taken().map(read),
      tell: (notification = aNotification(), earlier?: Readonly<Record<string, string>>) =>
        receiver.deliver(notification, earlier, signal),
    };
  }

  it.each([
    {},
    { botToken: TOKEN },
    { channelId: CHANNEL },
    { webhookUrl: "https://hooks.slack.com/services/a/b/c", botToken: TOKEN, channelId: CHANNEL },
    { webhookUrl: "https://hooks.slack.com/services/a/b/c", channelId: CHANNEL },
  ])("takes either a webhook or a bot, not %j", (options) => {
    const parsed = slack.config.safeParse(options);
    expect(parsed.error?.issues[0]?.message).toBe(
      "needs either webhookUrl, or botToken and channelId, and not both",
    );
    expect(() =>
      slack.open({ endpoint: "https://slack.com/api/", timeoutMs: 1_000, ...options }, aContext()),
    ).toThrow(expect.objectContaining({ code: "config_invalid" }) as Error);
  });

  it("takes no address that is not encrypted, but on this machine", () => {
    const taken = (webhookUrl: string) => slack.config.safeParse({ webhookUrl }).success;
    expect(taken("https://hooks.slack.com/services/a/b/c")).toBe(true);
    expect(taken("http://127.0.0.1:9/x")).toBe(true);
    expect(taken("http://[::1]:9/x")).toBe(true);
    expect(taken("http://hooks.slack.com/services/a/b/c")).toBe(false);
    expect(taken("http://127.0.0.1.evil.example/x")).toBe(false);
    expect(taken("https://user:secret@hooks.slack.com/x")).toBe(false);
    expect(taken("ftp://127.0.0.1/x")).toBe(false);
  });

  it("writes what happened first, then who and where, why, and what people say", async () => {
    const { tell, messages } = await open(startWebhook());
    await tell();
    const [message] = messages();
    expect(message?.text).toBe(
      "New alert, critical, 2026-03-02 10:00 UTC: [critical] A-3F9C2B Acme Parcels: parcels left in the rain",
    );
    expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false });
    const all = textsIn(message?.blocks).join("\n");
    const order = [
      "parcels left",
      "84 people",
      "*People:*",
      "*Countries:*",
      "biggest burst",
      "pouring rain",
      "covers by March",
      "pick-up point",
      "500 shares",
      "Delivery care",
      "Reddit",
      "|I take it>",
    ];
    const places = order.map((words) => all.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(all).toContain(">The box fell apart in my hands.");
    expect(all).toContain("<https://earshot.example/a/ack?t=aaa&amp;s=bbb|I take it>");
  });

  it("gives each change a message of its own by webhook", async () => {
    const { tell, messages } = await open(startWebhook());
    const earlier = await tell();
    await tell(aNotification({ kind: "resolved", id: "2" }), earlier);
    expect(messages()).toHaveLength(2);
    expect(messages()[1]?.text).toMatch(/^Resolved, /);
  });

  it("says what Slack said of a webhook it refused", async () => {
    const { tell } = await open(
      startStubService({
        config: (url) => ({ webhookUrl: `${url}/services/a` }),
        secrets: () => [],
        ok: () => ({ status: 403, body: "invalid_token" }),
      }),
    );
    await expect(tell()).rejects.toThrow(
      "Slack refused the message (403 invalid_token); check the webhook URL.",
    );
  });

  it("keeps one message and one thread per alert by bot", async () => {
    const { tell, messages } = await open(startWorkspace());
    let receipt = await tell(aNotification({ id: "1" }));
    expect(receipt).toMatchObject({ channel: CHANNEL, ts: "170000000.000100" });
    receipt = await tell(
      aNotification({ kind: "escalated", id: "2", at: "2026-03-02T10:40:00.000Z", summary: "120 people." }),
      receipt,
    );
    receipt = await tell(
      aNotification({ kind: "resolved", id: "3", at: "2026-03-02T14:00:00.000Z", summary: "All is quiet." }),
      receipt,
    );
    expect(receipt).toMatchObject({ ts: "170000000.000100" });
    const [root, ...later] = messages();
    expect(root).toMatchObject({
      method: "chat.postMessage",
      channel: CHANNEL,
      authorization: `Bearer ${TOKEN}`,
      unfurl_links: "false",
      unfurl_media: "false",
      parse: "none",
      link_names: "false",
    });
    expect(root?.["thread_ts"]).toBeUndefined();
    expect(later.map(({ method }) => method)).toEqual([
      "chat.update",
      "chat.postMessage",
      "chat.update",
      "chat.postMessage",
    ]);
    expect(later[0]).toMatchObject({ ts: "170000000.000100", parse: "none", link_names: "false" });
    expect(textsIn(later[0]?.blocks).join()).toContain("Escalated, critical");
    expect(later[1]).toMatchObject({
      thread_ts: "170000000.000100",
      text: "Escalated to critical after 40 min: 120 people.",
    });
    expect(textsIn(later[2]?.blocks).join()).toContain("Resolved, critical");
    expect(later[3]?.text).toBe("Resolved after 4 h: All is quiet.");
  });

  it("starts anew where somebody deleted the message of the alert", async () => {
    const { tell, messages } = await open(startWorkspace({ deleted: new Set(["170000000.000100"]) }));
    const receipt = await tell(aNotification({ id: "1" }));
    const next = await tell(aNotification({ kind: "escalated", id: "2" }), receipt);
    expect(messages().map(({ method }) => method)).toEqual([
      "chat.postMessage",
      "chat.update",
      "chat.postMessage",
    ]);
    expect(messages()[2]?.["thread_ts"]).toBeUndefined();
    expect(next["ts"]).not.toBe(receipt["ts"]);
  });

  it("starts anew in another Slack channel when the config names another", async () => {
    const { tell, messages } = await open(startWorkspace());
    await tell(aNotification({ kind: "escalated" }), { channel: "C0999999999", ts: "1.1" });
    expect(messages().map(({ method }) => method)).toEqual(["chat.postMessage"]);
  });

  it("leaves the message of an alert alone when a digest or a test is told", async () => {
    const { tell, messages } = await open(startWorkspace());
    const receipt = await tell(aNotification({ id: "1" }));
    expect(await tell(aNotification({ kind: "test", id: "2" }), receipt)).toEqual(receipt);
    await tell(aNotification({ kind: "digest", id: "3" }));
    expect(messages().map(({ method }) => method)).toEqual(Array(3).fill("chat.postMessage"));
    expect(messages()[1]?.text).toMatch(/^Test, nothing has happened/);
  });

  it.each([
    ["ratelimited", "sink_unavailable", "tried again"],
    ["internal_error", "sink_unavailable", "tried again"],
    ["<html>a proxy</html>", "sink_unavailable", "check endpoint"],
    ["missing_scope", "sink_rejected", "chat:write"],
    ["not_in_channel", "sink_rejected", "invite the bot"],
    ["is_archived", "sink_rejected", "check channelId"],
    ["token_revoked", "sink_rejected", "check botToken"],
    ["msg_blocks_too_long", "sink_rejected", "docs.slack.dev"],
  ])("reads Slack's error %s as %s", async (error, code, words) => {
    const { tell } = await open(startWorkspace({ answer: () => ({ ok: false, error }) }));
    await expect(tell()).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
  });

  it("tries once: the outbox tries again", async () => {
    let asked = 0;
    const { tell } = await open(
      startStubService({
        config: (url) => ({ botToken: TOKEN, channelId: CHANNEL, endpoint: url }),
        secrets: () => [],
        ok: () => {
          asked++;
          return { status: 503, headers: { "retry-after": "3" } };
        },
      }),
    );
    await expect(tell()).rejects.toMatchObject({ code: "sink_unavailable", retryAfterMs: 3_000 });
    expect(asked).toBe(1);
  });

  it("keeps within Slack's limits when addresses are as long as they can be", async () => {
    const { tell, service } = await open(startWebhook());
    const url = (sign: string) => `https://x.example/?${sign.repeat(1_400)}`;
    const [action] = aNotification().actions;
    const [quote] = aNotification().quotes;
    if (action === undefined || quote === undefined) throw new Error("a notification has both");
    for (const sign of ["a", "&"]) {
      const actions = Array.from({ length: 5 }, () => ({ ...action, url: url(sign) }));
      const quotes = [{ ...quote, url: url(sign), text: "&".repeat(2_000) }];
      await tell(aNotification({ actions, quotes }));
    }
    service.taken().forEach(expectHarmless);
    expect(service.taken()[0]).toContain("|I take it>");
  });

  it("keeps hostile text harmless in a thread too", async () => {
    const { tell, service } = await open(startWorkspace());
    const receipt = await tell();
    await tell(aHostileNotification({ kind: "escalated" }), receipt);
    const all = service.taken();
    expect(all).toHaveLength(3);
    all.forEach(expectHarmless);
  });
});
