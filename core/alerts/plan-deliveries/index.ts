import type { AlertDelivery, AlertSilence } from "../../../schemas/alert.ts";
import { SEVERITIES } from "../../../schemas/notification.ts";
import { cutText } from "../../mention.ts";
import type { Route } from "../routes.ts";
import { inBatches, type Pending } from "./batches.ts";
import { digestsOf, isForDigest } from "./digests.ts";
import { byExplaining, explanationOf } from "./explained.ts";
import { nextMorning } from "./hours.ts";
import { recordsOf, type Records } from "./records.ts";
import { repeatsOf } from "./repeats.ts";
import {
  chosenBy,
  groupOf,
  heldUntil,
  receiversOf,
  routeOf,
  silenceOf,
  type RoutingConfig,
} from "./routing.ts";
import { isAsBad, type AlertStory, type Transition } from "./story.ts";
import { idOf, isoOf, laterThan, TOO_LATE_MS, type Telling } from "./telling.ts";

/** What is known when it is planned who is told of what. */
export interface Known {
  /** Alerts that are open, or of which something happened lately. */
  readonly stories: readonly AlertStory[];
  /** What became of messages so far: the latest of each id, of these alerts and of the last eight days. */
  readonly deliveries: Iterable<AlertDelivery>;
  /** What people silenced, beside the config. */
  readonly silences: readonly AlertSilence[];
  readonly config: RoutingConfig;
  /** In ms. */
  readonly now: number;
}

/** What is to be done. */
export interface Plan {
  /** Messages to be sent now, the most urgent first; of one alert and receiver never two. */
  readonly tell: readonly Telling[];
  /** What is not told, and why; those with a time to try again are looked at again. */
  readonly settle: readonly AlertDelivery[];
  /** When (ms) there is more to do, though nothing happens; undefined: never. */
  readonly nextAt: number | undefined;
}

const WEEK_MS = 7 * 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
/** What a receiver did not take is tried again so soon after it took something else, and later with each try. */
const BACK_MS = 5_000;

type Decision =
  | { readonly kind: "skip" }
  | {
      readonly kind: "settle";
      readonly reason: string;
      readonly until?: number;
      readonly receipt?: AlertDelivery["receipt"];
    }
  | { readonly kind: "pending"; readonly pending: Pending };

const SKIP: Decision = { kind: "skip" };

/**
 * Plans who is told of what, from what happened to alerts and what became of messages: the same whenever it is asked, so
 * that a restart goes on where it was. Group, wait, route, silence, inhibit, then notify, as Alertmanager does.
 * @see https://prometheus.io/docs/alerting/latest/alertmanager/
 */
