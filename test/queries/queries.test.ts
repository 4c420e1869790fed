import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { MentionFields, Query } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";
import { breakdown } from "../../queries/breakdown.ts";
import { complaintTrend } from "../../queries/complaint-trend.ts";
import { coverageHours } from "../../queries/coverage-hours.ts";
import { deadLetters } from "../../queries/dead-letters.ts";
import { filterOptions } from "../../queries/filter-options.ts";
import { queries } from "../../queries/index.ts";
import { latestMentions } from "../../queries/latest-mentions.ts";
import { mentionCount } from "../../queries/mention-count.ts";
import { mentionVolume } from "../../queries/mention-volume.ts";
import { sentimentTrend } from "../../queries/sentiment-trend.ts";
import { BREAKDOWNS, TREND_SERIES } from "../../queries/series.ts";
import { sourceHealth } from "../../queries/source-health.ts";
import { summary } from "../../queries/summary.ts";
import type { Enrichment, Sentiment } from "../../schemas/enrichment.ts";
import {
  correctionRows,
  coverageRows,
  cursorRows,
  deadLetterRows,
  mentionRows,
  pollRows,
  trackerRows,
} from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aMention, anEnrichment, aPoll } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const HOSTILE_SOURCE = `o'brien\\, "march" {from:String}; DROP TABLE mentions --`;

let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
  const signal = AbortSignal.timeout(60_000);
  const { store } = opened;
  await store.table(mentionRows).write(mentions(), signal);
  // the same news again, as after a restart: nothing may be counted twice
  await store.table(mentionRows).write(mentions().slice(0, 4), signal);
  await store.table(cursorRows).write(
    [
      { source: "x-search", generation: 1, sequence: 1, cursor: "{}", savedAt: "2026-03-09T01:00:00.000Z" },
      {
        source: "never-heard",
        generation: 1,
        sequence: 1,
        cursor: "{}",
        savedAt: "2026-03-09T02:00:00.000Z",
      },
    ],
    signal,
  );
  const tracker = { name: "Acme", kind: "brand", query: "", appliedAt: "2026-03-01T00:00:00.000Z" } as const;
  await store.table(trackerRows).write([{ id: "acme", ...tracker }], signal);
  await store.table(pollRows).write(
    [
      aPoll({
        source: "x-search",
        at: "2026-03-09T01:00:01.000Z",
        mentions: 3,
        requests: 1,
        items: 3,
        usd: 0.015,
      }),
    ],
    signal,
  );
  const letter = {
    source: "x-search",
    ingestor: "rss",
    stage: "parse",
    code: "record_invalid",
    reason: "There is no text in it.",
    position: "line 3",
    payload: `{"a":"${"é".repeat(3_000)}"}`,
    isPayloadCut: false,
    state: "open",
    at: "2026-03-09T01:00:00.000Z",
  } as const;
  await store.table(deadLetterRows).write(
    [
      { ...letter, id: "d1" },
      { ...letter, id: "d2" },
      { ...letter, id: "d3", code: "processor_failed", stage: "process", source: "other" },
      { ...letter, id: "d2", state: "replayed", at: "2026-03-09T03:00:00.000Z" },
    ],
    signal,
  );
  const first = mentions().flatMap((event) => (event.type === "upsert" ? [event.mention.id] : []))[0] ?? "";
  const correction = {
    mentionId: first,
    revision: 0,
    field: "intent",
    aspect: "",
    note: "",
    by: "ann",
  } as const;
  await store
    .table(correctionRows)
    .write([{ ...correction, id: "c1", value: "as_read", at: "2026-03-09T01:00:00.000Z" }], signal);
  const hour = { source: "x-search", reason: "", recordedAt: "2026-03-09T03:00:00.000Z" } as const;
  await store.table(coverageRows).write(
    [
      { ...hour, hour: "2026-03-09T01:00:00.000Z", state: "complete" },
      { ...hour, hour: "2026-03-09T02:00:00.000Z", state: "partial", reason: "the budget was spent" },
      {
        ...hour,
        hour: "2026-03-09T02:00:00.000Z",
        state: "complete",
        recordedAt: "2026-03-09T04:00:00.000Z",
      },
      { ...hour, source: "other", hour: "2026-03-09T02:00:00.000Z", state: "none", reason: "it was down" },
    ],
    signal,
  );
});

afterAll(() => opened.close());

