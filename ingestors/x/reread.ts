import type { Reread } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { askX } from "./client.ts";
import { affordable, costOf, itemsOf, readListing, type Listing, type Tariff } from "./posts.ts";
import { versionsOf } from "./read-post.ts";
import type { WalkOptions } from "./walk.ts";

/** Most ids of one lookup, and fewer where the budget allows no more. */
const SIZES = [100, 50, 25, 10, 1];

/**
 * Reads posts again, 100 at a time. X answers with the version whose id it was asked for, so edited posts are looked up
 * again by the id of their newest version. When X or the budget says no more half way, the rest is left unasked.
 * @throws {EarshotError} as `askX`, when nothing at all could be asked
 * @see https://docs.x.com/x-api/posts/lookup/introduction
 */
export async function reread(ids: readonly string[], tariff: Tariff, options: WalkOptions): Promise<Reread> {
  const items: unknown[] = [];
  const gone: { id: string; reason: string }[] = [];
  /** What to ask for, and the native id of the post it is a version of. */
  const open = new Map(ids.filter((id) => /^\d{1,19}$/.test(id)).map((id) => [id, id]));
  let isFirst = true;
  while (open.size > 0) {
    let found: Listing;
    const asked = new Map<string, string>();
    try {
      const size = affordable(SIZES, tariff, options.run.budget);
      for (const [id, nativeId] of [...open].slice(0, size)) asked.set(id, nativeId);
      found = await lookUp([...asked.keys()], tariff, options);
    } catch (error) {
      const isPause = error instanceof EarshotError && (error.retried || error.code === "budget_spent");
      if (isFirst || !isPause) throw error;
      break;
    }
    isFirst = false;
    for (const id of asked.keys()) open.delete(id);
    for (const item of itemsOf(found, options.ours)) {
      const versions = versionsOf(item);
      const isOutdated =
        versions !== undefined && versions.newest !== versions.at && !asked.has(versions.newest);
      if (isOutdated) open.set(versions.newest, versions.first);
      else items.push(item);
    }
    for (const { resource_id, value, type = "", title = "" } of found.errors) {
      const id = asked.get(resource_id ?? value ?? "");
      if (id !== undefined && NOT_SHOWN.test(type)) gone.push({ id, reason: `X does not show it: ${title}` });
    }
  }
  return { items, gone };
}

/** Deleted, of a deleted or suspended account, protected, or withheld. */
const NOT_SHOWN = /resource-not-found|not-authorized-for-resource/;

async function lookUp(
  ids: readonly string[],
  tariff: Tariff,
  { run, fields }: WalkOptions,
): Promise<Listing> {
  const { body } = await askX(
    {
      path: "tweets",
      query: { ids: ids.join(","), ...fields },
      costOf: (answer) => costOf(answer, tariff),
    },
    run,
  );
  return readListing(body);
}
