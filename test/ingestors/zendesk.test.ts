import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBudget } from "../../core/budget.ts";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { zendeskIngestor } from "../../ingestors/zendesk/index.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const TOKEN = "planted-api-token";
const AGENT = { id: 80, name: "Sam of Acme", role: "agent" };
const CUSTOMER = { id: 71, name: "Runa V.", role: "end-user" };
const fixture = (name: string) =>
  readFileSync(resolve(import.meta.dirname, `../fixtures/zendesk/${name}.json`), "utf8");

interface Ticket {
  readonly id: number;
  readonly [field: string]: unknown;
}

function aTicket(id: number, fields: object = {}): Ticket {
  return {
    id,
    subject: `Ticket ${id}`,
    description: "The kettle leaks",
    status: "open",
    created_at: new Date(Date.parse(OBSERVED_AT) - 86_400_000 + id * 1_000).toISOString(),
    updated_at: new Date(Date.parse(OBSERVED_AT) - 80_000_000 + id * 1_000).toISOString(),
    requester_id: CUSTOMER.id,
    submitter_id: CUSTOMER.id,
    is_public: true,
    comment_count: 1,
    ...fields,
  };
}

function aComment(id: number, fields: object = {}): object {
  return {
    id,
    author_id: AGENT.id,
    public: true,
    plain_body: `Comment ${id}`,
    created_at: new Date(Date.parse(OBSERVED_AT) - 3_600_000 + id * 1_000).toISOString(),
    ...fields,
  };
}

