import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_LIMITS, openBudget } from "../../core/budget.ts";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { parseQuery } from "../../core/query/parse-query.ts";
import { compileQuery } from "../../ingestors/x/compile-query.ts";
import { xIngestor } from "../../ingestors/x/index.ts";
import { idOfTime, timeOfId } from "../../ingestors/x/snowflake.ts";
import { searchListing } from "../../ingestors/x/walk.ts";
import { xStreamIngestor } from "../../ingestors/x/stream.ts";
import { ingestorContract } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { aPost, aProblem, json, startFakeX, X_TROUBLES, type FakeX } from "../support/fake-x.ts";
import { startStubServer, type StubAnswer } from "../support/stub-server.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const TOKEN = "AAAAbearer-of-the-test";
const DAY_MS = 86_400_000;
const SEARCH = "/2/tweets/search/recent";
const twins = resolve(import.meta.dirname, "../fixtures/x");
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures/x");
const hasRecordings = existsSync(recordings);
if (!hasRecordings)
  console.warn("SKIPPED: tests on recorded answers of X; ../shared/fixtures/x is not beside this checkout");

function openPlatform(options: object = {}) {
  return async () => {
    const x = await startFakeX(NOW);
    let before = 0;
    return {
      config: { token: TOKEN, endpoint: x.server.url, queries: ["acme"], ...options },
      publish: (count: number) => x.publish(count),
      publishBroken() {
        x.posts.push({ ...aPost("2026-03-02T09:59:00.000Z"), text: null });
      },
      remove(id: string) {
        const at = x.posts.findIndex((post) => (post as { id: string }).id === id);
        x.posts.splice(at, 1);
      },
      trouble(trouble: keyof typeof X_TROUBLES | undefined) {
        before = x.server.requests.length;
        x.answerAll(trouble === undefined ? undefined : X_TROUBLES[trouble]);
      },
      asked: () => x.server.received(before + 1),
      close: () => x.server.close(),
    };
  };
}

const foreignCursor = { listings: { "of another search": { since: idOfTime(Date.parse(NOW) - DAY_MS) } } };
const contract = { severalPages: 250, retryAfterMs: 120_000, foreignCursor };

ingestorContract("x", { ...contract, ingestor: xIngestor, open: openPlatform() });
ingestorContract("x_stream", {
  ...contract,
  ingestor: xStreamIngestor,
  open: openPlatform({ repairAfterSeconds: 0 }),
});

