import type { MentionKind } from "../../schemas/mention.ts";
import { decideDateOrder, type DateOrderChoice } from "./date-order.ts";
import { HEADER_NAMES } from "./header-names.ts";
import {
  countsRows,
  isHandle,
  isOpaque,
  isSentence,
  judge,
  judgeDate,
  judgeRating,
  share,
  toColumn,
  type Column,
  type Verdict,
} from "./judge-column.ts";
import { columnReader, type FileRecord, type MappedField, type Mapping } from "./mapping.ts";
import { readRating } from "./ratings.ts";

/** One field's column and why it was chosen. */
export interface GuessedField {
  readonly field: MappedField;
  readonly column: string;
  /** `certain`: name and values fit; `likely`: one of the two fits and nothing speaks against it; `guessed`: by values alone. */
  readonly confidence: "certain" | "likely" | "guessed";
  readonly reason: string;
}

/** A mapping proposed for a file, with all a person needs to confirm or correct it. */
export interface MappingGuess {
  readonly map: Mapping;
  readonly fields: readonly GuessedField[];
  /** Columns used for nothing. */
  readonly unused: readonly string[];
  readonly kind: MentionKind;
  /** Undefined without a rating. */
  readonly ratingMax: number | undefined;
  /** Undefined when no date could be read in two ways. */
  readonly dateOrder: DateOrderChoice | undefined;
  /** What the person should know before importing; the first says why nothing can be imported, if so. */
  readonly problems: readonly string[];
  /** True when the ids only number the rows of this file, so that another file has the same ones. */
  readonly isIdCounter: boolean;
  /** False when there is neither text nor rating. */
  readonly isUsable: boolean;
}

/**
 * Proposes a mapping by the names columns have in real exports, held against the values of the sample; for text, date and
 * address by values alone where no name is known. Rather leaves a column out than take a wrong one.
 * @param chosen what the user mapped already; it is kept
 */
export function guessMapping(
  header: readonly string[],
  sample: readonly FileRecord[],
  chosen: Mapping = {},
  timezone = "UTC",
): MappingGuess {
  const columns = header.map((name) => toColumn(name, sample));
  const fields: GuessedField[] = [];
  const taken = new Set<string>();
  const choose = (
    field: MappedField,
    column: string,
    confidence: GuessedField["confidence"],
    reason: string,
  ): void => {
    fields.push({ field, column, confidence, reason });
    taken.add(column);
  };
  for (const [field, column] of Object.entries(chosen) as [MappedField, string][]) {
    choose(field, column, "certain", "you said so");
  }
  const has = (field: MappedField): boolean => fields.some((guessed) => guessed.field === field);
  const notes: string[] = [];

  for (const [field, names] of HEADER_NAMES) {
    if (has(field)) continue;
    const found = findByName(field, names.split(" "), columns, taken, notes);
    if (found !== undefined) choose(field, found.column, found.confidence, found.reason);
  }
  const free = (): Column[] => columns.filter(({ name }) => !taken.has(name));
  if (!has("rating")) {
    const asked = free().find(({ names, values }) => isNpsQuestion(names) && judgeRating(values).fits);
    if (asked !== undefined)
      choose("rating", asked.name, "likely", "asks how likely people are to recommend");
  }
  if (!has("text")) {
    const prose = longestProse(free());
    if (prose !== undefined) choose("text", prose.name, "guessed", "the column with the longest sentences");
  }
  if (!has("publishedAt")) {
    const updated = fields.find(({ field }) => field === "updatedAt");
    const dates = free().filter(({ names, values }) => isNoReply(names) && judgeDate(values, true).fits);
    const [only] = dates;
    if (updated !== undefined && chosen.updatedAt === undefined) {
      fields.splice(fields.indexOf(updated), 1);
      choose("publishedAt", updated.column, "likely", "the only date of the mention there is");
    } else if (only !== undefined && dates.length === 1) {
      choose("publishedAt", only.name, "guessed", "the only column of dates");
    }
  }
  guessAuthor(fields, columns, taken, has, choose);
  const id = columns.find(({ name }) =>
    fields.some(({ field, column }) => field === "id" && column === name),
  );
  const isIdCounter = id !== undefined && chosen.id === undefined && countsRows(id);
  if (isIdCounter) {
    notes.push(
      `${id.name} only numbers the rows, so ids get the name of the file in front; say id=${id.name} to keep them bare.`,
    );
  }

  const map: Mapping = {};
  for (const { field, column } of fields) map[field] = column;
  const rating = columns.find(({ name }) => name === map.rating);
  const ratingMax = rating === undefined ? undefined : guessRatingMax(rating);
  const dates = columns.find(({ name }) => name === map.publishedAt);
  const dateOrder = dates === undefined ? undefined : decideDateOrder(dates.values, timezone);
  const isUsable = has("text") || has("rating") || has("title");
  return {
    map,
    fields,
    unused: header.filter((name) => !taken.has(name)),
    kind: guessKind(map, columns, ratingMax),
    ratingMax,
    dateOrder,
    isIdCounter,
    problems: findProblems(header, sample, map, isUsable, dateOrder, notes),
    isUsable,
  };
}

