import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import type { QueryNode } from "../../core/query/query.ts";
import { mastodonIngestor } from "../../ingestors/mastodon/index.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer, type StubServer } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const NOW = Date.parse(OBSERVED_AT);
const MINUTE = 60_000;
const TOKEN = "token-nobody-may-see";

const fixtures = resolve(import.meta.dirname, "../fixtures/mastodon");
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures/mastodon");
const hasRecordings = existsSync(recordings);
if (!hasRecordings)
  console.warn(
    "SKIPPED: tests on recorded statuses; ../shared/fixtures/mastodon is not beside this checkout",
  );

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(fixtures, name), "utf8"));
}

interface Status {
  id: string;
  tag: string;
  [key: string]: unknown;
}

const HASHTAG_FEEDS = { local: "public", remote: "public" };

/** Answers as a Mastodon server does, from a list of statuses. */
class FakeMastodon {
  readonly server: StubServer;
  statuses: Status[] = [];
  hashtagFeeds: object | undefined = HASHTAG_FEEDS;
  trouble: StubAnswer | undefined;
  /** Requests left in this window, when somebody counts. */
  remaining: number | undefined;
  resetAt = "2026-03-02T10:04:00.000Z";
  knowsBulk = true;
  private count = 0;

  constructor(server: StubServer) {
    this.server = server;
    server.on("*", ({ path }) => {
      if (this.trouble !== undefined) return this.trouble;
      const answer = this.answer(new URL(path, server.url));
      if (this.remaining === undefined) return answer;
      this.remaining--;
      const headers = {
        "x-ratelimit-limit": "300",
        "x-ratelimit-remaining": String(this.remaining),
        "x-ratelimit-reset": this.resetAt,
      };
      return { ...answer, headers };
    });
  }

  get host(): string {
    return new URL(this.server.url).host;
  }

  /** Paths asked so far, beside the look at the server itself. */
  get asked(): string[] {
    return this.server.requests.map(({ path }) => path).filter((path) => path !== "/api/v2/instance");
  }

  add(at: number, fields: Record<string, unknown> = {}): Status {
    const id = String((BigInt(at) << 16n) + BigInt(++this.count));
    const status = {
      id,
      tag: "acme",
      uri: `${this.server.url}/users/maud/statuses/${id}`,
      url: `${this.server.url}/@maud/${id}`,
      created_at: new Date(at).toISOString(),
      edited_at: null,
      in_reply_to_id: null,
      content: `<p>The parcel ${this.count} never arrived</p>`,
      account: { acct: "maud", username: "maud", url: `${this.server.url}/@maud`, followers_count: 5 },
      ...fields,
    };
    this.statuses.push(status);
    return status;
  }

  private answer({ pathname, searchParams }: URL): StubAnswer {
    if (pathname === "/api/v2/instance") {
      const timelines = this.hashtagFeeds === undefined ? {} : { hashtag_feeds: this.hashtagFeeds };
      return json({ domain: "tooting.example", configuration: { timelines_access: timelines } });
    }
    if (pathname === "/api/v1/statuses") {
      if (!this.knowsBulk) return { status: 404, ...json({ error: "Not Found" }) };
      const ids = searchParams.getAll("id[]");
      return ids.length > 20 ? { status: 422 } : json(this.statuses.filter(({ id }) => ids.includes(id)));
    }
    if (pathname === "/api/v1/accounts/lookup") {
      const acct = (searchParams.get("acct") ?? "").replace(/@.*/, "");
      const isKnown = this.statuses.some(({ account }) => (account as { acct: string }).acct === acct);
      return isKnown ? json({ id: `id-${acct}` }) : { status: 404, ...json({ error: "Record not found" }) };
    }
    const [, author] = /^\/api\/v1\/accounts\/id-(.+)\/statuses$/.exec(pathname) ?? [];
    if (author !== undefined) {
      return json(this.after(searchParams, ({ account }) => (account as { acct: string }).acct === author));
    }
    const [, tag] = /^\/api\/v1\/timelines\/tag\/(.+)$/.exec(pathname) ?? [];
    if (tag !== undefined)
      return json(this.after(searchParams, (status) => status.tag === decodeURIComponent(tag)));
    const found = this.statuses.find(({ id }) => pathname === `/api/v1/statuses/${id}`);
    return found === undefined ? { status: 404, ...json({ error: "Record not found" }) } : json(found);
  }

