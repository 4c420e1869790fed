import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import { fileIngestor, planImport, sniffFile } from "../../ingestors/file/index.ts";
import type { FileItem } from "../../ingestors/file/plan.ts";
import type { FileCursor } from "../../ingestors/file/read-records.ts";
import { ingestorContract } from "../contracts/ingestor.ts";
import { aContext, aPollRun } from "../support/builders.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const folder = mkdtempSync(join(tmpdir(), "earshot-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** Writes a file of its own and gives its path. */
function aFile(content: string | Uint8Array, extension = "csv"): string {
  const path = join(folder, `${++files}.${extension}`);
  writeFileSync(path, content);
  return path;
}

async function* poll(
  path: string,
  config: object = {},
  cursor?: FileCursor,
  signal = new AbortController().signal,
) {
  const run = aPollRun({
    config: fileIngestor.config.parse({ path, ...config }),
    cursor,
    signal,
    context: aContext(OBSERVED_AT),
  });
  yield* fileIngestor.poll(run) as AsyncIterable<Page<FileCursor>>;
}

/** What one item becomes: its mention, or its position and the reason it is rejected for. */
function outcome(item: unknown) {
  try {
    const parsed = fileIngestor.parse(item, OBSERVED_AT);
    if (parsed.type !== "upsert") throw new Error("a file has nothing but mentions");
    return { mention: toMention(parsed.mention, { source: "file", trackers: [], observedAt: OBSERVED_AT }) };
  } catch (error) {
    if (!(error instanceof EarshotError) || error.code !== "record_invalid") throw error;
    return { rejection: `${fileIngestor.position?.(item)}: ${error.message}` };
  }
}

async function read(path: string, config: object = {}, cursor?: FileCursor) {
  const pages: Page<FileCursor>[] = [];
  for await (const page of poll(path, config, cursor)) pages.push(page);
  const items = pages.flatMap((page) => page.items) as FileItem[];
  const outcomes = items.map(outcome);
  return {
    pages,
    items,
    mentions: outcomes.flatMap(({ mention }) => (mention === undefined ? [] : [mention])),
    rejections: outcomes.flatMap(({ rejection }) => (rejection === undefined ? [] : [rejection])),
    cursor: pages.at(-1)?.cursor,
  };
}

const texts = async (path: string, config: object = {}): Promise<string[]> =>
  (await read(path, config)).mentions.map(({ text }) => text);

/** A CSV of that many short reviews. */
function aCsv(rows: number, from = 0): string {
  const lines = Array.from(
    { length: rows },
    (_, at) => `r${from + at},Parcel ${from + at} came late,2026-01-02`,
  );
  return `id,text,date\n${lines.join("\n")}\n`;
}

ingestorContract("file", {
  ingestor: fileIngestor,
  // rows are wide, so that few of them fill several pages
  severalPages: 16,
  foreignCursor: { fingerprint: "of another file", records: 2, isComplete: false },
  without: {
    garbage: "rubbish in a file is a dead letter each, not the end of it",
    rate_limited: "a file has no limits",
    unauthorized: "a file that may not be read is a mistake in the config",
    forbidden: "a file that may not be read is a mistake in the config",
    budget: "a file costs nothing",
    reread: "a file is read whole",
    unavailable: "a disk that fails cannot be played",
    hang: "a disk that hangs cannot be played; abort is tested below",
  },
  open() {
    const path = aFile("id,text,date,notes of ours\n");
    const wide = "x".repeat(600_000);
    let count = 0;
    return {
      config: { path },
      publish(more) {
        const ids = Array.from({ length: more }, () => `r${count++}`);
        appendFileSync(
          path,
          ids.map((id) => `${id},The parcel of ${id} never came,2026-01-02,${wide}\n`).join(""),
        );
        return ids;
      },
      publishBroken: () => appendFileSync(path, "broken,row\n"),
      close: async () => {},
    };
  },
});

