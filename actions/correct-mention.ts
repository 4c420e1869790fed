import { randomUUID } from "node:crypto";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { correctableMention } from "../queries/correctable-mention.ts";
import type { Correction, CorrectionRequest } from "../schemas/correction.ts";
import { correctionRows, fromColumnTime } from "../schemas/rows.ts";

export interface CorrectOptions {
  readonly store: Store;
  readonly mentionId: string;
  readonly request: CorrectionRequest;
  /** Who says it. */
  readonly by: string;
  readonly context: Context;
}

/**
 * Records what a person says of a mention instead of what was read from it. It holds at once wherever mentions are read,
 * until somebody says otherwise.
 * @returns the fact as it was recorded
 * @throws {EarshotError} not_found when there is no such mention, or it was deleted
 */
export async function correctMention(options: CorrectOptions, signal: AbortSignal): Promise<Correction> {
  const { store, mentionId, request, by, context } = options;
  const { field, value } = request;
  const statement = correctableMention.statement({ id: mentionId, field });
  const [mention] = await store.query(statement, correctableMention.row);
  if (mention === undefined) {
    throw new EarshotError(
      "not_found",
      `There is no mention ${mentionId.slice(0, 200)}, or it was deleted; its id is in the column id of mentions.`,
    );
  }
  const correction: Correction = {
    id: randomUUID(),
    mentionId,
    revision: mention.revision,
    field,
    aspect: field === "aspect" ? spelledAs(request.aspect, mention.aspects) : "",
    value,
    note: cleanText(request.note),
    by,
    at: laterThan(fromColumnTime(mention.corrected_at), context.now()),
  };
  await store.table(correctionRows).write([correction], signal);
  return correction;
}

/** The name as the mention has it: aspects are told apart by case, people do not mean to. */
function spelledAs(name: string, known: readonly string[]): string {
  return known.find((candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? name;
}

/** What is said later holds, also where the clock of whoever spoke before was ahead. */
function laterThan(before: string, now: Date): string {
  return new Date(Math.max(now.getTime(), Date.parse(before) + 1)).toISOString();
}
