import { createHash } from "node:crypto";
import type { DeadLetter } from "../schemas/dead-letter.ts";
import { idOf, type MentionEvent } from "../schemas/mention.ts";
import { toPoll, type Poll } from "../schemas/poll.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { Push, Sink } from "./contracts.ts";
import { EarshotError } from "./errors.ts";
import { cutText } from "./mention.ts";
import { parseItems, type ParseOptions } from "./parse-items.ts";
import { queueing } from "./turns.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** What became of the items of one push. All of it is durable. */
export interface PushReport {
  /** Mentions stored: new, edited or met again. */
  readonly accepted: number;
  readonly deleted: number;
  /** Items that are no mention, or that no tracker's query matches. */
  readonly skipped: number;
  /** Items that became dead letters, in the order they were pushed. */
  readonly rejected: readonly RejectedItem[];
}

export interface RejectedItem {
  /** Place among the items of the push, from 0. */
  readonly index: number;
  /** As the item itself says it, when it does. */
  readonly id?: string;
  /** Error code. */
  readonly code: string;
  readonly reason: string;
}

export interface PushOptions extends ParseOptions {
  /** Already accepted by `ingestor.config`. */
  readonly config: unknown;
  /** Makes the way into the store whose own dead letters go to `deadLetters`. */
  readonly openEvents: (deadLetters: Sink<DeadLetter>) => Sink<MentionEvent>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly polls: Sink<Poll>;
  /** How long a push waits for what it is written to, ms. Default 10 s: whoever pushes waits too, and tries again. */
  readonly patienceMs?: number;
}

/** A source that others push to. */
export interface PushSource {
  /**
   * Resolves when everything of a push is durable. A key once given answers the same body as it was answered, without
   * storing it again, for a day; another body under it is `key_reused`.
   * @throws {EarshotError} unauthorized, request_invalid; sink_unavailable when it must be pushed again
   */
  push(push: Push, idempotencyKey?: string): Promise<PushReport | "key_reused">;
  /** Resolves when no push is under way any more, or those that are have had their time. */
  settled(): Promise<void>;
}

const PATIENCE_MS = 10_000;
/** What one more row of the ledger may cost a push that is already stored, ms. */
const REPORT_PATIENCE_MS = 2_000;
/** Pushes of one source that may wait for each other, a megabyte each. */
const MAX_WAITING = 32;
const RETRY_AFTER_MS = 5_000;
const MAX_KEY_LENGTH = 255;
const MAX_REASON_LENGTH = 300;

