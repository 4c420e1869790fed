import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBudget } from "../../core/budget.ts";
import type { MentionFields, Page, PollRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import { googlePlayIngestor } from "../../ingestors/google-play/index.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer, type StubServer } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const APP = "com.example.parcels";
const CANARY = "com.google.android.apps.maps";
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const START = Date.parse("2026-02-28T00:00:00Z");

const fixtures = resolve(import.meta.dirname, "../fixtures/google-play");
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures/google_play");
const hasRecordings = existsSync(recordings);
if (!hasRecordings)
  console.warn("SKIPPED: recorded Google Play reviews; ../shared/fixtures is not beside this checkout");

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PRIVATE_KEY = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const ACCOUNT = "listener@example.iam.gserviceaccount.com";

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: { headers: { "content-type": "text/html" }, body: "<html>Sorry</html>" },
  rate_limited: { status: 429, headers: { "retry-after": "120" } },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  unavailable: { status: 502 },
  hang: { hang: "before_headers" },
};

interface OwnedReview {
  readonly id: string;
  readonly at: number;
  readonly text?: string;
  readonly reply?: { readonly text: string; readonly at: number };
}

const lastModified = (at: number) => ({
  seconds: String(Math.floor(at / 1_000)),
  nanos: (at % 1_000) * 1_000_000,
});

function reviewOf({ id, at, text = "Some words", reply }: OwnedReview) {
  const own = { developerComment: { text: reply?.text, lastModified: lastModified(reply?.at ?? 0) } };
  return {
    reviewId: id,
    authorName: "Someone",
    comments: [
      { userComment: { text, lastModified: lastModified(at), starRating: 3, reviewerLanguage: "en" } },
      ...(reply === undefined ? [] : [own]),
    ],
  };
}

/** Serves an app's reviews as the Android Publisher API does, Google's login included. */
class PublisherStub {
  readonly server: StubServer;
  reviews: (OwnedReview | { readonly broken: true })[] = [];
  trouble: StubAnswer | undefined;
  login: StubAnswer = { body: JSON.stringify({ access_token: "access-1", expires_in: 3_599 }) };
  isTokenKnown = true;
  #count = 0;

