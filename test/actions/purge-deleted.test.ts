import { readdirSync, readFileSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { clearSource } from "../../actions/clear-source.ts";
import { purgeDeleted, purgeExpired } from "../../actions/purge-deleted.ts";
import { toDeadLetter } from "../../core/dead-letters.ts";
import { EarshotError } from "../../core/errors.ts";
import { issueAssignmentRows, issueJudgementRows } from "../../schemas/issue-rows.ts";
import { deadLetterRows, mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aJudgement, aMention, anAssignment, anEnrichment } from "../support/builders.ts";
import { DDL_DIRECTORY, openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
  // uncompressed, so that a text on the disk can be found there
  for (const column of [
    "mention_rows.text",
    "mention_revision_rows.text",
    "dead_letter_rows.payload",
    "issue_judgement_rows.title",
    "issue_rows.title",
  ]) {
    const [table, name] = column.split(".");
    await opened.store.command(`ALTER TABLE ${table} MODIFY COLUMN ${name} String CODEC(NONE)`);
    // replaced parts go within seconds here, elsewhere within minutes
    await opened.store.command(
      `ALTER TABLE ${table} MODIFY SETTING old_parts_lifetime = 1, cleanup_delay_period = 1, max_cleanup_delay_period = 1`,
    );
  }
});
afterAll(() => opened.close());

function randomText(): string {
  return `planted-${Array.from({ length: 8 }, () => Math.random().toString(36).slice(2)).join("-")}`;
}

function upsert(fields: Parameters<typeof aMention>[0]): StoredEvent {
  return { type: "upsert", mention: aMention(fields), enrichment: anEnrichment() };
}

function deletion(id: string): StoredEvent {
  const observedAt = "2026-03-05T00:00:00.000Z";
  return { type: "delete", id, source: "test", trackers: [], reason: "gone", observedAt };
}

function aDeadLetter(stage: "parse" | "read" | "store", position: string, payload: unknown) {
  const error = new EarshotError("record_invalid", "no text");
  return toDeadLetter({
    source: "test",
    ingestor: "x",
    stage,
    position,
    payload,
    error,
    at: "2026-03-02T10:00:00.000Z",
  });
}

async function count(sql: string): Promise<number> {
  const [row] = await opened.store.query({ sql, params: {} }, z.object({ n: z.coerce.number() }));
  return row?.n ?? -1;
}

/** Files of the store in which a text lies as it is. */
function filesWith(folder: string, text: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesWith(path, text);
    return entry.isFile() && readOrEmpty(path).includes(text) ? [path] : [];
  });
}

/** Parts come and go while one looks. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readOrEmpty(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Issues of their own for some mentions, named by what they say. */
async function spokenFor(...ids: string[]): Promise<void> {
  await opened.store.command("TRUNCATE TABLE issue_judgement_rows");
  await opened.store.command("TRUNCATE TABLE issue_rows");
  const judged = ids.map((id) => aJudgement({ issueId: id, title: `title of ${id}`, quotes: [id] }));
  await opened.store.table(issueJudgementRows).write(judged, signal);
  const assigned = ids.map((mentionId) => anAssignment({ mentionId }));
  await opened.store.table(issueAssignmentRows).write(assigned, signal);
}

/** Whose words are left in what was said of issues, the latest and before. */
async function spokenBy(): Promise<string[]> {
  const sql = `SELECT DISTINCT issue_id FROM (
  SELECT issue_id, title FROM issue_judgement_rows UNION ALL SELECT issue_id, title FROM issue_rows)
WHERE title != '' ORDER BY issue_id`;
  const rows = await opened.store.query({ sql, params: {} }, z.object({ issue_id: z.string() }));
  return rows.map((row) => row.issue_id);
}

