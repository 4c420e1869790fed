import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { App } from "../../cli/app.ts";
import type { Reading } from "../../cli/reading-pool.ts";
import { openReadChain } from "../../cli/reading.ts";
import { rescore, type RescoreOptions } from "../../cli/rescore.ts";
import { changedOf } from "../../cli/rescore-tally.ts";
import { chain } from "../../core/chain.ts";
import { EarshotError } from "../../core/errors.ts";
import { toReading, type ChainAdds } from "../../core/process.ts";
import { outdatedInLog } from "../../queries/standing-mentions.ts";
import { staleMentionCount } from "../../queries/stale-mentions.ts";
import type { Enrichment } from "../../schemas/enrichment.ts";
import type { Mention } from "../../schemas/mention.ts";
import { loggedVersionRows, mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
const NOW = "2026-03-05T12:00:00.000Z";
const OLD = "linear-0";
const NEW = "linear-3";

let opened: TestStore;
let now = new Date(NOW);
const context = { ...aContext(), now: () => now };

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());
beforeEach(() => {
  now = new Date(NOW);
});
afterEach(() => opened.store.command("TRUNCATE TABLE mention_rows"));

const labelled = (label: "negative" | "neutral" | "positive", score: number): ChainAdds["sentiment"] => ({
  score,
  label,
  confidence: 0.8,
  spans: [],
  sentences: [],
});

/** Reads all as neutral, English and no complaint; what `read` says of a text goes before. */
function readersThatSay(
  read: (mention: Mention) => Partial<ChainAdds> = () => ({}),
  meanwhile: () => Promise<void> = async () => {},
): Pick<Reading, "chain"> {
  const reading = chain<Mention>().pipe<ChainAdds>({
    name: "read",
    async process(batch) {
      await meanwhile();
      return batch.map((mention) => ({
        kind: "ok" as const,
        value: {
          ...toReading(anEnrichment()),
          sentiment: labelled("neutral", 0),
          complaint: { isComplaint: false, confidence: 0.9, evidence: [] },
          intent: "other" as const,
          ...read(mention),
        },
      }));
    },
  });
  return { chain: reading };
}

function run(reading: Pick<Reading, "chain">, options: Partial<RescoreOptions> = {}, store = opened.store) {
  const ask: App["ask"] = (asked, params) => opened.store.query(asked.statement(params), asked.row);
  const whole = { selection: { version: NEW }, modelVersion: NEW, isDryRun: false, ...options };
  return rescore({ store, context, ask, reading }, whole, signal);
}

type Fields = Parameters<typeof aMention>[0];

function upsert(nativeId: string, fields: Fields = {}, read: Partial<Enrichment> = {}): StoredEvent {
  const mention = aMention({ nativeId, ...fields });
  return { type: "upsert", mention, enrichment: anEnrichment({ modelVersion: OLD, ...read }) };
}

const write = (...events: StoredEvent[]) => opened.store.table(mentionRows).write(events, signal);

/** A column of the mentions that stand, by their ids. */
async function standing(column: string): Promise<Record<string, unknown>> {
  const rows = await opened.store.query(
    { sql: `SELECT native_id, ${column} AS value FROM mentions`, params: {} },
    z.object({ native_id: z.string(), value: z.unknown() }),
  );
  return Object.fromEntries(rows.map(({ native_id, value }) => [native_id, value]));
}

async function versionsWritten(): Promise<number> {
  const [row] = await opened.store.query(
    { sql: "SELECT count() AS rows FROM mention_rows", params: {} },
    z.object({ rows: z.number() }),
  );
  return row?.rows ?? 0;
}