function json(body: unknown, headers: Record<string, string> = {}): StubAnswer {
  return {
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: { body: "<html>Maintenance</html>" },
  rate_limited: { status: 429, headers: { "ratelimit-remaining": "0", "ratelimit-reset": "41" } },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  unavailable: { status: 503 },
  hang: { hang: "before_headers" },
};

/** Zendesk's stand-in; the export gives two tickets at a time, and a cursor is how many changes were given. */
async function startZendesk() {
  const server = await startStubServer();
  const changes: Ticket[] = [];
  const comments = new Map<number, object[]>();
  const ratings = new Map<number, object>();
  const users = [AGENT, CUSTOMER];
  let count = 0;
  let trouble: Trouble | undefined;
  let before = 0;
  let headers: Record<string, string> = {};
  const now = (id: number) => {
    const ticket = changes.findLast((change) => change.id === id);
    return ticket === undefined || ticket["status"] === "deleted" ? undefined : ticket;
  };
  server.on("*", ({ path }) => {
    if (trouble !== undefined) return TROUBLES[trouble];
    const url = new URL(path, server.url);
    const parameter = (name: string) => url.searchParams.get(name);
    if (url.pathname === "/api/v2/incremental/tickets/cursor.json") {
      const cursor = parameter("cursor");
      if (cursor !== null && !/^after-\d+$/.test(cursor)) return { status: 400, body: "{}" };
      if (cursor === null && Number(parameter("start_time")) > Date.parse(OBSERVED_AT) / 1_000 - 60) {
        return { status: 422 };
      }
      const start = cursor === null ? 0 : Number(cursor.slice(6));
      const end = Math.min(start + 2, changes.length);
      const given = {
        tickets: changes.slice(start, end),
        users,
        after_cursor: end === 0 ? null : `after-${end}`,
        end_of_stream: end === changes.length,
      };
      return json(given, headers);
    }
    if (url.pathname === "/api/v2/tickets/show_many.json") {
      const ids = (parameter("ids") ?? "").split(",").map(Number);
      // as archived ones are
      const shown = ids.flatMap((id) => now(id) ?? []).filter((ticket) => ticket["archived"] !== true);
      return json({ tickets: shown, users });
    }
    const [, id = 0, isComments] = /^\/api\/v2\/tickets\/(\d+)(\/comments)?\.json$/.exec(url.pathname) ?? [];
    const ticket = now(Number(id));
    if (ticket !== undefined && isComments !== undefined) {
      const all = comments.get(ticket.id) ?? [];
      const start = Number(parameter("page[after]") ?? 0);
      const end = start + Math.min(2, Number(parameter("page[size]")));
      const meta = { has_more: end < all.length, after_cursor: String(end) };
      return json({ comments: all.slice(start, end), users, meta });
    }
    if (ticket !== undefined) return json({ ticket, users });
    const [, rating = 0] = /^\/api\/v2\/satisfaction_ratings\/(\d+)\.json$/.exec(url.pathname) ?? [];
    const found = ratings.get(Number(rating));
    return found === undefined ? { status: 404, body: "{}" } : json({ satisfaction_rating: found });
  });
  return {
    server,
    changes,
    comments,
    ratings,
    config: { subdomain: "acme", email: "admin@acme.example", token: TOKEN, endpoint: server.url },
    publish(many: number) {
      return Array.from({ length: many }, () => {
        const ticket = aTicket(++count);
        changes.push(ticket);
        return `acme/${ticket.id}`;
      });
    },
    remove(id: string) {
      changes.push({ id: Number(id.split("/")[1]), status: "deleted" });
    },
    trouble(next: Trouble | undefined) {
      trouble = next;
      before = server.requests.length;
    },
    sendHeaders(next: Record<string, string>) {
      headers = next;
    },
    asked: () => server.received(before + 1),
    close: () => server.close(),
  };
}
type Zendesk = Awaited<ReturnType<typeof startZendesk>>;

ingestorContract("zendesk", {
  ingestor: zendeskIngestor,
  severalPages: 7,
  retryAfterMs: 41_000,
  foreignCursor: { account: "another", since: "2026-01-01T00:00:00.000Z", after: "after-99" },
  async open() {
    const zendesk = await startZendesk();
    return {
      ...zendesk,
      publishBroken: () => void zendesk.changes.push(aTicket(99_999, { created_at: "yesterday" })),
    };
  },
});

describe("the zendesk ingestor", () => {
  let zendesk: Zendesk;
  beforeEach(async () => {
    zendesk = await startZendesk();
  });
  afterEach(() => zendesk.close());

  const contextOf = () => aContext(OBSERVED_AT);
  const runOf = (options: object = {}, run: object = {}) =>
    aPollRun({
      config: zendeskIngestor.config.parse({ ...zendesk.config, ...options }),
      context: contextOf(),
      signal: AbortSignal.timeout(20_000),
      ...run,
    });
  async function poll(options: object = {}, cursor?: unknown, run: object = {}) {
    const pages: Page<unknown>[] = [];
    let error: unknown;
    try {
      for await (const page of zendeskIngestor.poll(runOf(options, { cursor, ...run }))) pages.push(page);
    } catch (thrown) {
      error = thrown;
    }
    const last = pages.findLast((page) => page.cursor !== undefined)?.cursor;
    return {
      error,
      pages,
      items: pages.flatMap((page) => page.items),
      cursor: JSON.parse(JSON.stringify(last ?? cursor ?? null)) as unknown,
    };
  }
  const reread = async (ids: readonly string[], run: object = {}) =>
    (await zendeskIngestor.reread?.(ids, runOf({}, run))) ?? { items: [], gone: [] };
  const parsedOf = (items: readonly unknown[]) =>
    items.map((item) => zendeskIngestor.parse(item, OBSERVED_AT));
  const mentionsOf = (items: readonly unknown[]): MentionFields[] =>
    parsedOf(items).flatMap((parsed) => (parsed.type === "upsert" ? [parsed.mention] : []));
  const idsOf = (items: readonly unknown[]) => mentionsOf(items).map(({ nativeId }) => nativeId);
  const paths = () => zendesk.server.requests.map(({ path }) => decodeURIComponent(path));
  const replayFixtures = () => {
    const { server } = zendesk;
    server.on("/api/v2/incremental/tickets/cursor.json", { body: fixture("export") });
    server.on("/api/v2/tickets/4101/comments.json", { body: fixture("comments-4101") });
    server.on("/api/v2/satisfaction_ratings/6601.json", { body: fixture("rating-6601") });
    const opening = aComment(1, { public: false, plain_body: "INTERNAL customer 71001 is litigious" });
    const mailed = aComment(2, { plain_body: "Please send your kettle back." });
    server.on("/api/v2/tickets/4103/comments.json", json({ comments: [opening, mailed], users: [AGENT] }));
  };

  describe("asking", () => {
    it("starts thirty days back and goes on with Zendesk's cursor", async () => {
      zendesk.publish(1);
      const { cursor } = await poll();
      await poll({}, cursor);
      const start = Date.parse("2026-01-31T10:00:00Z") / 1_000;
      const path = "/api/v2/incremental/tickets/cursor.json";
      expect(paths()).toEqual([
        `${path}?start_time=${start}&per_page=100&include=users,comment_count`,
        `${path}?cursor=after-1&per_page=100&include=users,comment_count`,
      ]);
    });

    it.each([
      ["2026-02-01", "2026-02-01T00:00:00Z"],
      ["2026-02-01T10:00:00+02:00", "2026-02-01T08:00:00Z"],
      ["2026-03-02T10:00:00Z", "2026-03-02T09:58:00Z"],
    ])("starts at since, %s, but never in the last minute", async (since, expected) => {
      await poll({ since });
      expect(paths()[0]).toContain(`start_time=${Date.parse(expected) / 1_000}&`);
    });

    it("keeps to where it began until something changes", async () => {
      const { cursor } = await poll();
      const later = { context: aContext("2026-03-09T10:00:00.000Z") };
      await poll({}, cursor, later);
      expect(paths()[1]).toBe(paths()[0]);
    });

    it("uses an API token as Zendesk wants it, or an OAuth token", async () => {
      await poll();
      await poll({ email: undefined, token: undefined, oauthToken: TOKEN });
      const basic = Buffer.from(`admin@acme.example/token:${TOKEN}`).toString("base64");
      expect(zendesk.server.requests.map(({ headers }) => headers.authorization)).toEqual([
        `Basic ${basic}`,
        `Bearer ${TOKEN}`,
      ]);
    });

    it.each([
      [{ email: undefined }],
      [{ token: undefined }],
      [{ oauthToken: "x" }],
      [{ subdomain: "evil.example/x?" }],
      [{ since: "last week" }],
    ])("refuses a config with %j", (options) => {
      expect(zendeskIngestor.config.safeParse({ ...zendesk.config, ...options }).success).toBe(false);
    });

    it("stops when the export's allowance is used up, and goes on from there", async () => {
      const published = zendesk.publish(5);
      zendesk.sendHeaders({
        "ratelimit-remaining": "600",
        "ratelimit-reset": "9",
        "zendesk-ratelimit-incremental-exports": "total=10; remaining=0; resets=33",
      });
      const first = await poll();
      expect(first.error).toBeUndefined();
      expect(first.pages.map(({ notBefore }) => notBefore)).toEqual(["2026-03-02T10:00:33.000Z"]);
      zendesk.sendHeaders({ "ratelimit-remaining": "600", "ratelimit-reset": "9" });
      const second = await poll({}, first.cursor);
      expect(idsOf([...first.items, ...second.items])).toEqual(published);
    });

    it("goes on in the middle of an answer where few requests are allowed, and asks for nothing twice", async () => {
      for (let id = 1; id <= 7; id++) {
        zendesk.changes.push(aTicket(id, { comment_count: 2 }));
        zendesk.comments.set(id, [aComment(id * 10), aComment(id * 10 + 1)]);
      }
      const ids: string[] = [];
      let cursor: unknown;
      for (let minute = 0; ; minute++) {
        expect(minute).toBeLessThan(10);
        const budget = openBudget("zendesk", { requestsPerMinute: 2 }, [], contextOf());
        const read = await poll({}, cursor, { budget });
        ids.push(...idsOf(read.items));
        cursor = read.cursor;
        if (read.error === undefined) break;
        expect(read.error).toMatchObject({ code: "budget_spent" });
      }
      const all = [1, 2, 3, 4, 5, 6, 7].flatMap((id) => [`acme/${id}`, `acme/${id}/comments/${id * 10 + 1}`]);
      expect(ids).toEqual(all);
      expect(paths().filter((path) => path.includes("/comments"))).toHaveLength(7);
    });

    it("reads a ticket again that changed while a limit kept it waiting", async () => {
      zendesk.changes.push(aTicket(1), aTicket(2, { comment_count: 2 }));
      const budget = openBudget("zendesk", { requestsPerMinute: 1 }, [], contextOf());
      const first = await poll({}, undefined, { budget });
      expect(idsOf(first.items)).toEqual(["acme/1"]);
      zendesk.changes[0] = aTicket(1, { subject: "Kettle", updated_at: "2026-03-02T09:00:00Z" });
      expect(idsOf((await poll({}, first.cursor)).items)).toEqual(["acme/1", "acme/2"]);
    });

    it("calls a cursor Zendesk does not take any more lost", async () => {
      const cursor = { account: "acme", since: "2026-01-01T00:00:00.000Z", after: "expired" };
      expect((await poll({}, cursor)).error).toMatchObject({ code: "cursor_lost" });
    });

    it("names subdomain when there is no such account, and the keys when it is refused", async () => {
      zendesk.server.on("*", { status: 404 });
      expect((await poll()).error).toMatchObject({
        code: "source_changed",
        message: expect.stringContaining("subdomain") as string,
      });
      zendesk.server.on("*", { status: 401 });
      expect((await poll()).error).toMatchObject({
        message: expect.stringContaining("email and token") as string,
      });
      const oauth = { email: undefined, token: undefined, oauthToken: "x" };
      expect((await poll(oauth)).error).toMatchObject({
        message: expect.stringContaining("oauthToken") as string,
      });
    });

    it.each([
      [json({})],
      [json([])],
      [json({ tickets: [], end_of_stream: "no" })],
      [json({ tickets: [], after_cursor: null, end_of_stream: false })],
      [json({ tickets: [], after_cursor: "same", end_of_stream: false })],
    ])("calls an answer like %j source_changed, and does not ask for ever", async (answer) => {
      zendesk.server.on("*", answer);
      expect((await poll()).error).toMatchObject({ code: "source_changed" });
      expect(paths().length).toBeLessThan(3);
    });

    it("puts no token into any error, whatever fails", async () => {
      const planted = [TOKEN, Buffer.from(`admin@acme.example/token:${TOKEN}`).toString("base64")];
      const troubles = Object.values(TROUBLES).filter(({ hang }) => hang === undefined);
      const answers = [
        ...troubles,
        { status: 418, body: TOKEN },
        { redirectTo: `/?t=${TOKEN}` },
        json(TOKEN),
      ];
      for (const answer of answers) {
        zendesk.server.on("*", answer);
        const failures = [
          (await poll()).error,
          (await poll({ email: undefined, token: undefined, oauthToken: TOKEN })).error,
          await reread(["acme/1"]).catch((error: unknown) => error),
        ];
        for (const error of failures) {
          expect(error).toBeInstanceOf(EarshotError);
          const shown = inspect(error, { depth: 9 }) + JSON.stringify(error);
          for (const secret of planted) expect(shown).not.toContain(secret);
        }
      }
    });
  });

  describe("reading what Zendesk shows", () => {
    it("reads tickets, public comments and ratings field by field", async () => {
      replayFixtures();
      const { items } = await poll();
      const url = "https://acme.zendesk.com/agent/tickets/4101";
      const under = { url, parentId: "zendesk:acme/4101", threadId: "zendesk:acme/4101" };
      const runa = { authorId: "71001", authorName: "Runa V." };
      expect(mentionsOf(items)).toEqual([
        {
          platform: "zendesk",
          nativeId: "acme/4101",
          kind: "ticket",
          publishedAt: "2026-02-27T08:15:00.000Z",
          revision: Date.parse("2026-03-01T17:40:12Z"),
          byUs: false,
          ...runa,
          title: "Kettle lid cracked",
          text: "Hello,\n\nthe lid cracked after two weeks.\n\nRuna",
          url,
          threadId: "zendesk:acme/4101",
        },
        {
          platform: "zendesk",
          nativeId: "acme/4101/comments/900103",
          kind: "comment",
          publishedAt: "2026-02-27T09:00:00.000Z",
          byUs: true,
          inReplyToUs: false,
          authorId: "80001",
          authorName: "Sam of Acme",
          text: "Hello Runa,\nwe are sorry & will send a lid.",
          ...under,
        },
        {
          platform: "zendesk",
          nativeId: "acme/4101/comments/900104",
          kind: "comment",
          publishedAt: "2026-03-01T16:00:00.000Z",
          byUs: false,
          inReplyToUs: true,
          ...runa,
          text: "It still has not come.",
          ...under,
        },
        expect.objectContaining({ nativeId: "acme/4101/comments/900105", byUs: true, authorName: "" }),
        {
          platform: "zendesk",
          nativeId: "acme/4101/ratings/6601",
          kind: "survey",
          publishedAt: "2026-03-01T17:30:00.000Z",
          revision: Date.parse("2026-03-01T17:40:12Z"),
          ...runa,
          text: "Took a week",
          rating: 0,
          ratingMax: 1,
          ...under,
        },
        expect.objectContaining({ nativeId: "acme/4102", revision: 0, authorName: "Odd B." }),
        expect.objectContaining({ nativeId: "acme/4103", title: "Your kettle: recall", text: "" }),
        expect.objectContaining({ nativeId: "acme/4103/comments/2", byUs: true }),
      ]);
    });

    it("brings no word of an internal note, not even where a ticket begins with one", async () => {
      replayFixtures();
      const { items } = await poll();
      expect(JSON.stringify(mentionsOf(items))).not.toContain("INTERNAL");
      expect(parsedOf(items)).toContainEqual({ type: "skip", reason: "a ticket nobody outside can see" });
      const comment = { id: 1, author_id: 80, public: false, body: "INTERNAL", created_at: OBSERVED_AT };
      const item = { account: "acme", ticketId: 1, comment, inReplyToUs: false };
      expect(() => zendeskIngestor.parse(item, OBSERVED_AT)).toThrow(
        expect.objectContaining({ code: "record_invalid" }) as Error,
      );
    });

    it("tells that a ticket was deleted", async () => {
      replayFixtures();
      expect(parsedOf((await poll()).items)).toContainEqual({
        type: "delete",
        id: "zendesk:acme/4090",
        reason: "The ticket was deleted in Zendesk.",
      });
    });

    it("asks for comments only where there are some, and reads all their pages", async () => {
      zendesk.changes.push(aTicket(1), aTicket(2, { comment_count: 5 }), aTicket(3, { comment_count: null }));
      zendesk.comments.set(
        2,
        [1, 2, 3, 4, 5].map((id) => aComment(id)),
      );
      zendesk.comments.set(3, [aComment(6)]);
      const { items } = await poll();
      expect(idsOf(items)).toEqual([
        "acme/1",
        "acme/2",
        ...[2, 3, 4, 5].map((id) => `acme/2/comments/${id}`),
        "acme/3",
      ]);
      expect(
        paths()
          .filter((path) => path.includes("/comments"))
          .map((path) => path.slice(0, 17)),
      ).toEqual(["/api/v2/tickets/2", "/api/v2/tickets/2", "/api/v2/tickets/2", "/api/v2/tickets/3"]);
    });

    it("brings a changed ticket as a later revision of the same mention", async () => {
      zendesk.publish(1);
      const { items, cursor } = await poll();
      zendesk.changes.push(aTicket(1, { subject: "Kettle", updated_at: "2026-03-02T09:00:00Z" }));
      const second = await poll({}, cursor);
      expect(mentionsOf(second.items)).toMatchObject([{ nativeId: "acme/1", title: "Kettle" }]);
      expect(mentionsOf(second.items)[0]?.revision).toBeGreaterThan(mentionsOf(items)[0]?.revision ?? 0);
      expect(mentionsOf(second.items)[0]?.publishedAt).toBe(mentionsOf(items)[0]?.publishedAt);
    });

    it("takes what staff ask for ours, skips what has no words, and keeps what it reads only", async () => {
      zendesk.changes.push(
        aTicket(1, { requester_id: AGENT.id, custom_fields: ["x".repeat(9_000)] }),
        aTicket(2, { subject: " ", description: null }),
        aTicket(3, { comment_count: 2 }),
      );
      zendesk.comments.set(3, [aComment(1), aComment(2, { plain_body: "" })]);
      const { items } = await poll();
      expect(mentionsOf(items)[0]?.byUs).toBe(true);
      expect(JSON.stringify(items[0]).length).toBeLessThan(600);
      expect(parsedOf(items).map(({ type }) => type)).toEqual(["upsert", "skip", "upsert", "skip"]);
      expect(items.map((item) => zendeskIngestor.position?.(item))).toEqual([
        "ticket 1",
        "ticket 2",
        "ticket 3",
        "comment 2 of ticket 3",
      ]);
    });

    it.each([{ comment_count: "2" }, { submitter_id: "80" }, { via: "web" }, { status: 3 }])(
      "shows no internal note of a ticket that comes with %j",
      async (odd) => {
        const noted = { submitter_id: AGENT.id, comment_count: 2, description: "INTERNAL" };
        zendesk.changes.push(aTicket(1, { ...noted, ...odd }));
        zendesk.comments.set(1, [aComment(1, { public: false }), aComment(2)]);
        const told = mentionsOf((await poll()).items);
        const again = mentionsOf((await reread(["acme/1"])).items);
        expect(JSON.stringify([told, again])).not.toContain("INTERNAL");
        expect(told.map(({ nativeId }) => nativeId)).toEqual(["acme/1", "acme/1/comments/2"]);
      },
    );

    it("takes what staff write to a customer for ours, and what they note down for a customer for theirs", async () => {
      const byAgent = { via: { channel: "web" }, submitter_id: AGENT.id, comment_count: 2 };
      zendesk.changes.push(aTicket(1, byAgent), aTicket(2, byAgent));
      // a shop's form, say, that hands on what customers write with the key of an admin
      zendesk.changes.push(aTicket(3, { ...byAgent, via: { channel: "api" } }));
      const answer = aComment(2, { author_id: CUSTOMER.id });
      for (const id of [1, 3]) zendesk.comments.set(id, [aComment(1), answer]);
      zendesk.comments.set(2, [aComment(1, { public: false }), answer]);
      const told = mentionsOf((await poll()).items).filter(({ kind }) => kind === "ticket");
      const again = mentionsOf((await reread(["acme/1", "acme/2", "acme/3"])).items);
      for (const tickets of [told, again]) {
        expect(tickets.map(({ byUs, authorId }) => [byUs, authorId])).toEqual([
          [true, "80"],
          [false, "71"],
          [false, "71"],
        ]);
      }
    });

    it("brings of a past window what was written in it, however it changed later", async () => {
      const from = "2026-02-10T00:00:00.000Z";
      const to = "2026-02-11T00:00:00.000Z";
      zendesk.changes.push(
        aTicket(1, { created_at: "2026-02-10T08:00:00Z", updated_at: "2026-03-01T08:00:00Z" }),
        aTicket(2),
        { id: 3, status: "deleted" },
      );
      const items: unknown[] = [];
      for await (const page of zendeskIngestor.backfill?.({ from, to }, runOf()) ?? [])
        items.push(...page.items);
      expect(idsOf(items)).toEqual(["acme/1"]);
      expect(paths()[0]).toContain(`start_time=${Date.parse(from) / 1_000}&`);
    });
  });

  describe("reading again", () => {
    it("asks for a hundred tickets at once, and alone for those left out", async () => {
      const ids = zendesk.publish(150);
      zendesk.changes.push(aTicket(7, { archived: true }));
      zendesk.remove("acme/9");
      const { items, gone } = await reread([...ids, "another/1", "acme/x", "acme/1/notes/4"]);
      expect(idsOf(items)).toHaveLength(149);
      expect(gone.map(({ id }) => id)).toEqual(["acme/9"]);
      expect(paths().map((path) => path.replace(/\?.*/, ""))).toEqual([
        "/api/v2/tickets/show_many.json",
        "/api/v2/tickets/7.json",
        "/api/v2/tickets/9.json",
        "/api/v2/tickets/show_many.json",
      ]);
    });

    it("tells what became internal, and shows no internal note", async () => {
      zendesk.changes.push(
        aTicket(1, { is_public: false }),
        aTicket(2, { submitter_id: AGENT.id, comment_count: 2, description: "INTERNAL" }),
        aTicket(3, { comment_count: 3 }),
      );
      zendesk.comments.set(2, [aComment(20, { public: false }), aComment(21)]);
      zendesk.comments.set(3, [aComment(30), aComment(31, { public: false }), aComment(32)]);
      const { items, gone } = await reread([
        ...["acme/1", "acme/2", "acme/3"],
        ...["acme/3/comments/31", "acme/3/comments/32", "acme/4/comments/40"],
      ]);
      expect(JSON.stringify(mentionsOf(items))).not.toContain("INTERNAL");
      expect(idsOf(items)).toEqual(["acme/2", "acme/3", "acme/3/comments/32"]);
      expect(gone.map(({ id }) => id)).toEqual(["acme/1", "acme/3/comments/31", "acme/4/comments/40"]);
    });

    it("finds all of a deleted ticket gone, even while Zendesk still shows its comments", async () => {
      zendesk.publish(2);
      zendesk.remove("acme/1");
      zendesk.server.on("/api/v2/tickets/1/comments.json", json({ comments: [aComment(10), aComment(11)] }));
      zendesk.server.on("/api/v2/tickets/2.json", json({ ticket: { id: 2, status: "deleted" } }));
      zendesk.remove("acme/2");
      const due = ["acme/1/comments/11", "acme/1/ratings/5", "acme/2", "acme/2/comments/20"];
      const { items, gone } = await reread(due);
      expect(items).toEqual([]);
      expect(gone.map(({ id }) => id)).toEqual(due);
    });

    it("reads ratings with their author, or says they are gone", async () => {
      zendesk.publish(1);
      const rating = {
        id: 5,
        ticket_id: 1,
        requester_id: CUSTOMER.id,
        score: "good",
        created_at: OBSERVED_AT,
      };
      zendesk.ratings.set(5, rating);
      const { items, gone } = await reread(["acme/1/ratings/5", "acme/1/ratings/6"]);
      expect(mentionsOf(items)).toMatchObject([{ kind: "survey", rating: 1, authorName: "Runa V." }]);
      expect(gone.map(({ id }) => id)).toEqual(["acme/1/ratings/6"]);
    });

    it("keeps what it has read when the budget ends", async () => {
      const ids = zendesk.publish(150);
      const budget = openBudget("zendesk", { requestsPerDay: 1 }, [], contextOf());
      const { items, gone } = await reread(ids, { budget });
      expect(idsOf(items)).toEqual(ids.slice(0, 100));
      expect(gone).toEqual([]);
    });
  });
});
