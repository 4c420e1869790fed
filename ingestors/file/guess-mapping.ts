import { MENTION_KINDS, type MentionKind } from "../../schemas/mention.ts";
import { dateReader, decideDateOrder, type DateOrderChoice } from "./dates.ts";
import { HEADER_NAMES, namesOf } from "./header-names.ts";
import { cellValue, columnReader, type FileRecord, type MappedField, type Mapping } from "./mapping.ts";
import { counterOf } from "./parse-item.ts";
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

/** A column with what the sample has in it. */
interface Column {
  readonly name: string;
  readonly names: readonly string[];
  /** What its cells say, empty ones left out. */
  readonly values: readonly string[];
  readonly raw: readonly unknown[];
}

type Verdict = { readonly fits: boolean; readonly says: string };

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

function toColumn(name: string, sample: readonly FileRecord[]): Column {
  const read = columnReader(name);
  const raw = sample.map(read);
  return { name, names: namesOf(name), raw, values: raw.map(cellValue).filter((value) => value !== "") };
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

/** Of a column whose name is known, this share must fit: a file's broken cells are rejected row by row, not by column. */
const MOST = 0.5;

function judge(field: MappedField, column: Column, columns: readonly Column[]): Verdict {
  const { values } = column;
  if (column.raw.some((value) => typeof value === "object" && value !== null))
    return no("it holds lists or objects");
  if (values.length === 0) return yes("");
  switch (field) {
    case "text":
      return share(values, isProse) >= MOST ? yes("it has words in it") : no("it has no words in it");
    case "title":
      return share(values, (value) => isProse(value) && value.length <= 2_000) >= MOST
        ? yes("it has words in it")
        : no("it has no short texts in it");
    case "id":
    case "parentId":
    case "threadId":
      return judgeId(field, column);
    case "publishedAt":
    case "updatedAt":
      return judgeDate(values, false);
    case "rating":
      return judgeRating(values);
    case "ratingMax":
      return share(values, (value) => Number(value) > 0) >= 0.9
        ? yes("its values are numbers")
        : no("it is no number");
    case "url":
      return share(values, (value) => /^https?:\/\/\S+$/i.test(value)) >= MOST
        ? yes("its values are web addresses")
        : no("it holds no web addresses");
    case "authorFollowers":
    case "likes":
    case "replies":
    case "shares":
    case "views":
      return share(values, (value) => counterOf(value) !== null) >= 0.8
        ? yes("its values are counts")
        : no("it holds no counts");
    case "authorName":
      return judgeAuthor(column, columns);
    case "authorHandle":
      return share(values, isHandle) >= 0.9 ? yes("its values look like handles") : no("it holds no handles");
    case "kind":
      return share(values, (value) => (MENTION_KINDS as readonly string[]).includes(value.toLowerCase())) ===
        1
        ? yes("its values are kinds of mentions")
        : no("it holds no kinds of mentions");
    case "language":
      return atMost(values, 35);
    case "country":
    case "version":
      return atMost(values, 100);
    case "product":
    case "authorId":
      return atMost(values, 300);
  }
}

function atMost(values: readonly string[], length: number): Verdict {
  return share(values, (value) => value.length <= length) >= 0.95
    ? yes("its values are short")
    : no("its values are too long");
}

function judgeId(field: MappedField, { raw, values }: Column): Verdict {
  if (share(values, (value) => value.length <= 300 && !/\s/.test(value)) < 0.95) {
    return no("its values are no identifiers");
  }
  if (field !== "id") return yes("its values are identifiers");
  if (values.length < raw.length * 0.8) return no("many rows have none");
  if (new Set(values).size < values.length * 0.8) return no("its values repeat");
  return yes("its values tell rows apart");
}

/** Whether an id column only numbers the rows, as exports of spreadsheets and data frames do. */
function countsRows({ values }: Column): boolean {
  const first = Number(values[0]);
  return (
    (first === 0 || first === 1) &&
    values.length > 1 &&
    values.every((value, at) => Number(value) === first + at)
  );
}

function judgeDate(values: readonly string[], isNameUnknown: boolean): Verdict {
  if (isNameUnknown && (values.length === 0 || values.some((value) => /^\d+(?:[.,]\d+)?$/.test(value)))) {
    return no("it holds numbers");
  }
  const enough = isNameUnknown ? 0.9 : MOST;
  const fits = (["day_first", "month_first"] as const).some((dateOrder) => {
    const read = dateReader({ timezone: "UTC", dateOrder, dateFormat: null });
    return share(values, (value) => read(value) !== undefined) >= enough;
  });
  return fits ? yes("its values are dates") : no("its values are no dates");
}

function judgeRating(values: readonly string[]): Verdict {
  const read = values.map(readRating).filter((rating) => rating !== undefined);
  if (read.length === 0 || read.length < values.length * MOST) return no("its values are no ratings");
  if (share(read, ({ rating, max }) => rating >= 0 && rating <= (max ?? 100)) < 0.8) {
    return no("its values leave every scale");
  }
  if (share(read, ({ rating }) => Number.isInteger(rating * 10)) < 0.8) {
    return no("its values are averages or scores of a machine, nobody's own rating");
  }
  return yes(`its values go up to ${Math.max(...read.map(({ rating }) => rating))}`);
}

/** A name belongs to an author only where people are: `name` alone may as well be a product's. */
function judgeAuthor({ name, names, values }: Column, columns: readonly Column[]): Verdict {
  if (names.includes("name")) {
    const isAmongPeople = columns.some((other) =>
      other.names.some((one) => /tweet|email|respondent|personid/.test(one)),
    );
    if (!isAmongPeople) return no(`${name} may be a product's`);
  }
  return atMost(values, 300);
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

function isProse(value: string): boolean {
  return /\p{L}{2}|\p{Extended_Pictographic}/u.test(value) && !/^https?:\/\/\S+$/i.test(value);
}

function isSentence(value: string): boolean {
  return value.length >= 20 && isProse(value) && value.split(/\s+/).length >= 4;
}

function isHandle(value: string): boolean {
  return /^@?[\w.-]{1,30}$/.test(value);
}

function isOpaque(value: string): boolean {
  return /^(?:\d+|[0-9a-f]{8,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(value);
}

function share<T>(values: readonly T[], fits: (value: T) => boolean): number {
  return values.length === 0 ? 1 : values.filter(fits).length / values.length;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1);
}

function yes(says: string): Verdict {
  return { fits: true, says };
}

function no(says: string): Verdict {
  return { fits: false, says };
}