/**
 * Asks a question as the API does, then runs its "show SQL", which must give the very same rows.
 * Every test below asks through here.
 */
async function ask<P extends z.ZodObject, R extends z.ZodObject>(
  query: Query<P, R>,
  asked: Record<string, unknown> = {},
): Promise<z.infer<R>[]> {
  const statement = query.statement(query.params.parse(asked));
  const rows = await opened.reader.query(statement, query.row);
  const shown = await opened.reader.query({ sql: showSql(statement), params: {} }, query.row);
  expect(shown).toEqual(rows);
  return rows;
}

const scored = (score: number, label: Sentiment["label"], isComplaint: boolean): Partial<Enrichment> => ({
  sentiment: { score, label, confidence: 0.8, spans: [{ start: 0, end: 3 }], sentences: [] },
  complaint: { isComplaint, confidence: 0.75, evidence: isComplaint ? [{ start: 4, end: 10 }] : [] },
});

const SPAN = { start: 4, end: 10 };
const READ_IN_FULL: Partial<Enrichment> = {
  severity: 3,
  anger: 1,
  stage: { brokeAt: "delivery", complainedAt: "support" },
  repetition: { isRepeated: true, count: 3, daysWaiting: 12, evidence: [SPAN] },
  expectation: { isBroken: true, source: "promised", claim: null, evidence: [SPAN] },
  threats: [
    { kind: "churn", span: SPAN },
    { kind: "churn", span: null },
  ],
  aspects: [{ aspect: "parcel", label: "negative", score: -0.6, span: SPAN }],
};

function mentions(): StoredEvent[] {
  const said = (
    nativeId: string,
    publishedAt: string,
    fields: Partial<MentionFields> & { source?: string },
    enrichment: Partial<Enrichment>,
  ): StoredEvent => ({
    type: "upsert",
    mention: aMention({
      source: "x-search",
      observedAt: "2026-03-09T05:00:00.000Z",
      authorId: "",
      ...fields,
      nativeId,
      publishedAt,
    }),
    enrichment: anEnrichment(enrichment),
  });
  return [
    said(
      "1",
      "2026-03-02T10:15:00.000Z",
      { authorId: "ann", authorHandle: "Ann_B" },
      { ...scored(-0.6, "negative", true), ...READ_IN_FULL },
    ),
    said(
      "2",
      "2026-03-02T10:45:00.000Z",
      { authorId: "ann", trackers: ["acme", "rival"] },
      scored(0.8, "positive", false),
    ),
    said(
      "3",
      "2026-03-02T23:59:59.999Z",
      { platform: "reddit", kind: "comment", trackers: ["rival"], source: "reddit-new" },
      { ...scored(0, "neutral", false), language: "de" },
    ),
    said(
      "4",
      "2026-03-03T00:00:00.000Z",
      {
        platform: "app_store",
        kind: "review",
        rating: 2,
        ratingMax: 5,
        version: "1.2.0",
        country: "DE",
        product: "Acme App",
        source: "store-reviews",
      },
      scored(-0.4, "negative", true),
    ),
    said(
      "5",
      "2026-03-08T23:00:00.000Z",
      { platform: "app_store", kind: "review", rating: 9, ratingMax: 10, source: "store-reviews" },
      {
        language: "und",
        sentiment: { score: null, label: "unscored", confidence: 0, spans: [], sentences: [] },
        complaint: { isComplaint: false, confidence: 0.5, evidence: [] },
      },
    ),
    said(
      "6",
      "2026-03-09T00:00:00.000Z",
      { platform: "reddit", authorId: "ann", trackers: [], source: HOSTILE_SOURCE },
      scored(0, "neutral", false),
    ),
    said("7", "2026-03-02T11:00:00.000Z", { authorId: "us", byUs: true }, scored(0.2, "positive", false)),
    said(
      "9",
      "2026-03-02T11:30:00.000Z",
      { authorId: "bot" },
      {
        ...scored(0.7, "positive", false),
        intent: "spam",
        spam: { isSpam: true, score: 0.9, reasons: ["promotion", "link_bait"] },
      },
    ),
    said("8", "2026-03-02T12:00:00.000Z", { authorId: "gone" }, scored(-0.9, "negative", true)),
    {
      type: "delete",
      source: "test",
      id: "x:8",
      trackers: [],
      reason: "the author deleted it",
      observedAt: "2026-03-05T00:00:00.000Z",
    },
  ];
}

