import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { Query } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";
import { alertDeliveries } from "../../queries/alert-deliveries.ts";
import { alertEvents } from "../../queries/alert-events.ts";
import { alertPrecision } from "../../queries/alert-precision.ts";
import { alertSilences } from "../../queries/alert-silences.ts";
import { alerts } from "../../queries/alerts.ts";
import { deliveryRows, silenceRows } from "../../schemas/alert-rows.ts";
import { anAlert, anAlertEvent, storeAlerts } from "../support/alert-builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { aJudgement, storeIssues, storeJudgements } from "../support/issue-builders.ts";

const signal = AbortSignal.timeout(60_000);
const at = (minute: number) => `2026-03-02T10:${String(minute).padStart(2, "0")}:00.000Z`;

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await storeIssues(opened.store, { late: ["c"] }, [{ nativeId: "1", cluster: "c" }]);
  await storeJudgements(opened.store, [aJudgement({ issueId: "late", title: "Parcels come late" })]);
  const raised = (alertId: string, minute: number) => ({ alertId, at: at(minute), recordedAt: at(minute) });
  await storeAlerts(opened.store, [
    ...anAlert({ ...raised("old", 1), severity: "warning" }),
    ...anAlert({ ...raised("new", 2), severity: "warning", issueId: "late" }),
    ...anAlert(
      { ...raised("worse", 1), severity: "critical", groupValues: { platform: "x" }, payload: { voices: 9 } },
      { kind: "acknowledge", recordedAt: at(31), by: "ann" },
    ),
    ...anAlert(
      { ...raised("over", 3), severity: "critical" },
      { kind: "resolved", at: at(9), recordedAt: at(9) },
    ),
    ...anAlert({ ...raised("other", 1), tracker: "globex", rule: "danger", ruleKind: "keyword_critical" }),
    ...anAlert(raised("waiting", 4)).slice(0, 1),
  ]);
});
afterAll(() => opened.close());

async function ask<P extends z.ZodObject, R extends z.ZodObject>(query: Query<P, R>, asked: object = {}) {
  const statement = query.statement(query.params.parse(asked));
  const rows = await opened.reader.query(statement, query.row);
  // what is shown gives the same
  expect(await opened.reader.query({ sql: showSql(statement), params: {} }, query.row)).toEqual(rows);
  return rows;
}

const idsOf = async (asked: object) => (await ask(alerts, asked)).map((row) => row.alert_id);

describe("the list of alerts", () => {
  it("has open ones first, the worst first, then the newest, and none that nobody was told of", async () => {
    const rows = await ask(alerts);
    expect(rows.map((row) => row.alert_id)).toEqual(["new", "old", "other", "worse", "over"]);
    expect(rows[0]).toMatchObject({ number: "A-NEW", issue_title: "Parcels come late", found: 5 });
    expect(rows[3]).toMatchObject({
      group_values: { platform: "x" },
      acknowledged_by: "ann",
      raised_at: at(1),
    });
    expect(JSON.parse(rows[3]?.payload ?? "")).toEqual({ voices: 9 });
  });

  it("narrows to trackers, statuses, severities, rules, issues and a time", async () => {
    expect(await idsOf({ tracker: "globex" })).toEqual(["other"]);
    expect(await idsOf({ status: "resolved,pending" })).toEqual(["waiting", "over"]);
    expect(await idsOf({ severity: "critical" })).toEqual(["worse", "over"]);
    expect(await idsOf({ rule: "danger" })).toEqual(["other"]);
    expect(await idsOf({ issue: "late" })).toEqual(["new"]);
    expect(await idsOf({ since: at(2) })).toEqual(["new", "over"]);
    expect(await ask(alerts, { limit: 1 })).toMatchObject([{ found: 5 }]);
  });
});

