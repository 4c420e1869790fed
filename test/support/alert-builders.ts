import type { Store } from "../../core/contracts.ts";
import { alertEventRows } from "../../schemas/alert-rows.ts";
import type { AlertEvent, AlertEventKind } from "../../schemas/alert.ts";

let events = 0;

/** What happened to an alert; say only what the test is about. People's acts are ann's. */
export function anAlertEvent(fields: Partial<AlertEvent> & Pick<AlertEvent, "alertId" | "kind">): AlertEvent {
  const number = ++events;
  const at = fields.at ?? new Date(Date.UTC(2026, 2, 2, 9, 0, number)).toISOString();
  return {
    id: `e${number}`,
    rule: "complaint-spike",
    ruleKind: "volume_spike",
    tracker: "acme",
    issueId: "",
    groupValues: {},
    severity: "warning",
    score: 1,
    at,
    recordedAt: at,
    by: isOfPeople(fields.kind) ? "ann" : "",
    note: "",
    payload: {},
    ...fields,
  };
}

/** An alert that fired: the events `pending` and `fired`, and then those of `further` kinds. */
export function anAlert(
  fields: Partial<AlertEvent> & Pick<AlertEvent, "alertId">,
  ...further: readonly (Partial<AlertEvent> & Pick<AlertEvent, "kind">)[]
): AlertEvent[] {
  return [{ kind: "pending" as const }, { kind: "fired" as const }, ...further].map((own) =>
    anAlertEvent({ ...fields, ...own }),
  );
}

/** Stores what happened to alerts. */
export async function storeAlerts(store: Store, happened: readonly AlertEvent[]): Promise<void> {
  await store.table(alertEventRows).write(happened, AbortSignal.timeout(60_000));
}

/** Whether people do it, not the machine. */
export function isOfPeople(kind: AlertEventKind): boolean {
  return ["acknowledge", "snooze", "judge", "undo", "assign", "note"].includes(kind);
}
