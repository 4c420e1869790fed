import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { clearSource } from "../../actions/clear-source.ts";
import { correctMention } from "../../actions/correct-mention.ts";
import { purgeDeleted, purgeExpired } from "../../actions/purge-deleted.ts";
import { EarshotError } from "../../core/errors.ts";
import { corrections } from "../../queries/corrections.ts";
import { overdueMentions } from "../../queries/due-mentions.ts";
import { mentionsOfSources } from "../../queries/stored-mentions.ts";
import { queries } from "../../queries/index.ts";
import { latestMentions } from "../../queries/latest-mentions.ts";
import { summary } from "../../queries/summary.ts";
import { CorrectionRequest } from "../../schemas/correction.ts";
import type { Enrichment, Sentiment } from "../../schemas/enrichment.ts";
import { correctionRows, mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

type Fields = NonNullable<Parameters<typeof aMention>[0]>;

async function store(fields: Fields, enrichment: Partial<Enrichment> = {}): Promise<string> {
  const mention = aMention(fields);
  const event = { type: "upsert", mention, enrichment: anEnrichment(enrichment) } as const;
  await opened.store.table(mentionRows).write([event], signal);
  return mention.id;
}

async function remove(id: string): Promise<void> {
  const observedAt = "2026-03-05T00:00:00.000Z";
  const deletion: StoredEvent = {
    type: "delete",
    id,
    source: "test",
    trackers: [],
    reason: "gone",
    observedAt,
  };
  await opened.store.table(mentionRows).write([deletion], signal);
}

async function correct(
  mentionId: string,
  request: Record<string, unknown>,
  { by = "ann", at = "2026-03-03T10:00:00.000Z" } = {},
) {
  return correctMention(
    { store: opened.store, mentionId, request: CorrectionRequest.parse(request), by, context: aContext(at) },
    signal,
  );
}

const row = z.record(z.string(), z.unknown());

/** A mention as analysts see it, undefined when they do not. */
async function seen(id: string, view: "mentions" | "enrichments" = "mentions") {
  const key = view === "mentions" ? "id" : "mention_id";
  const rows = await opened.reader.query(
    { sql: `SELECT * FROM ${view} WHERE ${key} = {id:String}`, params: { id } },
    row,
  );
  expect(rows.length).toBeLessThan(2);
  return rows[0];
}

async function factsOf(id: string): Promise<number> {
  const sql = "SELECT count() AS n FROM correction_rows WHERE mention_id = {id:String}";
  const [found] = await opened.store.query({ sql, params: { id } }, z.object({ n: z.number() }));
  return found?.n ?? -1;
}

/** What every question people can ask, and every view of what was said, gives now. */
async function everything(): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const query of queries) {
    const asked = query.params.safeParse({});
    if (!asked.success || query.name === corrections.name) continue;
    answers[query.name] = await opened.reader.query(query.statement(asked.data), query.row);
  }
  for (const view of ["mentions", "enrichments", "responses"]) {
    const sql = `SELECT * FROM ${view} ORDER BY ALL`;
    answers[view] = await opened.reader.query({ sql, params: {} }, row);
  }
  return answers;
}

const forgetMentions = () =>
  opened.store.command("ALTER TABLE mention_rows DELETE WHERE 1 SETTINGS mutations_sync = 2");

describe("a corrected sentiment", () => {
  it("replaces label, score and confidence in both views, and the words that decided otherwise", async () => {
    const id = await store({});
    expect(await seen(id)).toMatchObject({
      sentiment_label: "negative",
      sentiment_score: -0.5,
      corrected: [],
    });
    await correct(id, { field: "sentiment", value: "positive" });
    const wanted = {
      sentiment_label: "positive",
      sentiment_confidence: 1,
      sentiment_spans: [],
      is_complaint: true,
      corrected: ["sentiment"],
    };
    expect(await seen(id)).toMatchObject(wanted);
    expect(await seen(id, "enrichments")).toMatchObject(wanted);
    expect((await seen(id))?.["sentiment_score"]).toBeCloseTo(0.6);
  });

  it("keeps the score that bears the same label, and scores what could not be scored", async () => {
    const agreed = await store({});
    await correct(agreed, { field: "sentiment", value: "negative" });
    expect(await seen(agreed)).toMatchObject({
      sentiment_score: -0.5,
      sentiment_confidence: 1,
      sentiment_spans: [{ start: 0, end: 3 }],
    });
    const sentiment: Sentiment = { score: null, label: "unscored", confidence: 0, spans: [], sentences: [] };
    const unscored = await store({}, { sentiment });
    await correct(unscored, { field: "sentiment", value: "neutral" });
    expect(await seen(unscored)).toMatchObject({ sentiment_label: "neutral", sentiment_score: 0 });
  });
});