describe("the x ingestors", () => {
  let x: FakeX;
  beforeEach(async () => {
    x = await startFakeX(NOW);
  });
  afterEach(() => x.server.close());

  const configOf = (options: object = {}) =>
    xIngestor.config.parse({ token: TOKEN, endpoint: x.server.url, queries: ["acme"], ...options });

  async function poll(
    options: object = {},
    {
      cursor,
      at = NOW,
      ...run
    }: Partial<Parameters<typeof aPollRun>[0]> & { at?: string; cursor?: unknown } = {},
    pagesWanted = Infinity,
  ) {
    const pages: Page<Cursor>[] = [];
    const context = aContext(at);
    for await (const page of xIngestor.poll(
      aPollRun({ config: configOf(options), cursor, context, signal: AbortSignal.timeout(20_000), ...run }),
    )) {
      pages.push(page as Page<Cursor>);
      if (pages.length === pagesWanted) break;
    }
    const last = pages.findLast((page) => page.cursor !== undefined)?.cursor;
    return { pages, items: pages.flatMap((page) => page.items), cursor: last ?? (cursor as Cursor) };
  }
  interface Cursor {
    readonly listings: Record<string, { since: string; walk?: { token: string; highWater: string } }>;
  }
  const only = ({ listings }: Cursor) => Object.values(listings)[0];

  async function errorOf(promise: Promise<unknown>): Promise<EarshotError> {
    const error: unknown = await promise.then(
      () => "it went well",
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof EarshotError)) throw new Error(`expected an EarshotError, got ${inspect(error)}`);
    return error;
  }

  describe("searching", () => {
    it("asks with the same since id on every page, and moves it to the first page's newest id at the end", async () => {
      const ids = x.publish(250);
      const { pages, cursor } = await poll();
      const since = idOfTime(Date.parse(NOW) - DAY_MS);
      expect(x.asked(SEARCH).map(({ since_id }) => since_id)).toEqual([since, since, since]);
      expect(pages.map((page) => only(page.cursor ?? cursor)?.since)).toEqual([since, since, ids.at(-1)]);
      expect(only(pages[0]?.cursor ?? cursor)?.walk).toEqual({
        token: ids[150],
        highWater: ids.at(-1),
        read: 100,
      });
      expect(only(cursor)).toEqual({ since: ids.at(-1) });
    });

    it("goes on in the middle after a crash, and finds later what was written meanwhile", async () => {
      const ids = x.publish(250);
      const before = await poll({}, {}, 1);
      const late = x.publish(2);
      const asked = x.asked(SEARCH).length;
      const after = await poll({}, { cursor: before.cursor });
      expect(x.asked(SEARCH).slice(asked)[0]?.["next_token"]).toBe(ids[150]);
      expect(nativeIds(after.items)).toEqual(ids.slice(0, 150).reverse());
      expect(nativeIds((await poll({}, { cursor: after.cursor })).items)).toEqual([...late].reverse());
    });

    it("does not let a search that finds nothing fall out of the seven days", async () => {
      let cursor: unknown;
      for (const day of [2, 6, 10, 14]) {
        const result = await poll(
          {},
          { cursor, at: `2026-03-${String(day).padStart(2, "0")}T10:00:00.000Z` },
        );
        expect(result.pages.flatMap(({ gap }) => gap ?? [])).toEqual([]);
        cursor = result.cursor;
      }
    });

    it("leaves nothing out between a walk that was cut short and the days until it goes on", async () => {
      const ids = x.publish(150);
      const before = await poll({}, {}, 1);
      x.posts.push(aPost("2026-03-03T08:00:00.000Z"));
      const after = await poll({}, { cursor: before.cursor, at: "2026-03-05T10:00:00.000Z" });
      expect(only(after.cursor)).toEqual({ since: ids.at(-1) });
      const later = await poll({}, { cursor: after.cursor, at: "2026-03-05T10:05:00.000Z" });
      expect(later.items).toHaveLength(1);
    });

    it("reports a gap for what lies longer back than X searches, and goes on from there", async () => {
      x.publish(3);
      const cursor = {
        listings: { [keyOf("acme")]: { since: idOfTime(Date.parse("2026-02-20T10:00:00.000Z")) } },
      };
      const { pages, items } = await poll({}, { cursor });
      expect(pages[0]?.gap).toMatchObject({
        from: "2026-02-20T10:00:00.000Z",
        to: "2026-02-23T10:10:00.000Z",
      });
      expect(x.asked(SEARCH)[0]?.["since_id"]).toBe(idOfTime(Date.parse("2026-02-23T10:10:00.000Z")));
      expect(items).toHaveLength(3);
    });

    it("reads the last half minute of mentions again, since some come late", async () => {
      x.posts.push(aPost("2026-03-02T09:59:00.000Z"), aPost("2026-03-02T09:59:50.000Z"));
      const options = { queries: [], mentionsOf: ["77"] };
      const { cursor } = await poll(options);
      const late = aPost("2026-03-02T09:59:45.000Z");
      x.posts.push(late);
      const { items } = await poll(options, { cursor, at: "2026-03-02T10:05:00.000Z" });
      expect(nativeIds(items)).toContain(late.id);
      expect(items).toHaveLength(2);
    });

    it.each(["since_id", "next_token"])("calls a %s X does not know a lost cursor", async (parameter) => {
      x.answerAll(
        aProblem(400, "Invalid Request", {
          errors: [
            { parameters: { [parameter]: ["1"] }, message: `'${parameter}' must be of the last seven days` },
          ],
        }),
      );
      expect(await errorOf(poll())).toMatchObject({ code: "cursor_lost" });
    });

    it("searches for each tracker's query, and keeps a cursor for each", async () => {
      x.publish(3);
      const queries = [
        { tracker: "acme", query: parseQuery("acme -jobs") },
        { tracker: "zenith", query: parseQuery('zenith OR "zenith air"') },
      ];
      const { cursor } = await poll({ queries: [] }, { queries });
      expect(x.asked(SEARCH).map(({ query }) => query)).toEqual(["acme -jobs", 'zenith OR "zenith air"']);
      expect(Object.keys(cursor.listings)).toHaveLength(2);
    });

    it("says so when there is nothing to look for", async () => {
      const error = await errorOf(poll({ queries: [] }));
      expect(error).toMatchObject({ code: "config_invalid" });
      expect(error.message).toContain("mentionsOf");
    });

    it("reads the mentions of accounts beside the searches, and own posts where asked to", async () => {
      x.publish(3);
      const options = { mentionsOf: ["77"], ownAccounts: ["@Acme"], readOwnPosts: true };
      const { items, cursor } = await poll(options);
      expect(x.asked("/2/users/77/mentions")).toHaveLength(1);
      expect(x.asked(SEARCH).map(({ query }) => query)).toEqual(["acme", "from:Acme"]);
      expect(items).toHaveLength(9);
      expect(Object.keys(cursor.listings)).toContain("mentions:77");
    });

    it("reports a gap when an account was mentioned more often than X lists", async () => {
      x.publish(950);
      x.server.on("/2/users/77/mentions", ({ path }) => mentionsUpTo800(path));
      const cursor = { listings: { "mentions:77": { since: idOfTime(Date.parse(NOW) - DAY_MS) } } };
      const { pages, items } = await poll({ queries: [], mentionsOf: ["77"] }, { cursor });
      expect(items).toHaveLength(800);
      expect(pages.at(-1)?.gap).toMatchObject({ from: "2026-03-01T10:00:00.000Z" });
      expect(pages.slice(0, -1).flatMap(({ gap }) => gap ?? [])).toEqual([]);
    });

    function mentionsUpTo800(path: string): StubAnswer {
      const query = new URL(path, x.server.url).searchParams;
      const at = Number(query.get("pagination_token") ?? 0);
      const data = [...x.posts].reverse().slice(at, at + 100);
      return json({ data, meta: { ...(at + 100 < 800 ? { next_token: String(at + 100) } : {}) } });
    }

    it("rests until the limit is renewed when it is used up, and loses nothing by it", async () => {
      const ids = x.publish(150);
      const page = json({
        data: [...x.posts].reverse().slice(0, 100),
        meta: { newest_id: ids.at(-1), next_token: ids[50] },
      });
      x.answerAll({ ...page, headers: { ...page.headers, "x-rate-limit-remaining": "0" } });
      const first = await poll();
      expect(first.pages).toMatchObject([{ notBefore: "2026-03-02T10:15:00.000Z" }]);
      x.answerAll(undefined);
      const second = await poll({}, { cursor: first.cursor });
      expect(nativeIds([...first.items, ...second.items])).toEqual([...ids].reverse());
    });
  });

  describe("paying", () => {
    const prices = { usdPerPost: 0.005, usdPerUser: 0.01 };

    it("charges each post and each author that was returned", async () => {
      x.publish(30);
      const budget = openBudget("x", {}, [], aContext(NOW));
      await poll(prices, { budget });
      const spent = budget.takeSpent();
      expect(spent.usd).toBeCloseTo(30 * 0.015, 9);
      expect(spent).toMatchObject({ requests: 1, items: 30 });
    });

    it("charges no authors where none are read", async () => {
      x.publish(10);
      x.server.on(SEARCH, () => json({ data: x.posts, meta: {} }));
      const budget = openBudget("x", {}, [], aContext(NOW));
      await poll({ ...prices, readAuthors: false }, { budget });
      expect(budget.takeSpent().usd).toBeCloseTo(0.05, 9);
      expect(x.asked(SEARCH)[0]?.["expansions"]).not.toContain("author_id");
    });

    it("asks for smaller pages as the budget runs out, stops when it is spent, and goes on there", async () => {
      const ids = x.publish(200);
      const budget = openBudget("x", { usdPerDay: 2 }, [], aContext(NOW));
      const pages: Page<unknown>[] = [];
      const reading = async () => {
        for await (const page of xIngestor.poll(
          aPollRun({ config: configOf(prices), budget, context: aContext(NOW) }),
        ))
          pages.push(page);
      };
      expect(await errorOf(reading())).toMatchObject({ code: "budget_spent", retryAfterMs: 14 * 3_600_000 });
      expect(x.asked(SEARCH).map(({ max_results }) => max_results)).toEqual(["100", "25"]);
      expect(budget.takeSpent().usd).toBeLessThanOrEqual(2);
      const rest = await poll(prices, { cursor: pages.at(-1)?.cursor });
      expect(nativeIds([...pages.flatMap((page) => page.items), ...rest.items])).toEqual([...ids].reverse());
    });

    it("pays its own price for mentions", async () => {
      x.publish(10);
      const budget = openBudget("x", {}, [], aContext(NOW));
      await poll({ queries: [], mentionsOf: ["77"], usdPerMention: 0.001, usdPerUser: 0 }, { budget });
      expect(budget.takeSpent().usd).toBeCloseTo(0.01, 9);
    });

    it.each([
      ["Daily", 14 * 3_600_000],
      ["Monthly", 29 * DAY_MS + 14 * 3_600_000],
    ])("stops for the rest of the period when a %s cap is reached", async (period, wait) => {
      const type = "https://api.x.com/2/problems/usage-capped";
      x.answerAll(aProblem(429, "UsageCapExceeded", { type, period }));
      expect(await errorOf(poll())).toMatchObject({ code: "source_rate_limited", retryAfterMs: wait });
      expect(x.server.requests).toHaveLength(1);
    });

    it("stops until tomorrow when the credits are gone", async () => {
      x.answerAll(aProblem(402, "CreditsDepleted", { type: "https://api.x.com/2/problems/credits" }));
      const error = await errorOf(poll());
      expect(error).toMatchObject({ code: "source_rate_limited", retryAfterMs: 14 * 3_600_000 });
      expect(error.message).toContain("buy credits");
    });
  });

  describe("failing", () => {
    const failures: [string, StubAnswer, string][] = [
      ["a query X does not take", aProblem(400, "Invalid Request"), "source_changed"],
      ["an answer that is cut off", { ...json({}), body: '{"data":[', isCutOff: true }, "source_unavailable"],
      ["JSON that is none", { headers: { "content-type": "application/json" }, body: "{" }, "source_changed"],
      ["JSON of something else", json({ hello: "world" }), "source_changed"],
      [
        "a page token where there is no list",
        json({ errors: [{ title: "Not Found Error" }] }),
        "source_changed",
      ],
      ["a redirect", { redirectTo: "/elsewhere" }, "source_changed"],
      [
        "packed data that cannot be unpacked",
        { headers: { "content-type": "application/json", "content-encoding": "gzip" }, body: "no gzip" },
        "source_changed",
      ],
      ["401", X_TROUBLES.unauthorized, "source_unauthorized"],
      ["403", X_TROUBLES.forbidden, "source_unauthorized"],
      [
        "429 without a time",
        aProblem(429, "Too Many", {}, { "x-rate-limit-limit": "" }),
        "source_rate_limited",
      ],
      [
        "503 with JSON that is none",
        { status: 503, headers: { "content-type": "application/json" }, body: "<html>" },
        "source_unavailable",
      ],
      ["503", X_TROUBLES.unavailable, "source_unavailable"],
    ];

    it.each(failures)("calls %s by its name, and never shows the token", async (_, answer, code) => {
      x.answerAll(answer);
      expect(await errorOf(poll())).toMatchObject({ code });
      const stream = xStreamIngestor.config.parse({
        token: TOKEN,
        endpoint: x.server.url,
        queries: ["acme"],
      });
      const attempts = [
        poll(),
        poll({ queries: [], mentionsOf: ["77"] }),
        Promise.resolve(xIngestor.reread?.(["1"], aPollRun({ config: configOf() }))),
        drain(xIngestor.backfill?.({ from: NOW, to: NOW }, aPollRun({ config: configOf() }))),
        drain(xStreamIngestor.poll(aPollRun({ config: stream }))),
      ];
      for (const attempt of await Promise.allSettled(attempts)) {
        if (attempt.status === "fulfilled") continue;
        const error = attempt.reason as Error;
        expect(error).toBeInstanceOf(EarshotError);
        expect(everythingIn(error)).not.toContain(TOKEN);
      }
    });

    it("asks for a token that can be sent, and takes one with a line end", () => {
      expect(configOf({ token: `${TOKEN}\n` })).toMatchObject({ token: TOKEN });
      for (const token of ["", "two words", "“quoted”"]) {
        expect(xIngestor.config.safeParse({ token }).success).toBe(false);
      }
    });

    it("reads what came with a limit that ends at no time", async () => {
      const [id] = x.publish(1);
      const page = { data: x.posts, meta: { newest_id: id } };
      const limit = { "x-rate-limit-remaining": "0", "x-rate-limit-reset": "9".repeat(19) };
      x.server.on(SEARCH, () => json(page, 200, limit));
      expect((await poll()).items).toHaveLength(1);
    });

    it.each([
      ["half a limit", { "x-rate-limit-limit": "450" }],
      ["a limit that ends at no time", { "x-rate-limit-limit": "450", "x-rate-limit-reset": "9".repeat(19) }],
    ])("waits a minute when X is asked too often and tells %s", async (_, headers) => {
      x.answerAll({ status: 429, headers: { "content-type": "application/json", ...headers }, body: "{}" });
      const error = await errorOf(poll());
      expect(error).toMatchObject({ code: "source_rate_limited", retryAfterMs: 60_000 });
      expect(everythingIn(error)).not.toContain(TOKEN);
    });

    it("says why nobody answers", async () => {
      await x.server.close();
      const error = await errorOf(poll());
      expect(error).toMatchObject({ code: "source_unavailable" });
      expect(error.message).toContain("ECONNREFUSED");
      expect(everythingIn(error)).not.toContain(TOKEN);
    });

    it("reads no more than it can hold", async () => {
      x.answerAll({
        headers: { "content-type": "application/json" },
        body: Buffer.alloc(21 * 1024 * 1024, 32),
      });
      expect(await errorOf(poll())).toMatchObject({ code: "source_changed" });
    });

    it("sends the token to X and nowhere else", async () => {
      await poll();
      expect(x.server.requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
      expect(x.server.requests[0]?.path).not.toContain(TOKEN);
    });
  });

  describe("reading a post", () => {
    const page = readTwin("search-page.json") as { data: { id: string }[]; includes: object };
    let mentions: MentionFields[];

    beforeEach(async () => {
      x.server.on(SEARCH, () => json(page));
      mentions = (await poll({ ownAccounts: ["brightbox"] })).items.map(asMention);
    });

    it("takes an edit for a revision of the first version", () => {
      expect(mentions[0]).toMatchObject({
        nativeId: "2028394549977546752",
        revision: Date.parse("2026-03-02T09:03:09.480Z"),
        publishedAt: "2026-03-02T08:58:41.000Z",
        threadId: "x:2028394549977546752",
        url: "https://x.com/i/status/2028395675560968192",
        text: "The Brightbox app eats my battery, even after the update",
        authorId: "9001",
        authorName: "Ona Vilt",
        authorHandle: "onavilt",
        authorFollowers: 120,
        engagement: { likes: 11, replies: 3, shares: 3, views: 640 },
        languageHint: "en",
        kind: "post",
      });
    });

    it("never takes the first version for news, though it knows of the edit", () => {
      const first = { ...page.data[0], id: "2028394549977546752", text: "before" };
      expect(asMention({ post: first, ours: [] })).toMatchObject({ nativeId: first.id, revision: 0 });
    });

    it("marks our own answer, and what it answers", () => {
      expect(mentions[1]).toMatchObject({
        kind: "comment",
        byUs: true,
        inReplyToUs: false,
        parentId: "x:2028390100366262272",
        threadId: "x:2028168388408246272",
      });
    });

    it("marks what answers us, and gives the text people see", () => {
      expect(mentions[2]).toMatchObject({
        kind: "comment",
        byUs: false,
        inReplyToUs: true,
        text: "@Brightbox third parcel lost & nobody answers <3 https://brightbox.example/track/42",
      });
    });

    it("tells what is quoted and what is reposted", () => {
      expect(mentions[3]).toMatchObject({
        amplifiesId: "x:2028077791441846272",
        languageHint: "",
        kind: "post",
      });
      expect(mentions[4]).toMatchObject({ amplifiesId: "x:2028077791441846272", parentId: "" });
    });

    it("gives long posts whole, and the country of their place", () => {
      expect(mentions[5]?.text).toMatch(/whole of it: https:\/\/blog\.example\/brightbox$/);
      expect(mentions[5]).toMatchObject({ country: "ID", languageHint: "id" });
    });

    it("does without an author it was not told", () => {
      expect(mentions[6]).toMatchObject({ authorId: "9005", authorHandle: "", authorFollowers: null });
    });

    it("knows the time of ids", () => {
      expect(idOfTime(timeOfId("2028394549977546752"))).toBe("2028394549977546752");
      expect(new Date(timeOfId("2028394549977546752")).toISOString()).toBe("2026-03-02T08:58:41.120Z");
    });
  });

  describe("reading again", () => {
    const reread = (ids: readonly string[], run = {}) =>
      xIngestor.reread?.(ids, aPollRun({ config: configOf(), ...run }));

    it("asks for 100 posts at a time", async () => {
      const ids = x.publish(230);
      const result = await reread(ids);
      expect(new Set(nativeIds(result?.items ?? []))).toEqual(new Set(ids));
      expect(x.asked("/2/tweets").map(({ ids: asked }) => asked?.split(",").length)).toEqual([100, 100, 30]);
    });

    it("takes posts for gone that are deleted, and those X does not show us", async () => {
      x.server.on("/2/tweets", () => json(readTwin("lookup.json")));
      const result = await reread(["2028390100366262272", "2028387385183567872", "2028379783426998272"]);
      expect(result?.gone).toEqual([
        { id: "2028390100366262272", reason: "X does not show it: Not Found Error" },
        { id: "2028387385183567872", reason: "X does not show it: Authorization Error" },
      ]);
    });

    it("asks for the newest version of an edited post, which X does not give by the first one's id", async () => {
      const [first, second] = [aPost("2026-03-02T08:00:00.000Z"), aPost("2026-03-02T08:05:00.000Z")];
      const history = { edit_history_tweet_ids: [first.id, second.id] };
      x.posts.push({ ...first, ...history, text: "before" }, { ...second, ...history, text: "after" });
      const result = await reread([first.id]);
      expect(result?.items.map(asMention)).toMatchObject([
        { nativeId: first.id, text: "after", revision: Date.parse("2026-03-02T08:05:00.000Z") },
      ]);
    });

    it("gives what it could pay for, and fails when that was nothing", async () => {
      const ids = x.publish(150);
      const budget = openBudget("x", { usdPerDay: 1.6 }, [], aContext(NOW));
      const result = await reread(ids, { budget });
      expect(result?.items).toHaveLength(101 + 5);
      expect(await errorOf(Promise.resolve(reread(ids, { budget })))).toMatchObject({ code: "budget_spent" });
    });

    it("leaves ids alone that are none of X's", async () => {
      expect(await reread(["row 17", "https://x.com/1"])).toEqual({ items: [], gone: [] });
      expect(x.server.requests).toHaveLength(0);
    });
  });

  describe("reading the past", () => {
    async function backfill(from: string, to: string) {
      const items: unknown[] = [];
      const run = aPollRun({ config: configOf(), context: aContext(NOW), budget: NO_LIMITS });
      for await (const page of xIngestor.backfill?.({ from, to }, run) ?? []) items.push(...page.items);
      return items;
    }

    it("searches the last seven days within the window", async () => {
      x.publish(130);
      expect(await backfill("2026-02-27T00:00:00.500Z", NOW)).toHaveLength(130);
      expect(x.asked(SEARCH)[0]).toMatchObject({
        start_time: "2026-02-27T00:00:00Z",
        end_time: "2026-03-02T09:59:30Z",
      });
    });

    it("asks for nothing when X cannot search for any of the window yet", async () => {
      x.publish(1);
      expect(await backfill("2026-03-02T09:59:45.000Z", NOW)).toEqual([]);
      expect(x.server.requests).toHaveLength(0);
    });

    it("asks the archive no more than once a second, whatever there is to search for", async () => {
      const times: number[] = [];
      x.server.on("/2/tweets/search/all", () => {
        times.push(performance.now());
        return json({ meta: {} });
      });
      const run = aPollRun({ config: configOf({ queries: ["acme", "zenith"] }), context: aContext(NOW) });
      const window = { from: "2025-12-01T00:00:00.000Z", to: "2025-12-02T00:00:00.000Z" };
      await drain(xIngestor.backfill?.(window, run));
      const [first = 0, second = 0] = times;
      expect(times).toHaveLength(2);
      expect(second - first).toBeGreaterThan(900);
    });

    it("searches the archive for what is older", async () => {
      x.publish(3);
      expect(await backfill("2025-12-01T00:00:00.000Z", "2025-12-02T00:00:00.000Z")).toHaveLength(3);
      expect(x.asked("/2/tweets/search/all")[0]).toMatchObject({ max_results: "500" });
      expect(x.asked(SEARCH)).toEqual([]);
    });
  });
});

