import { describe, expect, it } from "vitest";
import { defineIngestor, type Parsed, type Push } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import { webhookIngestor } from "../../ingestors/webhook.ts";
import { z } from "zod";
import { ingestorContract } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { signPush } from "../support/sign-push.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const NOW_S = Date.parse(NOW) / 1_000;
const SECRET = "a-secret-of-the-tickets-system";
const context = aContext(NOW);
const receive = webhookIngestor.receive?.bind(webhookIngestor);

function configOf(config: object = {}) {
  return webhookIngestor.config.parse({ id: "tickets", secret: SECRET, ...config });
}

function aPush(body: string | Uint8Array, headers: Push["headers"] = signPush(body, SECRET, NOW_S)): Push {
  return { headers, body: typeof body === "string" ? new TextEncoder().encode(body) : body };
}

function received(push: Push, config: object = {}): readonly unknown[] {
  if (receive === undefined) throw new Error("webhook receives nothing");
  return receive(push, { config: configOf(config), context });
}

function refusal(push: Push, config: object = {}): EarshotError {
  try {
    received(push, config);
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
  throw new Error("the push was taken");
}

function parsed(record: unknown, config: object = {}): Parsed {
  const [item] = received(aPush(JSON.stringify([record])), config);
  return webhookIngestor.parse(item, NOW);
}

function parsedMention(record: object) {
  const found = parsed({ id: "1", text: "x", publishedAt: NOW, ...record });
  if (found.type !== "upsert") throw new Error(`expected a mention, got ${found.type}`);
  return toMention(found.mention, { source: "tickets", trackers: ["acme"], observedAt: NOW });
}

function fault(record: unknown): EarshotError {
  try {
    const found = parsed(record);
    if (found.type === "upsert")
      toMention(found.mention, { source: "tickets", trackers: [], observedAt: NOW });
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
  throw new Error("the record was taken");
}

const QUIET = "nobody is asked: others push";

// a webhook brings nothing by itself, so what was pushed to it stands for the pages of a platform
function readingPushes(pushes: readonly Push[]) {
  return defineIngestor({
    ...webhookIngestor,
    cursor: z.strictObject({ pushes: z.int() }),
    async *poll(run) {
      for (let at = run.cursor?.pushes ?? 0; at < pushes.length; at++) {
        const push = pushes[at];
        if (push === undefined) return;
        yield { items: receive?.(push, run) ?? [], cursor: { pushes: at + 1 } };
      }
    },
  });
}

const pushes: Push[] = [];
ingestorContract("webhook", {
  ingestor: readingPushes(pushes),
  severalPages: 1_001,
  without: {
    garbage: "a push that is no JSON is refused before it is a page",
    rate_limited: QUIET,
    unauthorized: QUIET,
    forbidden: QUIET,
    unavailable: QUIET,
    hang: QUIET,
    abort: QUIET,
    budget: QUIET,
    reread: "whoever pushes cannot be asked again",
  },
  foreignCursor: { pushes: 0 },
  open() {
    pushes.length = 0;
    let count = 0;
    const push = (records: readonly object[]) => pushes.push(aPush(JSON.stringify(records)));
    return {
      config: { id: "tickets", secret: SECRET },
      publish(more) {
        const ids = Array.from({ length: more }, () => String(++count));
        const records = ids.map((id) => ({ id, text: `Words of ${id}`, publishedAt: NOW }));
        while (records.length > 0) push(records.splice(0, 500));
        return ids.map((id) => `tickets/${id}`);
      },
      publishBroken: () => void push([{ id: "broken", publishedAt: NOW }]),
      async close() {},
    };
  },
});

describe("a source that others push to", () => {
  it("polls nothing", async () => {
    for await (const page of webhookIngestor.poll(aPollRun({ config: configOf() }))) {
      throw new Error(`it polled ${JSON.stringify(page)}`);
    }
    expect(webhookIngestor.source).toMatchObject({ mode: "push", scope: "all" });
  });

  it("wants a secret nobody guesses, and does not repeat a bad one", () => {
    const found = webhookIngestor.config.safeParse({ id: "tickets", secret: "fifteen-letters" });
    expect(found.success).toBe(false);
    expect(JSON.stringify(found.error)).not.toContain("fifteen-letters");
    expect(webhookIngestor.config.safeParse({ id: "tickets", secret: "sixteen-letters!" }).success).toBe(
      true,
    );
  });
});

describe("the signature", () => {
  const BODY = JSON.stringify([{ id: "1", text: "x", publishedAt: NOW }]);
  const right = signPush(BODY, SECRET, NOW_S);

  it("of the right secret is taken, in capitals too", () => {
    expect(received(aPush(BODY))).toHaveLength(1);
    const signature = String(right["x-earshot-signature"]);
    const capitals = `v1=${signature.slice(3).toUpperCase()}`;
    expect(received(aPush(BODY, { ...right, "x-earshot-signature": capitals }))).toHaveLength(1);
  });

  it("is the published HMAC-SHA256 of timestamp, dot and body (openssl dgst -sha256 -hmac)", () => {
    expect(signPush("[]", "0123456789abcdef", 1_772_445_600)["x-earshot-signature"]).toBe(
      "v1=cd2cd24ab0a0c3962cf862287bf7543f06e491a4cc0544896c47e6dc9b8f119b",
    );
  });

  it.each<[string, Push["headers"]]>([
    ["is absent", {}],
    ["is empty", { ...right, "x-earshot-signature": "" }],
    ["lacks its timestamp", { "x-earshot-signature": right["x-earshot-signature"] }],
    ["lacks its version", { ...right, "x-earshot-signature": right["x-earshot-signature"]?.slice(3) }],
    ["is too short", { ...right, "x-earshot-signature": right["x-earshot-signature"]?.slice(0, -1) }],
    ["is twice there", { ...right, "x-earshot-signature": `${right["x-earshot-signature"]}, v1=00` }],
    ["is no hex", { ...right, "x-earshot-signature": `v1=${"z".repeat(64)}` }],
    ["is of another secret", signPush(BODY, `${SECRET}!`, NOW_S)],
    ["is of another body", signPush(`${BODY} `, SECRET, NOW_S)],
    ["is of another time", { ...right, "x-earshot-timestamp": String(NOW_S + 1) }],
  ])("that %s is refused", (_what, headers) => {
    const error = refusal(aPush(BODY, headers));
    expect(error.code).toBe("unauthorized");
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toContain(SECRET);
  });

  it.each([
    [-300, "taken"],
    [300, "taken"],
    [-301, "refused"],
    [301, "refused"],
  ])("of %i seconds from now is %s by default", (offset, outcome) => {
    const push = aPush(BODY, signPush(BODY, SECRET, NOW_S + offset));
    if (outcome === "taken") expect(received(push)).toHaveLength(1);
    else expect(refusal(push)).toMatchObject({ code: "unauthorized" });
  });

  it("may be given more or less time", () => {
    const push = aPush(BODY, signPush(BODY, SECRET, NOW_S - 60));
    expect(refusal(push, { maxSkewMs: 59_000 }).message).toMatch(/within 59 s of ours/);
    expect(received(push, { maxSkewMs: 60_000 })).toHaveLength(1);
  });

  it.each([Number.NaN, Infinity, -1, 1.5])("with the time %d is refused though it fits", (at) => {
    expect(refusal(aPush(BODY, signPush(BODY, SECRET, at))).code).toBe("unauthorized");
  });
});

describe("the body", () => {
  const one = { id: "1", text: "x", publishedAt: NOW };
  const two = { ...one, id: "2" };

  it.each([
    ["an array", JSON.stringify([one, two])],
    ["an object of items", JSON.stringify({ items: [one, two] })],
    ["one record a line", `${JSON.stringify(one)}\r\n\n${JSON.stringify(two)}\n`],
    ["an array behind a byte order mark", `\ufeff${JSON.stringify([one, two])}`],
  ])("may be %s", (_what, body) => {
    const records = received(aPush(body)).map((item) => webhookIngestor.position?.(item));
    expect(records).toEqual(["1", "2"]);
  });

  it("may be a single record, or nothing at all to say", () => {
    expect(received(aPush(JSON.stringify(one)))).toHaveLength(1);
    expect(received(aPush("[]"))).toEqual([]);
  });

  it.each([
    ["empty", ""],
    ["blank", " \n "],
    ["a number", "42"],
    ["null", "null"],
    ["a page", "<!doctype html>"],
    ["cut off", '[{"id":"1","text":"x"'],
    ["not UTF-8", Buffer.from([0x5b, 0xff, 0xfe, 0x5d])],
    ["compressed", Buffer.from("1f8b08000000000000ff8b8e0500", "hex")],
    ["deeply nested", `[{"id":${"[".repeat(200_000)}${"]".repeat(200_000)}}]`],
    ["deeply nested in objects", `[${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}]`],
    ["deeply nested without an end", "[".repeat(900_000)],
  ])("that is %s is refused whole", (_what, body) => {
    expect(refusal(aPush(body)).code).toBe("request_invalid");
  });

  it("holds at most 500 records", () => {
    const records = Array.from({ length: 500 }, (_, id) => ({ ...one, id }));
    expect(received(aPush(JSON.stringify(records)))).toHaveLength(500);
    expect(refusal(aPush(JSON.stringify([...records, one]))).message).toContain("501");
    expect(refusal(aPush(`[${"[],".repeat(300_000)}[]]`)).code).toBe("request_invalid");
  });

  it("costs one line alone when one line of many is broken", () => {
    const items = received(aPush(`${JSON.stringify(one)}\n{"id": "2", \n${JSON.stringify(two)}`));
    expect(items.map((item) => webhookIngestor.position?.(item))).toEqual(["1", "", "2"]);
    expect(() => webhookIngestor.parse(items[1], NOW)).toThrow(/no JSON object/);
  });
});

describe("a record", () => {
  it("becomes a mention with all it says", () => {
    const mention = parsedMention({
      id: 4711,
      text: "Late again",
      title: "Late",
      rating: 2,
      ratingMax: 5,
      author: { id: "u-7", name: "Jo Doe", handle: "@jo", followers: 12 },
      publishedAt: "2026-03-01T10:30:00+01:00",
      updatedAt: "2026-03-01T12:00:00Z",
      url: "https://help.example/4711",
      lang: "en",
      parentId: "4700",
      byUs: true,
      engagement: { likes: 3, views: null },
      version: "2.1",
      product: "Locker",
      country: "DE",
    });
    expect(mention).toMatchObject({
      id: "webhook:tickets/4711",
      platform: "webhook",
      nativeId: "tickets/4711",
      source: "tickets",
      kind: "review",
      text: "Late again",
      title: "Late",
      rating: 2,
      ratingMax: 5,
      authorId: "u-7",
      authorName: "Jo Doe",
      authorHandle: "jo",
      authorFollowers: 12,
      publishedAt: "2026-03-01T09:30:00.000Z",
      revision: Date.parse("2026-03-01T12:00:00Z"),
      url: "https://help.example/4711",
      languageHint: "en",
      parentId: "webhook:tickets/4700",
      byUs: true,
      engagement: { likes: 3, replies: null, shares: null, views: null },
      version: "2.1",
      product: "Locker",
      country: "DE",
    });
  });

  it("needs an id, a text and a time, and is a post unless it says so or has a rating", () => {
    expect(parsedMention({})).toMatchObject({ kind: "post", revision: 0, authorId: "", byUs: false });
    expect(parsedMention({ kind: "ticket" }).kind).toBe("ticket");
    expect(parsedMention({ text: "", rating: 0, ratingMax: 10, kind: "survey" })).toMatchObject({
      rating: 0,
    });
    for (const lacking of ["id", "text", "publishedAt"]) {
      const whole: Record<string, unknown> = { id: "1", text: "x", publishedAt: NOW };
      delete whole[lacking];
      expect(fault(whole)).toMatchObject({ code: "record_invalid" });
      expect(fault(whole).message).toContain(lacking);
    }
  });

  it.each<[string, object, string]>([
    ["a misspelt field", { raiting: 5 }, "raiting"],
    ["a rating without its scale", { rating: 4 }, "ratingMax"],
    ["a rating above its scale", { rating: 9, ratingMax: 5 }, "rating"],
    ["a time without a zone", { publishedAt: "2026-03-01T09:30:00" }, "publishedAt"],
    ["a day that is none", { publishedAt: "2026-02-30T09:30:00Z" }, "publishedAt"],
    ["a time in the future", { publishedAt: "2026-03-04T10:00:00Z" }, "future"],
    ["an edit in the future", { updatedAt: "2026-03-04T10:00:00Z" }, "updatedAt"],
    ["an unknown kind", { kind: "rant" }, "kind"],
    ["an empty id", { id: "" }, "id"],
    ["an id with a control character", { id: "1\u0000" }, "id"],
    ["an id with half a character", { id: "\ud800" }, "id"],
    ["an id that is too long", { id: "x".repeat(401) }, "id"],
    ["nothing to read", { text: "" }, "text"],
    ["a text beyond the limit", { text: "x".repeat(200_001) }, "text"],
    ["a count below zero", { engagement: { likes: -1 } }, "likes"],
    ["its trackers", { trackers: ["other"] }, "trackers"],
    ["its platform", { platform: "x" }, "platform"],
  ])("with %s is refused, naming it", (_what, change, named) => {
    const error = fault({ id: "1", text: "x", publishedAt: NOW, ...change });
    expect(error.code).toBe("record_invalid");
    expect(error.message).toContain(named);
    expect(error.message.length).toBeLessThan(1_100);
  });

  it("with names of prototypes changes no prototype", () => {
    const body = `[{"id":"1","text":"x","publishedAt":"${NOW}","__proto__":{"byUs":true},"constructor":{"prototype":{"byUs":true}}},
      {"__proto__":{"id":"2","text":"x","publishedAt":"${NOW}"}}]`;
    for (const item of received(aPush(body))) {
      expect(() => webhookIngestor.parse(item, NOW)).toThrow(
        expect.objectContaining({ code: "record_invalid" }) as Error,
      );
    }
    expect(({} as { byUs?: boolean }).byUs).toBeUndefined();
  });

  it.each([
    [{ kind: "delete", id: "7" }, "deleted at its source"],
    [{ type: "delete", id: 7, reason: "asked by its author" }, "asked by its author"],
    [{ kind: "delete", id: "7", text: "still here", ticketState: "spam" }, "deleted at its source"],
  ])("like %j is a deletion", (record, reason) => {
    expect(parsed(record)).toEqual({ type: "delete", id: "webhook:tickets/7", reason });
  });

  it("of a deletion needs its id", () => {
    expect(fault({ kind: "delete" })).toMatchObject({ code: "record_invalid" });
  });

  it("never has the id of another source's, whatever the platform and its own id", () => {
    const ids = [{ id: "tickets" }, { id: "calls" }, { id: "calls", platform: "x" }].map((config) => {
      const found = parsed({ id: "calls/1", text: "x", publishedAt: NOW }, config);
      return found.type === "upsert" ? `${found.mention.platform}:${found.mention.nativeId}` : "";
    });
    expect(ids).toEqual(["webhook:tickets/calls/1", "webhook:calls/calls/1", "x:calls/calls/1"]);
    expect(parsed({ kind: "delete", id: "1" }, { id: "calls", platform: "x" })).toMatchObject({
      id: "x:calls/1",
    });
  });

  it("is found again by its id among dead letters", () => {
    const positions = received(aPush(JSON.stringify([{ id: "7" }, { id: 8 }, { id: {} }, 9, null]))).map(
      (item) => webhookIngestor.position?.(item),
    );
    expect(positions).toEqual(["7", "8", "", "", ""]);
  });
});
