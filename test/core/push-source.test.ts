import { describe, expect, it } from "vitest";
import type { Context } from "../../core/context.ts";
import type { Ingestor, Push, Sink } from "../../core/contracts.ts";
import { toDeadLetter } from "../../core/dead-letters.ts";
import { EarshotError } from "../../core/errors.ts";
import { openPushSource, type PushOptions } from "../../core/push-source.ts";
import { webhookIngestor } from "../../ingestors/webhook.ts";
import type { DeadLetter } from "../../schemas/dead-letter.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import type { Poll } from "../../schemas/poll.ts";
import { aContext } from "../support/builders.ts";

/** Takes any JSON array as a push, so that these tests need no signatures. */
const ingestor: Ingestor = {
  ...webhookIngestor,
  receive: ({ body }) =>
    (JSON.parse(Buffer.from(body).toString("utf8")) as readonly unknown[]).map((record) => ({
      source: "tickets",
      platform: "webhook",
      record,
    })),
};

function aPush(...records: readonly object[]): Push {
  return { headers: {}, body: new TextEncoder().encode(JSON.stringify(records)) };
}

function aRecord(id: string) {
  return { id, text: "The parcel never arrived", publishedAt: "2026-03-01T09:00:00Z" };
}

function aSink<T>(write: (records: readonly T[], signal: AbortSignal) => Promise<void> = async () => {}) {
  const records: T[] = [];
  const sink: Sink<T> = {
    name: "test",
    async write(some, signal) {
      await write(some, signal);
      records.push(...some);
    },
    check: async () => {},
    close: async () => {},
  };
  return { ...sink, records };
}

/** Lets writers through one after the other. */
function aGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

function open(options: Partial<PushOptions> = {}, events: Sink<MentionEvent> = aSink()) {
  const polls = aSink<Poll>();
  const deadLetters = aSink<DeadLetter>();
  const source = openPushSource({
    source: "tickets",
    ingestor,
    config: {},
    belonging: { trackers: ["acme"] },
    redactKey: undefined,
    context: aContext(),
    openEvents: () => events,
    deadLetters,
    polls,
    ...options,
  });
  return { source, polls, deadLetters };
}

const away = new EarshotError("sink_unavailable", "ClickHouse at 10.0.0.7 does not answer.");

