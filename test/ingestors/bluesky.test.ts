import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBudget } from "../../core/budget.ts";
import type { Cost, MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { parseQuery } from "../../core/query/parse-query.ts";
import { blueskyIngestor } from "../../ingestors/bluesky/index.ts";
import { overhear } from "../../ingestors/bluesky/overhear.ts";
import { prefilter } from "../../ingestors/bluesky/prefilter.ts";
import { blueskySearchIngestor } from "../../ingestors/bluesky/search.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubServer } from "../support/stub-server.ts";
import { createOf, startFakeBluesky, uriOf, type FakeBluesky } from "../support/fake-bluesky.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const PASSWORD = "abcd-app-password-of-the-test";
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures/bluesky");
const hasRecordings = existsSync(recordings);
if (!hasRecordings)
  console.warn(
    "SKIPPED: tests on recorded events of Bluesky; ../shared/fixtures/bluesky is not beside this checkout",
  );

const brand = [{ tracker: "acme", query: parseQuery("acme") }];
const twins = readEvents(resolve(import.meta.dirname, "../fixtures/bluesky/jetstream.jsonl"));

function openPlatform(configOf: (bluesky: FakeBluesky) => object) {
  return async () => {
    const bluesky = await startFakeBluesky(NOW);
    let before = 0;
    return {
      config: { queries: ["acme"], ...configOf(bluesky) },
      publish: (count: number) => bluesky.publish(count),
      publishBroken: () => void bluesky.add({ record: { text: null } }),
      remove: (uri: string) => void bluesky.posts.delete(uri),
      trouble(trouble: Trouble | undefined) {
        before = bluesky.requests.length;
        bluesky.trouble(trouble);
      },
      asked: () => bluesky.asked(before + 1),
      close: () => bluesky.close(),
    };
  };
}

ingestorContract("bluesky", {
  ingestor: blueskyIngestor,
  severalPages: 60,
  retryAfterMs: 120_000,
  foreignCursor: { host: "elsewhere", timeUs: Date.parse("2026-03-01T10:00:00.000Z") * 1_000 },
  without: { broken_item: "what has no words meets no query, and the network is full of it" },
  open: openPlatform(({ jetstream, url }) => ({ endpoint: jetstream, apiEndpoint: url })),
});

const login = { identifier: "me.example", appPassword: PASSWORD };

ingestorContract("bluesky_search", {
  ingestor: blueskySearchIngestor,
  severalPages: 230,
  retryAfterMs: 120_000,
  foreignCursor: { searches: { "of another query": { since: "2026-03-02T00:00:00.000Z" } } },
  without: { budget: "its login outlives a poll, so that the next one asks less" },
  open: openPlatform(({ url }) => ({ endpoint: url, apiEndpoint: url, service: url, ...login })),
});

async function errorOf(promise: Promise<unknown>): Promise<EarshotError> {
  const error: unknown = await promise.then(
    () => "it went well",
    (thrown: unknown) => thrown,
  );
  if (error instanceof EarshotError) return error;
  throw new Error(`expected an EarshotError, got ${inspect(error)}`);
}

type Run = Parameters<typeof aPollRun>[0];

describe("the bluesky ingestor", () => {
  let bluesky: FakeBluesky;
  beforeEach(async () => {
    bluesky = await startFakeBluesky(NOW);
  });
  afterEach(() => bluesky.close());

  interface Cursor {
    readonly host: string;
    readonly timeUs: number;
  }

  const configOf = (options: object = {}) =>
    blueskyIngestor.config.parse({
      endpoint: bluesky.jetstream,
      apiEndpoint: bluesky.url,
      queries: ["acme"],
      ...options,
    });

  function poll(options: object = {}, run: Run = {}) {
    return blueskyIngestor
      .poll(
        aPollRun({
          config: configOf(options),
          context: aContext(NOW),
          signal: AbortSignal.timeout(20_000),
          ...run,
        }),
      )
      [Symbol.asyncIterator]() as AsyncIterator<Page<Cursor>>;
  }

  async function readUntil(pages: AsyncIterator<Page<Cursor>>, isEnough: (page: Page<Cursor>) => boolean) {
    const read: Page<Cursor>[] = [];
    for (;;) {
      const { value, done } = (await pages.next()) as { value: Page<Cursor>; done?: boolean };
      if (done === true) return read;
      read.push(value);
      if (isEnough(value)) return read;
    }
  }
  const rest = (pages: AsyncIterator<Page<Cursor>>) => readUntil(pages, () => false);
  const itemsOf = (pages: readonly Page<Cursor>[]) => pages.flatMap(({ items }) => items);
  const asked = (method: string) => bluesky.requests.filter((request) => request.method === method);

  describe("listening", () => {
    it("asks for posts alone, from the hour before a new source began", async () => {
      await rest(poll());
      expect(Object.fromEntries(asked("subscribe")[0]?.params ?? [])).toEqual({
        wantedCollections: "app.bsky.feed.post",
        cursor: String((Date.parse(NOW) - 3_600_000) * 1_000),
      });
    });

    it("gives what a tracker looks for, with author and counters, and nothing else", async () => {
      bluesky.publish(2);
      bluesky.add({ record: { text: "a lovely morning" } });
      const queries = [{ tracker: "acme", query: parseQuery("acme AND late*") }];
      const mentions = itemsOf(await rest(poll({ queries: [] }, { queries }))).map(asMention);
      expect(mentions).toHaveLength(2);
      expect(mentions[0]).toMatchObject({
        authorHandle: "author1.example",
        authorName: "Name of author1.example",
        authorFollowers: 40,
        engagement: { likes: 3, replies: 1, shares: 3, views: null },
      });
    });

    it("looks up no more than 25 posts at a time, and nobody when there is nothing", async () => {
      bluesky.publish(60);
      await rest(poll());
      expect(asked("app.bsky.feed.getPosts").map(({ params }) => params.getAll("uris").length)).toEqual([
        25, 25, 10,
      ]);
      bluesky.requests.length = 0;
      await rest(poll({ queries: ["zenith"] }));
      expect(bluesky.requests.map(({ method }) => method)).toEqual(["subscribe"]);
    });

    it("moves its cursor over what nobody looks for", async () => {
      const { timeUs } = bluesky.add({ record: { text: "a lovely morning" } });
      const pages = await rest(poll());
      expect(pages).toMatchObject([{ items: [], cursor: { timeUs } }]);
    });

    it("goes on five seconds before its cursor, and a minute before that of another server", async () => {
      const { timeUs } = bluesky.add({});
      const [page] = await rest(poll());
      await rest(poll({}, { cursor: page?.cursor }));
      await rest(poll({}, { cursor: { host: "jetstream.example", timeUs } }));
      expect(asked("subscribe").map(({ params }) => Number(params.get("cursor")))).toEqual([
        expect.any(Number),
        timeUs - 5_000_000,
        timeUs - 60_000_000,
      ]);
    });

    it("keeps listening, and saves how far it has heard with every page", async () => {
      bluesky.isLive = true;
      const pages = poll();
      const reading = readUntil(pages, ({ items }) => items.length > 0);
      await bluesky.listened();
      const post = bluesky.add({});
      bluesky.tell(createOf(post));
      expect(await reading).toMatchObject([{ cursor: { timeUs: post.timeUs } }]);
      await pages.return?.();
    });

    it("saves no further than the posts it has given", async () => {
      const uris = bluesky.publish(60);
      const pages = await rest(poll());
      const times = [25, 50, 60].map((count) => bluesky.posts.get(uris[count - 1] ?? "")?.timeUs);
      expect(pages.map(({ cursor }) => cursor?.timeUs)).toEqual(times);
    });

    it("says so when there is nothing to look for, or any post would do", async () => {
      expect(await errorOf(rest(poll({ queries: [] })))).toMatchObject({ code: "config_invalid" });
      const queries = [{ tracker: "jane", query: parseQuery("author:jane.example") }];
      expect(await errorOf(rest(poll({ queries: [] }, { queries })))).toMatchObject({
        code: "config_invalid",
      });
      expect(blueskyIngestor.config.safeParse({ queries: ["acme AND ("] }).success).toBe(false);
    });
  });

  describe("missing something", () => {
    const cursor = (at: string) => ({
      host: new URL(bluesky.jetstream).host,
      timeUs: Date.parse(at) * 1_000,
    });

    it("reports a gap when the server has forgotten where we were", async () => {
      bluesky.add({ timeUs: Date.parse("2026-03-02T08:00:00.000Z") * 1_000 });
      const [page] = await rest(poll({}, { cursor: cursor("2026-02-28T10:00:00.000Z") }));
      expect(page?.gap).toMatchObject({ from: "2026-02-28T10:00:00.000Z", to: "2026-03-02T08:00:00.000Z" });
      expect(page?.items).toHaveLength(1);
    });

    it("reports none when it hears again what it had heard", async () => {
      bluesky.add({ timeUs: Date.parse("2026-03-02T09:29:57.000Z") * 1_000, record: { text: "nothing" } });
      bluesky.publish(2);
      const pages = await rest(poll({}, { cursor: cursor("2026-03-02T09:30:00.000Z") }));
      expect(pages.flatMap(({ gap }) => gap ?? [])).toEqual([]);
    });

    it("reports none when a live event overtakes those it hears again", async () => {
      bluesky.publish(1);
      bluesky.add({ timeUs: Date.parse("2026-03-02T09:29:57.000Z") * 1_000 });
      const pages = await rest(poll({}, { cursor: cursor("2026-03-02T09:30:00.000Z") }));
      expect(pages.flatMap(({ gap }) => gap ?? [])).toEqual([]);
    });

    it("reports none when it begins", async () => {
      bluesky.publish(2);
      expect((await rest(poll())).flatMap(({ gap }) => gap ?? [])).toEqual([]);
    });
  });

  describe("breaking off", () => {
    it("gives what it has heard when the connection breaks, and says so", async () => {
      bluesky.isLive = true;
      const pages = poll();
      const reading = readUntil(pages, ({ items }) => items.length > 0);
      const listener = await bluesky.listened();
      bluesky.tell(createOf(bluesky.add({})));
      expect(itemsOf(await reading)).toHaveLength(1);
      listener.terminate();
      expect(await errorOf(rest(pages))).toMatchObject({ code: "source_unavailable" });
    });

    it("takes a connection that has fallen silent for dead", async () => {
      bluesky.isLive = true;
      const error = await errorOf(rest(poll({ silenceSeconds: 0.1 })));
      expect(error).toMatchObject({ code: "source_unavailable" });
      expect(error.message).toContain("silent for 0.1 s");
    });

    it("takes none for dead that has something to say now and then", async () => {
      bluesky.isLive = true;
      const pages = poll({ silenceSeconds: 0.5 });
      const reading = pages.next();
      await bluesky.listened();
      const talking = setInterval(() => bluesky.tell(createOf(bluesky.add({}))), 40);
      const { value } = (await reading) as { value: Page<Cursor> };
      clearInterval(talking);
      expect(value.items).toHaveLength(25);
      await pages.return?.();
    });

    it("takes a server that does not speak JSON for another one", async () => {
      bluesky.isLive = true;
      const reading = rest(poll());
      (await bluesky.listened()).send("hello");
      expect(await errorOf(reading)).toMatchObject({ code: "source_changed" });
    });

    it("lets a flood wait at the server, and loses nothing of it", async () => {
      const uris = bluesky.publish(3_000);
      const pages = poll();
      const { value } = (await pages.next()) as { value: Page<Cursor> };
      const items = [...value.items, ...itemsOf(await rest(pages))];
      expect(new Set(items.map((item) => asMention(item).nativeId))).toEqual(new Set(uris));
    });

    it("lets the connection go when nobody reads on", async () => {
      bluesky.isLive = true;
      bluesky.publish(1);
      const pages = poll();
      await readUntil(pages, ({ items }) => items.length > 0);
      const listener = await bluesky.listened();
      const closed = new Promise((resolve) => listener.once("close", resolve));
      await pages.return?.();
      await closed;
    });
  });

  describe("what the network does not tell", () => {
    it("keeps posts without their authors while the API is down", async () => {
      bluesky.publish(2);
      bluesky.answers.set("app.bsky.feed.getPosts", { status: 503, body: "" });
      const mentions = itemsOf(await rest(poll())).map(asMention);
      expect(mentions).toHaveLength(2);
      expect(mentions[0]).toMatchObject({
        authorId: "did:plc:author1",
        authorHandle: "",
        authorFollowers: null,
        engagement: { likes: null, replies: null, shares: null, views: null },
      });
    });

    it("keeps posts the API does not know yet", async () => {
      const [uri = ""] = bluesky.publish(2);
      bluesky.posts.delete(uri);
      expect(itemsOf(await rest(poll())).map((item) => asMention(item).nativeId)).toContain(uri);
    });

    it("stops when its budget is spent, rather than give less", async () => {
      bluesky.publish(2);
      let requests = 0;
      const budget = {
        allow() {
          if (++requests > 1) throw new EarshotError("budget_spent", "no more");
        },
        spend() {},
      };
      expect(await errorOf(rest(poll({}, { budget })))).toMatchObject({ code: "budget_spent" });
    });
  });

  describe("deletions and edits", () => {
    const hear = () => {
      const listen = overhear([{ tracker: "brightbox", query: parseQuery("brightbox") }]);
      return twins.map((event) => listen(event).found);
    };

    it("are heard of what was heard before, and of nothing else", () => {
      const found = hear();
      expect(found.map((heard) => heard.length)).toEqual([1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1]);
      expect(found[7]).toMatchObject([{ deleted: expect.stringMatching(/3mka2$/) as string }]);
    });

    it("take along all posts of an account that is gone", () => {
      expect(hear()[10]).toEqual([
        expect.objectContaining({
          deleted: "at://did:plc:rud4twin0000000000000000/app.bsky.feed.post/3mka3",
          reason: "its account is gone or hidden",
        }),
      ]);
    });

    it("come as items of their own, with everything else of a post", async () => {
      bluesky.events.push(...twins);
      const options = { queries: ["brightbox"], ownAccounts: ["did:plc:brightboxtwin0000000000000"] };
      const parsed = itemsOf(await rest(poll(options))).map((item) => blueskyIngestor.parse(item, NOW));
      const ona = "bluesky:at://did:plc:ona4twin0000000000000000/app.bsky.feed.post";
      const rud = "bluesky:at://did:plc:rud4twin0000000000000000/app.bsky.feed.post";
      const ours = "bluesky:at://did:plc:brightboxtwin0000000000000/app.bsky.feed.post";
      expect(parsed.map((each) => (each.type === "upsert" ? each.mention : each))).toMatchObject([
        {
          nativeId: `${ona.slice(8)}/3mka1`,
          text: "Brightbox lost my parcel 📦, third time now",
          kind: "post",
          revision: 0,
          publishedAt: "2026-03-02T09:29:59.310Z",
          url: "https://bsky.app/profile/did:plc:ona4twin0000000000000000/post/3mka1",
          threadId: `${ona}/3mka1`,
          parentId: "",
          authorId: "did:plc:ona4twin0000000000000000",
        },
        {
          kind: "comment",
          languageHint: "",
          parentId: `${ours}/3mk99`,
          threadId: `${ona}/3mk90`,
          inReplyToUs: true,
          byUs: false,
        },
        // what claims to be from the future is as old as its arrival
        { amplifiesId: `${ours}/3mk99`, publishedAt: "2026-03-02T09:30:00.330Z", inReplyToUs: false },
        { byUs: true, amplifiesId: "" },
        { nativeId: `${ona.slice(8)}/3mka1`, revision: Date.parse("2026-03-02T09:30:00.400Z") },
        { type: "delete", id: `${rud}/3mka2`, reason: "deleted by its author" },
        { type: "delete", id: `${rud}/3mka3` },
      ]);
    });

    it("are not heard in an account whose server is asked too often, or has lost the thread", () => {
      const ofAccount = (status: string) => {
        const listen = overhear(brand);
        listen(createOf({ did: "did:plc:a", rkey: "1", timeUs: 1, record: { text: "acme" } }));
        const account = { did: "did:plc:a", active: false, status };
        return listen({ did: "did:plc:a", time_us: 2, kind: "account", account }).found.length;
      };
      expect(["throttled", "desynchronized"].map(ofAccount)).toEqual([0, 0]);
      expect(["deleted", "deactivated", "suspended", "takendown"].map(ofAccount)).toEqual([1, 1, 1, 1]);
    });

    it("remember the latest ten thousand posts only", () => {
      const listen = overhear(brand);
      const post = (number: number) => ({
        did: "did:plc:a",
        rkey: String(number),
        timeUs: number,
        record: { text: "acme" },
      });
      for (let number = 1; number <= 10_001; number++) listen(createOf(post(number)));
      const deletion = (rkey: string) => ({
        did: "did:plc:a",
        time_us: 1,
        kind: "commit",
        commit: { operation: "delete", collection: "app.bsky.feed.post", rkey },
      });
      expect(listen(deletion("1")).found).toEqual([]);
      expect(listen(deletion("2")).found).toHaveLength(1);
      expect(listen(deletion("2")).found).toEqual([]);
    });

    it("leave out posts without words", () => {
      const post = {
        uri: uriOf({ did: "did:plc:a", rkey: "1" }),
        author: { did: "did:plc:a" },
        record: { text: " " },
      };
      const item = { post: { ...post, indexedAt: NOW }, ours: [] };
      expect(blueskyIngestor.parse(item, NOW)).toEqual({ type: "skip", reason: "a post without words" });
    });
  });

  describe("own accounts", () => {
    it("are known by handle and by what posts call them", async () => {
      bluesky.add({ did: "did:plc:acme" });
      bluesky.add({
        record: {
          reply: {
            parent: { uri: "at://did:plc:acme/app.bsky.feed.post/1" },
            root: { uri: "at://did:plc:acme/app.bsky.feed.post/1" },
          },
        },
      });
      const mentions = itemsOf(await rest(poll({ ownAccounts: ["@Acme.example"] }))).map(asMention);
      expect(mentions).toMatchObject([
        { byUs: true, inReplyToUs: false },
        { byUs: false, inReplyToUs: true },
      ]);
    });

    it("are asked for again while the network does not tell them, so that answers to them are known later", async () => {
      bluesky.isLive = true;
      bluesky.answers.set("app.bsky.actor.getProfiles", { status: 503, body: "" });
      const pages = poll({ ownAccounts: ["acme.example"] });
      const parent = { uri: "at://did:plc:acme/app.bsky.feed.post/1" };
      const wholePage = async () => {
        const reading = pages.next();
        await bluesky.listened();
        for (let count = 0; count < 25; count++)
          bluesky.tell(createOf(bluesky.add({ record: { reply: { parent, root: parent } } })));
        const { value } = (await reading) as { value: Page<Cursor> };
        return new Set(value.items.map((item) => asMention(item).inReplyToUs));
      };
      expect(await wholePage()).toEqual(new Set([false]));
      bluesky.answers.clear();
      expect(await wholePage()).toEqual(new Set([true]));
      await pages.return?.();
    });
  });

  describe("reading again", () => {
    const reread = (ids: readonly string[]) =>
      blueskyIngestor.reread?.(ids, aPollRun({ config: configOf(), context: aContext(NOW) }));

    it("takes nothing for deleted when the network has forgotten everything", async () => {
      const uris = bluesky.publish(3);
      bluesky.answers.set("app.bsky.feed.getPosts", { status: 200, body: '{"posts":[]}' });
      bluesky.answers.set("app.bsky.actor.getProfiles", { status: 200, body: '{"profiles":[]}' });
      expect(await reread(uris)).toEqual({ items: [], gone: [] });
      bluesky.answers.delete("app.bsky.actor.getProfiles");
      expect((await reread(uris))?.gone).toHaveLength(3);
    });

    it("takes nothing for deleted when it cannot tell the posts from each other", async () => {
      const uris = bluesky.publish(2);
      bluesky.answers.set("app.bsky.feed.getPosts", { status: 200, body: '{"posts":[{"id":1}]}' });
      expect(await errorOf(Promise.resolve(reread(uris)))).toMatchObject({ code: "source_changed" });
    });

    it("gives what it has learned when the network says no more", async () => {
      const uris = bluesky.publish(30);
      let asked = 0;
      const run = {
        config: configOf(),
        budget: {
          allow() {
            if (++asked > 2) throw new EarshotError("budget_spent", "no more");
          },
          spend() {},
        },
      };
      const result = await blueskyIngestor.reread?.(uris, aPollRun(run));
      expect(result?.items).toHaveLength(25);
    });
  });
});

describe("events nobody expects", () => {
  it.each([
    null,
    7,
    "text",
    [],
    {},
    { did: 1, time_us: 1 },
    { did: "did:plc:a", time_us: 1e300, kind: "commit", commit: {} },
    { did: "did:plc:a", time_us: 1, kind: "commit", commit: null },
    { did: "did:plc:a", time_us: 1, kind: "commit", commit: "acme" },
    createOf({ did: "did:plc:a", rkey: "1", timeUs: 1, record: { text: ["acme"], langs: 7, reply: 7 } }),
    { did: "did:plc:a", time_us: 1, kind: "account", account: "gone" },
    { did: "did:plc:a", time_us: 1, kind: "something new" },
  ])("find nothing: %j", (event) => {
    expect(overhear(brand)(event).found).toEqual([]);
  });
});

describe("what of all posts is wanted", () => {
  const wanted = (query: string, text: string, more: object = {}) =>
    prefilter([{ tracker: "t", query: parseQuery(query) }])({
      text,
      kind: "post",
      languageHint: "en",
      ...more,
    });

  it.each([
    ["acme refund", "my acme refund", true],
    ["acme refund", "my acme card", false],
    ["acme author:@jane", "acme", true],
    ["acme -author:@jane", "acme", true],
    ["acme NOT (author:@jane OR jobs)", "acme jobs", false],
    ["acme NOT (author:@jane jobs)", "acme jobs", true],
    ["acme (author:@jane OR refund)", "acme", true],
    ["acme followers>100", "acme", true],
    ["acme url:bsky.app", "acme", true],
    ["acme platform:reddit", "acme", false],
    ["acme lang:de", "acme", false],
    ["acme NOT lang:de", "acme", true],
    ["acme kind:comment", "acme", false],
    ["acme rating<3", "acme", false],
  ])("%s: %s → %s", (query, text, isWanted) => {
    expect(wanted(query, text)).toBe(isWanted);
  });

  it("leaves the language open of a post that names several", () => {
    const record = { text: "acme ist zu spät", langs: ["en", "de"] };
    const event = createOf({ did: "did:plc:a", rkey: "1", timeUs: 1, record });
    const { found } = overhear([{ tracker: "t", query: parseQuery("acme lang:de") }])(event);
    expect(found).toHaveLength(1);
    const [post] = found.flatMap((one) => ("view" in one ? [one.view] : []));
    expect(asMention({ post, ours: [] }).languageHint).toBe("");
  });

  it("reads the text as it will be stored", () => {
    expect(wanted("acme", "ac\u0000me")).toBe(true);
  });
});

describe("the bluesky_search ingestor", () => {
  let bluesky: FakeBluesky;
  beforeEach(async () => {
    bluesky = await startFakeBluesky(NOW);
  });
  afterEach(() => bluesky.close());

  const configOf = (options: object = {}) =>
    blueskySearchIngestor.config.parse({
      endpoint: bluesky.url,
      apiEndpoint: bluesky.url,
      service: bluesky.url,
      queries: ["acme"],
      ...login,
      ...options,
    });
  interface Cursor {
    readonly searches: Record<string, { since: string; walk?: { until: string; token: string } }>;
  }

  async function poll(
    config: unknown = configOf(),
    { at = NOW, ...run }: Run & { at?: string } = {},
    most = Infinity,
  ) {
    const pages: Page<Cursor>[] = [];
    for await (const page of blueskySearchIngestor.poll(
      aPollRun({ config, context: aContext(at), ...run }),
    )) {
      pages.push(page as Page<Cursor>);
      if (pages.length === most) break;
    }
    return { pages, items: pages.flatMap(({ items }) => items), cursor: pages.at(-1)?.cursor };
  }
  const asked = (method: string) => bluesky.requests.filter((request) => request.method === method);

  it("searches newest first up to now, and again a quarter of an hour of it at the next poll", async () => {
    bluesky.publish(3);
    const { cursor } = await poll();
    await poll(configOf(), { cursor, at: "2026-03-02T10:05:00.000Z" });
    expect(asked("app.bsky.feed.searchPosts").map(({ params }) => Object.fromEntries(params))).toEqual([
      { q: "acme", sort: "latest", since: "2026-03-01T10:00:00.000Z", until: NOW, limit: "100" },
      {
        q: "acme",
        sort: "latest",
        since: "2026-03-02T09:45:00.000Z",
        until: "2026-03-02T10:05:00.000Z",
        limit: "100",
      },
    ]);
  });

  it("goes on in the middle of a window after a crash", async () => {
    const uris = bluesky.publish(150);
    const before = await poll(configOf(), {}, 1);
    expect(Object.values(before.cursor?.searches ?? {})).toEqual([
      {
        since: "2026-03-01T10:00:00.000Z",
        walk: { until: NOW, at: { below: NOW, token: "100", pages: 1 } },
      },
    ]);
    const after = await poll(configOf(), { cursor: before.cursor, at: "2026-03-02T11:00:00.000Z" });
    expect(after.items.map((item) => asMention(item).nativeId)).toEqual(uris.slice(0, 50).reverse());
    expect(Object.values(after.cursor?.searches ?? {})).toEqual([{ since: "2026-03-02T09:45:00.000Z" }]);
  });

  describe("of which there is a lot to find", () => {
    let network: StubServer;
    beforeEach(async () => {
      network = await startStubServer();
    });
    afterEach(() => network.close());

    /** Every second a post, and as Bluesky does it: pages by offset, 10,000 deep. */
    function findsPosts(count: number, isShown: (number: number) => boolean = () => true) {
      const start = Date.parse(NOW) - count * 1_000;
      const posts = Array.from({ length: count }, (_, number) => {
        const at = new Date(start + number * 1_000).toISOString();
        const record = { text: "acme", createdAt: at };
        return {
          uri: uriOf({ did: "did:plc:a", rkey: String(number) }),
          author: { did: "did:plc:a" },
          record,
          indexedAt: at,
        };
      }).reverse();
      const answer = (body: object) => ({ body: JSON.stringify(body) });
      network.on("/xrpc/com.atproto.server.createSession", () =>
        answer({ accessJwt: "access", refreshJwt: "refresh" }),
      );
      network.on("/xrpc/app.bsky.actor.getProfiles", () => answer({ profiles: [] }));
      network.on("/xrpc/app.bsky.feed.searchPosts", ({ path }) => {
        const query = new URL(path, network.url).searchParams;
        const [since = "", until = ""] = ["since", "until"].map((name) => query.get(name) ?? "");
        const offset = Number(query.get("cursor") ?? 0);
        const end = offset + Number(query.get("limit"));
        const found = posts.filter(({ record }) => record.createdAt >= since && record.createdAt < until);
        return answer({
          posts: found.slice(offset, end).filter((_, at) => isShown(offset + at)),
          ...(end <= found.length && end < 10_000 ? { cursor: String(end) } : {}),
        });
      });
    }

    async function urisFound() {
      const addresses = { endpoint: network.url, apiEndpoint: network.url, service: network.url };
      const { items } = await poll(configOf(addresses));
      return new Set(items.map((item) => asMention(item).nativeId));
    }

    it("is found beyond the 10,000 posts that Bluesky gives of a search", async () => {
      findsPosts(10_300);
      expect((await urisFound()).size).toBe(10_300);
    });

    it("is found beyond a page of which nothing may be shown", async () => {
      findsPosts(350, (number) => number < 100 || number >= 200);
      expect((await urisFound()).size).toBe(250);
    });
  });

  it("searches for what its trackers' queries come to", async () => {
    const queries = [
      { tracker: "acme", query: parseQuery('(acme OR "acme air" OR #acmefail) refund* e-mail') },
    ];
    await poll(configOf({ queries: [] }), { queries });
    expect(asked("app.bsky.feed.searchPosts").map(({ params }) => params.get("q"))).toEqual([
      'acme "e-mail"',
      '#acmefail "e-mail"',
    ]);
  });

  it("logs in once, renews its session when it has run out, and logs in again when it cannot", async () => {
    const config = configOf();
    await poll(config);
    await poll(config);
    bluesky.tokens.clear();
    await poll(config);
    bluesky.tokens.clear();
    bluesky.answers.set("com.atproto.server.refreshSession", {
      status: 401,
      body: '{"error":"ExpiredToken"}',
    });
    await poll(config);
    const logins = bluesky.requests
      .map(({ method }) => method)
      .filter((method) => method.includes("Session"));
    expect(logins.map((method) => method.replace("com.atproto.server.", ""))).toEqual([
      "createSession",
      "refreshSession",
      "refreshSession",
      "createSession",
    ]);
    expect(JSON.parse(asked("com.atproto.server.createSession")[0]?.body ?? "")).toEqual({
      identifier: "me.example",
      password: PASSWORD,
    });
    expect(asked("com.atproto.server.refreshSession")[0]?.authorization).toBe("Bearer refresh-1");
  });

  it("charges its login, each page and each 25 authors, and asks nothing when the budget is spent", async () => {
    for (let number = 0; number < 130; number++) bluesky.add({ did: `did:plc:reader${number}` });
    let [allowed, spent] = [0, 0];
    const budget = {
      allow: ({ requests = 0 }: Cost) => void (allowed += requests),
      spend: ({ requests = 0 }: Cost) => void (spent += requests),
    };
    await poll(configOf(), { budget });
    expect([allowed, spent]).toEqual([1 + 2 + 4 + 2, bluesky.requests.length]);
    const asked = bluesky.requests.length;
    const none = openBudget(
      "bluesky",
      { requestsPerDay: 1 },
      [{ requests: 1, at: new Date(NOW) }],
      aContext(NOW),
    );
    expect(await errorOf(poll(configOf(), { budget: none }))).toMatchObject({ code: "budget_spent" });
    expect(bluesky.requests).toHaveLength(asked);
  });

  it("rests until the limit is renewed when it is used up", async () => {
    bluesky.publish(150);
    const uris = [...bluesky.posts.keys()];
    const page = { posts: [], cursor: "100" };
    bluesky.answers.set("app.bsky.feed.searchPosts", {
      status: 200,
      body: JSON.stringify({ ...page, posts: [{ uri: uris[0], author: { did: "did:plc:a" } }] }),
      headers: { "ratelimit-remaining": "0", "ratelimit-reset": "1772445900" },
    });
    const { pages } = await poll();
    expect(pages).toMatchObject([{ notBefore: "2026-03-02T10:05:00.000Z" }]);
  });

  it("calls a page the network has forgotten a lost cursor", async () => {
    bluesky.publish(150);
    const { cursor } = await poll(configOf(), {}, 1);
    bluesky.answers.set("app.bsky.feed.searchPosts", {
      status: 400,
      body: '{"error":"InvalidRequest","message":"bad cursor"}',
    });
    expect(await errorOf(poll(configOf(), { cursor }))).toMatchObject({ code: "cursor_lost" });
  });

  it("shows neither password nor session in any error", async () => {
    const config = configOf();
    bluesky.publish(1);
    await poll(config);
    const run = () => [
      poll(config),
      poll(),
      blueskySearchIngestor.reread?.(["at://did:plc:a/app.bsky.feed.post/1"], aPollRun({ config })),
    ];
    for (const trouble of ["garbage", "rate_limited", "unauthorized", "forbidden", "unavailable"] as const) {
      bluesky.trouble(trouble);
      for (const attempt of await Promise.allSettled(run().map((each) => Promise.resolve(each)))) {
        if (attempt.status === "fulfilled") throw new Error("it went well");
        const error = attempt.reason as Error;
        const shown = [
          inspect(error, { depth: 9, showHidden: true }),
          error.stack,
          JSON.stringify(error),
        ].join();
        expect(shown).not.toMatch(new RegExp(`${PASSWORD}|access-\\d|refresh-\\d`));
      }
    }
  });

  it("finds the past", async () => {
    bluesky.publish(130);
    const items: unknown[] = [];
    const window = { from: "2026-03-02T09:50:30.000Z", to: "2026-03-02T09:51:00.000Z" };
    for await (const page of blueskySearchIngestor.backfill?.(window, aPollRun({ config: configOf() })) ?? [])
      items.push(...page.items);
    expect(items).toHaveLength(30);
  });
});

describe.skipIf(!hasRecordings)(
  "events recorded from Jetstream (skipped without ../shared/fixtures/bluesky)",
  () => {
    const events = hasRecordings
      ? readEvents(join(recordings, "jetstream_v1_posts_deletes_account.jsonl"))
      : [];

    it("give a mention for each post with words", () => {
      const isWanted = [
        "the",
        "of",
        "and",
        "на",
        "to",
        "show",
        "band's",
        "이쁘시네용",
        "待って",
        "denikn.cz",
      ];
      const listen = overhear([{ tracker: "t", query: parseQuery(isWanted.join(" OR ")) }]);
      const found = events.flatMap((event) => listen(event).found);
      const mentions = found.flatMap((one) =>
        "view" in one ? [asMention({ post: one.view, ours: [] })] : [],
      );
      expect(mentions.length).toBeGreaterThan(8);
      for (const mention of mentions) {
        expect(mention).toMatchObject({ platform: "bluesky", revision: 0 });
        expect(mention.publishedAt).toMatch(/^2026-07-04T14:3[78]:/);
        expect(mention.url).toMatch(/^https:\/\/bsky\.app\/profile\/did:plc:\w+\/post\/\w+$/);
      }
      expect(new Set(mentions.map(({ kind }) => kind))).toEqual(new Set(["post", "comment"]));
    });

    it("move time forward one by one", () => {
      const listen = overhear(brand);
      const times = events.map((event) => listen(event).timeUs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBe(1_783_175_888_400_999);
    });
  },
);

function readEvents(path: string): object[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
}

function asMention(item: unknown): MentionFields {
  const parsed = blueskyIngestor.parse(item, NOW);
  if (parsed.type !== "upsert") throw new Error(`it is a ${parsed.type}`);
  return parsed.mention;
}
