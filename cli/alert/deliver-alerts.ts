import { join } from "node:path";
import { planDeliveries, type Plan } from "../../core/alerts/plan-deliveries/index.ts";
import { failureRecord, toldRecords, type Telling } from "../../core/alerts/plan-deliveries/telling.ts";
import type { ReceiverKind } from "../../core/contracts.ts";
import { toDeadLetter } from "../../core/dead-letters.ts";
import { EarshotError } from "../../core/errors.ts";
import { retrying } from "../../core/retry.ts";
import type { AlertDelivery } from "../../schemas/alert.ts";
import type { Notification } from "../../schemas/notification.ts";
import { deadLetterRows } from "../../schemas/rows.ts";
import { RECEIVER_KINDS } from "../../sinks/receivers/index.ts";
import type { App } from "../app.ts";
import { composeNotification, type ComposeLink } from "./compose-notification.ts";
import { bareNotification } from "./compose-words.ts";
import { oldestWaiting, openOutbox, type Outbox } from "./deliver-outbox.ts";
import { openReceiptFolder } from "./deliver-receipts.ts";
import { openReceivers } from "./deliver-receivers.ts";

type Delivering = Pick<App, "ask" | "store" | "context"> & {
  readonly config: Pick<App["config"], "alerts" | "trackers" | "sources" | "exposureMeasure" | "dataDir">;
};

export interface DeliverOptions {
  /** Makes the links of messages; absent: they have none. */
  readonly link?: ComposeLink;
  readonly kinds?: readonly ReceiverKind[];
  /** How often it is looked for what is new. */
  readonly pollMs?: number;
  /** How long what failed first is left alone, doubled each time. */
  readonly firstRestMs?: number;
  /** What is under way when it is told to stop may end within this time. */
  readonly graceMs?: number;
}

const LONGEST_REST_MS = 6 * 60 * 60_000;
/** Sent and not recorded, a message would come again. */
const GRACE_MS = 10_000;
/** How often it is looked whether messages lie about, and from when on that is said. */
const CHECK_EVERY_MS = 60_000;
const WAITING_MS = 15 * 60_000;

/** What is under way with one receiver. */
interface Lane {
  isBusy: boolean;
  done: Promise<void>;
  /** It asked for nothing to be sent before this time, in ms. */
  notBefore: number;
}

/**
 * Tells people of alerts until the signal aborts. One process does so at a time. What is to be told follows from what
 * happened to alerts and from what was told of it, both in the store, so that a restart goes on where it was: at least
 * once, and again only where it ended between sending and recording. Each receiver gets one message at a time, and a slow
 * one holds up no other. A store that is away is waited for.
 * @throws {EarshotError} config_invalid
 */
