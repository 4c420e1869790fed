import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import type { Outcome, Processor } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";

interface Word {
  readonly word: string;
}

const signal = new AbortController().signal;

function step<Needs extends object, Adds extends object>(
  name: string,
  read: (record: Needs) => Outcome<Adds>,
): Processor<Needs, Adds> {
  return { name, process: async (batch) => batch.map(read) };
}

const ok = <T>(value: T): Outcome<T> => ({ kind: "ok", value });
const words = (...list: string[]): Word[] => list.map((word) => ({ word }));

const length = step("length", ({ word }: Word) => ok({ length: word.length }));
const isLong = step("is_long", (record: { length: number }) => ok({ isLong: record.length > 3 }));

describe("a chain", () => {
  it("hands each step what the steps before it added", async () => {
    const run = await chain<Word>().pipe(length).pipe(isLong).run(words("to", "listen"), signal);
    expect(run).toEqual([
      ok({ word: "to", length: 2, isLong: false }),
      ok({ word: "listen", length: 6, isLong: true }),
    ]);
  });

  it("accepts a step only after what it needs was added", () => {
    // @ts-expect-error is_long needs a length, which nothing has added yet
    chain<Word>().pipe(isLong);
    // @ts-expect-error the order matters
    chain<Word>().pipe(isLong).pipe(length);
    expect(chain<Word>().pipe(length).pipe(isLong)).toHaveProperty("run");
  });

  it("is not changed by piping it further", async () => {
    const start = chain<Word>().pipe(length);
    start.pipe(isLong);
    expect(await start.run(words("to"), signal)).toEqual([ok({ word: "to", length: 2 })]);
  });

  it("leaves the records it was handed as they were", async () => {
    const batch = words("to");
    await chain<Word>().pipe(length).run(batch, signal);
    expect(batch).toEqual([{ word: "to" }]);
  });

  it("answers nothing for an empty batch, without asking any step", async () => {
    const never = step("never", (): Outcome<object> => {
      throw new Error("asked");
    });
    expect(await chain<Word>().pipe(never).run([], signal)).toEqual([]);
  });
});

describe("a chain that is run again", () => {
  const note = step("note", ({ word }: Word): Outcome<{ note?: string }> =>
    ok(word.startsWith("a") ? { note: word } : {}),
  );
  const steps = chain<Word>().pipe(note).pipe(length);

  it("hands nothing on from one record to another", async () => {
    await steps.run(words("ask", "but"), signal);
    const again = await steps.run(words("but", "and", "say"), signal);
    expect(again).toEqual([
      ok({ word: "but", length: 3 }),
      ok({ word: "and", note: "and", length: 3 }),
      ok({ word: "say", length: 3 }),
    ]);
  });

  it("gives records of their own, which may be written to", async () => {
    const run = async () => {
      const [first] = await steps.run(words("ask"), signal);
      if (first?.kind !== "ok") throw new Error("expected a record");
      return first.value;
    };
    Object.assign(await run(), { note: "changed", more: true });
    expect(await run()).toEqual({ word: "ask", note: "ask", length: 3 });
  });

  it("reads what comes after a batch of which nothing was left", async () => {
    const picky = chain<Word>()
      .pipe(
        step("picky", ({ word }: Word): Outcome<object> =>
          word === "no" ? { kind: "drop", reason: "no" } : ok({}),
        ),
      )
      .pipe(length);
    expect(await picky.run(words("no", "no"), signal)).toHaveLength(2);
    expect(await picky.run(words("yes"), signal)).toEqual([ok({ word: "yes", length: 3 })]);
  });
});

describe("a record that leaves the chain", () => {
  const seen: string[] = [];
  const gate = step("gate", ({ word }: Word): Outcome<object> => {
    if (word === "spam") return { kind: "drop", reason: "spam" };
    if (word === "bad") return { kind: "dead", error: new EarshotError("processor_failed", "unreadable") };
    return ok({});
  });
  const witness = step("witness", ({ word }: Word) => {
    seen.push(word);
    return ok({ isSeen: true });
  });

  it("keeps its place among the outcomes and is not shown to later steps", async () => {
    const run = await chain<Word>()
      .pipe(gate)
      .pipe(witness)
      .run(words("a", "spam", "b", "bad", "c"), signal);
    expect(run.map(({ kind }) => kind)).toEqual(["ok", "drop", "ok", "dead", "ok"]);
    expect(seen).toEqual(["a", "b", "c"]);
  });
});

describe("a step that throws", () => {
  const throwing = (error: () => unknown) =>
    step("fragile", ({ word }: Word): Outcome<{ isRead: true }> => {
      if (word === "poison") throw error();
      return ok({ isRead: true });
    });

  it("kills the culprit alone, with an error that names the step and keeps the cause", async () => {
    const cause = new TypeError("word is not iterable");
    const fragile = throwing(() => cause);
    const run = await chain<Word>()
      .pipe(fragile)
      .run(words("a", "poison", "b"), signal);
    expect(run.map(({ kind }) => kind)).toEqual(["ok", "dead", "ok"]);
    const dead = run[1];
    if (dead?.kind !== "dead") throw new Error("the culprit lives");
    expect(dead.error).toMatchObject({ code: "processor_failed", cause });
    expect(dead.error.message).toContain("fragile");
  });

  it("kills the culprit with its own error when that is one of ours", async () => {
    const own = new EarshotError("record_invalid", "no such word");
    const run = await chain<Word>()
      .pipe(throwing(() => own))
      .run(words("poison", "a"), signal);
    expect(run[0]).toEqual({ kind: "dead", error: own });
    expect(run[1]?.kind).toBe("ok");
  });

  it("stops the whole batch when the error may pass", async () => {
    const passing = new EarshotError("sink_unavailable", "the store is away");
    const run = chain<Word>()
      .pipe(throwing(() => passing))
      .run(words("a", "poison"), signal);
    await expect(run).rejects.toBe(passing);
  });

  it("stops the whole batch when it was aborted", async () => {
    const stop = new AbortController();
    const run = chain<Word>()
      .pipe(
        throwing(() => {
          stop.abort();
          return new Error("stopped");
        }),
      )
      .run(words("poison", "a"), stop.signal);
    await expect(run).rejects.toThrow("stopped");
  });

  it("is caught too when it forgets records", async () => {
    const forgetful: Processor<Word, object> = {
      name: "forgetful",
      process: async (batch) => batch.filter(({ word }) => word !== "b").map(() => ok({})),
    };
    const run = await chain<Word>().pipe(forgetful).run(words("a", "b"), signal);
    expect(run.map(({ kind }) => kind)).toEqual(["ok", "dead"]);
  });
});
