import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { ingest, type IngestOptions } from "../../core/ingest.ts";
import { isolating } from "../../core/isolate.ts";
import { processingSink, toStored } from "../../core/process.ts";
import { fileIngestor } from "../../ingestors/file/index.ts";
import { rssIngestor } from "../../ingestors/rss/index.ts";
import { openReadChain } from "../../cli/reading.ts";
import { MODEL_VERSION } from "../../processors/model-version.ts";
import { deadLetterRows, mentionRows } from "../../schemas/rows.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { longestTurn } from "../support/longest-turn.ts";

/** A small seeded generator, so that a failing input can be met again. */
function aRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  return { next, pick: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T };
}

const TEXTS = [
  "plain complaint: it never arrived",
  "<script>window.hacked = true</script>",
  `<img src=x onerror="window.hacked=true">`,
  "javascript:alert(1)",
  "\u202e\u2066 turned around \u2069",
  "مرحبا بالعالم، المنتج لا يعمل",
  "lone \ud83d surrogate \udc00 here",
  "NUL \u0000 and bell \u0007 and escape \u001b[2J",
  "'; DROP TABLE mention_rows; -- \\' \\\\",
  "{{constructor.constructor('return 1')()}} ${7*7} %s %n",
  "constructor __proto__ toString hasOwnProperty valueOf",
  '=HYPERLINK("http://example.com";"click")',
  "👩‍👩‍👧‍👦".repeat(200),
  "a".repeat(5_000),
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
  "",
  "   ",
];
const DATES = [
  "2026-02-01T10:00:00Z",
  "0000-01-01T00:00:00Z",
  "0001-01-01",
  "9999-12-31T23:59:59Z",
  "2026-02-30T25:61:61Z",
  "-271821-04-20",
  "1e999",
  "NaN",
  "yesterday",
  "",
  "1".repeat(400),
];
const RATINGS = ["5", "0", "-1", "999999999999999999999", "NaN", "five", "", "★★★★☆", "1e308"];