describe("a corrected kind", () => {
  it.each([
    ["complaint", { is_complaint: true, is_request: false, is_spam: false, severity: 2 }],
    [
      "request",
      { is_complaint: false, is_request: true, is_spam: false, severity: 0, complaint_evidence: [] },
    ],
    ["spam", { is_complaint: false, is_request: false, is_spam: true, spam_score: 1, severity: 0 }],
    ["praise", { is_complaint: false, is_request: false, is_spam: false, spam_score: 0, severity: 0 }],
  ])("%s decides all that follows from it", async (value, implied) => {
    const id = await store({});
    await correct(id, { field: "intent", value });
    expect(await seen(id)).toMatchObject({
      intent: value,
      complaint_confidence: 1,
      request_confidence: 1,
      corrected: ["intent"],
      sentiment_score: -0.5,
      ...implied,
    });
  });

  it("gives a complaint a severity, and leaves a danger what it is", async () => {
    const harmless = await store({}, { severity: 0, intent: "other" });
    await correct(harmless, { field: "intent", value: "complaint" });
    expect(await seen(harmless)).toMatchObject({ is_complaint: true, severity: 1 });
    const dangerous = await store({}, { severity: 4, threats: [{ kind: "safety", span: null }] });
    await correct(dangerous, { field: "intent", value: "news" });
    expect(await seen(dangerous)).toMatchObject({ is_complaint: false, severity: 4 });
  });
});

describe("a corrected aspect", () => {
  const aspects = [
    { aspect: "delivery", label: "negative", score: -0.4, span: { start: 4, end: 10 } },
    { aspect: "Price", label: "positive", score: 0.5, span: { start: 0, end: 3 } },
  ] as const;

  it("is judged otherwise, taken out or added, the others left as they are", async () => {
    const id = await store({}, { aspects: [...aspects] });
    await correct(id, { field: "aspect", aspect: "Delivery", value: "neutral" });
    await correct(id, { field: "aspect", aspect: "price", value: "none" });
    await correct(id, { field: "aspect", aspect: "Courtesy", value: "positive" });
    const found = await seen(id);
    expect(found).toMatchObject({
      aspects: [
        { aspect: "delivery", label: "neutral", score: 0, start: 4, end: 10 },
        { aspect: "Courtesy", label: "positive", start: 0, end: 0 },
      ],
      corrected: ["aspect"],
      sentiment_label: "negative",
    });
    await correct(id, { field: "aspect", aspect: "courtesy", value: "as_read" });
    await correct(id, { field: "aspect", aspect: "delivery", value: "negative" });
    await correct(id, { field: "aspect", aspect: "Price", value: "as_read" });
    const back = (await seen(id))?.["aspects"] as { aspect: string; score: number }[];
    expect(back.map(({ aspect }) => aspect)).toEqual(["delivery", "Price"]);
    // the same label as was read: its score is kept
    expect(back[0]?.score).toBeCloseTo(-0.4);
  });

  it("is found by questions that count aspects", async () => {
    const id = await store({});
    await correct(id, { field: "aspect", aspect: "opening hours", value: "negative" });
    const sql =
      "SELECT count() AS n FROM mentions ARRAY JOIN aspects.aspect AS name WHERE name = 'opening hours'";
    expect(await opened.reader.query({ sql, params: {} }, row)).toEqual([{ n: 1 }]);
  });
});

