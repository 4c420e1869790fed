import type { z } from "zod";
import type { UnreadMessage } from "../schemas/dead-letter.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Notification } from "../schemas/notification.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { LogPosition } from "../schemas/stored-event.ts";
import type { Context } from "./context.ts";
import type { EarshotError } from "./errors.ts";
import type { MentionQuery } from "./query/query.ts";

/** A stretch of time, `from` inclusive, `to` exclusive. */
export interface TimeWindow {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** A stretch of time a source could not be heard in full, and why. */
export interface Gap extends TimeWindow {
  readonly reason: string;
  /** Some of it was heard, though nobody can tell how much. */
  readonly isPartial?: boolean;
}

/** What fetching a page cost: requests made, items billed, US dollars, platform units. */
export interface Cost {
  readonly requests?: number;
  readonly items?: number;
  readonly usd?: number;
  readonly units?: number;
}

/** Items as the platform sent them. `cursor` is a checkpoint: present only when everything before it has been yielded. */
export interface Page<Cursor> {
  readonly items: readonly unknown[];
  readonly cursor?: Cursor;
  readonly gap?: Gap;
  /** The platform asked not to be polled again before this time. */
  readonly notBefore?: Timestamp;
  /** Of a stream: up to when this page hears it, where that is not now. */
  readonly upTo?: Timestamp;
  /** How far through the source this page ends, 0..1, where the ingestor can tell. */
  readonly progress?: number;
}

/**
 * What an ingestor knows of a mention. The ingest loop completes it: id, source, trackers of the source, rawHash, and
 * the empty values of what the platform does not show. `observedAt` is the loop's too, unless the item says when its
 * counters were read (a replayed recording).
 */
export type MentionFields = Pick<Mention, "platform" | "nativeId" | "kind" | "text" | "publishedAt"> &
  Partial<Omit<Mention, "id" | "source" | "rawHash">>;

/** What one item turned out to be. `skip` is for items that are no mention at all; its reason is counted. */
export type Parsed =
  | { readonly type: "upsert"; readonly mention: MentionFields }
  | { readonly type: "delete"; readonly id: string; readonly reason: string }
  | { readonly type: "skip"; readonly reason: string };

/** How an ingestor is run, and what belongs to whom, when the config does not say. */
export interface SourceDefaults {
  /**
   * `poll` runs on a schedule; `stream` runs for ever and is started again when it ends; `push` is written to by
   * others; `import` runs once on request.
   */
  readonly mode: "poll" | "stream" | "push" | "import";
  /** node-cron expression, UTC: when to poll, or to start a stream that has ended. */
  readonly schedule: string;
  /**
   * `all`: whatever it brings belongs to its trackers (reviews of our own app). `query`: only what a tracker's query
   * matches does, and the rest is left out (a search, a feed of a whole network).
   */
  readonly scope: "all" | "query";
  /** Most mentions read again an hour, where the platform allows less than 600. */
  readonly rereadPerHour?: number;
  /** What the platform's terms ask of whoever stores its content; absent where they ask nothing. */
  readonly duty?: ContentDuty;
}

/** What a platform's terms ask of whoever stores its content. */
export interface ContentDuty {
  /** Content the platform no longer shows must be gone everywhere this long after. */
  readonly deleteWithinHours?: number;
  /** Content older than this must be read again or deleted. */
  readonly rereadWithinDays?: number;
  /** Page of the terms. */
  readonly terms: string;
}

/** A tracker's query as a source is to look for it. */
export interface TrackerQuery {
  /** Id of the tracker. */
  readonly tracker: string;
  readonly query: MentionQuery;
}

/** What a source may still spend in its windows. Shared by everything that asks the platform for it. */
export interface Budget {
  /** Call it before each request, with what the request may cost at most. @throws {EarshotError} budget_spent */
  allow(cost: Cost): void;
  /** Call it after each request with what it cost, failed ones too. */
  spend(cost: Cost): void;
}

export interface PollRun<Config, Cursor> {
  readonly config: Config;
  /** The last saved checkpoint, or undefined on the first run. */
  readonly cursor: Cursor | undefined;
  /** What to look for, where the platform can search. What it finds is matched again by the loop. */
  readonly queries: readonly TrackerQuery[];
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly context: Context;
}

/** A run that has no cursor: asks again for what was met before. */
export type RereadRun<Config> = Omit<PollRun<Config, never>, "cursor">;

/** What became of mentions that were read again. */
export interface Reread {
  /** As `poll` gives them, with their counters and wording of now. */
  readonly items: readonly unknown[];
  /** Native ids the platform no longer shows, each with its reason. Those in neither list could not be asked for. */
  readonly gone: readonly { readonly id: string; readonly reason: string }[];
}

/** What others push to a source. */
export interface Push {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** One platform: how to fetch items from it and what an item means. Make one with {@link defineIngestor}. */
export interface Ingestor {
  readonly name: string;
  readonly summary: string;
  readonly source: SourceDefaults;
  readonly config: z.ZodObject;
  readonly cursor: z.ZodType;
  /** Network only; newest-first platforms checkpoint last; a stream is a poll that never ends. */
  poll(run: PollRun<unknown, unknown>): AsyncIterable<Page<unknown>>;
  /** Pure. Needs nothing but the item, so that a dead letter can be parsed again. @throws {EarshotError} record_invalid */
  parse(item: unknown, observedAt: Timestamp): Parsed;
  /** Where in the source an item stands (`line 17`), for dead letters. */
  position?(item: unknown): string;
  /** Reads mentions again by native id, any number of them: for deletions, edits and counters. */
  reread?(ids: readonly string[], run: RereadRun<unknown>): Promise<Reread>;
  /** Everything of a past window, as far as the platform still gives it. Absent: a poll without cursor is all it has. */
  backfill?(window: TimeWindow, run: RereadRun<unknown>): AsyncIterable<Page<never>>;
  /** Items of a push. @throws {EarshotError} unauthorized, request_invalid */
  receive?(push: Push, run: { readonly config: unknown; readonly context: Context }): readonly unknown[];
}

/** An ingestor as its author writes it, with its own config and cursor types. */
export interface IngestorDefinition<C extends z.ZodObject, K extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly source: SourceDefaults;
  /** Strict object; `endpoint` is always configurable. */
  readonly config: C;
  /** Survives JSON. */
  readonly cursor: K;
  poll(run: PollRun<z.infer<C>, z.infer<K>>): AsyncIterable<Page<z.infer<K>>>;
  parse(item: unknown, observedAt: Timestamp): Parsed;
  position?(item: unknown): string;
  reread?(ids: readonly string[], run: RereadRun<z.infer<C>>): Promise<Reread>;
  backfill?(window: TimeWindow, run: RereadRun<z.infer<C>>): AsyncIterable<Page<never>>;
  receive?(push: Push, run: { readonly config: z.infer<C>; readonly context: Context }): readonly unknown[];
}

/** Gives the ingestor in the form registries hold. Callers pass it configs and cursors its own schemas have accepted. */
export function defineIngestor<C extends z.ZodObject, K extends z.ZodType>(
  definition: IngestorDefinition<C, K>,
): Ingestor {
  return definition;
}

/** What became of one record: its additions, a deliberate drop, or a dead letter. */
export type Outcome<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "drop"; readonly reason: string }
  | { readonly kind: "dead"; readonly error: EarshotError };