export async function deliverAlerts(
  app: Delivering,
  signal: AbortSignal,
  options: DeliverOptions = {},
): Promise<void> {
  const { context, config } = app;
  const { kinds = RECEIVER_KINDS, pollMs = 1_000, firstRestMs = 5_000, graceMs = GRACE_MS } = options;
  if (!config.alerts.isEnabled) return;
  const receivers = openReceivers(config.alerts, kinds, context);
  const lanes = new Map<string, Lane>();
  const grace = graceAfter(signal, graceMs);
  const receipts = openReceiptFolder(join(config.dataDir, "alert-receipts"), context);
  /** A receiver is free again, so there may be more to tell. */
  let isFreed = false;
  let wake = () => {};
  let failed: Error | undefined;

  let opened: Outbox | undefined;
  let dueAt = -Infinity;
  let lookedAt = -Infinity;
  let checkedAt = -Infinity;

  /** Looks once what there is to tell, and begins to. After an error only what is stored holds. */
  async function look(): Promise<void> {
    const outbox = opened ?? (await open());
    opened = undefined;
    if (failed !== undefined) throw failed;
    let isDue = isFreed || context.now().getTime() >= dueAt;
    isFreed = false;
    if (context.now().getTime() - lookedAt >= pollMs) {
      isDue = (await outbox.refresh()) || isDue;
      lookedAt = context.now().getTime();
    }
    if (isDue) dueAt = await advance(outbox);
    if (context.now().getTime() - checkedAt >= CHECK_EVERY_MS) {
      checkedAt = context.now().getTime();
      await warnOfWaiting();
    }
    opened = outbox;
  }

  async function open(): Promise<Outbox> {
    // what was sent has to be recorded before the store is asked what was
    await settled();
    const outbox = await openOutbox(app);
    await recordLeft(outbox);
    dueAt = -Infinity;
    lookedAt = context.now().getTime();
    return outbox;
  }

  /** Records what was told just before an earlier process ended. */
  async function recordLeft(outbox: Outbox): Promise<void> {
    const left = receipts.left();
    const news = left.filter(({ id, at }) => (outbox.delivery(id)?.at ?? "") < at);
    if (news.length > 0) await outbox.record(news, signal);
    for (const row of left) receipts.forget([row]);
  }

  /** Records what is not told, and begins to tell what is. @returns when (ms) there is more to do */
  async function advance(outbox: Outbox): Promise<number> {
    const now = context.now().getTime();
    const plan = planDeliveries({
      stories: outbox.stories(),
      deliveries: outbox.deliveries(),
      silences: outbox.silences,
      config: config.alerts,
      now,
    });
    if (plan.settle.length > 0) {
      await outbox.record(plan.settle, signal);
      logSettled(plan.settle);
    }
    let nextAt = plan.nextAt ?? Infinity;
    for (const telling of firstOfEach(plan)) {
      const lane = laneOf(telling.receiver);
      if (lane.isBusy) continue;
      if (now < lane.notBefore) {
        nextAt = Math.min(nextAt, lane.notBefore);
        continue;
      }
      lane.isBusy = true;
      lane.done = deliver(outbox, telling, lane)
        .catch((error: unknown) => {
          failed ??= error instanceof Error ? error : new Error(String(error));
        })
        .finally(() => {
          lane.isBusy = false;
          isFreed = true;
          wake();
        });
    }
    return nextAt;
  }

  async function deliver(outbox: Outbox, telling: Telling, lane: Lane): Promise<void> {
    const { receiver: name, alertId } = telling;
    const before = (id: string) => outbox.delivery(id);
    let rows: AlertDelivery[];
    try {
      const receiver = receivers.byId.get(name);
      if (receiver === undefined)
        throw new Error(`the message ${telling.id} is for a receiver nobody opened`);
      const composed = await compose(telling);
      signal.throwIfAborted();
      const receipt = await receiver.deliver(composed, earlierOf(outbox, telling), grace.signal);
      rows = toldRecords(telling, receipt, context.now().getTime(), before);
      receipts.keep(rows);
      context.log.info({ receiver: name, alert: alertId, kind: telling.kind }, "told of an alert");
    } catch (error) {
      // what was not taken, as far as anybody knows, is told after the next start
      if (signal.aborted) return;
      rows = [await failure(telling, toEarshotError(error), lane, before)];
    }
    // nothing else is sent to it before this is written, however long that takes
    await retrying(
      () => outbox.record(rows, grace.signal),
      { what: "record what was told" },
      grace.signal,
      context,
    );
    receipts.forget(rows);
  }

  /** Writes a message; where that fails, one that says the least that has to be said. */
  async function compose(telling: Telling): Promise<Notification> {
    const now = context.now();
    try {
      return await retrying(
        () => composeNotification({ ...app, now, link: options.link }, telling),
        { what: "write a message", maxAttempts: 6, firstDelayMs: 500 },
        signal,
        context,
      );
    } catch (error) {
      if (signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      context.log.error({ alert: telling.alertId, reason }, "a message is told without quotes and facts");
      return bareNotification(telling, { trackers: config.trackers, now, issueTitle: "" });
    }
  }

  async function failure(
    telling: Telling,
    error: EarshotError,
    lane: Lane,
    before: (id: string) => AlertDelivery | undefined,
  ): Promise<AlertDelivery> {
    const now = context.now().getTime();
    const ceiling = Math.min(LONGEST_REST_MS, firstRestMs * 2 ** telling.attempts);
    const row = failureRecord(telling, error, ceiling * (0.5 + Math.random() / 2), now, before);
    if (error.retryAfterMs !== undefined) lane.notBefore = now + error.retryAfterMs;
    const facts = {
      receiver: telling.receiver,
      alert: telling.alertId,
      code: error.code,
      reason: error.message,
    };
    if (row.outcome === "failed") {
      context.log.warn({ ...facts, nextAt: row.nextAt }, "an alert could not be told; tried again");
      return row;
    }
    context.log.error(facts, "an alert could not be told; given up");
    const { id, kind, alertId, eventId, receiver } = telling;
    const letter = toDeadLetter({
      source: receiver,
      ingestor: receivers.byId.get(receiver)?.type ?? "",
      stage: "deliver",
      position: id,
      // no text of anybody: what is deleted must not live on here
      payload: { id, kind, alertId, eventId, receiver },
      error,
      at: context.now().toISOString(),
    });
    await retrying(
      () => app.store.table(deadLetterRows).write([letter], grace.signal),
      { what: "write a dead letter" },
      grace.signal,
      context,
    );
    context.observe({ kind: "dead_letters", stage: letter.stage, count: 1 });
    return row;
  }

  async function warnOfWaiting(): Promise<void> {
    const oldest = await oldestWaiting(app, context.now());
    if (oldest === undefined || context.now().getTime() - Date.parse(oldest.since) < WAITING_MS) return;
    context.log.warn({ ...oldest }, "an alert waits, since no receiver takes it; try earshot alerts test");
  }

  function logSettled(rows: readonly AlertDelivery[]): void {
    for (const { alertId, receiver, reason, nextAt } of rows) {
      context.log.info({ alert: alertId, receiver, reason, nextAt }, "not told of an alert");
    }
  }

  function laneOf(receiver: string): Lane {
    const lane = lanes.get(receiver) ?? { isBusy: false, done: Promise.resolve(), notBefore: -Infinity };
    lanes.set(receiver, lane);
    return lane;
  }

  async function settled(): Promise<void> {
    await Promise.all([...lanes.values()].map(({ done }) => done));
    failed = undefined;
  }

  /** Waits a while, or until a receiver is free. */
  async function rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end, { once: true });
      wake = end;
      function end() {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      }
    });
  }

  try {
    while (!signal.aborted) {
      await retrying(look, { what: "tell people of alerts", maxDelayMs: 10_000 }, signal, context);
      if (!isFreed) await rest(pollMs);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await settled();
    grace.end();
    await receivers.close();
  }
}

