import { once } from "node:events";
import type { AddressInfo } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import type { Notification } from "../../../schemas/notification.ts";
import { email } from "../../../sinks/receivers/email.ts";
import { receiverContract, type ServiceTrouble, type StubService } from "../../contracts/receiver.ts";
import { aContext } from "../../support/builders.ts";
import { aHostileNotification, aNotification } from "../../support/notification-builder.ts";

const PASSWORD = "smtp-pass-SECRET";

interface Mail {
  readonly raw: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly references: string;
  readonly inReplyTo: string;
  readonly date: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

const read = (message: string) => JSON.parse(message) as Mail;

/** Where in a session each trouble shows, and what the server says. */
const ANSWERS: Readonly<
  Partial<Record<ServiceTrouble, { readonly at: "rcpt" | "data" | "auth"; readonly says: [number, string] }>>
> = {
  failing: { at: "data", says: [451, "4.3.0 try later"] },
  malformed: { at: "data", says: [554, `5.6.0 I do not like this: ${PASSWORD}`] },
  forbidden: { at: "auth", says: [535, `5.7.8 not with ${PASSWORD}`] },
  missing: { at: "rcpt", says: [550, `5.1.1 nobody of that name, ${PASSWORD}`] },
};

/** A mail server. @param refused addresses it does not know */
async function startMailServer(refused: readonly string[] = []): Promise<StubService> {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  let trouble: ServiceTrouble | undefined;
  const failure = (at: "rcpt" | "data" | "auth") => {
    const answer = trouble === undefined ? undefined : ANSWERS[trouble];
    if (answer?.at !== at) return undefined;
    const [responseCode, message] = answer.says;
    return Object.assign(new Error(message), { responseCode });
  };
  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    hideSTARTTLS: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: ({ username }, _session, done) => done(failure("auth") ?? null, { user: username }),
    onMailFrom(_address, _session, done) {
      if (trouble === "hang") waiting.splice(0).forEach((wake) => wake());
      else done();
    },
    onRcptTo({ address }, _session, done) {
      const unknown = Object.assign(new Error("5.1.1 nobody"), { responseCode: 550 });
      done(failure("rcpt") ?? (refused.includes(address) ? unknown : null));
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const error = failure("data");
        if (error !== undefined) return done(error);
        void parsed(Buffer.concat(chunks)).then((mail) => {
          taken.push(JSON.stringify(mail));
          done();
        }, done);
      });
    },
  });
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  return {
    config: {
      host: "127.0.0.1",
      port,
      user: "earshot",
      password: PASSWORD,
      from: "Earshot <earshot@Acme.example>",
      to: ["care@acme.example", "lead@acme.example"],
    },
    secrets: [PASSWORD, Buffer.from(`\u0000earshot\u0000${PASSWORD}`).toString("base64")],
    taken: () => taken,
    trouble: (next) => void (trouble = next),
    asked: () => new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        for (const connection of server.connections) connection.close();
        server.close(() => resolve());
      }),
  };
}

async function parsed(raw: Buffer): Promise<Mail> {
  const mail = await PostalMime.parse(raw);
  return {
    raw: raw.toString("latin1"),
    to: (mail.to ?? []).map(({ address }) => address ?? ""),
    subject: mail.subject ?? "",
    messageId: mail.messageId ?? "",
    references: mail.references ?? "",
    inReplyTo: mail.inReplyTo ?? "",
    date: mail.date ?? "",
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    text: mail.text ?? "",
    html: mail.html ?? "",
  };
}

const ALLOWED_TAGS =
  /^<!doctype html>$|^<\/?(html|head|meta|title|body|div|table|tr|td|h1|h2|p|ul|li|a|br)( (lang|charset|name|content|style|role|width|cellpadding|cellspacing|align|valign|href)="[^"<>]*")*>$/;