describe("the formats of a file", () => {
  const rows = [
    { text: "Kommt zu spät – schade", date: "2026-01-02" },
    { text: "Came late", date: "2026-01-03" },
  ];
  const expected = rows.map(({ text }) => text);
  const csv = `text,date\n${rows.map(({ text, date }) => `${text},${date}`).join("\n")}`;
  const json = JSON.stringify(rows);

  it.each<[string, string | Uint8Array, string]>([
    ["CSV", csv, "csv"],
    ["CSV with semicolons", csv.replaceAll(",", ";"), "csv"],
    ["CSV with bars, called .txt", csv.replaceAll(",", "|"), "txt"],
    ["CSV that names its delimiter to Excel", `sep=;\n${csv.replaceAll(",", ";")}`, "csv"],
    ["TSV", csv.replaceAll(",", "\t"), "tsv"],
    ["CSV with CRLF", csv.replaceAll("\n", "\r\n"), "csv"],
    ["CSV with CR", csv.replaceAll("\n", "\r"), "csv"],
    ["UTF-8 with byte order mark", `\ufeff${csv}`, "csv"],
    ["UTF-16LE", Buffer.from(`\ufeff${csv}`, "utf16le"), "csv"],
    ["UTF-16LE without byte order mark", Buffer.from(csv, "utf16le"), "csv"],
    ["UTF-16BE", Buffer.from(`\ufeff${csv}`, "utf16le").swap16(), "csv"],
    ["windows-1252", Buffer.from(csv.replace("–", "\u0096"), "latin1"), "csv"],
    ["gzipped CSV", gzipSync(csv), "csv.gz"],
    ["gzip by its first bytes alone", gzipSync(csv), "csv"],
    ["two gzip members", Buffer.concat([gzipSync(csv.slice(0, 20)), gzipSync(csv.slice(20))]), "gz"],
    ["JSON lines", rows.map((row) => JSON.stringify(row)).join("\n"), "jsonl"],
    ["JSON lines called .json", rows.map((row) => JSON.stringify(row)).join("\r\n\r\n"), "json"],
    ["JSON lines without a known extension", rows.map((row) => JSON.stringify(row)).join("\n"), "dump"],
    ["a JSON list", json, "json"],
    ["a JSON list called .jsonl", json, "jsonl"],
    ["an indented JSON list", JSON.stringify(rows, null, 2), "json"],
    ["a JSON object with a list in it", `{"count":2,"reviews":${json}}`, "json"],
    ["gzipped JSON", gzipSync(`{"data":{"items":${json}}}`), "json.gz"],
  ])("include %s", async (_, content, extension) => {
    const { mentions, rejections, cursor } = await read(aFile(content, extension));
    expect(mentions.map(({ text }) => text)).toEqual(expected);
    expect(rejections).toEqual([]);
    expect(cursor).toMatchObject({ records: 2, isComplete: true });
  });

  it("read windows-1252's own characters, which are not ISO 8859-1's", async () => {
    const bytes = Buffer.from("text,date\nIt\u0092s 5 \u0080,2026-01-02\n", "latin1");
    expect(await texts(aFile(bytes))).toEqual(["It’s 5 €"]);
  });

  it("do not take one broken byte in UTF-8 for another encoding", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`text,date\n${"zu spät und schön kaputt,2026-01-02\n".repeat(20)}kap`),
      Buffer.from([0xff]),
      Buffer.from("tt,2026-01-02\n"),
    ]);
    const read = await texts(aFile(bytes));
    expect(read[0]).toBe("zu spät und schön kaputt");
    expect(read.at(-1)).toBe("kap\ufffdtt");
  });

  it("can be said instead of told", async () => {
    const path = aFile("text|date;x\nCame, late|2026-01-02;x\n", "txt");
    const { mentions } = await read(path, {
      delimiter: "|",
      map: { text: "text", publishedAt: "date;x" },
      dateFormat: "yyyy-MM-dd;'x'",
    });
    expect(mentions).toMatchObject([{ text: "Came, late", publishedAt: "2026-01-02T00:00:00.000Z" }]);
    const latin2 = aFile(Buffer.from("text,date\nZa p\u00f3\u00bcno,2026-01-02\n", "latin1"));
    expect(await texts(latin2, { charset: "iso-8859-2" })).toEqual(["Za późno"]);
  });

  it("exclude spreadsheets, which are to be saved as CSV first", async () => {
    for (const magic of ["PK\u0003\u0004 and more", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1])]) {
      await expect(read(aFile(magic, "xlsx"))).rejects.toMatchObject({
        code: "config_invalid",
        message: expect.stringMatching(/save the sheet as CSV/) as string,
      });
    }
  });
});

