import type { z } from "zod";
import { storyOf, type AlertStory } from "../../core/alerts/plan-deliveries/story.ts";
import { DIGEST, isoOf } from "../../core/alerts/plan-deliveries/telling.ts";
import { toAlertEvent } from "../../queries/alert-event-columns.ts";
import {
  comingSilences,
  deliveriesOfAlerts,
  eventsOfAlerts,
  newAlertEvents,
  tellableAlerts,
  untoldEvents,
} from "../../queries/alert-outbox.ts";
import { deliveryRows } from "../../schemas/alert-rows.ts";
import type { AlertDelivery, AlertEvent, AlertSilence } from "../../schemas/alert.ts";
import { askAboutIds, type App } from "../app.ts";

/** What happened to alerts and what became of messages, read from the store: the outbox is what lies between. */
export interface Outbox {
  readonly silences: readonly AlertSilence[];
  stories(): readonly AlertStory[];
  deliveries(): Iterable<AlertDelivery>;
  delivery(id: string): AlertDelivery | undefined;
  /** Reads what has come since. @returns whether anything has @throws {EarshotError} sink_unavailable */
  refresh(): Promise<boolean>;
  /** Writes in one piece what became of messages. @throws {EarshotError} sink_unavailable */
  record(rows: readonly AlertDelivery[], signal: AbortSignal): Promise<void>;
}

const DAY_MS = 24 * 60 * 60_000;
/** Budgets count a week; what is older and over is told no more. */
const KEPT_MS = 8 * DAY_MS;
/** What was recorded so long before the last look may yet come to be seen: clocks differ. */
const OVERLAP_MS = 10 * 60_000;
/** How often everything is read anew, and silences. */
const SWEEP_EVERY_MS = 10 * 60_000;
const SILENCES_EVERY_MS = 5_000;

/** What was read. */
interface Shelf {
  readonly stories: Map<string, AlertStory>;
  /** Ids of events. */
  readonly events: Set<string>;
  readonly deliveries: Map<string, AlertDelivery>;
}

function emptyShelf(): Shelf {
  return { stories: new Map(), events: new Set(), deliveries: new Map() };
}

/** Of an id the latest record holds, in whatever order they are read. */
function keep({ deliveries }: Shelf, row: AlertDelivery): void {
  const before = deliveries.get(row.id);
  if (before === undefined || before.at <= row.at) deliveries.set(row.id, row);
}

/** Reads the outbox. @throws {EarshotError} sink_unavailable */
export async function openOutbox(app: Pick<App, "ask" | "store" | "context">): Promise<Outbox> {
  const { ask, store, context } = app;
  let known = emptyShelf();
  let silences: AlertSilence[] = [];
  let lookedAt = 0;
  let sweptAt = 0;
  let silencesAt = 0;

  async function sweep(now: number): Promise<void> {
    const since = isoOf(now - KEPT_MS);
    const ids = (await ask(tellableAlerts, { since })).map(({ alert_id }) => alert_id);
    const read = emptyShelf();
    await take([...ids, DIGEST], read);
    // what was recorded while it was read stands
    for (const row of known.deliveries.values()) if (row.at >= isoOf(now - OVERLAP_MS)) keep(read, row);
    known = read;
    sweptAt = now;
  }

  async function take(alerts: readonly string[], shelf: Shelf): Promise<void> {
    const [happened, became] = await Promise.all([
      askAboutIds(app, eventsOfAlerts, alerts),
      askAboutIds(app, deliveriesOfAlerts, alerts),
    ]);
    const byAlert = new Map<string, AlertEvent[]>();
    for (const row of happened) {
      shelf.events.add(row.id);
      byAlert.set(row.alert_id, [...(byAlert.get(row.alert_id) ?? []), toAlertEvent(row)]);
    }
    for (const [id, own] of byAlert) {
      const story = storyOf(own);
      if (story !== undefined) shelf.stories.set(id, story);
    }
    for (const row of became) keep(shelf, toDelivery(row));
  }

  async function readSilences(now: number): Promise<boolean> {
    if (now - silencesAt < SILENCES_EVERY_MS) return false;
    const before = JSON.stringify(silences);
    silences = (await ask(comingSilences, { now: isoOf(now) })).map(
      ({ from_at, until_at, recorded_at, ...same }) => ({
        ...same,
        fromAt: from_at,
        untilAt: until_at,
        recordedAt: recorded_at,
      }),
    );
    silencesAt = now;
    return JSON.stringify(silences) !== before;
  }

  async function refresh(): Promise<boolean> {
    const now = context.now().getTime();
    if (now - sweptAt >= SWEEP_EVERY_MS) {
      await sweep(now);
      await readSilences(now);
      lookedAt = now;
      return true;
    }
    const isSilenced = await readSilences(now);
    const recent = await ask(newAlertEvents, { since: isoOf(Math.min(now, lookedAt) - OVERLAP_MS) });
    const fresh = new Set(recent.filter(({ id }) => !known.events.has(id)).map(({ alert_id }) => alert_id));
    if (fresh.size > 0) await take([...fresh], known);
    lookedAt = now;
    return isSilenced || fresh.size > 0;
  }

  await refresh();
  return {
    get silences() {
      return silences;
    },
    stories: () => [...known.stories.values()],
    deliveries: () => known.deliveries.values(),
    delivery: (id) => known.deliveries.get(id),
    refresh,
    async record(rows, signal) {
      await store.table(deliveryRows).write(rows, signal);
      for (const row of rows) keep(known, row);
    },
  };
}

/** Since when the oldest message waits that no receiver has taken, and whose it is to be. */
export interface OldestWaiting {
  readonly alertId: string;
  readonly since: string;
  readonly receivers: readonly string[];
}

/**
 * The oldest message of the last day that was tried in vain on every receiver it is for.
 * @returns undefined where there is none
 * @throws {EarshotError} sink_unavailable
 */
export async function oldestWaiting(app: Pick<App, "ask">, now: Date): Promise<OldestWaiting | undefined> {
  const from = isoOf(now.getTime() - DAY_MS);
  const [oldest] = await app.ask(untoldEvents, { from, to: now.toISOString() });
  if (oldest === undefined) return undefined;
  const { alert_id: alertId, recorded_at: since, receivers } = oldest;
  return { alertId, since, receivers };
}

function toDelivery({
  alert_id,
  event_id,
  next_at,
  ...same
}: z.infer<typeof deliveriesOfAlerts.row>): AlertDelivery {
  return { ...same, alertId: alert_id, eventId: event_id, nextAt: next_at };
}
