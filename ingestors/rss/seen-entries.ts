import { createHash } from "node:crypto";

/** How many entries are remembered, those the feed has now first of all: one that comes back is not read again. */
const REMEMBERED = 1_000;
const KEY_LENGTH = 16;

/** A mark of one entry as it is now: 16 characters for which entry, 8 for what it says. */
export function markOf(id: string, content: string): string {
  return hash(id, KEY_LENGTH) + hash(content, 8);
}

export interface Sifted {
  /** For each mark: whether the entry is new, or says something else than last time. */
  readonly isFresh: readonly boolean[];
  /** Whether at least one entry had been met before, in whatever wording. */
  readonly hasKnown: boolean;
  /** What to remember now, oldest first. */
  readonly seen: readonly string[];
}

/** Tells the entries that were met before from the new and the edited ones. */
export function siftSeen(seen: readonly string[], marks: readonly string[]): Sifted {
  const met = new Set(seen);
  const metKeys = new Set(seen.map(keyOf));
  const keys = new Set(marks.map(keyOf));
  // Older wordings of entries still in the feed are forgotten: an edit that is taken back is an edit.
  const older = seen.filter((mark) => !keys.has(keyOf(mark)));
  const current = [...new Set(marks)];
  const room = Math.max(REMEMBERED - current.length, 0);
  return {
    isFresh: marks.map((mark) => !met.has(mark)),
    hasKnown: marks.some((mark) => metKeys.has(keyOf(mark))),
    seen: [...older.slice(Math.max(older.length - room, 0)), ...current],
  };
}

function keyOf(mark: string): string {
  return mark.slice(0, KEY_LENGTH);
}

function hash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, length);
}
