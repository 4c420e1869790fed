import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MentionFields, Page, PollRun } from "../../core/contracts.ts";
import { openBudget } from "../../core/budget.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import { toAlpha2 } from "../../ingestors/app-store/country-codes.ts";
import { appStoreIngestor } from "../../ingestors/app-store/index.ts";
import { readConnectRateLimit } from "../../ingestors/app-store/read-connect.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer, type StubServer } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const APP = "1000000001";
const HOUR_MS = 3_600_000;
const START = Date.parse("2026-02-01T00:00:00Z");

const fixtures = resolve(import.meta.dirname, "../fixtures/app-store");
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures");
const hasRecordings = existsSync(join(recordings, "appstore_rss"));
if (!hasRecordings)
  console.warn("SKIPPED: recorded App Store reviews; ../shared/fixtures is not beside this checkout");

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PRIVATE_KEY = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const KEYS = { issuerId: "issuer-of-tests", keyId: "KEYOFTESTS", privateKey: PRIVATE_KEY };

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: { headers: { "content-type": "text/html" }, body: "<html>Sorry</html>" },
  rate_limited: { status: 429, headers: { "retry-after": "120" } },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  unavailable: { status: 502 },
  hang: { hang: "before_headers" },
};

interface FeedReview {
  readonly id: string;
  readonly at: number;
  readonly stars?: string;
  readonly text?: string;
  readonly votes?: number;
}

function entryOf({ id, at, stars = "3", text = "Some words", votes = 0 }: FeedReview) {
  return {
    author: { uri: { label: `https://itunes.apple.com/us/reviews/id9${id}` }, name: { label: "Someone" } },
    updated: { label: new Date(at).toISOString() },
    "im:rating": { label: stars },
    "im:version": { label: "1.0" },
    id: { label: id },
    title: { label: "Title" },
    content: { label: text, attributes: { type: "text" } },
    "im:voteSum": { label: String(votes) },
    "im:voteCount": { label: String(votes) },
  };
}

function feedOf(entries: readonly unknown[]): StubAnswer {
  const entry = entries.length === 0 ? {} : { entry: entries.length === 1 ? entries[0] : entries };
  return {
    headers: { "content-type": "text/javascript; charset=UTF-8" },
    body: JSON.stringify({ feed: { author: { name: { label: "iTunes Store" } }, ...entry } }),
  };
}

/** Serves the stores of all countries as the public feed does: pages of 50, at most 10, in two forms of address. */
class FeedStub {
  readonly server: StubServer;
  readonly stores = new Map<string, unknown[]>();
  readonly troubles = new Map<string, StubAnswer>();
  /** Forms of the address that are empty today. */
  blind: readonly ("numbered" | "plain")[] = [];
  #count = 0;

  constructor(server: StubServer) {
    this.server = server;
    server.on("*", ({ path }) => {
      const [, country = ""] = path.split("/");
      const trouble = this.troubles.get(country) ?? this.troubles.get("*");
      if (trouble !== undefined) return trouble;
      const form = path.includes("/sortby=mostrecent/") ? "numbered" : "plain";
      const page = Number(/page=(\d+)/.exec(path)?.[1] ?? "1");
      if (!path.includes(`/id=${APP}/`) || page > 10) return { status: 400 };
      const all = this.blind.includes(form) ? [] : (this.stores.get(country) ?? []);
      return feedOf(all.slice((page - 1) * 50, page * 50));
    });
  }

