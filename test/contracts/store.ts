import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Store } from "../../core/contracts.ts";
import { cursorRows, deadLetterRows, mentionRows } from "../../schemas/rows.ts";
import { aMention, anEnrichment } from "../support/builders.ts";

/** What every store must do, whatever engine is behind it. `open` gives one with the schema applied and no rows of ours. */
export function storeContract(
  name: string,
  open: () => Promise<{ store: Store; close: () => Promise<void> }>,
): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    let close: () => Promise<void>;
    const signal = new AbortController().signal;
    const Count = z.object({ n: z.coerce.number() });

    beforeAll(async () => {
      ({ store, close } = await open());
    });
    afterAll(async () => {
      await close();
    });

    async function count(sql: string, params: Record<string, unknown> = {}): Promise<number> {
      const [row] = await store.query({ sql, params }, Count);
      return row?.n ?? -1;
    }

    function upsert(fields: Parameters<typeof aMention>[0] = {}) {
      return { type: "upsert", mention: aMention(fields), enrichment: anEnrichment() } as const;
    }

    it("shows a written mention once, however often it is written", async () => {
      const event = upsert({ platform: "once" });
      const sink = store.table(mentionRows);
      for (let i = 0; i < 5; i++) await sink.write([event, event], signal);
      expect(await count("SELECT count() AS n FROM mentions WHERE platform = 'once'")).toBe(1);
    });

    it("lets the larger revision win, whatever comes last", async () => {
      const sink = store.table(mentionRows);
      const first = upsert({ platform: "edits", nativeId: "1", revision: 1, text: "first" });
      const second = upsert({ platform: "edits", nativeId: "1", revision: 2, text: "second" });
      await sink.write([second], signal);
      await sink.write([first], signal);
      const rows = await store.query(
        { sql: "SELECT text FROM mentions WHERE platform = 'edits'", params: {} },
        z.object({ text: z.string() }),
      );
      expect(rows).toEqual([{ text: "second" }]);
      expect(await count("SELECT count() AS n FROM mention_revisions WHERE mention_id = 'edits:1'")).toBe(2);
    });

    it("lets the later observation win within a revision", async () => {
      const sink = store.table(mentionRows);
      const engagement = (likes: number) => ({ likes, replies: null, shares: null, views: null });
      const at = (hour: number, likes: number) =>
        upsert({
          platform: "likes",
          nativeId: "1",
          observedAt: `2026-03-02T1${hour}:00:00.000Z`,
          engagement: engagement(likes),
        });
      await sink.write([at(2, 20)], signal);
      await sink.write([at(1, 10)], signal);
      expect(await count("SELECT likes AS n FROM mentions WHERE platform = 'likes'")).toBe(20);
      expect(await count("SELECT count() AS n FROM engagement WHERE mention_id = 'likes:1'")).toBe(2);
    });

    it("lets the later reading win within an observation, whatever comes last", async () => {
      const sink = store.table(mentionRows);
      const mention = aMention({ platform: "rescored", nativeId: "1" });
      const read = (modelVersion: string, processedAt: string) =>
        ({ type: "upsert", mention, enrichment: anEnrichment({ modelVersion, processedAt }) }) as const;
      await sink.write([read("new", "2026-03-05T00:00:00.000Z")], signal);
      await sink.write([read("old", "2026-03-04T00:00:00.000Z")], signal);
      const rows = await store.query(
        { sql: "SELECT model_version FROM mentions WHERE platform = 'rescored'", params: {} },
        z.object({ model_version: z.string() }),
      );
      expect(rows).toEqual([{ model_version: "new" }]);
    });

    it("keeps a deleted mention gone, late copies included, and none of its text", async () => {
      const sink = store.table(mentionRows);
      const event = upsert({ platform: "gone", nativeId: "1", text: "to be forgotten", revision: 7 });
      const observedAt = "2026-03-03T00:00:00.000Z";
      await sink.write([event], signal);
      await sink.write(
        [
          {
            type: "delete",
            id: "gone:1",
            source: "test",
            trackers: [],
            reason: "author deleted it",
            observedAt,
          },
        ],
        signal,
      );
      await sink.write([event], signal);
      expect(await count("SELECT count() AS n FROM mentions WHERE platform = 'gone'")).toBe(0);
      expect(await count("SELECT count() AS n FROM mention_revisions WHERE mention_id = 'gone:1'")).toBe(0);
    });

    it("gives back any text as it was sent", async () => {
      const hostile = [
        `'; DROP TABLE mention_rows; --`,
        `<script>alert(1)</script> \\ "quoted" \t tab \n newline`,
        "مرحبا 👩‍👩‍👧 \u202e right to left",
        "{id:String} $1 %s ${x}",
        "\\N null \\0",
      ];
      const sink = store.table(mentionRows);
      await sink.write(
        hostile.map((text, index) => upsert({ platform: "hostile", nativeId: String(index), text })),
        signal,
      );
      const rows = await store.query(
        { sql: "SELECT text FROM mentions WHERE platform = 'hostile' ORDER BY native_id", params: {} },
        z.object({ text: z.string() }),
      );
      expect(rows.map((row) => row.text)).toEqual(hostile);
    });

    it("binds parameters of every kind, never pastes them", async () => {
      const text = `a'b"c\\d\ne\tf{g}`;
      const [row] = await store.query(
        {
          sql: "SELECT {text:String} AS text, {n:UInt32} AS n, {list:Array(String)} AS list, {flag:Bool} AS flag",
          params: { text, n: 7, list: [text, "", "[']"], flag: true },
        },
        z.object({ text: z.string(), n: z.number(), list: z.array(z.string()), flag: z.boolean() }),
      );
      expect(row).toEqual({ text, n: 7, list: [text, "", "[']"], flag: true });
    });

    it("answers a question about thousands of ids", async () => {
      const ids = Array.from({ length: 3_000 }, (_, index) => `once:${index} with 'quotes' and \\ slashes`);
      const sql =
        "SELECT count() AS n FROM numbers(1) WHERE 'once:2999 with \\'quotes\\' and \\\\ slashes' IN {ids:Array(String)}";
      expect(await count(sql, { ids })).toBe(1);
    });

    it("keeps the cursor of the largest generation and sequence", async () => {
      const sink = store.table(cursorRows);
      const savedAt = "2026-03-02T10:00:00.000Z";
      const save = (generation: number, sequence: number, cursor: string) =>
        sink.write([{ source: "feed", generation, sequence, cursor, savedAt }], signal);
      await save(1, 5, "a");
      await save(2, 1, "b");
      await save(1, 9, "late");
      const rows = await store.query(
        { sql: "SELECT cursor FROM cursors WHERE source = 'feed'", params: {} },
        z.object({ cursor: z.string() }),
      );
      expect(rows).toEqual([{ cursor: "b" }]);
    });

    it("keeps one dead letter per failure, in its latest state", async () => {
      const sink = store.table(deadLetterRows);
      const letter = {
        id: "d1",
        source: "feed",
        ingestor: "rss",
        stage: "parse",
        code: "record_invalid",
        reason: "no date",
        position: "line 3",
        payload: "{}",
        isPayloadCut: false,
      } as const;
      await sink.write([{ ...letter, state: "open", at: "2026-03-02T10:00:00.000Z" }], signal);
      await sink.write([{ ...letter, state: "replayed", at: "2026-03-02T11:00:00.000Z" }], signal);
      const rows = await store.query(
        { sql: "SELECT state FROM dead_letters WHERE id = 'd1'", params: {} },
        z.object({ state: z.string() }),
      );
      expect(rows).toEqual([{ state: "replayed" }]);
    });

    it("takes rows that are JSON already, beside others", async () => {
      const text = 'two\nlines, "quoted" \\ and 👩‍👩‍👧‍👦';
      const [columns, said] = [mentionRows.columns, upsert({ platform: "written", nativeId: "1", text })];
      const rowOf = (nativeId: string) =>
        mentionRows.toRow(upsert({ platform: "written", nativeId, text })) as unknown[];
      const sink = store.table<unknown[] | string>({
        table: mentionRows.table,
        columns,
        toRow: (row) => row,
      });
      await sink.write([JSON.stringify(rowOf("2")), rowOf("3")], signal);
      await store
        .table(mentionRows)
        .write([{ type: "upsert", mention: said.mention, row: JSON.stringify(rowOf("1")) }], signal);
      const rows = await store.query(
        { sql: "SELECT id, text FROM mentions WHERE platform = 'written' ORDER BY id", params: {} },
        z.object({ id: z.string(), text: z.string() }),
      );
      expect(rows).toEqual(["1", "2", "3"].map((id) => ({ id: `written:${id}`, text })));
    });

    it("says sink_rejected for a row it can never take", async () => {
      const sink = store.table({
        table: "cursor_rows",
        columns: ["source", "generation"],
        toRow: () => ["x", "no number"],
      });
      await expect(sink.write([0], signal)).rejects.toMatchObject({ code: "sink_rejected" });
    });

    it("lets no setting of one request reach the next", async () => {
      await store.query({ sql: "SELECT 1 AS n SETTINGS max_threads = 1, limit = 1", params: {} }, Count);
      await store.command("SET max_result_rows = 1");
      expect(await count("SELECT count() AS n FROM (SELECT * FROM numbers(100))")).toBe(100);
      const rows = await store.query({ sql: "SELECT number AS n FROM numbers(10)", params: {} }, Count);
      expect(rows).toHaveLength(10);
    });

    it("passes its own check", async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
}