/**
 * One step over mentions. Answers one outcome per record, same length and order; adds only; never throws for one
 * record (a throw means the whole batch, and the chain then isolates the culprit).
 */
export interface Processor<Needs extends object, Adds extends object> {
  readonly name: string;
  readonly process: (batch: readonly Needs[], signal: AbortSignal) => Promise<readonly Outcome<Adds>[]>;
}

/** Somewhere records go. `write` resolves when they are durable, and is idempotent by id. */
export interface Sink<T> {
  readonly name: string;
  /** @throws {EarshotError} sink_unavailable, sink_rejected */
  write(records: readonly T[], signal: AbortSignal): Promise<void>;
  check(): Promise<void>;
  close(): Promise<void>;
}

/** A query text with the values of its `{name:Type}` placeholders. */
export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How one kind of record becomes rows of one table. */
export interface TableSpec<T> {
  readonly table: string;
  readonly columns: readonly string[];
  /** Values in the order of `columns`, ready for JSON; or, as text, the JSON of all of them. */
  readonly toRow: (record: T) => readonly unknown[] | string;
}

/** Everything durable. */
export interface Store {
  table<T>(spec: TableSpec<T>): Sink<T>;
  /** Rows of a reading statement, each checked against `row`. @throws {EarshotError} sink_unavailable, sink_rejected */
  query<R extends z.ZodType>(statement: Statement, row: R): Promise<z.infer<R>[]>;
  /** Runs one statement that gives no rows (DDL). */
  command(sql: string): Promise<void>;
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A named question to the store, with the SQL anyone can run to get the same answer.
 * `params` are what callers may ask; `row` is one row of the answer; rows come ordered as `summary` says.
 */
export interface Query<P extends z.ZodObject, R extends z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  readonly params: P;
  readonly row: R;
  statement(params: z.infer<P>): Statement;
}

/** Gives the query as it is, with its parameter and row types inferred. */
export function defineQuery<P extends z.ZodObject, R extends z.ZodObject>(query: Query<P, R>): Query<P, R> {
  return query;
}

