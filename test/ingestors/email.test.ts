import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { transportOf } from "../../ingestors/email/config.ts";
import { emailIngestor } from "../../ingestors/email/index.ts";
import { trimReply } from "../../ingestors/email/trim-reply.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startImapServer, type ImapServer, type ImapTrouble } from "../support/imap-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const USER = "support@acme.example";
const PASSWORD = 'planted "pass" \\word';

/** A mail as text; `headers` replace or add to those of a plain one. */
function aMail(
  id: string,
  body = "The kettle leaks.",
  headers: Record<string, string | undefined> = {},
): string {
  const all = {
    "Return-Path": "<runa@example.org>",
    From: "Runa V. <Runa@example.org>",
    To: USER,
    Subject: "Kettle",
    Date: "Sun, 1 Mar 2026 09:15:00 +0000",
    "Message-ID": `<${id}>`,
    "Content-Type": "text/plain; charset=utf-8",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${value}`,
  );
  return `${lines.join("\n")}\n\n${body}\n`;
}

const TROUBLES: Partial<Record<Trouble, ImapTrouble>> = {
  garbage: "garbage",
  unauthorized: "wrong_password",
  forbidden: "forbidden",
  unavailable: "bye",
  hang: "hang",
};

ingestorContract("email", {
  ingestor: emailIngestor,
  severalPages: 45,
  foreignCursor: { account: "someone@else.example", mailboxes: { INBOX: { uidValidity: "1", lastUid: 9 } } },
  without: {
    rate_limited: "IMAP has no such answer",
    reread: "nobody can edit or take back a mail",
  },
  async open() {
    const server = await startImapServer(USER, PASSWORD);
    let count = 0;
    return {
      config: { endpoint: server.url, user: USER, password: PASSWORD },
      publish: (many: number) =>
        Array.from({ length: many }, () => {
          const id = `${++count}@mail.example.org`;
          server.deliver({ raw: aMail(id) });
          return id;
        }),
      publishBroken: () =>
        void server.deliver({ raw: aMail("broken@mail.example.org", "x", { From: undefined }) }),
      trouble: (trouble) => server.trouble(trouble === undefined ? undefined : TROUBLES[trouble]),
      asked: () => server.asked(),
      close: () => server.close(),
    };
  },
});

describe("the email ingestor", () => {
  let server: ImapServer;
  beforeEach(async () => {
    server = await startImapServer(USER, PASSWORD);
  });
  afterEach(() => server.close());

  const configOf = (options: object = {}) => ({
    endpoint: server.url,
    user: USER,
    password: PASSWORD,
    ...options,
  });
  const runOf = (options: object = {}, run: object = {}) =>
    aPollRun({
      config: emailIngestor.config.parse(configOf(options)),
      context: aContext(OBSERVED_AT),
      signal: AbortSignal.timeout(20_000),
      ...run,
    });
  async function poll(options: object = {}, cursor?: unknown, run: object = {}) {
    const pages: Page<unknown>[] = [];
    let error: unknown;
    try {
      for await (const page of emailIngestor.poll(runOf(options, { cursor, ...run }))) pages.push(page);
    } catch (thrown) {
      error = thrown;
    }
    const last = pages.findLast((page) => page.cursor !== undefined)?.cursor;
    return {
      error,
      items: pages.flatMap((page) => page.items),
      cursor: JSON.parse(JSON.stringify(last ?? cursor ?? null)) as unknown,
    };
  }
  const parsedOf = (items: readonly unknown[]) => items.map((item) => emailIngestor.parse(item, OBSERVED_AT));
  const mentionsOf = (items: readonly unknown[]): MentionFields[] =>
    parsedOf(items).flatMap((parsed) => (parsed.type === "upsert" ? [parsed.mention] : []));
  const idsOf = (items: readonly unknown[]) => mentionsOf(items).map(({ nativeId }) => nativeId);
  /** What becomes of one mail. */
  async function read(raw: string, options: object = {}, flags: readonly string[] = []) {
    server.deliver({ raw, flags });
    const { items, error } = await poll(options);
    expect(error).toBeUndefined();
    const [parsed] = parsedOf(items);
    return parsed?.type === "upsert" ? parsed.mention : parsed;
  }

  describe("asking", () => {
    it("only ever reads: nothing is marked, moved or deleted", async () => {
      server.create("Sent", { specialUse: "\\Sent" });
      server.deliver({ raw: aMail("1@x") });
      await poll({ mailboxes: ["INBOX", "Sent"] });
      const names = new Set(server.commands.map((command) => command.replace(/^(UID \w+|\w+).*/s, "$1")));
      expect(names).toEqual(
        new Set(
          ["CAPABILITY", "LOGIN", "LIST", "LSUB", "EXAMINE", "UID SEARCH", "UID FETCH"].filter((name) =>
            names.has(name),
          ),
        ),
      );
      expect(server.commands.filter((command) => command.includes("FETCH"))[0]).toContain(
        "BODY.PEEK[]<0.1000000>",
      );
      await server.idle();
    });

    it("hears on the first poll what came in the last days, and then what is new", async () => {
      server.deliver({ raw: aMail("old@x"), receivedAt: "2026-01-05T00:00:00Z" });
      server.deliver({ raw: aMail("new@x") });
      const first = await poll();
      expect(idsOf(first.items)).toEqual(["new@x"]);
      expect((await poll({}, first.cursor)).items).toEqual([]);
      server.deliver({ raw: aMail("newer@x"), receivedAt: "2026-01-06T00:00:00Z" });
      expect(idsOf((await poll({}, first.cursor)).items)).toEqual(["newer@x"]);
      expect(idsOf((await poll({ lookbackDays: 90 })).items)).toEqual(["old@x", "new@x", "newer@x"]);
    });

    it("starts at what comes next when the mailbox was empty", async () => {
      const { cursor } = await poll();
      expect(cursor).toMatchObject({ mailboxes: { INBOX: { lastUid: 0 } } });
      server.deliver({ raw: aMail("1@x"), receivedAt: "2025-01-06T00:00:00Z" });
      expect(idsOf((await poll({}, cursor)).items)).toEqual(["1@x"]);
    });

    it("calls its cursor lost when the server numbers its mail anew", async () => {
      server.deliver({ raw: aMail("1@x") });
      const { cursor } = await poll();
      server.renumber();
      expect((await poll({}, cursor)).error).toMatchObject({ code: "cursor_lost" });
      expect(idsOf((await poll()).items)).toEqual(["1@x"]);
    });

    it("is not held up by mail that was removed", async () => {
      const uids = ["1@x", "2@x", "3@x"].map((id) => server.deliver({ raw: aMail(id) }));
      server.expunge(uids[1] ?? 0);
      const { items, cursor } = await poll();
      expect(idsOf(items)).toEqual(["1@x", "3@x"]);
      server.expunge(uids[2] ?? 0);
      expect((await poll({}, cursor)).items).toEqual([]);
    });

    it("brings of a past window all that may lie in it", async () => {
      for (const day of ["08", "10", "14"])
        server.deliver({ raw: aMail(`${day}@x`), receivedAt: `2026-02-${day}T12:00:00Z` });
      const window = { from: "2026-02-10T00:00:00.000Z", to: "2026-02-11T00:00:00.000Z" };
      const items: unknown[] = [];
      for await (const page of emailIngestor.backfill?.(window, runOf()) ?? []) items.push(...page.items);
      expect(idsOf(items)).toEqual(["10@x"]);
      await server.idle();
    });

    it.each<[string, ReturnType<typeof transportOf>]>([
      ["imaps://mail.example", { host: "mail.example", port: 993, secure: true, doSTARTTLS: false }],
      ["imaps://mail.example:1993", { host: "mail.example", port: 1993, secure: true, doSTARTTLS: false }],
      ["imap://mail.example", { host: "mail.example", port: 143, secure: false, doSTARTTLS: true }],
      ["imap://127.0.0.1.example", { host: "127.0.0.1.example", port: 143, secure: false, doSTARTTLS: true }],
      ["imap://[::1]:1143", { host: "::1", port: 1143, secure: false, doSTARTTLS: false }],
      ["imap://localhost", { host: "localhost", port: 143, secure: false, doSTARTTLS: false }],
    ])("talks to %s without TLS on this machine only", (endpoint, transport) => {
      expect(transportOf(endpoint)).toEqual(transport);
    });

    it("does not log in to a server that should speak TLS and does not", async () => {
      const { port } = new URL(server.url);
      const { error } = await poll({ endpoint: `imaps://127.0.0.1:${port}` });
      expect(error).toMatchObject({ code: "source_changed" });
      expect(server.commands.join()).not.toContain("LOGIN");
    });

    it.each([
      [{ endpoint: "https://mail.example" }],
      [{ endpoint: "imaps://user:secret@mail.example" }],
      [{ endpoint: "imaps://mail.example/INBOX" }],
      [{ password: undefined }],
      [{ accessToken: "x" }],
      [{ mailboxes: [] }],
    ])("refuses a config with %j", (options) => {
      expect(emailIngestor.config.safeParse(configOf(options)).success).toBe(false);
    });

    it.each<[ImapTrouble, string]>([
      ["wrong_password", "source_unauthorized"],
      ["forbidden", "source_unauthorized"],
      ["not_now", "source_unavailable"],
      ["bye", "source_unavailable"],
      ["hang_up", "source_unavailable"],
      ["garbage", "source_changed"],
    ])("calls a server that answers %s %s, without a password in the error", async (trouble, code) => {
      server.trouble(trouble);
      const { error } = await poll();
      expect(error).toMatchObject({ code });
      const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
      expect(shown).not.toContain("planted");
      await server.idle();
    });

    it("names what to correct", async () => {
      const lacking = await poll({ mailboxes: ["Nowhere"] });
      expect(lacking.error).toMatchObject({
        code: "source_changed",
        message: expect.stringContaining("mailboxes") as string,
      });
      const refused = await poll({ password: "another" });
      expect(refused.error).toMatchObject({
        message: expect.stringContaining("user and password") as string,
      });
    });

    it("calls a server nobody answers at unavailable", async () => {
      await server.close();
      expect((await poll()).error).toMatchObject({ code: "source_unavailable" });
    });
  });

  describe("reading a mail", () => {
    it("reads it field by field", async () => {
      expect(await read(aMail("1@mail.example.org"))).toEqual({
        platform: "email",
        nativeId: "1@mail.example.org",
        kind: "ticket",
        publishedAt: "2026-03-01T09:15:00.000Z",
        authorId: "runa@example.org",
        authorName: "Runa V.",
        byUs: false,
        inReplyToUs: false,
        title: "Kettle",
        text: "The kettle leaks.",
        parentId: "",
        threadId: "email:1@mail.example.org",
      });
    });

    it("joins answers to what they answer, ours and the customer's", async () => {
      server.create("Sent Items", { specialUse: "\\Sent" });
      server.deliver({ raw: aMail("1@x") });
      const fromUs = { From: "Sam <sam@acme.example>", "In-Reply-To": "<1@x>", References: "<1@x>" };
      server.deliver({ raw: aMail("2@x", "Sorry!", fromUs) }, "Sent Items");
      server.deliver({
        raw: aMail("3@x", "Still leaks", { "In-Reply-To": "<2@x>", References: "<1@x>\n <2@x>" }),
      });
      server.deliver({
        raw: aMail("4@x", "Hello?", {
          From: "HELP@acme.example",
          To: "runa@example.org",
          References: "<1@x> <3@x>",
        }),
      });
      const { items } = await poll({
        mailboxes: ["INBOX", "Sent Items"],
        ownAddresses: ["help@acme.example"],
      });
      const thread = { threadId: "email:1@x" };
      expect(mentionsOf(items)).toMatchObject([
        { nativeId: "1@x", kind: "ticket", byUs: false, ...thread },
        {
          nativeId: "3@x",
          kind: "comment",
          byUs: false,
          inReplyToUs: true,
          parentId: "email:2@x",
          ...thread,
        },
        {
          nativeId: "4@x",
          kind: "comment",
          byUs: true,
          inReplyToUs: false,
          parentId: "email:3@x",
          ...thread,
        },
        { nativeId: "2@x", kind: "comment", byUs: true, parentId: "email:1@x", ...thread },
      ]);
    });

    it("knows the mailbox of sent mail by its name, where the server does not tell", async () => {
      server.create("Sent");
      server.deliver({ raw: aMail("1@x", "Sorry!", { From: "sam@elsewhere.example" }) }, "Sent");
      expect(mentionsOf((await poll({ mailboxes: ["Sent"] })).items)).toMatchObject([{ byUs: true }]);
    });

    it("prefers text to HTML, reads HTML alone, and leaves attachments out", async () => {
      const part = (type: string, body: string) => `--b\nContent-Type: ${type}; charset=utf-8\n\n${body}\n`;
      const text = part("text/plain", "Grüße, der Deckel ist ab");
      const html = part("text/html", "<p>Der <b>Deckel</b> ist ab &amp; weg</p>");
      const file = part('text/plain; name="log.txt"', "secret log").replace(
        "\n\n",
        "\nContent-Disposition: attachment; filename=log.txt\n\n",
      );
      const as = (kind: string) => ({ "Content-Type": `multipart/${kind}; boundary=b` });
      expect(await read(aMail("1@x", `${text}${html}--b--`, as("alternative")))).toMatchObject({
        text: "Grüße, der Deckel ist ab",
      });
      server.expunge(1);
      expect(await read(aMail("2@x", `${html}${file}--b--`, as("mixed")))).toMatchObject({
        text: "Der Deckel ist ab & weg",
      });
    });

    it("reads encoded headers and bodies", async () => {
      const mail = aMail("1@x", "Der=20Deckel ist=\n kaputt=2C gr=FC=DFe", {
        From: "=?utf-8?B?UsO8bmE=?= <runa@example.org>",
        Subject: "=?iso-8859-1?Q?Gr=FC=DFe?=",
        "Content-Type": "text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding": "quoted-printable",
      });
      expect(await read(mail)).toMatchObject({
        authorName: "Rüna",
        title: "Grüße",
        text: "Der Deckel ist kaputt, grüße",
      });
    });

    it.each([
      ["Mon, 2 Mar 2026 09:59:59 +0000", "2026-03-01T10:00:00.000Z"],
      ["yesterday", "2026-03-01T10:00:00.000Z"],
      ["Sun, 1 Mar 2026 10:30:00 +0200", "2026-03-01T08:30:00.000Z"],
    ])("dates a mail of %s, received 2026-03-01T10:00:00Z, %s", async (date, publishedAt) => {
      expect(await read(aMail("1@x", "Words", { Date: date }))).toMatchObject({ publishedAt });
    });

    it("knows a mail without a usable id by its place", async () => {
      for (const id of [undefined, "", `<${"x".repeat(900)}@x>`]) {
        server.deliver({ raw: aMail("1@x", "Words", { "Message-ID": id }) });
      }
      const ids = idsOf((await poll()).items);
      expect(ids).toEqual([1, 2, 3].map((uid) => `${USER}/INBOX/1700000001/${uid}`));
    });

    it("reads the words of a mail whose attachments are beyond the limit, and says so of one whose words are", async () => {
      const huge = `${"QUJD".repeat(19)}\n`.repeat(400);
      const file = `--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n${huge}`;
      const words = "--b\nContent-Type: text/plain\n\nThe lid cracked\n";
      const headers = { "Content-Type": "multipart/mixed; boundary=b" };
      expect(await read(aMail("1@x", `${words}${file}--b--`, headers), { maxBytes: 10_000 })).toMatchObject({
        text: "The lid cracked",
      });
      server.expunge(1);
      const behind = aMail("2@x", `${file}${words}--b--`, { ...headers, Subject: undefined });
      await expect(read(behind, { maxBytes: 10_000 })).rejects.toMatchObject({
        code: "record_invalid",
        message: expect.stringContaining("maxBytes") as string,
      });
    });

    it.each<[Record<string, string>, string]>([
      [{ "Auto-Submitted": "auto-replied" }, "an automatic mail"],
      [{ Precedence: "auto_reply" }, "an automatic mail"],
      [{ "X-Autoreply": "yes" }, "an automatic mail"],
      [{ "Return-Path": "<>" }, "a bounce"],
      [{ From: "MAILER-DAEMON@mail.example" }, "a bounce"],
      [{ "Content-Type": "multipart/report; report-type=delivery-status; boundary=b" }, "a bounce"],
      [{ "X-Spam-Flag": "YES" }, "spam"],
      [{ "X-Spam-Status": "Yes, score=9.1" }, "spam"],
      [{ "List-Id": "<news.example.org>" }, "mail to a list"],
      [{ "List-Unsubscribe": "<https://news.example.org/out>" }, "mail to a list"],
      [{ Precedence: "bulk" }, "mail to a list"],
    ])("skips mail with %j, keeping none of it", async (headers, reason) => {
      server.deliver({ raw: aMail("1@x", "Words nobody wrote to us", headers) });
      const { items } = await poll();
      expect(parsedOf(items)).toEqual([{ type: "skip", reason }]);
      expect(JSON.stringify(items)).not.toContain("nobody wrote");
    });

    it.each([
      [["$Junk"], "spam"],
      [["\\Draft"], "a draft"],
      [["\\Deleted"], "a mail marked as deleted"],
    ])("skips mail marked %j", async (flags, reason) => {
      expect(await read(aMail("1@x"), {}, flags)).toEqual({ type: "skip", reason });
    });

    it.each<[Record<string, string>, readonly string[], object]>([
      [{ "Auto-Submitted": "no" }, [], {}],
      [{ "X-Spam-Flag": "YES" }, ["$NotJunk"], {}],
      [{ "List-Id": "<support.acme.example>", Precedence: "list" }, [], { includeListMail: true }],
      [{ Precedence: "first-class" }, ["\\Seen"], {}],
    ])("keeps mail with %j marked %j where it is %j", async (headers, flags, options) => {
      expect(await read(aMail("1@x", "Words", headers), options, flags)).toMatchObject({ text: "Words" });
    });

    it("makes dead letters of mails that are none, and goes on", async () => {
      server.deliver({ raw: "" });
      server.deliver({ raw: "\u0000\u0001 not a mail" });
      server.deliver({
        raw: aMail("1@x", `${"--b\nContent-Type: multipart/mixed; boundary=b\n\n".repeat(300)}`, {
          "Content-Type": "multipart/mixed; boundary=b",
        }),
      });
      server.deliver({ raw: aMail("2@x") });
      const { items, error } = await poll();
      expect(error).toBeUndefined();
      expect(items).toHaveLength(4);
      for (const item of items.slice(0, 2)) {
        expect(() => emailIngestor.parse(item, OBSERVED_AT)).toThrow(
          expect.objectContaining({ code: "record_invalid" }) as Error,
        );
      }
      expect(idsOf(items.slice(3))).toEqual(["2@x"]);
      expect(items.map((item) => emailIngestor.position?.(item))[3]).toBe(`${USER}/INBOX/1700000001/4`);
    });

    it("skips a mail without words, whatever is attached", async () => {
      expect(await read(aMail("1@x", "", { Subject: undefined }))).toEqual({
        type: "skip",
        reason: "a mail without words",
      });
    });
  });
});