describe("a push", () => {
  it("is told of what the pipeline could not take, each by its place", async () => {
    const openEvents = (deadLetters: Sink<DeadLetter>) =>
      aSink<MentionEvent>(async (events, signal) => {
        const bad = events.flatMap((event) =>
          event.type === "upsert" && event.mention.nativeId === "tickets/b" ? [event.mention] : [],
        );
        const dead = bad.map((mention) =>
          toDeadLetter({
            source: "tickets",
            ingestor: "",
            stage: "process",
            position: mention.id,
            payload: mention,
            error: new EarshotError("processor_failed", "It could not be read."),
            at: mention.observedAt,
          }),
        );
        await deadLetters.write(dead, signal);
      });
    const { source, polls, deadLetters } = open({ openEvents });
    const push = aPush(aRecord("a"), { id: "unreadable" }, aRecord("b"), { kind: "delete", id: "c" });
    expect(await source.push(push)).toEqual({
      accepted: 1,
      deleted: 1,
      skipped: 0,
      rejected: [
        { index: 1, id: "unreadable", code: "record_invalid", reason: expect.any(String) as string },
        { index: 2, id: "b", code: "processor_failed", reason: "It could not be read." },
      ],
    });
    expect(deadLetters.records).toHaveLength(2);
    expect(polls.records).toMatchObject([{ outcome: "ok", mentions: 1, deletions: 1, deadLetters: 2 }]);
    expect(await source.push(aPush(aRecord("a")))).toMatchObject({ accepted: 1, rejected: [] });
  });

  it("covers no time, spends nothing and is counted", async () => {
    const observed: unknown[] = [];
    const context: Context = { ...aContext(), observe: (observation) => observed.push(observation) };
    const { source, polls } = open({ context });
    await source.push(aPush(aRecord("a")));
    expect(polls.records).toMatchObject([
      { source: "tickets", coveredFrom: null, heardUntil: null, notBefore: null, requests: 0, failures: 0 },
    ]);
    expect(observed).toEqual([{ kind: "polled", source: "tickets", mentions: 1, deletions: 0 }]);
  });

  it("that hangs in the store is given up in time, and may come again", async () => {
    const gate = aGate();
    let isHanging = true;
    const events = aSink<MentionEvent>(() => (isHanging ? gate.opened : Promise.resolve()));
    const { source } = open({ patienceMs: 30 }, events);
    await expect(source.push(aPush(aRecord("a")), "key")).rejects.toMatchObject({
      code: "sink_unavailable",
      retryAfterMs: expect.any(Number) as number,
    });
    // who comes meanwhile waits no longer than that either
    await expect(source.push(aPush(aRecord("b")))).rejects.toMatchObject({ code: "sink_unavailable" });
    isHanging = false;
    gate.open();
    // the first was stored after all, late: its key knows
    expect(await source.push(aPush(aRecord("a")), "key")).toMatchObject({ accepted: 1 });
    expect(events.records).toHaveLength(1);
    expect(await source.push(aPush(aRecord("b")))).toMatchObject({ accepted: 1 });
  });

  it.each<[string, Partial<PushOptions>, Sink<MentionEvent>]>([
    ["is away", {}, { ...aSink<MentionEvent>(), check: () => Promise.reject(away) }],
    ["goes away", {}, aSink<MentionEvent>(() => Promise.reject(away))],
    [
      "refuses us",
      {},
      aSink<MentionEvent>(() => Promise.reject(new EarshotError("config_invalid", "no grant"))),
    ],
    ["takes no dead letters", { deadLetters: aSink<DeadLetter>(() => Promise.reject(away)) }, aSink()],
  ])(
    "to a store that %s must come again, and is told nothing of our inside",
    async (_what, options, events) => {
      const { source, polls } = open(options, events);
      const failure = source.push(aPush(aRecord("a"), { id: "bad" }), "key");
      await expect(failure).rejects.toMatchObject({ code: "sink_unavailable" });
      await expect(failure).rejects.not.toThrow(/10\.0\.0\.7|grant/);
      expect(polls.records).toEqual([]);
      // its key is not used up
      await expect(source.push(aPush({ id: "worse" }, aRecord("b")), "key")).rejects.toMatchObject({
        code: "sink_unavailable",
      });
    },
  );

  it("is stored though its report cannot be written", async () => {
    const { source } = open({ polls: aSink<Poll>(() => Promise.reject(away)) });
    expect(await source.push(aPush(aRecord("a")))).toMatchObject({ accepted: 1 });
  });

  it("that meets a mistake of ours is no outage", async () => {
    const events = aSink<MentionEvent>(() => Promise.reject(new TypeError("a mistake")));
    await expect(open({}, events).source.push(aPush(aRecord("a")))).rejects.toThrow(TypeError);
  });
});

describe("pushes", () => {
  it("are stored one after the other, and are refused when too many wait", async () => {
    const gate = aGate();
    let [inside, most] = [0, 0];
    const events = aSink<MentionEvent>(async () => {
      most = Math.max(most, ++inside);
      await gate.opened;
      inside--;
    });
    const { source } = open({}, events);
    const waiting = Array.from({ length: 32 }, (_, at) => source.push(aPush(aRecord(String(at)))));
    await expect(source.push(aPush(aRecord("too many")))).rejects.toMatchObject({ code: "sink_unavailable" });
    gate.open();
    expect(await Promise.all(waiting)).toHaveLength(32);
    await source.settled();
    expect(most).toBe(1);
    const ids = events.records.map((event) => (event.type === "upsert" ? event.mention.nativeId : ""));
    expect(ids).toEqual(Array.from({ length: 32 }, (_, at) => `tickets/${at}`));
  });

  it("have their last keys remembered, and the oldest forgotten", async () => {
    const { source, polls } = open();
    for (let at = 0; at <= 256; at++) await source.push(aPush(aRecord(String(at))), `key ${at}`);
    expect(await source.push(aPush(aRecord("256")), "key 256")).toMatchObject({ accepted: 1 });
    expect(await source.push(aPush(aRecord("other")), "key 1")).toBe("key_reused");
    expect(polls.records).toHaveLength(257);
    await source.push(aPush(aRecord("other")), "key 0");
    expect(polls.records).toHaveLength(258);
  });

  it("that are under way when it stops are waited for, but not for ever", async () => {
    const gate = aGate();
    const { source } = open(
      { patienceMs: 20 },
      aSink<MentionEvent>(() => gate.opened),
    );
    const hanging = expect(source.push(aPush(aRecord("a")))).rejects.toMatchObject({
      code: "sink_unavailable",
    });
    await source.settled();
    await hanging;
    gate.open();
    await source.settled();
  });
});
