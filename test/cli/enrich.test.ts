import { describe, expect, it } from "vitest";
import { recordReader, UNDATED } from "../../cli/enrich-records.ts";
import { inBatches } from "../../cli/in-batches.ts";
import { languageCodeOf } from "../../cli/language-codes.ts";
import { EarshotError } from "../../core/errors.ts";
import type { MentionReader } from "../../core/process.ts";
import { openRecords, planRecords } from "../../ingestors/file/index.ts";
import { aContext, anEnrichment } from "../support/builders.ts";

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

describe("batches of what comes in groups", () => {
  it("are full but for the last, in order, however the groups are cut", async () => {
    const batches: number[][] = [];
    for await (const batch of inBatches(groupsOf([1, 2, 3, 4, 5], [], [6], [7, 8]), 3, 60_000))
      batches.push(batch);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
    ]);
  });

  it("go on smaller when no more comes for a while, and the rest follows", async () => {
    const { groups, give, end, isClosed } = slowly<number>();
    const batches = inBatches(groups, 3, 5);
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
    const batches = inBatches(groups, 2, 60_000);
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
    const batches = inBatches(failing(), 2, 60_000);
    await expect(batches.next()).rejects.toThrow("the disk is gone");
  });
});

describe("answers to records", () => {
  async function answers(content: string, chain: MentionReader, columns: { publishedAt?: string } = {}) {
    async function* bytes(): AsyncGenerator<Buffer> {
      yield Buffer.from(content);
    }
    const source = { name: "some.jsonl", bytes: bytes(), isSlow: false };
    const opened = await openRecords(source, { hasColumns: false });
    const context = aContext();
    const plan = planRecords(opened, source.name, { columns, publishedAt: UNDATED });
    const read = recordReader(plan, chain, { context, signal: new AbortController().signal }, true);
    const lines = [];
    for await (const group of opened.records) lines.push(...(await read(group)));
    return lines;
  }

  /** A chain whose threads end so many times before one lives. */
  function dying(deaths: number): MentionReader {
    let left = deaths;
    return {
      async run(batch) {
        if (left-- > 0) throw new EarshotError("sink_unavailable", "a thread ended", { retryAfterMs: 0 });
        return batch.map(() => ({ kind: "ok", value: anEnrichment() }));
      },
    };
  }

  const THREE = '{"id":"a","text":"one"}\n{"id":"b","text":\n{"id":"c","text":"three"}\n';

  it("are read again when a thread ended, and stand beside those that cannot be", async () => {
    const lines = await answers(THREE, dying(1));
    expect(lines.map((line) => [line.id, "error" in line ? line.error.code : line.text])).toEqual([
      ["a", "one"],
      ["2", "record_invalid"],
      ["c", "three"],
    ]);
  });

  it("do not depend on the day they are asked for: who has no date is read as of no day", async () => {
    const seen: string[] = [];
    const chain: MentionReader = {
      async run(batch) {
        seen.push(...batch.map(({ publishedAt }) => publishedAt));
        return batch.map(() => ({ kind: "ok", value: anEnrichment() }));
      },
    };
    await answers('{"text":"one","at":"2026-03-02T10:00:00Z"}\n{"text":"two"}\n', chain, {
      publishedAt: "at",
    });
    expect(seen).toEqual(["2026-03-02T10:00:00.000Z", ""]);
  });

  it("are given up when threads end on them again and again", async () => {
    await expect(answers(THREE, dying(3))).rejects.toMatchObject({ code: "sink_unavailable" });
  });

  it("say of each record what became of it", async () => {
    const lines = await answers(THREE, {
      run: async () => [
        { kind: "drop", reason: "asked for" },
        { kind: "dead", error: new EarshotError("processor_failed", "cannot read") },
      ],
    });
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
