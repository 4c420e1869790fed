import { hashText } from "../hash-text.ts";
import { addHashedWords } from "./hashed-words.ts";
import { splitWords, wordPieces } from "./split-words.ts";
import type { MeaningModel } from "./meaning-model.ts";

/** Words remembered with their pieces; most texts are made of few. */
const MOST_REMEMBERED = 50_000;
/** Longer ones are not: a part of a string, from 13 units on, keeps all of it in memory. */
const LONGEST_REMEMBERED = 12;
const LETTER = /\p{L}/u;

/**
 * Gives a function that says which rows of a model a text is the sum of, in the order of its words: those of a word's
 * pieces, then that of the pair it makes with the word before it. Linear in the text.
 */
export function rowReader({
  vocabulary,
  pairRows,
}: Pick<MeaningModel, "vocabulary" | "pairRows">): (text: string) => number[] {
  const remembered = new Map<string, readonly number[]>();
  const piecesOf = (word: string): readonly number[] => {
    const known = remembered.get(word);
    if (known !== undefined) return known;
    const pieces = wordPieces(word, vocabulary);
    if (word.length > LONGEST_REMEMBERED) return pieces;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(word, pieces);
    return pieces;
  };
  return (text) => {
    const rows: number[] = [];
    let before: string | undefined;
    for (const word of splitWords(text)) {
      for (const row of piecesOf(word)) rows.push(row);
      if (before !== undefined) rows.push(vocabulary.size + pairRow(before, word, pairRows));
      before = word;
    }
    return rows;
  };
}

/**
 * Gives a function that says what a text means as a direction: texts that say the same thing in other words point nearly
 * one way. A text of which no word is known (another script) is told by its words alone. Of unit length, or all zeros where
 * there is no word: numbers and marks alone tell nothing. Linear in the text; the same on every machine.
 */
export function textEncoder(model: MeaningModel): (text: string) => Float32Array {
  const { dimensions, scales, weights } = model;
  const rowsOf = rowReader(model);
  const ofWords = new Set<number>();
  for (const [piece, row] of model.vocabulary) if (LETTER.test(piece)) ofWords.add(row);
  return (text) => {
    const sum = new Float32Array(dimensions);
    const rows = rowsOf(text);
    if (!rows.some((row) => ofWords.has(row))) {
      addHashedWords(
        sum,
        splitWords(text).filter((word) => LETTER.test(word)),
      );
      return toUnit(sum);
    }
    for (const row of rows) {
      const scale = scales[row] ?? 0;
      if (scale === 0) continue;
      const from = row * dimensions;
      for (let at = 0; at < dimensions; at += 1) sum[at]! += scale * weights[from + at]!;
    }
    return toUnit(sum);
  };
}

/** The row of a pair among those of pairs: the hash of "first second", mixed once more (Murmur3's finalizer, shortened). */
function pairRow(first: string, second: string, rows: number): number {
  let hash = hashText(second, hashText(" ", hashText(first)));
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash >>> 0) & (rows - 1);
}

function toUnit(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square === 0) return vector;
  const scale = 1 / Math.sqrt(square);
  return vector.map((value) => value * scale);
}