function findByName(
  field: MappedField,
  names: readonly string[],
  columns: readonly Column[],
  taken: ReadonlySet<string>,
  notes: string[],
): Omit<GuessedField, "field"> | undefined {
  const named: { column: Column; rank: number; verdict: Verdict }[] = [];
  for (const column of columns) {
    const rank = names.findIndex((name) => column.names.includes(name));
    if (rank < 0 || taken.has(column.name)) continue;
    const verdict = judge(field, column, columns);
    if (verdict.fits) named.push({ column, rank, verdict });
    else if (field === "id" && verdict.says !== "")
      notes.push(`${column.name} is not used as id: ${verdict.says}.`);
  }
  // a column that has values goes before a better-named empty one
  named.sort((a, b) => Number(isNearlyEmpty(a.column)) - Number(isNearlyEmpty(b.column)) || a.rank - b.rank);
  const [best] = named;
  if (best === undefined) return undefined;
  const { column, verdict } = best;
  if (column.values.length === 0) {
    return {
      column: column.name,
      confidence: "likely",
      reason: "by its name; the sample has no value in it",
    };
  }
  return { column: column.name, confidence: "certain", reason: `by its name, and ${verdict.says}` };
}

function isNearlyEmpty({ raw, values }: Column): boolean {
  return values.length * 10 <= raw.length;
}

/** Sorts what was called author into name, handle and id by what its values look like. */
function guessAuthor(
  fields: GuessedField[],
  columns: readonly Column[],
  taken: ReadonlySet<string>,
  has: (field: MappedField) => boolean,
  choose: (
    field: MappedField,
    column: string,
    confidence: GuessedField["confidence"],
    reason: string,
  ) => void,
): void {
  const author = fields.find(({ field, reason }) => field === "authorName" && reason !== "you said so");
  const values = columns.find(({ name }) => name === author?.column)?.values ?? [];
  const isTweets = columns.some(({ names }) => names.some((name) => /tweet/.test(name)));
  if (author !== undefined && values.length > 0) {
    const { column } = author;
    if (!has("authorId") && share(values, isOpaque) >= 0.9) {
      fields.splice(fields.indexOf(author), 1);
      choose("authorId", column, "likely", "by its name, and its values are identifiers, not names");
    } else if (isTweets && !has("authorHandle") && share(values, isHandle) >= 0.9) {
      fields.splice(fields.indexOf(author), 1);
      choose("authorHandle", column, "likely", "by its name, and its values look like handles");
    }
  }
  const handle = fields.find(({ field }) => field === "authorHandle");
  if (handle !== undefined && !has("authorId") && taken.has(handle.column)) {
    choose("authorId", handle.column, "likely", "a handle tells people apart where there is no other id");
  }
}

function isNpsQuestion(names: readonly string[]): boolean {
  return names.some((name) => /recommend|weiterempf|recommander|recomendar/.test(name));
}

function isNoReply(names: readonly string[]): boolean {
  return !names.some((name) =>
    /repl(?:y|ied)|response|respond|antwort|reponse|respuesta|due|birth/.test(name),
  );
}

function longestProse(columns: readonly Column[]): Column | undefined {
  const judged = columns
    .filter(({ names, values }) => isNoReply(names) && values.length > 0 && share(values, isSentence) >= 0.5)
    .map((column) => ({ column, mean: mean(column.values.map((value) => value.length)) }))
    .sort((a, b) => b.mean - a.mean);
  const [first, second] = judged;
  // two columns alike in length are two opinions; taking one of them would be tossing a coin
  return first === undefined || (second !== undefined && second.mean > first.mean * 0.7)
    ? undefined
    : first.column;
}

/** The scale, judged by most values: a few beyond it are mistakes to be rejected, not a reason to halve the others. */
function guessRatingMax({ names, values }: Column): number {
  if (names.some((name) => name.includes("nps")) || isNpsQuestion(names)) return 10;
  const ratings = values.map(readRating).filter((rating) => rating?.max === undefined);
  const within = (scale: number): number =>
    share(ratings, (rating) => rating === undefined || rating.rating <= scale);
  return within(5) > 0.75 ? 5 : within(10) > 0.75 ? 10 : 100;
}

function guessKind(map: Mapping, columns: readonly Column[], ratingMax: number | undefined): MentionKind {
  const named = columns.flatMap(({ names }) => names);
  if (named.some((name) => /^nps|^respondentid$|^networkid$/.test(name) || isNpsQuestion([name])))
    return "survey";
  if (named.some((name) => /^ticket(?:id|subject)$/.test(name))) return "ticket";
  return map.rating !== undefined && ratingMax !== undefined ? "review" : "post";
}

function findProblems(
  header: readonly string[],
  sample: readonly FileRecord[],
  map: Mapping,
  isUsable: boolean,
  dateOrder: DateOrderChoice | undefined,
  notes: readonly string[],
): string[] {
  const problems: string[] = [];
  const columns =
    header.length === 0 ? "it has no columns" : `its columns are ${header.slice(0, 40).join(", ")}`;
  if (!isUsable) {
    problems.push(
      `No column looks like text or a rating (${columns}); say which is, like --map text=COLUMN.`,
    );
  }
  if (sample.length === 0) problems.push("There is no readable row at the beginning of the file.");
  for (const [field, column] of Object.entries(map)) {
    const read = columnReader(column);
    if (!header.includes(column) && sample.every((record) => read(record) === undefined)) {
      problems.push(`There is no column ${column} to read ${field} from (${columns}).`);
    }
  }
  if (map.publishedAt === undefined) {
    problems.push(
      "No column looks like a date, and a mention needs one: every row will be rejected. Say --map publishedAt=COLUMN.",
    );
  }
  if (dateOrder?.isDecided === false) {
    problems.push(
      `Dates are read ${dateOrder.dateOrder === "day_first" ? "day first" : "month first"}: ${dateOrder.reason}.`,
    );
  }
  problems.push(...notes);
  if (map.id === undefined) {
    problems.push(
      "Rows are recognised by their content: rows alike in text, title, date, author, rating and product count once.",
    );
  }
  return problems;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1);
}
