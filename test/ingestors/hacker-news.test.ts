import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import type { QueryNode } from "../../core/query/query.ts";
import { hackerNewsIngestor } from "../../ingestors/hacker-news/index.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer, type StubServer } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const NOW_S = Date.parse(OBSERVED_AT) / 1_000;
const MINUTE_S = 60;

const fixtures = resolve(import.meta.dirname, "../fixtures/hacker-news");
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures/hackernews");
const hasRecordings = existsSync(recordings);
if (!hasRecordings)
  console.warn("SKIPPED: tests on recorded hits; ../shared/fixtures/hackernews is not beside this checkout");

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(fixtures, name), "utf8"));
}

interface Hit {
  objectID: string;
  created_at_i: number;
  [key: string]: unknown;
}

function aComment(id: number, at: number, text = `The parcel ${id} never arrived`): Hit {
  return {
    objectID: String(id),
    _tags: ["comment", "author_maud", `story_${id - 1}`],
    author: "maud",
    comment_text: text,
    created_at_i: at,
    parent_id: id - 1,
    points: null,
    story_id: 1,
  };
}

/** Answers as the search and Hacker News itself do, from a list of hits. */
class FakeHackerNews {
  readonly server: StubServer;
  hits: Hit[] = [];
  gone = new Map<string, "deleted" | "dead" | "null">();
  /** Ids that the index alone knows. */
  nullInFirebase = new Set<string>();
  isDeafToTime = false;
  trouble: StubAnswer | undefined;

  constructor(server: StubServer) {
    this.server = server;
    server.on("*", ({ path }) => this.trouble ?? this.answer(new URL(path, server.url)));
  }

  get config() {
    return {
      queries: ["parcel"],
      endpoint: `${this.server.url}/api/v1`,
      itemEndpoint: `${this.server.url}/v0/`,
    };
  }

  get searches(): URLSearchParams[] {
    return this.server.requests
      .filter(({ path }) => path.startsWith("/api/v1/search_by_date?"))
      .map(({ path }) => new URL(path, this.server.url).searchParams);
  }

  private answer({ pathname, searchParams }: URL): StubAnswer {
    const id = /\d+/.exec(pathname.replace(/^\/(?:api\/)?v[01]/, ""))?.[0];
    const hit = this.hits.find(({ objectID }) => objectID === id);
    if (pathname.startsWith("/v0/item/")) return json(this.item(id, hit));
    if (pathname.startsWith("/api/v1/items/")) {
      if (hit === undefined || this.gone.get(id ?? "") === "null") return { status: 404 };
      return json({ id: Number(id), story_id: hit["story_id"] });
    }
    return json(this.found(searchParams));
  }

  private item(id: string | undefined, hit: Hit | undefined): unknown {
    const state = this.gone.get(id ?? "");
    if (hit === undefined || state === "null" || this.nullInFirebase.has(id ?? "")) return null;
    const common = { id: Number(id), time: hit.created_at_i, type: "comment", parent: hit["parent_id"] };
    if (state === "deleted") return { ...common, deleted: true };
    const item = { ...common, by: hit["author"], text: hit["comment_text"], kids: [5, 6] };
    return state === "dead" ? { ...item, dead: true } : item;
  }

  private found(asked: URLSearchParams) {
    const [from, until] = ["created_at_i>=", "created_at_i<"].map((operator) => {
      const filter = asked.get("numericFilters")?.split(",");
      const value = filter?.find(
        (part) => part.startsWith(operator) && /\d/.test(part[operator.length] ?? ""),
      );
      return value === undefined ? undefined : Number(value.slice(operator.length));
    });
    const words = (asked.get("query") ?? "").toLowerCase().split(" ");
    const author = /author_[\w-]+/.exec(asked.get("tags") ?? "")?.[0];
    const all = this.hits
      .filter(({ created_at_i: at }) => this.isDeafToTime || (at >= (from ?? 0) && at < (until ?? Infinity)))
      .filter((hit) => author === undefined || (hit["_tags"] as string[]).includes(author))
      .filter((hit) =>
        words.every((word) => JSON.stringify(hit).toLowerCase().includes(word.replaceAll('"', ""))),
      )
      .toSorted((a, b) => b.created_at_i - a.created_at_i);
    const hits = all.slice(0, Math.min(1_000, Number(asked.get("hitsPerPage"))));
    return { hits, nbHits: all.length };
  }
}

