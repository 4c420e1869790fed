import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  foldAlerts,
  foldEvent,
  keyOf,
  takeReading,
  type AlertPolicy,
  type AlertState,
  type AlertSubject,
  type Reading,
} from "../../../core/alerts/fold-alert.ts";
import type { AlertEvent, AlertRequest } from "../../../schemas/alert.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-03-02T10:00:00Z");

const SUBJECT: AlertSubject = {
  rule: "complaint-spike",
  ruleKind: "volume_spike",
  tracker: "acme",
  issueId: "",
  groupValues: { platform: "x" },
};
const POLICY: AlertPolicy = {
  bucketMs: 5 * MINUTE,
  forMs: 10 * MINUTE,
  soonFrom: 2,
  clearBelow: 0.5,
  clearForMs: HOUR,
  cooldownMs: 24 * HOUR,
  escalateRatio: 2,
  maxEventAgeMs: 6 * HOUR,
  severities: [
    [0, "info"],
    [1, "warning"],
    [2, "high"],
    [4, "critical"],
  ],
};

const reading = (minute: number, score: number, more: Partial<Reading> = {}): Reading => ({
  at: START + minute * MINUTE,
  score,
  isKnown: true,
  facts: {},
  ...more,
});

/** All events of some readings, taken as they come, and the state they lead to. */
function run(readings: readonly Reading[], policy = POLICY, state?: AlertState) {
  const events: AlertEvent[] = [];
  for (const one of readings) {
    const taken = takeReading(SUBJECT, state, one, policy, one.at);
    state = taken.state;
    events.push(...taken.events);
  }
  return { events, kinds: events.map(({ kind }) => kind), state };
}

/** What a person does with an alert. */
function does(
  state: AlertState | undefined,
  minute: number,
  request: AlertRequest & Record<string, unknown>,
) {
  const { kind, note, ...payload } = request;
  const at = new Date(START + minute * MINUTE).toISOString();
  const event: AlertEvent = {
    id: `person-${minute}`,
    alertId: state?.alertId ?? "",
    kind,
    ...SUBJECT,
    groupValues: { ...SUBJECT.groupValues },
    severity: "warning",
    score: 0,
    at,
    recordedAt: at,
    by: "ada",
    note,
    payload,
  };
  return foldEvent(state, event);
}

const every5 = (from: number, to: number, score: number) =>
  Array.from({ length: (to - from) / 5 }, (_, nth) => reading(from + 5 * nth, score));

describe("the state of an alert", () => {
  it("waits until the threshold is crossed for long enough", () => {
    const { kinds, state } = run([reading(0, 1.2), reading(5, 1.1), reading(10, 1.3), reading(15, 1.3)]);
    expect(kinds).toEqual(["pending", "fired"]);
    expect(state).toMatchObject({ status: "firing", severity: "warning", notifiedScore: 1.3 });
  });

  it("is withdrawn where it was not", () => {
    expect(run([reading(0, 1.2), reading(5, 0.9), reading(10, 1.3)]).kinds).toEqual([
      "pending",
      "withdrawn",
      "pending",
    ]);
  });

  it("does not wait for what is twice the threshold", () => {
    const { kinds, state } = run([reading(0, 2.5)]);
    expect(kinds).toEqual(["pending", "fired"]);
    expect(state?.severity).toBe("high");
  });

  it("tells again at twice what was told, and each time it doubles once", () => {
    const { kinds } = run([
      reading(0, 2),
      reading(5, 3.9),
      reading(10, 4),
      reading(15, 7),
      reading(20, 8),
      reading(25, 8),
    ]);
    expect(kinds).toEqual(["pending", "fired", "escalated", "escalated"]);
  });

  it("is over when it stays low for an hour, not when it dips", () => {
    const quiet = every5(65, 125, 0.2);
    const { kinds } = run([reading(0, 2), ...every5(5, 60, 0.3), reading(60, 0.6), ...quiet]);
    expect(kinds).toEqual(["pending", "fired"]);
    expect(run([reading(0, 2), ...every5(5, 70, 0.3)]).kinds).toEqual(["pending", "fired", "resolved"]);
  });

  it("is the same alert when it comes again soon, told only where it is twice as bad", () => {
    const over = run([reading(0, 2), ...every5(5, 70, 0.1)]);
    const again = run([reading(200, 3)], POLICY, over.state);
    expect(again.kinds).toEqual(["reopened"]);
    expect(again.state?.alertId).toBe(over.state?.alertId);
    const worse = run([reading(200, 4)], POLICY, over.state);
    expect(worse.kinds).toEqual(["reopened", "escalated"]);
    const later = run([reading(25 * 60, 2)], POLICY, over.state);
    expect(later.kinds).toEqual(["pending", "fired"]);
    expect(later.state?.alertId).not.toBe(over.state?.alertId);
  });

  it("leaves people alone with what they called a false alarm, until it is twice as bad", () => {
    const fired = run([reading(0, 2)]);
    const judged = does(fired.state, 3, { kind: "judge", verdict: "false", note: "" });
    expect(judged?.status).toBe("resolved");
    expect(run([reading(5, 2), reading(10, 3.9)], POLICY, judged).kinds).toEqual([]);
    expect(run([reading(5, 4)], POLICY, judged).kinds).toEqual(["reopened", "escalated"]);
  });

  it("is open again once a hasty answer is taken back, but not when it fell quiet", () => {
    const fired = run([reading(0, 2)]);
    const closed = does(fired.state, 3, { kind: "judge", verdict: "false", note: "" });
    const open = does(closed, 4, { kind: "undo", note: "" });
    expect(open).toMatchObject({ status: "firing", verdict: "", acknowledgedBy: "" });
    expect(run([reading(5, 4.5)], POLICY, open).kinds).toEqual(["escalated"]);
    const quiet = run([reading(5, 0.1), reading(70, 0.1)], POLICY, open);
    expect(quiet.kinds).toEqual(["resolved"]);
    const judged = does(quiet.state, 80, { kind: "judge", verdict: "false", note: "" });
    expect(does(judged, 81, { kind: "undo", note: "" })).toMatchObject({ status: "resolved", verdict: "" });
  });

  it("takes what nobody could hear for nothing: neither over nor going on", () => {
    const deaf = every5(5, 200, 0).map((one) => ({ ...one, isKnown: false }));
    expect(run([reading(0, 2), ...deaf]).kinds).toEqual(["pending", "fired"]);
    expect(run([{ ...reading(0, 9), isKnown: false }]).kinds).toEqual([]);
  });

  it("opens nothing for what was old when it came, nor for what was seen before", () => {
    const now = START + 7 * HOUR;
    expect(takeReading(SUBJECT, undefined, reading(0, 9), POLICY, now).events).toEqual([]);
    const over = run([reading(100, 2), ...every5(105, 200, 0.1)]);
    expect(run(every5(0, 160, 5), POLICY, over.state).events).toEqual([]);
  });

  it("has one id, seen in the middle of a bucket or at its end", () => {
    const early = run([reading(1, 2.5)]);
    const late = run([reading(4, 2.6)]);
    expect(early.events.map(({ id }) => id)).toEqual(late.events.map(({ id }) => id));
    expect(run([reading(6, 2.5)]).state?.alertId).not.toBe(early.state?.alertId);
  });

  it("wakes a snoozed one when so many more people say so", () => {
    const fired = run([reading(0, 2, { voices: 10 })]);
    const snoozed = does(fired.state, 3, { kind: "snooze", untilVoices: 5, atVoices: 15, note: "" });
    expect(run([reading(5, 2, { voices: 14 })], POLICY, snoozed).kinds).toEqual([]);
    const woken = run([reading(5, 2, { voices: 15 })], POLICY, snoozed);
    expect(woken.kinds).toEqual(["escalated"]);
    expect(woken.state?.snoozedUntilVoices).toBeUndefined();
  });

  it("lets the first of two people who take it on have it", () => {
    const fired = run([reading(0, 2)]);
    const taken = does(fired.state, 3, { kind: "acknowledge", note: "" });
    expect(taken).toMatchObject({ status: "acknowledged", acknowledgedBy: "ada" });
    expect(does(taken, 4, { kind: "acknowledge", note: "" })).toEqual(taken);
  });
});