describe("an irrelevant mention", () => {
  it("leaves what is counted at once, and comes back when it is relevant after all", async () => {
    const id = await store({ source: "about-others" });
    const ask = async () => {
      const statement = summary.statement(summary.params.parse({ source: "about-others" }));
      return (await opened.reader.query(statement, summary.row))[0]?.mentions;
    };
    expect(await ask()).toBe(1);
    await correct(id, { field: "relevance", value: "irrelevant", note: "another Acme" });
    expect(await ask()).toBe(0);
    expect(await seen(id)).toBeUndefined();
    expect(await seen(id, "enrichments")).toBeUndefined();
    await correct(id, { field: "relevance", value: "relevant" });
    expect(await ask()).toBe(1);
    expect(await seen(id)).toMatchObject({ corrected: ["relevance"] });
    await correct(id, { field: "relevance", value: "as_read" });
    expect(await seen(id)).toMatchObject({ corrected: [] });
  });

  it("is in no question's answer and in no view of what was said, as if it had never been heard", async () => {
    await forgetMentions();
    await store({ source: "figures", text: "Fine" }, { intent: "praise" });
    const before = await everything();
    expect(Object.keys(before).length).toBeGreaterThan(10);
    const id = await store({ source: "figures", product: "P", country: "FR", languageHint: "fr" });
    const answer = await store({ source: "figures", byUs: true, parentId: id, text: "Sorry!" });
    const heard = await everything();
    expect(heard).not.toEqual(before);
    expect(heard["responses"]).toHaveLength(1);
    await correct(id, { field: "relevance", value: "irrelevant" });
    expect((await everything())["responses"]).toEqual([]);
    await correct(answer, { field: "relevance", value: "irrelevant" });
    expect(await everything()).toEqual(before);
  });

  it("is still matched with changed queries and looked at again as its platform asks", async () => {
    const id = await store({ source: "kept", observedAt: "2026-03-02T10:00:00.000Z" });
    await correct(id, { field: "relevance", value: "irrelevant" });
    const matched = mentionsOfSources.statement({ sources: ["kept"], after: "", limit: 10 });
    expect(await opened.store.query(matched, mentionsOfSources.row)).toMatchObject([{ id }]);
    const overdue = overdueMentions.statement({ source: "kept", hours: 1, days: 100_000, limit: 10 });
    expect(await opened.store.query(overdue, overdueMentions.row)).toMatchObject([{ id }]);
  });
});

describe("a mention that was read wrongly", () => {
  it("is in every answer and view what it would be had it been read as people say", async () => {
    const span = { start: 4, end: 10 };
    const said: Partial<Enrichment> = {
      sentiment: { score: 0.6, label: "positive", confidence: 1, spans: [], sentences: [] },
      complaint: { isComplaint: false, confidence: 1, evidence: [] },
      request: { isRequest: false, confidence: 1, evidence: [] },
      intent: "praise",
      severity: 0,
      aspects: [{ aspect: "parcel", label: "positive", score: 0.6, span }],
    };
    const fields: Fields = { nativeId: "misread", authorId: "ann", rating: 4, ratingMax: 5, product: "P" };
    await forgetMentions();
    await store(fields, said);
    const wanted = await everything();
    await forgetMentions();
    const aspects: Enrichment["aspects"] = [{ aspect: "parcel", label: "negative", score: -0.4, span }];
    const id = await store(fields, { aspects });
    expect(await everything()).not.toEqual(wanted);
    await correct(id, { field: "sentiment", value: "positive" });
    await correct(id, { field: "intent", value: "praise" });
    await correct(id, { field: "aspect", aspect: "parcel", value: "positive" });
    const withoutMark = (answers: unknown) =>
      JSON.stringify(answers).replace(/"corrected":\[[^\]]*\]/g, '"corrected":[]');
    expect(withoutMark(await everything())).toBe(withoutMark(wanted));
  });
});

