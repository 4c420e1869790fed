import { createHash } from "node:crypto";
import { z } from "zod";
import type { Parsed } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { readItem } from "../read-item.ts";
import { BrokenEntry, FeedEntry } from "../rss/feed-item.ts";
import { timesOf } from "../rss/read-item.ts";
import { handleOf, isRemovedEntry, readEntry } from "./read-entry.ts";
import { readThing, removalOf, Thing, trimThing } from "./read-thing.ts";

/** One item of the `reddit` ingestor: a thing of the API, or an entry of a feed. */
const RedditItem = z.union([
  z.strictObject({ thing: Thing, byUs: z.boolean() }),
  z.strictObject({ entry: z.union([FeedEntry, BrokenEntry]), byUs: z.boolean() }),
]);
export type RedditItem = z.infer<typeof RedditItem>;

/** The state of what Reddit shows as deleted or removed. */
export const GONE = "x";

/** An item with what the cursor is made of. */
export interface Heard {
  /** Full name such as `t3_1abc`, or a hash of what has none. */
  readonly name: string;
  /** Tells one wording from the next: when it was edited, {@link GONE}, or else empty. */
  readonly state: string;
  readonly createdAt: Timestamp | undefined;
  readonly item: RedditItem;
}

/** A child of a listing of the API; whatever it is, it becomes an item. */
export function hearThing(child: unknown, ownAccounts: ReadonlySet<string>): Heard {
  const read = Thing.safeParse(child);
  if (!read.success) {
    const item = { thing: { kind: "", data: { child } }, byUs: false };
    return { name: hashOf(child), state: "", createdAt: undefined, item };
  }
  const thing = trimThing(read.data);
  const { name, author, edited, created_utc: created } = thing.data;
  const isGone = removalOf(thing.data) !== undefined;
  return {
    name: typeof name === "string" && /^t\d_\w{1,20}$/.test(name) ? name : hashOf(thing),
    state: isGone ? GONE : typeof edited === "number" ? Math.round(edited).toString(36) : "",
    createdAt: typeof created === "number" ? timeOf(created * 1_000) : undefined,
    item: { thing, byUs: typeof author === "string" && ownAccounts.has(author.toLowerCase()) },
  };
}

/** An entry of a feed. */
export function hearEntry(
  entry: FeedEntry | BrokenEntry,
  ownAccounts: ReadonlySet<string>,
  now: Timestamp,
): Heard {
  if ("reason" in entry) {
    return { name: hashOf(entry), state: "", createdAt: undefined, item: { entry, byUs: false } };
  }
  const { publishedAt, revision } = timesOf(entry, now);
  return {
    name: /^t\d_\w{1,20}$/.test(entry.id) ? entry.id : hashOf(entry),
    state: isRemovedEntry(entry) ? GONE : revision === 0 ? "" : Math.round(revision / 1_000).toString(36),
    createdAt: publishedAt,
    item: { entry, byUs: ownAccounts.has(handleOf(entry).toLowerCase()) },
  };
}

/**
 * The mention an item is, or the news that it is gone. Subreddits and accounts, which a search may bring, are skipped.
 * @throws {EarshotError} record_invalid
 */
export function readRedditItem(written: unknown, observedAt: Timestamp): Parsed {
  const item = readItem(RedditItem, written, "an item of the reddit ingestor");
  if ("thing" in item) return readThing(item.thing, item.byUs);
  if (!("reason" in item.entry)) return readEntry(item.entry, item.byUs, observedAt);
  throw new EarshotError("record_invalid", `The feed's entry cannot be read: ${item.entry.reason}.`);
}

const Named = z.union([
  z.object({ thing: z.object({ data: z.object({ name: z.string() }) }) }),
  z.object({ entry: z.object({ id: z.string() }) }),
]);

/** The full name of what an item is about, as far as it has one. */
export function positionOf(item: unknown): string {
  const { data } = Named.safeParse(item);
  if (data === undefined) return "";
  return ("thing" in data ? data.thing.data.name : data.entry.id).slice(0, 100);
}

function timeOf(ms: number): Timestamp | undefined {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

function hashOf(item: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(item) ?? "")
    .digest("base64url")
    .slice(0, 12);
}