describe("summary", () => {
  test("counts what stands once, people across platforms apart, and leaves our own mentions out", async () => {
    expect(await ask(summary)).toEqual([
      {
        mentions: 6,
        // ann on x, ann on reddit, and three mentions that show no author
        authors: 5,
        complaints: 2,
        complainants: 2,
        positive: 1,
        neutral: 2,
        negative: 2,
        unscored: 1,
        mean_score: -0.04,
        mean_rating: 3.25,
        first_published_at: "2026-03-02T10:15:00.000Z",
        last_published_at: "2026-03-09T00:00:00.000Z",
      },
    ]);
  });

  test("of nothing is one row of zeros and nulls", async () => {
    const [row] = await ask(summary, { from: "2030-01-01" });
    expect(row).toMatchObject({
      mentions: 0,
      authors: 0,
      unscored: 0,
      mean_score: null,
      mean_rating: null,
      first_published_at: null,
      last_published_at: null,
    });
  });
});

describe("the shared filters", () => {
  const idsOf = async (asked: Record<string, unknown>) =>
    (await ask(latestMentions, asked)).map((row) => row.id.split(":")[1]);

  test.each<[string, Record<string, unknown>, string[]]>([
    ["nothing asked", {}, ["6", "5", "4", "3", "2", "1"]],
    ["from is inclusive, to exclusive", { from: "2026-03-02T10:45:00.000Z", to: "2026-03-03" }, ["3", "2"]],
    ["to a millisecond", { to: "2026-03-02T23:59:59.999Z" }, ["2", "1"]],
    ["a tracker", { tracker: "rival" }, ["3", "2"]],
    ["any of two trackers", { tracker: ["rival", "acme"] }, ["5", "4", "3", "2", "1"]],
    ["platforms as a list in text", { platform: "reddit,app_store" }, ["6", "5", "4", "3"]],
    ["a language", { language: "und" }, ["5"]],
    ["a source with quotes and SQL in it", { source: [HOSTILE_SOURCE] }, ["6"]],
    ["stars of any scale, at least", { rating_min: "5" }, ["5"]],
    ["stars of any scale, at most", { rating_max: 2 }, ["4"]],
    ["ours too", { by_us: "include", to: "2026-03-02T12:00Z" }, ["7", "2", "1"]],
    ["only ours", { by_us: "only" }, ["7"]],
    ["spam too", { spam: "include", to: "2026-03-02T12:00Z" }, ["9", "2", "1"]],
    ["only spam", { spam: "only" }, ["9"]],
    ["an empty list, which does not narrow", { platform: "", tracker: [] }, ["6", "5", "4", "3", "2", "1"]],
    ["several at once", { tracker: "acme", platform: "x", language: "en", to: "2026-03-02T10:30Z" }, ["1"]],
  ])("%s", async (_name, asked, expected) => {
    expect(await idsOf(asked)).toEqual(expected);
  });

  test("mean the same to every question about mentions", async () => {
    const asked = { platform: "x,reddit", language: "en", from: "2026-03-02T10:30Z" };
    const [total] = await ask(summary, asked);
    expect(total?.mentions).toBe(2);
    const sum = (rows: readonly { mentions: number }[]) => rows.reduce((all, row) => all + row.mentions, 0);
    expect(sum(await ask(mentionVolume, asked))).toBe(2);
    expect(sum(await ask(complaintTrend, asked))).toBe(2);
    expect(sum(await ask(breakdown, asked))).toBe(2);
    expect(await idsOf(asked)).toHaveLength(2);
    const sentiment = await ask(sentimentTrend, asked);
    expect(sentiment.reduce((all, row) => all + row.positive + row.neutral + row.negative, 0)).toBe(2);
    const options = await ask(filterOptions, asked);
    expect(sum(options.filter((option) => option.dimension === "platform"))).toBe(2);
  });
});