  publish(count: number, country = "us"): string[] {
    const reviews = Array.from({ length: count }, () => {
      this.#count++;
      return { id: String(15_000_000_000 + this.#count), at: START + this.#count * 60_000 };
    });
    this.put(country, reviews.map(entryOf).reverse());
    return reviews.map(({ id }) => id);
  }

  put(country: string, entries: readonly unknown[]): void {
    this.stores.set(country, [...entries, ...(this.stores.get(country) ?? [])]);
  }

  remove(country: string, id: string): void {
    this.stores.set(
      country,
      (this.stores.get(country) ?? []).filter((entry) => !JSON.stringify(entry).includes(id)),
    );
  }

  /** Country and page of each request, in order. */
  asked(): string[] {
    return this.server.requests.map(({ path }) => {
      const form = path.includes("/sortby=mostrecent/") ? "" : "plain ";
      return `${form}${path.split("/")[1]} ${/page=(\d+)/.exec(path)?.[1] ?? 1}`;
    });
  }
}

ingestorContract("app_store, by the public feed", {
  ingestor: appStoreIngestor,
  severalPages: 120,
  retryAfterMs: 120_000,
  without: { reread: "the feed cannot be asked for one review" },
  foreignCursor: { app: "7", lists: { us: { seen: ["abcdefghijkl0000"], readAt: OBSERVED_AT, count: 3 } } },
  async open() {
    const stub = new FeedStub(await startStubServer());
    let before = 0;
    return {
      config: { appId: APP, endpoint: stub.server.url, pauseMs: 0 },
      publish: (count) => stub.publish(count),
      publishBroken: () => stub.put("us", [{ "im:rating": { label: "4" }, content: { label: "no id" } }]),
      trouble(next) {
        if (next === undefined) stub.troubles.clear();
        else stub.troubles.set("*", TROUBLES[next]);
        before = stub.server.requests.length;
      },
      asked: () => stub.server.received(before + 1),
      close: () => stub.server.close(),
    };
  },
});

interface ConnectReview {
  readonly id: string;
  readonly at: number;
  readonly body?: string | undefined;
  readonly response?: { readonly id: string; readonly body: string; readonly at: number } | undefined;
}

function resourceOf({ id, at, body = "Some words", response }: ConnectReview) {
  return {
    type: "customerReviews",
    id,
    attributes: {
      rating: 3,
      title: "Title",
      body,
      reviewerNickname: "someone",
      createdDate: new Date(at).toISOString(),
      territory: "USA",
    },
    relationships: {
      response: {
        data: response === undefined ? null : { type: "customerReviewResponses", id: response.id },
      },
    },
  };
}

function responsesOf(reviews: readonly ConnectReview[]) {
  return reviews.flatMap(({ response }) =>
    response === undefined
      ? []
      : [
          {
            type: "customerReviewResponses",
            id: response.id,
            attributes: {
              responseBody: response.body,
              lastModifiedDate: new Date(response.at).toISOString(),
              state: "PUBLISHED",
            },
          },
        ],
  );
}

/** Serves an app's reviews as App Store Connect does: newest first, 200 a page, tokens in links. */
class ConnectStub {
  readonly server: StubServer;
  reviews: (ConnectReview | { readonly broken: true })[] = [];
  trouble: StubAnswer | undefined;
  /** Requests of the hour left after each answer. */
  remaining: number | undefined;
  isTokenKnown = true;
  isAppShown = true;
  #count = 0;

  constructor(server: StubServer) {
    this.server = server;
    server.on("*", ({ path }) => {
      if (this.trouble !== undefined) return this.trouble;
      const url = new URL(path, "http://stub");
      const headers =
        this.remaining === undefined
          ? {}
          : { "x-rate-limit": `user-hour-lim:3500;user-hour-rem:${this.remaining};` };
      if (url.pathname === `/v1/apps/${APP}/customerReviews`) {
        if (!this.isAppShown) return { status: 404 };
        const token = url.searchParams.get("cursor");
        if (token !== null && !this.isTokenKnown) return { status: 400, headers };
        return { headers, body: JSON.stringify(this.#page(Number(token ?? 0))) };
      }
      const id = /^\/v1\/customerReviews\/([^/]+)$/.exec(url.pathname)?.[1];
      const found = this.reviews.find(
        (review): review is ConnectReview => "id" in review && review.id === id,
      );
      if (found === undefined) return { status: 404, headers, body: '{"errors":[{"status":"404"}]}' };
      return {
        headers,
        body: JSON.stringify({ data: resourceOf(found), included: responsesOf([found]) }),
      };
    });
  }

  #page(from: number) {
    const page = this.reviews.slice(from, from + 200);
    const sound = page.filter((review): review is ConnectReview => "id" in review);
    const next = `https://elsewhere.example/v1/anything?cursor=${from + 200}&limit=200&sort=-createdDate&include=response`;
    return {
      data: page.map((review) => ("id" in review ? resourceOf(review) : { type: "customerReviews", id: 7 })),
      included: responsesOf(sound),
      links: from + 200 < this.reviews.length ? { next } : {},
    };
  }

  publish(count: number, fields: Partial<ConnectReview> = {}): string[] {
    const reviews = Array.from({ length: count }, () => {
      this.#count++;
      return { id: `00000001-${this.#count}`, at: START + this.#count * 60_000, ...fields };
    });
    this.reviews = [...reviews.toReversed(), ...this.reviews];
    return reviews.map(({ id }) => `connect:${id}`);
  }
}

ingestorContract("app_store, by App Store Connect", {
  ingestor: appStoreIngestor,
  severalPages: 450,
  retryAfterMs: 120_000,
  foreignCursor: { app: "7", newestAt: OBSERVED_AT },
  async open() {
    const stub = new ConnectStub(await startStubServer());
    let before = 0;
    return {
      config: { appId: APP, endpoint: stub.server.url, ...KEYS },
      publish: (count) => stub.publish(count),
      publishBroken: () => void stub.reviews.unshift({ broken: true }),
      remove(id) {
        stub.reviews = stub.reviews.filter((review) => !("id" in review) || `connect:${review.id}` !== id);
      },
      trouble(next) {
        stub.trouble = next === undefined ? undefined : TROUBLES[next];
        before = stub.server.requests.length;
      },
      asked: () => stub.server.received(before + 1),
      close: () => stub.server.close(),
    };
  },
});

/** Reads all there is. Whatever it ended with is in `error`. */
async function read(options: object, run: Partial<PollRun<unknown, unknown>> = {}) {
  const config = appStoreIngestor.config.parse({ appId: APP, pauseMs: 0, ...options });
  const signal = AbortSignal.timeout(20_000);
  const pages: Page<unknown>[] = [];
  let error: unknown;
  try {
    for await (const page of appStoreIngestor.poll(
      aPollRun({ config, signal, context: aContext(OBSERVED_AT), ...run }),
    ))
      pages.push(page);
  } catch (thrown) {
    error = thrown;
  }
  const last = pages.findLast((page) => page.cursor !== undefined)?.cursor ?? run.cursor;
  return {
    pages,
    error,
    mentions: pages.flatMap(({ items }) => items.map(asMention)),
    gaps: pages.flatMap(({ gap }) => gap ?? []),
    cursor: last === undefined ? undefined : (JSON.parse(JSON.stringify(last)) as unknown),
  };
}

function asMention(item: unknown): MentionFields {
  const parsed = appStoreIngestor.parse(item, OBSERVED_AT);
  if (parsed.type !== "upsert") throw new Error(`expected a mention, got ${parsed.type}`);
  return parsed.mention;
}

const ids = (mentions: readonly MentionFields[]) => mentions.map(({ nativeId }) => nativeId);
const at = (time: string) => ({ context: aContext(time) });

describe("the app_store ingestor by the public feed", () => {
  let stub: FeedStub;
  let options: object;
  beforeEach(async () => {
    stub = new FeedStub(await startStubServer());
    options = { endpoint: stub.server.url };
  });
  afterEach(() => stub.server.close());

  it("reads every field the feed gives, and leaves out the app itself", async () => {
    const feed = JSON.parse(readFileSync(join(fixtures, "feed.json"), "utf8")) as {
      feed: { entry: unknown[] };
    };
    stub.put("de", feed.feed.entry);
    const { mentions, gaps } = await read({ ...options, countries: ["de"] });
    expect(gaps).toEqual([]);
    expect(mentions).toEqual([
      {
        platform: "app_store",
        nativeId: "15000000002",
        kind: "review",
        authorId: "900000001",
        authorName: "Lotte vom Deich",
        title: "Karte bleibt leer",
        text: "Seit dem Update sehe ich meinen Fahrer nicht mehr.\nVorher ging es & war gut.",
        url: "https://apps.apple.com/de/app/id1000000001?see-all=reviews",
        rating: 2,
        ratingMax: 5,
        product: APP,
        version: "7.4.1",
        country: "DE",
        publishedAt: "2026-02-28T11:24:23.000Z",
        revision: Date.parse("2026-02-28T11:24:23Z"),
        engagement: { likes: 12, replies: null, shares: null, views: null },
      },
      expect.objectContaining({ nativeId: "15000000001", publishedAt: "2026-02-28T06:00:00.000Z" }),
    ]);
    toMention(mentions[0] as MentionFields, { source: "s", trackers: [], observedAt: OBSERVED_AT });
  });

  it("takes a single review that comes without its list", async () => {
    const published = stub.publish(1);
    expect(ids((await read(options)).mentions)).toEqual(published);
  });

  it("reads on until a review it knows, and no further", async () => {
    stub.publish(500);
    const first = await read(options);
    expect(first.mentions).toHaveLength(500);
    expect(stub.asked()).toEqual(Array.from({ length: 10 }, (_, page) => `us ${page + 1}`));
    const since = stub.publish(70);
    const second = await read(options, { cursor: first.cursor });
    expect(ids(second.mentions)).toEqual(since.toReversed());
    expect(stub.asked().slice(10)).toEqual(["us 1", "us 2"]);
    expect(second.gaps).toEqual([]);
    const third = await read(options, { cursor: second.cursor });
    expect(third.mentions).toEqual([]);
    expect(stub.asked().slice(12)).toEqual(["us 1"]);
  });

  it("reads an edited review as a later revision, and what is new behind it", async () => {
    const [edited = ""] = stub.publish(60);
    const { cursor } = await read(options);
    stub.remove("us", edited);
    const since = stub.publish(55);
    const editedAt = Date.parse("2026-03-01T12:00:00Z");
    stub.put("us", [entryOf({ id: edited, at: editedAt, stars: "1", text: "Changed my mind" })]);
    const { mentions, gaps } = await read(options, { cursor });
    expect(new Set(ids(mentions))).toEqual(new Set([edited, ...since]));
    expect(mentions[0]).toMatchObject({
      nativeId: edited,
      rating: 1,
      text: "Changed my mind",
      revision: editedAt,
    });
    expect(gaps).toEqual([]);
  });

  it("reads a review again when its votes have changed", async () => {
    stub.put("us", [entryOf({ id: "1", at: START }), entryOf({ id: "2", at: START - 1 })]);
    const { cursor } = await read(options);
    stub.stores.clear();
    stub.put("us", [entryOf({ id: "1", at: START, votes: 4 }), entryOf({ id: "2", at: START - 1 })]);
    const { mentions } = await read(options, { cursor });
    expect(mentions).toMatchObject([{ nativeId: "1", engagement: { likes: 4 } }]);
  });

  it("knows a review whose votes have changed", async () => {
    const reviews = Array.from({ length: 60 }, (_, n) => ({ id: String(n), at: START - n }));
    stub.put("us", reviews.map(entryOf));
    const { cursor } = await read(options);
    stub.stores.clear();
    stub.put(
      "us",
      reviews.map((review) => entryOf({ ...review, votes: 1 })),
    );
    const asked = stub.asked().length;
    const { mentions } = await read(options, { cursor });
    expect(mentions).toHaveLength(50);
    expect(stub.asked().slice(asked)).toEqual(["us 1"]);
  });

  it("reports a gap when the newest 500 are all new", async () => {
    stub.publish(20);
    const { cursor } = await read(options);
    stub.publish(500);
    const { mentions, gaps } = await read(options, { cursor });
    expect(mentions).toHaveLength(500);
    expect(gaps).toEqual([
      {
        from: new Date(START + 20 * 60_000).toISOString(),
        to: new Date(START + 21 * 60_000).toISOString(),
        reason: expect.stringContaining("newest 500") as string,
      },
    ]);
  });

  it("reports a gap when the list is shorter and nothing in it is known", async () => {
    stub.publish(30);
    const { cursor } = await read(options);
    stub.stores.clear();
    stub.publish(8);
    const { mentions, gaps } = await read(options, { cursor });
    expect(mentions).toHaveLength(8);
    expect(gaps).toMatchObject([{ isPartial: true, reason: expect.stringContaining("had 30") as string }]);
  });

  it("reports no gap when nothing is known in a list that has grown and was read to its end", async () => {
    stub.publish(3);
    const { cursor } = await read(options);
    stub.stores.clear();
    stub.publish(5);
    const { mentions, gaps } = await read(options, { cursor });
    expect(mentions).toHaveLength(5);
    expect(gaps).toEqual([]);
  });

  it("pauses between two requests", async () => {
    stub.publish(110);
    const startedAt = performance.now();
    await read({ ...options, pauseMs: 50 });
    expect(stub.asked()).toHaveLength(4);
    // timers may be a millisecond early
    expect(performance.now() - startedAt).toBeGreaterThan(3 * 49);
  });

  describe("when the feed is empty", () => {
    it("asks in the other form, and believes both", async () => {
      const { gaps, cursor } = await read(options);
      expect(stub.asked()).toEqual(["us 1", "plain us 1"]);
      expect(gaps).toEqual([]);
      stub.publish(3);
      const { mentions, gaps: later } = await read(options, { cursor });
      expect(mentions).toHaveLength(3);
      expect(later).toEqual([]);
    });

    it("reports a gap and forgets nothing when there were reviews before", async () => {
      stub.publish(60);
      const { cursor } = await read(options, at("2026-03-02T08:00:00.000Z"));
      stub.blind = ["numbered", "plain"];
      const empty = await read(options, { cursor });
      expect(empty.pages.flatMap(({ items }) => items)).toEqual([]);
      expect(empty.gaps).toEqual([
        {
          from: "2026-03-02T08:00:00.000Z",
          to: OBSERVED_AT,
          reason: expect.stringContaining("had 60 entries before") as string,
          isPartial: true,
        },
      ]);
      const stillEmpty = await read(options, { cursor: empty.cursor, ...at("2026-03-02T12:00:00.000Z") });
      expect(stillEmpty.gaps).toMatchObject([
        { from: "2026-03-02T08:00:00.000Z", to: "2026-03-02T12:00:00.000Z" },
      ]);
      stub.blind = [];
      const since = stub.publish(2);
      const healed = await read(options, { cursor: empty.cursor });
      expect(ids(healed.mentions)).toEqual(since.toReversed());
      expect(healed.gaps).toEqual([]);
    });

    it("goes on in the other form when that has reviews, and says what that may have missed", async () => {
      stub.publish(80);
      stub.blind = ["numbered"];
      const first = await read(options);
      expect(first.mentions).toHaveLength(80);
      expect(stub.asked()).toEqual(["us 1", "plain us 1", "plain us 2", "plain us 3"]);
      expect(first.gaps).toMatchObject([
        { to: OBSERVED_AT, isPartial: true, reason: expect.stringContaining("at another") as string },
      ]);
    });

    it("reports no gap when the other form leads to a review it knows", async () => {
      stub.publish(80);
      const { cursor } = await read(options);
      stub.blind = ["numbered"];
      const since = stub.publish(4);
      const { mentions, gaps } = await read(options, { cursor });
      expect(ids(mentions)).toEqual(since.toReversed());
      expect(gaps).toEqual([]);
    });
  });

  describe("of several countries", () => {
    const countries = ["us", "de", "fr"];

    it("reads each with a memory of its own", async () => {
      stub.publish(3, "us");
      stub.publish(2, "fr");
      const { mentions, cursor } = await read({ ...options, countries });
      expect(mentions.map(({ country }) => country)).toEqual(["US", "US", "US", "FR", "FR"]);
      stub.publish(1, "de");
      const later = await read({ ...options, countries }, { cursor });
      expect(later.mentions).toMatchObject([{ country: "DE" }]);
    });

    it("goes on when one fails, and fails in the end", async () => {
      stub.publish(3, "us");
      stub.publish(2, "fr");
      stub.troubles.set("de", { status: 503 });
      const { mentions, error, cursor } = await read({ ...options, countries });
      expect(mentions).toHaveLength(5);
      expect(error).toMatchObject({
        code: "source_unavailable",
        message: expect.stringContaining("of de") as string,
      });
      stub.troubles.clear();
      stub.publish(1, "de");
      const asked = stub.server.requests.length;
      const later = await read({ ...options, countries }, { cursor, ...at("2026-03-02T11:00:00.000Z") });
      expect(later.mentions).toHaveLength(1);
      expect(stub.asked()[asked]).toBe("de 1");
    });

    it("stops at once when it is refused", async () => {
      stub.troubles.set("*", { status: 403 });
      const { error } = await read({ ...options, countries });
      expect(error).toMatchObject({ code: "source_unauthorized" });
      expect(stub.asked()).toEqual(["us 1"]);
    });

    it("begins with those a spent budget left out", async () => {
      for (const country of countries) stub.publish(1, country);
      const context = aContext(OBSERVED_AT);
      const budget = () => openBudget("s", { requestsPerHour: 3 }, [], context);
      const first = await read({ ...options, countries }, { budget: budget() });
      expect(first.error).toMatchObject({ code: "budget_spent" });
      expect(stub.asked()).toEqual(["us 1", "us 2", "de 1"]);
      await read(
        { ...options, countries },
        { cursor: first.cursor, budget: budget(), ...at("2026-03-02T11:00:00.000Z") },
      );
      expect(stub.asked().slice(3)).toEqual(["de 1", "de 2", "fr 1"]);
    });

    it("ends its pause between two requests when it is aborted", async () => {
      const abort = new AbortController();
      const reading = read({ ...options, countries, pauseMs: 60_000 }, { signal: abort.signal });
      await stub.server.received(1);
      abort.abort();
      expect((await reading).error).toBeDefined();
      expect(stub.server.requests).toHaveLength(1);
    });
  });

  it("forgets its cursor when the app is another", async () => {
    stub.publish(2);
    const { cursor } = await read(options);
    const { mentions } = await read(options, { cursor: { ...(cursor as object), app: "7" } });
    expect(mentions).toHaveLength(2);
  });

  it("reads a past window again, and says when the feed does not go back that far", async () => {
    stub.publish(510);
    const config = appStoreIngestor.config.parse({ appId: APP, pauseMs: 0, ...options });
    const minute = (count: number) => new Date(START + count * 60_000).toISOString();
    const fill = async (from: string, to: string) => {
      const pages: Page<never>[] = [];
      for await (const page of appStoreIngestor.backfill?.({ from, to }, aPollRun({ config })) ?? [])
        pages.push(page);
      return pages;
    };
    const known = await fill(minute(400), minute(410));
    expect(ids(known.flatMap(({ items }) => items.map(asMention)))).toHaveLength(10);
    expect(known.flatMap(({ gap }) => gap ?? [])).toEqual([]);
    const old = await fill(minute(1), minute(21));
    expect(old.flatMap(({ items }) => items)).toHaveLength(10);
    expect(old.flatMap(({ gap }) => gap ?? [])).toMatchObject([{ from: minute(1), to: minute(11) }]);
  });

  it("cannot say of one review whether it is gone", async () => {
    const run = aPollRun({ config: appStoreIngestor.config.parse({ appId: APP, ...options }) });
    expect(await appStoreIngestor.reread?.(["1"], run)).toEqual({ items: [], gone: [] });
    expect(stub.server.requests).toEqual([]);
  });
});

describe("the app_store ingestor by App Store Connect", () => {
  let stub: ConnectStub;
  let options: object;
  beforeEach(async () => {
    stub = new ConnectStub(await startStubServer());
    options = { endpoint: stub.server.url, ...KEYS };
  });
  afterEach(() => stub.server.close());

  const runOf = (more: object = {}) =>
    aPollRun({ config: appStoreIngestor.config.parse({ appId: APP, ...options }), ...more });

  it("reads every field Connect gives, and our response as a mention of its own", async () => {
    const body = readFileSync(join(fixtures, "connect.json"));
    stub.server.on("*", { body });
    const { mentions } = await read(options);
    const url = `https://appstoreconnect.apple.com/apps/${APP}/distribution/activity/ios/ratingsResponses`;
    expect(mentions).toEqual([
      {
        platform: "app_store",
        nativeId: "connect:00000001-aaaa-0000-0000-000000000002",
        kind: "review",
        authorName: "harbour_light",
        title: "Lost again",
        text: "Third parcel this month that never came.",
        url,
        rating: 1,
        ratingMax: 5,
        product: APP,
        country: "GB",
        publishedAt: "2026-02-28T18:19:36.000Z",
      },
      {
        platform: "app_store",
        nativeId: "connect:00000001-aaaa-0000-0000-000000000002:00000001-bbbb-0000-0000-000000000009",
        kind: "comment",
        byUs: true,
        text: "We are sorry, we refund you by Friday.",
        url,
        parentId: "app_store:connect:00000001-aaaa-0000-0000-000000000002",
        threadId: "app_store:connect:00000001-aaaa-0000-0000-000000000002",
        product: APP,
        publishedAt: "2026-03-01T08:00:00.000Z",
        revision: Date.parse("2026-03-01T08:00:00Z"),
      },
      expect.objectContaining({ title: "", text: "Nice map.", country: "XK", rating: 4 }),
    ]);
    for (const mention of mentions)
      toMention(mention, { source: "s", trackers: [], observedAt: OBSERVED_AT });
  });

  it("signs what it asks for 15 minutes, and signs anew before they are over", async () => {
    stub.publish(450);
    const context = aContext();
    const start = Date.parse(OBSERVED_AT);
    context.now = () => new Date(start + Math.max(0, stub.server.requests.length - 1) * 15 * 60_000);
    await read(options, { context });
    const tokens = stub.server.requests.map(
      ({ headers }) => headers.authorization?.replace("Bearer ", "") ?? "",
    );
    expect(tokens).toHaveLength(3);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
    const { payload, protectedHeader } = await jwtVerify(tokens[0] ?? "", pair.publicKey, {
      currentDate: new Date(start),
    });
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: KEYS.keyId });
    expect(payload).toEqual({
      iss: KEYS.issuerId,
      aud: "appstoreconnect-v1",
      iat: start / 1_000,
      exp: start / 1_000 + 15 * 60,
    });
  });

  it("takes a key whose line ends are written out", async () => {
    const published = stub.publish(1);
    const privateKey = PRIVATE_KEY.replaceAll("\n", "\\n");
    expect(ids((await read({ ...options, privateKey })).mentions)).toEqual(published);
  });

  it("follows the next page at its own endpoint, wherever the answer points", async () => {
    stub.publish(450);
    const { mentions } = await read(options);
    expect(mentions).toHaveLength(450);
    const [first, second] = stub.server.requests.map(({ path }) => path);
    expect(first).toBe(`/v1/apps/${APP}/customerReviews?sort=-createdDate&limit=200&include=response`);
    expect(second).toBe(
      `/v1/apps/${APP}/customerReviews?cursor=200&limit=200&sort=-createdDate&include=response`,
    );
  });

  it("reads the last 24 hours again, for responses and late reviews", async () => {
    stub.publish(1, { at: START - 30 * HOUR_MS });
    stub.publish(250, { at: START - 23 * HOUR_MS });
    stub.publish(1, { at: START });
    const { cursor } = await read(options);
    const asked = stub.server.requests.length;
    const { mentions } = await read(options, { cursor });
    expect(mentions).toHaveLength(252);
    expect(stub.server.requests).toHaveLength(asked + 2);
    stub.publish(1, { at: START + 100 * HOUR_MS });
    const later = await read(options, { cursor });
    expect((await read(options, { cursor: later.cursor })).mentions).toHaveLength(200);
  });

  it("does not let a date in the future hide what comes next", async () => {
    stub.publish(1, { at: Date.parse(OBSERVED_AT) + 1_000 * HOUR_MS });
    const { cursor } = await read(options);
    stub.reviews = [];
    const since = stub.publish(250, { at: Date.parse(OBSERVED_AT) + HOUR_MS });
    expect(ids((await read(options, { cursor })).mentions)).toEqual(since.toReversed());
  });

  it("goes on in the middle of a walk that its budget ended", async () => {
    const published = stub.publish(900);
    const budget = openBudget("s", { requestsPerHour: 2 }, [], aContext(OBSERVED_AT));
    const first = await read(options, { budget });
    expect(first.error).toMatchObject({ code: "budget_spent" });
    const since = stub.publish(3);
    const second = await read(options, { cursor: first.cursor });
    expect(stub.server.requests[2]?.path).toContain("cursor=400");
    expect(new Set(ids([...first.mentions, ...second.mentions]))).toEqual(new Set(published));
    const third = await read(options, { cursor: second.cursor });
    expect(ids(third.mentions)).toEqual(expect.arrayContaining(since));
  });

  it("begins a walk again when its token is not known any more", async () => {
    const published = stub.publish(450);
    const budget = openBudget("s", { requestsPerHour: 1 }, [], aContext(OBSERVED_AT));
    const { cursor } = await read(options, { budget });
    stub.isTokenKnown = false;
    stub.reviews = stub.reviews.slice(0, 150);
    const { mentions, error } = await read(options, { cursor });
    expect(error).toBeUndefined();
    expect(ids(mentions)).toEqual(published.toReversed().slice(0, 150));
  });

  it("calls pages that do not end a change", async () => {
    stub.server.on("*", {
      body: JSON.stringify({ data: [], links: { next: `${stub.server.url}/?cursor=1` } }),
    });
    expect((await read(options)).error).toMatchObject({ code: "source_changed" });
    expect(stub.server.requests).toHaveLength(2);
  });

  it("rests when the requests of the hour are used up, and goes on where it was", async () => {
    const published = stub.publish(450);
    stub.remaining = 0;
    const first = await read(options);
    expect(first.pages).toHaveLength(1);
    expect(first.pages[0]).toMatchObject({ notBefore: "2026-03-02T10:15:00.000Z" });
    stub.remaining = 3_000;
    const second = await read(options, { cursor: first.cursor });
    expect(second.pages.every(({ notBefore }) => notBefore === undefined)).toBe(true);
    expect(new Set(ids([...first.mentions, ...second.mentions]))).toEqual(new Set(published));
  });

  it("reads Apple's dialect of rate limits", () => {
    const now = new Date(OBSERVED_AT);
    const of = (value: string) => readConnectRateLimit(new Headers({ "x-rate-limit": value }), now);
    expect(of("user-hour-lim:3500;user-hour-rem:500;")).toEqual({ remaining: 500 });
    expect(of("user-hour-rem:0;user-hour-lim:3500")).toMatchObject({ remaining: 0 });
    expect(of("")).toEqual({});
  });

  it("waits a quarter of an hour when it is told to wait, but not how long", async () => {
    stub.trouble = { status: 429, headers: { "x-rate-limit": "user-hour-lim:3500;user-hour-rem:0;" } };
    expect((await read(options)).error).toMatchObject({
      code: "source_rate_limited",
      retryAfterMs: 15 * 60_000,
    });
  });

  it("reads everything of a past window", async () => {
    const published = stub.publish(450);
    const window = {
      from: new Date(START + 100 * 60_000).toISOString(),
      to: new Date(START + 300 * 60_000).toISOString(),
    };
    const items: unknown[] = [];
    for await (const page of appStoreIngestor.backfill?.(window, runOf()) ?? []) items.push(...page.items);
    expect(ids(items.map(asMention))).toEqual(published.slice(99, 299).toReversed());
  });

  describe("reading again", () => {
    const response = { id: "r-1", body: "We are on it.", at: START };
    const reread = async (asked: readonly string[], run = runOf()) => {
      const found = await appStoreIngestor.reread?.(asked, run);
      if (found === undefined) throw new Error("there is no reread");
      return { gone: found.gone.map(({ id }) => id), mentions: found.items.map(asMention) };
    };

    it("finds a response that came after the review was read, and one that was taken back", async () => {
      const [review = ""] = stub.publish(1, { response });
      const found = await reread([review]);
      expect(ids(found.mentions)).toEqual([review, `${review}:r-1`]);
      expect(found.gone).toEqual([]);
      stub.reviews = [];
      stub.publish(1, { id: review.replace("connect:", ""), body: "Now with other words" });
      const later = await reread([review, `${review}:r-1`]);
      expect(later.gone).toEqual([`${review}:r-1`]);
      expect(later.mentions).toMatchObject([{ nativeId: review, text: "Now with other words" }]);
    });

    it("takes a response with its review", async () => {
      stub.publish(1);
      expect((await reread(["connect:gone", "connect:gone:r-1"])).gone).toEqual([
        "connect:gone",
        "connect:gone:r-1",
      ]);
    });

    it("asks for no ids of the public feed", async () => {
      expect(await reread(["15000000001"])).toEqual({ gone: [], mentions: [] });
      expect(stub.server.requests).toEqual([]);
    });

    it("takes nothing for gone when the app itself is not shown", async () => {
      const published = stub.publish(1);
      stub.reviews = [];
      stub.isAppShown = false;
      await expect(reread(published)).rejects.toMatchObject({ code: "source_unavailable" });
    });

    it("leaves the rest for another time when the budget is spent", async () => {
      const published = stub.publish(3);
      const budget = openBudget("s", { requestsPerHour: 2 }, [], aContext(OBSERVED_AT));
      const { mentions, gone } = await reread(published, runOf({ budget, context: aContext(OBSERVED_AT) }));
      expect(ids(mentions)).toEqual(published.slice(0, 2));
      expect(gone).toEqual([]);
    });
  });

  it.each([
    [{ issuerId: "i" }, "belong together"],
    [{ issuerId: "i", keyId: "k" }, "belong together"],
  ])("refuses half of the keys", async (keys, message) => {
    const { error } = await read({ endpoint: stub.server.url, ...keys });
    expect(error).toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(message) as string,
    });
  });

  it("refuses at start what is no key, and later what cannot sign", async () => {
    expect(appStoreIngestor.config.safeParse({ appId: APP, ...KEYS, privateKey: "secret" }).success).toBe(
      false,
    );
    const privateKey = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----";
    const { error } = await read({ ...options, privateKey });
    expect(error).toMatchObject({
      code: "source_unauthorized",
      message: expect.stringContaining("privateKey of this source") as string,
    });
    expect(everythingOf(error)).not.toContain("c2VjcmV0");
  });

  it("names no key in any error", async () => {
    const secrets = [PRIVATE_KEY.split("\n")[1] ?? "", KEYS.issuerId, KEYS.keyId, "Bearer", "cursor="];
    for (const trouble of Object.values(TROUBLES).filter(({ hang }) => hang === undefined)) {
      stub.trouble = trouble;
      const { error } = await read(options, { cursor: walkAt("cursor=plantedsecret") });
      expect(error).toBeInstanceOf(EarshotError);
      for (const secret of [...secrets, "plantedsecret"]) expect(everythingOf(error)).not.toContain(secret);
    }
    const signal = AbortSignal.abort();
    for (const secret of secrets) {
      expect(everythingOf((await read(options, { signal })).error)).not.toContain(secret);
    }
  });

  function walkAt(token: string) {
    return { app: APP, walk: { token, startedAt: OBSERVED_AT } };
  }
});

