import { createHash } from "node:crypto";
import { z } from "zod";

/** How far one search, timeline or channel was heard; part of a cursor. */
export const Heard = z.strictObject({
  newest: z.int().nonnegative().describe("Latest time met, ms since 1970, by the platform's clock."),
  marks: z.array(z.string()).describe("Marks of what was met in the overlap before it."),
});
export type Heard = z.infer<typeof Heard>;

/**
 * Platforms show some things late, or with an older time: so each poll reads again a stretch before the newest of the
 * poll before, and this tells what of it is news.
 */
export interface Overlap {
  /** Where to read from, ms since 1970; undefined when nothing was ever heard. */
  readonly since: number | undefined;
  /**
   * Whether this was not met before in this wording; it counts as met from now on.
   * @param at its time, ms since 1970; undefined where it shows none
   * @param wording what makes it the same again: its id, and when it was edited
   */
  isNews(at: number | undefined, ...wording: readonly unknown[]): boolean;
  /** What to save in the middle of a walk from old to new. */
  soFar(): Heard | undefined;
  /** What to save at the end, when everything since {@link since} was met again. */
  atEnd(): Heard | undefined;
}

/**
 * Goes on from where a poll before ended.
 * @param now what claims to be later counts as of now: one wrong date must not hide what comes after it
 */
export function resume(heard: Heard | undefined, overlapMs: number, now: Date): Overlap {
  const before = new Set(heard?.marks);
  const met = new Map<string, number>();
  let newest = heard?.newest;

  const inOverlap = () =>
    [...met].filter(([, at]) => newest === undefined || at >= newest - overlapMs).map(([mark]) => mark);
  const save = (marks: readonly string[]) =>
    newest === undefined ? undefined : { newest, marks: [...new Set(marks)].toSorted() };

  return {
    since: newest === undefined ? undefined : Math.max(0, newest - overlapMs),
    isNews(at, ...wording) {
      const mark = markOf(wording);
      const isNews = !before.has(mark) && !met.has(mark);
      met.set(mark, at ?? Infinity);
      if (at !== undefined) newest = Math.max(newest ?? 0, Math.min(at, now.getTime()));
      return isNews;
    },
    soFar: () => save([...before, ...inOverlap()]),
    atEnd: () => save(inOverlap()),
  };
}

/** Sixty bits: short in a cursor, and long enough that no two of thousands are ever the same. */
function markOf(wording: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(wording)).digest("base64url").slice(0, 10);
}
