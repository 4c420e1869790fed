import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Budget, Cost, MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import type { QueryNode } from "../../core/query/query.ts";
import { youtubeIngestor } from "../../ingestors/youtube/index.ts";
import { nextMidnightPacific } from "../../ingestors/youtube/midnight-pacific.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer, type StubServer } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const NOW = Date.parse(OBSERVED_AT);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const KEY = "key-nobody-may-see";
const OURS = "UCacmeParcelsInvented001";
const THEIRS = "UCfanOfLockersInvented02";

const fixtures = resolve(import.meta.dirname, "../fixtures/youtube");
const recordings = resolve(import.meta.dirname, "../../../shared/fixtures/youtube");
const hasRecordings = existsSync(recordings);
if (!hasRecordings)
  console.warn("SKIPPED: tests on recorded lists; ../shared/fixtures/youtube is not beside this checkout");

function fixture(name: string): { items: unknown[] } {
  return JSON.parse(readFileSync(join(fixtures, name), "utf8")) as { items: unknown[] };
}

interface Comment {
  readonly id: string;
  readonly channel: string;
  readonly video: string;
  readonly parent: string | undefined;
  author: string;
  text: unknown;
  at: number;
  editedAt: number;
}

interface Video {
  readonly id: string;
  readonly channel: string;
  readonly at: number;
}

const VIDEO = "aCmEpArCeL1";

/** Answers as the YouTube Data API does, from lists of comments and videos. */
class FakeYouTube {
  readonly server: StubServer;
  comments: Comment[] = [];
  videos: Video[] = [];
  trouble: StubAnswer | undefined;
  /** Requests for these answer with a problem. */
  problems = new Map<string, { status: number; reason: string }>();
  repliesInThread = 5;
  /** How many comments an answer has at most that were asked for by id. */
  mostById = 50;
  private count = 0;

  constructor(server: StubServer) {
    this.server = server;
    server.on("*", ({ path }) => this.trouble ?? this.answer(new URL(path, server.url)));
  }

  /** What was asked so far, without what is the same each time. */
  get asked(): string[] {
    return this.server.requests.map(({ path }) => {
      const { pathname, searchParams } = new URL(path, this.server.url);
      for (const name of ["part", "textFormat", "order", "maxResults", "type"]) searchParams.delete(name);
      return `${pathname.slice(1)}?${decodeURIComponent(searchParams.toString().replaceAll("+", " "))}`;
    });
  }

  add(at: number, fields: Partial<Comment> = {}): Comment {
    const number = String(++this.count).padStart(12, "0");
    const id = fields.parent === undefined ? `UgInvented${number}AaABAg` : `${fields.parent}.reply${number}`;
    const comment: Comment = {
      id,
      channel: OURS,
      video: VIDEO,
      parent: undefined,
      author: "UCcustomerInventedAbc003",
      text: `The parcel ${this.count} never arrived`,
      at,
      editedAt: at,
      ...fields,
    };
    this.comments.push(comment);
    return comment;
  }

  private answer({ pathname, searchParams: asked }: URL): StubAnswer {
    for (const value of asked.values()) {
      const problem = this.problems.get(value);
      if (problem !== undefined) return failure(problem.status, problem.reason);
    }
    if (asked.get("textFormat") !== "plainText" && /comment/.test(pathname)) return failure(400, "html");
    const ids = asked.get("id")?.split(",");
    const size = Number(asked.get("maxResults") ?? 50);
    if (pathname === "/comments") {
      const parent = asked.get("parentId");
      const found = this.comments.filter((one) =>
        parent === null ? ids?.includes(one.id) : one.parent === parent,
      );
      return this.page(
        found.map((comment) => this.show(comment)),
        asked,
        parent === null ? this.mostById : size,
      );
    }
    if (pathname === "/commentThreads") {
      const channel = asked.get("allThreadsRelatedToChannelId");
      const video = asked.get("videoId");
      const found = this.comments
        .filter(({ parent }) => parent === undefined)
        .filter((one) =>
          ids === undefined ? one.channel === channel || one.video === video : ids.includes(one.id),
        )
        .toSorted((a, b) => b.at - a.at);
      return this.page(
        found.map((comment) => this.thread(comment)),
        asked,
        size,
      );
    }
    if (pathname === "/search") {
      const from = Date.parse(asked.get("publishedAfter") ?? "1970-01-01T00:00:00Z");
      const to = Date.parse(asked.get("publishedBefore") ?? "2100-01-01T00:00:00Z");
      const found = this.videos.filter(({ at }) => at >= from && at < to).toSorted((a, b) => b.at - a.at);
      const results = found.map(({ id, at }) => ({
        id: { kind: "youtube#video", videoId: id },
        snippet: { publishedAt: iso(at) },
      }));
      return this.page(results, asked, size);
    }
    const shown = this.videos.filter(({ id }) => ids?.includes(id));
    return this.page(
      shown.map(({ id, channel, at }) => ({
        id,
        snippet: { title: `Video ${id}`, channelId: channel, channelTitle: "Osier", publishedAt: iso(at) },
      })),
      asked,
      size,
    );
  }