describe("which mentions a rescore reads again", () => {
  it("those of other versions, and no more of them the second time", async () => {
    await write(upsert("1"), upsert("2", {}, { modelVersion: NEW }), upsert("3", {}, { modelVersion: "" }));
    const first = await run(readersThatSay());
    expect(first).toMatchObject({ read: 2, changed: 2, failed: 0 });
    expect(first.versions).toHaveLength(2);
    expect(await standing("sentiment_label")).toEqual({ 1: "neutral", 2: "negative", 3: "neutral" });
    expect(await standing("model_version")).toEqual({ 1: NEW, 2: NEW, 3: NEW });
    expect(await run(readersThatSay())).toMatchObject({ read: 0, versions: [], examples: [] });
  });

  it("all of them when no version is left out", async () => {
    await write(upsert("1"), upsert("2", {}, { modelVersion: NEW }));
    expect(await run(readersThatSay(), { selection: {} })).toMatchObject({ read: 2 });
    expect(await standing("sentiment_label")).toEqual({ 1: "neutral", 2: "neutral" });
  });

  it("those of a source, published from one time until before another; as many as are counted", async () => {
    await write(
      upsert("before", { publishedAt: "2026-02-28T23:59:59.999Z" }),
      upsert("first", { publishedAt: "2026-03-01T00:00:00.000Z" }),
      upsert("last", { publishedAt: "2026-03-01T23:59:59.999Z" }),
      upsert("after", { publishedAt: "2026-03-02T00:00:00.000Z" }),
      upsert("elsewhere", { publishedAt: "2026-03-01T12:00:00.000Z", source: "other" }),
    );
    const selection = {
      version: NEW,
      since: "2026-03-01T00:00:00.000Z",
      until: "2026-03-02T00:00:00.000Z",
      source: "test",
    };
    const [counted] = await opened.store.query(staleMentionCount.statement(selection), staleMentionCount.row);
    expect(counted).toEqual({ mentions: 2 });
    expect(await run(readersThatSay(), { selection })).toMatchObject({ read: 2 });
    expect(await standing("model_version")).toEqual({
      before: OLD,
      first: NEW,
      last: NEW,
      after: OLD,
      elsewhere: OLD,
    });
  });

  it("each of them once over several pages, telling how far it is", async () => {
    const ids = Array.from({ length: 2_345 }, (_, at) => String(at));
    await write(...ids.map((id) => upsert(id)));
    const progress: number[] = [];
    const report = await run(readersThatSay(), { onProgress: (met) => progress.push(met) });
    expect(report.read).toBe(ids.length);
    expect(progress).toEqual([1_000, 2_000, 2_345]);
    expect(new Set(Object.values(await standing("model_version")))).toEqual(new Set([NEW]));
    expect(await versionsWritten()).toBeLessThanOrEqual(2 * ids.length);
  });

  it("also one that a person called irrelevant, whose correction stands", async () => {
    await write(upsert("1"));
    await opened.store.command(
      `INSERT INTO correction_rows (id, mention_id, revision, field, value, by, at)
       VALUES ('c', 'x:1', 0, 'relevance', 'irrelevant', 'ann', '2026-03-03 00:00:00.000')`,
    );
    expect(await run(readersThatSay())).toMatchObject({ read: 1 });
    expect(await standing("id")).toEqual({});
    await opened.store.command("TRUNCATE TABLE correction_rows");
    expect(await standing("model_version")).toEqual({ 1: NEW });
  });
});

describe("what a rescore leaves as it is", () => {
  it("everything when it is dry: it tells the same and writes nothing", async () => {
    await write(upsert("1"), upsert("2"));
    const before = await standing("tuple(model_version, processed_at, sentiment_label)");
    const dry = await run(readersThatSay(), { isDryRun: true });
    expect(await standing("tuple(model_version, processed_at, sentiment_label)")).toEqual(before);
    expect(await versionsWritten()).toBe(2);
    expect(dry).toEqual(await run(readersThatSay()));
    expect(dry).toMatchObject({ read: 2, changed: 2 });
  });

  it("the mention itself, whole, and its place in the log", async () => {
    const fields = {
      text: "It is late\nagain 🙁",
      title: "Late",
      trackers: ["acme", "birch"],
      rating: 2,
      ratingMax: 5,
      revision: 7,
      authorFollowers: 3,
      engagement: { likes: 4, replies: null, shares: 0, views: null },
    };
    const event = upsert("1", fields);
    await write(event);
    const logged = { at: "2026-03-02T10:00:00.000Z", offset: 5 };
    await opened.store.table(loggedVersionRows).write([{ ...event, logged }], signal);
    const mention =
      "tuple(text, title, trackers, rating, rating_max, revision, observed_at, published_at, author_id, " +
      "author_followers, likes, replies, shares, views, raw_hash)";
    const before = await standing(mention);
    await run(readersThatSay());
    expect(await standing("model_version")).toEqual({ 1: NEW });
    expect(await standing(mention)).toEqual(before);
    const outdated = await opened.store.query(outdatedInLog.statement({ ids: ["x:1"] }), outdatedInLog.row);
    expect(outdated).toEqual([]);
  });

  it("what is deleted, before or meanwhile", async () => {
    const deletion = (id: string): StoredEvent => ({
      type: "delete",
      id,
      source: "test",
      trackers: [],
      reason: "gone",
      observedAt: "2026-03-03T00:00:00.000Z",
    });
    await write(upsert("1"), upsert("2"), upsert("3"));
    await write(deletion("x:1"));
    const report = await run(readersThatSay(undefined, () => write(deletion("x:2"))));
    expect(report.read).toBe(2);
    expect(await standing("model_version")).toEqual({ 3: NEW });
  });

  it("the newer text of one edited meanwhile, and the newer counters of one observed meanwhile", async () => {
    await write(upsert("1"), upsert("2"));
    await run(
      readersThatSay(undefined, () =>
        write(
          upsert("1", { text: "It did arrive", revision: 1 }),
          upsert("2", {
            observedAt: "2026-03-02T11:00:00.000Z",
            engagement: { likes: 9, replies: null, shares: null, views: null },
          }),
        ),
      ),
    );
    expect(await standing("text")).toMatchObject({ 1: "It did arrive" });
    expect(await standing("likes")).toMatchObject({ 2: 9 });
    expect(await standing("model_version")).toEqual({ 1: OLD, 2: OLD });
    // what was newer is read the next time
    expect(await run(readersThatSay())).toMatchObject({ read: 2 });
    expect(await standing("text")).toMatchObject({ 1: "It did arrive" });
    expect(await standing("model_version")).toEqual({ 1: NEW, 2: NEW });
  });

  it("the trackers of one that was matched again meanwhile", async () => {
    await write(upsert("1", { trackers: ["acme"] }));
    const meanwhile = async () => {
      now = new Date(Date.parse(NOW) + 1);
      await write(upsert("1", { trackers: ["birch"] }, { processedAt: now.toISOString() }));
      now = new Date(Date.parse(NOW) + 2);
    };
    await run(readersThatSay(undefined, meanwhile));
    expect(await standing("trackers")).toEqual({ 1: ["birch"] });
  });

  it("nothing of what a faster clock has read before: the new reading wins all the same", async () => {
    await write(upsert("1", {}, { processedAt: "2026-03-05T12:01:00.000Z" }));
    expect(await run(readersThatSay())).toMatchObject({ read: 1 });
    expect(await standing("model_version")).toEqual({ 1: NEW });
  });
});

