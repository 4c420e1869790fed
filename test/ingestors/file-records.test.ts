import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openRecords, planRecords } from "../../ingestors/file/index.ts";

type Hints = Partial<Parameters<typeof openRecords>[1]>;

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function open(content: string | Buffer, hints: Hints = {}, name = "Standard input", chunkSize = 7) {
  const bytes = chunksOf(Buffer.from(content), chunkSize);
  return openRecords({ name, bytes, isSlow: true }, { hasColumns: false, ...hints });
}

async function recordsOf(opened: Awaited<ReturnType<typeof open>>) {
  const records = [];
  for await (const group of opened.records) records.push(...group);
  return records;
}

type Known = Parameters<typeof planRecords>[2]["columns"];

async function fieldsOf(content: string, columns: Known = {}, name?: string) {
  const opened = await open(content, { hasColumns: Object.keys(columns).length > 0 }, name, 1024);
  const plan = planRecords(opened, name ?? "Standard input", {
    columns,
    publishedAt: "2026-03-01T00:00:00.000Z",
  });
  const records = await recordsOf(opened);
  return records.map((record) => ({ id: plan.idOf(record), ...plan.fieldsOf(record) }));
}

describe("records that come as a stream", () => {
  it.each([
    ["JSON lines", '{"text":"a"}\n{"text":"b"}\n', "jsonl"],
    ["a single JSON line", '{"text":"a"}', "jsonl"],
    ["JSON lines whose first is broken", '{"text": "a\n{"text":"b"}\n', "jsonl"],
    ["JSON lines whose first is no JSON at all", '{broken\n{"text":"b"}\n', "jsonl"],
    ["a JSON list", '[{"text":"a"},\n{"text":"b"}]', "json"],
    ["a JSON list over lines", '[\n  {\n    "text": "a"\n  }\n]\n', "json"],
    ["a wrapped JSON list", '{"data":[\n{"text":"a"},\n{"text":"b"}]}', "json"],
    ["a table", "id,text\n1,good\n", "csv"],
    ["a table of one column", 'text\n"good, really"\n', "csv"],
    ["a table with semicolons", "id;review\n1;good\n", "csv"],
    ["a table with tabs", "id\tcomment\n1\tgood\n", "tsv"],
    ["prose with commas", "Great, review\nbad, really\n", "lines"],
    ["prose that begins with a known name", "Text, he said, is dead.\nNo, it is not.\n", "lines"],
    ["a single word that is also a column's name", "complaint", "lines"],
    ["prose", "it broke\n\nagain\n", "lines"],
    ["nothing", "", "lines"],
  ])("are told to be %s", async (_, content, format) => {
    expect((await open(content)).format).toBe(format);
  });

  it("are what they are said to be", async () => {
    expect((await open('{"text":"a"}\n', { format: "lines" })).format).toBe("lines");
    expect((await open("a,b\n1,2\n", { format: "csv" })).header).toEqual(["a", "b"]);
    expect((await open("a,b\n1,2\n", {}, "plain.csv")).format).toBe("csv");
    expect((await open("a,b\n1,2\n", { hasColumns: true })).format).toBe("csv");
  });

  it.each([1, 3, 64, 100_000])("are the same cut into chunks of %d bytes, packed or not", async (size) => {
    const content = 'id,text\n1,"it’s\n""bad"""\n2,\n3,a,b\n4,ok\n';
    const expected = [
      { line: 2, record: { id: "1", text: 'it’s\n"bad"' } },
      { line: 4, record: { id: "2", text: "" } },
      { line: 5, fault: { raw: "3,a,b" } },
      { line: 6, record: { id: "4", text: "ok" } },
    ];
    for (const bytes of [Buffer.from(content), gzipSync(content)]) {
      expect(await recordsOf(await open(bytes, {}, "reviews", size))).toMatchObject(expected);
    }
  });

  it("keep blank lines where lines are all there is, and count them", async () => {
    const records = await recordsOf(await open("it broke\r\n\r\nagain"));
    expect(records).toEqual(
      [
        { line: 1, record: { text: "it broke" } },
        { line: 2, record: { text: "" } },
        { line: 3, record: { text: "again" } },
      ].map(({ line, record }) => ({ line, record: Object.assign(Object.create(null) as object, record) })),
    );
  });

  it("are there before their end is", async () => {
    let finish = (): void => {};
    const rest = new Promise<void>((resolve) => (finish = resolve));
    async function* bytes(): AsyncGenerator<Buffer> {
      yield Buffer.from('{"text":"a"}\n');
      await rest;
      yield Buffer.from('{"text":"b"}\n');
    }
    const opened = await openRecords(
      { name: "Standard input", bytes: bytes(), isSlow: true },
      { hasColumns: false },
    );
    const groups = opened.records[Symbol.asyncIterator]();
    expect((await groups.next()).value).toEqual([{ line: 1, record: { text: "a" } }]);
    finish();
    expect((await groups.next()).value).toEqual([{ line: 2, record: { text: "b" } }]);
  });

  it("end with a fault where the gzip they came in is cut short", async () => {
    const packed = gzipSync(Array.from({ length: 5_000 }, (_, n) => `{"text":"row ${n * 7919}"}`).join("\n"));
    const records = await recordsOf(await open(packed.subarray(0, packed.length - 200), {}, "x", 512));
    expect(records.length).toBeGreaterThan(1_000);
    expect(records.at(-1)?.fault?.reason).toMatch(/cut short/);
  });

  it("are refused when they are a spreadsheet", async () => {
    await expect(open(Buffer.from("PK\u0003\u0004 and so on\n"))).rejects.toMatchObject({
      code: "config_invalid",
    });
  });
});