/** What a topic holds, how its records are keyed, and how long the broker keeps them: its contract with other teams. */
export interface TopicSpec<T> {
  readonly name: string;
  readonly summary: string;
  /** Sent in a header of every message; grows with every change that an older reader would misread. */
  readonly version: number;
  readonly record: z.ZodType<T>;
  /** Records of one key stay in order, and with `latestPerKey` replace each other. */
  readonly key: (record: T) => string;
  readonly retention: TopicRetention;
  readonly examples: readonly T[];
}

export interface TopicRetention {
  /** How long a record is kept; absent: as long as the config says. */
  readonly hours?: number;
  /** A record is removed soon after a later one of its key has come, whatever its age. */
  readonly latestPerKey?: boolean;
}

/** A message of a topic that could not be read, as it lies there. */
export interface Poison {
  /** Topic, partition and offset: `mentions/3@1234`. */
  readonly position: string;
  readonly payload: UnreadMessage;
  readonly error: EarshotError;
}

/** Some messages of one partition, in its order. */
export interface Delivery<T> {
  readonly records: readonly T[];
  /** Where each record stands, same length and order. */
  readonly positions: readonly LogPosition[];
  readonly poison: readonly Poison[];
}

export interface Subscription<T> {
  readonly topic: TopicSpec<T>;
  /** Consumers of one group share the topic's partitions out among them. */
  readonly group: string;
  /** Most messages of one delivery. Default 500. */
  readonly batchSize?: number;
  /**
   * Resolves when everything delivered is durable; only then is it committed. The signal aborts when the partition
   * went to another consumer, or when a stopping program has waited long enough.
   */
  onDelivery(delivery: Delivery<T>, signal: AbortSignal): Promise<void>;
}

/** Names shared out among processes, each owned by one at a time. */
export interface Shares {
  /** Processes of one group share. */
  readonly group: string;
  readonly names: readonly string[];
  /** Runs for as long as this process owns `name`; must end soon after its signal aborts. */
  onOwned(name: string, signal: AbortSignal): Promise<void>;
}

/** How far a group has read a topic. */
export interface GroupLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Records retained, and of those not yet committed by the group. */
  readonly retained: number;
  readonly lag: number;
  /** Records the broker removed before the group had read them. */
  readonly expired: number;
}

/** Topics between processes. At least once: a record may come again, so whoever reads must be idempotent by id. */
export interface Broker {
  /** `write` resolves when every in-sync replica has the records. */
  topic<T>(spec: TopicSpec<T>): Sink<T>;
  /**
   * Reads a topic until the signal aborts, waiting out a broker that is away; what was under way is finished first.
   * @throws {EarshotError} config_invalid when the broker refuses us; whatever `onDelivery` throws
   */
  consume<T>(subscription: Subscription<T>, signal: AbortSignal): Promise<void>;
  /** Owns its share of the names until the signal aborts. @throws what {@link consume} throws, and `onOwned` */
  share(shares: Shares, signal: AbortSignal): Promise<void>;
  /** Creates what is missing, explicitly. @returns the names of the topics created */
  createTopics(specs: readonly Pick<TopicSpec<never>, "name" | "retention">[]): Promise<string[]>;
  /** How far each group has read its topic, ordered by group, topic, partition. */
  lag(groups: readonly { readonly group: string; readonly topic: string }[]): Promise<GroupLag[]>;
  /**
   * Makes a group read a topic again from a time on, or from the oldest record retained.
   * @throws {EarshotError} request_invalid while a consumer of the group runs
   */
  rewind(group: string, topic: string, since: Date | undefined): Promise<void>;
  /** @throws {EarshotError} sink_unavailable, config_invalid */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What a receiver says of what it took, so that later notifications of the alert can join it: a thread, a message. */
export type Receipt = Readonly<Record<string, string>>;

/** Where people are told of alerts, opened: one channel, one mailbox, one service. */
export interface Receiver {
  /**
   * Resolves when the other side has taken it. At least once: the same notification may come again, under the same id.
   * @param earlier what this receiver said of the latest notification of the same alert; absent for the first
   * @throws {EarshotError} sink_unavailable (with retryAfterMs where the other side says so), sink_rejected
   */
  deliver(notification: Notification, earlier: Receipt | undefined, signal: AbortSignal): Promise<Receipt>;
  close(): Promise<void>;
}

/** One kind of receiver. Make one with {@link defineReceiver}. */
export interface ReceiverKind {
  readonly name: string;
  readonly summary: string;
  readonly config: z.ZodObject;
  /** No network before the first delivery. */
  open(config: unknown, context: Context): Receiver;
}

/** Gives the kind of receiver in the form registries hold. Callers pass it configs its own schema has accepted. */
export function defineReceiver<C extends z.ZodObject>(kind: {
  readonly name: string;
  readonly summary: string;
  /** Strict object; addresses are always configurable. */
  readonly config: C;
  open(config: z.infer<C>, context: Context): Receiver;
}): ReceiverKind {
  return kind;
}
