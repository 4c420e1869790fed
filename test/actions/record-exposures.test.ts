import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { recordExposures } from "../../actions/record-exposures.ts";
import type { MentionFields } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";
import { exposures } from "../../queries/exposures.ts";
import { trackerExposures } from "../../queries/tracker-exposures.ts";
import { mentionRows } from "../../schemas/rows.ts";
import { WrittenExposure } from "../../schemas/written-exposure.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = AbortSignal.timeout(60_000);
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
  const said = (fields: Partial<MentionFields>, isSpam = false) => ({
    type: "upsert" as const,
    mention: aMention({ publishedAt: "2026-03-01T23:59:59.999Z", ...fields }),
    enrichment: anEnrichment({ spam: { isSpam, score: 0.9, reasons: [] } }),
  });
  await opened.store.table(mentionRows).write(
    [
      // the same person twice, somebody of that name elsewhere, and two nobody can tell apart
      said({ trackers: ["heard"], authorId: "ann" }),
      said({ trackers: ["heard", "birch"], authorId: "ann" }),
      said({ trackers: ["heard"], authorId: "ann", platform: "reddit" }),
      said({ trackers: ["heard"], authorId: "" }),
      said({ trackers: ["heard"], authorId: "" }),
      said({ trackers: ["heard"], authorId: "promoter" }, true),
      said({ trackers: ["heard"], authorId: "us", byUs: true }),
      said({ trackers: ["heard"], authorId: "ann", publishedAt: "2026-03-02T00:00:00.000Z" }),
      said({ trackers: ["ordered"], authorId: "bob" }),
      said({ trackers: [], authorId: "eve" }),
    ],
    signal,
  );
});
afterAll(() => opened.close());

async function tell(
  rows: readonly z.input<typeof WrittenExposure>[],
  by = "ann",
  now = "2026-03-02T10:00:00.000Z",
) {
  const told = rows.map((row) => WrittenExposure.parse(row));
  await recordExposures({ store: opened.store, exposures: told, by, context: aContext(now) }, signal);
}

/** The rows a question gives, which its SQL as shown must give too. */
async function ask(params: object) {
  const statement = trackerExposures.statement(trackerExposures.params.parse(params));
  const rows = await opened.reader.query(statement, trackerExposures.row);
  expect(await opened.reader.query({ sql: showSql(statement), params: {} }, trackerExposures.row)).toEqual(
    rows,
  );
  return rows.map(({ day, measure, exposure }) => [day.slice(5), measure, exposure]);
}

