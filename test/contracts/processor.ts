import { describe, expect, it } from "vitest";
import type { Outcome, Processor } from "../../core/contracts.ts";
import type { ReadMention } from "../../processors/read-mention.ts";
import type { Mention } from "../../schemas/mention.ts";
import { aMention } from "../support/builders.ts";

export interface ProcessorHarness<Needs extends ReadMention, Adds extends object> {
  readonly make: () => Processor<Needs, Adds>;
  /** Runs the steps that come before this one. */
  readonly before: (mentions: readonly Mention[]) => Promise<readonly Needs[]>;
}

/** Texts that break careless readers: what people paste, and what attackers send. */
export const HOSTILE_TEXTS: readonly string[] = [
  "",
  " \n\t ",
  "https://example.com/a?b=c#d",
  "😡😡😡",
  "👩‍👩‍👧‍👦".repeat(50),
  "🇩",
  "\u200D\uFE0F\u20E3",
  "constructor __proto__ toString valueOf hasOwnProperty prototype",
  "no constructor, never __proto__! isn't toString?",
  "NaN undefined null Infinity -0 1e999",
  "\uD800 lone surrogate \uDC00",
  "a\u0301".repeat(2_000),
  "\u202Egnirts desrever\u202C",
  "'; DROP TABLE mentions; -- <script>alert(1)</script>",
  "كلمة עברית 日本語 ไทย हिन्दी",
  "....... ,,,,,,, ?????? !!!!!!",
  "''''''''''''''''''''''''",
  "’’’’’ don’’t isn’ ’t",
  "\n".repeat(5_000),
  "(".repeat(5_000) + ")".repeat(5_000),
];

const LONG_PIECES = [
  "a",
  "😡",
  "'",
  "’",
  "a.",
  "no ",
  "thanks ",
  "good ",
  "waiting still ",
  "not a ",
  ":( ",
  "👩‍",
  "1.",
  "@a ",
];

/** What every step promises the chain. Call it in the step's own test. */
export function processorContract<Needs extends ReadMention, Adds extends object>(
  name: string,
  { make, before }: ProcessorHarness<Needs, Adds>,
): void {
  const signal = new AbortController().signal;

  async function outcomesOf(texts: readonly string[]): Promise<readonly Outcome<Adds>[]> {
    const batch = await before(texts.map(said));
    return make().process(batch, signal);
  }

  function said(text: string): Mention {
    // straight into the record: ingestion would clean what is being tested
    return { ...aMention({ text: "x", nativeId: "one" }), text };
  }

  describe(`${name} keeps the processor contract`, () => {
    it("answers one outcome per record, in order", async () => {
      const texts = ["I love it", "The app crashed again", "Der Zug war leider zu spät", ""];
      const together = await outcomesOf(texts);
      const alone = await Promise.all(texts.map(async (text) => (await outcomesOf([text]))[0]));
      expect(together).toEqual(alone);
    });

    it("answers nothing for an empty batch", async () => {
      expect(await outcomesOf([])).toEqual([]);
    });

    it("changes neither the batch nor its records", async () => {
      const batch = await before(["I love it", "It never arrived"].map(said));
      const copy = structuredClone(batch);
      await make().process(batch, signal);
      expect(batch).toEqual(copy);
    });

    it("adds fields without touching those that were there", async () => {
      const batch = await before([said("It never arrived")]);
      const [outcome] = await make().process(batch, signal);
      const added = outcome?.kind === "ok" ? Object.keys(outcome.value) : [];
      expect(added.length).toBeGreaterThan(0);
      expect(added.filter((key) => key in (batch[0] ?? {}))).toEqual([]);
    });

    it("gives the same answer for the same text, whatever it read before", async () => {
      const step = make();
      const [once] = await step.process(await before([said("It isn’t good, sooo sad :(")]), signal);
      await step.process(await before(HOSTILE_TEXTS.map(said)), signal);
      const [again] = await step.process(await before([said("It isn’t good, sooo sad :(")]), signal);
      expect(again).toEqual(once);
    });

    it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text).slice(0, 60), text]))(
      "reads %s",
      async (_, text) => {
        const [outcome] = await outcomesOf([text]);
        expect(outcome?.kind).toBe("ok");
        expect(numbersIn(outcome).every(Number.isFinite)).toBe(true);
      },
    );

    it.each(LONG_PIECES)("costs no more than in proportion for a text of %j over and over", async (piece) => {
      const step = make();
      // processor time, so that a busy machine changes nothing
      const cost = async (texts: number, length: number) => {
        const text = piece.repeat(length / piece.length);
        const batch = await before(Array.from({ length: texts }, () => said(text)));
        let best = Infinity;
        for (let run = 0; run < 7; run++) {
          const started = process.cpuUsage();
          await step.process(batch, signal);
          const { user, system } = process.cpuUsage(started);
          best = Math.min(best, (user + system) / 1_000);
        }
        return best;
      };
      // as much text in one piece as in eight: a quadratic step takes eight times as long
      const inPieces = await cost(8, 2_000);
      expect(await cost(1, 16_000)).toBeLessThan(inPieces * 3 + 5);
      expect(await cost(1, 200_000)).toBeLessThan(100);
    });

    it("stops when it is told to", async () => {
      const batch = await before(
        Array.from({ length: 500 }, () => said("The parcel never arrived. ".repeat(20))),
      );
      const stop = new AbortController();
      const running = make().process(batch, stop.signal);
      stop.abort(new Error("stopped"));
      await expect(running).rejects.toThrow("stopped");
    });

    it("lets others run while it reads a large batch", async () => {
      const batch = await before(
        // each another text, since a step may ask or read what is said twice once
        Array.from({ length: 1_000 }, (_, n) => said(`${"The parcel never arrived, why? ".repeat(4)}${n}`)),
      );
      let turns = 0;
      let isDone = false;
      const count = () => {
        turns++;
        if (!isDone) setImmediate(count);
      };
      setImmediate(count);
      await make().process(batch, signal);
      isDone = true;
      expect(turns).toBeGreaterThan(5);
    });
  });
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}