describe("hostile input", () => {
  let opened: TestStore;
  let folder: string;
  let feeds: Server;
  let feedBody: Buffer = Buffer.alloc(0);
  const signal = new AbortController().signal;

  beforeAll(async () => {
    opened = await openTestStore();
    folder = await mkdtemp(join(tmpdir(), "earshot-hostile-"));
    feeds = createServer((_request, response) => response.end(feedBody));
    await new Promise<void>((resolve) => feeds.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => feeds.close(resolve));
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });

  function into(source: string): Omit<IngestOptions, "ingestor" | "config"> {
    const { store } = opened;
    const context = aContext();
    const deadLetters = store.table(deadLetterRows);
    return {
      source,
      belonging: { trackers: [] },
      redactKey: undefined,
      events: processingSink({
        chain: openReadChain({ aspects: {} }),
        toEvent: toStored(MODEL_VERSION),
        target: isolating({
          what: "store mentions",
          stage: "store",
          target: store.table(mentionRows),
          deadLetters,
          context,
        }),
        deadLetters,
        context,
      }),
      deadLetters,
      cursor: { load: async () => undefined, save: async () => {} },
      context,
    };
  }

  async function importText(name: string, content: string | Buffer, map: Record<string, string>) {
    const path = join(folder, name);
    await writeFile(path, content);
    const config = fileIngestor.config.parse({ path, platform: "hostile", map });
    return unblocked(() => ingest({ ...into(name), ingestor: fileIngestor, config }, signal));
  }

  /** Runs it and fails when anything kept the loop from turning for two seconds, the engine's work included. */
  async function unblocked<T>(run: () => Promise<T>): Promise<T> {
    const { result, longestMs } = await longestTurn(run);
    expect(longestMs).toBeLessThan(2_000);
    return result;
  }

  async function kept(source: string): Promise<number> {
    const sql = `SELECT (SELECT count() FROM mentions WHERE source = {source:String})
  + (SELECT count() FROM dead_letters WHERE source = {source:String} AND reason != '') AS n`;
    const [row] = await opened.store.query({ sql, params: { source } }, z.object({ n: z.coerce.number() }));
    return row?.n ?? -1;
  }

  const MAP = { id: "id", text: "text", publishedAt: "date", rating: "rating" };

  it("keeps each of 600 JSON lines, valid, broken or absurd, as a mention or a dead letter with its reason", async () => {
    const random = aRandom(1);
    const lines = Array.from({ length: 600 }, (_, id) => {
      const record = {
        id: `j${id}`,
        text: random.pick(TEXTS),
        date: random.pick(DATES),
        rating: random.pick(RATINGS),
      };
      const whole = JSON.stringify(record);
      return random.pick([
        whole,
        whole,
        whole.slice(0, Math.floor(random.next() * whole.length)) + `#${id}`,
        `{"__proto__":{"polluted":true},"id":"p${id}","text":"x","date":"2026-02-01T10:00:00Z"}`,
        `{"constructor":{"prototype":{"polluted":true}},"id":"c${id}","text":"y","date":"2026-02-01"}`,
        `[1,${id}]`,
        `"just text ${id}"`,
        `${"[".repeat(2_000)}${id}`,
        `{"id":"n${id}","text":${"9".repeat(400)},"date":"2026-02-01"}`,
        `{"id":{"deep":[[[${id}]]]},"text":["a"],"date":{}}`,
      ]);
    });
    const done = await importText("lines.jsonl", lines.join("\n"), MAP);
    expect(done.mentions + done.deadLetters).toBe(600);
    expect(await kept("lines.jsonl")).toBe(600);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("keeps each of 400 CSV rows", async () => {
    const random = aRandom(2);
    const quote = (cell: string) => `"${cell.replace(/"/g, '""')}"`;
    const rows = Array.from({ length: 400 }, (_, id) => {
      const cells = [`r${id}`, random.pick(TEXTS), random.pick(DATES), random.pick(RATINGS)];
      return random.pick([
        cells.map(quote).join(","),
        cells.map(quote).join(","),
        [...cells, "one", "more"].map(quote).join(","),
        `r${id}`,
        `r${id},a "quote in the middle,2026-02-01,5`,
        `r${id},\u0000\u0001\u0002,2026-02-01,5`,
      ]);
    });
    const done = await importText("rows.csv", `id,text,date,rating\n${rows.join("\n")}\n`, MAP);
    expect(done.mentions + done.deadLetters).toBe(400);
    expect(await kept("rows.csv")).toBe(400);
  });

  it("takes ids as hostile as any text", async () => {
    const date = "2026-02-01T10:00:00Z";
    const ids = [
      "lone \ud83d surrogate",
      "nul \u0000",
      "\u202e",
      "'; DROP TABLE mention_rows; --",
      "x".repeat(10_000),
    ];
    const lines = ids.map((id) => JSON.stringify({ id, text: "fine", date }));
    const done = await importText("ids.jsonl", lines.join("\n"), MAP);
    expect(done).toMatchObject({ mentions: 4, deadLetters: 1 });
    expect(await kept("ids.jsonl")).toBe(5);
  });

  it("reads thousands of rows that each leave a quote open in linear time", async () => {
    const rows = Array.from({ length: 20_000 }, () => 'a","b');
    const done = await importText("quotes.csv", `text,date\n"w","z"\n${rows.join("\n")}\n`, {
      text: "text",
      publishedAt: "date",
    });
    expect(done.mentions + done.deadLetters).toBeGreaterThan(1);
  });

  it("takes a 10 MB field without stopping the rest", async () => {
    const date = "2026-02-01T10:00:00Z";
    const lines = [
      JSON.stringify({ id: "before", text: "fine", date }),
      JSON.stringify({ id: "huge", text: "x".repeat(10_000_000), date }),
      JSON.stringify({ id: "emoji", text: "😡".repeat(2_500_000), date }),
      JSON.stringify({ id: "after", text: "fine too", date }),
    ];
    const done = await importText("huge.jsonl", lines.join("\n"), MAP);
    expect(done).toMatchObject({ mentions: 2, deadLetters: 2 });
    expect(await kept("huge.jsonl")).toBe(4);
  });

  it("reads a file that is no text at all without a crash", async () => {
    const random = aRandom(3);
    const bytes = Buffer.from(Array.from({ length: 50_000 }, () => Math.floor(random.next() * 256)));
    const outcome = await importText("noise.jsonl", bytes, MAP).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(EarshotError);
    else expect(outcome).toMatchObject({ mentions: 0 });
  });

  const item = (id: number, title: string) =>
    `<item><guid>f${id}</guid><title>${title}</title><pubDate>Sun, 01 Feb 2026 10:00:00 GMT</pubDate></item>`;
  const rss = (items: string, prolog = "") =>
    `<?xml version="1.0"?>${prolog}<rss version="2.0"><channel><title>t</title>${items}</channel></rss>`;
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    "",
  );

  it.each([
    ["billion laughs", rss(item(1, "&l10;"), `<!DOCTYPE r [<!ENTITY l0 "ha">${laughs}]>`)],
    ["an external entity", rss(item(2, "&e;"), `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>`)],
    ["20,000 nested elements", rss("<a>".repeat(20_000))],
    ["an item that never closes its tag", rss(item(3, `<p ${"x".repeat(200_000)}`))],
    ["a page of HTML", "<!doctype html><title>Not a feed</title>"],
    ["nothing", ""],
    ["scripts in a title", rss(item(4, "&lt;script&gt;window.hacked=1&lt;/script&gt;"))],
    ["noise", "\u0000\u0001\ufffe".repeat(1_000)],
  ])("meets %s in a feed without a crash or a hang", async (_name, body) => {
    feedBody = Buffer.from(body);
    const url = `http://127.0.0.1:${(feeds.address() as AddressInfo).port}/feed`;
    const config = rssIngestor.config.parse({ url, allowPrivateHosts: true });
    const outcome = await unblocked(() =>
      ingest({ ...into("feed"), ingestor: rssIngestor, config }, signal).catch((error: unknown) => error),
    );
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(EarshotError);
    const [row] = await opened.store.query(
      {
        sql: "SELECT count() AS n FROM mentions WHERE text LIKE '%hahaha%' OR title LIKE '%hahaha%'",
        params: {},
      },
      z.object({ n: z.coerce.number() }),
    );
    expect(row?.n).toBe(0);
  });
});
