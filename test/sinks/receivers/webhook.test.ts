import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";
import { Notification } from "../../../schemas/notification.ts";
import { fromWire } from "../../../schemas/wire.ts";
import { webhook } from "../../../sinks/receivers/webhook.ts";
import { receiverContract, textsIn } from "../../contracts/receiver.ts";
import { aContext } from "../../support/builders.ts";
import { aNotification } from "../../support/notification-builder.ts";
import { startStubServer, type StubServer } from "../../support/stub-server.ts";
import { RETRY_AFTER_S, startStubService } from "./stub-service.ts";

const SECRET = `whsec_${Buffer.from("an old secret of 32 bytes, or so").toString("base64")}`;
const NEXT = `whsec_${Buffer.from("a new secret of 32 bytes, nearly").toString("base64")}`;

const read = (message: string) => JSON.parse(message) as { readonly body: string; readonly id: string };

receiverContract("webhook", {
  kind: webhook,
  open: () =>
    startStubService({
      config: (url) => ({ url: `${url}/hooks/pathsecret99`, secrets: [SECRET, NEXT] }),
      secrets: () => ["pathsecret99", SECRET, NEXT, SECRET.slice(6), NEXT.slice(6)],
      message: ({ headers, body }) => JSON.stringify({ id: headers["webhook-id"], body }),
      ok: () => ({ status: 204 }),
    }),
  idOf: (message) => read(message).id,
  textsOf: (message) => [read(message).body],
  expectHarmless(message) {
    const sent = fromWire(JSON.parse(read(message).body)) as Notification;
    expect(sent.quotes.map(({ url }) => url).filter((url) => url?.startsWith("http") === false)).toEqual([]);
    expect(sent.number).toBe("A-3F9C2B");
    expect(textsIn(sent).filter((text) => !text.isWellFormed())).toEqual([]);
  },
  retryAfterMs: RETRY_AFTER_S * 1_000,
  without: { markup: "it is read by programs" },
});

describe("webhook", () => {
  const servers: StubServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function told(secrets: readonly string[], notification = aNotification()) {
    const server = await startStubServer();
    servers.push(server);
    server.on("/in", { status: 200 });
    const config = webhook.config.parse({ url: `${server.url}/in`, secrets });
    const receiver = webhook.open(config, aContext(new Date().toISOString()));
    await receiver.deliver(notification, undefined, new AbortController().signal);
    const [request] = server.requests;
    if (request === undefined) throw new Error("nothing came");
    return { body: request.body, headers: request.headers as Record<string, string> };
  }

  it("signs so that a verifier of Standard Webhooks takes it", async () => {
    const { body, headers } = await told([SECRET]);
    expect(headers["webhook-id"]).toBe("al_3f9c2b:fired:care");
    expect(headers["content-type"]).toBe("application/json");
    expect(new Webhook(SECRET).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(NEXT).verify(body, headers)).toThrow("No matching signature");
    expect(() => new Webhook(SECRET).verify(body.replace("84", "85"), headers)).toThrow(
      "No matching signature",
    );
  });

  it("signs with both secrets while one replaces the other", async () => {
    const { body, headers } = await told([NEXT, SECRET]);
    expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    expect(() => new Webhook(SECRET).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(NEXT).verify(body, headers)).not.toThrow();
  });

  it("sends the whole notification, in snake_case", async () => {
    const { body } = await told([SECRET]);
    const sent = JSON.parse(body) as Record<string, unknown>;
    expect(sent).toMatchObject({ alert_id: "al_3f9c2b", dedupe_key: "complaint_spike/acme/2026-03-02T09" });
    expect(sent["known"]).toMatchObject({ must_not_promise: "A date for the new boxes." });
    expect(Notification.parse(fromWire(sent))).toEqual(aNotification());
  });

  it("signs an id that no header can carry in a form that one can", async () => {
    const { body, headers } = await told([SECRET], aNotification({ id: "älert.1:\r\nx: y" }));
    expect(headers["webhook-id"]).toBe("%C3%A4lert%2E1:%0D%0Ax:%20y");
    expect(() => new Webhook(SECRET).verify(body, headers)).not.toThrow();
  });

  it.each([
    "whsec_",
    "whsec_c2hvcnQ=",
    "whsec_not base64 at all, but long enough to be one",
    SECRET.slice("whsec_".length),
    `whsec_${"A".repeat(101)}`,
  ])("does not take %s for a secret", (secret) => {
    expect(webhook.config.safeParse({ url: "https://x.example", secrets: [secret] }).success).toBe(false);
  });

  it.each([[[]], [[SECRET, NEXT, SECRET]]])("takes one secret or two, not %j", (secrets) => {
    expect(webhook.config.safeParse({ url: "https://x.example", secrets }).success).toBe(false);
  });
});