describe("the columns of records that come as a stream", () => {
  it("are told by name: text, title, rating, language and id", async () => {
    const [first] = await fieldsOf(
      '{"tweet_id":570306133677760513,"Review":"it broke","title":"Bad","stars":2,"lang":"de"}\n',
    );
    expect(first).toMatchObject({
      id: "570306133677760513",
      text: "it broke",
      title: "Bad",
      rating: 2,
      ratingMax: 5,
      languageHint: "de",
    });
  });

  it("may have ids that repeat, and give the line where there is none", async () => {
    const rows = await fieldsOf('id,text\na,"one\nmore"\na,two\n,three\n');
    expect(rows.map(({ id }) => id)).toEqual(["a", "a", "5"]);
  });

  it("are told anew for a JSON record written otherwise", async () => {
    const rows = await fieldsOf(
      '{"text":"one thing"}\n{"review":"another thing"}\n{"n":1}\n{"constructor":"no text"}\n',
    );
    expect(rows.map(({ text }) => text)).toEqual(["one thing", "another thing", "", ""]);
  });

  it("are those that were named, in any case", async () => {
    const rows = await fieldsOf("Who,What,When\nann,it broke,2026-02-03\n", {
      text: "what",
      id: "Who",
      publishedAt: "when",
    });
    expect(rows).toMatchObject([{ id: "ann", text: "it broke", publishedAt: "2026-02-03T00:00:00.000Z" }]);
  });

  it.each([
    ["a table", "id,text\n1,good\n"],
    ["JSON", '{"id":1,"text":"good"}\n'],
  ])("are named with those there are when %s has none of that name", async (_, content) => {
    await expect(fieldsOf(content, { text: "body" })).rejects.toThrow(
      /Standard input has no field body; its fields are id, text\./,
    );
  });

  it("are asked for where none is a text", async () => {
    await expect(fieldsOf('{"a":1,"b":2}\n')).rejects.toThrow(/--text FIELD \(its fields are a, b\)/);
  });

  it("leave out a guessed rating beyond its scale, and refuse a named one", async () => {
    const content = `score,text\n${"3,fine product\n".repeat(9)}17,fine product\n`;
    expect((await fieldsOf(content)).at(-1)).toMatchObject({ rating: null, text: "fine product" });
    await expect(fieldsOf(content, { rating: "score" })).rejects.toThrow(
      /17 in column score is outside 0 to 5/,
    );
  });

  it("hold what objects inherit in no record", async () => {
    const [row] = await fieldsOf('{"text":"constructor"}\n');
    expect(row).toMatchObject({ id: "1", text: "constructor", title: "", languageHint: "" });
  });
});
