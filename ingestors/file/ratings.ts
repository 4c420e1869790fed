/** A rating as a cell gives it; `max` only where the cell itself names the scale (`4/5`, `★★★★☆`). */
export interface WrittenRating {
  readonly rating: number;
  readonly max: number | undefined;
}

const STARS = /^(?<full>[★⭐🌟]+)(?<empty>[☆✩]*)$/u;
const NUMBER =
  /^(?<rating>-?\d+(?:[.,]\d+)?)(?:\s*(?:\/|out of|of|von|sur|de|su|van)\s*(?<max>\d+(?:[.,]\d+)?))?\s*(?:[★⭐]\uFE0F?|stars?|sterne?n?|[ée]toiles?|estrellas?|stelle|estrelas?|sterren)?$/iu;
const WORDS: ReadonlyMap<string, number> = new Map([
  ["one", 1],
  ["two", 2],
  ["three", 3],
  ["four", 4],
  ["five", 5],
]);

/** Reads `4`, `4,5`, `4/5`, `4 out of 5`, `5 stars`, `★★★★☆`, `FIVE`; undefined when it is no rating. */
export function readRating(written: string): WrittenRating | undefined {
  const stars = STARS.exec(written.replaceAll("\uFE0F", ""))?.groups;
  if (stars !== undefined) {
    const full = [...(stars["full"] ?? "")].length;
    const empty = [...(stars["empty"] ?? "")].length;
    return { rating: full, max: empty > 0 ? full + empty : undefined };
  }
  const number = NUMBER.exec(written)?.groups;
  if (number !== undefined) {
    const max = number["max"];
    return { rating: toNumber(number["rating"] ?? ""), max: max === undefined ? undefined : toNumber(max) };
  }
  const word = WORDS.get(written.toLowerCase());
  return word === undefined ? undefined : { rating: word, max: 5 };
}

function toNumber(digits: string): number {
  return Number(digits.replace(",", "."));
}
