import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Enrichment } from "../../schemas/enrichment.ts";
import { runCli, startCli } from "../support/cli.ts";

interface Line {
  readonly id: string;
  readonly language?: string;
  readonly sentiment?: {
    readonly label: string;
    readonly score: number | null;
    readonly spans: readonly { readonly start: number; readonly end: number }[];
    readonly sentences: readonly object[];
  };
  readonly complaint?: {
    readonly kind: string;
    readonly isComplaint: boolean;
    readonly evidence: readonly object[];
  };
  readonly aspects?: readonly { readonly aspect: string }[];
  readonly repetition?: object;
  readonly error?: { readonly code: string; readonly message: string; readonly line: number };
  readonly text?: string;
}

describe("earshot enrich", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-enrich-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function aFile(name: string, content: string | Buffer): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  function linesOf(stdout: string): Line[] {
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  }

  /** What it answers, which must be all of it, to the text on standard input or in a file. */
  async function enrich(args: readonly string[], input?: string): Promise<Line[]> {
    const options = { cwd: folder, ...(input === undefined ? {} : { input }) };
    const { code, stdout, stderr } = await runCli(["enrich", ...args], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return linesOf(stdout);
  }

  it("gives all that was read, in the shape of an enrichment, and leaves nothing behind", async () => {
    const before = await readdir(folder);
    const [line] = await enrich(
      ["-"],
      '{"id":"t1","text":"Third time my parcel is late. I want a refund!"}\n',
    );
    const { id, complaint, ...read } = line as Line & Required<Pick<Line, "complaint">>;
    const { kind, ...verdict } = complaint;
    expect(id).toBe("t1");
    const stored = { ...read, complaint: verdict, intent: kind };
    const loopsOwn = { languageConfidence: 1, processedAt: "2026-03-01T00:00:00.000Z" };
    expect(Enrichment.parse({ ...stored, ...loopsOwn })).toMatchObject({ language: "en" });
    expect(await readdir(folder)).toEqual(before);
  });

  it("reads texts that trip others up, each for itself", async () => {
    const texts = {
      curly: "This isn’t good",
      inherited: "constructor",
      emoji: "😡😡😡",
      empty: "",
      endless: "a".repeat(100_000),
      german: "Der Koffer kam nie an, das ist furchtbar und niemand antwortet",
      spanish: "El servicio es excelente, me encanta la atención",
      french: "Le colis est arrivé cassé, service client horrible",
      url: "https://example.com/a?b=c",
      quoted: "> Your app is terrible and I hate it\n\nThanks for the fix, it works perfectly now, I love it",
      unpaired: "broken \ud83d emoji, awful",
    };
    const input = Object.entries(texts)
      .map(([id, text]) => `${JSON.stringify({ id, text })}\n`)
      .join("");
    const lines = await enrich(["-"], input);
    expect(lines.map(({ id }) => id)).toEqual(Object.keys(texts));
    const labels = Object.fromEntries(lines.map(({ id, sentiment }) => [id, sentiment?.label]));
    expect(labels).toMatchObject({
      curly: "negative",
      inherited: "unscored",
      emoji: "negative",
      empty: "unscored",
      german: "negative",
      spanish: "positive",
      french: "negative",
      url: "unscored",
      quoted: "positive",
      unpaired: "negative",
    });
    expect(["unscored", "neutral"]).toContain(labels["endless"]);
    const languages = Object.fromEntries(lines.map(({ id, language }) => [id, language]));
    expect(languages).toMatchObject({ curly: "en", german: "de", spanish: "es", french: "fr", empty: "und" });
    const byId = Object.fromEntries(lines.map((line) => [line.id, line]));
    expect(byId["empty"]).toMatchObject({
      sentiment: { score: null, spans: [] },
      complaint: { isComplaint: false },
    });
    expect(byId["inherited"]?.complaint?.kind).toBe("other");
  });

  it("reads a CSV with quotes and line breaks, and its spans point into the text it echoes", async () => {
    const path = await aFile(
      "reviews.csv",
      "review_id;Review Title;review;stars;lang\r\n" +
        'r1;Late;"It never ""arrived"".\r\nNobody answers, terrible; really";1;german\r\n' +
        'r2;;"  great &amp; fast  ";5;English\r\n' +
        "r3;;;;\r\n",
    );
    const lines = await enrich([path, "--with-text"]);
    expect(lines.map(({ id, language, text }) => ({ id, language, text }))).toEqual([
      { id: "r1", language: "de", text: 'It never "arrived".\nNobody answers, terrible; really' },
      { id: "r2", language: "en", text: "great & fast" },
      { id: "r3", language: "und", text: "" },
    ]);
    expect(lines[1]?.sentiment).toMatchObject({ label: "positive" });
    const [span] = lines[1]?.sentiment?.spans ?? [];
    expect(lines[1]?.text?.slice(span?.start, span?.end)).toMatch(/great|fast/);
    expect(lines[0]?.complaint?.isComplaint).toBe(true);
  });

  it("reads plain lines, blank ones too, and packed files like unpacked ones", async () => {
    const content = "The app crashes every day\n\nLove it\n";
    const plain = await enrich([await aFile("lines.txt", content)]);
    expect(plain.map(({ id, sentiment }) => [id, sentiment?.label])).toEqual([
      ["1", "negative"],
      ["2", "unscored"],
      ["3", "positive"],
    ]);
    expect(await enrich([await aFile("lines.txt.gz", gzipSync(content))])).toEqual(plain);
    expect(await enrich(["-"], content)).toEqual(plain);
  });

  it("keeps the order of many rows", async () => {
    const rows = Array.from({ length: 5_200 }, (_, n) => ({
      id: `row-${n}`,
      text: n % 3 === 0 ? "" : `I hate delay ${n}`,
    }));
    const path = await aFile("many.jsonl.gz", gzipSync(rows.map((row) => JSON.stringify(row)).join("\n")));
    const lines = await enrich([path]);
    expect(lines.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(lines.map(({ sentiment }) => sentiment?.label === "unscored")).toEqual(
      rows.map(({ text }) => text === ""),
    );
  });

  it("answers what has come while more may come", async () => {
    const running = startCli(["enrich", "-"], {
      cwd: folder,
      input: '{"id":"early","text":"It is broken again, terrible"}\n',
      isInputOpen: true,
    });
    await running.until(/"id":"early".*\n/);
    running.child.stdin?.write('{"id":"second","text":"I love it"}\n');
    await running.until(/"id":"second".*\n/);
    running.child.stdin?.end('{"id":"last","text":"fine"}');
    const { code, stdout } = await running.finished;
    expect(code).toBe(0);
    expect(linesOf(stdout).map(({ id }) => id)).toEqual(["early", "second", "last"]);
  });

  it("answers each broken record with its error, goes on, and counts them at the end", async () => {
    const input =
      '{"id":"a","text":"good"}\n{"id":"b","text":\n[1]\n{"id":"d","text":["x"]}\n{"id":"e","text":"bad"}\n';
    const { code, stdout, stderr } = await runCli(["enrich", "-"], { cwd: folder, input });
    const lines = linesOf(stdout);
    expect(lines.map(({ id, error }) => [id, error?.code])).toEqual([
      ["a", undefined],
      ["2", "record_invalid"],
      ["3", "record_invalid"],
      ["d", "record_invalid"],
      ["e", undefined],
    ]);
    expect(lines[3]?.error?.message).toMatch(/Column text holds a list/);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^3 of 5 records could not be read/);
  });

  it("answers a broken row of a CSV with its error", async () => {
    const path = await aFile("broken.csv", "id,text\n1,good\n2,bad,really\n3,awful\n");
    const { code, stdout, stderr } = await runCli(["enrich", path], { cwd: folder });
    expect(linesOf(stdout).map(({ id, error }) => [id, error?.code])).toEqual([
      ["1", undefined],
      ["3", "record_invalid"],
      ["3", undefined],
    ]);
    expect({ code, stderr: /^1 of 3/.test(stderr) }).toEqual({ code: 1, stderr: true });
  });

  it("answers every row of a CSV, also one of blank cells, so that answers stand where their rows do", async () => {
    const two = await aFile("blanks.csv", 'text,stars\ngood,\n,\n"",""\nawful,\n');
    expect((await enrich([two])).map(({ sentiment }) => sentiment?.label)).toEqual([
      "positive",
      "unscored",
      "unscored",
      "negative",
    ]);
    const one = await aFile("one-column.csv", 'text\ngood\n""\nawful\n');
    expect((await enrich([one])).map(({ id }) => id)).toEqual(["2", "3", "4"]);
  });

  it("tells of the first broken record where it stands and what is wrong with it", async () => {
    const input = '{"id":"a","text":"good"}\n\n{"id":"b","text":\n{"id":"c","text":["x"]}\n';
    const { stdout, stderr } = await runCli(["enrich", "-"], { cwd: folder, input });
    expect(linesOf(stdout).map(({ error }) => error?.line)).toEqual([undefined, 3, 4]);
    expect(stderr).toMatch(/^2 of 3 records .* The first is line 3: This is no valid JSON/);
  });

  it("tells how long somebody waits by the date of the record", async () => {
    const row = { text: "My parcel is late, I have been waiting since 3 March", date: "2026-03-08" };
    const [line] = await enrich(["-", "--date", "date"], `${JSON.stringify(row)}\n`);
    expect(line?.repetition).toMatchObject({ isRepeated: true, daysWaiting: 5 });
  });

  it("cuts a text that is longer than a mention may be", async () => {
    const text = "The delivery was awful and nobody answered me. ".repeat(5_000);
    const [line] = await enrich(["-", "--with-text"], `${JSON.stringify({ text })}\n`);
    expect(line?.text).toBe(text.slice(0, 200_000));
    expect(line?.sentiment?.label).toBe("negative");
  });

  it("uses the aspects of a config where there is one", async () => {
    const config = await aFile("earshot-aspects.yaml", "aspects: { Luggage: [koffer, suitcase*] }\n");
    const [line] = await enrich(["-", "--config", config], "My suitcases are damaged, terrible\n");
    expect(line?.aspects?.map(({ aspect }) => aspect)).toContain("Luggage");
  });

  it("ends quietly when nobody reads on", async () => {
    const path = await aFile("long.txt", "I hate this\n".repeat(20_000));
    const running = startCli(["enrich", path], { cwd: folder });
    await running.until(/"id":"1".*\n/);
    running.child.stdout?.destroy();
    expect(await running.finished).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    [["nowhere.csv"], /nowhere\.csv cannot be opened \(no such file\)/],
    [["."], /\. is no file/],
    [["-", "--text", "body"], /Standard input has no field body; its fields are id, text\./],
    [["-", "--format", "xml"], /auto, csv, tsv, json, jsonl, lines/],
    [["-", "--rating-max", "many"], /--rating-max many is no number above 0/],
    [[], /missing required argument 'file'/],
  ])("ends %j with code 2 and says what is wrong", async (args, message) => {
    const { code, stdout, stderr } = await runCli(["enrich", ...args], {
      cwd: folder,
      input: "id,text\n1,good\n",
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, "data"))).toBe(false);
  });
});