describe("what could have complained", () => {
  it("is the people heard each day, once each, where nothing is imported", async () => {
    expect(await ask({ tracker: "heard" })).toEqual([
      ["03-01", "voices", 4],
      ["03-02", "voices", 1],
    ]);
    expect(await ask({ tracker: "untracked" })).toEqual([["03-01", "voices", 1]]);
    expect(await ask({ tracker: "heard", from: "2026-03-02" })).toEqual([["03-02", "voices", 1]]);
    expect(await ask({ tracker: "heard", to: "2026-03-02" })).toEqual([["03-01", "voices", 4]]);
  });

  it("is what was imported, corrected where it was told again, and of no other tracker", async () => {
    const order = { tracker: "ordered", measure: "orders" };
    await tell([
      { ...order, day: "2026-02-27", count: 100 },
      { ...order, day: "2026-02-28", count: 1 },
    ]);
    await tell([{ ...order, day: "2026-02-28", count: "120.5" }], "bob", "2026-03-02T11:00:00.000Z");
    expect(await ask({ tracker: "ordered" })).toEqual([
      ["02-27", "orders", 100],
      ["02-28", "orders", 120.5],
    ]);
    expect(await ask({ tracker: "ordered", from: "2026-03-01" })).toEqual([]);
    expect(await ask({ tracker: "heard" })).toHaveLength(2);
    const all = await ask({});
    expect(all.map(([, measure]) => measure)).toEqual([
      "voices",
      "voices",
      "voices",
      "orders",
      "orders",
      "voices",
    ]);
  });

  it("is one measure for all days: the one asked for, else the one of the most days, or voices again", async () => {
    const of = (measure: string, day: string, count: number) => ({ tracker: "both", measure, day, count });
    await tell([
      of("installs", "2026-02-01", 1),
      of("active_users", "2026-02-01", 2),
      of("active_users", "2026-02-02", 3),
      of("installs", "2026-02-09", 4),
      of("installs", "2026-02-10", 5),
    ]);
    expect(await ask({ tracker: "both" })).toHaveLength(3);
    expect(await ask({ tracker: "both", to: "2026-02-03" })).toEqual([["02-01", "installs", 1]]);
    expect(await ask({ tracker: "both", measure: "active_users" })).toEqual([
      ["02-01", "active_users", 2],
      ["02-02", "active_users", 3],
    ]);
    expect(await ask({ tracker: "both", measure: "orders" })).toHaveLength(3);
    expect(await ask({ tracker: "ordered", measure: "voices" })).toEqual([["03-01", "voices", 1]]);
  });

  it("adds versions up on days that have no count of all of them", async () => {
    const of = (version: string, day: string, count: number) => ({
      tracker: "versioned",
      measure: "installs",
      version,
      day,
      count,
    });
    await tell([
      of("5.1", "2026-02-01", 10),
      of("5.2", "2026-02-01", 20),
      of("5.2", "2026-02-02", 25),
      of("", "2026-02-02", 40),
    ]);
    expect(await ask({ tracker: "versioned" })).toEqual([
      ["02-01", "installs", 30],
      ["02-02", "installs", 40],
    ]);
    const rows = await opened.reader.query(
      exposures.statement(
        exposures.params.parse({ tracker: "versioned", version: "5.2", from: "2026-02-01" }),
      ),
      exposures.row,
    );
    expect(rows).toEqual([
      {
        tracker: "versioned",
        measure: "installs",
        version: "5.2",
        day: "2026-02-02",
        count: 25,
        by: "ann",
        recorded_at: "2026-03-02T10:00:00.000Z",
      },
      expect.objectContaining({ day: "2026-02-01", count: 20 }),
    ]);
  });
});

describe("exposures that cannot be", () => {
  const right = { tracker: "refused", measure: "orders", day: "2026-03-02", count: 1 };

  it.each([
    [[right, { ...right, day: "2026-03-03" }], "1.day: 2026-03-03 is in the future"],
    [[right, right], "1.day: 2026-03-02 of refused is there twice"],
  ])("are refused whole, and the first is named", async (rows, message) => {
    await expect(tell(rows)).rejects.toMatchObject({
      code: "request_invalid",
      message: expect.stringContaining(message) as string,
    });
    expect(await ask({ tracker: "refused" })).toEqual([]);
  });

  it.each<[object, RegExp]>([
    [{ count: -1 }, /not be negative/],
    [{ count: "1,234" }, /number like/],
    [{ count: Number.NaN }, /number like/],
    [{ count: "" }, /number like/],
    [{ day: "2026-02-30" }, /no such day/],
    [{ day: "1969-12-31" }, /before 1970/],
    [{ day: "2026-03-01T10:00:00Z" }, /day like/],
    [{ measure: "voices" }, /another name/],
    [{ measure: "Orders!" }, /a-z/],
    [{ tracker: "" }, /a-z/],
  ])("%j is no exposure", (fields, message) => {
    const parsed = WrittenExposure.safeParse({ ...right, ...fields });
    expect(parsed.error?.issues[0]?.message).toMatch(message);
  });

  it("may have a midnight behind the day, as exporters write it", () => {
    const day = ({ day: written }: { day: string }) => WrittenExposure.parse({ ...right, day: written }).day;
    expect(day({ day: "2026-03-01 00:00:00.000" })).toBe("2026-03-01");
    expect(day({ day: "2026-03-01T00:00:00Z" })).toBe("2026-03-01");
  });
});
