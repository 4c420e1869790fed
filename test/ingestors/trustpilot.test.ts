import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBudget } from "../../core/budget.ts";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { trustpilotIngestor } from "../../ingestors/trustpilot/index.ts";
import { ingestorContract, type Trouble } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { startStubServer, type StubAnswer } from "../support/stub-server.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const UNIT = "60c1ffee00000001deadbeef";
const KEY = "planted-api-key";
const fixture = resolve(import.meta.dirname, "../fixtures/trustpilot/reviews.json");
const recording = resolve(
  import.meta.dirname,
  "../../../shared/fixtures/trustpilot/business_unit_reviews_doc_example.json",
);
const hasRecording = existsSync(recording);
if (!hasRecording)
  console.warn(
    "SKIPPED: the documented answer of Trustpilot; ../shared/fixtures/trustpilot is not beside this checkout",
  );

interface Review {
  readonly id: string;
  readonly [field: string]: unknown;
}

function aReview(number: number, fields: object = {}): Review {
  return {
    id: `6600aa00bb00cc00${number.toString(16).padStart(8, "0")}`,
    stars: 2,
    title: `Review ${number}`,
    text: "The kettle leaks",
    language: "en",
    createdAt: new Date(Date.parse(OBSERVED_AT) - 10_000_000 + number * 1_000).toISOString(),
    updatedAt: null,
    consumer: { id: `consumer-${number}`, displayName: "Runa V." },
    companyReply: null,
    ...fields,
  };
}