/** What each receiver is sent next. */
function firstOfEach({ tell }: Plan): readonly Telling[] {
  const first = new Map<string, Telling>();
  for (const telling of tell) if (!first.has(telling.receiver)) first.set(telling.receiver, telling);
  return [...first.values()];
}

/** What a receiver said of the latest message of the same alert. */
function earlierOf(
  outbox: Outbox,
  { alertId, receiver, subject }: Telling,
): AlertDelivery["receipt"] | undefined {
  if (subject === undefined) return undefined;
  let latest: AlertDelivery | undefined;
  for (const row of outbox.deliveries()) {
    if (row.alertId !== alertId || row.receiver !== receiver || row.outcome !== "sent") continue;
    // what was told beside another alert has no message of its own
    if (Object.keys(row.receipt).length === 0) continue;
    if (latest === undefined || row.at > latest.at) latest = row;
  }
  return latest?.receipt;
}

/** An error nobody foresaw costs the one message. */
function toEarshotError(error: unknown): EarshotError {
  if (error instanceof EarshotError) return error;
  const name = error instanceof Error ? error.name : "Error";
  return new EarshotError("sink_rejected", `The message could not be made or sent (${name}); see the log.`, {
    cause: error,
  });
}

/** A signal that aborts some time after another. */
function graceAfter(signal: AbortSignal, ms: number): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => controller.abort(signal.reason), ms);
    timer.unref();
  };
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return {
    signal: controller.signal,
    end() {
      signal.removeEventListener("abort", begin);
      clearTimeout(timer);
    },
  };
}