describe("what a rescore tells", () => {
  it("counts what changes from what to what", async () => {
    const complaint = { isComplaint: false, confidence: 0.9, evidence: [] };
    await write(
      upsert("1", { text: "gained" }, { complaint, intent: "other", sentiment: labelled("neutral", 0) }),
      upsert("2", { text: "lost" }),
      upsert("3", { text: "lost" }),
      upsert("4", { text: "kept" }),
      upsert("5", { text: "foreign" }, { language: "nl" }),
    );
    const { sentiment, complaint: stated, intent } = toReading(anEnrichment());
    const asBefore = { sentiment, complaint: stated, intent };
    const report = await run(
      readersThatSay(({ text }) => (text === "lost" ? {} : asBefore)),
      { isDryRun: true },
    );
    expect(report).toMatchObject({
      read: 5,
      changed: 4,
      failed: 0,
      versions: [{ version: OLD, mentions: 5 }],
    });
    const { transitions } = report;
    const byName = (a: { from: string }, b: { from: string }) => (a.from < b.from ? -1 : 1);
    expect([...transitions.sentiment].sort(byName)).toEqual(
      [
        { from: "negative", to: "neutral", mentions: 2 },
        { from: "negative", to: "negative", mentions: 2 },
        { from: "neutral", to: "negative", mentions: 1 },
      ].sort(byName),
    );
    expect(transitions.complaint).toEqual(
      expect.arrayContaining([
        { from: "yes", to: "no", mentions: 2 },
        { from: "yes", to: "yes", mentions: 2 },
        { from: "no", to: "yes", mentions: 1 },
      ]),
    );
    expect(changedOf(transitions.sentiment)).toBe(3);
    expect(changedOf(transitions.intent)).toBe(3);
    expect(transitions.language).toEqual([
      { from: "en", to: "en", mentions: 4 },
      { from: "nl", to: "en", mentions: 1 },
    ]);
    expect(report.examples).toEqual([
      {
        id: "x:1",
        text: "gained",
        before: { sentiment: "neutral", complaint: "no", intent: "other" },
        after: { sentiment: "negative", complaint: "yes", intent: "complaint" },
      },
      {
        id: "x:2",
        text: "lost",
        before: { sentiment: "negative", complaint: "yes", intent: "complaint" },
        after: { sentiment: "neutral", complaint: "no", intent: "other" },
      },
      expect.objectContaining({ id: "x:3" }),
      { id: "x:5", text: "foreign", before: { language: "nl" }, after: { language: "en" } },
    ]);
  });

  it("takes no first verdict for a change, as where intents were not read yet", async () => {
    await write(upsert("1"));
    await opened.store.command(
      "INSERT INTO mention_rows SELECT * REPLACE('' AS intent, processed_at + 1 AS processed_at) FROM mention_rows FINAL",
    );
    const asBefore = toReading(anEnrichment());
    const report = await run(readersThatSay(() => asBefore));
    expect(report).toMatchObject({ read: 1, changed: 0, examples: [] });
    expect(report.transitions.intent).toEqual([{ from: "", to: "complaint", mentions: 1 }]);
    expect(changedOf(report.transitions.intent)).toBe(0);
    expect(await standing("intent")).toEqual({ 1: "complaint" });
  });

  it("shows twenty examples of all that changed, the same each time, with the beginning of their texts", async () => {
    const text = "Never again, it was late and it was wet. ".repeat(5);
    for (const platform of ["bluesky", "x"]) {
      await write(...Array.from({ length: 50 }, (_, at) => upsert(String(at), { platform, text })));
    }
    const { examples, changed } = await run(readersThatSay(), { isDryRun: true });
    expect(changed).toBe(100);
    expect(examples).toHaveLength(20);
    expect(new Set(examples.map(({ id }) => id.split(":")[0]))).toEqual(new Set(["bluesky", "x"]));
    expect(examples[0]?.text).toBe(text.slice(0, 80));
    expect((await run(readersThatSay(), { isDryRun: true })).examples).toEqual(examples);
  });

  it("finds nothing different when the readers say what they said", async () => {
    const reading = { chain: openReadChain({ aspects: {} }) };
    await write(
      upsert("1", { text: "The parcel is late again. Terrible!" }),
      upsert("2", { text: "Love it" }),
    );
    await run(reading);
    const again = await run(reading, { selection: {} });
    expect(again).toMatchObject({ read: 2, changed: 0, examples: [] });
    expect(await standing("sentiment_label")).toEqual({ 1: "negative", 2: "positive" });
  });
});