  constructor(server: StubServer) {
    this.server = server;
    server.on("/token", () => this.login);
    const path = `/androidpublisher/v3/applications/${APP}/reviews`;
    server.on("*", (request) => {
      if (this.trouble !== undefined) return this.trouble;
      const url = new URL(request.path, "http://stub");
      if (request.headers.authorization?.startsWith("Bearer access-") !== true) return { status: 401 };
      if (url.pathname === path) {
        const token = url.searchParams.get("token");
        if (token !== null && !this.isTokenKnown) return { status: 400 };
        return { body: JSON.stringify(this.#page(Number(token ?? 0))) };
      }
      return { status: 404 };
    });
  }

  #page(from: number) {
    const page = this.reviews.slice(from, from + 100);
    if (page.length === 0) return {};
    return {
      reviews: page.map((review) => ("id" in review ? reviewOf(review) : { reviewId: "gp:broken" })),
      ...(from + 100 < this.reviews.length ? { tokenPagination: { nextPageToken: String(from + 100) } } : {}),
    };
  }

  get config() {
    const account = {
      type: "service_account",
      client_email: ACCOUNT,
      private_key: PRIVATE_KEY,
      token_uri: `${this.server.url}/token`,
    };
    return { appId: APP, endpoint: this.server.url, serviceAccount: JSON.stringify(account) };
  }

  publish(count: number, fields: Partial<OwnedReview> = {}): string[] {
    const reviews = Array.from({ length: count }, () => {
      this.#count++;
      return { id: `gp:SYN-${this.#count}`, at: START + this.#count * MINUTE_MS, ...fields };
    });
    this.reviews = [...reviews.toReversed(), ...this.reviews];
    return reviews.map(({ id }) => id);
  }

  asked(): string[] {
    return this.server.requests.map(({ path }) => path.replace(/.*\/reviews/, ""));
  }
}

ingestorContract("google_play, by the Publisher API", {
  ingestor: googlePlayIngestor,
  severalPages: 250,
  retryAfterMs: 120_000,
  without: { reread: "whatever is older than a week would look deleted" },
  foreignCursor: { app: "com.example.other", newestAt: OBSERVED_AT, heardAt: OBSERVED_AT },
  async open() {
    const stub = new PublisherStub(await startStubServer());
    let before = 0;
    return {
      config: stub.config,
      publish: (count) => stub.publish(count),
      publishBroken: () => void stub.reviews.unshift({ broken: true }),
      trouble(next) {
        stub.trouble = next === undefined ? undefined : TROUBLES[next];
        before = stub.server.requests.length;
      },
      asked: () => stub.server.received(before + 2),
      close: () => stub.server.close(),
    };
  },
});

interface PublicReview {
  readonly id: string | null;
  readonly at: number;
  readonly text?: string;
  readonly thumbs?: number;
  readonly reply?: string;
}

/** A reply of Google Play's pages as it stands on the wire; null is what the blocked are shown. */
function wireOf(reviews: readonly PublicReview[] | null, next?: string): string {
  const rows = reviews?.map(({ id, at, text = "Some words", thumbs = 0, reply }) => [
    id,
    ["Someone", [null, 2, null, [null, null, "https://images.example/a"]]],
    3,
    null,
    text,
    [Math.floor(at / 1_000), 0],
    thumbs,
    reply === undefined ? null : ["Example Ltd", reply, [Math.floor(at / 1_000) + 60, 0]],
    null,
    ["100", "Someone"],
    "7.4.0",
    null,
    [[]],
  ]);
  const payload = rows === undefined ? null : [rows, [null, next ?? null]];
  return `)]}'\n\n${JSON.stringify([["wrb.fr", "UsvDTd", JSON.stringify(payload), null, null, null, "generic"]])}`;
}

/** Serves the reviews of each language as Google Play's pages do: 150 a page, tokens, newest first. */
class PagesStub {
  readonly server: StubServer;
  readonly locales = new Map<string, PublicReview[]>();
  trouble: StubAnswer | undefined;
  isBlocked = false;
  canaryIsBlocked = false;
  /** Page from which on there is nothing, though there should be. */
  brokenOffAt = Infinity;
  #count = 0;

  constructor(server: StubServer) {
    this.server = server;
    server.on("/_/PlayStoreUi/data/batchexecute", ({ path, body }) => {
      if (this.trouble !== undefined) return this.trouble;
      const query = new URL(path, "http://stub").searchParams;
      if (appOf(body) === CANARY) {
        return { body: wireOf(this.canaryIsBlocked ? null : [{ id: "gp:canary", at: START }]) };
      }
      if (this.isBlocked) return { body: wireOf(null) };
      const from = Number(/TOKEN-(\d+)/.exec(body)?.[1] ?? 0);
      if (from >= this.brokenOffAt * 150) return { body: wireOf(null) };
      const all = this.locales.get(`${query.get("hl")}-${query.get("gl")?.toUpperCase()}`) ?? [];
      const page = all.slice(from, from + 150);
      if (page.length === 0) return { body: wireOf(null) };
      const next = from + 150 < all.length ? `TOKEN-${from + 150}` : undefined;
      return { headers: { "set-cookie": "NID=invented; Path=/" }, body: wireOf(page, next) };
    });
  }

  get config() {
    return { appId: APP, endpoint: this.server.url, scrape: true, pauseMs: 0 };
  }

  publish(count: number, locale = "en-US"): string[] {
    const reviews = Array.from({ length: count }, () => {
      this.#count++;
      return { id: `gp:PUB-${this.#count}`, at: START + this.#count * MINUTE_MS };
    });
    this.locales.set(locale, [...reviews.toReversed(), ...(this.locales.get(locale) ?? [])]);
    return reviews.map(({ id }) => id);
  }

  /** App and page of each request. */
  asked(): string[] {
    return this.server.requests.map(
      ({ body }) => `${appOf(body)} ${Number(/TOKEN-(\d+)/.exec(body)?.[1] ?? 0) / 150 + 1}`,
    );
  }
}

function appOf(body: string): string {
  return /\["([\w.]+)",7\]/.exec(decodeURIComponent(body).replaceAll('\\"', '"'))?.[1] ?? "";
}

ingestorContract("google_play, by its public pages", {
  ingestor: googlePlayIngestor,
  severalPages: 400,
  retryAfterMs: 120_000,
  without: { reread: "the pages cannot be asked for one review" },
  foreignCursor: {
    app: "com.example.other",
    lists: { "en-US": { seen: ["abcdefghijkl0000"], readAt: OBSERVED_AT, count: 3 } },
  },
  async open() {
    const stub = new PagesStub(await startStubServer());
    let before = 0;
    return {
      config: stub.config,
      publish: (count) => stub.publish(count),
      publishBroken() {
        const all = stub.locales.get("en-US") ?? [];
        stub.locales.set("en-US", [{ id: null, at: START + 3_000 * MINUTE_MS }, ...all]);
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
  const config = googlePlayIngestor.config.parse(options);
  const signal = AbortSignal.timeout(20_000);
  const pages: Page<unknown>[] = [];
  let error: unknown;
  try {
    for await (const page of googlePlayIngestor.poll(
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
  const parsed = googlePlayIngestor.parse(item, OBSERVED_AT);
  if (parsed.type !== "upsert") throw new Error(`expected a mention, got ${parsed.type}`);
  return parsed.mention;
}

const ids = (mentions: readonly MentionFields[]) => mentions.map(({ nativeId }) => nativeId);
const at = (time: number) => ({ context: aContext(new Date(time).toISOString()) });

it("never takes a review for deleted: Google shows none that is older than a week", () => {
  expect(googlePlayIngestor).not.toHaveProperty("reread");
});

it("needs a key, or leave to read public pages", async () => {
  const { error } = await read({ appId: APP });
  expect(error).toMatchObject({
    code: "config_invalid",
    message: expect.stringContaining("scrape: true") as string,
  });
});

describe("the google_play ingestor by the Publisher API", () => {
  let stub: PublisherStub;
  beforeEach(async () => {
    stub = new PublisherStub(await startStubServer());
  });
  afterEach(() => stub.server.close());

  const runOf = (more: object = {}) =>
    aPollRun({
      config: googlePlayIngestor.config.parse(stub.config),
      context: aContext(OBSERVED_AT),
      ...more,
    });

  it("reads every field the API gives, and our reply as a mention of its own", async () => {
    stub.server.on("*", { body: readFileSync(join(fixtures, "publisher.json")) });
    const { mentions } = await read(stub.config);
    const url = `https://play.google.com/store/apps/details?id=${APP}&reviewId=gp%3ASYNTHETIC-0002_a`;
    expect(mentions).toEqual([
      {
        platform: "google_play",
        nativeId: "gp:SYNTHETIC-0002_a",
        kind: "review",
        url,
        ratingMax: 5,
        product: APP,
        publishedAt: "2026-02-28T12:00:00.045Z",
        revision: 1_772_280_000_045,
        title: "Frozen",
        text: "The tracking page freezes on my phone.",
        authorName: "Ole Nordkap",
        rating: 2,
        version: "7.4.0",
        languageHint: "en-GB",
        engagement: { likes: 3, replies: null, shares: null, views: null },
      },
      {
        platform: "google_play",
        nativeId: "gp:SYNTHETIC-0002_a:reply",
        kind: "comment",
        byUs: true,
        text: "Please try version 7.4.1, it is fixed there.",
        url,
        parentId: "google_play:gp:SYNTHETIC-0002_a",
        threadId: "google_play:gp:SYNTHETIC-0002_a",
        product: APP,
        publishedAt: "2026-02-28T14:46:40.000Z",
        revision: 1_772_290_000_000,
      },
      expect.objectContaining({
        title: "",
        text: "Does what it should.",
        version: "739",
        languageHint: "de",
        engagement: { likes: null, replies: null, shares: null, views: null },
      }),
    ]);
    for (const mention of mentions)
      toMention(mention, { source: "s", trackers: [], observedAt: OBSERVED_AT });
  });

  it("logs in once with a signed assertion of its own", async () => {
    stub.publish(250);
    await read(stub.config);
    expect(stub.asked()).toEqual([
      "/token",
      "?maxResults=100",
      "?maxResults=100&token=100",
      "?maxResults=100&token=200",
    ]);
    const [login, list] = stub.server.requests;
    const form = new URLSearchParams(login?.body);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const { payload, protectedHeader } = await jwtVerify(form.get("assertion") ?? "", pair.publicKey, {
      currentDate: new Date(OBSERVED_AT),
    });
    const seconds = Date.parse(OBSERVED_AT) / 1_000;
    expect(protectedHeader).toEqual({ alg: "RS256", typ: "JWT" });
    expect(payload).toEqual({
      iss: ACCOUNT,
      scope: "https://www.googleapis.com/auth/androidpublisher",
      aud: `${stub.server.url}/token`,
      iat: seconds,
      exp: seconds + 3_600,
    });
    expect(list?.headers.authorization).toBe("Bearer access-1");
  });

  it("logs in again before its token expires", async () => {
    stub.login = { body: JSON.stringify({ access_token: "access-2", expires_in: 30 }) };
    stub.publish(150);
    await read(stub.config);
    expect(stub.asked()).toEqual(["/token", "?maxResults=100", "/token", "?maxResults=100&token=100"]);
  });

  it("reads on until what it has met, and an edit as a later revision", async () => {
    const [edited = ""] = stub.publish(250, { at: START - 2 * DAY_MS });
    stub.publish(1);
    const { cursor } = await read(stub.config);
    const asked = stub.asked().length;
    stub.reviews = stub.reviews.filter((review) => "id" in review && review.id !== edited);
    stub.publish(1, { id: edited, text: "Now it is worse" });
    const { mentions } = await read(stub.config, { cursor });
    expect(mentions[0]).toMatchObject({ nativeId: edited, text: "Now it is worse" });
    expect(mentions[0]?.revision).toBeGreaterThan(START + 250 * MINUTE_MS);
    expect(mentions).toHaveLength(100);
    expect(stub.asked()).toHaveLength(asked + 2);
  });

  it("is not stopped by old reviews that we have just answered", async () => {
    stub.publish(1, { at: START + DAY_MS });
    const { cursor } = await read(stub.config);
    const since = stub.publish(5, { at: START + 2 * DAY_MS });
    stub.publish(100, { at: START, reply: { text: "Sorry!", at: START + 2 * DAY_MS } });
    const { mentions } = await read(stub.config, { cursor });
    expect(ids(mentions)).toEqual(expect.arrayContaining(since));
  });

  it("reports a gap when it was away for more than seven days", async () => {
    stub.publish(1, { at: START - 30 * DAY_MS });
    const { cursor } = await read(stub.config, at(START));
    const inTime = await read(stub.config, { cursor, ...at(START + 7 * DAY_MS) });
    expect(inTime.gaps).toEqual([]);
    const late = await read(stub.config, { cursor, ...at(START + 9 * DAY_MS) });
    expect(late.gaps).toEqual([
      {
        from: new Date(START).toISOString(),
        to: new Date(START + 2 * DAY_MS).toISOString(),
        reason: expect.stringContaining("last 7 days") as string,
      },
    ]);
    const after = await read(stub.config, { cursor: late.cursor, ...at(START + 10 * DAY_MS) });
    expect(after.gaps).toEqual([]);
  });

  it("goes on in the middle of a walk that its budget ended, or begins it again", async () => {
    const published = stub.publish(350);
    const budget = () => openBudget("s", { requestsPerHour: 3 }, [], aContext(OBSERVED_AT));
    const first = await read(stub.config, { budget: budget() });
    expect(first.error).toMatchObject({ code: "budget_spent" });
    const second = await read(stub.config, { cursor: first.cursor, budget: budget() });
    expect(second.error).toBeUndefined();
    expect(new Set(ids([...first.mentions, ...second.mentions]))).toEqual(new Set(published));
    stub.isTokenKnown = false;
    stub.reviews = stub.reviews.slice(0, 90);
    const again = await read(stub.config, { cursor: first.cursor });
    expect(again.mentions).toHaveLength(90);
  });

  it.each(["rateLimitExceeded", "quotaExceeded"])("takes a 403 for %s for a limit", async (reason) => {
    stub.trouble = {
      status: 403,
      headers: { "retry-after": "60" },
      body: JSON.stringify({ error: { code: 403, errors: [{ reason }] } }),
    };
    expect((await read(stub.config)).error).toMatchObject({
      code: "source_rate_limited",
      retryAfterMs: 60_000,
    });
  });

  it.each([
    [{ status: 400, body: '{"error":"invalid_grant"}' }, "source_unauthorized"],
    [{ status: 401 }, "source_unauthorized"],
    [{ status: 503 }, "source_unavailable"],
    [{ body: "{}" }, "source_changed"],
  ])("calls a login answered with %j %s", async (login: StubAnswer, code) => {
    stub.login = login;
    expect((await read(stub.config)).error).toMatchObject({ code });
  });

  it("refuses at start what is no key, and later what cannot sign", async () => {
    const parse = (serviceAccount: string) =>
      googlePlayIngestor.config.safeParse({ appId: APP, serviceAccount }).success;
    expect(parse("not json")).toBe(false);
    expect(parse("{}")).toBe(false);
    const private_key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----";
    const serviceAccount = JSON.stringify({ client_email: ACCOUNT, private_key });
    const { error } = await read({ ...stub.config, serviceAccount });
    expect(error).toMatchObject({ code: "source_unauthorized" });
    expect(everythingOf(error)).not.toContain("c2VjcmV0");
  });

  it("names no key and no token in any error", async () => {
    const secrets = [PRIVATE_KEY.split("\n")[1] ?? "", "access-", "plantedtoken", "Bearer", "assertion"];
    const failing = Object.values(TROUBLES).filter(({ hang }) => hang === undefined);
    const cursor = { app: APP, walk: { token: "plantedtoken", startedAt: OBSERVED_AT } };
    for (const trouble of failing) {
      stub.trouble = trouble;
      const { error } = await read(stub.config, { cursor });
      expect(error).toBeInstanceOf(EarshotError);
      for (const secret of secrets) expect(everythingOf(error)).not.toContain(secret);
    }
    for (const login of [...failing, { status: 400, body: "plantedtoken" }]) {
      stub.login = login;
      const { error } = await read(stub.config, { cursor });
      expect(error).toBeInstanceOf(EarshotError);
      for (const secret of secrets) expect(everythingOf(error)).not.toContain(secret);
    }
  });

  it("hears our reply to a review of hours ago, however many came since", async () => {
    const [answered = ""] = stub.publish(1);
    stub.publish(150);
    const { cursor } = await read(stub.config);
    stub.reviews = stub.reviews.map((review) =>
      "id" in review && review.id === answered
        ? { ...review, reply: { text: "On it.", at: START + 200 * MINUTE_MS } }
        : review,
    );
    const { mentions } = await read(stub.config, { cursor });
    expect(ids(mentions)).toContain(`${answered}:reply`);
  });

  it("reads a past window, and says that seven days are all there is", async () => {
    const published = stub.publish(250);
    const window = {
      from: new Date(START - 10 * DAY_MS).toISOString(),
      to: new Date(START + 101 * MINUTE_MS).toISOString(),
    };
    const pages: Page<never>[] = [];
    for await (const page of googlePlayIngestor.backfill?.(window, runOf()) ?? []) pages.push(page);
    const mentions = pages.flatMap(({ items }) => items.map(asMention));
    expect(ids(mentions)).toEqual(published.slice(0, 100).toReversed());
    expect(pages.flatMap(({ gap }) => gap ?? [])).toMatchObject([
      { from: window.from, to: new Date(Date.parse(OBSERVED_AT) - 7 * DAY_MS).toISOString() },
    ]);
  });
});

describe("the google_play ingestor by its public pages", () => {
  let stub: PagesStub;
  beforeEach(async () => {
    stub = new PagesStub(await startStubServer());
  });
  afterEach(() => stub.server.close());

  it("reads every field the pages give, and our reply as a mention of its own", async () => {
    stub.server.on("*", { body: readFileSync(join(fixtures, "batchexecute.txt")) });
    stub.server.on("/_/PlayStoreUi/data/batchexecute", {
      body: readFileSync(join(fixtures, "batchexecute.txt")),
    });
    const { mentions } = await read({ ...stub.config, locales: ["nb-NO"] });
    const url = `https://play.google.com/store/apps/details?id=${APP}&reviewId=gp%3ASYNTHETIC-1002_c`;
    expect(mentions).toEqual([
      {
        platform: "google_play",
        nativeId: "gp:SYNTHETIC-1002_c",
        kind: "review",
        url,
        ratingMax: 5,
        product: APP,
        publishedAt: "2026-03-01T12:00:00.316Z",
        revision: 1_772_366_400_316,
        text: "Crashes since the update, every single time.",
        authorName: "Runa Fell",
        rating: 1,
        version: "7.4.0",
        country: "NO",
        languageHint: "nb",
        engagement: { likes: 41, replies: null, shares: null, views: null },
      },
      {
        platform: "google_play",
        nativeId: "gp:SYNTHETIC-1002_c:reply",
        kind: "comment",
        byUs: true,
        text: "Sorry! 7.4.1 fixes it.",
        url,
        parentId: "google_play:gp:SYNTHETIC-1002_c",
        threadId: "google_play:gp:SYNTHETIC-1002_c",
        product: APP,
        publishedAt: "2026-03-01T13:00:00.500Z",
        revision: 1_772_370_000_500,
      },
      expect.objectContaining({ text: 'Handy 👍 but "slow".', version: "", rating: 4 }),
    ]);
    for (const mention of mentions)
      toMention(mention, { source: "s", trackers: [], observedAt: OBSERVED_AT });
  });

  it("reads on until a review it knows, one request at a time, and keeps its cookies", async () => {
    stub.publish(400);
    const first = await read(stub.config);
    expect(first.mentions).toHaveLength(400);
    expect(stub.asked()).toEqual([`${APP} 1`, `${APP} 2`, `${APP} 3`]);
    expect(stub.server.requests[1]?.headers.cookie).toContain("NID=invented");
    const since = stub.publish(160);
    const second = await read(stub.config, { cursor: first.cursor });
    expect(ids(second.mentions)).toEqual(since.toReversed());
    expect(stub.asked().slice(3)).toEqual([`${APP} 1`, `${APP} 2`]);
    expect(second.gaps).toEqual([]);
  });

  it("asks not to be polled again for almost three hours", async () => {
    stub.publish(1);
    const { pages } = await read(stub.config);
    expect(pages.at(-1)).toMatchObject({ notBefore: "2026-03-02T12:50:00.000Z" });
  });

  it("reads each language and country of its own", async () => {
    stub.publish(2, "en-US");
    stub.publish(1, "de-AT");
    const { mentions } = await read({ ...stub.config, locales: ["en-US", "de-AT"] });
    expect(mentions.map(({ country, languageHint }) => [languageHint, country])).toEqual([
      ["en", "US"],
      ["en", "US"],
      ["de", "AT"],
    ]);
  });

  it("reads edits, votes and new replies of what it knows", async () => {
    stub.publish(3);
    const { cursor } = await read(stub.config);
    const [newest, middle, oldest] = stub.locales.get("en-US") ?? [];
    if (newest === undefined || middle === undefined || oldest === undefined) throw new Error("three");
    stub.locales.set("en-US", [
      { ...oldest, at: START + DAY_MS, text: "Changed" },
      { ...newest, thumbs: 7 },
      { ...middle, reply: "Thank you" },
    ]);
    const { mentions } = await read(stub.config, { cursor });
    expect(mentions).toMatchObject([
      { nativeId: oldest.id, text: "Changed", revision: START + DAY_MS },
      { nativeId: newest.id, engagement: { likes: 7 } },
      { nativeId: middle.id },
      { nativeId: `${middle.id}:reply`, byUs: true, text: "Thank you" },
    ]);
  });

  it("reports a gap when it would have to read more pages than it may", async () => {
    stub.publish(10);
    const { cursor } = await read(stub.config);
    stub.publish(400);
    const { mentions, gaps } = await read({ ...stub.config, maxPages: 2 }, { cursor });
    expect(mentions).toHaveLength(300);
    expect(gaps).toMatchObject([
      {
        from: new Date(START + 10 * MINUTE_MS).toISOString(),
        to: new Date(START + 111 * MINUTE_MS).toISOString(),
        reason: expect.stringContaining("maxPages") as string,
      },
    ]);
  });

  describe("when there is nothing", () => {
    it("asks for an app that always has reviews, and calls nothing there either a change", async () => {
      stub.isBlocked = stub.canaryIsBlocked = true;
      const { error, pages } = await read(stub.config);
      expect(stub.asked()).toEqual([`${APP} 1`, `${CANARY} 1`]);
      expect(error).toMatchObject({
        code: "source_changed",
        message: expect.stringContaining("blocks us") as string,
      });
      expect(pages).toEqual([]);
    });

    it("believes it of an app without reviews", async () => {
      const { error, gaps, cursor } = await read(stub.config);
      expect([error, gaps]).toEqual([undefined, []]);
      const published = stub.publish(2);
      expect(ids((await read(stub.config, { cursor })).mentions)).toEqual(published.toReversed());
    });

    it("reports a gap and forgets nothing when the app had reviews before", async () => {
      stub.publish(5);
      const { cursor } = await read(stub.config, at(START + DAY_MS));
      stub.isBlocked = true;
      const empty = await read(stub.config, { cursor });
      expect(empty.mentions).toEqual([]);
      expect(empty.gaps).toMatchObject([
        { from: new Date(START + DAY_MS).toISOString(), to: OBSERVED_AT, isPartial: true },
      ]);
      stub.isBlocked = false;
      const since = stub.publish(1);
      const healed = await read(stub.config, { cursor: empty.cursor });
      expect(ids(healed.mentions)).toEqual(since);
    });

    it("takes another canary when it is told to", async () => {
      const canaryAppId = "com.example.canary";
      await read({ ...stub.config, canaryAppId });
      expect(stub.asked()[1]).toContain(canaryAppId);
    });

    it("reports a gap when the list breaks off before what it knows", async () => {
      stub.publish(10);
      const { cursor } = await read(stub.config);
      stub.publish(200);
      stub.brokenOffAt = 1;
      const { mentions, gaps } = await read(stub.config, { cursor });
      expect(mentions).toHaveLength(150);
      expect(gaps).toMatchObject([{ reason: expect.stringContaining("broke off") as string }]);
    });
  });

  it.each([
    [{ status: 404 }, "source_unavailable"],
    [{ status: 503 }, "source_unavailable"],
    [{ status: 400 }, "source_changed"],
    [{ isCutOff: true, body: "half" }, "source_unavailable"],
    [{ body: `)]}'\n\n[["wrb.fr","UsvDTd","[[42],[null,null]]"]]` }, "source_changed"],
    [{ body: `)]}'\n\n[["wrb.fr","UsvDTd","{}"]]` }, "source_changed"],
    [{ body: `)]}'\n\n[]` }, "source_changed"],
    [{ body: "" }, "source_changed"],
  ])("never takes %j for an empty success, but for %s", async (trouble: StubAnswer, code) => {
    stub.publish(1);
    stub.trouble = trouble;
    const { error, cursor } = await read(stub.config);
    expect(error).toMatchObject({ name: "EarshotError", code });
    expect(cursor).toBeUndefined();
  });

  it("waits an hour when it is blocked for asking too often and not told how long", async () => {
    stub.trouble = { status: 429 };
    expect((await read(stub.config)).error).toMatchObject({
      code: "source_rate_limited",
      retryAfterMs: 60 * MINUTE_MS,
    });
  });

  it("cuts its connection when it is aborted", async () => {
    stub.trouble = { hang: "before_headers" };
    const abort = new AbortController();
    const reading = read(stub.config, { signal: abort.signal });
    await stub.server.received(1);
    abort.abort();
    expect((await reading).error).toBe(abort.signal.reason);
    await stub.server.idle();
  });

  it("reads a past window, as far as it may", async () => {
    const published = stub.publish(400);
    const fill = async (maxPages: number) => {
      const config = googlePlayIngestor.config.parse({ ...stub.config, maxPages });
      const window = {
        from: new Date(START + 101 * MINUTE_MS).toISOString(),
        to: new Date(START + 201 * MINUTE_MS).toISOString(),
      };
      const pages: Page<never>[] = [];
      for await (const page of googlePlayIngestor.backfill?.(window, aPollRun({ config })) ?? [])
        pages.push(page);
      return {
        mentions: pages.flatMap(({ items }) => items.map(asMention)),
        gaps: pages.flatMap(({ gap }) => gap ?? []),
      };
    };
    const whole = await fill(10);
    expect(ids(whole.mentions)).toEqual(published.slice(100, 200).toReversed());
    expect(whole.gaps).toEqual([]);
    const half = await fill(1);
    expect(half.gaps).toMatchObject([{ reason: expect.stringContaining("maxPages") as string }]);
  });
});

describe.skipIf(!hasRecordings)("recorded Google Play reviews, from ../shared/fixtures where present", () => {
  let server: StubServer;
  beforeEach(async () => {
    server = await startStubServer();
  });
  afterEach(() => server.close());

  const recording = (file: string) => ({ body: readFileSync(join(recordings, file)) });
  const pagesConfig = () => ({ appId: APP, endpoint: server.url, scrape: true, pauseMs: 0 });

  it("reads two pages of the wire of 2021", async () => {
    server.on("/_/PlayStoreUi/data/batchexecute", [
      recording("batchexecute_reviews_page_trimmed5.txt"),
      recording("batchexecute_reviews_last_page.derived.txt"),
    ]);
    const { mentions, error } = await read(pagesConfig());
    expect(error).toBeUndefined();
    expect(server.requests).toHaveLength(2);
    expect(new Set(ids(mentions)).size).toBe(5);
    expect(mentions[0]).toMatchObject({
      nativeId: "gp:AOqpTOEG141w8NXyoj4CFpinzfXvBYYywrWQdoRk3NMYLgGE-8TmYXHQhFgs-pXL25gDnLulPidwqJvbcxNK3A",
      authorName: "hayzel rose ilagan",
      rating: 5,
      version: "8.76.0-release.01",
      publishedAt: "2021-01-20T01:34:05.316Z",
      engagement: { likes: 1114, replies: null, shares: null, views: null },
    });
    for (const mention of mentions)
      toMention(mention, { source: "s", trackers: [], observedAt: OBSERVED_AT });
  });

  it("calls the reply of the blocked a change", async () => {
    server.on("/_/PlayStoreUi/data/batchexecute", recording("batchexecute_null_blocked.derived.txt"));
    expect((await read(pagesConfig())).error).toMatchObject({ code: "source_changed" });
  });

  it("reads a review of the Publisher API", async () => {
    const stub = new PublisherStub(server);
    const { reviews } = JSON.parse(
      readFileSync(join(recordings, "androidpublisher_reviews_list.partial.json"), "utf8"),
    ) as { reviews: unknown[] };
    server.on("*", { body: JSON.stringify({ reviews }) });
    const { mentions } = await read(stub.config);
    expect(mentions).toMatchObject([
      {
        nativeId: "gp:AOqpTOFpm0yFEXsL_xjTrGQo7Rd7LgXCxl2k59hsQO3EBEo-spCsCzc3ivYVVjr4Acg7-MjZzASyprnVCWRg1g",
        authorName: "Joe B.",
        text: expect.stringMatching(/^WHAT KIND OF ALARM/) as string,
        title: "",
        rating: 3,
        version: "1440",
        languageHint: "en-US",
        publishedAt: "2017-02-07T15:55:36.525Z",
        engagement: { likes: 0, replies: null, shares: null, views: null },
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