function expectHarmless(message: string): void {
  const { headers, html, subject, raw } = read(message);
  const tags = html.match(/<[^>]*>/g) ?? [];
  expect(tags.filter((tag) => !ALLOWED_TAGS.test(tag))).toEqual([]);
  expect(tags.filter((tag) => /href="(?!https?:)/.test(tag))).toEqual([]);
  const bare = html.replace(/<[^>]*>/g, "");
  expect(bare).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;|#39;)/);
  expect(Object.keys(headers)).not.toContain("bcc");
  expect(headers["to"]).toBe("care@acme.example, lead@acme.example");
  expect(subject).not.toContain("\n");
  const [head = ""] = raw.split("\r\n\r\n");
  expect(head).not.toMatch(/(?<!\r)\n/);
  for (const line of head.split("\r\n")) expect(line).toMatch(/^([A-Za-z-]+: |[ \t])/);
  expect(Buffer.byteLength(message)).toBeLessThan(400_000);
}

receiverContract("email", {
  kind: email,
  open: () => startMailServer(),
  idOf: (message) => read(message).messageId,
  textsOf: (message) => [read(message).subject, read(message).text, read(message).html],
  expectHarmless,
  without: { busy: "SMTP has no way to ask for a wait" },
});

describe("email", () => {
  const services: StubService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
  });

  async function open(refused: readonly string[] = [], options: object = {}) {
    const service = await startMailServer(refused);
    services.push(service);
    const warnings: object[] = [];
    const context = aContext();
    const log = { ...context.log, warn: (facts: object) => void warnings.push(facts) };
    const receiver = email.open(email.config.parse({ ...service.config, ...options }), { ...context, log });
    return {
      warnings,
      mails: () => service.taken().map(read),
      tell: (fields: Partial<Notification> = {}) =>
        receiver.deliver(aNotification(fields), undefined, new AbortController().signal),
    };
  }

  it("says in the subject how bad it is, which alert, and what about", async () => {
    const { tell, mails } = await open();
    await tell();
    const [mail] = mails();
    expect(mail?.subject).toBe("[critical] A-3F9C2B Acme Parcels: parcels left in the rain");
    expect(mail?.to).toEqual(["care@acme.example", "lead@acme.example"]);
    expect(mail?.date).toBe("2026-03-02T10:00:00.000Z");
    expect(mail?.headers).toMatchObject({
      "auto-submitted": "auto-generated",
      "x-auto-response-suppress": "All",
      "x-earshot-alert": "A-3F9C2B",
    });
  });

  it("puts the mails of an alert in one thread, each under an id of its own", async () => {
    const { tell, mails } = await open();
    const receipt = await tell({ kind: "fired", id: "1" });
    await tell({ kind: "resolved", id: "2" });
    await tell({ dedupeKey: "another", id: "3" });
    const [first, second, other] = mails();
    expect(first?.messageId).toMatch(/^<[0-9a-f]{40}@acme\.example>$/);
    expect(second?.messageId).not.toBe(first?.messageId);
    expect(second?.references).toBe(first?.references);
    expect([first?.inReplyTo, second?.inReplyTo]).toEqual([first?.references, first?.references]);
    expect(other?.references).not.toBe(first?.references);
    expect(receipt).toEqual({ messageId: first?.messageId, thread: first?.references });
  });

  it("says the same as text and as HTML", async () => {
    const { tell, mails } = await open();
    await tell();
    const [mail] = mails();
    for (const words of [
      "84 people",
      "Germany 70",
      "biggest burst",
      "The box fell apart",
      "pick-up point",
      "Delivery care",
    ]) {
      expect(mail?.text).toContain(words);
      expect(mail?.html).toContain(words);
    }
    expect(mail?.html).toContain('href="https://earshot.example/a/ack?t=aaa&amp;s=bbb"');
    expect(mail?.html).not.toMatch(/<img|<script|<link|url\(/);
  });

  it("writes what is not ASCII so that every mail program reads it", async () => {
    const { tell, mails } = await open();
    await tell({ title: "Größe und 🌧 雨", summary: "Überall naß" });
    expect(mails()[0]?.subject).toBe("[critical] A-3F9C2B Größe und 🌧 雨");
    expect(mails()[0]?.text).toContain("Überall naß");
    expect(mails()[0]?.raw.split("\r\n\r\n")[0]).toMatch(/^[\x00-\x7f]*$/);
  });

  it("is done when some address took it, and warns of those that did not without naming them", async () => {
    const { tell, mails, warnings } = await open(["lead@acme.example"]);
    await tell();
    expect(mails()).toHaveLength(1);
    expect(warnings).toEqual([{ refused: 1, taken: 1 }]);
  });

  it("says what a mail server refused, in a number", async () => {
    const service = await startMailServer();
    services.push(service);
    service.trouble?.("forbidden");
    const receiver = email.open(email.config.parse(service.config), aContext());
    await expect(receiver.deliver(aNotification(), undefined, new AbortController().signal)).rejects.toThrow(
      "The mail server 127.0.0.1 refused the mail (535 5.7.8); check user and password.",
    );
  });

  it("gives no password to another machine over a connection that is not encrypted", async () => {
    // 0.0.0.0 leads here, but does not say so
    const open0 = (options: object) => open([], { host: "0.0.0.0", timeoutMs: 2_000, ...options });
    await expect((await open0({})).tell()).rejects.toThrow(
      "check port and secure: a password is sent over an encrypted connection only",
    );
    expect(services.at(-1)?.taken()).toEqual([]);
    const { tell, mails } = await open0({ user: undefined, password: undefined });
    await tell();
    expect(mails()).toHaveLength(1);
  });

  it("lets a hostile title add no header and no recipient", async () => {
    const { tell, mails } = await open();
    await tell(aHostileNotification({ title: "rain\r\nBcc: evil@evil.example\r\nX: y" }));
    expect(mails()[0]?.subject).toContain("rain Bcc: evil@evil.example X: y");
    expectHarmless(JSON.stringify(mails()[0]));
  });

  it.each([
    { from: "no address" },
    { from: "a@b.example\r\nBcc: x@y.example" },
    { from: "A, B <a@b.example>" },
    { to: [] },
    { to: ["a@b.example, c@d.example"] },
    { to: ["Care <care@acme.example>"] },
    { host: "https://mail.example" },
    { user: "earshot" },
    { password: "alone" },
  ])("does not take %j", async (options) => {
    const sound = {
      host: "smtp.acme.example",
      from: "Earshot <earshot@acme.example>",
      to: ["care@acme.example"],
    };
    expect(email.config.safeParse(sound).success).toBe(true);
    expect(email.config.safeParse({ ...sound, ...options }).success).toBe(false);
  });
});