describe("a file that cannot be read", () => {
  it("is a mistake in the config, told with its name", async () => {
    await expect(read(join(folder, "nowhere.csv"))).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(/nowhere\.csv.*no such file/) as string,
    });
    await expect(read(folder)).rejects.toMatchObject({ code: "config_invalid" });
  });

  it("may be a named pipe nobody writes to, and is not waited for", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    await expect(read(path)).rejects.toMatchObject({ code: "config_invalid" });
  });

  it("may lack the column the config names, which is told with those there are", async () => {
    await expect(read(aFile(aCsv(1)), { map: { text: "review" } })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(/no column review to read text from.*id, text, date/) as string,
    });
  });

  it("may have neither text nor rating", async () => {
    await expect(read(aFile("sku,price\n1,2\n"))).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(/text or a rating.*sku, price/) as string,
    });
  });

  it("may be empty or have a header only, and then has nothing in it", async () => {
    for (const content of ["", "\n\n \n", "text,date\n", "text,date", gzipSync("")]) {
      const { items, cursor, pages } = await read(aFile(content));
      expect(items).toEqual([]);
      expect(cursor).toMatchObject({ records: 0, isComplete: true });
      expect(pages.at(-1)?.progress).toBe(1);
    }
    expect((await read(aFile("[]", "json"))).items).toEqual([]);
    expect((await read(aFile("", "jsonl"))).items).toEqual([]);
  });
});