describe("a mention that cannot be read again", () => {
  it("keeps its reading and is told of, and the others are read", async () => {
    await write(upsert("1"), upsert("2", { text: "poison" }), upsert("3"));
    const report = await run(
      readersThatSay(({ text }) => {
        if (text === "poison") throw new EarshotError("processor_failed", "It was too much.");
        return {};
      }),
    );
    expect(report).toMatchObject({ read: 2, failed: 1 });
    expect(report.failures).toEqual([{ id: "x:2", code: "processor_failed", reason: "It was too much." }]);
    expect(await standing("model_version")).toEqual({ 1: NEW, 2: OLD, 3: NEW });
  });

  it("nor can one of which no mention can be made, or whose reading the store refuses", async () => {
    await write(upsert("1"), upsert("2"), upsert("3"));
    await opened.store.command(
      `INSERT INTO mention_rows (id, native_id, platform, source, published_at, observed_at, processed_at, model_version)
       VALUES ('x:0', '0', 'x', 'test', '2026-03-01 00:00:00.000', '2026-03-01 00:00:00.000', '2026-03-01 00:00:00.000', '${OLD}')`,
    );
    const refusing: typeof opened.store = {
      ...opened.store,
      table: (spec) => {
        const sink = opened.store.table(spec);
        return {
          ...sink,
          async write(records, aborted) {
            if (records.some((record) => JSON.stringify(record).includes('"x:2"')))
              throw new EarshotError("sink_rejected", "This one it does not like.");
            await sink.write(records, aborted);
          },
        };
      },
    };
    const report = await run(readersThatSay(), {}, refusing);
    expect(report).toMatchObject({ read: 2, failed: 2 });
    expect(report.failures).toMatchObject([
      { id: "x:0", code: "record_invalid" },
      { id: "x:2", code: "sink_rejected", reason: "This one it does not like." },
    ]);
    expect(await standing("model_version")).toEqual({ 0: OLD, 1: NEW, 2: OLD, 3: NEW });
  });
});

it("goes on where it was when it was interrupted", async () => {
  const ids = Array.from({ length: 1_500 }, (_, at) => String(at));
  await write(...ids.map((id) => upsert(id)));
  const controller = new AbortController();
  const ask: App["ask"] = (asked, params) => opened.store.query(asked.statement(params), asked.row);
  const options: RescoreOptions = {
    selection: { version: NEW },
    modelVersion: NEW,
    isDryRun: false,
    onProgress: () => controller.abort(new DOMException("stopped", "AbortError")),
  };
  const app = { store: opened.store, context, ask, reading: readersThatSay() };
  await expect(rescore(app, options, controller.signal)).rejects.toThrow("stopped");
  expect(await run(readersThatSay())).toMatchObject({ read: 500 });
  expect(new Set(Object.values(await standing("model_version")))).toEqual(new Set([NEW]));
});
