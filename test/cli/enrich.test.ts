import { describe, expect, it } from "vitest";
import { recordReader, type ReadMentions } from "../../cli/enrich-records.ts";
import { inBatches } from "../../cli/in-batches.ts";
import { languageCodeOf } from "../../cli/language-codes.ts";
import { EarshotError } from "../../core/errors.ts";
import { chooseColumns, openRecords, UNDATED } from "../../ingestors/file/index.ts";
import { anEnrichment } from "../support/builders.ts";

async function* groupsOf<T>(...groups: T[][]): AsyncGenerator<T[]> {
  yield* groups;
}

/** A source that gives what it is told to, when it is told to. */
function slowly<T>() {
  const waiting: ((result: IteratorResult<T[]>) => void)[] = [];
  let asked = 0;
  let isClosed = false;
  const groups: AsyncIterable<T[]> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        asked++;
        return new Promise((settle) => waiting.push(settle));
      },
      return: async () => {
        isClosed = true;
        return { done: true, value: undefined };
      },
    }),
  };
  return {
    groups,
    give: (group: T[]) => waiting.shift()?.({ done: false, value: group }),
    end: () => waiting.shift()?.({ done: true, value: undefined }),
    asked: () => asked,
    isClosed: () => isClosed,
  };
}

function batchesOf(size: number, patienceMs = 60_000) {
  return { size, weightOf: () => 1, patienceMs };
}

describe("batches of what comes in groups", () => {
  it("are full but for the last, in order, however the groups are cut", async () => {
    const batches: number[][] = [];
    for await (const batch of inBatches(groupsOf([1, 2, 3, 4, 5], [], [6], [7, 8]), batchesOf(3)))
      batches.push(batch);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
    ]);
  });

  it("are full with what makes them heavy enough", async () => {
    const options = { size: 5, weightOf: (item: number) => item, patienceMs: 60_000 };
    const batches: number[][] = [];
    for await (const batch of inBatches(groupsOf([2, 2, 9, 5, 1]), options)) batches.push(batch);
    expect(batches).toEqual([[2, 2, 9], [5], [1]]);
  });

  it("go on smaller when no more comes for a while, and the rest follows", async () => {
    const { groups, give, end, isClosed } = slowly<number>();
    const batches = inBatches(groups, batchesOf(3, 5));
    const first = batches.next();
    give([1]);
    expect((await first).value).toEqual([1]);
    const second = batches.next();
    give([2, 3, 4]);
    expect((await second).value).toEqual([2, 3, 4]);
    const last = batches.next();
    end();
    expect((await last).done).toBe(true);
    expect(isClosed()).toBe(true);
  });

  it("are asked for one after the other: nothing is read ahead of whoever takes them", async () => {
    const { groups, give, asked } = slowly<number>();
    const batches = inBatches(groups, batchesOf(2));
    const first = batches.next();
    give([1, 2, 3, 4]);
    expect((await first).value).toEqual([1, 2]);
    expect(asked()).toBe(1);
    expect((await batches.next()).value).toEqual([3, 4]);
    expect(asked()).toBe(1);
  });

  it("fail as their source fails", async () => {
    async function* failing(): AsyncGenerator<number[]> {
      yield [1];
      throw new Error("the disk is gone");
    }
    const batches = inBatches(failing(), batchesOf(2));
    await expect(batches.next()).rejects.toThrow("the disk is gone");
  });
});

describe("answers to records", () => {
  async function answers(content: string, read: ReadMentions, columns: { publishedAt?: string } = {}) {
    async function* bytes(): AsyncGenerator<Buffer> {
      yield Buffer.from(content);
    }
    const source = { name: "some.jsonl", bytes: bytes(), isSlow: false };
    const opened = await openRecords(source, { hasColumns: false });
    const plan = {
      columns: chooseColumns(opened, source.name, { columns, publishedAt: UNDATED }),
      withText: true,
    };
    const answer = recordReader(plan, read, { now: () => new Date(), signal: new AbortController().signal });
    const answered = [];
    for await (const cut of opened.cuts) answered.push(await answer(cut));
    return {
      lines: answered
        .flatMap(({ text }) => text.split("\n").slice(0, -1))
        .map((line) => JSON.parse(line) as Line),
      records: answered.reduce((sum, { records }) => sum + records, 0),
      failed: answered.reduce((sum, { failed }) => sum + failed, 0),
      firstFailed: answered.find(({ firstFailed }) => firstFailed !== undefined)?.firstFailed,
    };
  }

  interface Line {
    readonly id: string;
    readonly text?: string;
    readonly error?: { readonly code: string };
  }

  const reading: ReadMentions = async (mentions) =>
    mentions.map(() => ({ kind: "ok", value: anEnrichment() }));

  const THREE = '{"id":"a","text":"one"}\n{"id":"b","text":\n{"id":"c","text":"three"}\n';

  it("stand beside those that nobody can read, which are counted", async () => {
    const { lines, ...counted } = await answers(THREE, reading);
    expect(lines.map(({ id, text, error }) => [id, error?.code ?? text])).toEqual([
      ["a", "one"],
      ["2", "record_invalid"],
      ["c", "three"],
    ]);
    expect(counted).toMatchObject({
      records: 3,
      failed: 1,
      firstFailed: { id: "2", error: { code: "record_invalid", line: 2 } },
    });
  });

  it("do not depend on the day they are asked for: who has no date is read as of no day", async () => {
    const seen: string[] = [];
    const read: ReadMentions = async (mentions) => {
      seen.push(...mentions.map(({ publishedAt }) => publishedAt));
      return reading(mentions);
    };
    await answers('{"text":"one","at":"2026-03-02T10:00:00Z"}\n{"text":"two"}\n', read, {
      publishedAt: "at",
    });
    expect(seen).toEqual(["2026-03-02T10:00:00.000Z", ""]);
  });

  it("say of each record what became of it", async () => {
    const { lines } = await answers(THREE, async () => [
      { kind: "drop", reason: "asked for" },
      { kind: "dead", error: new EarshotError("processor_failed", "cannot read") },
    ]);
    expect(lines).toMatchObject([
      { id: "a", error: { code: "processor_failed", message: "Left out: asked for.", line: 1 } },
      { id: "2", error: { code: "record_invalid", line: 2 } },
      { id: "c", error: { code: "processor_failed", message: "cannot read", line: 3 } },
    ]);
  });
});

describe("a language as people write it", () => {
  it.each([
    ["german", "de"],
    ["Spanish", "es"],
    [" PORTUGUESE (Brazil) ", "pt"],
    ["pt-BR", "pt"],
    ["en_GB", "en"],
    ["deu", "de"],
    ["spa", "es"],
    ["iw", "he"],
    ["fr", "fr"],
  ])("%s is %s", (written, code) => {
    expect(languageCodeOf(written)).toBe(code);
  });

  it.each([
    "",
    "und",
    "xx",
    "Klingonish",
    "constructor",
    "toString",
    "__proto__",
    "n/a",
    "\u0000",
    "(german)",
  ])("is left to be detected where %j names none", (written) => {
    expect(languageCodeOf(written)).toBe("");
  });
});
