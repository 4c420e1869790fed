import type { Pending } from "./batches.ts";
import type { Records } from "./records.ts";
import { groupOf, heldUntil, receiversOf, routeOf, type RoutingConfig } from "./routing.ts";
import { isAsBad, type AlertStory, type Transition } from "./story.ts";
import { idOf, isoOf, TOO_LATE_MS } from "./telling.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface RepeatsOptions {
  /** An alert that fires and nobody has acknowledged. */
  readonly story: AlertStory;
  readonly config: RoutingConfig;
  readonly records: Records;
  /** Receivers that have yet to be told of something else of it. */
  readonly busy: ReadonlySet<string>;
  readonly now: number;
}

/** What is told of an alert though nothing has happened to it: that it is still open, to those who know and to others. */
export function repeatsOf(options: RepeatsOptions): Pending[] {
  const { story, config, records, busy, now } = options;
  const { transitions, alertId, severity, firingFrom } = story;
  const firing = transitions.slice(firingFrom).filter(isAlarm);
  const anchor = firing.at(-1);
  if (anchor === undefined) return [];
  const repeats = [...chain(), ...instead(), ...reminders(anchor)];
  // of one alert nobody is told twice at a time
  const first = new Map(repeats.toReversed().map((one) => [one.telling.receiver, one]));
  return repeats.filter((one) => first.get(one.telling.receiver) === one);

  function reminders(since: Transition): Pending[] {
    const route = routeOf(config, story, severity);
    if (route === undefined) return [];
    return receiversOf(config).flatMap(({ id: receiver }): Pending[] => {
      const last = records.taken(alertId, receiver).at(-1);
      if (last === undefined || busy.has(receiver) || !saysItFires(last.eventId)) return [];
      const prefix = `${since.event.id}.reminder.`;
      const before = records
        .ofAlert(alertId)
        .filter((row) => row.receiver === receiver && row.eventId.startsWith(prefix));
      const done = before.filter(({ outcome }) => outcome !== "failed");
      const from = Math.max(...[last, ...done].map(({ at }) => Date.parse(at))) + route.repeatHours * HOUR_MS;
      const at = heldUntil(route, receiver, from, severity);
      const group = `reminder ${receiver} ${config.routes.indexOf(route)} ${groupOf(route, story)}`;
      // what is not due yet is not told early with others
      return [
        pendingOf(`${prefix}${done.length + 1}`, receiver, since, at, "", at <= now ? group : undefined),
      ];
    });
  }

  function chain(): Pending[] {
    return config.escalation.flatMap(({ afterMinutes, to, severity: least }): Pending[] => {
      if (!isAsBad(severity, least)) return [];
      const first = firing.find((transition) => isAsBad(transition.severity, least));
      const since = first === undefined ? undefined : knownSince(firing.slice(firing.indexOf(first)));
      if (first === undefined || since === undefined) return [];
      const at = since + afterMinutes * MINUTE_MS;
      if (now - at >= TOO_LATE_MS) return [];
      const eventId = `${first.event.id}.unacknowledged.${afterMinutes}`;
      const note = `Nobody has acknowledged it for ${afterMinutes} minutes.`;
      return to.flatMap((receiver): Pending[] => {
        const row = records.byId(idOf(alertId, eventId, receiver));
        if (row !== undefined && row.outcome !== "failed") return [];
        const isTold = records.taken(alertId, receiver).some((one) => Date.parse(one.at) >= since);
        return isTold || busy.has(receiver) ? [] : [pendingOf(eventId, receiver, first, at, note)];
      });
    });
  }

  /** Receivers that are told because another could not be told of such a repeat. */
  function instead(): Pending[] {
    return records.ofAlert(alertId).flatMap((row): Pending[] => {
      const fallback = receiversOf(config).find(({ id }) => id === row.receiver)?.fallback;
      const of = firing.find(({ event }) => row.eventId.startsWith(`${event.id}.`));
      if (row.outcome !== "dead" || fallback === undefined || of === undefined) return [];
      const at = Date.parse(row.at);
      const known = records.byId(idOf(alertId, row.eventId, fallback));
      const isDone = known !== undefined && known.outcome !== "failed";
      if (isDone || busy.has(fallback) || now - at >= TOO_LATE_MS) return [];
      return [pendingOf(row.eventId, fallback, of, at, `${row.receiver} could not be told`)];
    });
  }

  function pendingOf(
    eventId: string,
    receiver: string,
    transition: Transition,
    dueAt: number,
    note: string,
    group?: string,
  ): Pending {
    const id = idOf(alertId, eventId, receiver);
    const row = records.byId(id);
    return {
      telling: {
        id,
        kind: "reminded",
        alertId,
        eventId,
        receiver,
        subject: { story, transition },
        together: [],
        attempts: row?.attempts ?? 0,
        dueAt: row?.outcome === "failed" ? Date.parse(row.receipt["since"] ?? isoOf(dueAt)) : dueAt,
        note,
      },
      group,
      isUrgent: false,
      heldUntil: dueAt,
      retryAt: row?.outcome === "failed" ? Date.parse(row.nextAt ?? row.at) : undefined,
    };
  }

  /** When somebody was first told of one of these, or somebody should have been who cannot be reached. */
  function knownSince(alarms: readonly Transition[]): number | undefined {
    const ids = new Set(alarms.map(({ event }) => event.id));
    const rows = records.ofAlert(alertId).filter(({ eventId }) => ids.has(eventId));
    const told = rows.filter(({ outcome }) => outcome === "sent").map(({ at }) => Date.parse(at));
    if (told.length > 0) return Math.min(...told);
    const isTried = rows.some(({ outcome }) => outcome === "failed" || outcome === "dead");
    return isTried ? alarms[0]?.at : undefined;
  }

  function saysItFires(eventId: string): boolean {
    const transition = transitions.find(({ event }) => event.id === eventId);
    return transition === undefined || isAlarm(transition);
  }
}

function isAlarm({ kind }: Transition): boolean {
  return kind === "fired" || kind === "escalated";
}