  private page(items: readonly unknown[], asked: URLSearchParams, size: number): StubAnswer {
    const from = Number(asked.get("pageToken") ?? 0);
    const rest = items.length > from + size ? { nextPageToken: String(from + size) } : {};
    return json({ kind: "youtube#list", ...rest, items: items.slice(from, from + size) });
  }

  private show({ id, parent, author, text, at, editedAt }: Comment) {
    const snippet = {
      authorDisplayName: "@somebody",
      authorChannelId: { value: author },
      textOriginal: text,
      textDisplay: text,
      likeCount: 0,
      publishedAt: iso(at),
      updatedAt: iso(editedAt),
      ...(parent === undefined ? {} : { parentId: parent }),
    };
    return { kind: "youtube#comment", id, snippet };
  }

  private thread(comment: Comment) {
    const replies = this.comments
      .filter(({ parent }) => parent === comment.id)
      .map((reply) => this.show(reply));
    const some = replies.slice(-this.repliesInThread);
    return {
      kind: "youtube#commentThread",
      id: comment.id,
      snippet: {
        channelId: comment.channel,
        videoId: comment.video,
        topLevelComment: this.show(comment),
        totalReplyCount: replies.length,
      },
      ...(some.length === 0 ? {} : { replies: { comments: some } }),
    };
  }
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

function json(body: unknown): StubAnswer {
  return { body: JSON.stringify(body) };
}

function failure(status: number, reason: string): StubAnswer {
  const error = { code: status, message: "no", errors: [{ message: "no", domain: "youtube.x", reason }] };
  return { status, ...json({ error }) };
}

/** Of a key that is restricted to other addresses. */
const refusedKey: StubAnswer = {
  status: 403,
  ...json({
    error: {
      code: 403,
      message: "The provided API key has an IP address restriction.",
      errors: [{ message: "no", domain: "global", reason: "forbidden" }],
      status: "PERMISSION_DENIED",
    },
  }),
};

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: { body: "<html>Sorry</html>" },
  rate_limited: { status: 429, headers: { "retry-after": "30" } },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  unavailable: { status: 503 },
  hang: { hang: "before_headers" },
};

ingestorContract("youtube", {
  ingestor: youtubeIngestor,
  severalPages: 250,
  retryAfterMs: 30_000,
  foreignCursor: {
    targets: { "channel:UCsomebodyElse": { newest: 1, marks: ["x"] } },
    searches: {},
    found: { "other video": 1 },
    parked: {},
  },
  async open() {
    const fake = new FakeYouTube(await startStubServer());
    let before = 0;
    const next = () => NOW - 20 * DAY + fake.comments.length * 30 * MINUTE;
    return {
      config: { apiKey: KEY, channels: [OURS], endpoint: `${fake.server.url}/` },
      publish: (count) => Array.from({ length: count }, () => fake.add(next()).id),
      publishBroken: () => void fake.add(next(), { text: { not: "text" } }),
      remove: (id) => void (fake.comments = fake.comments.filter((comment) => comment.id !== id)),
      trouble(trouble) {
        fake.trouble = trouble === undefined ? undefined : TROUBLES[trouble];
        before = fake.server.requests.length;
      },
      asked: () => fake.server.received(before + 1),
      close: () => fake.server.close(),
    };
  },
});

