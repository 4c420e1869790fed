import { afterAll, beforeAll, expect, test } from "vitest";
import { followedMentions, overdueMentions } from "../../queries/due-mentions.ts";
import { mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

let opened: TestStore;

/** A post so many minutes old, last read so many minutes ago. */
function aPost(
  nativeId: string,
  age: number,
  read: number,
  fields: Parameters<typeof aMention>[0] = {},
): StoredEvent {
  return {
    type: "upsert",
    mention: aMention({
      source: "x",
      nativeId,
      publishedAt: ago(age),
      observedAt: ago(read),
      engagement: { likes: 1, replies: null, shares: null, views: null },
      ...fields,
    }),
    enrichment: anEnrichment({ complaint: { isComplaint: false, confidence: 1, evidence: [] } }),
  };
}

const silent = { likes: 0, replies: 0, shares: 0, views: null };

beforeAll(async () => {
  opened = await openTestStore();
  const complaint = aPost("complaint", 30, 6, { engagement: silent });
  const events: StoredEvent[] = [
    aPost("young-due", 30, 6),
    aPost("young-read", 30, 4),
    aPost("older-due", 180, 20),
    aPost("older-read", 180, 10),
    aPost("day-due", 1_000, 70),
    aPost("day-read", 1_000, 50),
    aPost("three-days", 4_400, 3_000),
    aPost("nobody-reacts", 30, 6, { engagement: silent }),
    aPost("review", 30, 6, { kind: "review", rating: 1, ratingMax: 5 }),
    aPost("elsewhere", 30, 6, { source: "other" }),
    aPost("ours", 30, 6, { byUs: true }),
    complaint.type === "upsert" ? { ...complaint, enrichment: anEnrichment() } : complaint,
  ];
  await opened.store.table(mentionRows).write(events, signal);
});
afterAll(() => opened.close());

async function followed(limit = 100) {
  const rows = await opened.store.query(
    followedMentions.statement({ source: "x", limit }),
    followedMentions.row,
  );
  return rows.map(({ native_id }) => native_id);
}

test("followed_mentions are young posts people react to or complain in, by their age, the most overdue first", async () => {
  expect(new Set(await followed())).toEqual(new Set(["young-due", "older-due", "day-due", "complaint"]));
  expect(await followed(1)).toHaveLength(1);
});

test("overdue_mentions are all that was not read for so long, whatever it is", async () => {
  const overdue = async (days: number) => {
    const statement = overdueMentions.statement({ source: "x", hours: 24, days, limit: 10 });
    const rows = await opened.store.query(statement, overdueMentions.row);
    return rows.map(({ native_id }) => native_id);
  };
  expect(await overdue(90)).toEqual(["three-days"]);
  expect(await overdue(2)).toEqual([]);
});

test("overdue_mentions are first of all what stands under something deleted, once, however old or young it is", async () => {
  const gone = (id: string, minutes: number): StoredEvent => ({
    type: "delete",
    id,
    source: "tickets",
    trackers: [],
    reason: "gone",
    observedAt: ago(minutes),
  });
  const answer = (nativeId: string, thread: string, age: number, read: number) =>
    aPost(nativeId, age, read, { source: "tickets", threadId: thread });
  await opened.store
    .table(mentionRows)
    .write(
      [
        gone("x:ticket", 10),
        gone("x:long-gone", 20_000),
        answer("of-months-ago", "x:ticket", 200_000, 5_000),
        answer("of-today", "x:ticket", 60, 30),
        answer("read-since", "x:ticket", 60, 5),
        answer("never-answered-for", "x:long-gone", 30_000, 25_000),
        answer("of-another", "x:other", 60, 30),
        answer("long-unread", "x:other", 4_400, 3_000),
      ],
      signal,
    );
  const statement = overdueMentions.statement({ source: "tickets", hours: 24, days: 10, limit: 10 });
  const rows = await opened.store.query(statement, overdueMentions.row);
  expect(rows.map(({ native_id }) => native_id)).toEqual(["of-months-ago", "of-today", "long-unread"]);
});
