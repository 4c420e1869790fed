import { SEVERITIES } from "../../../schemas/notification.ts";
import type { Telling } from "./telling.ts";

/** A message that is to be sent, now or later. */
export interface Pending {
  readonly telling: Telling;
  /** What it is told together with, for one receiver; undefined: it is told by itself. */
  readonly group: string | undefined;
  /** It waits for no others. */
  readonly isUrgent: boolean;
  /** Nobody is there to be told before this time, in ms. */
  readonly heldUntil: number;
  /** When (ms) it is tried again; undefined: it was not tried yet. */
  readonly retryAt: number | undefined;
}

/**
 * Puts messages of one group that come together into one: the worst is told, the others beside it. While one of a group is
 * tried again and again, the others wait with it.
 * @returns what is to be sent now, and when (ms) others are
 */
export function inBatches(
  pending: readonly Pending[],
  now: number,
): { readonly tell: readonly Telling[]; readonly later: readonly number[] } {
  const tell: Telling[] = [];
  const later: number[] = [];
  const groups = new Map<string, Pending[]>();
  for (const one of pending) {
    const isAlone = one.group === undefined || one.heldUntil > now;
    if (!isAlone) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
    else if (timeOf(one) <= now) tell.push(one.telling);
    else later.push(timeOf(one));
  }
  for (const group of groups.values()) {
    const tried = group.filter(({ retryAt }) => retryAt !== undefined).sort((a, b) => timeOf(a) - timeOf(b));
    const fresh = group.filter(({ retryAt }) => retryAt === undefined);
    const lead = worstOf(fresh.filter(({ isUrgent }) => isUrgent)) ?? tried[0] ?? worstOf(fresh);
    if (lead === undefined) continue;
    const others = fresh.filter((one) => one !== lead);
    // while one is tried again, the others wait with it
    const at = lead.retryAt ?? Math.min(...[lead, ...others].map(timeOf));
    if (at <= now) tell.push({ ...lead.telling, together: others.map(({ telling }) => asideOf(telling)) });
    else later.push(at);
    for (const one of tried) {
      if (one === lead) continue;
      if (timeOf(one) <= now) tell.push(one.telling);
      else later.push(timeOf(one));
    }
  }
  return { tell, later };
}

function timeOf({ telling, retryAt }: Pending): number {
  return retryAt ?? telling.dueAt;
}

function worstOf(pending: readonly Pending[]): Pending | undefined {
  return [...pending].sort((a, b) => weight(b) - weight(a) || a.telling.dueAt - b.telling.dueAt)[0];
}

/** By severity, then by score. */
function weight({ telling: { subject } }: Pending): number {
  if (subject === undefined) return 0;
  const { severity, event } = subject.transition;
  return SEVERITIES.indexOf(severity) + Math.min(0.999, event.score / 1_000);
}

function asideOf({ id, eventId, receiver, subject }: Telling): Telling["together"][number] {
  if (subject === undefined) throw new Error(`the message ${id} is of no alert and stands in a group`);
  return { id, eventId, receiver, story: subject.story };
}