describe("what holds", () => {
  it("is the latest of a field, whoever said it, also where the clock before was ahead", async () => {
    const id = await store({});
    await correct(
      id,
      { field: "sentiment", value: "positive" },
      { by: "ann", at: "2026-03-03T11:00:00.000Z" },
    );
    const later = await correct(
      id,
      { field: "sentiment", value: "neutral" },
      { by: "bob", at: "2026-03-03T10:00:00.000Z" },
    );
    expect(later.at).toBe("2026-03-03T11:00:00.001Z");
    expect(await seen(id)).toMatchObject({ sentiment_label: "neutral" });
    expect(await factsOf(id)).toBe(2);
  });

  it("is what is read once a correction is taken back", async () => {
    const id = await store({});
    await correct(id, { field: "intent", value: "praise" });
    await correct(id, { field: "sentiment", value: "positive" });
    await correct(id, { field: "intent", value: "as_read" });
    expect(await seen(id)).toMatchObject({
      intent: "complaint",
      is_complaint: true,
      corrected: ["sentiment"],
    });
  });

  it("survives that the mention is read again or edited", async () => {
    const id = await store({ nativeId: "again" });
    await correct(id, { field: "sentiment", value: "positive" });
    await correct(id, { field: "intent", value: "praise" });
    const stage = { brokeAt: "delivery", complainedAt: "support" } as const;
    const processedAt = "2026-03-06T00:00:00.000Z";
    await store({ nativeId: "again" }, { processedAt, modelVersion: "next", stage });
    expect(await seen(id)).toMatchObject({
      model_version: "next",
      stage_broke: "delivery",
      sentiment_label: "positive",
      intent: "praise",
    });
    await store({ nativeId: "again", revision: 5, text: "It came after all" });
    expect(await seen(id)).toMatchObject({ text: "It came after all", sentiment_label: "positive" });
  });

  it("is the same for everybody when two people spoke at the same moment", async () => {
    const id = await store({});
    const first = await correct(id, { field: "sentiment", value: "positive" });
    await opened.store
      .table(correctionRows)
      .write([{ ...first, id: "0", value: "neutral", by: "bob" }], signal);
    const statement = corrections.statement(corrections.params.parse({ mention: [id], examples: true }));
    const standing = await opened.reader.query(statement, corrections.row);
    expect(standing).toHaveLength(1);
    expect(await seen(id)).toMatchObject({ sentiment_label: standing[0]?.value });
  });

  it("is kept in words that can be stored, whatever was typed", async () => {
    const id = await store({});
    const note = "he said \u0000 and \ud800, \u001b[31m'quoted'\\n";
    expect(await correct(id, { field: "sentiment", value: "neutral", note })).toMatchObject({
      note: "he said  and \ufffd, [31m'quoted'\\n",
    });
    const aspect = 'l\'"été" \\ [x]';
    await correct(id, { field: "aspect", aspect, value: "negative" });
    expect(await seen(id)).toMatchObject({ aspects: [{ aspect, label: "negative" }] });
    for (const unwritable of ["a\ud800b", "a\u0000", "two\nlines"]) {
      const request = { field: "aspect", aspect: unwritable, value: "negative" };
      expect(CorrectionRequest.safeParse(request).success, JSON.stringify(unwritable)).toBe(false);
    }
  });

  it("is counted once when a write is repeated", async () => {
    const id = await store({});
    const fact = await correct(id, { field: "sentiment", value: "positive" });
    await opened.store.table(correctionRows).write([fact], signal);
    const statement = corrections.statement(corrections.params.parse({ mention: [id] }));
    expect(await opened.reader.query(statement, corrections.row)).toHaveLength(1);
  });

  it("is what summaries and filters on what was read agree on, of many corrections", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 40; at++) ids.push(await store({ source: "many", nativeId: `many-${at}` }));
    for (const [at, id] of ids.entries()) {
      if (at % 4 === 0) await correct(id, { field: "relevance", value: "irrelevant" });
      if (at % 4 === 1) await correct(id, { field: "sentiment", value: "positive" });
      if (at % 4 === 2) await correct(id, { field: "intent", value: "praise" });
    }
    const statement = summary.statement(summary.params.parse({ source: "many" }));
    expect(await opened.reader.query(statement, summary.row)).toMatchObject([
      { mentions: 30, negative: 20, positive: 10, complaints: 20 },
    ]);
    const sql =
      "SELECT countIf(is_complaint) AS complaints, count() AS n FROM mentions WHERE source = 'many' AND sentiment_label = 'negative'";
    expect(await opened.reader.query({ sql, params: {} }, row)).toEqual([{ complaints: 10, n: 20 }]);
  });
});

describe("many corrections", () => {
  it("of everything leave every question within the memory it may take", async () => {
    const size = 100_000;
    await opened.store.command(`INSERT INTO mention_rows
      (id, platform, source, kind, trackers, text, published_at, observed_at, sentiment_label, intent, is_complaint, aspects)
      SELECT 'bulk:' || toString(number), 'bulk', 'bulk', 'post', ['acme'], 'late', now(), now(), 'negative', 'complaint', 1,
        [('delivery', 'negative', -0.4, 0, 3)] FROM numbers(${size})`);
    await opened.store.command(`INSERT INTO correction_rows
      SELECT toString(number), 'bulk:' || toString(number), 0, ['sentiment', 'intent', 'aspect', 'aspect'][number % 4 + 1],
        if(number % 4 > 1, 'delivery', ''), ['positive', 'praise', 'none', 'positive'][number % 4 + 1], '', 'ann', now64(3)
      FROM numbers(${size})`);
    const latest = latestMentions.statement(latestMentions.params.parse({ source: "bulk", limit: 5 }));
    expect(await opened.reader.query(latest, latestMentions.row)).toHaveLength(5);
    const sql = `SELECT a.label AS label, count() AS n FROM mentions ARRAY JOIN aspects AS a
      WHERE source = 'bulk' GROUP BY label ORDER BY label`;
    expect(await opened.reader.query({ sql, params: {} }, row)).toEqual([
      { label: "negative", n: size / 2 },
      { label: "positive", n: size / 4 },
    ]);
    await clearSource(opened.store, "bulk");
  });
});