describe("a broken row", () => {
  it("of a CSV costs no other, and is told with its line", async () => {
    const { mentions, rejections } = await read(
      aFile(
        [
          "id,text,date,stars",
          "1,fine,2026-01-02,5",
          "2,too few",
          "",
          '3,"two',
          'lines",2026-01-02,4',
          "4,too,many,2026-01-02,3",
          '5,"unclosed,2026-01-02,3',
          "6,bad date,2026-02-30,3",
          "7,no date,,3",
          "8,too good,2026-01-02,9",
          '9,"fine, too",2026-01-02,1',
        ].join("\r\n"),
      ),
    );
    expect(mentions.map(({ nativeId, text }) => [nativeId, text])).toEqual([
      ["1", "fine"],
      ["3", "two\nlines"],
      ["9", "fine, too"],
    ]);
    expect(rejections).toEqual([
      expect.stringMatching(/^line 3: This row has 2 cells and the header 4/),
      expect.stringMatching(/^line 7: This row has 5 cells/),
      expect.stringMatching(/^line 8: A quote/),
      expect.stringMatching(/^line 9: "2026-02-30" in column date is no date/),
      expect.stringMatching(/^line 10: There is no date in column date\.$/),
      expect.stringMatching(/^line 11: 9 in column stars is outside 0 to 5/),
    ]);
  });

  it("of JSON lines costs no other, and is told with its line", async () => {
    const { mentions, rejections } = await read(
      aFile(
        [
          '{"text":"fine","date":"2026-01-02"}',
          "",
          '{"text":"cut',
          "[1]",
          '{"text":{"a":1},"date":"2026-01-02"}',
          '{"text":"","date":"2026-01-02"}',
          '{"date":"2026-01-02"}',
          "\u0000\u0001 rubbish \ud800",
          '{"text":"fine \\u0000\\ud800 too","date":"2026-01-02"}',
        ].join("\n"),
        "jsonl",
      ),
      { map: { text: "text", publishedAt: "date" } },
    );
    expect(mentions.map(({ text }) => text)).toEqual(["fine", "fine \ufffd too"]);
    expect(rejections.map((rejection) => rejection.slice(0, 40))).toEqual([
      "line 3: This is no valid JSON (Untermina",
      "line 4: This is no JSON object; each rec",
      "line 5: Column text holds a list or an o",
      "line 6: There is no text, title or ratin",
      "line 7: There is no text, title or ratin",
      "line 8: This is no valid JSON (Unexpecte",
    ]);
  });

  it("of a JSON list is told with its number, and a list that breaks off keeps what came before", async () => {
    const item = '{"text":"fine","date":"2026-01-02"}';
    const { mentions, rejections } = await read(aFile(`[${item},{"text":},3,${item},{"text":"cut`, "json"));
    expect(mentions).toHaveLength(2);
    expect(rejections.map((rejection) => rejection.slice(0, 30))).toEqual([
      "item 2: This is no valid JSON ",
      "item 3: This is no JSON object",
      "item 5: The file ends before i",
    ]);
  });

  it("keeps what was wrong in its item, cut to what a person needs", async () => {
    const { items } = await read(aFile(`text,date\nfine,2026-01-02\n${"x".repeat(9_000)}\n`));
    expect(items[1]?.fault?.raw).toMatch(/^x{2000}…$/);
    expect(items[1]?.record).toBeUndefined();
  });

  it("longer than 16 MiB is rejected alone", async () => {
    const long = "x".repeat(17 * 1024 * 1024);
    const { mentions, rejections } = await read(
      aFile(`text,date\nbefore,2026-01-02\n"${long}",2026-01-02\nafter,2026-01-02\n`),
    );
    expect(mentions.map(({ text }) => text)).toEqual(["before", "after"]);
    expect(rejections).toEqual([expect.stringMatching(/^line 3: .*longer than 16 MiB/)]);
  });

  it("is told at the cut of a truncated gzip, whose rows before it are kept", async () => {
    const whole = aCsv(5_000);
    const cut = gzipSync(whole);
    const { mentions, rejections, cursor } = await read(aFile(cut.subarray(0, cut.length - 2_000), "csv.gz"));
    expect(mentions.length).toBeGreaterThan(1_000);
    expect(mentions.map(({ nativeId }) => nativeId)).toEqual(mentions.map((_, at) => `r${at}`));
    expect(rejections).toEqual([
      expect.stringMatching(new RegExp(`^line ${mentions.length + 2}: The gzip file is cut short`)),
    ]);
    expect(cursor).toMatchObject({ isComplete: true, records: mentions.length + 1 });
  });

  it("is told where a gzip is damaged", async () => {
    const bytes = gzipSync(aCsv(5_000));
    bytes.fill(0xff, 12_000, 12_050);
    const { rejections } = await read(aFile(bytes, "csv.gz"));
    expect(rejections.at(-1)).toMatch(/The gzip file is damaged/);
  });

  it("may have __proto__ and constructor for columns, which pollute nothing", async () => {
    const csv = aFile("__proto__,constructor,text,date\nx,y,fine,2026-01-02\n");
    const { items, mentions } = await read(csv, {
      map: { text: "text", publishedAt: "date", title: "__proto__" },
    });
    expect(mentions).toMatchObject([{ text: "fine", title: "x" }]);
    expect(outcome(JSON.parse(JSON.stringify(items[0]))).mention).toEqual(mentions[0]);
    const json = aFile('{"__proto__":{"text":"bad"},"text":"fine","date":"2026-01-02"}\n', "jsonl");
    expect(await texts(json)).toEqual(["fine"]);
    expect(({} as Record<string, unknown>)["text"]).toBeUndefined();
  });

  it("never stops arbitrary bytes from being read to their end, each row a mention or a rejection", async () => {
    const config = { map: { text: "text", publishedAt: "date" } };
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom("\n", '"', ",", "fine,2026-01-02\n", "{", "}", "[", '{"text":"x"}\n', "\u0000", "\r\n")
        .map((text) => Buffer.from(text)),
    );
    const body = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces));
    const kind = fc.constantFrom("csv", "tsv", "jsonl", "json");
    await fc.assert(
      fc.asyncProperty(body, kind, fc.boolean(), async (bytes, format, isZipped) => {
        const isTable = format === "csv" || format === "tsv";
        const content = isTable ? Buffer.concat([Buffer.from("text,date\n"), bytes]) : bytes;
        const path = aFile(isZipped ? gzipSync(content) : content, "bin");
        const settled = { format, charset: "utf-8", delimiter: "," };
        const { items, mentions, rejections, cursor } = await read(
          path,
          isTable ? { ...settled, ...config } : { ...config, ...settled },
        );
        expect(mentions.length + rejections.length).toBe(items.length);
        expect(cursor).toMatchObject({ records: items.length, isComplete: true });
        rmSync(path);
      }),
      { numRuns: 400 },
    );
  });

  it("never stops arbitrary bytes whose format has to be told first", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const path = aFile(bytes, "bin");
        const settled = await read(path).catch((error: unknown) => error);
        if (settled instanceof Error) expect(settled).toMatchObject({ code: "config_invalid" });
        rmSync(path);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a mention from a file", () => {
  const columns = {
    id: "id",
    text: "text",
    title: "title",
    publishedAt: "at",
    updatedAt: "edited",
    rating: "stars",
    authorHandle: "who",
    authorFollowers: "followers",
    likes: "likes",
    parentId: "parent",
    country: "country",
  };
  const row = {
    id: 570306133677760,
    text: "Tea &amp; cake &lt;late&gt; &amp;amp; &eacute;",
    title: "&quot;Late&#39;",
    at: "24/02/2015 11:35",
    edited: "2015-02-25T00:00:00Z",
    stars: "4,5",
    who: "@ann",
    followers: "1,234",
    likes: "n/a",
    parent: "77",
  };
  const one = async (record: object, config: object = {}) => {
    const path = aFile(JSON.stringify(record), "jsonl");
    const { mentions, rejections } = await read(path, { map: columns, platform: "forum", ...config });
    return mentions[0] ?? rejections[0];
  };

  it("has every field that is mapped, and the constants for what a row does not say", async () => {
    const constants = {
      product: "Kettle",
      country: "DE",
      language: "en",
      timezone: "Europe/Berlin",
      trackers: ["acme"],
    };
    expect(await one(row, constants)).toMatchObject({
      id: "forum:570306133677760",
      kind: "review",
      title: `"Late'`,
      publishedAt: "2015-02-24T10:35:00.000Z",
      revision: Date.parse("2015-02-25T00:00:00Z"),
      rating: 4.5,
      ratingMax: 5,
      authorHandle: "ann",
      authorId: "ann",
      authorFollowers: 1_234,
      engagement: { likes: null, replies: null, shares: null, views: null },
      parentId: "forum:77",
      product: "Kettle",
      country: "DE",
      languageHint: "en",
      trackers: ["acme"],
    });
    expect(await one({ ...row, country: "AT" }, constants)).toMatchObject({ country: "AT" });
  });

  it("has the five entities of XML decoded once, and no others", async () => {
    expect(await one(row)).toMatchObject({ text: "Tea & cake <late> &amp; &eacute;" });
  });

  it("has the same id for the same row without an id, and another when anything that tells rows apart differs", async () => {
    const anonymous = { ...row, id: null };
    const ids = await Promise.all(
      [
        anonymous,
        { ...anonymous, likes: 3 },
        { ...anonymous, text: "x" },
        { ...anonymous, title: "x" },
        { ...anonymous, at: "25/02/2015 11:35" },
        { ...anonymous, who: "bob" },
        { ...anonymous, stars: "1" },
      ].map(async (record) => {
        const mention = await one(record);
        return typeof mention === "object" ? mention.nativeId : mention;
      }),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(6);
  });

  it("keeps an NPS answer on its scale of ten", async () => {
    const path = aFile(
      "nps,comment,date\n9,Good enough for us,2026-01-02\n3,Came far too late,2026-01-02\n11,Too good,2026-01-02\n",
    );
    const { mentions, rejections } = await read(path);
    expect(mentions.map(({ rating, ratingMax }) => [rating, ratingMax])).toEqual([
      [9, 10],
      [3, 10],
    ]);
    expect(rejections).toEqual([expect.stringMatching(/line 4: 11 in column nps is outside 0 to 10/)]);
  });

  it.each([
    [{ ...row, stars: "lovely" }, '"lovely" in column stars is no rating'],
    [{ ...row, stars: "-1" }, "-1 in column stars is outside 0 to 5"],
    [{ ...row, at: "x".repeat(200) }, `"${"x".repeat(80)}…" in column at is no date`],
    [{ ...row, at: null }, "There is no date in column at"],
    [{ ...row, edited: "soon" }, '"soon" in column edited is no date'],
  ])("is rejected with the column and the value", async (record, reason) => {
    expect(await one(record)).toContain(reason);
  });

  it("is never dated now where no column is a date", async () => {
    expect(await one(row, { map: { text: "text" } })).toContain("There is no date");
  });

  it("can be parsed again from a stored dead letter, and from nothing else", async () => {
    const { items } = await read(aFile(aCsv(1)));
    const stored: unknown = JSON.parse(JSON.stringify(items[0]));
    expect(outcome(stored).mention).toEqual(outcome(items[0]).mention);
    const broken = { line: 2, record: { text: "x" }, plan: { platform: "Not A Slug" } };
    expect(outcome(broken).rejection).toMatch(/plan of this item is broken/);
  });
});

