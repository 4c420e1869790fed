/** How a word stands in its text: `#` as a hashtag, `@` as a handle, `+` right after another word, without a gap. */
export type Mark = "" | "#" | "@" | "+";

/** Invisible characters, emoji variants and skin tones: they change how a text looks, never what it says. */
const IGNORED =
  /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\u{1f3fb}-\u{1f3ff}]/gu;
const TRADE_MARKS = /[™℠]/g;
/** No language piles up so many; engines take quadratic time to put them in order. */
const PILED_MARKS = /(\p{M}{30})\p{M}+/gu;
const ASCII = /^[\u0000-\u007f]*$/;
const CASE_PAIRS = /[ßςı]|i\u0307/g;
const CASE_PAIR_FORMS: ReadonlyMap<string, string> = new Map([
  ["ß", "ss"],
  ["ς", "σ"],
  ["ı", "i"],
  ["i\u0307", "i"],
]);

/**
 * The text as it is compared: NFKC and lower case, without invisible characters. Letters that only case tells apart in
 * some language are one: `ß` is `ss`, `ı` and `İ` are `i`, `ς` is `σ`.
 * Linear in the length of the text.
 * @see https://www.unicode.org/reports/tr15/ with its stream-safe text format
 */
export function normalizeText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return (
    text
      // NFKC would glue TM to the name before it
      .replace(TRADE_MARKS, " ")
      .replace(IGNORED, "")
      .replace(PILED_MARKS, "$1")
      .normalize("NFKC")
      .toLowerCase()
      .replace(CASE_PAIRS, (letters) => CASE_PAIR_FORMS.get(letters) ?? letters)
  );
}

/** Letters that carry no mark to take away and are still written without theirs. */
const UNMARKED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ø: "o",
    đ: "d",
    ł: "l",
    ħ: "h",
    ŧ: "t",
    ð: "d",
    þ: "th",
    æ: "ae",
    œ: "oe",
    ё: "е",
  }).concat([..."أإآٱ"].map((alef) => [alef, "ا"])),
);
/** Accents that combine, Hebrew and Arabic vowel points, and the stroke that stretches Arabic words. */
const LOOSE_MARK = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/;
const MARKED_SCRIPT = /[\p{Script=Latin}\p{Script=Greek}]/u;
const NOT_ASCII = /[^\u0000-\u007f]/gu;

/**
 * A normalised text as it is written without marks: `café` is `cafe`, `smørrebrød` is `smorrebrod`, `ё` is `е`, Arabic
 * and Hebrew lose their vowel points. Marks that make another letter stay: `й`, `が`, the vowels of Hindi and Thai.
 */
export function withoutMarks(text: string): string {
  return text.replace(NOT_ASCII, withoutMark);
}

function withoutMark(letter: string): string {
  if (LOOSE_MARK.test(letter)) return "";
  const unmarked = UNMARKED.get(letter);
  if (unmarked !== undefined) return unmarked;
  return MARKED_SCRIPT.test(letter) ? letter.normalize("NFD").replace(/\p{M}/gu, "") : letter;
}

const UNKNOWN = 0;
const GAP = 1;
const LETTER = 2;
const MARKED_LETTER = 3;
/** A word by itself: emoji, and each character of a script without spaces. */
const ALONE = 4;
const kinds = new Uint8Array(0x110000);

/** Scripts written without spaces (or, in Hangul's case, with particles attached): their words are found anywhere. */
const UNSPACED = new RegExp(
  `[${["Han", "Hiragana", "Katakana", "Hangul", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar"]
    .map((script) => `\\p{Script_Extensions=${script}}`)
    .join("")}]`,
  "u",
);

function kindOf(code: number): number {
  const known = kinds[code] ?? GAP;
  if (known !== UNKNOWN) return known;
  const kind = findKind(String.fromCodePoint(code));
  kinds[code] = kind;
  return kind;
}

function findKind(character: string): number {
  if (/[\p{L}\p{M}\p{N}_]/u.test(character)) {
    if (UNSPACED.test(character)) return ALONE;
    return withoutMark(character) === character ? LETTER : MARKED_LETTER;
  }
  return /(?![©®])\p{Extended_Pictographic}|\p{RI}/u.test(character) ? ALONE : GAP;
}

const HASH = 35;
const STAR = 42;
const QUESTION_MARK = 63;
const AT = 64;
const UNDERSCORE = 95;

/**
 * Visits the words of a normalised text in order. A word is a run of letters, digits and `_`; whatever else stands in
 * between parts words: `don't` is two, `e-mail` too. Emoji are words, and so is each character of a script without
 * spaces. `isMarked` says that {@link withoutMarks} would change the word. With `isPattern`, `*` and `?` after a letter
 * belong to the word. Linear in the length of the text.
 */
export function readWords(
  text: string,
  visit: (word: string, mark: Mark, isMarked: boolean) => void,
  isPattern = false,
): void {
  let at = 0;
  let lastEnd = -1;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    const kind = kindOf(code);
    const start = at;
    at += code > 0xffff ? 2 : 1;
    if (kind === GAP) continue;
    if (kind === ALONE) {
      visit(text.slice(start, at), markOf(text, start, lastEnd), false);
      lastEnd = at;
      continue;
    }
    let isMarked = kind === MARKED_LETTER;
    while (at < text.length) {
      const next = text.codePointAt(at) ?? 0;
      const nextKind = kindOf(next);
      if (nextKind === MARKED_LETTER) isMarked = true;
      else if (nextKind !== LETTER && !(isPattern && (next === STAR || next === QUESTION_MARK))) break;
      at += next > 0xffff ? 2 : 1;
    }
    const mark = markOf(text, start, lastEnd);
    const word = mark === "@" ? text.slice(start, at) : withoutEmphasis(text, start, at);
    lastEnd = at;
    if (word !== "") visit(word, mark, isMarked);
  }
}

/** The word without the `_` of Markdown around it. */
function withoutEmphasis(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) === UNDERSCORE) from++;
  while (from < to && text.charCodeAt(to - 1) === UNDERSCORE) to--;
  return text.slice(from, to);
}

function markOf(text: string, start: number, lastEnd: number): Mark {
  if (start === lastEnd) return "+";
  const before = start === 0 ? 0 : text.charCodeAt(start - 1);
  if (before !== HASH && before !== AT) return "";
  // jane@acme is an address and c#minor a key: they name neither @acme nor #minor
  if (lastEnd === start - 1 && start > 1) {
    const kind = kindOf(text.charCodeAt(start - 2));
    if (kind === LETTER || kind === MARKED_LETTER) return "";
  }
  return before === HASH ? "#" : "@";
}
