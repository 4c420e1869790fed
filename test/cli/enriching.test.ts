import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openEnriching, type Enriching } from "../../cli/enriching.ts";
import type { Answers } from "../../cli/enrich-records.ts";
import { chooseColumns, openRecords, UNDATED, type CutRecords } from "../../ingestors/file/index.ts";
import { aContext } from "../support/builders.ts";
import { ROOT } from "../support/cli.ts";

const FIXTURES = join(ROOT, "test", "fixtures", "reading-worker");

const opened: Enriching[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((enriching) => enriching.close()));
});

async function open(threads: number, signal: AbortSignal, worker = "odd-enrich.mjs"): Promise<Enriching> {
  async function* bytes(): AsyncGenerator<Buffer> {
    yield Buffer.from("one\n");
  }
  const lines = await openRecords({ name: "lines", bytes: bytes(), isSlow: false }, { hasColumns: false });
  const plan = {
    columns: chooseColumns(lines, "lines", { columns: {}, publishedAt: UNDATED }),
    withText: true,
  };
  const config = { aspects: {}, reading: { threads } };
  const enriching = openEnriching(plan, { config, context: aContext(), signal }, join(FIXTURES, worker));
  opened.push(enriching);
  return enriching;
}

/** Records so long in their file that each is a part of its own. */
async function* cutsOf(texts: readonly string[]): AsyncGenerator<CutRecords> {
  const records = texts.map((text, index) => ({
    line: index + 1,
    text: text.padEnd(5_000),
    cells: [text],
  }));
  yield { header: ["text"], records };
}

async function answersTo(
  texts: readonly string[],
  { threads = 2, signal = new AbortController().signal, worker = "odd-enrich.mjs" } = {},
): Promise<Answers[]> {
  const enriching = await open(threads, signal, worker);
  const answers: Answers[] = [];
  for await (const answer of enriching.answer(cutsOf(texts))) answers.push(answer);
  return answers;
}

/** What was said of each text: by a thread, or by the readers of this one. */
function textsOf(answers: readonly Answers[]): string[] {
  return answers.map(({ text }) =>
    text.startsWith("{") ? (JSON.parse(text) as { text: string }).text : text.trim(),
  );
}

const MANY = Array.from({ length: 60 }, (_, index) => `text-${index}`);

describe("answering in threads", () => {
  it("keeps the order of the parts, some of which this thread answers, whichever is done first", async () => {
    const texts = MANY.with(1, "slow");
    const answers = await answersTo(texts);
    expect(textsOf(answers)).toEqual(texts);
    const here = answers.filter(({ text }) => text.startsWith("{"));
    expect(here.length).toBeGreaterThan(0);
    expect(here.length).toBeLessThan(MANY.length);
  });

  it("starts no thread for a single part", async () => {
    const answers = await answersTo(["one"], { worker: "unable-to-start.mjs" });
    expect(textsOf(answers)).toEqual(["one"]);
  });

  it("reads all in this thread where there is no other", async () => {
    const answers = await answersTo(MANY.slice(0, 5), { threads: 0, worker: "unable-to-start.mjs" });
    expect(textsOf(answers)).toEqual(MANY.slice(0, 5));
  });

  it("answers nothing where there is nothing", async () => {
    expect(await answersTo([])).toEqual([]);
  });

  it.each([1, 3])("reads a part again on which a thread ended, %i times, and all others", async (times) => {
    const folder = await mkdtemp(join(tmpdir(), "earshot-enriching-"));
    const deaths = join(folder, "deaths");
    await writeFile(deaths, "");
    try {
      const texts = MANY.with(1, `exit-times ${times} ${deaths}`);
      expect(textsOf(await answersTo(texts, { threads: 1 }))).toEqual(texts);
      expect(await readFile(deaths, "utf8")).toHaveLength(times);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("gives up on a part that ends every thread, after what was before it", async () => {
    const enriching = await open(1, new AbortController().signal);
    const answered: Answers[] = [];
    const reading = (async () => {
      for await (const answer of enriching.answer(cutsOf(MANY.with(1, "exit")))) answered.push(answer);
    })();
    await expect(reading).rejects.toMatchObject({ code: "sink_unavailable" });
    expect(textsOf(answered)).toEqual(["text-0"]);
  });

  it("fails as a part fails", async () => {
    await expect(answersTo(MANY.with(1, "break"))).rejects.toMatchObject({ code: "processor_failed" });
  });

  it("stops when it is aborted, whatever a thread is at", async () => {
    const controller = new AbortController();
    const answering = answersTo(["one", "spin", "three"], { threads: 1, signal: controller.signal });
    const reason = new Error("told to stop");
    setTimeout(() => controller.abort(reason), 300);
    await expect(answering).rejects.toBe(reason);
  });
});
