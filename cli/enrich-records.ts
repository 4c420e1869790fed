import { EarshotError } from "../core/errors.ts";
import { cutText, toMention } from "../core/mention.ts";
import { versionOf, type ChainAdds, type MentionReader } from "../core/process.ts";
import { retrying } from "../core/retry.ts";
import type { RecordPlan } from "../ingestors/file/index.ts";
import { MODEL_VERSION } from "../processors/index.ts";
import { MAX_TEXT_LENGTH, type Mention } from "../schemas/mention.ts";
import type { ClassifyCategoryAdds } from "../processors/classify-category/index.ts";
import type { Runtime } from "./app.ts";
import { languageCodeOf } from "./language-codes.ts";
import type { Categorize } from "./own-categories.ts";

/** Longest title of a mention, in UTF-16 units. */
const MAX_TITLE_LENGTH = 2_000;

/** Records of a file, in their order. */
export type FileRecords = readonly Parameters<RecordPlan["fieldsOf"]>[0][];

/** What answers a record that could not be read. */
export interface FailedLine {
  readonly id: string;
  /** `line` is where the record begins: its line, or its number in a JSON document. */
  readonly error: { readonly code: string; readonly message: string; readonly line: number };
}

/** What was read of a record. */
export interface ReadLine extends Omit<ChainAdds, "languageConfidence" | "complaint" | "intent" | "readBy"> {
  readonly id: string;
  readonly complaint: ChainAdds["complaint"] & { readonly kind: ChainAdds["intent"] };
  readonly modelVersion: string;
  /** The user's own, where there are examples of them. */
  readonly category?: ClassifyCategoryAdds["category"];
  readonly text?: string;
}

/** A thread that ends is tried again so often; a text that ends every thread must not hold the others for ever. */
const MOST_ATTEMPTS = 3;

/**
 * Gives a function that reads a batch of records and gives what answers them, line by line in their order.
 * @param categorize puts each record into a category of the user's own
 * @param withText puts the text into the line, as it was read
 */
export function recordReader(
  plan: RecordPlan,
  chain: MentionReader,
  { context, signal }: Pick<Runtime, "context" | "signal">,
  withText: boolean,
  categorize?: Categorize,
): (records: FileRecords) => Promise<(ReadLine | FailedLine)[]> {
  return async (records) => {
    const observedAt = context.now().toISOString();
    const mentions = records.map((record) => orError(() => mentionOf(record, plan, observedAt)));
    const readable = mentions.filter((mention): mention is Mention => !(mention instanceof EarshotError));
    const options = { what: "read records", maxAttempts: MOST_ATTEMPTS };
    const outcomes = await retrying(() => chain.run(readable, signal), options, signal, context);
    const categories = await categorize?.(readable);
    let next = 0;
    return records.map((record, index) => {
      const id = plan.idOf(record);
      const mention = mentions[index];
      if (mention instanceof EarshotError) return toFailedLine(id, record.line, mention);
      const category = categories?.[next];
      const outcome = outcomes[next++];
      if (mention !== undefined && outcome?.kind === "ok")
        return toLine(id, outcome.value, {
          ...(category && { category }),
          ...(withText && { text: mention.text }),
        });
      if (outcome?.kind === "dead") return toFailedLine(id, record.line, outcome.error);
      const reason = `Left out: ${outcome?.kind === "drop" ? outcome.reason : "no reader answered for it"}.`;
      return toFailedLine(id, record.line, new EarshotError("processor_failed", reason));
    });
  };
}

function orError(make: () => Mention): Mention | EarshotError {
  try {
    return make();
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
}

/** Stands for the date of records that have none: what is read must not depend on the day it is read. */
export const UNDATED = "1970-01-01T00:00:00.000Z";

/**
 * The mention of a record, cleaned as every mention is; a text too long to store is cut, and one of no words may be.
 * `publishedAt` is empty where the record has no date. @throws {EarshotError} record_invalid
 */
export function mentionOf(record: FileRecords[number], plan: RecordPlan, observedAt: string): Mention {
  const fields = plan.fieldsOf(record);
  const text = cutText(fields.text, MAX_TEXT_LENGTH);
  const mention = toMention(
    {
      ...fields,
      nativeId: String(record.line),
      // a mention says something; what is read of this one is nothing
      text: text === "" ? "-" : text,
      title: cutText(fields.title ?? "", MAX_TITLE_LENGTH),
      languageHint: languageCodeOf(fields.languageHint ?? ""),
    },
    { source: "file", trackers: [], observedAt },
  );
  return {
    ...mention,
    text: text === "" ? text : mention.text,
    publishedAt: fields.publishedAt === UNDATED ? "" : mention.publishedAt,
  };
}

function toLine(id: string, found: ChainAdds, echoed: Pick<ReadLine, "category" | "text">): ReadLine {
  return {
    id,
    language: found.language,
    sentiment: found.sentiment,
    complaint: { kind: found.intent, ...found.complaint },
    request: found.request,
    feedback: found.feedback,
    aspects: found.aspects,
    stage: found.stage,
    severity: found.severity,
    anger: found.anger,
    repetition: found.repetition,
    expectation: found.expectation,
    threats: found.threats,
    spam: found.spam,
    modelVersion: versionOf(MODEL_VERSION, found),
    ...echoed,
  };
}

/** The line that answers a record nobody could read. */
export function toFailedLine(id: string, line: number, { code, message }: EarshotError): FailedLine {
  return { id, error: { code, message, line } };
}