describe("the history of an alert", () => {
  it("has what happened, latest first, whoever did it", async () => {
    const rows = await ask(alertEvents, { alert: "worse" });
    expect(rows.map(({ kind, by }) => `${kind} ${by}`)).toEqual(["acknowledge ann", "fired ", "pending "]);
    expect(await ask(alertEvents, { alert: "worse", limit: 1 })).toHaveLength(1);
    expect(await ask(alertEvents, { alert: "none" })).toEqual([]);
  });

  it("has who was told of what, the latest of each attempt", async () => {
    const [, fired] = await ask(alertEvents, { alert: "worse" });
    const delivery = {
      id: "worse:fired:care",
      alertId: "worse",
      eventId: fired?.id ?? "",
      receiver: "care",
      outcome: "failed" as const,
      reason: "no such room",
      attempts: 1,
      nextAt: at(3),
      receipt: {},
      at: at(2),
    };
    const sent = { ...delivery, outcome: "sent" as const, reason: "", attempts: 2, nextAt: null, at: at(3) };
    const reminder = { ...sent, id: "worse:reminded:care", eventId: "reminder", at: at(40) };
    await opened.store.table(deliveryRows).write([delivery], signal);
    await opened.store.table(deliveryRows).write([sent, reminder], signal);
    expect(await ask(alertDeliveries, { alert: "worse" })).toMatchObject([
      { event_kind: "", at: at(40) },
      { event_kind: "fired", receiver: "care", outcome: "sent", attempts: 2, next_at: null },
    ]);
    expect(await ask(alertDeliveries, { alert: "old" })).toEqual([]);
  });
});

describe("the list of silences", () => {
  it("has what stands first, then what comes, then what was", async () => {
    const silence = (id: string, fromAt: string, untilAt: string) => ({
      id,
      match: { tracker: "acme" },
      fromAt,
      untilAt,
      reason: "a launch",
      by: "ann",
      recordedAt: at(1),
    });
    const [past, coming, far] = ["2020-01-01", "2098-01-01", "2099-01-01"].map(
      (day) => `${day}T00:00:00.000Z`,
    );
    await opened.store
      .table(silenceRows)
      .write(
        [
          silence("was", past ?? "", at(1)),
          silence("comes", coming ?? "", far ?? ""),
          silence("is", at(1), far ?? ""),
        ],
        signal,
      );
    const rows = await ask(alertSilences);
    expect(rows.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "is standing",
      "comes coming",
      "was past",
    ]);
    expect(rows[0]).toMatchObject({ match: { tracker: "acme" }, by: "ann", found: 3 });
    expect(await ask(alertSilences, { state: "past" })).toHaveLength(1);
  });
});

describe("the precision of rules", () => {
  it("is the real among those judged real or false, with its interval, and says how many were judged", async () => {
    const judged = [
      ...Array<"real">(8).fill("real"),
      "false",
      "false",
      "known",
      "duplicate",
      "too_late",
    ] as const;
    await storeAlerts(
      opened.store,
      judged.flatMap((verdict, index) => {
        const alertId = `judged${index}`;
        const fields = { alertId, rule: "grows", ruleKind: "issue_escalating", tracker: "judged" } as const;
        return [
          ...anAlert({ ...fields, at: at(5), recordedAt: at(5) }),
          anAlertEvent({ ...fields, kind: "judge", recordedAt: at(6 + (index % 5)), payload: { verdict } }),
        ];
      }),
    );
    const fields = {
      alertId: "unjudged",
      rule: "grows",
      ruleKind: "issue_escalating",
      tracker: "judged",
    } as const;
    await storeAlerts(opened.store, anAlert({ ...fields, at: at(5), recordedAt: at(5) }));
    const [row] = await ask(alertPrecision, { tracker: "judged" });
    expect(row).toMatchObject({
      rule: "grows",
      fired: 14,
      real: 8,
      false: 2,
      known: 1,
      duplicate: 1,
      too_late: 1,
      unanswered: 1,
      precision: 0.8,
    });
    expect(row?.answer_rate).toBeCloseTo(13 / 14);
    // the textbook's interval of 8 of 10
    expect(row?.precision_low).toBeCloseTo(0.4902, 4);
    expect(row?.precision_high).toBeCloseTo(0.9433, 4);
    // false alarms and duplicates are closed without anybody having acknowledged them
    expect(row?.median_minutes).toBe(3);
  });

  it("is unknown where nobody judged, and of the time that is asked for", async () => {
    const [unjudged] = await ask(alertPrecision, { rule: "danger" });
    expect(unjudged).toMatchObject({
      fired: 1,
      unanswered: 1,
      precision: null,
      precision_low: null,
      median_minutes: null,
    });
    expect(await ask(alertPrecision, { rule: "complaint-spike", since: at(2) })).toMatchObject([
      { fired: 2 },
    ]);
  });
});