describe("mention_volume", () => {
  test("by day gives days with mentions, in order", async () => {
    expect(await ask(mentionVolume)).toEqual([
      { bucket: "2026-03-02T00:00:00.000Z", series: "all", mentions: 3, authors: 2 },
      { bucket: "2026-03-03T00:00:00.000Z", series: "all", mentions: 1, authors: 1 },
      { bucket: "2026-03-08T00:00:00.000Z", series: "all", mentions: 1, authors: 1 },
      { bucket: "2026-03-09T00:00:00.000Z", series: "all", mentions: 1, authors: 1 },
    ]);
  });

  test("by hour and by week, weeks beginning on Monday", async () => {
    const hours = await ask(mentionVolume, { interval: "hour", to: "2026-03-03" });
    expect(hours.map((row) => [row.bucket, row.mentions])).toEqual([
      ["2026-03-02T10:00:00.000Z", 2],
      ["2026-03-02T23:00:00.000Z", 1],
    ]);
    const weeks = await ask(mentionVolume, { interval: "week" });
    expect(weeks.map((row) => [row.bucket, row.mentions])).toEqual([
      ["2026-03-02T00:00:00.000Z", 5],
      ["2026-03-09T00:00:00.000Z", 1],
    ]);
  });

  test("by tracker counts a mention of two trackers in both series, and shows mentions of none", async () => {
    const rows = await ask(mentionVolume, { by: "tracker", interval: "week" });
    expect(rows.map((row) => [row.bucket.slice(0, 10), row.series, row.mentions])).toEqual([
      ["2026-03-02", "acme", 4],
      ["2026-03-02", "rival", 2],
      ["2026-03-09", "", 1],
    ]);
  });

  test("by tracker with a tracker asked for draws no line for another one mentioned beside it", async () => {
    const rows = await ask(mentionVolume, { by: "tracker", tracker: "acme", interval: "week" });
    expect(rows.map((row) => [row.series, row.mentions])).toEqual([["acme", 4]]);
  });

  test("by rating reads every scale as stars, halves up", async () => {
    const rows = await ask(mentionVolume, { by: "rating", interval: "week", to: "2026-03-09" });
    expect(rows.map((row) => [row.series, row.mentions])).toEqual([
      ["", 3],
      ["2", 1],
      ["5", 1],
    ]);
  });
});

test("sentiment_trend counts each label and averages what is scored", async () => {
  expect(await ask(sentimentTrend, { interval: "week", by: "platform" })).toEqual([
    {
      bucket: "2026-03-02T00:00:00.000Z",
      series: "app_store",
      positive: 0,
      neutral: 0,
      negative: 1,
      unscored: 1,
      mean_score: -0.4,
    },
    {
      bucket: "2026-03-02T00:00:00.000Z",
      series: "reddit",
      positive: 0,
      neutral: 1,
      negative: 0,
      unscored: 0,
      mean_score: 0,
    },
    {
      bucket: "2026-03-02T00:00:00.000Z",
      series: "x",
      positive: 1,
      neutral: 0,
      negative: 1,
      unscored: 0,
      mean_score: 0.1,
    },
    {
      bucket: "2026-03-09T00:00:00.000Z",
      series: "reddit",
      positive: 0,
      neutral: 1,
      negative: 0,
      unscored: 0,
      mean_score: 0,
    },
  ]);
  const [unscored] = await ask(sentimentTrend, { language: "und" });
  expect(unscored).toMatchObject({ unscored: 1, mean_score: null });
});

test("complaint_trend gives complaints, the people behind them, and their share", async () => {
  const rows = await ask(complaintTrend, { interval: "week" });
  expect(rows).toEqual([
    {
      bucket: "2026-03-02T00:00:00.000Z",
      series: "all",
      mentions: 5,
      complaints: 2,
      complainants: 2,
      complaint_share: 0.4,
    },
    {
      bucket: "2026-03-09T00:00:00.000Z",
      series: "all",
      mentions: 1,
      complaints: 0,
      complainants: 0,
      complaint_share: 0,
    },
  ]);
});

describe("breakdown", () => {
  test("gives the largest first", async () => {
    expect(await ask(breakdown, { by: "tracker" })).toEqual([
      {
        series: "acme",
        mentions: 4,
        authors: 3,
        complaints: 2,
        complaint_share: 0.5,
        negative: 2,
        mean_score: -0.0667,
      },
      {
        series: "rival",
        mentions: 2,
        authors: 2,
        complaints: 0,
        complaint_share: 0,
        negative: 0,
        mean_score: 0.4,
      },
      { series: "", mentions: 1, authors: 1, complaints: 0, complaint_share: 0, negative: 0, mean_score: 0 },
    ]);
  });

  test.each(BREAKDOWNS.filter((by) => by !== "tracker"))("by %s adds up to the total", async (by) => {
    const rows = await ask(breakdown, { by });
    expect(rows.reduce((all, row) => all + row.mentions, 0)).toBe(6);
    expect(rows.map((row) => row.mentions)).toEqual(rows.map((row) => row.mentions).sort((a, b) => b - a));
  });

  test("keeps to its limit", async () => {
    expect(await ask(breakdown, { by: "source", limit: "1" })).toHaveLength(1);
  });
});