describe("trimming a mail", () => {
  const reply = (text: string, subject = "Re: Kettle") => trimReply(text, { isReply: true, subject });

  it.each([
    ["On Sun, 1 Mar 2026 at 09:15, Sam <sam@acme.example> wrote:"],
    ["On Sun, 1 Mar 2026 at 09:15, Samantha of Acme\n<sam@acme.example> wrote:"],
    ["Am 01.03.2026 um 09:15 schrieb Sam:"],
    ["Le dim. 1 mars 2026 à 09:15, Sam <sam@acme.example> a écrit :"],
    [""],
  ])("cuts the mail that is quoted to the end under %j", (attribution) => {
    expect(reply(`It still leaks.\n\n${attribution}\n> We are sorry.\n>> leaks\n>\n\n`)).toBe(
      "It still leaks.",
    );
  });

  it.each([
    ["-----Original Message-----\nFrom: Sam"],
    ["-----Ursprüngliche Nachricht-----\nVon: Sam"],
    [
      "________________________________\nFrom: Sam <sam@acme.example>\nSent: Sunday\nTo: Runa\nSubject: Kettle",
    ],
    ["Von: Sam <sam@acme.example>\nGesendet: Sonntag\nAn: Runa\nBetreff: Kettle"],
  ])("cuts the mail that stands below %j", (head) => {
    expect(reply(`It still leaks.\n\n${head}\n\nWe are sorry.`)).toBe("It still leaks.");
  });

  it.each([
    ["answers between quoted lines", "> Which kettle?\nThe red one.\n> Since when?\nMonday."],
    ["an answer below", "> Which kettle?\n\nThe red one."],
    ["nothing but a quote", "> Which kettle?"],
    ["lines that merely look alike", "From: the shop\nI bought a kettle.\nTo: my mother"],
    ["a list under a colon", "I have two complaints:\n- the lid\n- the handle"],
  ])("keeps %s whole", (_what, text) => {
    expect(reply(text)).toBe(text);
  });

  it("keeps the line above a quote that tells not who wrote when", () => {
    expect(reply("You told me this:\n> it is fine")).toBe("You told me this:");
  });

  it("keeps what is forwarded, and quotes in a mail that answers none", () => {
    const text = "See below.\n\n-----Original Message-----\nFrom: Shop\n\nNo refund.";
    expect(reply(text, "Fwd: refund")).toBe(text);
    const quoting = "Your page says:\n> free returns";
    expect(trimReply(quoting, { isReply: false, subject: "Returns" })).toBe(quoting);
  });

  it.each([
    ["It leaks.\n-- \nRuna V.\nKettle Road 1", "It leaks."],
    ["It leaks.\n\nSent from my iPhone", "It leaks."],
    ["It leaks.\n\nVon meinem iPhone gesendet", "It leaks."],
    ["It leaks.\n--\nRuna\n\nOn 1 March 2026 at 9:15 Sam wrote:\n> Sorry", "It leaks."],
    ["It leaks.\n\nOn 1 March 2026 at 9:15 Sam wrote:\n> Sorry\n\n-- \nRuna", "It leaks."],
    ["It leaks.\n\nOn 1 March 2026 at 9:15 Sam wrote:\n> Sorry\n\nSent from my iPhone", "It leaks."],
  ])("cuts the signature of %j", (text, expected) => {
    expect(reply(text)).toBe(expected);
  });

  it.each([
    [`It leaks.\n-- \n${"a long list of complaints\n".repeat(20)}`.trim()],
    ["-- \nRuna V."],
    ["It was sent from my iPhone order page and never came."],
  ])("keeps %j, which may be no signature", (text) => {
    expect(reply(text)).toBe(
      text
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n"),
    );
  });

  it.each<[piece: string, end: string]>([
    ["> ", ""],
    ["On ", "wrote:\n> x"],
    ["From: x\n", ""],
    ["-", ""],
  ])("takes time in proportion to the length for %j over and over", (piece, end) => {
    const cost = (times: number, length: number) => {
      const text = piece.repeat(length / piece.length) + end;
      const started = process.cpuUsage();
      for (let i = 0; i < times; i++) reply(text);
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1_000;
    };
    // as much in one piece as in eight: quadratic work takes eight times as long
    const inPieces = cost(8, 24_000);
    expect(cost(1, 192_000)).toBeLessThan(inPieces * 3 + 50);
  });
});
