import type { TrackerQuery } from "../../core/contracts.ts";
import { prefilter } from "./prefilter.ts";
import { languageOf, POSTS, uriOf } from "./read-post.ts";

/** What of the stream of all posts concerns us. */
export type Overheard =
  | {
      readonly timeUs: number;
      /** The post as the network would show it, with nothing yet of its author and counters. */
      readonly view: { readonly uri: string; readonly record: unknown; readonly [field: string]: unknown };
      readonly editedAt?: number;
    }
  | { readonly timeUs: number; readonly deleted: string; readonly reason: string };

/** What an event of Jetstream came to; `timeUs` is 0 for one without a time. */
export interface Heard {
  readonly timeUs: number;
  readonly found: readonly Overheard[];
}

/** Posts remembered, so that their deletion is heard. */
const REMEMBERED = 10_000;

/**
 * Listens for posts that meet a query, and for the end of those heard before. Made for some thousand events a second.
 * @throws {EarshotError} config_invalid for a query that any post could meet
 */
export function overhear(queries: readonly TrackerQuery[]): (event: unknown) => Heard {
  const isWanted = prefilter(queries);
  const remembered = new Set<string>();

  function remember(uri: string): void {
    remembered.delete(uri);
    remembered.add(uri);
    const [oldest] = remembered;
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }

  function forget(uri: string, timeUs: number, reason: string): Overheard[] {
    return remembered.delete(uri) ? [{ timeUs, deleted: uri, reason }] : [];
  }

  function hearPost(did: string, timeUs: number, commit: Commit): Overheard[] {
    const { operation, rkey, record } = commit;
    if (commit.collection !== POSTS || typeof rkey !== "string") return [];
    const uri = uriOf(did, rkey);
    if (operation === "delete") return forget(uri, timeUs, "deleted by its author");
    const { text, langs, reply } = (record ?? {}) as PostRecord;
    if (typeof text !== "string") return [];
    const post = {
      text,
      kind: reply === undefined ? "post" : "comment",
      languageHint: languageOf(langs),
    } as const;
    if (!isWanted(post)) return [];
    remember(uri);
    const view = { uri, author: { did }, record, indexedAt: new Date(timeUs / 1_000).toISOString() };
    return [{ timeUs, view, ...(operation === "update" ? { editedAt: Math.floor(timeUs / 1_000) } : {}) }];
  }

  return (event) => {
    const { kind, did, time_us: timeUs, commit, account } = (event ?? {}) as JetstreamEvent;
    if (!isTime(timeUs) || typeof did !== "string") return NOTHING;
    if (kind === "commit" && typeof commit === "object" && commit !== null) {
      return { timeUs, found: hearPost(did, timeUs, commit) };
    }
    if (kind !== "account" || !isGone(account)) return { timeUs, found: [] };
    const theirs = [...remembered].filter((uri) => uri.startsWith(`at://${did}/`));
    return { timeUs, found: theirs.flatMap((uri) => forget(uri, timeUs, "its account is gone or hidden")) };
  };
}

/** A server that is asked too often, or has lost the thread, is no reason to forget what people said. */
function isGone(account: JetstreamEvent["account"]): boolean {
  return account?.active === false && !/^(?:desynchronized|throttled)$/.test(String(account.status));
}

function isTime(timeUs: unknown): timeUs is number {
  return Number.isSafeInteger(timeUs) && Number(timeUs) > 0;
}

const NOTHING: Heard = { timeUs: 0, found: [] };

/** Events are not checked as a whole: nearly all of them are about posts nobody looks for. */
interface JetstreamEvent {
  readonly kind?: unknown;
  readonly did?: unknown;
  readonly time_us?: unknown;
  readonly commit?: Commit | null;
  readonly account?: { readonly active?: unknown; readonly status?: unknown } | null;
}

interface Commit {
  readonly operation?: unknown;
  readonly collection?: unknown;
  readonly rkey?: unknown;
  readonly record?: unknown;
}

interface PostRecord {
  readonly text?: unknown;
  readonly langs?: unknown;
  readonly reply?: unknown;
}