describe("reading in pages", () => {
  it("takes a thousand items to a page, and fewer when they are large", async () => {
    const small = await read(aFile(aCsv(2_500)));
    expect(small.pages.map((page) => page.items.length)).toEqual([1_000, 1_000, 500]);
    const large = `${"x".repeat(1_000_000)},2026-01-02\n`.repeat(10);
    const { pages } = await read(aFile(`text,date\n${large}`));
    expect(Math.max(...pages.map((page) => page.items.length))).toBe(5);
  });

  it("tells its progress by the bytes read, up to 1", async () => {
    const { pages } = await read(aFile(aCsv(60_000)));
    const progress = pages.map((page) => page.progress ?? -1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress[0]).toBeGreaterThan(0);
    expect(progress[0]).toBeLessThan(0.5);
    expect(progress.at(-1)).toBe(1);
  });

  it.each(["csv", "csv.gz"])("resumes behind an incomplete cursor of the same %s", async (extension) => {
    const path = aFile(extension === "csv" ? aCsv(2_500) : gzipSync(aCsv(2_500)), extension);
    const { pages } = await read(path);
    const after = await read(path, {}, pages[0]?.cursor);
    expect(after.mentions.map(({ nativeId }) => nativeId)).toEqual(
      Array.from({ length: 1_500 }, (_, at) => `r${1_000 + at}`),
    );
    expect(after.cursor).toEqual(pages.at(-1)?.cursor);
  });

  it("starts at the beginning after a complete cursor, and when the file is another", async () => {
    const path = aFile(aCsv(1_500));
    const { pages } = await read(path);
    expect((await read(path, {}, pages.at(-1)?.cursor)).items).toHaveLength(1_500);
    writeFileSync(path, aCsv(1_500, 5_000));
    expect((await read(path, {}, pages[0]?.cursor)).items).toHaveLength(1_500);
  });

  it("stops at once when it is aborted", async () => {
    const abort = new AbortController();
    const path = aFile(aCsv(400_000));
    let pages = 0;
    const reading = (async () => {
      for await (const page of poll(path, {}, undefined, abort.signal)) {
        pages += Math.sign(page.items.length);
        if (pages === 3) abort.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    expect(pages).toBeLessThan(100);
  });
});

describe("the plan of an import", () => {
  it("shows what it guessed, with a complete config and three mentions", async () => {
    const path = join(folder, "trustpilot.csv");
    writeFileSync(
      path,
      "Review Id;Review Content;Review Stars;Review Created (UTC);Colour\n" +
        "a1;Came late;2;03/04/2025 10:00;red\na2;Never came;1;03/04/2025 11:00;red\na3;Fine;5;;red\na4;Fine;5;05/04/2025;red\n",
    );
    const plan = await planImport({ path, timezone: "Europe/Paris" });
    expect(plan.config).toMatchObject({
      platform: "trustpilot",
      format: "csv",
      delimiter: ";",
      kind: "review",
      ratingMax: 5,
      dateOrder: "day_first",
      map: {
        id: "Review Id",
        text: "Review Content",
        rating: "Review Stars",
        publishedAt: "Review Created (UTC)",
      },
    });
    expect(plan.preview).toHaveLength(3);
    expect(plan.preview[0]?.mention).toMatchObject({
      text: "Came late",
      publishedAt: "2025-04-03T08:00:00.000Z",
    });
    expect(plan.preview[2]?.rejection).toMatch(/no date/);
    expect(plan.explanation).toMatch(/text +Review Content +\(certain: /);
    expect(plan.explanation).toMatch(/not used +Colour/);
    expect(plan.explanation).toMatch(/day first/);
    const config = fileIngestor.config.parse(plan.config);
    expect((await read(path, config)).mentions).toHaveLength(3);
  });

  it("takes the user's mapping before its own guess", async () => {
    const path = aFile("text,remark,date\nCame late,Never came,2026-01-02\n");
    const { config } = await planImport({ path, map: { text: "remark" }, platform: "forum" });
    expect(config).toMatchObject({ platform: "forum", map: { text: "remark", publishedAt: "date" } });
    await expect(planImport({ path, map: { txt: "remark" } })).rejects.toMatchObject({
      code: "config_invalid",
    });
    await expect(planImport({ path, timezone: "Mars/Base" })).rejects.toMatchObject({
      code: "config_invalid",
    });
  });

  it("says what to do when there is nothing to listen to", async () => {
    await expect(planImport({ path: aFile("sku,price\n1,2\n") })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(/map one/) as string,
    });
  });

  it("lets no words of the file move the cursor of a terminal", async () => {
    const { explanation } = await planImport({
      path: aFile("text,date,\u001b[2Jx\nfine \u001b[31m\u202e,2026-01-02,1\n"),
    });
    expect(explanation).not.toMatch(/[\u001b\u202e]/);
    expect(explanation).toContain("\\u{1b}[2J");
  });
});

describe("an import of a file that shows nothing of itself", () => {
  it("brings nothing when there is nothing in it", async () => {
    const path = aFile("");
    const { config, explanation } = await planImport({ path });
    expect(explanation).toContain("no readable row");
    expect((await read(path, config)).items).toEqual([]);
  });

  it("asks for a mapping when its first row is larger than what is looked at", async () => {
    const row = JSON.stringify({
      text: "x".repeat(150_000),
      notes: "y".repeat(2_000_000),
      date: "2026-01-02",
    });
    const path = aFile(`${row}\n${row}\n`, "jsonl");
    await expect(planImport({ path })).rejects.toMatchObject({
      message: expect.stringMatching(/map them/) as string,
    });
    expect(await texts(path, { map: { text: "text", publishedAt: "date" } })).toHaveLength(2);
  });
});

describe("a sniffed file", () => {
  it("tells how it is written, its columns and its first records", async () => {
    const path = aFile(
      gzipSync('{"user":{"name":"Ann"},"tags":["a"],"text":"x"}\n{"text":"y","lang":"en"}\n'),
      "jsonl.gz",
    );
    expect(await sniffFile(path)).toMatchObject({
      format: "jsonl",
      isGzip: true,
      charset: "utf-8",
      header: ["user.name", "tags", "text", "lang"],
      sample: [{ text: "x" }, { text: "y" }],
    });
  });

  it("takes quotes for text where they only break rows", async () => {
    const dump = aFile('id\ttext\n1\t"Half a quote\n2\tfine\n', "tsv");
    expect(await sniffFile(dump)).toMatchObject({ format: "tsv", delimiter: "\t", isQuoted: false });
    const broken = aFile('id,text\n"1","Half\n"2","fine"\n');
    expect(await sniffFile(broken)).toMatchObject({ delimiter: ",", isQuoted: true });
  });

  it("gives nameless and repeated columns names of their own", async () => {
    expect((await sniffFile(aFile("date,,date,text\n1,2,3,4\n"))).header).toEqual([
      "date",
      "column_2",
      "date_3",
      "text",
    ]);
  });
});