const anyReadings = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 90 }),
      score: fc.double({ min: 0, max: 9, noNaN: true }),
      isKnown: fc.boolean(),
    }),
    {
      maxLength: 60,
    },
  )
  .map((steps) => {
    let minute = 0;
    return steps.map(({ gap, score, isKnown }) => reading((minute += gap), score, { isKnown }));
  });

describe("what is measured again and again", () => {
  it("tells what escalates twice within one bucket apart, so that neither is taken for the other", () => {
    const { kinds, events } = run([reading(0, 2.1), reading(1, 4.3), reading(2, 8.9)]);
    expect(kinds).toEqual(["pending", "fired", "escalated", "escalated"]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
  });

  it("gives a bucket that is seen before its end and at its end the same alert", () => {
    const [early] = run([reading(2, 2.5)]).events;
    const [whole] = run([reading(5, 2.6)]).events;
    expect(whole?.alertId).toBe(early?.alertId);
  });

  it("opens no second alert of the same id, under which nothing could happen any more", () => {
    const { events, state } = run([reading(1, 1.2), reading(2, 0.4), reading(3, 2.5), reading(7, 2.5)]);
    expect(events.map(({ kind }) => kind)).toEqual(["pending", "withdrawn", "pending", "fired"]);
    expect(foldAlerts(events).get(keyOf(SUBJECT))).toMatchObject({ status: "firing" });
    expect(state).toMatchObject({ status: "firing" });
  });

  it("is over though what was loud before is measured again", () => {
    const { kinds } = run([
      reading(1, 2.5),
      ...every5(10, 90, 0.1).flatMap((quiet) => [reading(5, 2.1), quiet]),
    ]);
    expect(kinds).toEqual(["pending", "fired", "resolved"]);
  });
});

describe("whatever is measured", () => {
  it("gives the same events again, with the same ids", () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        expect(run(readings).events).toEqual(run(readings).events);
      }),
    );
  });

  it("leads to the state its events fold to, so that a restart knows what was", () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const { events, state } = run(readings);
        const folded = foldAlerts(events).get(keyOf(SUBJECT));
        // since when it is quiet is not kept
        expect({ ...folded, quietSince: 0 }).toEqual({ ...(state ?? {}), quietSince: 0 });
      }),
    );
  });

  it("has nothing to say of readings that come again", () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const { events, state } = run(readings);
        const opened = events.filter(({ kind }) => kind === "pending").length;
        if (opened > 1 || state === undefined) return;
        const again = run(
          readings.filter(({ at }) => at <= state.lastAt),
          POLICY,
          state,
        );
        expect(again.events).toEqual([]);
      }),
    );
  });

  it("fires each alert once, and never resolves what did not fire", () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const { events } = run(readings);
        const fired = events.filter(({ kind }) => kind === "fired").map(({ alertId }) => alertId);
        expect(new Set(fired).size).toBe(fired.length);
        for (const { kind, alertId } of events) if (kind === "resolved") expect(fired).toContain(alertId);
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      }),
    );
  });
});