describe("territories", () => {
  it.each([
    ["DEU", "DE"],
    ["USA", "US"],
    ["GBR", "GB"],
    ["XKS", "XK"],
    ["ZWE", "ZW"],
    ["ABW", "AW"],
    ["QQQ", "QQQ"],
    ["", ""],
  ])("are %s for Apple and %s for us", (alpha3, alpha2) => {
    expect(toAlpha2(alpha3)).toBe(alpha2);
  });
});

describe.skipIf(!hasRecordings)("recorded App Store reviews, from ../shared/fixtures where present", () => {
  let stub: FeedStub;
  beforeEach(async () => {
    stub = new FeedStub(await startStubServer());
  });
  afterEach(() => stub.server.close());

  async function readRecording(file: string) {
    const body = readFileSync(join(recordings, file));
    stub.server.on("*", [{ body }, feedOf([])]);
    const { mentions, error } = await read({ endpoint: stub.server.url });
    expect(error).toBeUndefined();
    for (const mention of mentions)
      toMention(mention, { source: "s", trackers: [], observedAt: "2026-11-22T10:00:00.000Z" });
    return mentions;
  }

  it("reads the page of 2021", async () => {
    const mentions = await readRecording("appstore_rss/reviews_page_us_2021_trimmed6.json");
    expect(mentions).toHaveLength(6);
    expect(mentions[0]).toMatchObject({
      nativeId: "8044879566",
      authorId: "524855897",
      authorName: "Lantana, FL",
      title: "Usually interesting reading but",
      text: expect.stringMatching(/^A huge bug is that.*reading the article\.$/s) as string,
      rating: 4,
      version: "186.0",
      publishedAt: "2021-11-20T17:25:34.000Z",
      engagement: { likes: 263, replies: null, shares: null, views: null },
    });
  });

  it("reads the page of 2026", async () => {
    const mentions = await readRecording("appstore_rss/reviews_in_2026-09_two_entries.json");
    expect(ids(mentions)).toEqual(["14548543799", "14545746087"]);
    expect(mentions[1]).toMatchObject({ authorId: "9", authorName: "Ankit", rating: 1, version: "1.8.0" });
  });

  it("reads the page with a single review", async () => {
    expect(ids(await readRecording("appstore_rss/reviews_single_entry_is_object.derived.json"))).toEqual([
      "8044879566",
    ]);
  });

  it("does not take the empty page for reviews", async () => {
    const body = readFileSync(join(recordings, "appstore_rss/empty_feed.xml"));
    stub.server.on("*", { body });
    expect((await read({ endpoint: stub.server.url })).error).toMatchObject({ code: "source_changed" });
  });

  it("reads Apple's example of App Store Connect", async () => {
    const body = readFileSync(join(recordings, "appstore_connect/customer_reviews_apple_doc_example.json"));
    stub.server.on("*", { body });
    const { mentions } = await read({ endpoint: stub.server.url, ...KEYS });
    expect(mentions).toMatchObject([
      {
        nativeId: "connect:00000028-b08c-0014-9674-c54800000000",
        title: "Pretty Stellar",
        authorName: "Juan Chavez",
        rating: 5,
        country: "US",
        publishedAt: "2024-01-02T18:19:36.000Z",
      },
    ]);
  });
});

/** All an error could give away, its causes included. */
function everythingOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push(at.message, at.stack ?? "", JSON.stringify(at), inspect(at, { depth: 10 }));
  }
  return parts.join("\n");
}
