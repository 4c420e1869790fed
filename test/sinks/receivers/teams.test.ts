import { afterEach, describe, expect, it } from "vitest";
import { teams } from "../../../sinks/receivers/teams.ts";
import { receiverContract, textsIn, type StubService } from "../../contracts/receiver.ts";
import { aContext } from "../../support/builders.ts";
import { aHostileNotification, aNotification } from "../../support/notification-builder.ts";
import { RETRY_AFTER_S, startStubService } from "./stub-service.ts";

interface Element {
  readonly type: string;
  readonly id?: string;
  readonly text?: string;
  readonly style?: string;
  readonly items?: readonly Element[];
  readonly inlines?: readonly Element[];
}

interface Card {
  readonly type: string;
  readonly version: string;
  readonly fallbackText: string;
  readonly body: readonly Element[];
  readonly actions: readonly { readonly type: string; readonly title: string; readonly url: string }[];
}

function cardOf(message: string): Card {
  const { attachments } = JSON.parse(message) as { attachments: readonly { content: Card }[] };
  const [attachment] = attachments;
  if (attachment === undefined) throw new Error("a message has a card");
  return attachment.content;
}

const elementsIn = (elements: readonly Element[]): Element[] =>
  elements.flatMap((element) => [
    element,
    ...elementsIn(element.items ?? []),
    ...elementsIn(element.inlines ?? []),
  ]);

const SECRET = "sig-0123456789abcdef";

const start = () =>
  startStubService({
    config: (url) => ({
      webhookUrl: `${url}/workflows/flow1234567/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig=${SECRET}`,
    }),
    secrets: () => [SECRET, "flow1234567"],
    ok: () => ({ status: 202 }),
  });

receiverContract("teams", {
  kind: teams,
  open: start,
  idOf: (message) => cardOf(message).body[0]?.id ?? "",
  textsOf: (message) => textsIn(cardOf(message)),
  expectHarmless(message) {
    const elements = elementsIn(cardOf(message).body);
    // Markdown is read in TextBlocks and facts alone
    const marked = elements.filter(({ type }) => !["Container", "RichTextBlock", "TextRun"].includes(type));
    expect(marked.map(({ type }) => type).filter((type) => type !== "TextBlock")).toEqual([]);
    const links = marked.map(({ text = "" }) => text);
    expect(
      links.filter((text) => !/^\[Open it\]\(https:\/\/x\.example\/[^()[\]\s\\]*\)$/.test(text)),
    ).toEqual([]);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(20_000);
  },
  retryAfterMs: RETRY_AFTER_S * 1_000,
});

describe("teams", () => {
  const services: StubService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
  });

  async function told(notification = aNotification()) {
    const service = await start();
    services.push(service);
    const receiver = teams.open(teams.config.parse(service.config), aContext());
    await receiver.deliver(notification, undefined, new AbortController().signal);
    return service.taken().at(-1) ?? "";
  }

  it("posts an Adaptive Card with the alert's text and links", async () => {
    const message = await told();
    expect(JSON.parse(message)).toMatchObject({
      type: "message",
      attachments: [{ contentType: "application/vnd.microsoft.card.adaptive" }],
    });
    const card = cardOf(message);
    expect(card).toMatchObject({ type: "AdaptiveCard", version: "1.4" });
    expect(card.actions[0]).toEqual({
      type: "Action.OpenUrl",
      title: "I take it",
      url: "https://earshot.example/a/ack?t=aaa&s=bbb",
    });
    const texts = textsIn(card.body).join("\n");
    for (const words of ["84 people", "Countries", "biggest burst", "fell apart", "pick-up point"]) {
      expect(texts).toContain(words);
    }
    expect(texts).toContain("[Open it](https://x.example/1)");
    expect(texts).not.toContain("Shortened");
  });

  it.each([
    ["critical", "fired", "attention"],
    ["warning", "fired", "warning"],
    ["critical", "resolved", "good"],
  ] as const)("shows %s, %s in the colour %s", async (severity, kind, style) => {
    const card = cardOf(await told(aNotification({ severity, kind })));
    expect(card.body[0]?.style).toBe(style);
  });

  it("leaves out quotes first, then facts, and says so", async () => {
    const [quote] = aNotification().quotes;
    if (quote === undefined) throw new Error("a notification has a quote");
    const long = "雨".repeat(480);
    const quotes = Array.from({ length: 5 }, (_, at) => ({ ...quote, text: `quote ${at} ${long}` }));
    const facts = Array.from({ length: 12 }, (_, at) => ({ label: `fact ${at}`, value: long.slice(0, 220) }));
    const quotesOf = (texts: string) => texts.match(/quote \d/g) ?? [];
    const some = textsIn(cardOf(await told(aNotification({ quotes, facts }))).body).join("\n");
    expect(some).toContain("quote 0");
    expect(quotesOf(some).length).toBeLessThan(5);
    expect(some).toContain("fact 11");
    expect(some).toContain("Shortened to fit here.");
    const reasons = Array.from({ length: 8 }, (_, at) => `reason ${at} ${long}`);
    const fewer = textsIn(cardOf(await told(aNotification({ quotes, facts, reasons }))).body).join("\n");
    expect(quotesOf(fewer)).toEqual([]);
    expect(fewer).not.toContain("fact 11");
    expect(fewer).toContain("reason 7");
    expect(fewer).toContain("Shortened to fit here.");
  });

  it("keeps the title, the summary and a link of the longest there is", async () => {
    const card = cardOf(await told(aHostileNotification()));
    expect(textsIn(card.body).join("\n")).toContain("A-3F9C2B");
    expect(card.actions.length).toBeGreaterThan(0);
  });

  it("says what a workflow that is turned off answers", async () => {
    const service = await startStubService({
      config: (url) => ({ webhookUrl: url }),
      secrets: () => [],
      ok: () => ({
        status: 400,
        body: JSON.stringify({ error: { code: "WorkflowTriggerIsNotEnabled", message: "Could not run." } }),
      }),
    });
    services.push(service);
    const receiver = teams.open(teams.config.parse(service.config), aContext());
    await expect(receiver.deliver(aNotification(), undefined, new AbortController().signal)).rejects.toThrow(
      "Teams refused the message (400 WorkflowTriggerIsNotEnabled); check the webhook URL, and that the workflow is turned on.",
    );
  });
});
