import type { AlertDelivery } from "../../../schemas/alert.ts";
import type { ReceiverConfig } from "../routes.ts";
import type { Records } from "./records.ts";
import type { AlertStory } from "./story.ts";
import { DIGEST, idOf, isoOf, laterThan, type Aside, type Telling } from "./telling.ts";

interface DigestOptions {
  readonly stories: readonly AlertStory[];
  readonly records: Records;
  readonly receivers: readonly ReceiverConfig[];
  readonly now: number;
}

interface Digests {
  readonly tell: readonly Telling[];
  readonly settle: readonly AlertDelivery[];
  /** When (ms) others are due. */
  readonly later: readonly number[];
}

/** Whether it is told in a digest that is yet to come. */
export function isForDigest({ receipt, nextAt }: AlertDelivery): boolean {
  return receipt["digest"] !== undefined && nextAt !== null;
}

/** The digests that are due: what was beyond the budget of a receiver, in one message. */
export function digestsOf({ stories, records, receivers, now }: DigestOptions): Digests {
  const byAlert = new Map(stories.map((story) => [story.alertId, story]));
  const waiting = [...records.all()].filter(isForDigest);
  const tell: Telling[] = [];
  const settle: AlertDelivery[] = [];
  const later: number[] = [];
  for (const { id: receiver } of receivers) {
    const own = waiting.filter((row) => row.receiver === receiver);
    const due = own.filter(({ nextAt }) => Date.parse(nextAt ?? "") <= now);
    later.push(...own.filter((row) => !due.includes(row)).map(({ nextAt }) => Date.parse(nextAt ?? "")));
    if (due.length === 0) continue;
    const times = due.map(({ nextAt }) => nextAt ?? "").sort();
    // one that is tried again keeps its id, whatever has come since
    const eventId = times.find((at) => isTried(at, receiver)) ?? times.at(-1) ?? isoOf(now);
    const target = targetOf(eventId, receiver);
    if (target === undefined) {
      settle.push(...due.map((row) => givenUp(row, now)));
      continue;
    }
    const id = idOf(DIGEST, eventId, target);
    const row = records.byId(id);
    if (row?.outcome === "failed" && Date.parse(row.nextAt ?? row.at) > now) {
      later.push(Date.parse(row.nextAt ?? row.at));
      continue;
    }
    tell.push({
      id,
      kind: "digest",
      alertId: DIGEST,
      eventId,
      receiver: target,
      subject: undefined,
      together: due.flatMap((one): Aside[] => {
        const story = byAlert.get(one.alertId);
        return story === undefined ? [] : [{ id: one.id, eventId: one.eventId, receiver, story }];
      }),
      attempts: row?.attempts ?? 0,
      dueAt: row?.outcome === "failed" ? Date.parse(row.receipt["since"] ?? eventId) : now,
      note: target === receiver ? "" : `${receiver} could not be told`,
    });
  }
  return { tell, settle, later };

  function isTried(at: string, receiver: string): boolean {
    const row = records.byId(idOf(DIGEST, at, receiver));
    return row?.outcome === "failed" || row?.outcome === "dead";
  }

  /** The receiver itself, or the first of its fallbacks that has not refused this digest. */
  function targetOf(eventId: string, receiver: string): string | undefined {
    const met = new Set<string>();
    let target: string | undefined = receiver;
    while (target !== undefined && !met.has(target)) {
      if (records.byId(idOf(DIGEST, eventId, target))?.outcome !== "dead") return target;
      met.add(target);
      target = receivers.find(({ id }) => id === target)?.fallback;
    }
    return undefined;
  }
}

function givenUp(row: AlertDelivery, now: number): AlertDelivery {
  const reason = "the digest it was in could not be told";
  return { ...row, outcome: "dead", reason, nextAt: null, at: laterThan(row, now) };
}
