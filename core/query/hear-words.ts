import { normalizeText, readWords, withoutMarks, type Mark } from "./read-words.ts";

/** More than NEAR can reach, so that nothing spans title and text. */
const BETWEEN_TEXTS = 1_000;

interface Pattern {
  readonly id: number;
  readonly mark: Mark;
  /** Without the `*`. */
  readonly letters: string;
  readonly isPrefix: boolean;
}

/**
 * Listens for many words at once: reads a text one time and knows which of them it has, and where. Words are named by
 * the ids they were asked for with; a position is the number of a word in its text.
 */
export class WordEar {
  readonly #words = new Map<string, number>();
  /** Words with wildcards, by their first letter. */
  readonly #patterns = new Map<string, Pattern[]>();
  readonly #positions: (number[] | undefined)[] = [];
  /** For each word the number of the text it was heard in last. */
  readonly #heardIn: number[] = [];
  readonly #heard: number[] = [];
  #text = 0;
  #position = 0;

  /** The id of a word to listen for, as {@link readWords} gives it of a pattern. */
  idOf(word: string, mark: Mark): number {
    const key = mark + word;
    const known = this.#words.get(key);
    if (known !== undefined) return known;
    const id = this.#heardIn.length;
    // a wildcard's key has a * or ? in it, so no word of a text is taken for it
    this.#words.set(key, id);
    this.#heardIn.push(0);
    this.#positions.push(undefined);
    const wildcard = word.search(/[*?]/);
    if (wildcard >= 0) {
      const first = word.charAt(0);
      const isPrefix = word.includes("*");
      const letters = isPrefix ? word.slice(0, word.indexOf("*")) : word;
      this.#patterns.set(first, [...(this.#patterns.get(first) ?? []), { id, mark, letters, isPrefix }]);
    }
    return id;
  }

  /** From now on the positions of this word are kept as well. */
  keepPositions(id: number): void {
    this.#positions[id] ??= [];
  }

  /** Reads the texts of one mention; what was heard before is forgotten. */
  listen(texts: readonly string[]): void {
    this.#text++;
    this.#position = 0;
    this.#heard.length = 0;
    for (const text of texts) {
      readWords(normalizeText(text), this.#visit);
      this.#position += BETWEEN_TEXTS;
    }
  }

  /** Ids of what was heard, in the order it was heard first. */
  get heard(): readonly number[] {
    return this.#heard;
  }

  has(id: number): boolean {
    return this.#heardIn[id] === this.#text;
  }

  /** Where it was heard, in order. */
  positionsOf(id: number): readonly number[] {
    return this.has(id) ? (this.#positions[id] ?? []) : [];
  }

  readonly #visit = (word: string, mark: Mark, isMarked: boolean): void => {
    this.#position++;
    this.#look(word, mark);
    if (isMarked) this.#look(withoutMarks(word), mark);
  };

  #look(word: string, mark: Mark): void {
    const id = this.#words.get(word);
    if (id !== undefined) this.#note(id);
    if (mark !== "") {
      const marked = this.#words.get(mark + word);
      if (marked !== undefined) this.#note(marked);
    }
    if (this.#patterns.size === 0) return;
    const patterns = this.#patterns.get(word.charAt(0));
    if (patterns === undefined) return;
    for (const pattern of patterns) {
      if ((pattern.mark === "" || pattern.mark === mark) && fits(pattern, word)) this.#note(pattern.id);
    }
  }

  #note(id: number): void {
    const positions = this.#positions[id];
    if (this.#heardIn[id] !== this.#text) {
      this.#heardIn[id] = this.#text;
      this.#heard.push(id);
      if (positions !== undefined) positions.length = 0;
    }
    // the word with its marks and without them is one word
    if (positions !== undefined && positions.at(-1) !== this.#position) positions.push(this.#position);
  }
}

function fits({ letters, isPrefix }: Pattern, word: string): boolean {
  if (isPrefix ? word.length < letters.length : word.length !== letters.length) return false;
  for (let at = 0; at < letters.length; at++) {
    const letter = letters.charCodeAt(at);
    if (letter !== QUESTION_MARK && letter !== word.charCodeAt(at)) return false;
  }
  return true;
}

const QUESTION_MARK = 63;
