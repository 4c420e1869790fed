import { afterEach, describe, expect, it } from "vitest";
import { discord } from "../../../sinks/receivers/discord.ts";
import { receiverContract, textsIn, type StubService } from "../../contracts/receiver.ts";
import { aContext } from "../../support/builders.ts";
import { aNotification } from "../../support/notification-builder.ts";
import type { StubAnswer } from "../../support/stub-server.ts";
import { RETRY_AFTER_S, startStubService } from "./stub-service.ts";

interface Message {
  readonly allowed_mentions: { readonly parse: readonly string[] };
  readonly embeds: readonly {
    readonly title: string;
    readonly description: string;
    readonly color: number;
    readonly footer: { readonly text: string };
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  }[];
}

function embedOf(message: string) {
  const [embed] = (JSON.parse(message) as Message).embeds;
  if (embed === undefined) throw new Error("a message has an embed");
  return embed;
}

const TOKEN = "discordtoken-secret";

const start = (answer: StubAnswer = { body: JSON.stringify({ id: "1234" }) }) =>
  startStubService({
    config: (url) => ({ webhookUrl: `${url}/api/webhooks/987654321/${TOKEN}` }),
    secrets: () => [TOKEN, "987654321"],
    ok: () => answer,
  });

receiverContract("discord", {
  kind: discord,
  open: () => start(),
  // a webhook takes no key of ours: a repeat is the same message, under the same number
  idOf: (message) => message,
  textsOf: (message) => textsIn((JSON.parse(message) as Message).embeds),
  expectHarmless(message) {
    const { title, description, fields, footer } = embedOf(message);
    expect((JSON.parse(message) as Message).allowed_mentions).toEqual({ parse: [] });
    const own = /\[(?:[^\\\]]|\\.)*\]\(https?:\/\/[^\s()]+\)/g;
    for (const shown of [title, description, ...fields.flatMap(({ name, value }) => [name, value])]) {
      // what remains when escaped signs and our own links, marks of quotes and labels are taken away
      const rest = shown
        .replace(own, "")
        .replace(/\\[^A-Za-z0-9\s]/g, "")
        .replace(/^> /gm, "")
        .replace(/^\*\*([^*]*):\*\*/gm, "$1");
      expect(rest).not.toMatch(/[`*_~|<>[\]]|https?:\/\/|@(everyone|here)/);
    }
    expect(title.length).toBeLessThanOrEqual(256);
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(fields.length).toBeLessThanOrEqual(25);
    for (const { name, value } of fields) {
      expect(name.length).toBeLessThanOrEqual(256);
      expect(value.length).toBeLessThanOrEqual(1_024);
      expect(Math.min(name.length, value.length)).toBeGreaterThan(0);
    }
    const texts = [title, description, footer.text, ...fields.flatMap(({ name, value }) => [name, value])];
    expect(texts.join("").length).toBeLessThanOrEqual(6_000);
  },
  retryAfterMs: RETRY_AFTER_S * 1_000,
});

describe("discord", () => {
  const services: StubService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
  });

  async function open(answer?: StubAnswer) {
    const service = await start(answer);
    services.push(service);
    const receiver = discord.open(discord.config.parse(service.config), aContext());
    return {
      service,
      tell: (notification = aNotification()) =>
        receiver.deliver(notification, undefined, new AbortController().signal),
    };
  }

  it("shows the alert as one embed, in the colour of its severity", async () => {
    const { tell, service } = await open();
    expect(await tell()).toEqual({ notification: "al_3f9c2b:fired:care", message: "1234" });
    const embed = embedOf(service.taken()[0] ?? "");
    expect(embed.title).toBe("\\[critical\\] A-3F9C2B Acme Parcels: parcels left in the rain");
    expect(embed.color).toBe(0xc62828);
    expect(embed.footer.text).toBe("New alert, critical, 2026-03-02 10:00 UTC");
    expect(embed.description).toContain("[I take it](https://earshot.example/a/ack?t=aaa&s=bbb)");
    expect(embed.fields[0]).toMatchObject({ name: "Who and where" });
    expect(embed.fields[0]?.value).toContain("**People:** 84, in 97 posts");
  });

  it("waits as Discord says in the body, to the millisecond, whatever the header says", async () => {
    const body = JSON.stringify({
      message: "You are being rate limited.",
      retry_after: 64.57,
      global: false,
    });
    const { tell } = await open({ status: 429, headers: { "retry-after": "65" }, body });
    await expect(tell()).rejects.toMatchObject({ code: "sink_unavailable", retryAfterMs: 64_570 });
  });

  it("says what Discord said of a webhook there is no more", async () => {
    const { tell } = await open({
      status: 404,
      body: JSON.stringify({ message: "Unknown Webhook", code: 10_015 }),
    });
    await expect(tell()).rejects.toThrow(
      "Discord refused the message (404 Unknown Webhook, 10015); check the webhook URL.",
    );
  });

  it("is done when Discord has taken the message, whatever it says of it", async () => {
    const { tell } = await open({ status: 204 });
    expect(await tell()).toEqual({ notification: "al_3f9c2b:fired:care" });
  });
});
