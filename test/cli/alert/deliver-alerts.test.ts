import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { deliverAlerts, type DeliverOptions } from "../../../cli/alert/deliver-alerts.ts";
import { oldestWaiting } from "../../../cli/alert/deliver-outbox.ts";
import type { App } from "../../../cli/app.ts";
import { parseConfig } from "../../../core/config.ts";
import type { Context } from "../../../core/context.ts";
import { defineReceiver, type Receipt, type ReceiverKind } from "../../../core/contracts.ts";
import { EarshotError } from "../../../core/errors.ts";
import { deliveriesOfAlerts } from "../../../queries/alert-outbox.ts";
import { deadLetters } from "../../../queries/dead-letters.ts";
import { silenceRows } from "../../../schemas/alert-rows.ts";
import type { AlertEvent } from "../../../schemas/alert.ts";
import { Notification } from "../../../schemas/notification.ts";
import { fromWire } from "../../../schemas/wire.ts";
import { webhook } from "../../../sinks/receivers/webhook.ts";
import { anAlertEvent, storeAlerts } from "../../support/alert-builders.ts";
import { aContext } from "../../support/builders.ts";
import { openTestStore, type TestStore } from "../../support/embedded-store.ts";
import { startStubServer, type StubServer } from "../../support/stub-server.ts";

const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes, or").toString("base64")}`;

let opened: TestStore;
let server: StubServer;
let dataDir: string;
const running: { stop(): Promise<void> }[] = [];
/** What was logged as an error. */
const faults: string[] = [];

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());
beforeEach(async () => {
  server = await startStubServer();
  dataDir = await mkdtemp(join(tmpdir(), "earshot-test-"));
  for (const table of ["alert_event_rows", "delivery_rows", "silence_rows", "dead_letter_rows"]) {
    await opened.store.command(`TRUNCATE TABLE ${table}`);
  }
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
  // a message that could not be written in full would be told all the same
  expect(faults.splice(0).filter((fault) => fault.includes("without quotes"))).toEqual([]);
});

const ask: App["ask"] = (query, params) => opened.store.query(query.statement(params), query.row);

const hook = (id: string, path: string, fields: object = {}) => ({
  type: "webhook",
  id,
  url: `${server.url}/${path}`,
  secrets: [SECRET],
  ...fields,
});

/** Delivers until it is stopped. */
function start(
  alerts: object,
  { store = opened.store, ...options }: DeliverOptions & { store?: App["store"] } = {},
) {
  const kinds = options.kinds ?? [webhook];
  const config = parseConfig(
    { trackers: [{ id: "acme", name: "Acme Parcels" }], dataDir, alerts },
    [],
    {},
    "test",
    kinds,
  );
  const silent = aContext().log;
  const context: Context = {
    ...aContext(),
    now: () => new Date(),
    log: { ...silent, error: (_facts, message = "") => faults.push(message) },
  };
  const stopping = new AbortController();
  const done = deliverAlerts({ config, store, context, ask }, stopping.signal, {
    pollMs: 10,
    firstRestMs: 20,
    ...options,
    kinds,
  });
  const one = {
    done,
    async stop() {
      stopping.abort();
      await done;
    },
  };
  running.push(one);
  return one;
}

function happens(alertId: string, kind: AlertEvent["kind"], fields: Partial<AlertEvent> = {}): AlertEvent {
  const at = new Date().toISOString();
  return anAlertEvent({
    id: `${alertId}-${kind}`,
    alertId,
    kind,
    // of nothing that was said, so that a message is written in no time
    ruleKind: "source_silent",
    score: kind === "escalated" ? 5 : 2.5,
    severity: "high",
    at,
    recordedAt: at,
    payload: { sentence: "84 people complained in an hour", reasons: ["the biggest burst of two weeks"] },
    ...fields,
  });
}

const fires = (alertId: string, fields: Partial<AlertEvent> = {}) => [
  happens(alertId, "pending", fields),
  happens(alertId, "fired", fields),
];

const store = (events: readonly AlertEvent[]) => storeAlerts(opened.store, events);

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(5);
}

const rowsOf = async (...ids: string[]) =>
  (await ask(deliveriesOfAlerts, { ids })).map((row) => `${row.id} ${row.outcome}`).sort();

/** What a path took, in order: those it answered with 2xx. */
function taking(
  path: string,
  refuse: (turn: number) => { status: number; headers?: Record<string, string> } | undefined,
) {
  const taken: { id: string; body: string }[] = [];
  let turn = 0;
  server.on(`/${path}`, ({ headers, body }) => {
    const refusal = refuse(turn++);
    if (refusal !== undefined) return refusal;
    taken.push({ id: String(headers["webhook-id"]), body });
    return { status: 204 };
  });
  return taken;
}

const read = (body: string) => Notification.parse(fromWire(JSON.parse(body)));

