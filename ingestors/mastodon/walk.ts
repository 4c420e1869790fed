import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import type { Server } from "./server.ts";

/** What one server lists from old to new: the posts with a hashtag, or those of an account. */
export interface Timeline {
  /** Its name in the cursor. */
  readonly name: string;
  readonly host: string;
  /** Some statuses, those that follow `after`. */
  readonly page: (after: bigint) => Promise<readonly unknown[]>;
}

/** What there is to hear on a server: the hashtags, and what our own accounts answer, which seldom has one. */
export function timelinesOf(
  server: Server,
  tags: readonly string[],
  accounts: readonly string[],
): readonly Timeline[] {
  const { host } = server;
  return [
    ...tags.map((tag) => ({
      name: `${host}/${tag}`,
      host,
      page: (after: bigint) => server.timeline(tag, after),
    })),
    ...accounts.map((handle) => ({
      name: `${host}/@${handle}`,
      host,
      page: (after: bigint) => server.statusesBy(handle, after),
    })),
  ];
}

/** The public statuses of a timeline between two times (ms since 1970, `to` exclusive), from old to new, page by page. */
export async function* walk(
  { host, page }: Timeline,
  from: number,
  to = Infinity,
): AsyncIterable<readonly unknown[]> {
  let after = firstIdAt(from) - 1n;
  for (;;) {
    const statuses = await page(after);
    const newest = statuses.flatMap((status) => idOf(status) ?? []).reduce(larger, after);
    yield statuses.filter((status) => isPublic(status) && (timeOf(status) ?? from) < to);
    if (statuses.length === 0 || timeAt(newest) >= to) return;
    if (newest === after) {
      throw new EarshotError(
        "source_changed",
        `${host} gives its posts other ids than Mastodon does, so they cannot be walked; listen through another server.`,
      );
    }
    after = newest;
  }
}

const Hidden = z.object({ visibility: z.enum(["private", "direct"]) });

/** A token of our own account shows its letters too. */
function isPublic(status: unknown): boolean {
  return !Hidden.safeParse(status).success;
}

/**
 * Ids are times: milliseconds since 1970 and sixteen bits of their own, for posts of other servers too.
 * @see https://docs.joinmastodon.org/api/guidelines/#id
 */
function firstIdAt(at: number): bigint {
  return BigInt(Math.max(0, Math.floor(at))) << 16n;
}

function timeAt(id: bigint): number {
  return Number(id >> 16n);
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

const Numbered = z.object({ id: z.string().regex(/^\d{1,19}$/) });

function idOf(status: unknown): bigint | undefined {
  const { data } = Numbered.safeParse(status);
  return data === undefined ? undefined : BigInt(data.id);
}

/** When a status was written, ms since 1970, by its id. */
export function timeOf(status: unknown): number | undefined {
  const id = idOf(status);
  return id === undefined ? undefined : timeAt(id);
}

const Worded = z.object({ uri: z.string(), edited_at: z.string().nullish() });

/** What makes a status the same again. */
export function wordingOf(status: unknown): readonly unknown[] {
  const { data } = Worded.safeParse(status);
  return data === undefined ? [status] : [data.uri, data.edited_at ?? null];
}

/** Two hashtags, and two servers, may have the same. */
export function isFirst(given: Set<string>, status: unknown): boolean {
  const wording = JSON.stringify(wordingOf(status));
  const { size } = given;
  return given.add(wording).size > size;
}
