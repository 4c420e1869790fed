import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBudget } from "../../core/budget.ts";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { QueryNode } from "../../core/query/query.ts";
import { compileSearches } from "../../ingestors/reddit/compile-searches.ts";
import { redditIngestor } from "../../ingestors/reddit/index.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer, type StubRequest } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const NOW_S = Date.parse(OBSERVED_AT) / 1_000;
const fixtures = resolve(import.meta.dirname, "../fixtures/reddit");
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures/reddit");
const hasRecordings = existsSync(recordings);
if (!hasRecordings)
  console.warn(
    "SKIPPED: tests on recorded answers of Reddit; ../shared/fixtures/reddit is not beside this checkout",
  );

const SECRETS = {
  clientId: "planted-client-id",
  clientSecret: "planted-client-secret",
  username: "acme_care",
  password: "planted-password",
};
const TOKEN = "planted-bearer-token";

interface Thing {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function aPost(id: string, fields: object = {}): Thing {
  const name = `t3_${id}`;
  const data = {
    name,
    title: `Post ${id}`,
    selftext: "The kettle leaks",
    subreddit: "kettles",
    author: "copper_fern",
    author_fullname: "t2_fern",
    created_utc: NOW_S - 7_200,
    edited: false,
    score: 3,
    num_comments: 1,
    permalink: `/r/kettles/comments/${id}/post/`,
    ...fields,
  };
  return { kind: "t3", data };
}

function aComment(id: string, fields: object = {}): Thing {
  const data = {
    name: `t1_${id}`,
    body: "Mine too",
    subreddit: "kettles",
    author: "wet_cobble",
    author_fullname: "t2_cobble",
    created_utc: NOW_S - 3_600,
    edited: false,
    score: 2,
    link_id: "t3_1kq9x5",
    parent_id: "t3_1kq9x5",
    permalink: `/r/kettles/comments/1kq9x5/post/${id}/`,
    ...fields,
  };
  return { kind: "t1", data };
}

function anEntry({ kind, data }: Thing): string {
  const { name, title = "x", author, selftext, body, permalink, created_utc: created } = data;
  const published = new Date(Number(created) * 1_000).toISOString();
  const html = `&lt;!-- SC_OFF --&gt;&lt;div class="md"&gt;${String(kind === "t3" ? selftext : body)}&lt;/div&gt;&lt;!-- SC_ON --&gt;`;
  return (
    `<entry><author><name>/u/${String(author)}</name></author><content type="html">${html}</content><id>${String(name)}</id>` +
    `<link href="https://www.reddit.com${String(permalink)}"/><updated>${published}</updated><title>${String(title)}</title></entry>`
  );
}

function json(body: unknown, headers: Record<string, string> = {}): StubAnswer {
  return { headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

function listing(children: readonly unknown[], after: string | null = null): StubAnswer {
  return json({ kind: "Listing", data: { after, dist: children.length, children, before: null } });
}

function queryOf({ path }: StubRequest): URLSearchParams {
  return new URL(path, "http://reddit.example").searchParams;
}

/** A page of a list, as Reddit cuts it: by the name of the last one seen. */
function page(things: readonly Thing[], request: StubRequest): StubAnswer {
  const query = queryOf(request);
  const limit = Number(query.get("limit") ?? 25);
  const after = query.get("after");
  const start = after === null ? 0 : things.findIndex(({ data }) => data["name"] === after) + 1;
  if (after !== null && start === 0) return listing([]);
  const shown = things.slice(start, start + limit);
  const last = start + limit < things.length ? shown.at(-1)?.data["name"] : null;
  return listing(shown, typeof last === "string" ? last : null);
}

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: {
    headers: { "content-type": "text/html" },
    body: "<!doctype html><body>whoa there, pardner!</body>",
  },
  rate_limited: { status: 429, headers: { "x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "120" } },
  unauthorized: { status: 401, body: '{"message":"Unauthorized","error":401}' },
  forbidden: { status: 403, body: '{"reason":"private","message":"Forbidden","error":403}' },
  unavailable: { status: 503 },
  hang: { hang: "before_headers" },
};

/** Reddit's stand-in: lists are newest first and can be changed while it runs. */
async function startReddit() {
  const server = await startStubServer();
  const posts: Thing[] = [];
  const comments: Thing[] = [];
  const found: Thing[] = [];
  let trouble: Trouble | undefined;
  let before = 0;
  let count = 0;
  const lists = () => [...posts, ...comments, ...found];
  const unlessTroubled = (answer: (request: StubRequest) => StubAnswer) => (request: StubRequest) =>
    trouble === undefined ? answer(request) : TROUBLES[trouble];
  server.on("/api/v1/access_token", () =>
    json({ access_token: TOKEN, token_type: "bearer", expires_in: 86_400, scope: "*" }),
  );
  server.on(
    "/r/kettles/new",
    unlessTroubled((request) => page(posts, request)),
  );
  server.on(
    "/r/kettles/comments",
    unlessTroubled((request) => page(comments, request)),
  );
  server.on(
    "/search",
    unlessTroubled((request) => page(found, request)),
  );
  server.on(
    "/api/info",
    unlessTroubled((request) => {
      const ids = queryOf(request).get("id")?.split(",") ?? [];
      return listing(lists().filter(({ data }) => ids.includes(String(data["name"]))));
    }),
  );
  const feedOf = (things: readonly Thing[]): StubAnswer => ({
    headers: { "content-type": "application/atom+xml; charset=UTF-8" },
    body: `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>new</title>${things
      .slice(0, 100)
      .map((thing) =>
        thing.kind === "broken" ? "<entry><id>t3_broken</id><title>Half a <b></entry>" : anEntry(thing),
      )
      .join("\n")}</feed>`,
  });
  server.on(
    "/r/kettles/new/.rss",
    unlessTroubled(() => feedOf(posts)),
  );
  server.on(
    "/r/kettles/comments/.rss",
    unlessTroubled(() => feedOf(comments)),
  );
  server.on(
    "/search.rss",
    unlessTroubled(() => feedOf(found)),
  );
  const listened = { subreddits: ["Kettles"], search: [] as string[] };
  return {
    server,
    posts,
    comments,
    found,
    config: { ...SECRETS, ...listened, endpoint: server.url, site: server.url, pauseMs: 0 },
    keyless: { ...listened, site: server.url, pauseMs: 0 },
    /** Publishes posts and comments by turns. */
    publish(many: number) {
      return Array.from({ length: many }, () => {
        const id = (50_000_000 + ++count).toString(36);
        const at = { created_utc: NOW_S - 10_000 + count };
        const isPost = count % 2 === 1;
        if (isPost) posts.unshift(aPost(id, at));
        else comments.unshift(aComment(id, at));
        return isPost ? `t3_${id}` : `t1_${id}`;
      });
    },
    /** Leaves of it what Reddit does. */
    remove(id: string) {
      for (const [list, left] of [
        [posts, { selftext: "[removed]", removed_by_category: "moderator" }],
        [comments, { body: "[removed]" }],
      ] as const) {
        const at = list.findIndex(({ data }) => data["name"] === id);
        const thing = list[at];
        if (thing !== undefined) list[at] = { kind: thing.kind, data: { ...thing.data, ...left } };
      }
    },
    trouble(next: Trouble | undefined) {
      trouble = next;
      before = server.requests.length;
    },
    asked: () => server.received(before + 1),
    close: () => server.close(),
  };
}
type Reddit = Awaited<ReturnType<typeof startReddit>>;

const foreignCursor = { listings: { "r/elsewhere/new": { seen: ["t3_zzz"], newestAt: OBSERVED_AT } } };

ingestorContract("reddit", {
  ingestor: redditIngestor,
  severalPages: 430,
  retryAfterMs: 120_000,
  foreignCursor,
  async open() {
    const reddit = await startReddit();
    return {
      ...reddit,
      publishBroken: () => void reddit.posts.unshift({ kind: "t3", data: { name: "t3_broken" } }),
    };
  },
});

ingestorContract("reddit without keys", {
  ingestor: redditIngestor,
  severalPages: 190,
  retryAfterMs: 15 * 60_000,
  foreignCursor,
  without: { reread: "a feed cannot be asked for one entry" },
  async open() {
    const reddit = await startReddit();
    return {
      ...reddit,
      config: reddit.keyless,
      publishBroken: () => void reddit.posts.unshift({ kind: "broken", data: { name: "t3_broken" } }),
    };
  },
});

describe("the reddit ingestor", () => {
  let reddit: Reddit;
  beforeEach(async () => {
    reddit = await startReddit();
  });
  afterEach(() => reddit.close());

  async function poll(options: object = {}, cursor?: unknown, run: object = {}) {
    const config = redditIngestor.config.parse({ ...reddit.config, ...options });
    const pages: Page<unknown>[] = [];
    for await (const page of redditIngestor.poll(
      aPollRun({
        config,
        cursor,
        context: aContext(OBSERVED_AT),
        signal: AbortSignal.timeout(20_000),
        ...run,
      }),
    )) {
      pages.push(page);
    }
    const last = pages.findLast((page) => page.cursor !== undefined)?.cursor;
    return {
      pages,
      items: pages.flatMap((page) => page.items),
      cursor: JSON.parse(JSON.stringify(last ?? cursor)) as {
        listings: Record<string, { seen: string[] }>;
        next?: string;
      },
      gaps: pages.flatMap((page) => page.gap ?? []),
      notBefore: pages.at(-1)?.notBefore,
    };
  }

  async function failure(options: object = {}, cursor?: unknown, run: object = {}): Promise<EarshotError> {
    const error: unknown = await poll(options, cursor, run).catch((thrown: unknown) => thrown);
    if (!(error instanceof EarshotError)) throw new Error(`expected an EarshotError, got ${inspect(error)}`);
    return error;
  }

  const asked = (path: string) => reddit.server.requests.filter((request) => request.path.startsWith(path));

  const mentionsOf = (items: readonly unknown[]): MentionFields[] =>
    items.flatMap((item) => {
      const parsed = redditIngestor.parse(item, OBSERVED_AT);
      return parsed.type === "upsert" ? [parsed.mention] : [];
    });
  const idsOf = (items: readonly unknown[]) => mentionsOf(items).map(({ nativeId }) => nativeId);

  describe("logging in", () => {
    it.each([
      ["a password", {}, { grant_type: "password", username: "acme_care", password: "planted-password" }],
      [
        "a refresh token",
        { username: undefined, password: undefined, refreshToken: "planted-refresh" },
        { grant_type: "refresh_token", refresh_token: "planted-refresh" },
      ],
      [
        "the keys of the app alone",
        { username: undefined, password: undefined },
        { grant_type: "client_credentials", duration: "permanent" },
      ],
    ])("gets one token for a poll with %s, and asks with it", async (_, options, form) => {
      reddit.publish(250);
      await poll(options);
      const logins = asked("/api/v1/access_token");
      expect(logins).toHaveLength(1);
      expect(logins[0]?.method).toBe("POST");
      expect(Object.fromEntries(new URLSearchParams(logins[0]?.body))).toEqual(form);
      expect(logins[0]?.headers.authorization).toBe(
        `Basic ${btoa("planted-client-id:planted-client-secret")}`,
      );
      const listings = asked("/r/");
      expect(listings.length).toBeGreaterThan(2);
      expect(listings.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
    });

    it("names itself and the account it acts for, or what the config says", async () => {
      await poll();
      await poll({ username: undefined, password: undefined });
      await poll({ userAgent: "linux:kettle.ears:v2 (by /u/acme_care)" });
      const agents = reddit.server.requests.map(({ headers }) => headers["user-agent"]);
      expect([...new Set(agents)]).toEqual([
        "nodejs:earshot:v0.1 (by /u/acme_care)",
        "nodejs:earshot:v0.1",
        "linux:kettle.ears:v2 (by /u/acme_care)",
      ]);
    });

    it.each([
      [{ status: 401, body: '{"message":"Unauthorized","error":401}' }, "source_unauthorized"],
      [{ status: 403 }, "source_unauthorized"],
      [{ status: 400, body: '{"error":"unsupported_grant_type"}' }, "source_unauthorized"],
      [json({ error: "invalid_grant" }), "source_unauthorized"],
      [
        json({ error: "invalid_request", error_description: "planted-password is wrong" }),
        "source_unauthorized",
      ],
      [json({}), "source_changed"],
      [{ body: "<html>" }, "source_changed"],
      [{ status: 429, headers: { "retry-after": "60" } }, "source_rate_limited"],
      [{ status: 500 }, "source_unavailable"],
    ] as [StubAnswer, string][])("calls a login answered with %j %s", async (answer, code) => {
      reddit.server.on("/api/v1/access_token", answer);
      for (const options of [{}, { username: undefined, password: undefined }]) {
        const error = await failure(options);
        expect(error.code).toBe(code);
        if (code === "source_unauthorized") expect(error.message).toContain("clientSecret");
      }
      expect(asked("/r/")).toEqual([]);
    });

    it.each([
      [{ clientSecret: undefined }],
      [{ password: undefined }],
      [{ clientId: undefined, clientSecret: undefined }],
      [{ subreddits: ["r/kettles"] }],
      [{ ownAccounts: ["u/acme_care"] }],
      [{ search: ["x".repeat(513)] }],
    ])("refuses a config with %j", (options) => {
      expect(redditIngestor.config.safeParse({ ...reddit.config, ...options }).success).toBe(false);
    });

    it("puts no secret into any error, whatever fails", async () => {
      const planted = [...Object.values(SECRETS).slice(0, 2), SECRETS.password, TOKEN, "planted-refresh"];
      const echo: StubAnswer = { status: 400, body: planted.join(" "), headers: { "x-echo": TOKEN } };
      const answers = [
        ...Object.values(TROUBLES).filter(({ hang }) => hang === undefined),
        echo,
        json({ error: TOKEN }),
      ];
      const accounts = [{}, { username: undefined, password: undefined, refreshToken: "planted-refresh" }];
      for (const path of ["/api/v1/access_token", "/r/kettles/new", "/search"]) {
        for (const answer of answers) {
          for (const account of accounts) {
            await reddit.close();
            reddit = await startReddit();
            reddit.server.on(path, answer);
            if (path === "/r/kettles/new") reddit.server.on("/r/kettles/comments", answer);
            const error = await failure({
              ...account,
              subreddits: path === "/search" ? [] : ["kettles"],
              search: path === "/search" ? ["planted-search"] : [],
            });
            const told = [
              error.message,
              error.stack,
              String(error.cause),
              JSON.stringify(error),
              inspect(error, { depth: 9 }),
            ];
            for (const secret of planted) expect(told.join("\n")).not.toContain(secret);
          }
        }
      }
      await reddit.server.close();
      const error = await failure();
      expect(error.message).toContain("ECONNREFUSED");
      expect(inspect(error, { depth: 9 })).not.toContain("planted");
    });
  });

  describe("listening", () => {
    it("reads posts and comments of each subreddit, and asks for nothing since: an anchor may be deleted", async () => {
      reddit.posts.push(aPost("1kq9x5"));
      reddit.comments.push(aComment("n3aa05"));
      const { items, cursor } = await poll();
      expect(mentionsOf(items).map(({ kind }) => kind)).toEqual(["post", "comment"]);
      await poll({}, cursor);
      expect(asked("/r/").map(({ path }) => path)).toEqual(
        Array.from({ length: 2 }, () => [
          "/r/kettles/new?raw_json=1&limit=100",
          "/r/kettles/comments?raw_json=1&limit=100",
        ]).flat(),
      );
    });

    it("reads on after the newest it knows was deleted", async () => {
      reddit.publish(6);
      const { cursor } = await poll();
      for (const list of [reddit.posts, reddit.comments]) list.shift();
      const [post, comment] = reddit.publish(2);
      const { items, gaps } = await poll({}, cursor);
      expect(idsOf(items).toSorted()).toEqual([comment, post].toSorted());
      expect(gaps).toEqual([]);
    });

    it("pages on until it meets what it knows", async () => {
      reddit.publish(20);
      const { cursor } = await poll();
      const since = reddit.publish(460);
      const before = asked("/r/kettles/new").length;
      const { items, gaps } = await poll({}, cursor);
      expect(new Set(idsOf(items))).toEqual(new Set(since));
      expect(asked("/r/kettles/new").length - before).toBe(3);
      expect(gaps).toEqual([]);
    });

    it("reports a gap when a listing ends before what it knows", async () => {
      reddit.posts.push(aPost("old", { created_utc: NOW_S - 90_000 }));
      const { cursor } = await poll();
      reddit.posts.length = 0;
      reddit.posts.push(
        ...Array.from({ length: 1_100 }, (_, at) => aPost(`n${at}`, { created_utc: NOW_S - at })),
      );
      const { items, gaps } = await poll({}, cursor);
      expect(items).toHaveLength(1_000);
      expect(gaps).toEqual([
        {
          from: new Date((NOW_S - 90_000) * 1_000).toISOString(),
          to: new Date((NOW_S - 999) * 1_000).toISOString(),
          reason: expect.stringContaining("r/kettles") as string,
          isPartial: true,
        },
      ]);
    });

    it("reports no gap when the little it knew was deleted, or when it reads further back than it had", async () => {
      reddit.posts.push(aPost("old", { created_utc: NOW_S - 90_000 }));
      const { cursor } = await poll();
      reddit.posts.splice(0, 1, aPost("new"));
      expect((await poll({}, cursor)).gaps).toEqual([]);
      reddit.posts.push(
        ...Array.from({ length: 150 }, (_, at) => aPost(`n${at}`, { created_utc: NOW_S - 1_000 * at })),
      );
      expect((await poll({}, cursor)).gaps).toEqual([]);
    });

    it("brings what was edited, removed, or brought back again, and nothing else", async () => {
      reddit.posts.push(aPost("a"), aPost("b"), aPost("c"));
      const first = await poll();
      reddit.posts.splice(
        0,
        2,
        aPost("a", { edited: NOW_S - 60 }),
        aPost("b", { removed_by_category: "moderator" }),
      );
      const second = await poll({}, first.cursor);
      expect(second.items.map((item) => redditIngestor.parse(item, OBSERVED_AT))).toMatchObject([
        { type: "upsert", mention: { nativeId: "t3_a", revision: (NOW_S - 60) * 1_000 } },
        { type: "delete", id: "reddit:t3_b" },
      ]);
      expect((await poll({}, second.cursor)).items).toEqual([]);
      reddit.posts.splice(1, 1, aPost("b"));
      expect(idsOf((await poll({}, second.cursor)).items)).toEqual(["t3_b"]);
    });

    it("tells of no deletion of what it never saw, which moderators may yet let pass", async () => {
      reddit.posts.push(aPost("held", { removed_by_category: "automod_filtered" }), aPost("a"));
      const first = await poll();
      expect(first.items.map((item) => redditIngestor.position?.(item))).toEqual(["t3_a"]);
      expect((await poll({}, first.cursor)).items).toEqual([]);
      reddit.posts[0] = aPost("held");
      expect(idsOf((await poll({}, first.cursor)).items)).toEqual(["t3_held"]);
    });

    it("brings a post that a search and a subreddit both have once", async () => {
      reddit.posts.push(aPost("a"));
      reddit.found.push(aPost("a"), aPost("b", { subreddit: "tea" }));
      const { items, cursor } = await poll({ search: ['"acme"'] });
      expect(idsOf(items).toSorted()).toEqual(["t3_a", "t3_b"]);
      expect((await poll({ search: ['"acme"'] }, cursor)).items).toEqual([]);
    });

    it("remembers a thousand names at most, and saves nothing when nothing happened", async () => {
      reddit.publish(1_200);
      const { cursor } = await poll();
      reddit.publish(1_200);
      const second = await poll({}, cursor);
      expect(second.cursor.listings["r/kettles/new"]?.seen).toHaveLength(1_000);
      expect(JSON.stringify(second.cursor).length).toBeLessThan(30_000);
      const third = await poll({}, second.cursor);
      expect(third.pages).toEqual([{ items: [] }]);
    });

    it("forgets subreddits that are not listened to any more", async () => {
      reddit.publish(4);
      reddit.server.on("/r/tea/new", listing([aPost("tea")]));
      reddit.server.on("/r/tea/comments", listing([]));
      const { cursor } = await poll({ subreddits: ["kettles", "tea"] });
      expect(Object.keys(cursor.listings)).toHaveLength(4);
      const second = await poll({}, cursor);
      expect(Object.keys(second.cursor.listings)).toEqual(["r/kettles/new", "r/kettles/comments"]);
    });

    it("says so when there is nothing to read", async () => {
      const error = await failure({ subreddits: [], search: undefined });
      expect(error.code).toBe("config_invalid");
    });
  });

  describe("subreddits that are not shown", () => {
    const REFUSALS: readonly [string, StubAnswer][] = [
      ["private", TROUBLES.forbidden],
      ["banned", { status: 404, body: '{"reason":"banned","message":"Not Found","error":404}' }],
      ["misspelt", { redirectTo: "/subreddits/search?q=kettels" }],
    ];
    it.each(REFUSALS)(
      "reads the others when one is %s, and reports a gap that names it",
      async (_, answer) => {
        const posts = reddit.publish(4);
        reddit.server.on("/r/tea/new", answer);
        reddit.server.on("/r/tea/comments", answer);
        const { items, gaps, cursor } = await poll({ subreddits: ["tea", "kettles"] });
        expect(new Set(idsOf(items))).toEqual(new Set(posts));
        expect(gaps).toHaveLength(2);
        expect(gaps[0]).toMatchObject({ to: OBSERVED_AT, isPartial: true });
        expect(gaps[0]?.reason).toContain("r/tea");
        expect((await poll({ subreddits: ["tea", "kettles"] }, cursor)).items).toEqual([]);
      },
    );

    it.each(REFUSALS)("is refused altogether when its only one is %s", async (_, answer) => {
      reddit.server.on("/r/kettles/new", answer);
      reddit.server.on("/r/kettles/comments", answer);
      const error = await failure();
      expect(error.code).toBe("source_unauthorized");
      expect(error.message).toContain("subreddits");
    });

    it("gives the others their turn when one fails for good", async () => {
      reddit.publish(4);
      reddit.server.on("/r/tea/new", { body: "<html>" });
      reddit.server.on("/r/tea/comments", listing([]));
      const options = { subreddits: ["tea", "kettles"] };
      const pages: Page<unknown>[] = [];
      const config = redditIngestor.config.parse({ ...reddit.config, ...options });
      const read = async (cursor?: unknown) => {
        for await (const page of redditIngestor.poll(aPollRun({ config, cursor }))) pages.push(page);
      };
      await expect(read()).rejects.toMatchObject({ code: "source_changed" });
      await expect(read(pages.at(-1)?.cursor)).rejects.toMatchObject({ code: "source_changed" });
      expect(pages.flatMap((page) => page.items)).toHaveLength(4);
    });
  });

  describe("limits", () => {
    const spent = { "x-ratelimit-remaining": "0.0", "x-ratelimit-used": "1000", "x-ratelimit-reset": "246" };

    it("stops when they are used up, says until when, and goes on there", async () => {
      reddit.server.on("/r/kettles/new", () => ({ ...listing([aPost("a")]), headers: spent }));
      reddit.comments.push(aComment("b"));
      const first = await poll();
      expect(idsOf(first.items)).toEqual(["t3_a"]);
      expect(first.notBefore).toBe("2026-03-02T10:04:06.000Z");
      expect(asked("/r/kettles/comments")).toEqual([]);
      const second = await poll({}, first.cursor);
      expect(idsOf(second.items)).toEqual(["t1_b"]);
      expect(asked("/r/").map(({ path }) => path.split("?")[0])).toEqual([
        "/r/kettles/new",
        "/r/kettles/comments",
        "/r/kettles/new",
      ]);
    });

    it("asks nothing more in the middle of a listing, and keeps the cursor", async () => {
      const posts = Array.from({ length: 150 }, (_, at) => aPost(`n${at}`));
      reddit.server.on("/r/kettles/new", (request) => {
        const answer = page(posts, request);
        return { ...answer, headers: spent };
      });
      const error = await failure();
      expect(error).toMatchObject({ code: "source_rate_limited", retryAfterMs: 246_000 });
      expect(asked("/r/")).toHaveLength(1);
    });

    it("begins with the listing the limits kept it from", async () => {
      reddit.publish(4);
      reddit.server.on("/r/kettles/comments", { status: 429, headers: { "x-ratelimit-reset": "33.5" } });
      const pages: Page<unknown>[] = [];
      const config = redditIngestor.config.parse(reddit.config);
      const error: unknown = await (async () => {
        for await (const page of redditIngestor.poll(aPollRun({ config }))) pages.push(page);
      })().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "source_rate_limited", retryAfterMs: 33_500 });
      expect(pages.at(-1)?.cursor).toMatchObject({ next: "r/kettles/comments" });
    });

    it("stops at once while it pauses between two requests", async () => {
      reddit.publish(4);
      const abort = new AbortController();
      const config = redditIngestor.config.parse({ ...reddit.config, pauseMs: 60_000 });
      const pages = redditIngestor.poll(aPollRun({ config, signal: abort.signal }))[Symbol.asyncIterator]();
      expect((await pages.next()).done).toBe(false);
      const next = pages.next();
      abort.abort();
      await expect(next).rejects.toMatchObject({ name: "AbortError" });
      expect(asked("/r/kettles/comments")).toEqual([]);
    });
  });

  describe("reading again", () => {
    const reread = (ids: readonly string[], options: object = {}, run: object = {}) => {
      const config = redditIngestor.config.parse({ ...reddit.config, ...options });
      return redditIngestor.reread?.(ids, aPollRun({ config, context: aContext(OBSERVED_AT), ...run }));
    };

    it("asks for a hundred names at once, with the counters of now", async () => {
      const ids = reddit.publish(230);
      reddit.posts.splice(0, 1, aPost(String(reddit.posts[0]?.data["name"]).slice(3), { score: 99 }));
      const read = await reread(ids);
      expect(new Set(idsOf(read?.items ?? []))).toEqual(new Set(ids));
      expect(mentionsOf(read?.items ?? []).some(({ engagement }) => engagement?.likes === 99)).toBe(true);
      expect(asked("/api/info").map((request) => queryOf(request).get("id")?.split(",").length)).toEqual([
        100, 100, 30,
      ]);
    });

    it("tells the deleted from the removed", async () => {
      reddit.posts.push(
        aPost("a"),
        aPost("b", { removed_by_category: "deleted" }),
        aPost("c", { selftext: "[removed]" }),
      );
      reddit.comments.push(aComment("d", { body: "[deleted]" }));
      const read = await reread(["t3_a", "t3_b", "t3_c", "t1_d", "not a name"]);
      expect(idsOf(read?.items ?? [])).toEqual(["t3_a"]);
      expect(read?.gone).toEqual([
        { id: "t3_b", reason: "deleted by its author" },
        { id: "t3_c", reason: "deleted or removed" },
        { id: "t1_d", reason: "deleted or removed" },
      ]);
    });

    it("keeps what stands in a subreddit that is private for a while, and purges a post that is no more", async () => {
      reddit.posts.push(aPost("shown"));
      reddit.server.on("/comments/private", TROUBLES.forbidden);
      reddit.server.on("/comments/banned", { status: 404, body: '{"reason":"banned","error":404}' });
      reddit.server.on("/comments/skipped", json([]));
      reddit.server.on("/comments/moved", { redirectTo: "/over18" });
      const names = ["t3_private", "t1_private", "t3_banned", "t3_skipped", "t3_moved", "t3_shown"];
      const read = await reread(names);
      expect(idsOf(read?.items ?? [])).toEqual(["t3_shown"]);
      expect(read?.gone).toEqual([{ id: "t3_banned", reason: "Reddit does not show it any more" }]);
    });

    it("takes nothing for deleted while Reddit answers no question about a post", async () => {
      reddit.server.on("/comments/a", { status: 500 });
      await expect(reread(["t3_a"])).rejects.toMatchObject({ code: "source_unavailable" });
    });

    it("keeps what it has read when the budget ends", async () => {
      const ids = reddit.publish(230);
      const context = aContext(OBSERVED_AT);
      const budget = openBudget("reddit", { requestsPerMinute: 3 }, [], context);
      const read = await reread(ids, {}, { budget });
      expect(read?.items).toHaveLength(200);
      expect(read?.gone).toEqual([]);
    });

    it("cannot without keys", async () => {
      const read = await redditIngestor.reread?.(
        ["t3_a"],
        aPollRun({ config: redditIngestor.config.parse(reddit.keyless) }),
      );
      expect(read).toEqual({ items: [], gone: [] });
      expect(reddit.server.requests).toEqual([]);
    });
  });

  describe("searching", () => {
    const query = (text: string, root: QueryNode) => ({ tracker: "acme", query: { text, root } });
    const word = (text: string): QueryNode => ({ type: "word", text });

    it("looks for the trackers' queries, newest first, everywhere", async () => {
      reddit.found.push(aPost("a"));
      const { items } = await poll({ subreddits: [], search: undefined }, undefined, {
        queries: [query("acme", word("acme"))],
      });
      expect(idsOf(items)).toEqual(["t3_a"]);
      expect(
        Object.fromEntries(new URL(asked("/search")[0]?.path ?? "", reddit.server.url).searchParams),
      ).toEqual({
        raw_json: "1",
        q: '"acme"',
        sort: "new",
        t: "all",
        type: "link",
        restrict_sr: "false",
        limit: "100",
      });
    });

    it("quotes words, joins what belongs together, and puts several trackers into one search", () => {
      const searches = compileSearches([
        query('acme AND ("lid cracked" OR #refund)', {
          type: "and",
          nodes: [
            word("acme"),
            { type: "or", nodes: [{ type: "phrase", words: ["lid", "cracked"] }, word("#refund")] },
          ],
        }),
        query("kettle NEAR leak", {
          type: "near",
          left: { type: "word", text: "kettle" },
          right: { type: "word", text: "leak" },
          distance: 3,
        }),
        query("acme", word("steamio")),
        query("steamio", word("steamio")),
      ]);
      expect(searches).toEqual([
        '("acme" AND "lid cracked") OR ("acme" AND "refund") OR ("kettle" AND "leak") OR "steamio"',
      ]);
    });

    it("drops what it cannot say: wildcards, fields, NOT, emoji", () => {
      const node: QueryNode = {
        type: "and",
        nodes: [
          word("acme"),
          word("refund*"),
          word("😡"),
          { type: "not", node: word("spam") },
          { type: "field", name: "lang", value: "en" },
          { type: "number", name: "followers", operator: ">", value: 5 },
        ],
      };
      expect(compileSearches([query("…", node)])).toEqual(['"acme"']);
    });

    it("cannot be made to leave its quotes", () => {
      expect(
        compileSearches([query("…", { type: "phrase", words: ['a"', "OR", "\\", "author:b"] })]),
      ).toEqual(['"a OR author:b"']);
    });

    it.each([
      [{ type: "not", node: word("spam") }],
      [word("refund*")],
      [word("😡")],
      [{ type: "or", nodes: [word("acme"), word("😡")] }],
      [word("x".repeat(600))],
    ] as [QueryNode][])("says so when there is nothing to search for in %j", (node) => {
      expect(() => compileSearches([query("…", node)])).toThrow(
        expect.objectContaining({ code: "config_invalid" }) as Error,
      );
    });

    it("finds whatever the queries match, in searches of 512 characters at most", () => {
      const letters = fc.constantFrom(..."abcdefgh".split("").map((letter) => letter.repeat(40)));
      const { node } = fc.letrec<{ node: QueryNode }>((tie) => ({
        node: fc.oneof(
          { maxDepth: 3, withCrossShrink: true },
          letters.map(word),
          fc.record({ type: fc.constant("not" as const), node: tie("node") }),
          fc.record({
            type: fc.constantFrom("and" as const, "or" as const),
            nodes: fc.array(tie("node"), { minLength: 2, maxLength: 4 }),
          }),
        ),
      }));
      const matches = (root: QueryNode, text: ReadonlySet<string>): boolean => {
        if (root.type === "word") return text.has(root.text);
        if (root.type === "not") return !matches(root.node, text);
        if (root.type === "and") return root.nodes.every((side) => matches(side, text));
        return root.type === "or" && root.nodes.some((side) => matches(side, text));
      };
      const finds = (search: string, text: ReadonlySet<string>) =>
        search
          .split(" OR ")
          .some((all) => all.split(" AND ").every((term) => text.has(term.replace(/[("]|[")]/g, ""))));
      fc.assert(
        fc.property(node, fc.uniqueArray(letters), (root, words) => {
          let searches: readonly string[];
          try {
            searches = compileSearches([query("…", root)]);
          } catch (error) {
            expect(error).toMatchObject({ code: "config_invalid" });
            return;
          }
          const text = new Set(words);
          for (const search of searches) expect(search.length).toBeLessThanOrEqual(512);
          if (matches(root, text)) expect(searches.some((search) => finds(search, text))).toBe(true);
        }),
        { numRuns: 2_000 },
      );
    });
  });

  /** Of a poll that has heard what is gone now. */
  const seenBefore = {
    listings: {
      "r/kettles/new": { seen: ["t3_1kq5a9", "t3_1kq4z8"] },
      "r/kettles/comments": { seen: ["t1_n3aa04", "t1_n3aa03"] },
    },
  };

  describe("reading what Reddit shows", () => {
    const readAll = (name: string, own: readonly string[] = []) => {
      const answer = JSON.parse(readFileSync(resolve(fixtures, name), "utf8")) as {
        data: { children: Thing[] };
      };
      reddit.server.on(`/r/kettles/${name.replace(".json", "")}`, listing(answer.data.children));
      return poll({ ownAccounts: own }, seenBefore).then(({ items }) =>
        items.map((item) => redditIngestor.parse(item, OBSERVED_AT)),
      );
    };

    it("reads posts: edits, crossposts, hidden scores, closed accounts, removals", async () => {
      const parsed = await readAll("new.json");
      expect(parsed).toEqual([
        {
          type: "upsert",
          mention: {
            platform: "reddit",
            nativeId: "t3_1kq9x5",
            revision: Date.parse("2026-03-01T10:30:00.000Z"),
            kind: "post",
            byUs: false,
            authorId: "t2_9fern1",
            authorHandle: "copper_fern",
            title: "Lid cracked after two weeks",
            text: "My Acme kettle's lid cracked.\n\n\n\n> Two years of warranty\n\nThe shop says **no**.",
            threadId: "reddit:t3_1kq9x5",
            amplifiesId: "",
            url: "https://www.reddit.com/r/kettles/comments/1kq9x5/lid_cracked_after_two_weeks/",
            publishedAt: "2026-03-01T10:00:00.000Z",
            engagement: { likes: 412, replies: 14, shares: 2, views: null },
          },
        },
        expect.objectContaining({
          mention: expect.objectContaining({
            text: "",
            title: "Is the Acme worth it?",
            revision: 0,
            engagement: { likes: 0, replies: 5, shares: 0, views: null },
          }) as unknown,
        }),
        expect.objectContaining({
          mention: expect.objectContaining({
            amplifiesId: "reddit:t3_1kp0zz",
            engagement: { likes: null, replies: 0, shares: 0, views: null },
          }) as unknown,
        }),
        expect.objectContaining({
          mention: expect.objectContaining({ authorId: "", authorHandle: "", text: "It burns." }) as unknown,
        }),
        { type: "delete", id: "reddit:t3_1kq5a9", reason: "removed (moderator)" },
        { type: "delete", id: "reddit:t3_1kq4z8", reason: "deleted by its author" },
      ]);
    });

    it("reads comments, and knows our own", async () => {
      const parsed = await readAll("comments.json", ["Acme_Care"]);
      expect(parsed).toEqual([
        {
          type: "upsert",
          mention: {
            platform: "reddit",
            nativeId: "t1_n3aa10",
            revision: 0,
            kind: "comment",
            byUs: true,
            authorId: "t2_acmeqc",
            authorHandle: "acme_care",
            text: "We replace it free of charge, send us a message.",
            parentId: "reddit:t1_n3aa05",
            threadId: "reddit:t3_1kq9x5",
            url: "https://www.reddit.com/r/kettles/comments/1kq9x5/lid_cracked_after_two_weeks/n3aa10/",
            publishedAt: "2026-03-01T11:00:00.000Z",
            engagement: { likes: 31, replies: null, shares: null, views: null },
          },
        },
        expect.objectContaining({
          mention: expect.objectContaining({
            byUs: false,
            parentId: "reddit:t3_1kq9x5",
            revision: Date.parse("2026-03-01T10:50:00.000Z"),
            engagement: { likes: null, replies: null, shares: null, views: null },
          }) as unknown,
        }),
        { type: "delete", id: "reddit:t1_n3aa04", reason: "deleted or removed" },
        { type: "delete", id: "reddit:t1_n3aa03", reason: "deleted or removed" },
        expect.objectContaining({
          mention: expect.objectContaining({
            url: "https://www.reddit.com/r/kettles/comments/1kq8a2/_/n3aa02/",
          }) as unknown,
        }),
      ]);
    });

    it("keeps of an item what it reads, and skips what is no post or comment", async () => {
      reddit.found.push(aPost("a", { preview: "x".repeat(50_000), selftext_html: "<p>" }), {
        kind: "t5",
        data: { name: "t5_2x", display_name: "kettles" },
      });
      const { items } = await poll({ subreddits: [], search: ["acme"] });
      expect(JSON.stringify(items[0]).length).toBeLessThan(600);
      expect(redditIngestor.parse(items[1], OBSERVED_AT).type).toBe("skip");
      expect(items.map((item) => redditIngestor.position?.(item))).toEqual(["t3_a", "t5_2x"]);
    });

    it.each(["[deleted]", "[removed]", "[ Removed by Reddit ]", "[deleted by user]", " [REMOVED]\n"])(
      "takes %j for what is left of something gone",
      (body) => {
        const { kind, data } = aComment("a", { body });
        const parsed = redditIngestor.parse({ thing: { kind, data }, byUs: false }, OBSERVED_AT);
        expect(parsed.type).toBe("delete");
      },
    );

    it.each([
      "[removed] the lid and it leaked",
      "deleted",
      "[deleted by the shop, they said, after I complained]",
    ])("takes %j for somebody's words", (body) => {
      const { kind, data } = aComment("a", { body });
      const parsed = redditIngestor.parse({ thing: { kind, data }, byUs: false }, OBSERVED_AT);
      expect(parsed.type).toBe("upsert");
    });
  });

  describe("without keys", () => {
    const feed = (name: string): StubAnswer => ({
      headers: { "content-type": "application/atom+xml; charset=UTF-8" },
      body: readFileSync(resolve(fixtures, name)),
    });
    async function pollFeeds(options: object = {}, cursor?: unknown, run: object = {}) {
      const keys = Object.fromEntries(Object.keys(SECRETS).map((key) => [key, undefined]));
      return poll({ ...keys, ...options }, cursor, run);
    }

    it("reads the public feeds, with the ids the API has", async () => {
      reddit.server.on("/r/kettles/new/.rss", feed("new.atom"));
      reddit.server.on("/r/kettles/comments/.rss", feed("comments.atom"));
      const { items } = await pollFeeds({ ownAccounts: ["acme_care"] }, seenBefore);
      expect(items.map((item) => redditIngestor.parse(item, OBSERVED_AT))).toEqual([
        {
          type: "upsert",
          mention: {
            platform: "reddit",
            nativeId: "t3_1kq9x5",
            revision: Date.parse("2026-03-01T10:30:00.000Z"),
            kind: "post",
            byUs: false,
            authorHandle: "copper_fern",
            title: "Lid cracked after two weeks, & no help",
            text: "My Acme kettle's lid cracked.\nTwo years of warranty\nThe shop says no.",
            url: "https://www.reddit.com/r/kettles/comments/1kq9x5/lid_cracked_after_two_weeks/",
            threadId: "reddit:t3_1kq9x5",
            publishedAt: "2026-03-01T10:00:00.000Z",
          },
        },
        expect.objectContaining({
          mention: expect.objectContaining({ text: "", title: "Is the Acme worth it?" }) as unknown,
        }),
        { type: "delete", id: "reddit:t3_1kq5a9", reason: "deleted or removed" },
        { type: "skip", reason: "neither a post nor a comment" },
        {
          type: "upsert",
          mention: {
            platform: "reddit",
            nativeId: "t1_n3aa10",
            revision: 0,
            kind: "comment",
            byUs: true,
            authorHandle: "acme_care",
            title: "",
            text: "We replace it free of charge, send us a message.",
            url: "https://www.reddit.com/r/kettles/comments/1kq9x5/lid_cracked_after_two_weeks/n3aa10/",
            threadId: "reddit:t3_1kq9x5",
            publishedAt: "2026-03-01T11:00:00.000Z",
          },
        },
        expect.objectContaining({
          mention: expect.objectContaining({ text: "Same here, mine lasted a month." }) as unknown,
        }),
      ]);
    });

    it("asks each listing once, for as much as it gives, and then rests a quarter of an hour", async () => {
      reddit.publish(4);
      const { notBefore } = await pollFeeds({ search: ['"acme"'] });
      expect(notBefore).toBe("2026-03-02T10:15:00.000Z");
      expect(reddit.server.requests.map(({ path }) => path)).toEqual([
        "/search.rss?q=%22acme%22&sort=new&t=all&type=link&restrict_sr=false&limit=100",
        "/r/kettles/new/.rss?limit=100",
        "/r/kettles/comments/.rss?limit=100",
      ]);
    });

    it("reports a gap when all of a feed is new", async () => {
      reddit.publish(100);
      const { cursor } = await pollFeeds();
      reddit.publish(210);
      const { gaps, items } = await pollFeeds({}, cursor);
      expect(items).toHaveLength(200);
      expect(gaps).toHaveLength(2);
      expect(gaps[0]?.reason).toContain("poll it more often");
    });

    it("goes on with the same cursor once there are keys", async () => {
      reddit.publish(40);
      const { cursor } = await pollFeeds();
      const since = reddit.publish(2);
      const { items, gaps } = await poll({}, cursor);
      expect(idsOf(items).toSorted()).toEqual(since.toSorted());
      expect(gaps).toEqual([]);
    });

    it("does not take Reddit's search for a subreddit for the subreddit", async () => {
      reddit.server.on("/r/kettles/new/.rss", { redirectTo: "/subreddits/search.rss?q=kettles" });
      reddit.server.on("/r/kettles/comments/.rss", { redirectTo: "/subreddits/search.rss?q=kettles" });
      reddit.server.on("/subreddits/search.rss", feed("new.atom"));
      const keys = Object.fromEntries(Object.keys(SECRETS).map((key) => [key, undefined]));
      expect((await failure(keys)).code).toBe("source_unauthorized");
    });

    it("reads the other feeds when a subreddit is banned", async () => {
      const posts = reddit.publish(4);
      for (const path of ["/r/tea/new/.rss", "/r/tea/comments/.rss"]) {
        reddit.server.on(path, { status: 404 });
      }
      const { items, gaps } = await pollFeeds({ subreddits: ["tea", "kettles"] });
      expect(new Set(idsOf(items))).toEqual(new Set(posts));
      expect(gaps.map(({ reason }) => reason)).toEqual([
        expect.stringContaining("/r/tea/new"),
        expect.stringContaining("/r/tea/comments"),
      ]);
    });

    it("advises keys when it is refused", async () => {
      reddit.trouble("forbidden");
      const keys = Object.fromEntries(Object.keys(SECRETS).map((key) => [key, undefined]));
      const error = await failure(keys);
      expect(error.code).toBe("source_unauthorized");
      expect(error.message).toContain("clientId");
    });
  });

  describe.skipIf(!hasRecordings)("on recorded answers (skipped without ../shared/fixtures/reddit)", () => {
    interface Recorded {
      readonly request: { readonly url: string };
      readonly response: {
        readonly status: number;
        readonly headers: Record<string, string>;
        readonly body: unknown;
      };
    }
    const recorded = (name: string): Recorded[] =>
      (JSON.parse(readFileSync(resolve(recordings, name), "utf8")) as Recorded[]).filter(
        ({ request }) => !request.url.includes("access_token"),
      );
    const replay = async (name: string, path: string, options: object = {}) => {
      const [{ response }] = recorded(name) as [Recorded];
      reddit.server.on(path, { ...json(response.body, response.headers), status: response.status });
      return poll(options);
    };
    const childrenOf = (name: string) =>
      (recorded(name)[0]?.response.body as { data: { children: Thing[] } }).data.children;

    it.each([
      ["subreddit_comments_poll.json", "/r/kettles/comments", {}],
      ["overview_2026_mixed_t1_t3.json", "/r/kettles/new", {}],
      ["search_listing.json", "/search", { subreddits: [], search: ["praw oauth search"] }],
    ])("reads every item of %s, field by field", async (name, path, options) => {
      const children = childrenOf(name);
      reddit.server.on(path, listing(children));
      const { items } = await poll(options);
      expect(items).toHaveLength(children.length);
      const parsed = items.map((item) => redditIngestor.parse(item, OBSERVED_AT));
      for (const [index, { kind, data }] of children.entries()) {
        const read = parsed[index];
        expect(read).toMatchObject({
          type: "upsert",
          mention: {
            nativeId: data["name"],
            kind: kind === "t1" ? "comment" : "post",
            authorHandle: data["author"] === "[deleted]" ? "" : data["author"],
            publishedAt: new Date(Number(data["created_utc"]) * 1_000).toISOString(),
            revision: typeof data["edited"] === "number" ? data["edited"] * 1_000 : 0,
            threadId: `reddit:${String(kind === "t1" ? data["link_id"] : data["name"])}`,
            url: expect.stringContaining(String(data["name"]).slice(3)) as string,
          },
        });
      }
    });

    it("reads a recorded empty listing as nothing, and a recorded refusal as one", async () => {
      expect((await replay("empty_listing.json", "/r/kettles/new")).items).toEqual([]);
      reddit.server.on("/r/kettles/comments", { status: 403 });
      const error = await replay("forbidden_403.json", "/r/kettles/new").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "source_unauthorized" });
    });

    it.each([
      ["deleted_comment.json", "t1_d7ltvl0", true],
      ["removed_comment_info.json", "t1_dma3mi5", false],
    ])("reads again what %s shows of %s", async (name, id, isGone) => {
      reddit.server.on("/api/info", listing(childrenOf(name)));
      const config = redditIngestor.config.parse(reddit.config);
      const read = await redditIngestor.reread?.([id], aPollRun({ config }));
      expect(read?.gone.map((gone) => gone.id)).toEqual(isGone ? [id] : []);
      expect(idsOf(read?.items ?? [])).toEqual(isGone ? [] : [id]);
    });
  });
});
