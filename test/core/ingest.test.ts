import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineIngestor, type Page, type Parsed, type Sink } from "../../core/contracts.ts";
import { ownCursor, type CursorStore } from "../../core/cursors.ts";
import { EarshotError } from "../../core/errors.ts";
import { ingest, type IngestOptions } from "../../core/ingest.ts";
import type { SourceCursor } from "../../schemas/cursor.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import { aContext } from "../support/builders.ts";

const Cursor = z.object({ after: z.number() });
type Pages = readonly (Page<z.infer<typeof Cursor>> | Error)[];

function anIngestor(pages: Pages, seen: unknown[] = []) {
  return defineIngestor({
    name: "numbers",
    summary: "Numbers as mentions.",
    source: { mode: "poll", schedule: "* * * * *", scope: "all" },
    config: z.strictObject({}),
    cursor: Cursor,
    async *poll({ cursor }) {
      seen.push(cursor);
      for (const page of pages) {
        if (page instanceof Error) throw page;
        yield page;
      }
    },
    parse(item): Parsed {
      if (item === "skip") return { type: "skip", reason: "not a mention" };
      if (item === "gone") return { type: "delete", id: "numbers:1", reason: "deleted" };
      if (item === "nothing gone") return { type: "delete", id: "", reason: "deleted" };
      if (item === "boom") throw new TypeError("a bug in parse");
      if (typeof item !== "number") throw new EarshotError("record_invalid", "not a number");
      const publishedAt = "2026-03-01T00:00:00.000Z";
      return {
        type: "upsert",
        mention: { platform: "numbers", nativeId: String(item), kind: "post", text: "n", publishedAt },
      };
    },
    position: (item) => `line ${String(item)}`,
  });
}

/** Records the order of everything that becomes durable. */
function aHarness(pages: Pages) {
  const log: string[] = [];
  const saved: SourceCursor[] = [];
  let failures = 0;
  const sink = <T>(name: string, show: (record: T) => string): Sink<T> => ({
    name,
    async write(records) {
      if (failures-- > 0) throw new EarshotError("sink_unavailable", "away");
      log.push(`${name} ${records.map(show).join(",")}`);
    },
    check: async () => {},
    close: async () => {},
  });
  const cursors: CursorStore = {
    load: async () => saved.at(-1),
    async save(cursor) {
      saved.push(cursor);
      // a takeover without a checkpoint
      if (cursor.cursor !== "") log.push(`cursor ${cursor.generation}.${cursor.sequence} ${cursor.cursor}`);
    },
  };
  const seen: unknown[] = [];
  const options: IngestOptions = {
    source: "test",
    belonging: { trackers: ["acme"] },
    redactKey: undefined,
    ingestor: anIngestor(pages, seen),
    config: {},
    events: sink("events", (event) => (event.type === "upsert" ? event.mention.nativeId : `-${event.id}`)),
    deadLetters: sink("dead", (letter) => letter.position),
    cursor: ownCursor(cursors, "test", aContext()),
    context: aContext(),
  };
  return { log, saved, seen, cursors, options, failNext: (count: number) => (failures = count) };
}

const signal = new AbortController().signal;

