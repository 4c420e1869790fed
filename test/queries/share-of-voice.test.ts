import { afterAll, beforeAll, expect, test } from "vitest";
import { shareOfVoice } from "../../queries/share-of-voice.ts";
import { mentionRows, trackerRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
let opened: TestStore;

function said(authorId: string, ...trackers: string[]): StoredEvent {
  const publishedAt = "2026-03-02T10:00:00.000Z";
  return {
    type: "upsert",
    mention: aMention({ authorId, trackers, publishedAt }),
    enrichment: anEnrichment(),
  };
}

beforeAll(async () => {
  opened = await openTestStore();
  const tracker = (id: string, kind: "brand" | "product" | "competitor") => ({
    id,
    name: id,
    kind,
    query: "",
    appliedAt: "2026-03-01T00:00:00.000Z",
  });
  await opened.store
    .table(trackerRows)
    .write([tracker("acme", "brand"), tracker("rival", "competitor"), tracker("app", "product")], signal);
  await opened.store.table(mentionRows).write(
    [
      // one person, three times
      said("ann", "acme"),
      said("ann", "acme", "app"),
      said("ann", "acme"),
      said("bob", "rival"),
      said("cem", "rival", "acme"),
      said("dee", "app"),
      said("eve", "nobody-follows"),
    ],
    signal,
  );
});
afterAll(() => opened.close());

test("share_of_voice compares brands and competitors by mentions and by people, products left out", async () => {
  const rows = await opened.reader.query(
    shareOfVoice.statement(shareOfVoice.params.parse({})),
    shareOfVoice.row,
  );
  const bucket = "2026-03-02T00:00:00.000Z";
  expect(rows).toEqual([
    {
      bucket,
      tracker: "acme",
      kind: "brand",
      mentions: 4,
      authors: 2,
      mention_share: 0.6667,
      author_share: 0.5,
    },
    {
      bucket,
      tracker: "rival",
      kind: "competitor",
      mentions: 2,
      authors: 2,
      mention_share: 0.3333,
      author_share: 0.5,
    },
  ]);
});