function json(body: unknown): StubAnswer {
  return { body: JSON.stringify(body) };
}

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: { body: "<html>Sorry</html>" },
  rate_limited: { status: 429, headers: { "retry-after": "90" } },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  unavailable: { status: 502 },
  hang: { hang: "before_headers" },
};

ingestorContract("hacker_news", {
  ingestor: hackerNewsIngestor,
  severalPages: 1_100,
  retryAfterMs: 90_000,
  foreignCursor: { searches: { "another search": { newest: 1, marks: ["x"] } } },
  async open() {
    const fake = new FakeHackerNews(await startStubServer());
    let before = 0;
    const next = () => {
      const id = 40_000_000 + fake.hits.length;
      return { id, at: NOW_S - 25 * 24 * 3_600 + fake.hits.length * MINUTE_S };
    };
    return {
      config: fake.config,
      publish(count) {
        return Array.from({ length: count }, () => {
          const { id, at } = next();
          fake.hits.push(aComment(id, at));
          return String(id);
        });
      },
      publishBroken() {
        const { id, at } = next();
        fake.hits.push({ ...aComment(id, at), objectID: "no number: parcel" });
      },
      remove: (id) => void fake.gone.set(id, "deleted"),
      trouble(trouble) {
        fake.trouble = trouble === undefined ? undefined : TROUBLES[trouble];
        before = fake.server.requests.length;
      },
      asked: () => fake.server.received(before + 1),
      close: () => fake.server.close(),
    };
  },
});

