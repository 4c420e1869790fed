import { describe, expect, it } from "vitest";
import type { Chain } from "../../core/chain.ts";
import { chain } from "../../core/chain.ts";
import type { Processor, Sink } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { isolating } from "../../core/isolate.ts";
import { processingSink, toStored, type ChainAdds } from "../../core/process.ts";
import type { DeadLetter } from "../../schemas/dead-letter.ts";
import type { Mention, MentionDeletion, MentionEvent } from "../../schemas/mention.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";

const signal = new AbortController().signal;

const read: Processor<Mention, ChainAdds> = {
  name: "read",
  process: async (batch) =>
    batch.map((mention) => {
      if (mention.text === "drop me") return { kind: "drop", reason: "asked for" };
      if (mention.text === "kill me")
        return { kind: "dead", error: new EarshotError("processor_failed", "cannot read") };
      return {
        kind: "ok",
        value: anEnrichment(),
      };
    }),
};

function aHarness(rejects: (event: StoredEvent) => boolean = () => false) {
  const stored: StoredEvent[] = [];
  const dead: DeadLetter[] = [];
  const log: string[] = [];
  const sink = <T>(name: string, into: T[], refuse: (record: T) => boolean): Sink<T> => ({
    name,
    async write(records) {
      if (records.some(refuse)) throw new EarshotError("sink_rejected", "bad row");
      log.push(name);
      into.push(...records);
    },
    check: async () => {},
    close: async () => {},
  });
  const reading: Chain<Mention, Mention & ChainAdds> = chain<Mention>().pipe(read);
  const target = processingSink({
    chain: reading,
    toEvent: toStored("m1"),
    target: isolating({
      what: "store mentions",
      stage: "store",
      target: sink("store", stored, rejects),
      deadLetters: sink("dead letters", dead, () => false),
      context: aContext(),
    }),
    deadLetters: sink("dead letters", dead, () => false),
    context: aContext(),
  });
  return { stored, dead, log, target };
}

function upsert(text: string): MentionEvent {
  return { type: "upsert", mention: aMention({ text }) };
}

describe("process loop", () => {
  it("stores what is ok, then dead-letters what is not, and drops what was meant to be", async () => {
    const { stored, dead, log, target } = aHarness();
    await target.write([upsert("fine"), upsert("kill me"), upsert("drop me")], signal);
    expect(log).toEqual(["store", "dead letters"]);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      enrichment: { modelVersion: "m1", processedAt: "2026-03-02T10:00:00.000Z" },
    });
    expect(dead[0]).toMatchObject({ stage: "process", code: "processor_failed", reason: "cannot read" });
  });

  it("passes deletions through", async () => {
    const { stored, target } = aHarness();
    const deletion: MentionDeletion = {
      type: "delete",
      id: "x:1",
      source: "test",
      trackers: [],
      reason: "gone",
      observedAt: "2026-03-02T10:00:00.000Z",
    };
    await target.write([deletion], signal);
    expect(stored).toEqual([deletion]);
  });

  it("keeps the order in which events came, and their place in the log", async () => {
    const { stored, target } = aHarness();
    const mention = aMention();
    const gone: MentionDeletion = {
      type: "delete",
      id: mention.id,
      source: "test",
      trackers: [],
      reason: "gone",
      observedAt: "2026-03-02T10:00:00.000Z",
    };
    const logged = (offset: number) => ({ at: "2026-03-02T10:00:00.000Z", offset });
    await target.write(
      [
        { type: "upsert", mention, logged: logged(1) },
        { ...gone, logged: logged(2) },
        { type: "upsert", mention, logged: logged(3) },
      ],
      signal,
    );
    expect(stored.map((event) => [event.type, event.logged?.offset])).toEqual([
      ["upsert", 1],
      ["delete", 2],
      ["upsert", 3],
    ]);
  });

  it("stores batches in the order they came, though a later one is read sooner", async () => {
    const { stored, target } = aHarness();
    const many = Array.from({ length: 50 }, (_, index) => upsert(`early ${index}`));
    await Promise.all([target.write(many, signal), target.write([upsert("late")], signal)]);
    const texts = stored.map((event) => (event.type === "upsert" ? event.mention.text : ""));
    expect(texts.at(-1)).toBe("late");
  });

  it("keeps that order when the first batch has to wait for the store", async () => {
    let isAway = true;
    const { stored, target } = aHarness(() => {
      if (!isAway) return false;
      isAway = false;
      throw new EarshotError("sink_unavailable", "away");
    });
    await Promise.all([target.write([upsert("first")], signal), target.write([upsert("second")], signal)]);
    expect(stored.map((event) => (event.type === "upsert" ? event.mention.text : ""))).toEqual([
      "first",
      "second",
    ]);
  });

  it("gives one dead letter to a poison mention, however often it is observed", async () => {
    const { dead, target } = aHarness();
    const seen = (observedAt: string): MentionEvent => ({
      type: "upsert",
      mention: aMention({ nativeId: "p", text: "kill me", authorId: "a", observedAt }),
    });
    await target.write([seen("2026-03-02T10:00:00.000Z")], signal);
    await target.write([seen("2026-03-02T11:00:00.000Z")], signal);
    expect(new Set(dead.map(({ id }) => id)).size).toBe(1);
  });

  it("isolates the one row a store refuses and stores all the others", async () => {
    const poison = (event: StoredEvent) => event.type === "upsert" && event.mention.text === "poison";
    const { stored, dead, target } = aHarness(poison);
    const events = Array.from({ length: 33 }, (_, index) =>
      upsert(index === 20 ? "poison" : `text ${index}`),
    );
    await target.write(events, signal);
    expect(stored).toHaveLength(32);
    expect(dead).toHaveLength(1);
    expect(dead[0]).toMatchObject({ stage: "store", code: "sink_rejected" });
    expect(JSON.parse(dead[0]?.payload ?? "")).toMatchObject({ text: "poison" });
  });
});