describe("the youtube ingestor", () => {
  let fake: FakeYouTube;
  beforeEach(async () => {
    fake = new FakeYouTube(await startStubServer());
  });
  afterEach(() => fake.server.close());

  function run(options: object = {}, rest: object = {}) {
    const config = youtubeIngestor.config.parse({
      apiKey: KEY,
      channels: [OURS],
      endpoint: fake.server.url,
      ...options,
    });
    return aPollRun({ config, context: aContext(OBSERVED_AT), ...rest });
  }

  async function poll(options: object = {}, rest: object = {}) {
    const pages: Page<unknown>[] = [];
    for await (const page of youtubeIngestor.poll(run(options, rest))) pages.push(page);
    const items = pages.flatMap((page) => page.items);
    const mentions = items.map(asMention);
    return {
      pages,
      items,
      mentions,
      ids: mentions.map(({ nativeId }) => nativeId),
      cursor: pages.findLast((page) => page.cursor !== undefined)?.cursor as
        Record<string, object> | undefined,
      gaps: pages.flatMap(({ gap }) => gap ?? []),
    };
  }

  async function reread(ids: readonly string[], options: object = {}, rest: object = {}) {
    const found = await youtubeIngestor.reread?.(ids, run(options, rest));
    return { mentions: found?.items.map(asMention) ?? [], gone: found?.gone ?? [] };
  }

  async function errorOf(polling: Promise<unknown>): Promise<EarshotError> {
    const error: unknown = await polling.catch((thrown: unknown) => thrown);
    if (!(error instanceof EarshotError)) throw new Error(`expected an EarshotError, got ${String(error)}`);
    return error;
  }

  /** A budget that lets so many units through, and notes what was charged when how many requests had been made. */
  function aBudget(units = Infinity) {
    const charged: { units: number; requestsBefore: number }[] = [];
    const budget: Budget = {
      allow(cost: Cost) {
        if (cost.units !== undefined && cost.units > units)
          throw new EarshotError("budget_spent", "no more units");
      },
      spend(cost: Cost) {
        if (cost.units === undefined) return;
        units -= cost.units;
        charged.push({ units: cost.units, requestsBefore: fake.server.requests.length });
      },
    };
    return { budget, charged };
  }

  describe("asking", () => {
    it("asks for threads newest first, with the key in a header", async () => {
      fake.add(NOW - MINUTE, { channel: THEIRS, video: "anotherVid1" });
      await poll({ videos: ["anotherVid1"] });
      expect(fake.server.requests.map(({ path }) => path)).toEqual([
        `/commentThreads?part=snippet%2Creplies&textFormat=plainText&order=time&maxResults=100&allThreadsRelatedToChannelId=${OURS}`,
        `/commentThreads?part=snippet%2Creplies&textFormat=plainText&order=time&maxResults=100&videoId=anotherVid1`,
      ]);
      expect(fake.server.requests.map(({ headers }) => headers["x-goog-api-key"])).toEqual([KEY, KEY]);
    });

    it("charges the units of each call before it is made", async () => {
      const parent = fake.add(NOW - MINUTE).id;
      for (let index = 0; index < 6; index++) fake.add(NOW - MINUTE, { parent });
      fake.videos = [{ id: "foundVideo1", channel: THEIRS, at: NOW - DAY }];
      const { budget, charged } = aBudget();
      await poll({ search: { queries: ["acme"] } }, { budget });
      expect(charged).toEqual([
        { units: 1, requestsBefore: 0 },
        { units: 1, requestsBefore: 1 },
        { units: 100, requestsBefore: 2 },
        { units: 1, requestsBefore: 3 },
      ]);
    });

    it("reads comments while no units for a search are left", async () => {
      const { id } = fake.add(NOW - MINUTE);
      const pages: Page<unknown>[] = [];
      const polling = (async () => {
        const { budget } = aBudget(50);
        for await (const page of youtubeIngestor.poll(run({ search: { queries: ["acme"] } }, { budget })))
          pages.push(page);
      })();
      expect(await errorOf(polling)).toMatchObject({ code: "budget_spent" });
      expect(pages.flatMap(({ items }) => items).map((item) => asMention(item).nativeId)).toEqual([id]);
      expect(pages.at(-1)?.cursor).toBeDefined();
      expect(fake.asked).toHaveLength(1);
    });

    it("gives cursors that do not change while it goes on", async () => {
      fake.add(NOW - MINUTE);
      fake.add(NOW - MINUTE, { channel: THEIRS, video: "anotherVid1" });
      const [given, written]: [unknown[], string[]] = [[], []];
      for await (const { cursor } of youtubeIngestor.poll(run({ videos: ["anotherVid1"] }))) {
        given.push(cursor);
        written.push(JSON.stringify(cursor));
      }
      expect(given.map((cursor) => JSON.stringify(cursor))).toEqual(written);
      expect(new Set(written).size).toBe(3);
    });

    it("says so when there is nothing to listen to", async () => {
      expect(await errorOf(poll({ channels: [] }))).toMatchObject({
        code: "config_invalid",
        message: expect.stringContaining("set channels, videos or search") as string,
      });
      expect(await errorOf(poll({ search: {} }))).toMatchObject({
        code: "config_invalid",
        message: expect.stringContaining("search.queries") as string,
      });
    });

    it.each([
      [failure(403, "quotaExceeded"), "source_rate_limited", 22 * 3_600_000],
      [failure(403, "dailyLimitExceeded"), "source_rate_limited", 22 * 3_600_000],
      [failure(403, "rateLimitExceeded"), "source_rate_limited", 60_000],
      [failure(403, "userRateLimitExceeded"), "source_rate_limited", 60_000],
      [failure(403, "accessNotConfigured"), "source_unauthorized", undefined],
      [failure(400, "keyInvalid"), "source_unauthorized", undefined],
      [refusedKey, "source_unauthorized", undefined],
      [
        {
          status: 400,
          ...json({
            error: {
              errors: [{ reason: "badRequest" }],
              details: [{ "@type": "x" }, { reason: "API_KEY_INVALID" }],
            },
          }),
        },
        "source_unauthorized",
        undefined,
      ],
      [failure(400, "processingFailure"), "source_unavailable", undefined],
      [failure(400, "invalidPageToken"), "source_unavailable", undefined],
      [{ status: 404, body: "<html>" }, "source_unavailable", undefined],
      [failure(400, "missingRequiredParameter"), "source_changed", undefined],
      [{ status: 418 }, "source_changed", undefined],
      [json({ kind: "youtube#list" }), "source_changed", undefined],
      [json({ items: [], nextPageToken: "the same again" }), "source_changed", undefined],
    ])("calls %j %s", async (trouble, code, retryAfterMs) => {
      fake.trouble = trouble;
      expect(await errorOf(poll())).toMatchObject({ code, retryAfterMs });
    });

    it("shows the key to nobody", async () => {
      fake.add(NOW - MINUTE);
      const { items, cursor } = await poll();
      expect(JSON.stringify([items, cursor])).not.toContain(KEY);
      const troubles = [
        ...Object.values(TROUBLES).slice(0, -1),
        failure(403, KEY),
        failure(400, "keyInvalid"),
        failure(403, "quotaExceeded"),
      ];
      for (const trouble of troubles) {
        fake.trouble = trouble;
        const error = await errorOf(poll());
        const shown = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join("\n");
        expect(shown).not.toContain(KEY);
      }
    });
  });

  it.each([
    ["2026-03-02T10:00:00Z", "2026-03-03T08:00:00Z"],
    ["2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z"],
    ["2026-07-01T07:00:00Z", "2026-07-02T07:00:00Z"],
    ["2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"],
    ["2026-03-08T09:30:00Z", "2026-03-09T07:00:00Z"],
    ["2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"],
    ["2026-11-01T09:30:00.500Z", "2026-11-02T08:00:00Z"],
    ["2026-12-31T23:00:00Z", "2027-01-01T08:00:00Z"],
  ])("knows that at %s the next day in California begins at %s", (now, midnight) => {
    expect(iso(nextMidnightPacific(new Date(now)).getTime())).toBe(midnight);
  });

  describe("threads", () => {
    it("reads replies beyond those a thread brings, and only when there are more than last time", async () => {
      const parent = fake.add(NOW - 60 * MINUTE).id;
      const replies = Array.from(
        { length: 120 },
        (_, index) => fake.add(NOW - 50 * MINUTE + index * 1_000, { parent }).id,
      );
      const first = await poll();
      expect(new Set(first.ids)).toEqual(new Set([parent, ...replies]));
      expect(fake.asked.slice(1)).toEqual([
        `comments?parentId=${parent}`,
        `comments?parentId=${parent}&pageToken=100`,
      ]);
      const asked = fake.asked.length;
      const second = await poll({}, { cursor: first.cursor });
      expect(second.items).toEqual([]);
      expect(fake.asked).toHaveLength(asked + 1);
      const late = fake.add(NOW - MINUTE, { parent });
      expect((await poll({}, { cursor: first.cursor })).ids).toContain(late.id);
    });

    it("finds new replies to older threads, edits, and what was held for review", async () => {
      const old = fake.add(NOW - 6 * DAY);
      fake.add(NOW - MINUTE);
      const first = await poll();
      expect(first.ids).toHaveLength(2);
      const held = fake.add(NOW - 5 * DAY);
      const reply = fake.add(NOW, { parent: old.id });
      old.editedAt = NOW - MINUTE;
      old.text = "It has arrived";
      const second = await poll({}, { cursor: first.cursor });
      expect(second.mentions).toMatchObject([
        { nativeId: held.id, revision: 0 },
        { nativeId: old.id, revision: NOW - MINUTE, text: "It has arrived" },
        { nativeId: reply.id, parentId: `youtube:${old.id}` },
      ]);
      expect((await poll({}, { cursor: second.cursor })).pages).toEqual([]);
    });

    it("does not go back further than it must", async () => {
      for (let index = 0; index < 350; index++) fake.add(NOW - 29 * DAY + index * 60 * MINUTE);
      const first = await poll();
      expect(first.ids).toHaveLength(350);
      expect(fake.asked).toHaveLength(4);
      await poll({ replyDays: 1 }, { cursor: first.cursor });
      expect(fake.asked).toHaveLength(5);
      const { ids } = await poll({ lookbackDays: 20 });
      expect(ids).toHaveLength(350 - 9 * 24);
    });

    it("knows what we wrote, and what answers us", async () => {
      const theirs = fake.add(NOW - 9 * MINUTE);
      const answer = fake.add(NOW - 8 * MINUTE, { parent: theirs.id, author: OURS });
      const ours = fake.add(NOW - 7 * MINUTE, { author: OURS });
      const reaction = fake.add(NOW - 6 * MINUTE, { parent: ours.id });
      const more = fake.add(NOW - 5 * MINUTE, { parent: ours.id, author: OURS });
      const facts = ({ nativeId, byUs, inReplyToUs }: MentionFields) => [nativeId, byUs, inReplyToUs];
      const options = { ownAccounts: [OURS] };
      const { mentions } = await poll(options);
      expect(mentions.map(facts)).toEqual([
        [ours.id, true, false],
        [reaction.id, false, true],
        [more.id, true, false],
        [theirs.id, false, false],
        [answer.id, true, false],
      ]);
      const again = await reread(
        mentions.map(({ nativeId }) => nativeId),
        options,
      );
      expect(again.mentions).toEqual(mentions);
    });
  });

  describe("what cannot be heard", () => {
    it.each([
      [403, "commentsDisabled"],
      [404, "videoNotFound"],
      [403, "forbidden"],
    ])("parks a video that answers %i %s for a week, and hears the others", async (status, reason) => {
      fake.problems.set("parkedVid01", { status, reason });
      const { id } = fake.add(NOW - MINUTE);
      const options = { channels: [], videos: ["parkedVid01", VIDEO] };
      const first = await poll(options);
      expect(first.ids).toEqual([id]);
      expect(first.gaps).toEqual([]);
      const later = (at: number) => ({ cursor: first.cursor, context: aContext(new Date(at).toISOString()) });
      await poll(options, later(NOW + 6 * DAY));
      expect(fake.asked.filter((path) => path.includes("parkedVid01"))).toHaveLength(1);
      fake.problems.clear();
      const found = fake.add(NOW + DAY, { channel: THEIRS, video: "parkedVid01" });
      expect((await poll(options, later(NOW + 8 * DAY))).ids).toEqual([found.id]);
    });

    it.each([
      [404, "channelNotFound", "correct channels"],
      [403, "commentsDisabled", "switched off"],
    ])("tells of a channel that answers %i %s, and hears the others", async (status, reason, advice) => {
      fake.problems.set(THEIRS, { status, reason });
      const { id } = fake.add(NOW - MINUTE);
      const { ids, gaps } = await poll({ channels: [THEIRS, OURS] });
      expect(ids).toEqual([id]);
      expect(gaps).toMatchObject([{ from: iso(NOW - 30 * DAY).replace("Z", ".000Z"), to: OBSERVED_AT }]);
      expect(gaps[0]?.reason).toContain(advice);
      expect(gaps[0]?.reason).toContain(THEIRS);
    });
  });

  describe("searching for videos", () => {
    const search = { queries: ["acme parcels"] };

    it("gives the videos in full, and from then on the comments on them", async () => {
      fake.videos = [{ id: "foundVideo1", channel: THEIRS, at: NOW - DAY }];
      const comment = fake.add(NOW - MINUTE, { channel: THEIRS, video: "foundVideo1" });
      const first = await poll({ channels: [], search });
      expect(first.mentions).toMatchObject([
        { nativeId: "foundVideo1", kind: "post", title: "Video foundVideo1" },
      ]);
      expect(fake.asked).toEqual([
        `search?q=acme parcels&publishedAfter=${new Date(NOW - 30 * DAY).toISOString()}`,
        "videos?id=foundVideo1",
      ]);
      const second = await poll({ channels: [], search }, { cursor: first.cursor });
      expect(second.ids).toEqual([comment.id]);
      expect(fake.asked.slice(2)).toEqual(["commentThreads?videoId=foundVideo1"]);
    });

    it("searches again when it is time to, a day back", async () => {
      fake.videos = [{ id: "foundVideo1", channel: OURS, at: NOW - DAY }];
      const { cursor } = await poll({ search });
      const at = (time: number) => ({ cursor, context: aContext(new Date(time).toISOString()) });
      await poll({ search }, at(NOW + 5 * 3_600_000));
      expect(fake.asked.filter((path) => path.startsWith("search"))).toHaveLength(1);
      fake.videos.push({ id: "foundVideo2", channel: OURS, at: NOW - DAY - 3_600_000 });
      const { ids } = await poll({ search }, at(NOW + 6 * 3_600_000 - MINUTE));
      expect(ids).toEqual(["foundVideo2"]);
      expect(fake.asked.at(-2)).toBe(
        `search?q=acme parcels&publishedAfter=${new Date(NOW - 2 * DAY).toISOString()}`,
      );
    });

    it("follows the comments of so many videos for so long, and not those of channels it reads anyway", async () => {
      fake.videos = [
        { id: "foundVideo1", channel: THEIRS, at: NOW - 3 * DAY },
        { id: "foundVideo2", channel: THEIRS, at: NOW - 2 * DAY },
        { id: "ownVideo001", channel: OURS, at: NOW - DAY },
      ];
      const options = { search: { ...search, maxVideos: 1, followDays: 2 } };
      const { cursor, ids } = await poll(options);
      expect(new Set(ids)).toEqual(new Set(["ownVideo001", "foundVideo2", "foundVideo1"]));
      const asked = fake.asked.length;
      await poll(options, { cursor });
      expect(fake.asked.slice(asked)).toEqual([
        `commentThreads?allThreadsRelatedToChannelId=${OURS}`,
        "commentThreads?videoId=foundVideo2",
      ]);
      const later = aContext(new Date(NOW + 2 * DAY + MINUTE).toISOString());
      await poll({ search: { ...options.search, everyHours: 168 } }, { cursor, context: later });
      expect(fake.asked.slice(asked + 2)).toEqual([`commentThreads?allThreadsRelatedToChannelId=${OURS}`]);
    });

    it("puts alternatives of one term into one search, and others into their own", async () => {
      const word = (text: string): QueryNode => ({ type: "word", text });
      const root: QueryNode = {
        type: "or",
        nodes: [
          word("acme"),
          { type: "phrase", words: ["acme", "post"] },
          { type: "phrase", words: ["blue", '"parcel|'] },
          { type: "and", nodes: [word("-lockers"), word("full"), { type: "not", node: word("movie") }] },
          word("acmefail"),
          ...Array.from({ length: 40 }, (_, index) => word(`alternative${index}`)),
        ],
      };
      const queries = [{ tracker: "acme", query: { text: "", root } }];
      await poll({ search: {} }, { queries });
      const searched = fake.asked.flatMap((path) => /^search\?q=(.*)&publishedAfter/.exec(path)?.[1] ?? []);
      expect(searched.slice(0, 2)).toEqual(['acme|"blue parcel"', "lockers full"]);
      expect(searched[2]).toMatch(/^acmefail\|alternative0\|alternative1\|/);
      expect(searched).toHaveLength(4);
      expect(searched.join("|").split("|")).toHaveLength(2 + 1 + 41);
    });

    it("tells when a search finds more than can be had", async () => {
      fake.videos = Array.from({ length: 201 }, (_, index) => ({
        id: `found${String(index).padStart(6, "0")}`,
        channel: OURS,
        at: NOW - DAY - index * MINUTE,
      }));
      const { ids, gaps } = await poll({ search });
      expect(ids).toHaveLength(200);
      expect(gaps).toMatchObject([
        {
          from: new Date(NOW - 30 * DAY).toISOString(),
          to: new Date(NOW - DAY - 199 * MINUTE).toISOString(),
        },
      ]);
    });
  });

  it("reads a past window, replies in it to threads begun before included", async () => {
    const from = NOW - 100 * DAY;
    const to = from + DAY;
    const before = fake.add(from - DAY);
    const answered = fake.add(from + 5, { parent: before.id });
    const within = fake.add(from);
    for (let index = 0; index < 6; index++) fake.add(to + index, { parent: within.id });
    const after = fake.add(to);
    for (let index = 0; index < 6; index++) fake.add(to + index, { parent: after.id });
    fake.videos = [
      { id: "foundVideo1", channel: THEIRS, at: from + 1 },
      { id: "foundVideo2", channel: THEIRS, at: to },
    ];
    const onFound = fake.add(from + 9, { channel: THEIRS, video: "foundVideo1" });
    const ids: string[] = [];
    const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    for await (const page of youtubeIngestor.backfill?.(window, run({ search: { queries: ["acme"] } })) ??
      []) {
      expect(page).not.toHaveProperty("cursor");
      ids.push(...page.items.map((item) => asMention(item).nativeId));
    }
    expect(ids).toEqual(["foundVideo1", within.id, answered.id, onFound.id]);
    expect(fake.asked.filter((path) => path.startsWith("comments?"))).toEqual([
      `comments?parentId=${within.id}`,
    ]);
  });

  describe("reading again", () => {
    it("asks for fifty at a time, two units for fifty comments", async () => {
      const ids = Array.from({ length: 60 }, (_, index) => fake.add(NOW - index * MINUTE).id);
      fake.videos = [{ id: "foundVideo1", channel: THEIRS, at: NOW - DAY }];
      const { budget, charged } = aBudget();
      const found = await reread([...ids, "foundVideo1", "goneVideo01", "not an id"], {}, { budget });
      expect(found.mentions.map(({ nativeId }) => nativeId)).toEqual([...ids, "foundVideo1"]);
      expect(found.gone).toEqual([{ id: "goneVideo01", reason: "YouTube shows it no more." }]);
      expect(charged.map(({ units }) => units)).toEqual([1, 1, 1, 1, 1]);
      const polled = await poll();
      expect(found.mentions.slice(0, 60)).toEqual(polled.mentions);
    });

    it("asks for comments apart when YouTube refuses them together for one that is gone", async () => {
      const ids = [1, 2, 3].map(() => fake.add(NOW - MINUTE).id);
      const gone = ids[1] ?? "";
      fake.comments = fake.comments.filter(({ id }) => id !== gone);
      for (const some of [ids, ids.slice(0, 2), [gone]]) {
        fake.problems.set(some.join(","), { status: 404, reason: "commentNotFound" });
      }
      const found = await reread(ids);
      expect(found.mentions.map(({ nativeId }) => nativeId)).toEqual([ids[0], ids[2]]);
      expect(found.gone.map(({ id }) => id)).toEqual([gone]);
    });

    it("believes in no deletion when one answer holds fewer comments than were asked for", async () => {
      const ids = Array.from({ length: 45 }, (_, index) => fake.add(NOW - index * MINUTE).id);
      fake.mostById = 20;
      const found = await reread([...ids, "UgInventedGone0000AaABAg"]);
      expect(found.mentions.map(({ nativeId }) => nativeId)).toEqual(ids);
      expect(found.gone.map(({ id }) => id)).toEqual(["UgInventedGone0000AaABAg"]);
    });

    it("takes nothing for deleted when the key may not be used from here any more", async () => {
      const { id } = fake.add(NOW - MINUTE);
      fake.trouble = refusedKey;
      expect(await errorOf(reread([id]))).toMatchObject({
        code: "source_unauthorized",
        message: expect.stringContaining("check apiKey") as string,
      });
    });

    it("keeps what it has learned when the units are used up", async () => {
      const ids = Array.from({ length: 120 }, (_, index) => fake.add(NOW - index * MINUTE).id);
      expect((await reread(ids, {}, { budget: aBudget(3).budget })).mentions).toHaveLength(50);
      expect(await errorOf(reread(ids, {}, { budget: aBudget(0).budget }))).toMatchObject({
        code: "budget_spent",
      });
    });

    it("must be done within thirty days, by the terms", () => {
      expect(youtubeIngestor.source.duty).toMatchObject({ rereadWithinDays: 30 });
    });
  });

  describe("parsing", () => {
    it("reads threads field by field", async () => {
      fake.server.on("/commentThreads", json(fixture("comment_threads.json")));
      const { mentions } = await poll({ ownAccounts: [OURS] });
      const id = "UgxInventedThreadOne1AaABAg";
      expect(mentions[0]).toEqual({
        platform: "youtube",
        nativeId: id,
        revision: Date.parse("2026-02-27T09:00:00Z"),
        kind: "comment",
        authorId: "UCcustomerInventedAbc003",
        authorName: "@elm-tree9",
        authorHandle: "elm-tree9",
        text: "My parcel is lost <3\nTwice & counting",
        url: `https://www.youtube.com/watch?v=${VIDEO}&lc=${id}`,
        parentId: `youtube:${VIDEO}`,
        threadId: `youtube:${id}`,
        byUs: false,
        inReplyToUs: false,
        publishedAt: "2026-02-27T08:15:30.000Z",
        engagement: { likes: 12, replies: 2, shares: null, views: null },
      });
      expect(mentions.slice(1)).toMatchObject([
        {
          nativeId: `${id}.9zInventedReplyB2`,
          parentId: `youtube:${id}`,
          threadId: `youtube:${id}`,
          authorName: "Osier K",
          authorHandle: "",
          url: `https://www.youtube.com/watch?v=${VIDEO}&lc=${id}.9zInventedReplyB2`,
          engagement: { likes: 0, replies: null },
        },
        { nativeId: `${id}.9zInventedReplyA1`, byUs: true, authorHandle: "AcmeParcels" },
        { byUs: true, text: "Which locker do you use?", engagement: { replies: 1 } },
        { byUs: false, inReplyToUs: true, text: "None, they are full" },
        {
          authorId: "",
          text: "On the channel itself",
          parentId: "",
          threadId: "youtube:UgxInventedThreadThr3AaABAg",
          url: `https://www.youtube.com/channel/${OURS}`,
          engagement: { likes: 0, replies: 0 },
        },
      ]);
    });

    it("reads a video field by field, without its pictures", async () => {
      fake.server.on("/search", json(fixture("search.json")));
      fake.server.on("/videos", json(fixture("videos.json")));
      const { mentions, items } = await poll({ channels: [], search: { queries: ["acme"] } });
      expect(mentions).toEqual([
        {
          platform: "youtube",
          nativeId: "uNbOxInGaB1",
          kind: "post",
          authorId: THEIRS,
          authorName: "Osier K",
          title: "Acme lockers: three months later",
          text: "What broke, and what did not.\n\n00:00 The queue\n#acme",
          url: "https://www.youtube.com/watch?v=uNbOxInGaB1",
          threadId: "youtube:uNbOxInGaB1",
          byUs: false,
          languageHint: "en-GB",
          publishedAt: "2026-02-20T18:00:00.000Z",
          engagement: { likes: 391, replies: 77, shares: null, views: 10_412 },
        },
      ]);
      expect(JSON.stringify(items)).not.toMatch(/thumbnails|the same again/);
    });

    it("takes counters that are hidden for unknown, not for none", () => {
      const { items } = fixture("videos.json");
      const video = { ...(items[0] as object), statistics: { viewCount: "10", likeCount: null } };
      expect(asMention({ video }).engagement).toEqual({
        likes: null,
        replies: null,
        shares: null,
        views: 10,
      });
    });

    it("says where in the source an item stands", () => {
      expect(youtubeIngestor.position?.({ comment: { id: "c" } })).toBe("c");
      expect(youtubeIngestor.position?.({ video: { id: "v" } })).toBe("v");
      expect(youtubeIngestor.position?.(null)).toBe("");
    });
  });

  describe.skipIf(!hasRecordings)(
    "recorded lists, from ../shared/fixtures/youtube where it is present",
    () => {
      const recorded = (name: string) =>
        JSON.parse(readFileSync(join(recordings, name), "utf8")) as {
          nextPageToken?: string;
          items: {
            id: string;
            snippet: {
              videoId?: string;
              channelId?: string;
              topLevelComment: { snippet: Record<string, unknown> };
            };
          }[];
        };
      const origin = { source: "youtube", trackers: [], observedAt: "2026-11-01T00:00:00.000Z" };
      const context = aContext("2019-12-02T00:00:00.000Z");

      it("reads the threads of a recorded channel", async () => {
        const list = recorded("comment_threads_comment_threads_all_to_me.json");
        fake.server.on("/commentThreads", json(list));
        const { items } = await poll({ lookbackDays: 365 }, { context });
        const mentions = items.map((item) => toMention(asMention(item), origin));
        expect(mentions).toMatchObject(
          list.items.map(({ id, snippet }) => ({
            id: `youtube:${id}`,
            text: snippet.topLevelComment.snippet["textOriginal"],
            authorName: snippet.topLevelComment.snippet["authorDisplayName"],
            publishedAt: snippet.topLevelComment.snippet["publishedAt"],
            parentId: snippet.videoId === undefined ? "" : `youtube:${snippet.videoId}`,
            revision: 0,
          })),
        );
      });

      it("walks the recorded pages of a video", async () => {
        const pages = [1, 2].map((page) =>
          recorded(`comment_threads_comment_threads_by_video_paged_${page}.json`),
        );
        fake.server.on("/commentThreads", pages.map(json));
        const { ids } = await poll({ channels: [], videos: ["F1UP7wRCPH8"], lookbackDays: 365 }, { context });
        expect(new Set(ids)).toEqual(new Set(pages.flatMap(({ items }) => items.map(({ id }) => id))));
        const walked = fake.asked.filter((path) => path.startsWith("commentThreads"));
        expect(walked[1]).toContain(`pageToken=${pages[0]?.nextPageToken ?? ""}`);
      });

      it("reads recorded replies", async () => {
        const thread = recorded("comment_threads_comment_threads_all_to_me.json").items[1];
        const parent = thread?.id ?? "";
        const list = { items: [{ ...thread, snippet: { ...thread?.snippet, totalReplyCount: 3 } }] };
        fake.server.on("/commentThreads", json(list));
        const pages = [1, 2].map((page) => recorded(`comments_comments_by_parent_paged_${page}.json`));
        fake.server.on("/comments", pages.map(json));
        const { items } = await poll({ lookbackDays: 365 }, { context });
        const mentions = items.map((item) => toMention(asMention(item), origin));
        expect(mentions).toHaveLength(4);
        expect(mentions.slice(1)).toMatchObject(
          pages
            .flatMap((page) => page.items)
            .map(({ id }) => ({
              id: `youtube:${id}`,
              parentId: `youtube:${parent}`,
              threadId: `youtube:${parent}`,
              url: `https://www.youtube.com/watch?v=JE8xdDp5B8Q&lc=${id}`,
            })),
        );
      });

      it("reads recorded searches and videos", async () => {
        const found = recorded("search_search_videos_by_channel.json");
        const videos = recorded("videos_videos_info_multi.json");
        fake.server.on("/search", [json(found), json({ items: [] })]);
        fake.server.on("/videos", json(videos));
        const { items } = await poll({ channels: [], search: { queries: ["news"] } }, { context });
        expect(items.map((item) => toMention(asMention(item), origin))).toMatchObject(
          videos.items.map(({ id, snippet }) => ({
            id: `youtube:${id}`,
            authorId: snippet.channelId,
            title: (snippet as unknown as { title: string }).title,
            engagement: { likes: null, replies: null, shares: null, views: null },
          })),
        );
        expect(fake.asked.at(-1)).toBe(
          `videos?id=${found.items.map(({ id }) => (id as unknown as { videoId: string }).videoId).join(",")}`,
        );
      });
    },
  );
});

function asMention(item: unknown): MentionFields {
  const parsed = youtubeIngestor.parse(item, OBSERVED_AT);
  if (parsed.type !== "upsert") throw new Error(`expected a mention, got ${parsed.type}`);
  return parsed.mention;
}