describe("a query for X", () => {
  const compile = (text: string, maxLength = 512) => compileQuery(parseQuery(text), maxLength);

  it.each([
    ["acme", ["acme"]],
    ["acme refund", ["acme refund"]],
    ['acme OR "acme air"', ['acme OR "acme air"']],
    ["(acme OR zenith) refund", ["(acme OR zenith) refund"]],
    ["acme -jobs NOT (hiring OR career)", ["acme -jobs -hiring -career"]],
    ["#acme @acme", ["#acme @acme"]],
    ["e-mail", ['"e-mail"']],
    ['"not" acme', ['"not" acme']],
    ["refund NEAR/5 card", ["refund card"]],
    ["acme refund*", ["acme"]],
    ['"acme refund*"', ["acme"]],
    ["acme lang:en", ["acme"]],
    ["acme NOT lang:pt", ["acme -lang:pt"]],
    ["acme -author:@acme_bot", ["acme -from:acme_bot"]],
    ["acme (rating<3 OR refund)", ["acme refund"]],
    ["acme platform:x", ["acme"]],
    ["(acme platform:reddit) OR zenith", ["zenith"]],
    ["acme platform:reddit", []],
    ["acme kind:comment", ["acme is:reply"]],
    ["acme kind:review", []],
    ["acme (refund OR -jobs)", ["acme"]],
    ["acme followers>1000", ["acme"]],
  ])("says %s as %j", (query, searches) => {
    expect(compile(query)).toEqual(searches);
  });

  it.each(["refund*", "lang:en", "NOT acme", "acme OR lang:en", "author:@jane", "kind:comment"])(
    "refuses %s, of which X could find everything",
    (query) => {
      expect(() => compile(query)).toThrow(expect.objectContaining({ code: "config_invalid" }) as Error);
    },
  );

  it("is split where it is too long, so that the parts find all of it", () => {
    const words = Array.from({ length: 90 }, (_, index) => `word${index}`);
    const searches = compile(`acme (${words.join(" OR ")})`, 200);
    expect(searches.length).toBeGreaterThan(3);
    for (const search of searches) expect(search.length).toBeLessThanOrEqual(200);
    const found = searches.flatMap((search) => [...search.matchAll(/word\d+/g)].map(([word]) => word));
    expect(new Set(found)).toEqual(new Set(words));
    for (const search of searches) expect(search).toMatch(/^acme /);
  });

  it("asks for fewer words where too many must all be there", () => {
    const [search = "", ...others] = compile(
      Array.from({ length: 90 }, (_, index) => `word${index}`).join(" "),
      100,
    );
    expect(others).toEqual([]);
    expect(search.length).toBeLessThanOrEqual(100);
    expect(search).toMatch(/^word0 word1 /);
  });

  it("packs alternatives into as few searches as fit", () => {
    const words = Array.from({ length: 60 }, (_, index) => `brandname${index}`);
    const searches = compile(words.join(" OR "));
    expect(searches.length).toBe(Math.ceil(words.join(" OR ").length / 512));
    expect(searches.join(" OR ")).toBe(words.join(" OR "));
  });

  it("that is one phrase too long is refused", () => {
    expect(() => compile(`"${"word ".repeat(120)}"`)).toThrow(/no query longer than 512/);
    expect(() => compile(`"${"word ".repeat(120)}" -jobs`)).toThrow(/no query longer than 512/);
  });
});

