import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { openDeadLetters } from "../queries/open-dead-letters.ts";
import { deadLetterRows, fromColumnTime } from "../schemas/rows.ts";

export interface DiscardOptions {
  readonly store: Store;
  readonly ids: readonly string[];
  readonly context: Context;
}

/** Marks open dead letters as looked at and not worth another try. @returns how many there were */
export async function discardDeadLetters(options: DiscardOptions, signal: AbortSignal): Promise<number> {
  const { store, ids, context } = options;
  if (ids.length === 0) return 0;
  const at = context.now().toISOString();
  const statement = openDeadLetters.statement({ until: at, after: "", ids: [...ids], limit: ids.length });
  const rows = await store.query(statement, openDeadLetters.row);
  const discarded = rows.map(({ is_payload_cut: isPayloadCut, at: before, ...rest }) => ({
    ...rest,
    isPayloadCut,
    state: "discarded" as const,
    // never earlier than what it replaces
    at: fromColumnTime(before) > at ? fromColumnTime(before) : at,
  }));
  await store.table(deadLetterRows).write(discarded, signal);
  return discarded.length;
}