describe("the hacker_news ingestor", () => {
  let fake: FakeHackerNews;
  beforeEach(async () => {
    fake = new FakeHackerNews(await startStubServer());
  });
  afterEach(() => fake.server.close());

  async function poll({
    options = {},
    cursor,
    queries = [],
    at = OBSERVED_AT,
  }: {
    options?: object;
    cursor?: unknown;
    queries?: readonly { tracker: string; query: { text: string; root: QueryNode } }[];
    at?: string;
  } = {}) {
    const config = hackerNewsIngestor.config.parse({ ...fake.config, ...options });
    const pages: Page<unknown>[] = [];
    for await (const page of hackerNewsIngestor.poll(
      aPollRun({ config, cursor, queries, context: aContext(at) }),
    )) {
      pages.push(page);
    }
    const items = pages.flatMap((page) => page.items);
    return {
      pages,
      ids: items.map((item) => asMention(item).nativeId),
      items,
      cursor: pages.findLast((page) => page.cursor !== undefined)?.cursor ?? cursor,
      gaps: pages.flatMap(({ gap }) => gap ?? []),
    };
  }

  function run(options: object = {}) {
    return aPollRun({
      config: hackerNewsIngestor.config.parse({ ...fake.config, ...options }),
      context: aContext(OBSERVED_AT),
    });
  }

  describe("searching", () => {
    it("asks for stories, comments and polls without typos, prefixes and highlights", async () => {
      await poll({ options: { lookbackDays: 1 } });
      expect(Object.fromEntries(fake.searches[0] ?? [])).toMatchObject({
        query: "parcel",
        tags: "(story,comment,poll)",
        numericFilters: `created_at_i>=${NOW_S - 24 * 3_600}`,
        hitsPerPage: "1000",
        typoTolerance: "false",
        queryType: "prefixNone",
      });
    });

    it("searches for each alternative of the trackers' queries once, words in quotes", async () => {
      const word = (text: string): QueryNode => ({ type: "word", text });
      const acme: QueryNode = {
        type: "or",
        nodes: [word("acme"), { type: "phrase", words: ["o'hara", "post"] }],
      };
      const both: QueryNode = {
        type: "and",
        nodes: [word("parcels"), word("AT&T"), { type: "not", node: word("jobs") }],
      };
      await poll({
        options: { queries: [] },
        queries: [acme, both, acme].map((root, index) => ({
          tracker: `t${index}`,
          query: { text: "", root },
        })),
      });
      expect(fake.searches.map((asked) => asked.get("query"))).toEqual([
        '"acme"',
        '"o" "hara" "post"',
        '"parcels" "AT" "T"',
      ]);
    });

    it("keeps within the length a search may have", async () => {
      const words = Array.from({ length: 100 }, (_, index) => `parcel-number-${index}`);
      const root: QueryNode = { type: "phrase", words };
      await poll({ options: { queries: [] }, queries: [{ tracker: "acme", query: { text: "", root } }] });
      const query = fake.searches[0]?.get("query") ?? "";
      expect(query.length).toBeGreaterThan(400);
      expect(query.length).toBeLessThanOrEqual(512);
    });

    it.each([
      [[], "set queries"],
      [
        [{ tracker: "acme", query: { text: "🔥", root: { type: "word", text: "🔥" } as const } }],
        "a word of letters",
      ],
    ])("says so when there is nothing to search for (%#)", async (queries, advice) => {
      const polling = poll({ options: { queries: [] }, queries });
      await expect(polling).rejects.toMatchObject({ code: "config_invalid" });
      await expect(polling).rejects.toThrow(advice);
    });

    it("reads all that our own users write, after the searches", async () => {
      const ours = { author: "acme_care", _tags: ["comment", "author_acme_care"] };
      fake.hits = [
        aComment(11, NOW_S - 600),
        { ...aComment(12, NOW_S - 500, "Sorry to hear that"), ...ours },
        { ...aComment(13, NOW_S - 400, "Your parcel is on its way"), ...ours },
        aComment(14, NOW_S - 300, "Something else"),
      ];
      const { items, ids } = await poll({ options: { ownAccounts: ["acme_care"] } });
      expect(ids).toEqual(["13", "11", "12"]);
      expect(items.map((item) => asMention(item).byUs)).toEqual([true, false, true]);
      expect(fake.searches.map((asked) => [asked.get("query"), asked.get("tags")])).toEqual([
        ["parcel", "(story,comment,poll)"],
        ["", "(story,comment,poll),author_acme_care"],
      ]);
    });

    it("yields once what two searches find", async () => {
      fake.hits = [aComment(11, NOW_S - 600, "The parcel from acme"), aComment(12, NOW_S - 500, "A parcel")];
      const { ids, cursor } = await poll({ options: { queries: ["parcel", "acme"] } });
      expect(ids).toEqual(["12", "11"]);
      expect((await poll({ options: { queries: ["parcel", "acme"] }, cursor })).ids).toEqual([]);
    });

    it("reads a new search from its own beginning and forgets one that is no longer asked for", async () => {
      fake.hits = [aComment(11, NOW_S - 600, "acme"), aComment(12, NOW_S - 86_400 * 20, "parcel")];
      const first = await poll({ options: { queries: ["acme"] } });
      expect(first.ids).toEqual(["11"]);
      const second = await poll({ options: { queries: ["parcel"] }, cursor: first.cursor });
      expect(second.ids).toEqual(["12"]);
      expect(Object.keys((second.cursor as { searches: object }).searches)).toEqual(["parcel"]);
    });
  });

  describe("between polls", () => {
    it("finds what the index took in late, and yields nothing twice", async () => {
      fake.hits = [aComment(11, NOW_S - 600)];
      const first = await poll();
      fake.hits.push(aComment(12, NOW_S - 600 - 14 * MINUTE_S));
      const second = await poll({ cursor: first.cursor });
      expect(second.ids).toEqual(["12"]);
      const third = await poll({ cursor: second.cursor });
      expect(third.pages.flatMap(({ items }) => items)).toEqual([]);
      expect(third.pages.some(({ cursor }) => cursor !== undefined)).toBe(false);
      expect(fake.searches.at(-1)?.get("numericFilters")).toBe(
        `created_at_i>=${NOW_S - 600 - 15 * MINUTE_S}`,
      );
    });

    it("yields a hit that cannot be read once, not with every poll", async () => {
      fake.hits = [
        aComment(11, NOW_S - 600),
        { ...aComment(12, NOW_S - 500), created_at_i: String(NOW_S) as never },
      ];
      const config = hackerNewsIngestor.config.parse(fake.config);
      const read = async (from: unknown) => {
        const pages: Page<unknown>[] = [];
        for await (const page of hackerNewsIngestor.poll(aPollRun({ config, cursor: from })))
          pages.push(page);
        return pages;
      };
      const pages = await read(undefined);
      expect(pages.flatMap((page) => page.items)).toHaveLength(2);
      const again = await read(pages.at(-1)?.cursor);
      expect(again.flatMap((page) => page.items)).toEqual([]);
    });

    it("is not led past later items by a wrong date", async () => {
      fake.hits = [aComment(11, NOW_S + 86_400)];
      const { cursor } = await poll();
      fake.hits.push(aComment(12, NOW_S + 60));
      expect((await poll({ cursor, at: "2026-03-02T10:05:00.000Z" })).ids).toEqual(["12"]);
    });
  });

  describe("more hits than one answer holds", () => {
    it("goes on below the oldest second of the answer, which may hold more", async () => {
      const at = (index: number) => NOW_S - 5_000 + Math.floor(index / 3);
      fake.hits = Array.from({ length: 2_500 }, (_, index) => aComment(index + 100, at(index)));
      const { ids, gaps } = await poll();
      expect(new Set(ids).size).toBe(2_500);
      expect(ids).toHaveLength(2_500);
      expect(gaps).toEqual([]);
      expect(fake.searches).toHaveLength(3);
    });

    it("tells of a second that has more hits than can be had", async () => {
      const second = NOW_S - 5_000;
      fake.hits = Array.from({ length: 1_200 }, (_, index) => aComment(index + 100, second));
      fake.hits.push(aComment(50, second - 1));
      const { ids, gaps } = await poll();
      expect(ids).toHaveLength(1_001);
      expect(gaps).toMatchObject([
        { from: new Date(second * 1_000).toISOString(), to: new Date((second + 1) * 1_000).toISOString() },
      ]);
      expect(gaps[0]?.reason).toContain("one second");
    });
  });

  it("does not ask for ever when the search is deaf to times", async () => {
    fake.hits = Array.from({ length: 1_200 }, (_, index) => aComment(index + 100, NOW_S - index));
    fake.isDeafToTime = true;
    await expect(poll()).rejects.toMatchObject({ code: "source_changed" });
    expect(fake.searches.length).toBeLessThan(4);
  });

  it("reads a past window, both ends as they are meant", async () => {
    const from = NOW_S - 86_400 * 400;
    fake.hits = [-1, 0, 100, 199, 200].map((seconds, index) => aComment(index + 10, from + seconds));
    const window = {
      from: new Date(from * 1_000).toISOString(),
      to: new Date((from + 200) * 1_000).toISOString(),
    };
    const ids: string[] = [];
    for await (const page of hackerNewsIngestor.backfill?.(window, run({ queries: ["parcel", "never"] })) ??
      []) {
      expect(page).not.toHaveProperty("cursor");
      ids.push(...page.items.map((item) => asMention(item).nativeId));
    }
    expect(ids).toEqual(["13", "12", "11"]);
  });

  describe("reading again", () => {
    it("tells deleted, killed and vanished items from those still there", async () => {
      fake.hits = [11, 12, 13, 14].map((id) => aComment(id, NOW_S - 600));
      fake.gone = new Map([
        ["12", "deleted"],
        ["13", "dead"],
        ["14", "null"],
      ]);
      const { items, gone } = (await hackerNewsIngestor.reread?.(
        ["11", "12", "13", "14", "x/../1"],
        run(),
      )) ?? {
        items: [],
        gone: [],
      };
      expect(gone).toEqual([
        { id: "12", reason: "Deleted by its author." },
        { id: "13", reason: "Killed by moderators or readers." },
        { id: "14", reason: "Hacker News has no such item any more." },
      ]);
      const [again] = items.map(asMention);
      const [polled] = (await poll()).items.map(asMention);
      const engagement = { likes: null, replies: 2, shares: null, views: null };
      expect(again).toEqual({ ...polled, engagement });
    });

    it("does not take an item for gone that the index still has", async () => {
      fake.hits = [aComment(11, NOW_S - 600)];
      fake.nullInFirebase.add("11");
      expect(await hackerNewsIngestor.reread?.(["11", "12"], run())).toEqual({
        items: [],
        gone: [{ id: "12", reason: "Hacker News has no such item any more." }],
      });
    });

    it("keeps what it has learned when the platform wants no more", async () => {
      fake.hits = [aComment(11, NOW_S - 600)];
      fake.server.on("/v0/item/12.json", { status: 429 });
      const found = await hackerNewsIngestor.reread?.(["11", "12", "11"], run());
      expect(found?.items).toHaveLength(1);
      expect(found?.gone).toEqual([]);
      await expect(hackerNewsIngestor.reread?.(["12", "11"], run())).rejects.toMatchObject({
        code: "source_rate_limited",
      });
    });
  });

  describe("parsing", () => {
    it("reads the hits of a search", () => {
      const { hits } = fixture("search_by_date.json") as { hits: unknown[] };
      const shared = { platform: "hacker_news", byUs: false };
      const author = (name: string) => ({ authorId: name, authorName: name, authorHandle: name });
      expect(hits.map(asMention)).toEqual([
        {
          ...shared,
          ...author("quillfern"),
          nativeId: "91000007",
          kind: "comment",
          title: "",
          text: "Acme's lockers \"work\", until they don't.\nMine said delivered & was empty: https://parcels.example/a",
          url: "https://news.ycombinator.com/item?id=91000007",
          parentId: "hacker_news:91000004",
          threadId: "hacker_news:91000001",
          publishedAt: "2026-02-27T08:15:30.000Z",
          engagement: { likes: null, replies: 2, shares: null, views: null },
        },
        {
          ...shared,
          ...author("brambleside"),
          nativeId: "91000005",
          kind: "post",
          title: "Ask HN: Who still ships with Acme Parcels?",
          text: "Three parcels lost in a month.\nDoes anybody reach a person there?",
          url: "https://news.ycombinator.com/item?id=91000005",
          parentId: "",
          threadId: "hacker_news:91000005",
          publishedAt: "2026-02-27T07:02:11.000Z",
          engagement: { likes: 32, replies: 14, shares: null, views: null },
        },
        {
          ...shared,
          ...author("osier_k"),
          nativeId: "91000001",
          kind: "post",
          title: "Acme opens parcel lockers in every station",
          text: "",
          url: "https://news.ycombinator.com/item?id=91000001",
          parentId: "",
          threadId: "hacker_news:91000001",
          publishedAt: "2026-02-27T06:30:00.000Z",
          engagement: { likes: 210, replies: 3, shares: null, views: null },
        },
      ]);
    });

    it("reads items as Hacker News itself gives them, and knows which are gone", () => {
      const items = (fixture("items.json") as unknown[]).slice(0, -1);
      const parsed = items.map((item) => hackerNewsIngestor.parse(item, OBSERVED_AT));
      expect(parsed).toMatchObject([
        {
          mention: {
            nativeId: "91000005",
            kind: "post",
            title: "Ask HN: Who still ships with Acme Parcels?",
            text: "Three parcels lost in a month.\nDoes anybody reach a person there?\nEdit: a fourth.",
            engagement: { likes: 47, replies: 19 },
          },
        },
        {
          mention: { nativeId: "91000007", kind: "comment", parentId: "hacker_news:91000004", threadId: "" },
        },
        { type: "delete", id: "hacker_news:91000009", reason: "Deleted by its author." },
        { type: "delete", id: "hacker_news:91000012", reason: "Killed by moderators or readers." },
      ]);
    });

    it("marks what our own accounts write, and drops highlights", async () => {
      const ours = {
        ...aComment(11, NOW_S - 600),
        author: "acme_care",
        _highlightResult: { huge: "parcel" },
      };
      fake.hits = [ours, { ...aComment(12, NOW_S - 500), byUs: true }];
      const { items } = await poll({ options: { ownAccounts: ["acme_care"] } });
      expect(items.map((item) => [asMention(item).nativeId, asMention(item).byUs])).toEqual([
        ["12", false],
        ["11", true],
      ]);
      expect(JSON.stringify(items)).not.toContain("_highlightResult");
      const { items: again } = (await hackerNewsIngestor.reread?.(
        ["11"],
        run({ ownAccounts: ["acme_care"] }),
      )) ?? {
        items: [],
      };
      expect(again.map((item) => asMention(item).byUs)).toEqual([true]);
    });

    it("says where in the source an item stands", () => {
      expect(hackerNewsIngestor.position?.({ objectID: "11" })).toBe("11");
      expect(hackerNewsIngestor.position?.({ id: 11 })).toBe("11");
      expect(hackerNewsIngestor.position?.(null)).toBe("");
    });
  });

  describe.skipIf(!hasRecordings)(
    "recorded answers, from ../shared/fixtures/hackernews where it is present",
    () => {
      const recorded = (name: string) => JSON.parse(readFileSync(join(recordings, name), "utf8")) as never;
      const origin = { source: "hn", trackers: [], observedAt: "2026-11-01T00:00:00.000Z" };

      it("reads each recorded hit that has its text", () => {
        const { response } = recorded("algolia_search_by_date_2020.json") as {
          response: { body: { hits: Hit[] } };
        };
        for (const hit of response.body.hits) {
          const mention = toMention(asMention(hit), origin);
          expect(mention).toMatchObject({
            id: `hacker_news:${hit.objectID}`,
            kind: "comment",
            authorHandle: hit["author"],
            publishedAt: hit["created_at"],
            parentId: `hacker_news:${String(hit["parent_id"])}`,
            threadId: `hacker_news:${String(hit["story_id"])}`,
          });
          expect(mention.text).not.toMatch(/&\w+;|<p>/);
        }
      });

      it("takes a hit without text for no mention", () => {
        const { hits } = recorded("algolia_story_and_comment_hits_live_keys.json") as { hits: unknown[] };
        expect(asMention(hits[0])).toMatchObject({ engagement: { replies: 1 }, text: "" });
        expect(() => toMention(asMention(hits[0]), origin)).toThrow(EarshotError);
      });

      it("reads each recorded item", () => {
        const items = (
          recorded("firebase_items.json") as { response: { body: { id: number; type: string } } }[]
        ).map(({ response }) => response.body);
        const parsed = items.map((item) => hackerNewsIngestor.parse(item, OBSERVED_AT));
        expect(parsed.map(({ type }) => type)).toEqual([
          "upsert",
          "upsert",
          "upsert",
          "upsert",
          "upsert",
          "skip",
        ]);
        expect(items.slice(0, 5).map((item) => toMention(asMention(item), origin))).toMatchObject([
          {
            id: "hacker_news:8863",
            kind: "post",
            engagement: { likes: 111, replies: 71 },
            authorId: "dhouston",
          },
          {
            id: "hacker_news:2921983",
            kind: "comment",
            parentId: "hacker_news:2921506",
            engagement: { replies: 7 },
          },
          { id: "hacker_news:121003", kind: "post", title: "Ask HN: The Arc Effect" },
          { id: "hacker_news:192327", kind: "post", engagement: { likes: 6, replies: null } },
          { id: "hacker_news:126809", kind: "post", engagement: { likes: 46, replies: 54 } },
        ]);
      });
    },
  );
});

function asMention(item: unknown): MentionFields {
  const parsed = hackerNewsIngestor.parse(item, OBSERVED_AT);
  if (parsed.type !== "upsert") throw new Error(`expected a mention, got ${parsed.type}`);
  return parsed.mention;
}