describe("a purge", () => {
  it("leaves nothing on the disk of what was deleted, in any table, and touches nothing else", async () => {
    const [gone, kept] = [randomText(), randomText()];
    const events = [
      upsert({
        nativeId: "gone-1",
        text: gone,
        revision: 1,
        engagement: { likes: 1, replies: 0, shares: 0, views: 0 },
      }),
      upsert({ nativeId: "gone-1", text: `${gone} edited`, revision: 2 }),
      upsert({ nativeId: "kept-1", text: kept, revision: 1 }),
    ];
    for (const event of events) await opened.store.table(mentionRows).write([event], signal);
    const letters = [
      aDeadLetter("store", "x:gone-1", { text: gone }),
      aDeadLetter("parse", "item 3", { id: "gone-1", body: gone }),
      aDeadLetter("parse", "item 4", { id: "kept-1", body: kept }),
    ];
    await opened.store.table(deadLetterRows).write(letters, signal);
    await opened.store
      .table(issueAssignmentRows)
      .write([anAssignment({ mentionId: "x:gone-1" }), anAssignment({ mentionId: "x:kept-1" })], signal);
    await opened.store
      .table(issueJudgementRows)
      .write(
        [
          aJudgement({ issueId: "of-gone", title: gone, quotes: ["x:other", "x:gone-1"], voices: 2 }),
          aJudgement({ issueId: "of-kept", title: "kept", quotes: ["x:kept-1"] }),
        ],
        signal,
      );
    expect(filesWith(opened.dataDir, gone).length).toBeGreaterThan(0);

    await opened.store.table(mentionRows).write([deletion("x:gone-1")], signal);
    const report = await purgeDeleted(opened.store);
    expect(report).toEqual({
      issue_assignment_rows: 1,
      issue_judgement_rows: 1,
      issue_rows: 1,
      mention_revision_rows: 2,
      engagement_rows: 1,
      dead_letter_rows: 2,
      mention_rows: 2,
    });

    expect(await count("SELECT count() AS n FROM mentions WHERE id = 'x:gone-1'")).toBe(0);
    expect(await count("SELECT count() AS n FROM mentions WHERE id = 'x:kept-1'")).toBe(1);
    expect(await count("SELECT count() AS n FROM dead_letters")).toBe(1);
    const verdicts = await opened.store.query(
      { sql: "SELECT issue_id, title, quotes, voices FROM issue_verdicts ORDER BY issue_id", params: {} },
      z.object({ issue_id: z.string(), title: z.string(), quotes: z.array(z.string()), voices: z.number() }),
    );
    expect(verdicts).toEqual([
      { issue_id: "of-gone", title: "", quotes: [], voices: 2 },
      { issue_id: "of-kept", title: "kept", quotes: ["x:kept-1"], voices: 1 },
    ]);
    // the tombstone stays, so that a late copy does not bring it back
    await opened.store.table(mentionRows).write([events[0] ?? deletion("x:none")], signal);
    expect(await count("SELECT count() AS n FROM mentions WHERE id = 'x:gone-1'")).toBe(0);
    await purgeDeleted(opened.store);
    // parts that were replaced are removed a minute later
    const until = Date.now() + 150_000;
    while (filesWith(opened.dataDir, gone).length > 0 && Date.now() < until) await sleep(2_000);
    expect(filesWith(opened.dataDir, gone)).toEqual([]);
    expect(filesWith(opened.dataDir, kept).length).toBeGreaterThan(0);
  }, 200_000);

  it("finds the dead letters of what was deleted by the platform's place of it, or by its id within", async () => {
    const uri = "at://did:plc:abc/app.bsky.feed.post/3k";
    const letters = [
      aDeadLetter("parse", uri, { odd: true }),
      aDeadLetter("parse", "a b?c=1", { odd: true }),
      aDeadLetter("read", "", { raw: `{"id":"x:${uri}"}` }),
      { ...aDeadLetter("parse", uri, { odd: true }), id: "of-another-source", source: "other" },
    ];
    await opened.store.table(deadLetterRows).write(letters, signal);
    await opened.store.table(mentionRows).write([deletion(`x:${uri}`), deletion("x:a b?c=1")], signal);
    const before = await count("SELECT count() AS n FROM dead_letters");
    expect(await purgeDeleted(opened.store)).toEqual({ dead_letter_rows: 3 });
    expect(await count("SELECT count() AS n FROM dead_letters")).toBe(before - 3);
    expect(await count("SELECT count() AS n FROM dead_letters WHERE id = 'of-another-source'")).toBe(1);
  });

  it("removes replaced parts within a minute wherever there are words or authors", () => {
    const ddl = readFileSync(join(DDL_DIRECTORY, "0013_issues.sql"), "utf8");
    for (const table of ["issue_assignment_rows", "issue_judgement_rows", "issue_rows"]) {
      const [created] = ddl.slice(ddl.indexOf(`CREATE TABLE IF NOT EXISTS ${table}`)).split(";");
      expect(created, table).toContain("old_parts_lifetime = 60");
    }
  });

  it("does nothing where nothing was deleted", async () => {
    expect(await purgeDeleted(opened.store)).toEqual({});
  });

  it("takes what a source may not keep any longer", async () => {
    const old = new Date(Date.now() - 40 * 86_400_000).toISOString();
    const young = new Date(Date.now() - 10 * 86_400_000).toISOString();
    await opened.store
      .table(mentionRows)
      .write(
        [
          upsert({ source: "short", nativeId: "old", publishedAt: old, observedAt: old }),
          upsert({ source: "short", nativeId: "young", publishedAt: young, observedAt: young }),
          upsert({ source: "long", nativeId: "old-too", publishedAt: old, observedAt: old }),
        ],
        signal,
      );
    await spokenFor("x:old", "x:old-too", "x:young");
    expect(await purgeExpired(opened.store, "short", 30)).toEqual({
      mention_rows: 1,
      issue_assignment_rows: 1,
      issue_judgement_rows: 1,
      issue_rows: 1,
    });
    expect(await count("SELECT count() AS n FROM mentions WHERE source IN ('short', 'long')")).toBe(2);
    expect(await spokenBy()).toEqual(["x:old-too", "x:young"]);
  });

  it("takes what a source that is cleared brought, and what was said of issues in its words", async () => {
    await opened.store
      .table(mentionRows)
      .write(
        [upsert({ source: "cleared", nativeId: "c1" }), upsert({ source: "other", nativeId: "o1" })],
        signal,
      );
    await spokenFor("x:c1", "x:o1");
    await clearSource(opened.store, "cleared");
    expect(await spokenBy()).toEqual(["x:o1"]);
    expect(await count("SELECT count() AS n FROM issue_assignment_rows WHERE mention_id = 'x:c1'")).toBe(0);
    expect(await count("SELECT count() AS n FROM mention_rows WHERE source = 'cleared'")).toBe(0);
  });
});
