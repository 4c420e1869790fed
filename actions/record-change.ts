import { createHash } from "node:crypto";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { recordedChanges } from "../queries/changes.ts";
import { Change, type ChangeRequest } from "../schemas/change.ts";
import { changeRows } from "../schemas/issue-rows.ts";
import { fromWire } from "../schemas/wire.ts";

interface Told {
  readonly store: Store;
  /** Where it was told: cli, api, config, demo, or the feed's name. */
  readonly origin: string;
  /** Who says it; empty: a feed or the config. */
  readonly by: string;
  readonly context: Context;
}

export interface RecordChangesOptions extends Told {
  /** Of those with one id the last holds. */
  readonly changes: readonly ChangeRequest[];
}

export interface RecordChangeOptions extends Told {
  readonly change: ChangeRequest;
}

export interface RemoveChangeOptions extends Told {
  readonly id: string;
}

/** Ids asked about at once: they are written into the statement. */
const ASKED_TOGETHER = 200;

/**
 * Records what we did that customers could notice. One with an id that is there already is corrected; one that was removed
 * is back.
 * @returns the changes as they were recorded, in the order they were given
 */
export async function recordChanges(options: RecordChangesOptions, signal: AbortSignal): Promise<Change[]> {
  const { store, origin, by, context } = options;
  const told = options.changes.map(cleaned);
  const known = await findChanges(
    store,
    told.map(({ id }) => id),
  );
  const lastAt = new Map([...known].map(([id, { recordedAt }]) => [id, recordedAt]));
  const recorded = told.map((one): Change => {
    const recordedAt = laterThan(lastAt.get(one.id), context.now());
    lastAt.set(one.id, recordedAt);
    return { ...one, origin, by, recordedAt, isRemoved: false };
  });
  if (recorded.length > 0) await store.table(changeRows).write(recorded, signal);
  return recorded;
}

/**
 * Records one change, as {@link recordChanges} records many.
 * @returns the change as it was recorded
 */
export async function recordChange(options: RecordChangeOptions, signal: AbortSignal): Promise<Change> {
  const { change, ...told } = options;
  const [recorded] = await recordChanges({ ...told, changes: [change] }, signal);
  if (recorded === undefined) throw new Error("a change that was given was not recorded");
  return recorded;
}

/**
 * Takes a change back, as if it had not been; telling it again brings it back.
 * @returns the change as it was
 * @throws {EarshotError} not_found
 */
export async function removeChange(options: RemoveChangeOptions, signal: AbortSignal): Promise<Change> {
  const { store, id, origin, by, context } = options;
  const found = (await findChanges(store, [id])).get(id);
  if (found === undefined || found.isRemoved) {
    throw new EarshotError(
      "not_found",
      `There is no change ${id.slice(0, 200)}; its id is in the column id of changes.`,
    );
  }
  const recordedAt = laterThan(found.recordedAt, context.now());
  const removed: Change = { ...found, origin, by, recordedAt, isRemoved: true };
  await store.table(changeRows).write([removed], signal);
  return removed;
}

/** What was last said of changes, removed ones too, by their ids; those never told of are not there. */
export async function findChanges(store: Store, ids: readonly string[]): Promise<Map<string, Change>> {
  const found = new Map<string, Change>();
  for (let at = 0; at < ids.length; at += ASKED_TOGETHER) {
    const statement = recordedChanges.statement({ ids: ids.slice(at, at + ASKED_TOGETHER) });
    for (const row of await store.query(statement, recordedChanges.row)) {
      found.set(row.id, Change.parse(fromWire(row)));
    }
  }
  return found;
}

/** The id of a change: the one it was given, else one that is the same whenever the same is told of the same time. */
export function changeIdOf({ id = "", tracker, kind, at, title }: ChangeRequest): string {
  const given = cleanText(id).trim();
  if (given !== "") return given;
  const said = [tracker, kind, at, cleanText(title).trim()].join("\n");
  return createHash("sha256").update(said).digest("hex").slice(0, 16);
}

/** Texts go into pages and terminals, so they are without control characters. */
function cleaned(request: ChangeRequest): Omit<Change, "origin" | "by" | "recordedAt" | "isRemoved"> {
  return {
    ...request,
    id: changeIdOf(request),
    title: cleanText(request.title).trim(),
    endsAt: request.endsAt ?? null,
    description: cleanText(request.description),
    url: cleanText(request.url),
    version: cleanText(request.version),
    platform: cleanText(request.platform),
    country: cleanText(request.country),
    product: cleanText(request.product),
    fixes: [...new Set(request.fixes.map(cleanText))],
  };
}

/** What is said later holds, also where the clock of whoever spoke before was ahead. */
function laterThan(before: string | undefined, now: Date): string {
  return new Date(Math.max(now.getTime(), before === undefined ? 0 : Date.parse(before) + 1)).toISOString();
}