function json(body: unknown): StubAnswer {
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

const TROUBLES: Record<Trouble, StubAnswer> = {
  garbage: { body: "<html>Are you a robot?</html>" },
  rate_limited: { status: 429, headers: { "retry-after": "90" } },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  unavailable: { status: 500 },
  hang: { hang: "before_headers" },
};

/** Trustpilot's stand-in; `reviews` are newest first. */
async function startTrustpilot() {
  const server = await startStubServer();
  const reviews: Review[] = [];
  let count = 0;
  let trouble: Trouble | undefined;
  let before = 0;
  server.on("*", ({ path }) => {
    if (trouble !== undefined) return TROUBLES[trouble];
    const url = new URL(path, server.url);
    if (url.pathname === "/v1/business-units/find") {
      return url.searchParams.get("name") === "acme.example" ? json({ id: UNIT }) : { status: 404 };
    }
    if (url.pathname === `/v1/business-units/${UNIT}/reviews`) {
      const perPage = Number(url.searchParams.get("perPage"));
      const start = (Number(url.searchParams.get("page")) - 1) * perPage;
      return json({ links: [], reviews: reviews.slice(start, start + perPage) });
    }
    const one = reviews.find(({ id }) => url.pathname === `/v1/reviews/${id}`);
    return one === undefined ? { status: 404 } : json(one);
  });
  return {
    server,
    reviews,
    config: { apiKey: KEY, businessUnitId: UNIT, endpoint: server.url },
    publish(many: number) {
      return Array.from({ length: many }, () => {
        const review = aReview(++count);
        reviews.unshift(review);
        return review.id;
      });
    },
    remove(id: string) {
      const at = reviews.findIndex((review) => review.id === id);
      if (at >= 0) reviews.splice(at, 1);
    },
    trouble(next: Trouble | undefined) {
      trouble = next;
      before = server.requests.length;
    },
    asked: () => server.received(before + 1),
    close: () => server.close(),
  };
}
type Trustpilot = Awaited<ReturnType<typeof startTrustpilot>>;

ingestorContract("trustpilot", {
  ingestor: trustpilotIngestor,
  severalPages: 330,
  retryAfterMs: 90_000,
  foreignCursor: { company: "60c1ffee00000001deadbee0", id: "60c1ffee00000001deadbee0", seen: ["x"] },
  async open() {
    const trustpilot = await startTrustpilot();
    return {
      ...trustpilot,
      publishBroken: () => void trustpilot.reviews.unshift(aReview(99_999, { stars: "five" })),
    };
  },
});

describe("the trustpilot ingestor", () => {
  let trustpilot: Trustpilot;
  beforeEach(async () => {
    trustpilot = await startTrustpilot();
  });
  afterEach(() => trustpilot.close());

  const contextOf = () => aContext(OBSERVED_AT);
  async function poll(options: object = {}, cursor?: unknown, run: object = {}) {
    const config = trustpilotIngestor.config.parse({ ...trustpilot.config, ...options });
    const pages: Page<unknown>[] = [];
    const signal = AbortSignal.timeout(20_000);
    let error: unknown;
    try {
      const asked = aPollRun({ config, cursor, signal, context: contextOf(), ...run });
      for await (const page of trustpilotIngestor.poll(asked)) pages.push(page);
    } catch (thrown) {
      error = thrown;
    }
    const last = pages.findLast((page) => page.cursor !== undefined)?.cursor;
    return {
      error,
      pages,
      items: pages.flatMap((page) => page.items),
      cursor: JSON.parse(JSON.stringify(last ?? cursor ?? null)) as { walk?: { page: number } },
    };
  }
  const reread = (ids: readonly string[], run: object = {}) =>
    trustpilotIngestor.reread?.(
      ids,
      aPollRun({ config: trustpilotIngestor.config.parse(trustpilot.config), context: contextOf(), ...run }),
    );
  const mentionsOf = (items: readonly unknown[]): MentionFields[] =>
    items.flatMap((item) => {
      const parsed = trustpilotIngestor.parse(item, OBSERVED_AT);
      return parsed.type === "upsert" ? [parsed.mention] : [];
    });
  const idsOf = (items: readonly unknown[]) => mentionsOf(items).map(({ nativeId }) => nativeId);
  const paths = () => trustpilot.server.requests.map(({ path }) => path);

  describe("asking", () => {
    it("asks for the newest hundred with its key in a header, where no log of addresses has it", async () => {
      await poll({ language: "da" });
      expect(paths()).toEqual([
        `/v1/business-units/${UNIT}/reviews?perPage=100&page=1&orderBy=createdat.desc&language=da`,
      ]);
      expect(trustpilot.server.requests[0]?.headers["apikey"]).toBe(KEY);
    });

    it("looks a domain up once and remembers its id", async () => {
      trustpilot.publish(1);
      const options = { businessUnitId: undefined, domain: "acme.example" };
      const { cursor, items } = await poll(options);
      await poll(options, cursor);
      expect(items).toHaveLength(1);
      expect(paths().filter((path) => path.includes("/find"))).toEqual([
        "/v1/business-units/find?name=acme.example",
      ]);
    });

    it.each([
      [{ businessUnitId: undefined, domain: "nobody.example" }, "domain"],
      [{ businessUnitId: "60c1ffee00000001deadbee0" }, "businessUnitId"],
    ])("names what to correct when there is no such company: %j", async (options, key) => {
      const { error } = await poll(options);
      expect(error).toMatchObject({
        code: "source_changed",
        message: expect.stringContaining(key) as string,
      });
    });

    it.each([
      [{ businessUnitId: undefined }],
      [{ domain: "acme.example" }],
      [{ businessUnitId: "../private" }],
      [{ apiKey: "" }],
    ])("refuses a config with %j", (options) => {
      expect(trustpilotIngestor.config.safeParse({ ...trustpilot.config, ...options }).success).toBe(false);
    });

    it.each([[json({})], [json({ reviews: null })], [json([])], [{ body: "" }]])(
      "calls an answer like %j source_changed",
      async (answer) => {
        trustpilot.server.on("*", answer);
        expect((await poll()).error).toMatchObject({ code: "source_changed" });
        expect((await poll({ businessUnitId: undefined, domain: "acme.example" })).error).toMatchObject({
          code: "source_changed",
        });
      },
    );

    it("does not walk for ever when it is given the same page again", async () => {
      const reviews = Array.from({ length: 100 }, (_, at) => aReview(at));
      trustpilot.server.on("*", json({ reviews }));
      expect((await poll()).error).toMatchObject({ code: "source_changed" });
      expect(paths()).toHaveLength(2);
    });

    it("puts no key into any error, whatever fails", async () => {
      const troubles = Object.values(TROUBLES).filter(({ hang }) => hang === undefined);
      const answers = [
        ...troubles,
        { status: 418, body: KEY },
        { redirectTo: `/?apikey=${KEY}` },
        json({ error: KEY }),
      ];
      for (const answer of answers) {
        trustpilot.server.on("*", answer);
        const failures = [
          (await poll()).error,
          (await poll({ businessUnitId: undefined, domain: "acme.example" })).error,
          await reread(["6600aa00bb00cc00dd00ee01"])?.catch((error: unknown) => error),
        ];
        for (const error of failures) {
          expect(error).toBeInstanceOf(EarshotError);
          expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain(KEY);
        }
      }
    });
  });

  describe("walking", () => {
    it("reads pages until it meets what it knows", async () => {
      trustpilot.publish(150);
      const { cursor } = await poll();
      const since = trustpilot.publish(120);
      const asked = paths().length;
      const { items } = await poll({}, cursor);
      expect(idsOf(items).toSorted()).toEqual(since.toSorted());
      expect(paths().length - asked).toBe(2);
    });

    it("reads on after a page with less than a hundred: some reviews are not shown to everybody", async () => {
      const published = trustpilot.publish(250);
      const pages = [published.slice(150), published.slice(60, 150), published.slice(0, 60), []];
      trustpilot.server.on("*", ({ path }) => {
        const asked = Number(/[?&]page=(\d+)/.exec(path)?.[1]);
        const shown = new Set(pages[asked - 1]);
        return json({ reviews: trustpilot.reviews.filter(({ id }) => shown.has(id)) });
      });
      const { items } = await poll();
      expect(idsOf(items).toSorted()).toEqual(published.toSorted());
    });

    it("brings what was edited or replied to again, and nothing for a like", async () => {
      trustpilot.reviews.push(aReview(1), aReview(2), aReview(3));
      const { cursor } = await poll();
      trustpilot.reviews.splice(
        0,
        3,
        aReview(1, { numberOfLikes: 7 }),
        aReview(2, { text: "It still leaks", updatedAt: "2026-03-02T09:00:00Z" }),
        aReview(3, { companyReply: { text: "Sorry!", createdAt: "2026-03-02T08:00:00Z", updatedAt: null } }),
      );
      const second = await poll({}, cursor);
      expect(mentionsOf(second.items)).toMatchObject([
        { nativeId: aReview(2).id, revision: Date.parse("2026-03-02T09:00:00Z"), text: "It still leaks" },
        { nativeId: aReview(3).id, revision: 0 },
        { nativeId: `${aReview(3).id}/reply`, text: "Sorry!", byUs: true },
      ]);
      const third = await poll({}, second.cursor);
      expect(third.pages).toEqual([{ items: [] }]);
    });

    it("goes on where a budget stopped it, without missing what new reviews pushed on", async () => {
      const published = trustpilot.publish(530);
      const ids = new Set<string>();
      let cursor: unknown;
      for (let day = 0; ; day++) {
        expect(day).toBeLessThan(6);
        const budget = openBudget("trustpilot", { requestsPerDay: 2 }, [], contextOf());
        const read = await poll({}, cursor, { budget });
        for (const id of idsOf(read.items)) ids.add(id);
        cursor = read.cursor;
        if (read.error === undefined) break;
        expect(read.error).toMatchObject({ code: "budget_spent" });
        published.push(...trustpilot.publish(7));
      }
      for (const id of idsOf((await poll({}, cursor)).items)) ids.add(id);
      expect(ids).toEqual(new Set(published));
    });

    it("misses nothing when reviews it has read are deleted while it is stopped", async () => {
      const published = trustpilot.publish(320);
      const budget = openBudget("trustpilot", { requestsPerDay: 2 }, [], contextOf());
      const first = await poll({}, undefined, { budget });
      expect(first.cursor.walk?.page).toBe(3);
      trustpilot.reviews.splice(10, 60);
      const second = await poll({}, first.cursor);
      expect(new Set(idsOf([...first.items, ...second.items]))).toEqual(new Set(published));
    });
  });

  describe("reading again", () => {
    it("asks once for a review and its reply, and brings a reply that is new", async () => {
      const reply = { text: "Sorry!", createdAt: "2026-03-02T08:00:00Z" };
      trustpilot.reviews.push(
        aReview(1, { companyReply: reply, numberOfLikes: 9 }),
        aReview(2, { companyReply: reply }),
      );
      const [one, two] = [aReview(1).id, aReview(2).id];
      const read = await reread([one, `${one}/reply`, two]);
      expect(idsOf(read?.items ?? [])).toEqual([one, `${one}/reply`, two, `${two}/reply`]);
      expect(mentionsOf(read?.items ?? [])[0]?.engagement?.likes).toBe(9);
      expect(read?.gone).toEqual([]);
      expect(paths()).toEqual([`/v1/reviews/${one}`, `/v1/reviews/${two}`]);
    });

    it("tells reviews that are gone from replies that were taken back", async () => {
      trustpilot.reviews.push(aReview(1));
      const [there, away] = [aReview(1).id, aReview(2).id];
      const read = await reread([there, `${there}/reply`, away, `${away}/reply`, "../private/reviews"]);
      expect(read?.gone.map(({ id }) => id)).toEqual([`${there}/reply`, away, `${away}/reply`]);
      expect(paths()).toHaveLength(2);
    });

    it("believes a 404 when a review that is there can be read", async () => {
      trustpilot.publish(3);
      const away = aReview(77).id;
      expect((await reread([away]))?.gone.map(({ id }) => id)).toEqual([away]);
    });

    it("takes nothing for deleted while no review can be read by its id", async () => {
      const ids = trustpilot.publish(3);
      for (const id of ids) trustpilot.server.on(`/v1/reviews/${id}`, { status: 404 });
      await expect(reread(ids)).rejects.toMatchObject({ code: "source_changed" });
    });

    it("keeps what it has read when the budget ends", async () => {
      const ids = trustpilot.publish(5);
      const budget = openBudget("trustpilot", { requestsPerDay: 3 }, [], contextOf());
      const read = await reread(ids, { budget });
      expect(idsOf(read?.items ?? [])).toEqual(ids.slice(0, 3));
      expect(read?.gone).toEqual([]);
    });
  });

  describe("reading what Trustpilot shows", () => {
    const readAll = async (options: object = {}) => {
      trustpilot.server.on(`/v1/business-units/${UNIT}/reviews`, { body: readFileSync(fixture) });
      return mentionsOf((await poll(options)).items);
    };

    it("reads reviews and replies, times without a zone as UTC", async () => {
      expect(await readAll()).toEqual([
        {
          platform: "trustpilot",
          nativeId: "6600aa00bb00cc00dd00ee01",
          kind: "review",
          publishedAt: "2026-03-01T09:15:00.000Z",
          revision: Date.parse("2026-03-01T11:45:00.000Z"),
          authorId: "5500aa00bb00cc00dd00ee01",
          authorName: "Runa V.",
          title: "Lid cracked, no refund",
          text: "The lid cracked after two weeks.\nNobody answers.",
          rating: 1,
          ratingMax: 5,
          product: "Acme Kettles",
          country: "DK",
          languageHint: "en",
          url: "https://www.trustpilot.com/reviews/6600aa00bb00cc00dd00ee01",
          threadId: "trustpilot:6600aa00bb00cc00dd00ee01",
          engagement: { likes: 4, replies: null, shares: null, views: null },
        },
        {
          platform: "trustpilot",
          nativeId: "6600aa00bb00cc00dd00ee01/reply",
          kind: "comment",
          publishedAt: "2026-03-01T12:00:00.000Z",
          revision: Date.parse("2026-03-01T12:30:00.000Z"),
          byUs: true,
          authorId: UNIT,
          authorName: "Acme Kettles",
          text: "We are sorry, a new lid is on its way.",
          product: "Acme Kettles",
          url: "https://www.trustpilot.com/reviews/6600aa00bb00cc00dd00ee01",
          parentId: "trustpilot:6600aa00bb00cc00dd00ee01",
          threadId: "trustpilot:6600aa00bb00cc00dd00ee01",
        },
        expect.objectContaining({
          publishedAt: "2026-02-28T08:00:00.000Z",
          revision: 0,
          title: "",
          text: "",
          rating: 5,
          country: "GB",
          languageHint: "",
        }),
      ]);
    });

    it("reads the same times wherever it runs", async () => {
      const zone = process.env["TZ"];
      process.env["TZ"] = "America/New_York";
      try {
        expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(300);
        const times = (await readAll()).map(({ publishedAt }) => publishedAt);
        expect(times).toEqual([
          "2026-03-01T09:15:00.000Z",
          "2026-03-01T12:00:00.000Z",
          "2026-02-28T08:00:00.000Z",
        ]);
      } finally {
        if (zone === undefined) delete process.env["TZ"];
        else process.env["TZ"] = zone;
      }
    });

    it("does not take a competitor's replies for ours", async () => {
      const replies = (await readAll({ repliesAreOurs: false })).filter(({ kind }) => kind === "comment");
      expect(replies.map(({ byUs }) => byUs)).toEqual([false]);
    });

    it("keeps of an item what it reads, and says where it stands", async () => {
      trustpilot.reviews.push(
        aReview(1, {
          links: ["x".repeat(9_000)],
          companyReply: { text: "Sorry!", createdAt: "2026-03-02T08:00:00Z" },
        }),
      );
      const { items } = await poll();
      expect(JSON.stringify(items[0]).length).toBeLessThan(500);
      expect(items.map((item) => trustpilotIngestor.position?.(item))).toEqual([
        aReview(1).id,
        `${aReview(1).id}/reply`,
      ]);
    });

    it("makes a dead letter of a broken reply, and not of its review", async () => {
      trustpilot.reviews.push(aReview(1, { companyReply: { text: null, createdAt: "yesterday" } }));
      const { items } = await poll();
      expect(idsOf(items.slice(0, 1))).toEqual([aReview(1).id]);
      expect(() => trustpilotIngestor.parse(items[1], OBSERVED_AT)).toThrow(
        expect.objectContaining({ code: "record_invalid" }) as Error,
      );
    });

    it.skipIf(!hasRecording)(
      "reads the documented answer field by field (skipped without ../shared/fixtures/trustpilot)",
      async () => {
        const body = readFileSync(recording, "utf8");
        const { reviews } = JSON.parse(body) as { reviews: Record<string, unknown>[] };
        trustpilot.server.on(`/v1/business-units/${UNIT}/reviews`, { body });
        const mentions = mentionsOf((await poll()).items);
        expect(mentions).toHaveLength(reviews.length);
        for (const [index, review] of reviews.entries()) {
          const { id, displayName } = review["consumer"] as Record<string, unknown>;
          expect(mentions[index]).toMatchObject({
            nativeId: review["id"],
            rating: review["stars"],
            title: review["title"],
            text: review["text"],
            languageHint: review["language"],
            publishedAt: new Date(String(review["createdAt"])).toISOString(),
            revision: 0,
            authorId: id,
            authorName: displayName,
          });
        }
      },
    );
  });
});
