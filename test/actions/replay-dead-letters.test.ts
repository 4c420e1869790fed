import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { discardDeadLetters } from "../../actions/discard-dead-letters.ts";
import { replayDeadLetters } from "../../actions/replay-dead-letters.ts";
import { defineIngestor, type Sink } from "../../core/contracts.ts";
import { toDeadLetter } from "../../core/dead-letters.ts";
import { EarshotError } from "../../core/errors.ts";
import type { DeadLetter } from "../../schemas/dead-letter.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import { deadLetterRows } from "../../schemas/rows.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
const FAILED_AT = "2026-03-02T10:00:00.000Z";
const REPLAYED_AT = "2026-03-09T10:00:00.000Z";
let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

const echo = defineIngestor({
  name: "echo",
  summary: "Items that are texts.",
  source: { mode: "poll", schedule: "* * * * *", scope: "all" },
  config: z.strictObject({}),
  cursor: z.object({}),
  async *poll() {},
  parse(item) {
    if (typeof item !== "string") throw new EarshotError("record_invalid", "still no text");
    const publishedAt = "2026-03-01T00:00:00.000Z";
    return {
      type: "upsert",
      mention: { platform: "echo", nativeId: item, kind: "post", text: item, publishedAt },
    };
  },
});

function aLetter(payload: unknown, stage: DeadLetter["stage"] = "parse"): DeadLetter {
  const error = new EarshotError("record_invalid", "it failed");
  return toDeadLetter({
    source: "echoes",
    ingestor: "echo",
    stage,
    position: "",
    payload,
    error,
    at: FAILED_AT,
  });
}

/** Replays all open ones; mentions whose text is among `refused` fail in processing again. */
async function replay(refused: readonly string[] = []) {
  const events: MentionEvent[] = [];
  const report = await replayDeadLetters(
    {
      store: opened.store,
      ingestors: [echo],
      sourceOf: () => ({ belonging: { trackers: ["acme"] }, redactKey: undefined }),
      deadLetters: opened.store.table(deadLetterRows),
      context: aContext(REPLAYED_AT),
      openEvents: (onDead: Sink<DeadLetter>) => ({
        name: "events",
        async write(batch) {
          for (const event of batch) {
            if (event.type === "upsert" && refused.includes(event.mention.text)) {
              const error = new EarshotError("processor_failed", "cannot read it yet");
              const { mention } = event;
              const failure = {
                source: "echoes",
                ingestor: "",
                stage: "process",
                payload: mention,
                error,
              } as const;
              await onDead.write(
                [toDeadLetter({ ...failure, position: mention.id, at: REPLAYED_AT })],
                signal,
              );
            } else events.push(event);
          }
        },
        check: async () => {},
        close: async () => {},
      }),
    },
    signal,
  );
  return { report, events };
}

async function states(): Promise<Record<string, string>> {
  const sql = "SELECT payload, state FROM dead_letters";
  const rows = await opened.store.query(
    { sql, params: {} },
    z.object({ payload: z.string(), state: z.string() }),
  );
  return Object.fromEntries(rows.map(({ payload, state }) => [payload, state]));
}

test("what can be read now is replayed as it was observed then; what fails anywhere stays open with its new reason", async () => {
  await opened.store.table(deadLetterRows).write([aLetter("fine"), aLetter("stubborn"), aLetter(7)], signal);
  const { report, events } = await replay(["stubborn"]);
  expect(events).toMatchObject([{ mention: { text: "fine", trackers: ["acme"], observedAt: FAILED_AT } }]);
  expect(report.replayed).toBe(1);
  expect(report.failed.map(({ reason }) => reason).sort()).toEqual(["cannot read it yet", "still no text"]);
  expect(await states()).toEqual({ '"fine"': "replayed", '"stubborn"': "open", "7": "open" });
});

test("a later replay takes up what was left, and only that", async () => {
  const { report, events } = await replay();
  expect(events).toMatchObject([{ mention: { text: "stubborn" } }]);
  expect(report).toMatchObject({ replayed: 1, failed: [{ reason: "still no text" }] });
});

test("a deletion that the store refused can be replayed", async () => {
  const deletion = {
    type: "delete",
    id: "echo:1",
    source: "echoes",
    reason: "gone",
    observedAt: FAILED_AT,
    trackers: [],
  };
  await opened.store.table(deadLetterRows).write([aLetter(deletion, "store")], signal);
  expect((await replay()).events).toEqual([deletion]);
});

test("a discarded one is left alone from then on", async () => {
  const { id } = aLetter(7);
  const context = aContext("2026-03-10T10:00:00.000Z");
  expect(await discardDeadLetters({ store: opened.store, ids: [id, "no such id"], context }, signal)).toBe(1);
  expect((await states())["7"]).toBe("discarded");
  expect((await replay()).report).toEqual({ replayed: 0, failed: [] });
});

test("a message about an alert is not sent again, and says what to do", async () => {
  const letter = aLetter({ title: "Acme: parcels are late" }, "deliver");
  await opened.store.table(deadLetterRows).write([letter], signal);
  const { report, events } = await replay();
  expect(events).toEqual([]);
  expect(report.failed).toEqual([
    {
      id: letter.id,
      reason: expect.stringMatching(/the alert itself is listed.*earshot alerts test/) as string,
    },
  ]);
});