test.each(TREND_SERIES)(
  "every trend can be split by %s and shows SQL that gives the same rows",
  async (by) => {
    for (const interval of ["hour", "day", "week"]) {
      expect((await ask(mentionVolume, { by, interval })).length).toBeGreaterThan(0);
      expect((await ask(sentimentTrend, { by, interval })).length).toBeGreaterThan(0);
      expect((await ask(complaintTrend, { by, interval })).length).toBeGreaterThan(0);
    }
  },
);

describe("latest_mentions", () => {
  test("gives everything a list shows", async () => {
    const [row] = await ask(latestMentions, { to: "2026-03-02T10:30Z" });
    expect(row).toEqual({
      id: "x:1",
      platform: "x",
      source: "x-search",
      kind: "post",
      trackers: ["acme"],
      author_name: "",
      author_handle: "Ann_B",
      text: "The parcel never arrived",
      text_length: 24,
      title: "",
      url: "",
      rating: null,
      rating_max: null,
      language: "en",
      published_at: "2026-03-02T10:15:00.000Z",
      sentiment_label: "negative",
      sentiment_score: -0.6,
      is_complaint: true,
      complaint_confidence: 0.75,
      complaint_evidence: [{ start: 4, end: 10 }],
      sentiment_spans: [{ start: 0, end: 3 }],
      intent: "complaint",
      severity: 3,
      anger: 1,
      stage_broke: "delivery",
      stage_complained: "support",
      is_repeated: true,
      repeat_count: 3,
      days_waiting: 12,
      is_expectation_broken: true,
      threats: ["churn"],
      aspects: [{ aspect: "parcel", label: "negative" }],
      is_spam: false,
      spam_reasons: [],
      likes: null,
      replies: null,
      shares: null,
      views: null,
      by_us: false,
      cursor: expect.stringMatching(/^[\w-]+$/) as string,
    });
  });

  test("narrows to sentiments and to complaints or the rest", async () => {
    const ids = async (asked: Record<string, unknown>) =>
      (await ask(latestMentions, asked)).map((row) => row.id.split(":")[1]);
    expect(await ids({ sentiment: "positive,unscored" })).toEqual(["5", "2"]);
    expect(await ids({ complaint: "true" })).toEqual(["4", "1"]);
    expect(await ids({ complaint: false, sentiment: ["neutral"] })).toEqual(["6", "3"]);
  });

  test("pages through all of them once each", async () => {
    const seen: string[] = [];
    let before: string | undefined;
    for (;;) {
      const page = await ask(latestMentions, { limit: 2, by_us: "include", before });
      seen.push(...page.map((row) => row.id));
      before = page.at(-1)?.cursor;
      if (page.length < 2) break;
    }
    const whole = await ask(latestMentions, { by_us: "include" });
    expect(seen).toEqual(whole.map((row) => row.id));
    expect(new Set(seen).size).toBe(7);
  });

  test("refuses a position that no row has given", () => {
    for (const before of ["%%%", "bm9uc2Vuc2U", "", "x".repeat(2_001)]) {
      expect(latestMentions.params.safeParse({ before }).success).toBe(false);
    }
  });
});

test("mention_count counts ours and spam too and nothing deleted", async () => {
  expect(await ask(mentionCount)).toMatchObject([
    { mentions: 8, trackers: expect.arrayContaining(["acme"]) as unknown },
  ]);
});

test("filter_options lists what there is, most mentions first", async () => {
  const options = await ask(filterOptions);
  const of = (dimension: string) =>
    options.filter((row) => row.dimension === dimension).map((row) => [row.value, row.mentions]);
  expect(of("tracker")).toEqual([
    ["acme", 4],
    ["rival", 2],
  ]);
  expect(of("platform")).toEqual([
    ["app_store", 2],
    ["reddit", 2],
    ["x", 2],
  ]);
  expect(of("language")).toEqual([
    ["en", 4],
    ["de", 1],
    ["und", 1],
  ]);
  expect(of("source")).toHaveLength(4);
});