/** The store, but what was told is not written while it fails. */
function storeThatFails(isFailing: () => boolean): App["store"] {
  return Object.create(opened.store, {
    table: {
      value: (spec: Parameters<App["store"]["table"]>[0]) => {
        const table = opened.store.table(spec);
        if (spec.table !== "delivery_rows") return table;
        return {
          ...table,
          async write(...given: Parameters<typeof table.write>) {
            if (isFailing())
              throw new EarshotError("sink_unavailable", "It is away; it will be tried again.");
            await table.write(...given);
          },
        };
      },
    },
  }) as App["store"];
}

describe("telling people", () => {
  it("tells each change once, in order, though it is restarted twenty times and half of all calls fail", async () => {
    const taken = taking("care", (turn) =>
      turn % 2 === 0
        ? turn % 4 === 0
          ? { status: 500 }
          : { status: 429, headers: { "retry-after": "0" } }
        : undefined,
    );
    const alerts = { receivers: [hook("care", "care")], routes: [{ to: ["care"], groupBy: ["rule"] }] };
    const name = (round: number) => `a${String(round).padStart(2, "0")}`;
    const of = (round: number) => [name(round), { rule: `rule-${round}` }] as const;
    const expected: string[] = [];
    for (let round = 0; round < 20; round++) {
      const events = fires(...of(round));
      const [[before, grew], [first, ended]] = [of(round - 1), of(round - 2)];
      if (round >= 1) events.push(happens(before, "escalated", grew));
      if (round >= 2) events.push(happens(first, "resolved", ended));
      expected.push(...events.filter(({ kind }) => kind !== "pending").map(({ id }) => id));
      const asked = server.requests.length;
      const one = start(alerts);
      await store(events);
      // ended in the middle of things, with more to tell
      await server.received(asked + 1 + (round % 3));
      await one.stop();
    }
    start(alerts);
    await until(() => taken.length >= expected.length);
    await running.at(-1)?.stop();
    const ids = taken.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => id.split(":")[1]).sort()).toEqual([...expected].sort());
    const order = ["fired", "escalated", "resolved"];
    for (let round = 0; round < 20; round++) {
      const told = ids
        .filter((id) => id.startsWith(name(round)))
        .map((id) => order.findIndex((kind) => id.includes(kind)));
      expect(told).toEqual([...told].sort());
    }
    const rows = await ask(deliveriesOfAlerts, {
      ids: [...new Set(ids.map((id) => id.split(":")[0] ?? ""))],
    });
    expect(rows.filter(({ outcome }) => outcome !== "sent")).toEqual([]);
  });

  it("says what happened, and tells nothing of what is pending or noted", async () => {
    const taken = taking("care", () => undefined);
    start({ receivers: [hook("care", "care")] });
    const spike = { ruleKind: "volume_spike" as const };
    await store([
      happens("b1", "pending"),
      ...fires("a1", spike),
      happens("a1", "note", { ...spike, note: "seen" }),
    ]);
    await until(() => taken.length > 0);
    await store([happens("a1", "acknowledge", { ...spike, by: "ann" })]);
    await until(() => taken.length > 1);
    const [first, second] = taken.map(({ body }) => read(body));
    expect(first).toMatchObject({
      id: "a1:a1-fired:care",
      number: "A-A1",
      kind: "fired",
      severity: "high",
      tracker: "Acme Parcels",
      title: "Acme Parcels: far more is said than usual",
      summary: "84 people complained in an hour.",
      reasons: ["The biggest burst of two weeks."],
    });
    expect(second).toMatchObject({ kind: "acknowledged", summary: "ann sees to it." });
    const both = ["a1:a1-acknowledge:care sent", "a1:a1-fired:care sent"];
    await until(async () => (await rowsOf("a1", "b1")).length === 2);
    expect(await rowsOf("a1", "b1")).toEqual(both);
  });

  it("holds no receiver up because another is slow", async () => {
    server.on("/slow", { hang: "before_headers" });
    const taken = taking("care", () => undefined);
    start({
      receivers: [hook("slow", "slow", { timeoutMs: 500 }), hook("care", "care")],
      routes: [{ to: ["slow", "care"], groupBy: ["rule"] }],
    });
    await store([...fires("a1"), ...fires("a2", { rule: "r2" }), ...fires("a3", { rule: "r3" })]);
    await until(() => taken.length === 3);
    expect((await rowsOf("a1", "a2", "a3")).filter((row) => row.includes(":slow sent"))).toEqual([]);
  });

  it("gives up on what is refused, files it without a word of anybody, and tells the fallback", async () => {
    server.on("/care", { status: 404 });
    const taken = taking("mail", () => undefined);
    start({
      receivers: [hook("care", "care", { fallback: "mail" }), hook("mail", "mail")],
      routes: [{ to: ["care"] }],
    });
    await store(fires("a1"));
    await until(() => taken.length === 1);
    await until(async () => (await rowsOf("a1")).length === 2);
    expect(await rowsOf("a1")).toEqual(["a1:a1-fired:care dead", "a1:a1-fired:mail sent"]);
    expect(read(taken[0]?.body ?? "").reasons).toContain("Care could not be told.");
    const letters = await ask(deadLetters, deadLetters.params.parse({}));
    expect(letters).toMatchObject([{ source: "care", position: "a1:a1-fired:care", code: "sink_rejected" }]);
  });

  it("hands a receiver what it said of the same alert before, also after a restart", async () => {
    const met: (readonly [string, Receipt | undefined])[] = [];
    const spy: ReceiverKind = defineReceiver({
      name: "spy",
      summary: "Remembers.",
      config: z.strictObject({}),
      open: () => ({
        async deliver({ kind, alertId }, earlier) {
          met.push([`${alertId} ${kind}`, earlier]);
          return { ts: `${met.length}` };
        },
        close: async () => {},
      }),
    });
    const alerts = { receivers: [{ type: "spy", id: "spy" }] };
    const one = start(alerts, { kinds: [spy] });
    await store(fires("a1"));
    await until(() => met.length === 1);
    await one.stop();
    start(alerts, { kinds: [spy] });
    await store([...fires("a2", { tracker: "other" }), happens("a1", "resolved")]);
    await until(() => met.length === 3);
    expect(new Map(met)).toEqual(
      new Map([
        ["a1 fired", undefined],
        ["a2 fired", undefined],
        ["a1 resolved", { ts: "1" }],
      ]),
    );
  });

  it("tells nothing again because the store took no receipt at first", async () => {
    const taken = taking("care", () => undefined);
    let failures = 0;
    const flaky = storeThatFails(() => failures++ < 3);
    start({ receivers: [hook("care", "care")] }, { store: flaky });
    await store(fires("a1"));
    await until(async () => (await rowsOf("a1")).length === 1);
    await store(fires("a2", { tracker: "other" }));
    await until(() => taken.some(({ id }) => id.startsWith("a2")));
    expect(failures).toBeGreaterThan(3);
    expect(taken.map(({ id }) => id)).toEqual(["a1:a1-fired:care", "a2:a2-fired:care"]);
  });

  it("tells nothing again that was sent, though it ended before the store knew of it", async () => {
    const taken = taking("care", () => undefined);
    const alerts = { receivers: [hook("care", "care")] };
    const receipts = join(dataDir, "alert-receipts");
    const one = start(alerts, { store: storeThatFails(() => true), graceMs: 1 });
    await store(fires("a1"));
    // the receiver has it before its answer comes back
    await until(() => existsSync(receipts) && readdirSync(receipts).length === 1);
    await one.stop();
    expect(await rowsOf("a1")).toEqual([]);
    start(alerts);
    await store(fires("a2", { rule: "other" }));
    await until(() => taken.length === 2);
    expect(taken.map(({ id }) => id)).toEqual(["a1:a1-fired:care", "a2:a2-fired:care"]);
    expect(await rowsOf("a1")).toEqual(["a1:a1-fired:care sent"]);
  });

  it("keeps quiet of what people silenced, and says why", async () => {
    const taken = taking("care", () => undefined);
    const now = Date.now();
    await opened.store.table(silenceRows).write(
      [
        {
          id: "s1",
          match: { tracker: "acme" },
          fromAt: new Date(now - 60_000).toISOString(),
          untilAt: new Date(now + 3_600_000).toISOString(),
          reason: "a drill",
          by: "ann",
          recordedAt: new Date(now).toISOString(),
        },
      ],
      AbortSignal.timeout(10_000),
    );
    start({ receivers: [hook("care", "care")] });
    await store([...fires("a1"), ...fires("a2", { tracker: "other" })]);
    await until(() => taken.length === 1);
    await until(async () => (await rowsOf("a1")).length === 1);
    expect(taken.map(({ id }) => id)).toEqual(["a2:a2-fired:care"]);
    const [row] = await ask(deliveriesOfAlerts, { ids: ["a1"] });
    expect(row?.reason).toMatch(/^silenced until .*: a drill$/);
  });

  it("knows what lies about that nobody takes", async () => {
    server.on("/care", { status: 500 });
    start({ receivers: [hook("care", "care")] }, { firstRestMs: 60_000 });
    await store(fires("a1"));
    await until(async () => (await rowsOf("a1")).length === 1);
    const oldest = await oldestWaiting({ ask }, new Date());
    expect(oldest).toMatchObject({ alertId: "a1", receivers: ["care"] });
    taking("care", () => undefined);
    await store([happens("a1", "escalated")]);
    await until(async () => (await rowsOf("a1")).join().includes("a1-escalated:care sent"));
    expect(await oldestWaiting({ ask }, new Date())).toBeUndefined();
  });
});