describe("ingest loop", () => {
  it("writes events, then dead letters, then the cursor, page by page", async () => {
    const { log, options } = aHarness([
      { items: [1, "bad", 2], cursor: { after: 2 } },
      { items: [3, "skip", "gone"], cursor: { after: 3 } },
    ]);
    const done = await ingest(options, signal);
    const ofPage = (lines: readonly string[]) => log.filter((line) => lines.includes(line));
    const first = ["events 1,2", "dead line bad", 'cursor 1.1 {"after":2}'];
    const second = ["events 3,-numbers:1", 'cursor 1.2 {"after":3}'];
    expect(ofPage(first)).toEqual(first);
    expect(ofPage(second)).toEqual(second);
    expect(log).toHaveLength(5);
    expect(done).toMatchObject({ mentions: 3, deletions: 1, skipped: 1, deadLetters: 1 });
  });

  it("reads the next page while one is being stored, and saves cursors in order all the same", async () => {
    const pages = Array.from({ length: 6 }, (_, n) => ({ items: [n], cursor: { after: n } }));
    const { log, options } = aHarness(pages);
    let writing = 0;
    let most = 0;
    const slow: Sink<MentionEvent> = {
      ...options.events,
      async write(events) {
        most = Math.max(most, ++writing);
        // the earlier a page, the longer its write takes
        const [event] = events;
        const n = event?.type === "upsert" ? Number(event.mention.nativeId) : 0;
        for (let turn = n; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
        writing--;
      },
    };
    await ingest({ ...options, events: slow }, signal);
    expect(most).toBe(2);
    expect(log).toEqual(pages.map(({ cursor }, n) => `cursor 1.${n + 1} ${JSON.stringify(cursor)}`));
  });

  it("saves no cursor beyond a page whose write fails for good", async () => {
    const pages = Array.from({ length: 3 }, (_, n) => ({ items: [n], cursor: { after: n } }));
    const { log, options } = aHarness(pages);
    const refusing: Sink<MentionEvent> = {
      ...options.events,
      async write([event]) {
        if (event?.type === "upsert" && event.mention.nativeId === "1") {
          throw new EarshotError("config_invalid", "no such table");
        }
      },
    };
    await expect(ingest({ ...options, events: refusing }, signal)).rejects.toThrow("no such table");
    expect(log).toEqual(['cursor 1.1 {"after":0}']);
  });

  it("saves no cursor where the page has none", async () => {
    const { log, options } = aHarness([{ items: [1] }, { items: [2], cursor: { after: 2 } }]);
    await ingest(options, signal);
    expect(log).toEqual(["events 1", "events 2", 'cursor 1.1 {"after":2}']);
  });

  it("waits for a sink that is away and never moves the cursor ahead of it", async () => {
    const { log, options, failNext } = aHarness([{ items: [1], cursor: { after: 1 } }]);
    failNext(2);
    await ingest(options, signal);
    expect(log).toEqual(["events 1", 'cursor 1.1 {"after":1}']);
  });

  it("leaves the cursor where it was when a later page fails", async () => {
    const failure = new EarshotError("source_unavailable", "502");
    const { log, options } = aHarness([{ items: [1], cursor: { after: 1 } }, failure]);
    await expect(ingest(options, signal)).rejects.toBe(failure);
    expect(log.at(-1)).toBe('cursor 1.1 {"after":1}');
  });

  it("resumes from the saved cursor, in a new generation when the owner is a new one", async () => {
    const { seen, log, cursors, options } = aHarness([{ items: [1], cursor: { after: 1 } }]);
    await ingest(options, signal);
    await ingest(options, signal);
    await ingest({ ...options, cursor: ownCursor(cursors, "test", aContext()) }, signal);
    expect(seen).toEqual([undefined, { after: 1 }, { after: 1 }]);
    expect(log.filter((line) => line.startsWith("cursor")).map((line) => line.split(" ")[1])).toEqual([
      "1.1",
      "1.2",
      "2.0",
      "2.1",
    ]);
  });

  it("turns any throw of parse into a dead letter and goes on", async () => {
    const { log, options } = aHarness([{ items: ["boom", 1], cursor: { after: 1 } }]);
    await ingest(options, signal);
    expect(log.slice(0, 2)).toEqual(["events 1", "dead line boom"]);
  });

  it("tells of a gap before the cursor behind it is saved", async () => {
    const gap = { from: "2026-03-01T10:30:00.000Z", to: "2026-03-01T12:10:00.000Z", reason: "rolled over" };
    const { log, options } = aHarness([{ items: [1], gap, cursor: { after: 0 } }]);
    await ingest({ ...options, onGap: async ({ reason }) => void log.push(`gap ${reason}`) }, signal);
    expect(log.slice(-3)).toEqual(["events 1", "gap rolled over", 'cursor 1.1 {"after":0}']);
  });

  it("loads the cursor from a store that is away for a moment", async () => {
    const { log, cursors, options } = aHarness([{ items: [1], cursor: { after: 1 } }]);
    let tries = 0;
    const load = async () => {
      if (++tries === 1) throw new EarshotError("sink_unavailable", "away");
      return undefined;
    };
    const cursor = ownCursor({ ...cursors, load }, "test", aContext());
    await ingest({ ...options, cursor }, signal);
    expect(log).toContain("events 1");
  });

  it("turns a deletion that names no mention into a dead letter", async () => {
    const { options, log } = aHarness([{ items: ["nothing gone"], cursor: { after: 1 } }]);
    await ingest(options, signal);
    expect(log[0]).toBe("dead line nothing gone");
  });

  it("leaves out what is nobody's, and counts it", async () => {
    const { log, options } = aHarness([{ items: [1, 2, 3], cursor: { after: 3 } }]);
    const done = await ingest(
      {
        ...options,
        belonging: { trackers: ["acme"], match: ({ nativeId }) => (nativeId === "2" ? ["acme"] : undefined) },
      },
      signal,
    );
    expect(log).toEqual(["events 2", 'cursor 1.1 {"after":3}']);
    expect(done).toMatchObject({ mentions: 1, unmatched: 2 });
  });

  it("stops at an abort without saving more", async () => {
    const { log, options } = aHarness([{ items: [1], cursor: { after: 1 } }]);
    await expect(ingest(options, AbortSignal.abort())).rejects.toThrow();
    expect(log).toEqual([]);
  });
});
