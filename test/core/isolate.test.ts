import { describe, expect, it } from "vitest";
import type { Sink } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { isolating } from "../../core/isolate.ts";
import type { DeadLetter } from "../../schemas/dead-letter.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import { aContext, aMention } from "../support/builders.ts";

const signal = new AbortController().signal;
const away = () => new EarshotError("sink_unavailable", "away", { retryAfterMs: 0 });

function upsert(text: string): MentionEvent {
  return { type: "upsert", mention: aMention({ text }) };
}

function textOf(event: MentionEvent): string {
  return event.type === "upsert" ? event.mention.text : event.id;
}

/** `refuse` throws what the target answers to a batch; `isAnswering` is what its check says. */
function aHarness(refuse: (texts: string[], tries: number) => void, isAnswering = () => true) {
  const taken: string[] = [];
  const dead: DeadLetter[] = [];
  let tries = 0;
  const target: Sink<MentionEvent> = {
    name: "target",
    async write(events) {
      const texts = events.map(textOf);
      refuse(texts, ++tries);
      taken.push(...texts);
    },
    async check() {
      if (!isAnswering()) throw away();
    },
    close: async () => {},
  };
  const deadLetters: Sink<DeadLetter> = {
    name: "dead letters",
    write: async (letters) => void dead.push(...letters),
    check: async () => {},
    close: async () => {},
  };
  const sink = isolating({ what: "test", stage: "publish", target, deadLetters, context: aContext() });
  return { sink, taken, dead, tries: () => tries };
}

describe("isolating", () => {
  it("finds the records a target refuses, and writes all the others", async () => {
    const { sink, taken, dead } = aHarness((texts) => {
      if (texts.some((text) => text.startsWith("bad"))) throw new EarshotError("sink_rejected", "no");
    });
    const texts = ["a", "bad 1", "b", "c", "bad 2"];
    await sink.write(texts.map(upsert), signal);
    expect(new Set(taken)).toEqual(new Set(["a", "b", "c"]));
    expect(dead.map(({ payload }) => (JSON.parse(payload) as { text: string }).text).sort()).toEqual([
      "bad 1",
      "bad 2",
    ]);
    expect(dead[0]).toMatchObject({ stage: "publish", code: "sink_rejected", reason: "no", state: "open" });
  });

  it("after bounded tries finds the record that makes an answering target fail every time", async () => {
    const { sink, taken, dead, tries } = aHarness((texts) => {
      if (texts.includes("crash")) throw away();
    });
    await sink.write(["a", "b", "crash", "c", "d", "e", "f"].map(upsert), signal);
    expect(new Set(taken)).toEqual(new Set(["a", "b", "c", "d", "e", "f"]));
    expect(dead).toHaveLength(1);
    expect(dead[0]).toMatchObject({ code: "sink_unavailable" });
    expect(tries()).toBeLessThan(30);
  });

  it("blames no record for an outage, however long, though the target seems to answer", async () => {
    const { sink, taken, dead } = aHarness((_texts, tries) => {
      if (tries < 200) throw away();
    });
    await sink.write(["a", "b", "c"].map(upsert), signal);
    expect(taken).toEqual(["a", "b", "c"]);
    expect(dead).toEqual([]);
  });

  it("waits for a target that does not answer without picking the batch apart", async () => {
    let largest = 0;
    const { sink, taken, dead } = aHarness(
      (texts, tries) => {
        largest = Math.max(largest, texts.length);
        expect(texts).toHaveLength(3);
        if (tries < 60) throw away();
      },
      () => false,
    );
    await sink.write(["a", "b", "c"].map(upsert), signal);
    expect([taken, dead, largest]).toEqual([["a", "b", "c"], [], 3]);
  });

  it("lets no batch overtake one that has to wait", async () => {
    const { sink, taken } = aHarness((texts, tries) => {
      if (texts.includes("first") && tries < 4) throw away();
    });
    await Promise.all([sink.write([upsert("first")], signal), sink.write([upsert("second")], signal)]);
    expect(taken).toEqual(["first", "second"]);
  });

  it("passes on what is neither a refusal nor an outage", async () => {
    const mistake = new TypeError("a mistake");
    const { sink, dead } = aHarness(() => {
      throw mistake;
    });
    await expect(sink.write([upsert("a"), upsert("b")], signal)).rejects.toBe(mistake);
    expect(dead).toEqual([]);
  });

  it("ends its waiting when it is told to stop", async () => {
    const stopping = new AbortController();
    const { sink } = aHarness((_texts, tries) => {
      if (tries === 3) stopping.abort();
      throw away();
    });
    await expect(sink.write([upsert("a")], stopping.signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});
