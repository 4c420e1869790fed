import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { importRows, type RowReport } from "../../cli/import-rows.ts";
import { WrittenChange } from "../../schemas/written-change.ts";
import { WrittenExposure } from "../../schemas/written-exposure.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-rows-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;

/** What a file says. */
async function read<S extends typeof WrittenChange | typeof WrittenExposure>(
  schema: S,
  name: string,
  text: string,
  options: { otherwise?: Record<string, string | undefined>; check?: () => string | undefined } = {},
): Promise<RowReport & { rows: object[] }> {
  const file = join(folder, name);
  await writeFile(file, text);
  const rows: object[] = [];
  const report = await importRows(
    { file, schema, lists: ["fixes"], ...options, take: async (some) => void rows.push(...some) },
    signal,
  );
  return { ...report, rows };
}

it("reads tables whatever their columns are called and in whatever order, and says what it did not read", async () => {
  const table = `Title;Ends at;AT;kind;fixes;shoe size
"Spring; sale";2026-02-20 10:00;2026-02-10;campaign;ab12 cd34;43
Five point two;;2026-02-01T08:00:00+01:00;release;n/a;
`;
  const { rows, taken, failed, unread } = await read(WrittenChange, "a.csv", table);
  expect([taken, failed, unread]).toEqual([2, [], ["shoe size"]]);
  expect(rows).toMatchObject([
    { title: "Spring; sale", endsAt: "2026-02-20T10:00:00.000Z", fixes: ["ab12", "cd34"] },
    { title: "Five point two", at: "2026-02-01T07:00:00.000Z", fixes: [], version: "" },
  ]);
});

it("reads JSON lines and lists of JSON, with what is meant where a row does not say", async () => {
  const lines = `{"day":"2026-03-01","count":1200}\n{"day":"2026-03-02","count":"7.5","tracker":"birch","version":5}\n`;
  const otherwise = { tracker: "acme", measure: "orders" };
  expect((await read(WrittenExposure, "a.jsonl", lines, { otherwise })).rows).toEqual([
    { tracker: "acme", measure: "orders", version: "", day: "2026-03-01", count: 1200 },
    { tracker: "birch", measure: "orders", version: "5", day: "2026-03-02", count: 7.5 },
  ]);
  const list = JSON.stringify([
    { kind: "fix", title: "x", at: "2026-03-01", fixes: ["a b", "c"], url: null },
  ]);
  expect((await read(WrittenChange, "a.json", list)).rows).toMatchObject([{ fixes: ["a b", "c"], url: "" }]);
});

it("says of every wrong row which line it is and what is wrong, and takes the others", async () => {
  const table = `day,count,tracker
2026-03-01,10,acme
2026-03-02,-3,acme
tomorrow,x,acme
2026-03-03,4
2026-03-04,4,acme
`;
  const { taken, failed } = await read(WrittenExposure, "wrong.csv", table, {
    otherwise: { measure: "orders" },
  });
  expect(taken).toBe(2);
  expect(failed).toEqual([
    { line: 3, reason: "count: must not be negative" },
    {
      line: 4,
      reason: expect.stringMatching(/^day: must be a day like .*; count: must be a number/) as string,
    },
    { line: 5, reason: expect.any(String) as string },
  ]);
  const unsaid = await read(WrittenExposure, "unsaid.jsonl", `{"day":"2026-03-01","count":1}\n{"day":\n`);
  expect(unsaid.failed[0]).toEqual({ line: 1, reason: "tracker: is missing; measure: is missing" });
  expect(unsaid.failed[1]?.line).toBe(2);
  const refused = await read(WrittenExposure, "refused.jsonl", `{"day":"2026-03-01","count":1}\n`, {
    otherwise: { tracker: "acme", measure: "orders" },
    check: () => "day: is there twice",
  });
  expect([refused.taken, refused.failed]).toEqual([0, [{ line: 1, reason: "day: is there twice" }]]);
});

it("says of a file that is not there that it is not there", async () => {
  const missing = importRows(
    { file: join(folder, "none.csv"), schema: WrittenChange, take: async () => {} },
    signal,
  );
  await expect(missing).rejects.toMatchObject({ code: "config_invalid" });
});
