import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actOnAlert } from "../../actions/act-on-alert.ts";
import { endSilence, silenceAlerts, SilenceRequest } from "../../actions/silence-alerts.ts";
import type { Store } from "../../core/contracts.ts";
import { alertEvents } from "../../queries/alert-events.ts";
import { alertSilences } from "../../queries/alert-silences.ts";
import { alerts } from "../../queries/alerts.ts";
import { AlertRequest, type AlertEvent } from "../../schemas/alert.ts";
import { anAlert, storeAlerts } from "../support/alert-builders.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = AbortSignal.timeout(600_000);
const NOW = "2026-03-03T10:00:00.000Z";
const FIRED = { voices: 14 };

let opened: TestStore;
/** Each test has an alert of its own. */
let made = 0;

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

async function anOpenAlert(...further: readonly Pick<AlertEvent, "kind">[]): Promise<string> {
  const alertId = `${String(++made).padStart(4, "0")}${"f".repeat(28)}`;
  await storeAlerts(
    opened.store,
    anAlert({ alertId, severity: "high", score: 2, payload: FIRED }, ...further),
  );
  return alertId;
}

interface How {
  readonly by?: string;
  readonly at?: string;
  readonly store?: Store;
}

async function act(alertId: string, request: Record<string, unknown>, how: How = {}) {
  const { by = "ann", at = NOW, store = opened.store } = how;
  const parsed = AlertRequest.parse(request);
  return actOnAlert({ store, alertId, request: parsed, by, context: aContext(at) }, signal);
}

async function standing(alertId: string) {
  const statuses = ["firing", "acknowledged", "resolved", "pending", "withdrawn"];
  const asked = alerts.params.parse({ alert: [alertId], status: statuses });
  const [row] = await opened.reader.query(alerts.statement(asked), alerts.row);
  return row;
}

async function happened(alertId: string) {
  const asked = alertEvents.params.parse({ alert: alertId });
  return opened.reader.query(alertEvents.statement(asked), alertEvents.row);
}