/** Opens a source for pushes. They are stored one after the other, so that of two versions the later pushed wins. */
export function openPushSource(options: PushOptions): PushSource {
  const { source, ingestor, config, context, patienceMs = PATIENCE_MS } = options;
  const { deadLetters } = options;
  const takePlace = queueing();
  const answers = rememberAnswers();
  const underWay = new Set<Promise<unknown>>();
  let refused: DeadLetter[] = [];
  const events = options.openEvents({
    ...deadLetters,
    async write(dead, signal) {
      await deadLetters.write(dead, signal);
      refused.push(...dead);
    },
  });

  return {
    async push(push, idempotencyKey) {
      if (ingestor.receive === undefined) throw new Error(`nobody can push to the ingestor ${ingestor.name}`);
      const items = ingestor.receive(push, { config, context });
      const key = checkKey(idempotencyKey);
      if (underWay.size >= MAX_WAITING) throw tooBusy();
      const fingerprint = createHash("sha256").update(push.body).digest("base64");
      const signal = AbortSignal.timeout(patienceMs);
      const storing = inTurn(async () => {
        signal.throwIfAborted();
        const now = context.now().getTime();
        const given = key === undefined ? undefined : answers.find(key, fingerprint, now);
        if (given !== undefined) return given;
        const report = await storeItems(items, signal);
        if (key !== undefined) answers.keep(key, fingerprint, report, now);
        return report;
      });
      try {
        return await unlessAborted(storing, signal);
      } catch (error) {
        // whatever the store has against us, for whoever pushes it is a reason to come again
        if (!signal.aborted && !(error instanceof EarshotError)) throw error;
        throw new EarshotError(
          "sink_unavailable",
          "Earshot cannot store anything right now; push this again later.",
          { cause: error, retryAfterMs: RETRY_AFTER_MS },
        );
      }
    },
    async settled() {
      const signal = AbortSignal.timeout(patienceMs);
      await Promise.allSettled([...underWay].map((storing) => unlessAborted(storing, signal)));
    },
  };

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const place = takePlace();
    const running = place.turn.then(work).finally(() => {
      place.leave();
      underWay.delete(running);
    });
    underWay.add(running);
    return running;
  }

  async function storeItems(items: readonly unknown[], signal: AbortSignal): Promise<PushReport> {
    const startedAt = context.now().toISOString();
    refused = [];
    // an answer at once is worth more to whoever pushes than an attempt that waits
    await events.check();
    // item by item, since a dead letter does not say which item it was
    const parsed = items.map((item) => parseItems(options, [item]));
    const all = parsed.flatMap((item) => item.events);
    const dead = parsed.flatMap((item) => item.dead);
    if (all.length > 0) await events.write(all, signal);
    if (dead.length > 0) await deadLetters.write(dead, signal);

    // what fails after parsing is filed under the id of its mention
    const lost = new Map(refused.map((letter) => [letter.position, letter]));
    const report = { accepted: 0, deleted: 0, skipped: 0, unmatched: 0, rejected: [] as RejectedItem[] };
    parsed.forEach((item, index) => {
      const [event] = item.events;
      const letter = item.dead[0] ?? (event === undefined ? undefined : lost.get(idOf(event)));
      report.unmatched += item.unmatched;
      report.skipped += item.skipped;
      if (letter !== undefined) report.rejected.push(rejected(letter, index, items[index]));
      else if (event?.type === "upsert") report.accepted++;
      else if (event?.type === "delete") report.deleted++;
    });
    await tell(report, startedAt);
    const { accepted, deleted, skipped, unmatched } = report;
    return { accepted, deleted, skipped: skipped + unmatched, rejected: report.rejected };
  }

  function rejected({ code, reason }: DeadLetter, index: number, item: unknown): RejectedItem {
    const id = ingestor.position?.(item) ?? "";
    return { index, ...(id === "" ? {} : { id }), code, reason: cutText(reason, MAX_REASON_LENGTH) };
  }

  /** A push counts as a poll that went well, but nobody knows what was not pushed: it covers no time. */
  async function tell(report: PushReport & { readonly unmatched: number }, startedAt: Timestamp) {
    const { accepted: mentions, deleted: deletions, unmatched } = report;
    const deadLetterCount = report.rejected.length;
    context.observe({ kind: "polled", source, mentions, deletions });
    context.log.info(
      { source, mentions, deletions, skipped: report.skipped, unmatched, deadLetters: deadLetterCount },
      "pushed",
    );
    const poll = toPoll({
      source,
      startedAt,
      at: context.now().toISOString(),
      outcome: "ok",
      mentions,
      deletions,
      unmatched,
      deadLetters: deadLetterCount,
    });
    const signal = AbortSignal.timeout(REPORT_PATIENCE_MS);
    try {
      await unlessAborted(options.polls.write([poll], signal), signal);
    } catch (error) {
      if (!signal.aborted && !(error instanceof EarshotError)) throw error;
      context.log.warn({ source, err: error }, "the push is stored, but was not written down as a poll");
    }
  }

  function tooBusy(): EarshotError {
    return new EarshotError(
      "sink_unavailable",
      `${MAX_WAITING} pushes to ${source} are waiting to be stored; push this again later, in larger pieces.`,
      { retryAfterMs: RETRY_AFTER_MS },
    );
  }
}

/** @throws {EarshotError} request_invalid */
function checkKey(key: string | undefined): string | undefined {
  if (key === undefined || (key !== "" && key.length <= MAX_KEY_LENGTH)) return key;
  throw new EarshotError("request_invalid", `An idempotency key has 1 to ${MAX_KEY_LENGTH} characters.`);
}

const REMEMBERED_MS = 24 * 60 * 60 * 1_000;
/** More are forgotten, the oldest first: ids make what is stored twice one mention all the same. */
const MAX_REMEMBERED = 256;

/** Answers given in this process, by key. */
function rememberAnswers() {
  const given = new Map<string, { fingerprint: string; report: PushReport; at: number }>();
  return {
    /** @param now ms since 1970 */
    find(key: string, fingerprint: string, now: number): PushReport | "key_reused" | undefined {
      const found = given.get(key);
      if (found === undefined || now - found.at > REMEMBERED_MS) return undefined;
      return found.fingerprint === fingerprint ? found.report : "key_reused";
    },
    keep(key: string, fingerprint: string, report: PushReport, now: number): void {
      given.delete(key);
      given.set(key, { fingerprint, report, at: now });
      const [oldest] = given.keys();
      if (given.size > MAX_REMEMBERED && oldest !== undefined) given.delete(oldest);
    },
  };
}