describe.skipIf(!hasRecordings)("answers recorded from X (skipped without ../shared/fixtures/x)", () => {
  const read = (name: string) => JSON.parse(readFileSync(join(recordings, name), "utf8")) as Recorded;
  interface Recorded {
    readonly data: unknown[];
    readonly includes?: { users?: { id: string }[] };
  }
  const itemsOf = ({ data, includes }: Recorded) =>
    data.map((post) => ({
      post,
      author: includes?.users?.find(({ id }) => id === (post as { author_id?: string }).author_id),
      ours: ["policemutual"],
    }));

  it("hold the two versions of an edited post as revisions of one mention", () => {
    const [before, after] = ["edited_before.json", "edited_after.json"].map((name) =>
      asMention(itemsOf(read(name))[0]),
    );
    expect(after).toMatchObject({ nativeId: before?.nativeId, publishedAt: before?.publishedAt });
    expect(before?.revision).toBe(0);
    expect(Math.floor((after?.revision ?? 0) / 1_000) * 1_000).toBe(Date.parse("2022-10-03T17:57:11.000Z"));
    expect(after?.authorFollowers).toBe(138_097);
  });

  it("hold a post that quotes and replies", () => {
    expect(asMention(itemsOf(read("quoted_edit.json"))[0])).toMatchObject({
      kind: "comment",
      parentId: "x:1576994789110992896",
      amplifiesId: "x:1576994746135764992",
      threadId: "x:1576994789110992896",
    });
  });

  it("hold a repost", () => {
    expect(asMention(itemsOf(read("two_tweets.json"))[0])).toMatchObject({
      amplifiesId: "x:1391677057810288641",
      languageHint: "",
      publishedAt: "2021-05-18T19:24:56.000Z",
    });
  });

  it("hold searches and mentions that give nothing but ids and texts", () => {
    for (const name of ["search_recent_recorded.json", "users_mentions_recorded.json"]) {
      const [recorded] = JSON.parse(readFileSync(join(recordings, name), "utf8")) as [
        { response: { body: Recorded } },
      ];
      const mentions = itemsOf(recorded.response.body).map(asMention);
      expect(mentions).toHaveLength(10);
      for (const mention of mentions) expect(mention.publishedAt).toMatch(/^2022-10-07T22:/);
    }
  });

  it("hold a search of recent posts that is read to its end by the library", async () => {
    const server = await startStubServer();
    const [recorded] = JSON.parse(readFileSync(join(recordings, "search_recent_recorded.json"), "utf8")) as [
      { response: { body: { meta: { next_token?: string } }; headers: Record<string, string> } },
    ];
    const { body, headers } = recorded.response;
    server.on("/2/tweets/search/recent", [
      { headers, body: JSON.stringify(body) },
      { headers, body: JSON.stringify({ meta: { result_count: 0 } }) },
    ]);
    const config = xIngestor.config.parse({ token: TOKEN, endpoint: server.url, queries: ["tweepy"] });
    const items: unknown[] = [];
    let cursor: unknown;
    for await (const page of xIngestor.poll(
      aPollRun({ config, context: aContext("2022-10-07T23:00:00.000Z") }),
    )) {
      items.push(...page.items);
      cursor = page.cursor;
    }
    await server.close();
    expect(items).toHaveLength(10);
    expect(JSON.stringify(cursor)).toContain("1578516068309794817");
    expect(server.requests[1]?.path).toContain("next_token=b26v89c19zqg8o3fpzbn1e0ffhxjiofzw6po136rvbnul");
  });
});

async function drain(pages: AsyncIterable<Page<unknown>> | undefined): Promise<void> {
  const reader = pages?.[Symbol.asyncIterator]();
  while (reader !== undefined && (await reader.next()).done !== true);
}

function everythingIn(error: Error): string {
  return [inspect(error, { depth: 9, showHidden: true }), error.stack, JSON.stringify(error)].join("\n");
}

function keyOf(query: string): string {
  return searchListing(query, { usdPerPost: 0, usdPerUser: 0, readAuthors: false }).key;
}

function readTwin(name: string): unknown {
  return JSON.parse(readFileSync(join(twins, name), "utf8"));
}

function asMention(item: unknown): MentionFields {
  const parsed = xIngestor.parse(item, NOW);
  if (parsed.type !== "upsert") throw new Error(`it is a ${parsed.type}`);
  return parsed.mention;
}

function nativeIds(items: readonly unknown[]): string[] {
  return items.map((item) => asMention(item).nativeId);
}
