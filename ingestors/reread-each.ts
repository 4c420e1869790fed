import type { Reread } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";

/** What became of one mention; undefined when it cannot be asked for. */
export type RereadOne = { readonly item: unknown } | { readonly gone: string } | undefined;

/** Reads mentions again where a platform gives them one at a time, as {@link rereadInTurn} does. */
export async function rereadEach(
  ids: readonly string[],
  readOne: (id: string) => Promise<RereadOne>,
): Promise<Reread> {
  const reads = ids.map((id) => async (): Promise<Reread> => {
    const found = await readOne(id);
    if (found === undefined) return { items: [], gone: [] };
    if ("item" in found) return { items: [found.item], gone: [] };
    return { items: [], gone: [{ id, reason: found.gone }] };
  });
  return rereadInTurn(reads);
}

/**
 * Reads mentions again, one request after the other. When the platform or the budget says no more, what was learned until
 * then counts, and the rest is left for another time.
 * @throws {EarshotError} what a read throws before anything was learned, and what no waiting cures
 */
export async function rereadInTurn(reads: readonly (() => Promise<Reread>)[]): Promise<Reread> {
  const items: unknown[] = [];
  const gone: Reread["gone"][number][] = [];
  for (const read of reads) {
    try {
      const found = await read();
      items.push(...found.items);
      gone.push(...found.gone);
    } catch (error) {
      const isPause = error instanceof EarshotError && (error.retried || error.code === "budget_spent");
      if (!isPause || items.length + gone.length === 0) throw error;
      break;
    }
  }
  return { items, gone };
}
