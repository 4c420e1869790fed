import type { AlertDelivery } from "../../../schemas/alert.ts";

/** What became of messages, at hand. */
export interface Records {
  byId(id: string): AlertDelivery | undefined;
  /** Of one alert, in no order. */
  ofAlert(alertId: string): readonly AlertDelivery[];
  all(): Iterable<AlertDelivery>;
  /** Of an alert, what a receiver took, oldest first; digests are not among it. */
  taken(alertId: string, receiver: string): readonly AlertDelivery[];
  /** When (ms) a receiver took anything last. */
  takenLast(receiver: string): number;
}

/** Puts what was recorded at hand; the latest of each id is given. */
export function recordsOf(deliveries: Iterable<AlertDelivery>): Records {
  const byId = new Map<string, AlertDelivery>();
  const byAlert = new Map<string, AlertDelivery[]>();
  const taken = new Map<string, AlertDelivery[]>();
  const takenLast = new Map<string, number>();
  for (const row of deliveries) {
    byId.set(row.id, row);
    push(byAlert, row.alertId, row);
    if (row.outcome !== "sent") continue;
    push(taken, `${row.alertId} ${row.receiver}`, row);
    takenLast.set(row.receiver, Math.max(Date.parse(row.at), takenLast.get(row.receiver) ?? -Infinity));
  }
  for (const rows of taken.values()) rows.sort((a, b) => (a.at < b.at ? -1 : 1));
  return {
    byId: (id) => byId.get(id),
    ofAlert: (alertId) => byAlert.get(alertId) ?? [],
    all: () => byId.values(),
    taken: (alertId, receiver) => taken.get(`${alertId} ${receiver}`) ?? [],
    takenLast: (receiver) => takenLast.get(receiver) ?? -Infinity,
  };
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
