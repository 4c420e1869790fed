import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { alertEventRows, deliveryRows, silenceRows } from "../schemas/alert-rows.ts";
import { AlertDelivery, AlertEvent, AlertSilence } from "../schemas/alert.ts";
import { Coverage } from "../schemas/coverage.ts";
import { SourceCursor } from "../schemas/cursor.ts";
import { DeadLetter } from "../schemas/dead-letter.ts";
import { EngagementSnapshot } from "../schemas/engagement.ts";
import { Enrichment } from "../schemas/enrichment.ts";
import { Engagement, Mention } from "../schemas/mention.ts";
import {
  changeRows,
  exposureRows,
  issueAssignmentRows,
  issueClusterRows,
  issueClusterSumRows,
  issueEventRows,
  issueJudgementRows,
} from "../schemas/issue-rows.ts";
import {
  correctionRows,
  coverageRows,
  cursorRows,
  deadLetterRows,
  dryRunIdRows,
  loggedVersionRows,
  mentionRows,
  pollRows,
  trackerRows,
} from "../schemas/rows.ts";
import { openTestStore, type TestStore } from "./support/embedded-store.ts";

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function columnsOf(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape).map(toSnakeCase);
}

/** Fields that are records of their own, with a column for each of their fields. */
const APART = new Set([
  "engagement",
  "sentiment",
  "complaint",
  "request",
  "feedback",
  "stage",
  "repetition",
  "expectation",
  "spam",
]);

describe("schema parity", () => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(() => opened.close());

  async function tableColumns(table: string): Promise<string[]> {
    const rows = await opened.store.query(
      {
        sql: `SELECT name FROM system.columns
WHERE database = currentDatabase() AND table = {table:String} AND default_kind != 'MATERIALIZED'
ORDER BY position`,
        params: { table },
      },
      z.object({ name: z.string() }),
    );
    return rows.map((row) => row.name);
  }

  it.each([
    mentionRows,
    deadLetterRows,
    cursorRows,
    coverageRows,
    dryRunIdRows,
    loggedVersionRows,
    pollRows,
    trackerRows,
    correctionRows,
    issueAssignmentRows,
    issueClusterRows,
    issueClusterSumRows,
    issueEventRows,
    issueJudgementRows,
    changeRows,
    exposureRows,
    alertEventRows,
    deliveryRows,
    silenceRows,
  ])("writes exactly the columns $table has, in its order", async (spec) => {
    expect(await tableColumns(spec.table)).toEqual([...spec.columns]);
  });

  it("shows every field of a mention and its enrichment in the view mentions", async () => {
    const flat = (names: string[]) => names.filter((name) => !APART.has(name));
    const wanted = [
      ...flat(columnsOf(Mention)),
      ...columnsOf(Engagement),
      ...flat(columnsOf(Enrichment)),
      "sentiment_score",
      "sentiment_label",
      "sentiment_confidence",
      "sentiment_spans",
      "sentence_sentiments",
      "is_complaint",
      "complaint_confidence",
      "complaint_evidence",
      "is_request",
      "request_confidence",
      "request_evidence",
      "feedback_kind",
      "feedback_confidence",
      "stage_broke",
      "stage_complained",
      "is_repeated",
      "repeat_count",
      "days_waiting",
      "repetition_evidence",
      "is_expectation_broken",
      "expectation_source",
      "expectation_claim",
      "expectation_evidence",
      "is_spam",
      "spam_score",
      "spam_reasons",
      "corrected",
    ];
    expect((await tableColumns("mentions")).sort()).toEqual(wanted.sort());
  });

  it.each([
    ["engagement", EngagementSnapshot],
    ["dead_letters", DeadLetter],
    ["cursors", SourceCursor],
    ["coverage", Coverage],
    ["alert_events", AlertEvent],
    ["deliveries", AlertDelivery],
    ["silences", AlertSilence],
  ] as const)("shows every field of its record in the view %s", async (view, schema) => {
    expect((await tableColumns(view)).sort()).toEqual(columnsOf(schema).sort());
  });
});