export function planDeliveries({ stories, deliveries, silences, config, now }: Known): Plan {
  const records = recordsOf(deliveries);
  const receivers = receiversOf(config);
  const settle: AlertDelivery[] = [];
  const waits: number[] = [];
  const pending: Pending[] = [];
  /** Alerts each receiver is told of, or about to be. */
  const speaking = new Map(receivers.map(({ id }) => [id, [] as AlertStory[]]));
  const spent = new Map(receivers.map(({ id }) => [id, toldThisWeek(stories, records, id, now)]));

  for (const story of [...stories].sort(byExplaining)) {
    if (story.transitions.length === 0) continue;
    const busy = new Set<string>();
    for (const { id: receiver } of receivers) {
      for (const transition of story.transitions) {
        const id = idOf(story.alertId, transition.event.id, receiver);
        const row = records.byId(id);
        if (row !== undefined && (isFinal(row) || isForDigest(row))) continue;
        const decision = decide(story, transition, receiver, row);
        if (decision.kind === "pending") {
          pending.push(decision.pending);
          busy.add(receiver);
          break;
        }
        if (decision.kind === "settle") settleWith(story, transition, receiver, row, decision);
      }
      const isTold = busy.has(receiver) || records.taken(story.alertId, receiver).length > 0;
      if (isTold) speaking.get(receiver)?.push(story);
    }
    if (story.status !== "firing") continue;
    const quiet = [snoozeNow(story), silenceOf(config, silences, story, now)].filter(
      (one) => one !== undefined,
    );
    if (quiet.length === 0) pending.push(...repeatsOf({ story, config, records, busy, now }));
    else waits.push(...quiet.flatMap(({ until }) => until ?? []));
  }
  const batches = inBatches(pending, now);
  const digests = digestsOf({ stories, records, receivers, now });
  const times = [...batches.later, ...digests.later, ...waits].filter((at) => at > now);
  return {
    tell: [...batches.tell, ...digests.tell].sort(byUrgency),
    settle: [...settle, ...digests.settle],
    nextAt: times.length === 0 ? undefined : Math.min(...times),
  };

  function decide(
    story: AlertStory,
    transition: Transition,
    receiver: string,
    row: AlertDelivery | undefined,
  ): Decision {
    let from = transition.at;
    const fallback = fallbackFor(story, transition, receiver);
    const route = routeOf(config, story, transition.severity);
    const taken = records.taken(story.alertId, receiver);
    const place = story.transitions.indexOf(transition);
    const places = taken.map(({ eventId }) => placeOf(story, eventId));
    // whoever knows how it went on is not told how it began
    if (places.some((known) => known > place)) {
      return row === undefined ? SKIP : { kind: "settle", reason: "it grew before it could be told" };
    }
    if (transition.kind === "acknowledged" || transition.kind === "resolved") {
      const last = taken.at(-1);
      if (last === undefined) return SKIP;
      if (!isNews(story, transition, last)) {
        return { kind: "settle", reason: "they were told before that it is over or seen to" };
      }
      const at = Math.max(transition.at, Date.parse(last.at));
      return candidate({ at: heldUntil(route, receiver, at, transition.severity) });
    }
    const chosen = route === undefined ? undefined : chosenBy(route, transition.at, transition.severity);
    const isRouted = chosen?.to.includes(receiver) === true;
    if (fallback !== undefined) return candidate({ at: fallback.at, note: fallback.note });
    if (!isRouted && !places.some((known) => known < place)) return SKIP;
    from = isRouted
      ? (chosen?.from ?? transition.at)
      : heldUntil(route, receiver, transition.at, transition.severity);
    if (row?.outcome === "failed") return candidate({ at: dueOf(from) });
    return (
      quietOf() ??
      supersededBy() ??
      // whoever was told of it hears how it goes on
      (taken.length > 0 ? undefined : (explained() ?? beyondBudget())) ??
      candidate({ at: dueOf(from) })
    );

    function dueOf(at: number): number {
      if (transition.kind !== "fired" || isUrgent(transition) || route === undefined) return at;
      return Math.max(at, transition.at + route.groupWaitMinutes * MINUTE_MS);
    }

    function quietOf(): Decision | undefined {
      const before = silenceOf(config, silences, story, transition.at);
      const silence = silenceOf(config, silences, story, now);
      const snooze = snoozeNow(story);
      const isHeld = before !== undefined || row !== undefined;
      if (story.status !== "firing" && (isHeld || silence !== undefined || snooze !== undefined)) {
        const what = story.status === "acknowledged" ? "seen to" : "over";
        return { kind: "settle", reason: `silenced or snoozed, and ${what} before that ended` };
      }
      if (silence !== undefined) {
        const reason = `silenced until ${isoOf(silence.until)}: ${silence.reason}`;
        return { kind: "settle", reason, until: silence.until };
      }
      if (snooze === undefined) return undefined;
      return snooze.until === undefined
        ? { kind: "settle", reason: `snoozed until ${snooze.atVoices ?? 0} people say so` }
        : { kind: "settle", reason: `snoozed until ${isoOf(snooze.until)}`, until: snooze.until };
    }

    function supersededBy(): Decision | undefined {
      const after = story.transitions.slice(place + 1);
      const isSuperseded = after.some((later) => {
        if (later.kind !== "escalated") return false;
        if (row === undefined && later.at > dueOf(from)) return false;
        const next = routeOf(config, story, later.severity);
        return next !== undefined && chosenBy(next, later.at, later.severity).to.includes(receiver);
      });
      return isSuperseded ? { kind: "settle", reason: "it grew before it could be told" } : undefined;
    }

    function explained(): Decision | undefined {
      const why = explanationOf(story, speaking.get(receiver) ?? []);
      return why === undefined ? undefined : { kind: "settle", reason: why };
    }

    function beyondBudget(): Decision | undefined {
      const told = spent.get(receiver) ?? 0;
      if (isAsBad(transition.severity, "high") || told < config.budgetPerWeek) return undefined;
      const until = nextMorning(route?.hours?.timezone ?? "UTC", now);
      const reason = `${told} alerts were told of in seven days: it comes in the digest of ${isoOf(until)}`;
      return { kind: "settle", reason, until, receipt: { digest: isoOf(until) } };
    }

    function candidate({ at, note = "" }: { at: number; note?: string }): Decision {
      const dueAt = firstDue(row, at, now);
      if (row?.outcome !== "failed" && now - dueAt >= TOO_LATE_MS) {
        return { kind: "settle", reason: "too late: nobody could be told of it within a day" };
      }
      if (taken.length === 0) spent.set(receiver, (spent.get(receiver) ?? 0) + 1);
      const isGrouped = transition.kind === "fired" && note === "" && route !== undefined;
      const telling: Telling = {
        id: idOf(story.alertId, transition.event.id, receiver),
        kind: transition.kind === "escalated" && taken.length === 0 ? "fired" : transition.kind,
        alertId: story.alertId,
        eventId: transition.event.id,
        receiver,
        subject: { story, transition },
        together: [],
        attempts: row?.outcome === "failed" ? row.attempts : 0,
        dueAt,
        note,
      };
      return {
        kind: "pending",
        pending: {
          telling,
          group: isGrouped ? groupKey(route, receiver, story) : undefined,
          isUrgent: isUrgent(transition),
          heldUntil: isGrouped ? from : dueAt,
          retryAt: row?.outcome === "failed" ? retryAt(row, story, records, now) : undefined,
        },
      };
    }
  }

  function groupKey(route: Route, receiver: string, story: AlertStory): string {
    return `${receiver} ${config.routes.indexOf(route)} ${groupOf(route, story)}`;
  }

  /** Why a receiver is told instead of another, and since when. */
  function fallbackFor(story: AlertStory, { event }: Transition, receiver: string) {
    for (const { id, fallback } of receivers) {
      if (fallback !== receiver || id === receiver) continue;
      const row = records.byId(idOf(story.alertId, event.id, id));
      if (row?.outcome === "dead") return { at: Date.parse(row.at), note: `${id} could not be told` };
    }
    return undefined;
  }

  function settleWith(
    story: AlertStory,
    { event }: Transition,
    receiver: string,
    row: AlertDelivery | undefined,
    { reason, until, receipt = {} }: Extract<Decision, { readonly kind: "settle" }>,
  ): void {
    const nextAt = until === undefined ? null : isoOf(until);
    if (until !== undefined) waits.push(until);
    if (row?.outcome === "suppressed" && row.nextAt === nextAt && row.reason === cutText(reason, 2_000))
      return;
    settle.push({
      id: idOf(story.alertId, event.id, receiver),
      alertId: story.alertId,
      eventId: event.id,
      receiver,
      outcome: "suppressed",
      reason: cutText(reason, 2_000),
      attempts: row?.attempts ?? 0,
      nextAt,
      receipt,
      at: laterThan(row, now),
    });
  }

  function snoozeNow({ snooze }: AlertStory) {
    return snooze?.until !== undefined && snooze.until <= now ? undefined : snooze;
  }

  /** What is over is told once. */
  function isNews(story: AlertStory, { kind }: Transition, last: AlertDelivery): boolean {
    const told = story.transitions.find(({ event }) => event.id === last.eventId)?.kind;
    return told !== "resolved" && told !== kind;
  }
}

