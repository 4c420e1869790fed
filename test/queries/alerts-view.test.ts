import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { byRecording, foldEvent, type AlertState } from "../../core/alerts/fold-alert.ts";
import { ALERT_EVENT_KINDS, ALERT_VERDICTS, type AlertEvent } from "../../schemas/alert.ts";
import { SEVERITIES } from "../../schemas/notification.ts";
import { anAlert, anAlertEvent, isOfPeople, storeAlerts } from "../support/alert-builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const ALERTS = 600;
const START = Date.UTC(2026, 2, 2);

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

/** Some sense in the beginning, then anything: of two that exclude each other the first has to win. */
const aLife = fc.array(
  fc.record({
    kind: fc.constantFrom(...ALERT_EVENT_KINDS, "fired", "resolved", "reopened", "acknowledge" as const),
    severity: fc.constantFrom(...SEVERITIES),
    score: fc.integer({ min: 1, max: 90 }).map((tenths) => tenths / 10),
    minute: fc.nat({ max: 12 }),
    late: fc.nat({ max: 2 }),
    by: fc.constantFrom("ann", "bob"),
    verdict: fc.constantFrom(...ALERT_VERDICTS),
    owner: fc.constantFrom("", "support"),
    until: fc.option(fc.constantFrom("2026-03-03T00:00:00.000Z", "2026-03-04T00:00:00.000Z"), {
      nil: undefined,
    }),
    atVoices: fc.option(fc.nat({ max: 50 }), { nil: undefined }),
  }),
  { maxLength: 14 },
);

function toEvents(alertId: string, life: typeof aLife extends fc.Arbitrary<infer T> ? T : never) {
  const rest = life.map((one, index) => {
    const at = new Date(START + one.minute * 60_000).toISOString();
    const recordedAt = new Date(START + (one.minute + one.late) * 60_000).toISOString();
    const { until, atVoices } = one;
    const payload = {
      judge: { verdict: one.verdict },
      assign: { owner: one.owner },
      snooze: { ...(until && { until }), ...(atVoices !== undefined && { atVoices }) },
    }[one.kind as string] ?? { of: index };
    const { kind, severity, score, by } = one;
    const said = { alertId, kind, severity, score, at, recordedAt, payload };
    return anAlertEvent(isOfPeople(kind) ? { ...said, by } : said);
  });
  const first = anAlertEvent({
    alertId,
    kind: "pending",
    at: new Date(START).toISOString(),
    severity: "info",
  });
  // some never begin
  return life.length % 7 === 6 ? rest : [first, ...rest];
}

const Row = z.object({
  alert_id: z.string(),
  status: z.string(),
  severity: z.string(),
  verdict: z.string(),
  owner: z.string(),
  acknowledged_by: z.string(),
  escalations: z.coerce.number(),
  snoozed_until: z.string().nullable(),
  snoozed_until_voices: z.coerce.number(),
  last_at: z.string(),
  started_at: z.string(),
});

const columnTime = (ms: number) => new Date(ms).toISOString().replace("T", " ").replace("Z", "");

function expected(state: AlertState): z.infer<typeof Row> {
  return {
    alert_id: state.alertId,
    status: state.status,
    severity: state.severity,
    verdict: state.verdict,
    owner: state.owner,
    acknowledged_by: state.acknowledgedBy,
    escalations: state.escalations,
    snoozed_until: state.snoozedUntil === undefined ? null : columnTime(state.snoozedUntil),
    snoozed_until_voices: state.snoozedUntilVoices ?? 0,
    last_at: columnTime(state.lastAt),
    started_at: columnTime(state.startedAt),
  };
}

async function standing(): Promise<Map<string, z.infer<typeof Row>>> {
  const sql = `SELECT alert_id, status, severity, verdict, owner, acknowledged_by, escalations, snoozed_until,
  snoozed_until_voices, last_at, started_at FROM alerts`;
  const rows = await opened.reader.query({ sql, params: {} }, Row);
  return new Map(rows.map((row) => [row.alert_id, row]));
}

const folded = (events: readonly AlertEvent[]): AlertState | undefined =>
  [...events].sort(byRecording).reduce<AlertState | undefined>(foldEvent, undefined);

describe("the view alerts", () => {
  it("says of every alert what its events fold to, whatever happened in whatever order", async () => {
    const lives = fc
      .sample(aLife, { numRuns: ALERTS, seed: 7 })
      .map((life, index) => toEvents(`alert${index}`, life));
    await storeAlerts(opened.store, lives.flat());
    const rows = await standing();
    const met = new Set<string>();
    for (const events of lives) {
      const state = folded(events);
      const row = rows.get(events[0]?.alertId ?? "");
      expect(row).toEqual(state === undefined ? undefined : expected(state));
      met.add(state?.status ?? "none");
    }
    // all that an alert can be was among them
    expect([...met].sort()).toEqual(["acknowledged", "firing", "none", "pending", "resolved", "withdrawn"]);
  });

  it("lets the first record of an event hold, so that what is written again did not happen later", async () => {
    const events = anAlert({ alertId: "again" }, { kind: "acknowledge" });
    await storeAlerts(opened.store, events);
    expect((await standing()).get("again")?.status).toBe("acknowledged");
    const replayed = events
      .slice(0, 2)
      .map((event) => ({ ...event, recordedAt: "2026-03-05T00:00:00.000Z" }));
    await storeAlerts(opened.store, replayed);
    expect((await standing()).get("again")?.status).toBe("acknowledged");
  });
});
