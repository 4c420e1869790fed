import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { deliveryRows, silenceRows } from "../../schemas/alert-rows.ts";
import { issueAssignmentRows, issueClusterRows, issueJudgementRows } from "../../schemas/issue-rows.ts";
import { coverageRows, deadLetterRows, mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { anAlert, storeAlerts } from "../support/alert-builders.ts";
import { aJudgement, aMention, anAssignment, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const guide = readFileSync(resolve(import.meta.dirname, "../../docs/analyst.md"), "utf8");
const examples = [...guide.matchAll(/^(.+)\n\n```sql\n([\s\S]*?)```/gm)].map(
  ([, title, sql]) => [title ?? "", sql ?? ""] as const,
);

let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
  const signal = AbortSignal.timeout(60_000);
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const said = (nativeId: string, days: number, views: number): StoredEvent => ({
    type: "upsert",
    mention: aMention({
      nativeId,
      text: "My PARCEL is late.",
      authorId: "ann",
      publishedAt: daysAgo(days),
      observedAt: daysAgo(days / 2),
      rating: 2,
      ratingMax: 5,
      version: "1.0",
      engagement: { likes: null, replies: null, shares: 1, views },
    }),
    enrichment: anEnrichment(),
  });
  await opened.store.table(mentionRows).write([said("1", 1, 10), said("2", 9, 20)], signal);
  const at = "2026-03-02T10:00:00.000Z";
  await opened.store.table(issueAssignmentRows).write([anAssignment({ mentionId: "x:1" })], signal);
  await opened.store
    .table(issueClusterRows)
    .write([{ tracker: "acme", clusterId: "cluster", issueId: "late", by: "", at }], signal);
  await opened.store
    .table(issueJudgementRows)
    .write([aJudgement({ issueId: "late", verdict: "recurring" })], signal);
  await opened.store.table(coverageRows).write(
    [
      {
        source: "x",
        hour: "2026-03-02T10:00:00.000Z",
        state: "none",
        reason: "it was down",
        recordedAt: daysAgo(0),
      },
    ],
    signal,
  );
  const alert = anAlert({ alertId: "3f9c2b", at: daysAgo(1), recordedAt: daysAgo(1) });
  await storeAlerts(opened.store, alert);
  await opened.store.table(deliveryRows).write(
    [
      {
        id: "told",
        alertId: "3f9c2b",
        eventId: alert[1]?.id ?? "",
        receiver: "care",
        outcome: "sent",
        reason: "",
        attempts: 1,
        nextAt: null,
        receipt: {},
        at: daysAgo(1),
      },
    ],
    signal,
  );
  const silence = { id: "s", match: { tracker: "acme" }, reason: "a launch", by: "ann" };
  await opened.store
    .table(silenceRows)
    .write([{ ...silence, fromAt: daysAgo(1), untilAt: daysAgo(-1), recordedAt: daysAgo(1) }], signal);
  const letter = {
    source: "x",
    ingestor: "rss",
    stage: "parse",
    code: "record_invalid",
    position: "",
  } as const;
  await opened.store.table(deadLetterRows).write(
    [
      {
        ...letter,
        id: "d",
        reason: "no text",
        payload: "{}",
        isPayloadCut: false,
        state: "open",
        at: daysAgo(0),
      },
    ],
    signal,
  );
});

afterAll(() => opened.close());

describe("the analysts' guide", () => {
  test("has its eighteen examples", () => {
    expect(examples).toHaveLength(18);
  });

  test.each(examples)("%s", async (_title, sql) => {
    const rows = await opened.reader.query({ sql, params: {} }, z.record(z.string(), z.unknown()));
    expect(rows.length).toBeGreaterThan(0);
  });

  test("lists every view with exactly its columns", async () => {
    const listed = [...guide.matchAll(/^\| `(\w+)` +\| [^|]+ \| ([^|]+) \|$/gm)].map(([, view, columns]) => ({
      view,
      columns: (columns ?? "").split(", ").map((column) => column.trim().replaceAll("`", "")),
    }));
    const found = await opened.store.query(
      {
        sql: `SELECT table AS view, groupArray(name) AS columns
FROM (SELECT * FROM system.columns WHERE database = currentDatabase() ORDER BY table, position)
WHERE table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View')
GROUP BY view`,
        params: {},
      },
      z.object({ view: z.string(), columns: z.array(z.string()) }),
    );
    const byView = (a: { view?: string | undefined }, b: { view?: string | undefined }) =>
      (a.view ?? "").localeCompare(b.view ?? "");
    expect([...listed].sort(byView)).toEqual([...found].sort(byView));
  });
});
