import type { Context } from "../core/context.ts";
import type { Outcome } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cutText, toMention } from "../core/mention.ts";
import { versionOf, type ChainAdds } from "../core/process.ts";
import {
  planColumns,
  readRecord,
  UNDATED,
  type CutRecords,
  type RecordColumns,
  type RecordPlan,
} from "../ingestors/file/index.ts";
import type { ClassifyCategoryAdds } from "../processors/classify-category/index.ts";
import type { Categories } from "../processors/classify-category/learn-categories.ts";
import { MODEL_VERSION } from "../processors/model-version.ts";
import { MAX_TEXT_LENGTH, type Mention } from "../schemas/mention.ts";
import { languageCodeOf } from "./language-codes.ts";
import { categorizer } from "./own-categories.ts";

/** Longest title of a mention, in UTF-16 units. */
const MAX_TITLE_LENGTH = 2_000;

/** What answers a record that could not be read. */
export interface FailedLine {
  readonly id: string;
  /** `line` is where the record begins: its line, or its number in a JSON document. */
  readonly error: { readonly code: string; readonly message: string; readonly line: number };
}

/** What was read of a record. */
interface ReadLine extends Omit<ChainAdds, "languageConfidence" | "complaint" | "intent" | "readBy"> {
  readonly id: string;
  readonly complaint: ChainAdds["complaint"] & { readonly kind: ChainAdds["intent"] };
  readonly modelVersion: string;
  /** The user's own, where there are examples of them. */
  readonly category?: ClassifyCategoryAdds["category"];
  readonly text?: string;
}

/** How the records of some content are to be answered. Can be copied to another thread. */
export interface AnswerPlan {
  readonly columns: RecordColumns;
  /** Whether the text is in the line too: as it was read. */
  readonly withText: boolean;
  /** The user's own: each record is put into one. */
  readonly categories?: Categories | undefined;
}

/** What answers some records. */
export interface Answers {
  /** JSON lines, in the order of the records. */
  readonly text: string;
  readonly records: number;
  /** How many of them could not be read, and the first of those. */
  readonly failed: number;
  readonly firstFailed?: FailedLine;
}

/** What gives outcomes of mentions, in their order. */
export type ReadMentions = (mentions: readonly Mention[]) => Promise<readonly Outcome<ChainAdds>[]>;

/** Gives a function that answers records as they were cut out of their content. It is the same in every thread. */
export function recordReader(
  { columns, withText, categories }: AnswerPlan,
  read: ReadMentions,
  { now, signal }: Pick<Context, "now"> & { readonly signal: AbortSignal },
): (cut: CutRecords) => Promise<Answers> {
  const plan = planColumns(columns);
  const categorize = categories && categorizer(categories, signal);
  return async ({ header, records: cut }) => {
    const observedAt = now().toISOString();
    const records = cut.map((raw) => readRecord(raw, header));
    const mentions = records.map((record) => orError(() => mentionOf(record, plan, observedAt)));
    const readable = mentions.filter((mention): mention is Mention => !(mention instanceof EarshotError));
    const outcomes = await read(readable);
    const guesses = await categorize?.(readable);
    let next = 0;
    const lines = records.map((record, index): ReadLine | FailedLine => {
      const id = plan.idOf(record);
      const mention = mentions[index];
      if (mention instanceof EarshotError) return toFailedLine(id, record.line, mention);
      const category = guesses?.[next];
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
    const failed = lines.filter((line): line is FailedLine => "error" in line);
    return {
      text: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
      records: lines.length,
      failed: failed.length,
      ...(failed[0] && { firstFailed: failed[0] }),
    };
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

/**
 * The mention of a record, cleaned as every mention is; a text too long to store is cut, and one of no words may be.
 * `publishedAt` is empty where the record has no date. @throws {EarshotError} record_invalid
 */
export function mentionOf(
  record: ReturnType<typeof readRecord>,
  plan: RecordPlan,
  observedAt: string,
): Mention {
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
