import { describe, expect, it } from "vitest";
import { inBatches } from "../../cli/in-batches.ts";
import { languageCodeOf } from "../../cli/language-codes.ts";

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
