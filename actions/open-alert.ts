import { byRecording, foldEvent, type AlertState } from "../core/alerts/fold-alert.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { toAlertEvent } from "../queries/alert-event-columns.ts";
import { alertEvents } from "../queries/alert-events.ts";
import { foundAlerts } from "../queries/found-alerts.ts";
import type { AlertEvent } from "../schemas/alert.ts";

/** How an alert stands, and all that happened to it in the order it was recorded. */
export interface OpenAlert {
  readonly state: AlertState;
  readonly events: readonly AlertEvent[];
}

/** So much of an id has to be given. */
const SHORTEST_ID = 4;
/** More happens to no alert; what is beyond is the oldest. */
const MOST_EVENTS = 10_000;

/**
 * An alert by its id, its number (`A-3F9C2B`), or as much of the beginning of its id as no other alert has.
 * @throws {EarshotError} not_found, request_invalid
 */
export async function openAlert(store: Pick<Store, "query">, given: string): Promise<OpenAlert> {
  const alert = await findAlert(store, given);
  const rows = await store.query(alertEvents.statement({ alert, limit: MOST_EVENTS }), alertEvents.row);
  const events = rows.map(toAlertEvent).sort(byRecording);
  const state = events.reduce<AlertState | undefined>(foldEvent, undefined);
  if (state === undefined) throw noSuchAlert(given);
  return { state, events };
}

/**
 * The id of the alert that somebody means.
 * @throws {EarshotError} not_found, request_invalid with the alerts it may be
 */
export async function findAlert(store: Pick<Store, "query">, given: string): Promise<string> {
  const id = given.trim().toLowerCase().replace(/^a-/, "");
  if (id.length < SHORTEST_ID || id.length > 64) {
    throw new EarshotError(
      "request_invalid",
      `Give the number of an alert, A-3F9C2B, or at least the first ${SHORTEST_ID} characters of its id; ` +
        "`earshot alerts list` and the query alerts have them.",
    );
  }
  const found = await store.query(foundAlerts.statement({ id }), foundAlerts.row);
  const ids = found.map((row) => row.alert_id);
  if (ids.includes(id)) return id;
  const [one, ...others] = ids;
  if (one === undefined) throw noSuchAlert(given);
  if (others.length === 0) return one;
  throw new EarshotError(
    "request_invalid",
    `${numberOf(id)} may be any of these alerts, give more of its id: ${ids.join(", ")}.`,
    { details: { alerts: ids } },
  );
}

/** What people call an alert: `A-3F9C2B`. */
export function numberOf(alertId: string): string {
  return `A-${alertId.slice(0, 6).toUpperCase()}`;
}

function noSuchAlert(given: string): EarshotError {
  return new EarshotError(
    "not_found",
    `There is no alert ${given.trim().slice(0, 64)}; \`earshot alerts list\` and the query alerts have the numbers.`,
  );
}
