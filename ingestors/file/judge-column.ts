import { MENTION_KINDS } from "../../schemas/mention.ts";
import { dateReader } from "./dates.ts";
import { namesOf } from "./header-names.ts";
import { cellValue, columnReader, type FileRecord, type MappedField } from "./mapping.ts";
import { counterOf } from "./parse-item.ts";
import { readRating } from "./ratings.ts";

/** A column with what the sample has in it. */
export interface Column {
  readonly name: string;
  readonly names: readonly string[];
  /** What its cells say, empty ones left out. */
  readonly values: readonly string[];
  readonly raw: readonly unknown[];
}

/** Whether a column can hold a field, and why in words that follow "and". */
export type Verdict = { readonly fits: boolean; readonly says: string };

/** A column of the sample, with the names it may go by. */
export function toColumn(name: string, sample: readonly FileRecord[]): Column {
  const read = columnReader(name);
  const raw = sample.map(read);
  return { name, names: namesOf(name), raw, values: raw.map(cellValue).filter((value) => value !== "") };
}

/** Of a column whose name is known, this share must fit: a file's broken cells are rejected row by row, not by column. */
const MOST = 0.5;

/** Whether the values of a column allow it to be a field, its name aside. */
export function judge(field: MappedField, column: Column, columns: readonly Column[]): Verdict {
  const { values } = column;
  if (share(column.raw, (value) => typeof value !== "object" || value === null) < MOST)
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
  // in a handful of rows a few versions of one review look like repetition
  if (values.length >= 20 && new Set(values).size < values.length * 0.8) return no("its values repeat");
  return yes("its values tell rows apart");
}

/** Whether an id column only numbers the rows, as exports of spreadsheets and data frames do. */
export function countsRows({ values }: Column): boolean {
  const first = Number(values[0]);
  return (
    (first === 0 || first === 1) &&
    values.length > 1 &&
    values.every((value, at) => Number(value) === first + at)
  );
}

/** Whether values are dates. Where the name of the column does not say so, nearly all of them must be. */
export function judgeDate(values: readonly string[], isNameUnknown: boolean): Verdict {
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

/** Whether values are ratings people gave: not averages, and not counts. */
export function judgeRating(values: readonly string[]): Verdict {
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

function isProse(value: string): boolean {
  return /\p{L}{2}|\p{Extended_Pictographic}/u.test(value) && !/^https?:\/\/\S+$/i.test(value);
}

/** Whether a value reads like something a person wrote. */
export function isSentence(value: string): boolean {
  return value.length >= 20 && isProse(value) && value.split(/\s+/).length >= 4;
}

/** Whether a value looks like an account name. */
export function isHandle(value: string): boolean {
  return /^@?[\w.-]{1,30}$/.test(value);
}

/** Whether a value is an identifier no person would call themselves. */
export function isOpaque(value: string): boolean {
  return /^(?:\d+|[0-9a-f]{8,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(value);
}

/** Part of the values that fit, 0..1; 1 when there are none. */
export function share<T>(values: readonly T[], fits: (value: T) => boolean): number {
  return values.length === 0 ? 1 : values.filter(fits).length / values.length;
}

function yes(says: string): Verdict {
  return { fits: true, says };
}

function no(says: string): Verdict {
  return { fits: false, says };
}