describe("the list of corrections", () => {
  it("gives what was said, what was read, and the whole text, as labelled examples", async () => {
    const text = `The parcel never arrived. ${"Really. ".repeat(600)}`.trim();
    const id = await store({ text });
    await correct(id, { field: "sentiment", value: "positive" }, { by: "ann" });
    await correct(id, { field: "sentiment", value: "neutral", note: "irony" }, { by: "bob" });
    await correct(id, { field: "aspect", aspect: "delivery", value: "negative" }, { by: "bob" });
    await correct(id, { field: "intent", value: "news" });
    await correct(id, { field: "intent", value: "as_read" });
    const ask = async (params: object) => {
      const statement = corrections.statement(corrections.params.parse({ mention: [id], ...params }));
      return opened.reader.query(statement, corrections.row);
    };
    expect(await ask({})).toHaveLength(5);
    const examples = await ask({ examples: true, by: "bob", field: ["sentiment", "aspect"] });
    expect(
      examples.map(({ field, aspect, value, read_value }) => [field, aspect, value, read_value]),
    ).toEqual(
      expect.arrayContaining([
        ["sentiment", "", "neutral", "negative"],
        ["aspect", "delivery", "negative", "none"],
      ]),
    );
    expect(examples).toHaveLength(2);
    expect(examples.find(({ field }) => field === "sentiment")).toMatchObject({
      mention_id: id,
      text,
      language: "en",
      by: "bob",
      note: "irony",
      is_standing: true,
      is_edited: false,
    });
    expect((await ask({ examples: true })).map(({ field }) => field)).not.toContain("intent");
    const [first, ...others] = await ask({});
    expect((await ask({ before: first?.cursor })).map((one) => one.id)).toEqual(others.map((one) => one.id));
  });

  it("says which were said of a text that was edited since, and gives those as no examples", async () => {
    const id = await store({ nativeId: "edited" });
    await correct(id, { field: "sentiment", value: "positive" });
    await store({ nativeId: "edited", revision: 7, text: "Never again." });
    const ask = async (examples: boolean) =>
      opened.reader.query(
        corrections.statement(corrections.params.parse({ mention: [id], examples })),
        corrections.row,
      );
    expect(await ask(true)).toEqual([]);
    expect(await ask(false)).toMatchObject([{ is_edited: true, is_standing: true, text: "Never again." }]);
  });
});

describe("corrections of what is gone", () => {
  it("are refused, hidden at once and purged", async () => {
    const id = await store({ nativeId: "going" });
    await correct(id, { field: "sentiment", value: "positive", note: "he wrote: never again" });
    await remove(id);
    const sql = "SELECT count() AS n FROM corrections WHERE mention_id = {id:String}";
    expect(await opened.reader.query({ sql, params: { id } }, row)).toEqual([{ n: 0 }]);
    await expect(correct(id, { field: "sentiment", value: "neutral" })).rejects.toThrow(EarshotError);
    expect(await factsOf(id)).toBe(1);
    expect(await purgeDeleted(opened.store)).toMatchObject({ correction_rows: 1 });
    expect(await factsOf(id)).toBe(0);
  });

  it("go with what may not be kept any longer, and with a source that is cleared", async () => {
    const publishedAt = "2020-01-01T00:00:00.000Z";
    const expired = await store({ source: "short", publishedAt });
    await correct(expired, { field: "sentiment", value: "positive" });
    expect(await purgeExpired(opened.store, "short", 30)).toEqual({ correction_rows: 1, mention_rows: 1 });
    expect(await factsOf(expired)).toBe(0);
    const cleared = await store({ source: "cleared" });
    await correct(cleared, { field: "sentiment", value: "positive" });
    await clearSource(opened.store, "cleared");
    expect(await factsOf(cleared)).toBe(0);
  });

  it("are refused where there never was such a mention", async () => {
    const unknown = correct("x:nobody-said-this", { field: "sentiment", value: "neutral" });
    await expect(unknown).rejects.toMatchObject({ code: "not_found" });
  });
});