describe("acting on an alert", () => {
  it("acknowledges it in somebody's name, with what it is of, by its number", async () => {
    const id = await anOpenAlert();
    const event = await act(`A-${id.slice(0, 6).toUpperCase()}`, { kind: "acknowledge", note: "on\u0000it" });
    expect(event).toMatchObject({
      alertId: id,
      kind: "acknowledge",
      by: "ann",
      note: "onit",
      at: NOW,
      rule: "complaint-spike",
      severity: "high",
      payload: {},
    });
    expect(await standing(id)).toMatchObject({
      status: "acknowledged",
      acknowledged_by: "ann",
      acknowledged_at: NOW,
    });
  });

  it("is one event when it is done again, and another after anything else was done", async () => {
    const id = await anOpenAlert();
    const cutOff: Store = {
      ...opened.store,
      query: opened.store.query.bind(opened.store),
      table: () => ({ write: () => Promise.reject(new Error("cut off")) }),
    } as unknown as Store;
    const support = { kind: "assign", owner: "support" };
    await expect(act(id, support, { store: cutOff })).rejects.toThrow("cut off");
    const first = await act(id, support);
    expect((await act(id, support, { at: "2026-03-03T10:05:00.000Z" })).id).toBe(first.id);
    expect(await happened(id)).toHaveLength(3);
    await act(id, { kind: "assign", owner: "legal" });
    const again = await act(id, support);
    expect(again.id).not.toBe(first.id);
    expect(await standing(id)).toMatchObject({ owner: "support" });
    // another person who says the same says it, too
    await act(id, support, { by: "bob" });
    expect((await happened(id)).map(({ kind, by }) => `${kind} ${by}`)).toEqual([
      "assign bob",
      "assign ann",
      "assign ann",
      "assign ann",
      "fired ",
      "pending ",
    ]);
  });

  it("snoozes it until a time, or until so many more people than now say so", async () => {
    const id = await anOpenAlert();
    const until = "2026-03-03T18:00:00.000Z";
    const event = await act(id, { kind: "snooze", until, untilVoices: 6 });
    expect(event.payload).toEqual({ until, untilVoices: 6, atVoices: 20 });
    expect(await standing(id)).toMatchObject({ snoozed_until: until, snoozed_until_voices: 20 });
    // what is asked for is less than before, so it is no repetition
    expect((await act(id, { kind: "snooze", until })).id).not.toBe(event.id);
    expect(await standing(id)).toMatchObject({ snoozed_until: until, snoozed_until_voices: 0 });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["no end", { kind: "snooze" }, /Say until when/],
    ["an end that was", { kind: "snooze", until: "2026-03-03T09:59:59.000Z" }, /is not to come/],
  ])("refuses a snooze with %s", async (_name, request, message) => {
    await expect(act(await anOpenAlert(), request)).rejects.toMatchObject({
      code: "request_invalid",
      message: expect.stringMatching(message) as string,
    });
  });

  it("refuses to wait for people where the rule counts none", async () => {
    const alertId = "silent00ffff";
    await storeAlerts(opened.store, anAlert({ alertId, ruleKind: "source_silent" }));
    await expect(act(alertId, { kind: "snooze", untilVoices: 3 })).rejects.toThrow(/counts no people/);
  });

  it("judges it: a false alarm closes it, what is known is seen to", async () => {
    const wrong = await anOpenAlert();
    await act(wrong, { kind: "judge", verdict: "false" });
    expect(await standing(wrong)).toMatchObject({ status: "resolved", verdict: "false", verdict_by: "ann" });
    const known = await anOpenAlert();
    await act(known, { kind: "judge", verdict: "known" });
    expect(await standing(known)).toMatchObject({ status: "acknowledged", verdict: "known" });
  });

  it("takes back what was said of it, where there is anything", async () => {
    const alert = await anOpenAlert();
    await expect(act(alert, { kind: "undo" })).rejects.toThrow(/nothing to take back/);
    await act(alert, { kind: "acknowledge" });
    await act(alert, { kind: "judge", verdict: "duplicate" });
    await act(alert, { kind: "undo" }, { by: "bob" });
    expect(await standing(alert)).toMatchObject({
      status: "firing",
      verdict: "",
      acknowledged_by: "",
      resolved_at: null,
    });
    await expect(act(alert, { kind: "undo" })).rejects.toThrow(/nothing to take back/);
  });

  it("refuses what makes no sense where it stands, and says what to do", async () => {
    const over = await anOpenAlert({ kind: "resolved" });
    await expect(act(over, { kind: "acknowledge" })).rejects.toThrow(
      /is resolved, so nobody has to acknowledge it; say what it was worth/,
    );
    await expect(act(over, { kind: "snooze", until: "2099-01-01T00:00:00.000Z" })).rejects.toThrow(
      /is resolved.*silence its rule/,
    );
    await act(over, { kind: "judge", verdict: "too_late" });
    expect(await standing(over)).toMatchObject({ status: "resolved", verdict: "too_late" });
    const taken = await anOpenAlert();
    await act(taken, { kind: "acknowledge" }, { by: "bob" });
    await expect(act(taken, { kind: "acknowledge" })).rejects.toThrow(/^bob acknowledged alert/);
    const alertId = "pendingffff";
    await storeAlerts(opened.store, anAlert({ alertId }).slice(0, 1));
    await expect(act(alertId, { kind: "judge", verdict: "real" })).rejects.toThrow(/has not been raised/);
    await act(alertId, { kind: "note", note: "looked" });
    expect((await happened(alertId))[0]).toMatchObject({ kind: "note", note: "looked" });
  });

  it("finds it by as much of its id as no other has, and says what it may be", async () => {
    await storeAlerts(opened.store, [...anAlert({ alertId: "abcd1" }), ...anAlert({ alertId: "abcd2" })]);
    expect((await act("ABCD1", { kind: "acknowledge" })).alertId).toBe("abcd1");
    await expect(act("A-abcd", { kind: "acknowledge" })).rejects.toMatchObject({
      code: "request_invalid",
      details: { alerts: ["abcd1", "abcd2"] },
    });
    await expect(act("abc", { kind: "acknowledge" })).rejects.toMatchObject({ code: "request_invalid" });
    await expect(act("A-9999", { kind: "acknowledge" })).rejects.toMatchObject({ code: "not_found" });
    await expect(act("%' OR 1", { kind: "acknowledge" })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("silencing alerts", () => {
  const context = aContext(NOW);
  const request = { match: { rule: "complaint-spike", tracker: "acme" }, reason: "a launch" };
  const silence = (said: object, at = NOW) =>
    silenceAlerts(
      { store: opened.store, request: SilenceRequest.parse(said), by: "ann", context: aContext(at) },
      signal,
    );
  const stored = async (id: string) => {
    const asked = alertSilences.params.parse({ silence: [id] });
    return opened.reader.query(alertSilences.statement(asked), alertSilences.row);
  };

  it("stands from now until it ends, the same when it is asked for again, and can be ended and begun anew", async () => {
    const until = "2099-01-01T00:00:00.000Z";
    const made = await silence({ ...request, until });
    expect(await silence({ ...request, until }, "2026-03-03T11:00:00.000Z")).toEqual(made);
    expect(await stored(made.id)).toMatchObject([
      { match: request.match, from_at: NOW, until_at: until, by: "ann", state: "standing" },
    ]);
    await endSilence({ store: opened.store, silence: made.id.slice(0, 6), context }, signal);
    expect(await stored(made.id)).toMatchObject([{ until_at: NOW, state: "past", by: "ann" }]);
    await expect(endSilence({ store: opened.store, silence: made.id, context }, signal)).rejects.toThrow(
      /has ended already/,
    );
    await silence({ ...request, until });
    expect(await stored(made.id)).toMatchObject([{ until_at: until, state: "standing" }]);
  });

  it("never begins when it is ended before", async () => {
    const from = "2098-01-01T00:00:00.000Z";
    const made = await silence({ ...request, from, until: "2099-01-01T00:00:00.000Z" });
    expect(await stored(made.id)).toMatchObject([{ state: "coming" }]);
    await endSilence({ store: opened.store, silence: made.id, context }, signal);
    expect(await stored(made.id)).toMatchObject([{ from_at: from, until_at: from, state: "past" }]);
  });

  it("has to end, to come, and to name what it silences and why", async () => {
    await expect(silence({ ...request, until: "2026-03-03T09:00:00.000Z" })).rejects.toThrow(/has ended/);
    expect(SilenceRequest.safeParse({ ...request, match: {}, until: NOW }).success).toBe(false);
    expect(SilenceRequest.safeParse({ ...request, reason: " ", until: NOW }).success).toBe(false);
    await expect(endSilence({ store: opened.store, silence: "none", context }, signal)).rejects.toMatchObject(
      { code: "not_found" },
    );
  });
});