test("source_health lists sources known from mentions, cursors or dead letters alone", async () => {
  const rows = await ask(sourceHealth);
  expect(rows).toHaveLength(6);
  expect(rows.find((row) => row.source === "x-search")).toMatchObject({
    source: "x-search",
    state: "connected",
    mentions: 4,
    last_published_at: "2026-03-02T11:30:00.000Z",
    last_observed_at: "2026-03-09T05:00:00.000Z",
    cursor_saved_at: "2026-03-09T01:00:00.000Z",
    open_dead_letters: 1,
  });
  expect(rows.find((row) => row.source === "never-heard")).toMatchObject({
    source: "never-heard",
    last_polled_at: null,
    mentions: 0,
    last_published_at: null,
    last_observed_at: null,
    cursor_saved_at: "2026-03-09T02:00:00.000Z",
    open_dead_letters: 0,
  });
  expect(rows.find((row) => row.source === "other")).toMatchObject({ mentions: 0, open_dead_letters: 1 });
});

describe("dead_letters", () => {
  test("gives each in its latest state, latest first, with the payload cut", async () => {
    const rows = await ask(deadLetters);
    expect(rows.map((row) => [row.id, row.state])).toEqual([
      ["d2", "replayed"],
      ["d3", "open"],
      ["d1", "open"],
    ]);
    expect(rows[0]).toMatchObject({
      position: "line 3",
      payload_length: 3_008,
      is_payload_cut: false,
      at: "2026-03-09T03:00:00.000Z",
    });
    expect(rows[0]?.payload).toHaveLength(2_000);
  });

  test("narrows to states, sources and codes, and pages", async () => {
    const ids = async (asked: Record<string, unknown>) =>
      (await ask(deadLetters, asked)).map((row) => row.id);
    expect(await ids({ state: "open" })).toEqual(["d3", "d1"]);
    expect(await ids({ source: "other" })).toEqual(["d3"]);
    expect(await ids({ code: "record_invalid", state: "open,discarded" })).toEqual(["d1"]);
    const [first] = await ask(deadLetters, { limit: 1 });
    expect(await ids({ before: first?.cursor })).toEqual(["d3", "d1"]);
  });
});

test("coverage_hours gives the latest word on each hour, latest hour first", async () => {
  expect(await ask(coverageHours)).toEqual([
    { source: "other", hour: "2026-03-09T02:00:00.000Z", state: "none", reason: "it was down" },
    { source: "x-search", hour: "2026-03-09T02:00:00.000Z", state: "complete", reason: "" },
    { source: "x-search", hour: "2026-03-09T01:00:00.000Z", state: "complete", reason: "" },
  ]);
  const narrowed = { source: "x-search", from: "2026-03-09T01:00Z", to: "2026-03-09T02:00Z" };
  expect(await ask(coverageHours, narrowed)).toHaveLength(1);
});

/** What a question cannot be asked without. */
function particulars(query: Query<z.ZodObject, z.ZodObject>): Record<string, string> {
  const shape = query.params.shape as Readonly<Record<string, z.ZodType>>;
  const isNeeded = (name: string) => shape[name]?.safeParse(undefined).success === false;
  return {
    ...(isNeeded("tracker") ? { tracker: "acme" } : {}),
    ...(isNeeded("issue") ? { issue: "0123456789" } : {}),
    ...(isNeeded("alert") ? { alert: "0123456789" } : {}),
  };
}

describe("the list of queries", () => {
  test("has unique names, and every one answers when asked for nothing in particular", async () => {
    expect(new Set(queries.map((query) => query.name)).size).toBe(queries.length);
    for (const query of queries) {
      const rows = (await ask(query, particulars(query))).length;
      // what is about issues, alerts and changes is asked where some are stored
      if (!/issue|voice|isolated|agenda|needs|causes|alert|change|exposure/.test(query.name)) {
        expect(rows, query.name).toBeGreaterThan(0);
      }
    }
  });

  test("refuses parameters a query does not have", () => {
    for (const query of queries) expect(query.params.safeParse({ plattform: "x" }).success).toBe(false);
  });

  test("reads documented views alone", () => {
    for (const query of queries) {
      const { sql } = query.statement(query.params.parse(particulars(query)));
      expect(sql, query.name).not.toMatch(/_rows|FINAL/);
    }
  });
});