  private after(asked: URLSearchParams, isListed: (status: Status) => boolean): Status[] {
    const after = BigInt(asked.get("min_id") ?? 0);
    return this.statuses
      .filter((status) => isListed(status) && BigInt(status.id) > after)
      .toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
      .slice(0, Number(asked.get("limit")))
      .toReversed();
  }
}

function json(body: unknown): StubAnswer {
  return { body: JSON.stringify(body) };
}

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: { body: "<html>Sorry</html>" },
  rate_limited: {
    status: 429,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-03-02T10:03:00.000000Z" },
  },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  unavailable: { status: 502 },
  hang: { hang: "before_headers" },
};

ingestorContract("mastodon", {
  ingestor: mastodonIngestor,
  severalPages: 90,
  retryAfterMs: 180_000,
  foreignCursor: { timelines: { "elsewhere.example/acme": { newest: 1, marks: ["x"] } } },
  async open() {
    const fake = new FakeMastodon(await startStubServer());
    let before = 0;
    const next = () => NOW - 3 * 24 * 60 * MINUTE + fake.statuses.length * MINUTE;
    return {
      config: { servers: [{ endpoint: `${fake.server.url}/` }], hashtags: ["#Acme"] },
      publish: (count) => Array.from({ length: count }, () => String(fake.add(next())["uri"])),
      publishBroken: () => void fake.add(next(), { content: null }),
      remove: (uri) => void (fake.statuses = fake.statuses.filter((status) => status["uri"] !== uri)),
      trouble(trouble) {
        fake.trouble = trouble === undefined ? undefined : TROUBLES[trouble];
        before = fake.server.requests.length;
      },
      asked: () => fake.server.received(before + 1),
      close: () => fake.server.close(),
    };
  },
});