/** Which change of an alert a message told of, a repeat of it included; -1: none that is known. */
function placeOf({ transitions }: AlertStory, eventId: string): number {
  return transitions.findIndex(({ event }) => eventId === event.id || eventId.startsWith(`${event.id}.`));
}

/** Whether nothing is to be done about a message any more. */
function isFinal({ outcome, nextAt }: AlertDelivery): boolean {
  return outcome === "sent" || outcome === "dead" || (outcome === "suppressed" && nextAt === null);
}

function isUrgent({ event, severity }: Transition): boolean {
  return event.score >= 2 || severity === "critical";
}

function byUrgency(a: Telling, b: Telling): number {
  return severityRank(b) - severityRank(a) || a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1);
}

function severityRank({ subject }: Telling): number {
  return subject === undefined ? -1 : SEVERITIES.indexOf(subject.transition.severity);
}

/** Since when (ms) it should have been told: what was silenced since that ended, what is tried again since it was due. */
function firstDue(row: AlertDelivery | undefined, at: number, now: number): number {
  if (row === undefined) return at;
  if (row.outcome === "failed") return Date.parse(row.receipt["since"] ?? isoOf(at));
  return Math.max(at, Math.min(now, Date.parse(row.nextAt ?? row.at)));
}

/** When (ms) a message is tried again: as was recorded, but sooner where there is more to tell, or the receiver takes others. */
function retryAt(row: AlertDelivery, { transitions }: AlertStory, records: Records, now: number): number {
  const [tried, again] = [Date.parse(row.at), Date.parse(row.nextAt ?? row.at)];
  if ((transitions.at(-1)?.at ?? 0) > tried) return Math.min(again, now);
  if (records.takenLast(row.receiver) <= tried) return again;
  // it may be this very message that it does not like
  return Math.min(again, tried + Math.min(MINUTE_MS, row.attempts * BACK_MS));
}

/** Alerts a receiver was first told of in the last seven days. */
function toldThisWeek(
  stories: readonly AlertStory[],
  records: Records,
  receiver: string,
  now: number,
): number {
  return stories.filter(({ alertId }) => {
    const [first] = records.taken(alertId, receiver);
    return first !== undefined && Date.parse(first.at) > now - WEEK_MS;
  }).length;
}
