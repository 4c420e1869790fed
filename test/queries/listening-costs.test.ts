import { afterAll, beforeAll, expect, test } from "vitest";
import { listeningCosts } from "../../queries/listening-costs.ts";
import { mentionRows, pollRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aMention, anEnrichment, aPoll } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
let opened: TestStore;

function said(source: string, trackers: string[], isComplaint: boolean, publishedAt: string): StoredEvent {
  const complaint = { isComplaint, confidence: 1, evidence: [] };
  return {
    type: "upsert",
    mention: aMention({ source, trackers, publishedAt, observedAt: publishedAt }),
    enrichment: anEnrichment({ complaint }),
  };
}

const march = "2026-03-02T10:00:00.000Z";
const april = "2026-04-02T10:00:00.000Z";

beforeAll(async () => {
  opened = await openTestStore();
  await opened.store
    .table(mentionRows)
    .write(
      [
        said("x", ["acme"], true, march),
        said("x", ["acme"], true, march),
        said("x", ["acme"], false, march),
        said("x", ["birch"], false, march),
        said("x", ["acme"], true, april),
      ],
      signal,
    );
  await opened.store
    .table(pollRows)
    .write(
      [
        aPoll({ source: "x", at: march, requests: 8, items: 100, usd: 4 }),
        aPoll({ source: "x", at: april, requests: 1, usd: 100 }),
        aPoll({ source: "idle", at: march, requests: 3 }),
      ],
      signal,
    );
});
afterAll(() => opened.close());

test("listening_costs shares what a source cost among its trackers, and says what a complaint cost", async () => {
  const params = listeningCosts.params.parse({ from: "2026-03-01", to: "2026-04-01" });
  const rows = await opened.reader.query(listeningCosts.statement(params), listeningCosts.row);
  expect(rows).toEqual([
    {
      tracker: "acme",
      source: "x",
      requests: 6,
      items: 75,
      usd: 3,
      mentions: 3,
      complaints: 2,
      usd_per_complaint: 1.5,
    },
    {
      tracker: "birch",
      source: "x",
      requests: 2,
      items: 25,
      usd: 1,
      mentions: 1,
      complaints: 0,
      usd_per_complaint: null,
    },
    {
      tracker: "",
      source: "idle",
      requests: 3,
      items: 0,
      usd: 0,
      mentions: 0,
      complaints: 0,
      usd_per_complaint: null,
    },
  ]);
});