describe("the mastodon ingestor", () => {
  let fake: FakeMastodon;
  let other: FakeMastodon;
  beforeEach(async () => {
    fake = new FakeMastodon(await startStubServer());
    other = new FakeMastodon(await startStubServer());
  });
  afterEach(() => Promise.all([fake.server.close(), other.server.close()]));

  const both = () => [{ endpoint: fake.server.url }, { endpoint: other.server.url }];

  function run(options: object = {}, rest: object = {}) {
    const config = mastodonIngestor.config.parse({
      servers: [{ endpoint: fake.server.url }],
      hashtags: ["acme"],
      ...options,
    });
    return aPollRun({ config, context: aContext(OBSERVED_AT), ...rest });
  }

  async function poll(options: object = {}, rest: object = {}) {
    const pages: Page<unknown>[] = [];
    for await (const page of mastodonIngestor.poll(run(options, rest))) pages.push(page);
    const items = pages.flatMap((page) => page.items);
    return {
      pages,
      items,
      mentions: items.map(asMention),
      ids: items.map((item) => asMention(item).nativeId),
      cursor: pages.findLast((page) => page.cursor !== undefined)?.cursor,
      gaps: pages.flatMap(({ gap }) => gap ?? []),
    };
  }

  async function errorOf(polling: Promise<unknown>): Promise<EarshotError> {
    const error: unknown = await polling.catch((thrown: unknown) => thrown);
    if (!(error instanceof EarshotError)) throw new Error(`expected an EarshotError, got ${String(error)}`);
    return error;
  }

  describe("hashtags", () => {
    it("follows those of the config, each once, whatever their case", async () => {
      await poll({ hashtags: ["#Acme", "acme", "Grüße"], lookbackDays: 1 });
      const since = (BigInt(NOW - 24 * 60 * MINUTE) << 16n) - 1n;
      expect(fake.asked).toEqual([
        `/api/v1/timelines/tag/acme?limit=40&min_id=${since}`,
        `/api/v1/timelines/tag/gr%C3%BC%C3%9Fe?limit=40&min_id=${since}`,
      ]);
    });

    it("takes the #words of the trackers' queries, but not those that are excluded", async () => {
      const word = (text: string) => ({ type: "word", text }) as const;
      const root: QueryNode = {
        type: "or",
        nodes: [
          { type: "and", nodes: [word("#Acme"), { type: "not", node: word("#jobs") }, word("#refund*")] },
          { type: "near", left: word("late"), right: word("#parcel"), distance: 5 },
          { type: "phrase", words: ["#acmefail", "again"] },
          { type: "field", name: "lang", value: "#en" },
        ],
      };
      await poll({ hashtags: [] }, { queries: [{ tracker: "acme", query: { text: "", root } }] });
      const tags = fake.asked.map((path) => /tag\/(\w+)/.exec(path)?.[1]);
      expect(tags).toEqual(["acme", "parcel", "acmefail"]);
    });

    it("says so when there are none", async () => {
      const query = { text: "acme", root: { type: "word", text: "acme" } } as const;
      const error = await errorOf(poll({ hashtags: [] }, { queries: [{ tracker: "acme", query }] }));
      expect(error.code).toBe("config_invalid");
      expect(error.message).toContain("set hashtags");
    });

    it("yields once what has two of them, or comes through two servers", async () => {
      const status = fake.add(NOW - MINUTE);
      fake.statuses.push({ ...status, tag: "fail" });
      other.add(NOW - MINUTE, { uri: status["uri"] });
      const options = { servers: both(), hashtags: ["acme", "fail"] };
      const { ids, cursor } = await poll(options);
      expect(ids).toEqual([status["uri"]]);
      expect((await poll(options, { cursor })).ids).toEqual([]);
      expect(Object.keys((cursor as { timelines: object }).timelines)).toEqual([
        `${fake.host}/acme`,
        `${fake.host}/fail`,
        `${other.host}/acme`,
      ]);
    });
  });

  describe("walking", () => {
    it("goes from old to new and can stop after each page", async () => {
      const uris = Array.from(
        { length: 100 },
        (_, index) => fake.add(NOW - 6_000 * MINUTE + index * 60_000)["uri"],
      );
      const { pages } = await poll();
      expect(pages.map(({ items }) => items.length)).toEqual([40, 40, 20]);
      const [first] = pages;
      const rest = await poll({}, { cursor: first?.cursor });
      expect(new Set(rest.ids)).toEqual(new Set(uris.slice(40)));
    });

    it("reads the last six hours again for what came late, and for edits", async () => {
      const old = fake.add(NOW - 30 * MINUTE);
      fake.add(NOW - 5 * MINUTE);
      const first = await poll();
      expect(first.mentions.map(({ revision }) => revision)).toEqual([0, 0]);
      const late = fake.add(NOW - 364 * MINUTE);
      old["edited_at"] = "2026-03-02T09:59:00.000Z";
      old["content"] = "<p>It has arrived</p>";
      const second = await poll({}, { cursor: first.cursor });
      expect(second.mentions).toMatchObject([
        { nativeId: old["uri"], revision: Date.parse("2026-03-02T09:59:00.000Z"), text: "It has arrived" },
        { nativeId: late["uri"], revision: 0 },
      ]);
      const third = await poll({}, { cursor: second.cursor });
      expect(third.pages).toEqual([]);
    });

    it("refuses a server whose ids are no times", async () => {
      fake.statuses.push({ ...fake.add(NOW), id: "9q2xKb" });
      fake.statuses.shift();
      fake.server.on("/api/v1/timelines/tag/acme", json(fake.statuses));
      const error = await errorOf(poll());
      expect(error.code).toBe("source_changed");
      expect(error.message).toContain("ids");
    });

    it("reads a past window, both ends as they are meant", async () => {
      const from = NOW - 500 * 24 * 60 * MINUTE;
      const added = [-1, 0, 5_000, 9_999, 10_000].map((ms) => fake.add(from + ms));
      const window = { from: new Date(from).toISOString(), to: new Date(from + 10_000).toISOString() };
      const ids: string[] = [];
      for await (const page of mastodonIngestor.backfill?.(window, run()) ?? []) {
        expect(page).not.toHaveProperty("cursor");
        ids.push(...page.items.map((item) => asMention(item).nativeId));
      }
      expect(new Set(ids)).toEqual(new Set(added.slice(1, 4).map((status) => status["uri"])));
    });
  });

  describe("access", () => {
    it.each([
      [{ local: "disabled", remote: "disabled" }, {}, "listen through another server"],
      [{ local: "authenticated", remote: "authenticated" }, {}, "set token of this server"],
      [{ local: "authenticated", remote: "disabled" }, {}, "set token of this server"],
      [{ local: "public", remote: "disabled" }, {}, undefined],
      [{ local: "authenticated", remote: "authenticated" }, { token: TOKEN }, undefined],
      [undefined, {}, undefined],
    ])("looks before it listens: %j with %j", async (hashtagFeeds, login, advice) => {
      fake.hashtagFeeds = hashtagFeeds;
      fake.add(NOW - MINUTE);
      const polling = poll({ servers: [{ endpoint: fake.server.url, ...login }] });
      if (advice === undefined) {
        expect((await polling).ids).toHaveLength(1);
        return;
      }
      const error = await errorOf(polling);
      expect(error.code).toBe("source_unauthorized");
      expect(error.message).toContain(advice);
      expect(error.message).toContain(fake.host);
      expect(fake.asked).toEqual([]);
    });

    it("listens to servers too old to say what they show", async () => {
      fake.server.on("/api/v2/instance", { status: 404 });
      fake.add(NOW - MINUTE);
      expect((await poll()).mentions).toMatchObject([{ authorHandle: `maud@${fake.host}` }]);
    });

    it.each([401, 403, 422])("tells what to do about a timeline that answers %i", async (status) => {
      fake.server.on("/api/v1/timelines/tag/acme", { status });
      expect(await errorOf(poll())).toMatchObject({
        code: "source_unauthorized",
        message: expect.stringContaining("set token") as string,
      });
      const withToken = poll({ servers: [{ endpoint: fake.server.url, token: TOKEN }] });
      expect((await errorOf(withToken)).message).toContain("check token");
    });

    it("sends the token, and shows it to nobody", async () => {
      const servers = [{ endpoint: fake.server.url, token: TOKEN }];
      const { items, cursor } = await poll({ servers });
      expect(JSON.stringify([items, cursor])).not.toContain(TOKEN);
      expect(fake.server.requests.map(({ headers }) => headers.authorization)).toEqual([
        `Bearer ${TOKEN}`,
        `Bearer ${TOKEN}`,
      ]);
      for (const trouble of Object.values(TROUBLES).slice(0, -1)) {
        fake.trouble = trouble;
        const error = await errorOf(poll({ servers }));
        const shown = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join("\n");
        expect(shown).not.toContain(TOKEN);
      }
    });
  });

  describe("several servers", () => {
    it("hears the others when one fails, and tells of the gap", async () => {
      fake.trouble = { status: 502 };
      const status = other.add(NOW - MINUTE);
      const { ids, gaps, cursor } = await poll({ servers: both() });
      expect(ids).toEqual([status["uri"]]);
      expect(gaps).toMatchObject([{ to: OBSERVED_AT, isPartial: true }]);
      expect(gaps[0]?.reason).toContain(fake.host);
      fake.trouble = undefined;
      const missed = fake.add(NOW - 2 * MINUTE);
      expect((await poll({ servers: both() }, { cursor })).ids).toEqual([missed["uri"]]);
    });

    it("fails as the first does when all fail", async () => {
      fake.trouble = { status: 401 };
      other.trouble = { status: 502 };
      expect(await errorOf(poll({ servers: both() }))).toMatchObject({ code: "source_unauthorized" });
    });
  });

  describe("limits", () => {
    it("asks for rest when a window is used up to the last request", async () => {
      fake.remaining = 3;
      fake.add(NOW - MINUTE);
      const { pages, ids } = await poll();
      expect(ids).toHaveLength(1);
      expect(pages.at(-1)).toEqual({ items: [], notBefore: fake.resetAt });
    });

    it("stops in the middle of a walk, keeps what it has and waits for the next window", async () => {
      fake.remaining = 2;
      for (let index = 0; index < 60; index++) fake.add(NOW - 100 * MINUTE + index * MINUTE);
      const pages: Page<unknown>[] = [];
      const polling = (async () => {
        for await (const page of mastodonIngestor.poll(run())) pages.push(page);
      })();
      expect(await errorOf(polling)).toMatchObject({ code: "source_rate_limited", retryAfterMs: 240_000 });
      expect(fake.server.requests).toHaveLength(2);
      fake.remaining = undefined;
      const { ids } = await poll({}, { cursor: pages.at(-1)?.cursor });
      expect(pages.flatMap(({ items }) => items).length + ids.length).toBe(60);
    });

    it("waits for the next window in a backfill, which cannot be taken up later", async () => {
      fake.remaining = 2;
      fake.resetAt = "2026-03-02T10:00:00.050Z";
      for (let index = 0; index < 60; index++) fake.add(NOW - 100 * MINUTE + index * MINUTE);
      const window = { from: new Date(NOW - 200 * MINUTE).toISOString(), to: OBSERVED_AT };
      let count = 0;
      for await (const { items } of mastodonIngestor.backfill?.(window, run()) ?? []) {
        count += items.length;
        if (count === 40) fake.remaining = 100;
      }
      expect(count).toBe(60);
    });
  });

  describe("conversations", () => {
    const ownAccounts = ["@Acme_Care@tooting.example"];
    const account = (acct: string) => ({ acct, username: acct, url: `https://tooting.example/@${acct}` });

    it("links replies to what they answer, wherever that is, and knows ours", async () => {
      const unheard = fake.add(NOW - 60 * MINUTE, { tag: "other", account: account("acme_care") });
      const complaint = fake.add(NOW - 20 * MINUTE, { in_reply_to_id: unheard.id });
      const answer = fake.add(NOW - 10 * MINUTE, {
        in_reply_to_id: complaint.id,
        account: account("acme_care"),
      });
      const lost = fake.add(NOW - 5 * MINUTE, { in_reply_to_id: "1" });
      const more = fake.add(NOW - 4 * MINUTE, { in_reply_to_id: unheard.id, account: account("acme_care") });
      const { mentions } = await poll({ ownAccounts });
      const id = (status: Status) => `mastodon:${String(status["uri"])}`;
      expect(mentions).toMatchObject([
        { nativeId: more["uri"], parentId: id(unheard), byUs: true, inReplyToUs: false },
        { nativeId: lost["uri"], kind: "comment", parentId: "", threadId: "", byUs: false },
        { nativeId: answer["uri"], parentId: id(complaint), threadId: "", byUs: true, inReplyToUs: false },
        { nativeId: complaint["uri"], parentId: id(unheard), threadId: id(unheard), inReplyToUs: true },
        { nativeId: unheard["uri"], kind: "post", byUs: true },
      ]);
      const { items } = (await mastodonIngestor.reread?.(
        [String(complaint["uri"])],
        run({ ownAccounts }),
      )) ?? {
        items: [],
      };
      expect(items.map(asMention)).toEqual(mentions.slice(3, 4));
    });

    it("reads what our own accounts write, hashtag or not, but not their letters", async () => {
      const ours = { tag: "none", account: account("acme_care") };
      const old = fake.add(NOW - 60 * MINUTE, { ...ours, visibility: "unlisted" });
      const first = await poll({ ownAccounts });
      expect(first.mentions).toMatchObject([{ nativeId: old["uri"], byUs: true }]);
      fake.add(NOW - 3 * MINUTE, { ...ours, visibility: "direct" });
      fake.add(NOW - 2 * MINUTE, { ...ours, visibility: "private" });
      const answer = fake.add(NOW - MINUTE, { ...ours, visibility: "public" });
      expect((await poll({ ownAccounts }, { cursor: first.cursor })).ids).toEqual([answer["uri"]]);
      expect(fake.asked.filter((path) => path.includes("/accounts/")).slice(0, 2)).toEqual([
        "/api/v1/accounts/lookup?acct=acme_care%40tooting.example",
        expect.stringMatching(
          /^\/api\/v1\/accounts\/id-acme_care\/statuses\?exclude_reblogs=true&limit=40&min_id=\d+$/,
        ),
      ]);
    });

    it("reads each own account on its own server, or on the first, which may not know it", async () => {
      const status = fake.add(NOW - MINUTE);
      const { ids } = await poll({
        servers: both(),
        ownAccounts: [`acme@${other.host}`, "acme@elsewhere.example"],
      });
      expect(ids).toEqual([status["uri"]]);
      const asked = (server: FakeMastodon) => server.asked.filter((path) => path.includes("lookup"));
      expect(asked(fake)).toEqual(["/api/v1/accounts/lookup?acct=acme%40elsewhere.example"]);
      expect(asked(other)).toEqual([
        `/api/v1/accounts/lookup?acct=${encodeURIComponent(`acme@${other.host}`)}`,
      ]);
    });

    it("asks for at most twenty at once, and not at all for what it has", async () => {
      const first = fake.add(NOW - 60 * MINUTE);
      const far = Array.from({ length: 25 }, () => fake.add(NOW - 50 * MINUTE, { tag: "other" }));
      for (const { id } of [first, ...far]) fake.add(NOW - 10 * MINUTE, { in_reply_to_id: id });
      const { mentions } = await poll();
      expect(mentions.filter(({ parentId }) => parentId !== "")).toHaveLength(26);
      expect(fake.asked.filter((path) => path.startsWith("/api/v1/statuses?"))).toHaveLength(2);
    });

    it("does without on servers that cannot be asked for several", async () => {
      fake.knowsBulk = false;
      fake.add(NOW - 10 * MINUTE, { in_reply_to_id: "1" });
      expect((await poll()).mentions).toMatchObject([{ kind: "comment", parentId: "" }]);
    });
  });

  describe("reading again", () => {
    const reread = async (uris: readonly string[], options: object = {}) =>
      (await mastodonIngestor.reread?.(uris, run(options))) ?? { items: [], gone: [] };

    it("takes 404 and 410 of the server that wrote it for a deletion, but not a web page that says 404", async () => {
      const uri = (id: number) => `${fake.server.url}/users/maud/statuses/${id}`;
      fake.server.on("/api/v1/statuses/1", { status: 404, ...json({ error: "Record not found" }) });
      fake.server.on("/api/v1/statuses/2", { status: 410, ...json({ error: "Gone" }) });
      expect((await reread([uri(1), uri(2)])).gone).toEqual([
        { id: uri(1), reason: `${fake.host} shows it no more.` },
        { id: uri(2), reason: `${fake.host} shows it no more.` },
      ]);
      fake.server.on("/api/v1/statuses/3", { status: 404, body: "<html>no such page</html>" });
      expect(await errorOf(reread([uri(3)]))).toMatchObject({ code: "source_changed" });
    });

    it("leaves alone what is no status of Mastodon, or may lie on a private network", async () => {
      const uris = [
        "not a uri",
        "https://elsewhere.example/objects/5f1c",
        "http://elsewhere.example/users/a/statuses/1",
        `http://127.0.0.1:${new URL(other.server.url).port}/users/a/statuses/1`,
        "https://127.0.0.1/users/a/statuses/1",
        "https://[::1]/users/a/statuses/1",
        "https://localhost/users/a/statuses/1",
        "https://elsewhere.example:8443/users/a/statuses/1",
        "https://elsewhere.example/users/a/statuses/1/activity",
      ];
      let requests = 0;
      const budget = { allow: () => void requests++, spend: () => {} };
      const found = await mastodonIngestor.reread?.(uris, run({}, { budget }));
      expect(found).toEqual({ items: [], gone: [] });
      expect(requests).toBe(0);
      expect(other.server.requests).toEqual([]);
    });

    it("asks a stranger's server without our token, and leaves it alone once it does not answer", async () => {
      const status = fake.add(NOW - MINUTE);
      let requests = 0;
      const budget = { allow: () => void requests++, spend: () => {} };
      const strangers = [1, 2, 3].map((id) => `https://nowhere.invalid/users/a/statuses/${id}`);
      const found = await mastodonIngestor.reread?.(
        [...strangers, String(status["uri"])],
        run({ servers: [{ endpoint: fake.server.url, token: TOKEN }] }, { budget }),
      );
      expect(found?.items).toHaveLength(1);
      expect(found?.gone).toEqual([]);
      expect(requests).toBe(1 + 2);
    });

    it("believes no answer about another post", async () => {
      const status = fake.add(NOW - MINUTE);
      fake.server.on("/api/v1/statuses/77", json(status));
      expect(await reread([`${fake.server.url}/users/maud/statuses/77`])).toEqual({ items: [], gone: [] });
    });
  });

  describe("parsing", () => {
    it("reads a timeline field by field", async () => {
      fake.server.on("/api/v2/instance", json(fixture("instance.json")));
      const statuses = fixture("timeline.json") as Status[];
      fake.server.on("/api/v1/timelines/tag/acme", [json(statuses), json([])]);
      const { mentions, items } = await poll();
      const elm = "https://tooting.example/users/elmtree/statuses/116154861568016391";
      expect(mentions[2]).toEqual({
        platform: "mastodon",
        nativeId: elm,
        revision: Date.parse("2026-03-01T09:41:12.695Z"),
        kind: "post",
        authorId: "https://tooting.example/users/elmtree",
        authorName: "Elm :tree:",
        authorHandle: "elmtree@tooting.example",
        authorFollowers: 412,
        title: "parcel rant",
        text: 'Third time #acme loses my parcel & says it\'s "delivered".\nProof: https://parcels.example/proof/8812\nAnyone?',
        url: "https://tooting.example/@elmtree/116154861568016391",
        parentId: "",
        threadId: `mastodon:${elm}`,
        amplifiesId: "",
        byUs: false,
        inReplyToUs: false,
        languageHint: "en",
        publishedAt: "2026-03-01T09:30:00.250Z",
        engagement: { likes: 21, replies: 4, shares: 8, views: null },
      });
      expect(mentions.slice(0, 2)).toMatchObject([
        { text: "This. #acme", amplifiesId: `mastodon:${elm}`, kind: "post" },
        {
          text: "Selber Ärger mit #acme",
          kind: "comment",
          parentId: `mastodon:${elm}`,
          threadId: `mastodon:${elm}`,
          authorHandle: "juniper@elsewhere.example",
          authorName: "juniper",
          languageHint: "de",
          engagement: { likes: 0, replies: 0, shares: 0, views: null },
        },
      ]);
      expect(JSON.stringify(items)).not.toMatch(/Invented|iframe/);
    });

    it("skips a picture without words", () => {
      const { uri, url, account } = fake.add(NOW - MINUTE);
      const status = { uri, url, account, created_at: OBSERVED_AT, content: "<p></p>" };
      const parsed = mastodonIngestor.parse({ domain: "tooting.example", status }, OBSERVED_AT);
      expect(parsed).toEqual({ type: "skip", reason: "a post without words" });
    });

    it("reads a boost as what it amplifies", () => {
      const item = { domain: "tooting.example", status: fixture("boost.json") };
      expect(asMention(item)).toMatchObject({
        nativeId: "https://tooting.example/users/sorrel/statuses/116155003125760001/activity",
        amplifiesId: "mastodon:https://tooting.example/users/elmtree/statuses/116154861568016391",
        url: "https://tooting.example/users/sorrel/statuses/116155003125760001/activity",
      });
    });

    it("says where in the source an item stands", () => {
      expect(mastodonIngestor.position?.({ domain: "x", status: { uri: "https://a.example/1" } })).toBe(
        "https://a.example/1",
      );
      expect(mastodonIngestor.position?.(null)).toBe("");
    });
  });

  describe.skipIf(!hasRecordings)(
    "recorded answers, from ../shared/fixtures/mastodon where it is present",
    () => {
      interface Exchange {
        readonly request: { readonly method: string };
        readonly response: {
          readonly status: number;
          readonly headers: Record<string, string>;
          readonly body: unknown;
        };
      }
      const recorded = (name: string) => JSON.parse(readFileSync(join(recordings, name), "utf8")) as unknown;
      const origin = { source: "mastodon", trackers: [], observedAt: "2026-11-01T00:00:00.000Z" };

      it.each(["hashtag_timeline_2026.json", "public_timeline_anonymous_2026.json"])("reads %s", (name) => {
        const [{ response }] = recorded(name) as [Exchange];
        const statuses = response.body as {
          uri: string;
          created_at: string;
          edited_at: string | null;
          account: { uri: string };
        }[];
        expect(statuses.length).toBeGreaterThan(0);
        for (const status of statuses) {
          const mention = toMention(asMention({ domain: "localhost", status }), origin);
          expect(mention).toMatchObject({
            id: `mastodon:${status.uri}`,
            publishedAt: status.created_at,
            authorId: status.account.uri,
            revision: status.edited_at === null ? 0 : Date.parse(status.edited_at),
          });
          expect(mention.text).not.toMatch(/<|&#?\w+;/);
        }
      });

      it("walks a recorded timeline and reads its limits", async () => {
        const [{ response }] = recorded("hashtag_timeline_2026.json") as [Exchange];
        const headers = { ...response.headers, "x-ratelimit-remaining": "0" };
        fake.server.on("/api/v1/timelines/tag/hoot", [
          { body: JSON.stringify(response.body), headers },
          json([]),
        ]);
        const pages: Page<unknown>[] = [];
        const polling = (async () => {
          const context = aContext("2026-08-01T13:56:00.000Z");
          for await (const page of mastodonIngestor.poll(run({ hashtags: ["hoot"] }, { context })))
            pages.push(page);
        })();
        expect(await errorOf(polling)).toMatchObject({ code: "source_rate_limited", retryAfterMs: 240_070 });
        expect(pages).toMatchObject([
          {
            cursor: {
              timelines: { [`${fake.host}/hoot`]: { newest: Number(117020593741189701n >> 16n) } },
            },
          },
        ]);
      });

      it("looks at a recorded server, which shows hashtags to everybody", async () => {
        const { response } = recorded("mastodon_social_instance_v2_config_2026-04.json") as Exchange;
        fake.server.on("/api/v2/instance", json(response.body));
        fake.add(NOW - MINUTE);
        expect((await poll()).mentions).toMatchObject([{ authorHandle: "maud@mastodon.social" }]);
      });

      it("reads a recorded edit as a later revision of the same mention", () => {
        const exchanges = recorded("status_edit_and_history.json") as Exchange[];
        const versions = exchanges
          .filter(({ request }) => request.method !== "GET")
          .map(({ response }) => asMention({ domain: "localhost", status: response.body }));
        expect(new Set(versions.map(({ nativeId }) => nativeId)).size).toBe(1);
        expect(versions.map(({ revision }) => revision)).toEqual([0, Date.parse("2026-08-01T13:54:00.695Z")]);
      });

      it("takes the recorded answer for a missing status for a deletion", async () => {
        const [{ response }] = recorded("status_missing_404.json") as [Exchange];
        fake.server.on("/api/v1/statuses/0", {
          status: response.status,
          body: JSON.stringify(response.body),
        });
        const uri = `${fake.server.url}/users/a/statuses/0`;
        expect((await mastodonIngestor.reread?.([uri], run()))?.gone).toMatchObject([{ id: uri }]);
      });
    },
  );
});

function asMention(item: unknown): MentionFields {
  const parsed = mastodonIngestor.parse(item, OBSERVED_AT);
  if (parsed.type !== "upsert") throw new Error(`expected a mention, got ${parsed.type}`);
  return parsed.mention;
}
