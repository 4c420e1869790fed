import { expect, it } from "vitest";
import { z } from "zod";
import { NO_LIMITS } from "../../core/budget.ts";
import { defineIngestor, type Sink } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { reread } from "../../core/reread.ts";
import type { DeadLetter } from "../../schemas/dead-letter.ts";
import type { Mention, MentionEvent } from "../../schemas/mention.ts";
import { aContext } from "../support/builders.ts";

const signal = new AbortController().signal;

const base = defineIngestor({
  name: "numbers",
  summary: "Numbers as mentions.",
  source: { mode: "poll", schedule: "* * * * *", scope: "all" },
  config: z.strictObject({}),
  cursor: z.object({}),
  async *poll() {},
  parse(item) {
    if (typeof item !== "number") throw new EarshotError("record_invalid", "not a number");
    const publishedAt = "2026-03-01T00:00:00.000Z";
    return {
      type: "upsert",
      mention: { platform: "digits", nativeId: String(item), kind: "post", text: "n", publishedAt },
    };
  },
});

function aHarness(ingestor = base) {
  const events: MentionEvent[] = [];
  const dead: DeadLetter[] = [];
  const sink = <T>(into: T[]): Sink<T> => ({
    name: "sink",
    write: async (records) => void into.push(...records),
    check: async () => {},
    close: async () => {},
  });
  const options = {
    source: "test",
    belonging: { trackers: ["acme"] },
    redactKey: undefined,
    ingestor,
    config: {},
    queries: [],
    budget: NO_LIMITS,
    events: sink(events),
    deadLetters: sink(dead),
    context: aContext(),
  };
  return { events, dead, options };
}

const due = [1, 2, 3].map((number) => ({
  id: `digits:${number}`,
  nativeId: String(number),
  trackers: ["acme"],
}));

it("writes what is still there as it is now, and the deletion of what is gone", async () => {
  const asked: string[] = [];
  const { events, options } = aHarness({
    ...base,
    async reread(ids) {
      asked.push(...ids);
      return { items: [1, 3], gone: [{ id: "2", reason: "the author deleted it" }] };
    },
  });
  expect(await reread(options, due, signal)).toEqual({ read: 2, gone: 1, left: [] });
  expect(asked).toEqual(["1", "2", "3"]);
  expect(events).toMatchObject([
    { type: "upsert", mention: { id: "digits:1", observedAt: "2026-03-02T10:00:00.000Z" } },
    { type: "upsert", mention: { id: "digits:3" } },
    { type: "delete", id: "digits:2", reason: "the author deleted it", trackers: ["acme"] },
  ]);
});

it("makes a dead letter of what cannot be read any more, and goes on", async () => {
  const { events, dead, options } = aHarness({
    ...base,
    reread: async () => ({ items: ["?", 3], gone: [] }),
  });
  expect(await reread(options, due, signal)).toEqual({ read: 1, gone: 0, left: ["digits:1", "digits:2"] });
  expect(events).toHaveLength(1);
  expect(dead).toMatchObject([{ stage: "parse", code: "record_invalid" }]);
});

it("writes what no query matches any more for those it belonged to, and nothing that was not asked for", async () => {
  const { events, options } = aHarness({ ...base, reread: async () => ({ items: [1, 2, 9], gone: [] }) });
  const match = (mention: Mention) => (mention.id === "digits:2" ? ["zenith"] : undefined);
  const belonging = { trackers: ["acme", "zenith"], match };
  expect(await reread({ ...options, belonging }, due, signal)).toMatchObject({ read: 2, left: ["digits:3"] });
  expect(events).toMatchObject([
    { mention: { id: "digits:1", trackers: ["acme"] } },
    { mention: { id: "digits:2", trackers: ["zenith"] } },
  ]);
});

it("deletes nothing when the platform does not answer", async () => {
  const { events, options } = aHarness({
    ...base,
    reread: () => Promise.reject(new EarshotError("source_unavailable", "502")),
  });
  await expect(reread(options, due, signal)).rejects.toMatchObject({ code: "source_unavailable" });
  expect(events).toEqual([]);
});
