/** What is said short, spelt out: "can't" and "cant" mean what "can not" means. */
const SPELT_OUT: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "won't": "will not",
    "can't": "can not",
    cannot: "can not",
    "shan't": "shall not",
    "ain't": "is not",
    dont: "do not",
    doesnt: "does not",
    didnt: "did not",
    cant: "can not",
    wont: "will not",
    isnt: "is not",
    wasnt: "was not",
    arent: "are not",
    werent: "were not",
    havent: "have not",
    hasnt: "has not",
    hadnt: "had not",
    couldnt: "could not",
    wouldnt: "would not",
    shouldnt: "should not",
    im: "i am",
    ive: "i have",
    whats: "what is",
    thats: "that is",
    u: "you",
    ur: "your",
    pls: "please",
    plz: "please",
    gonna: "going to",
    wanna: "want to",
    gotta: "got to",
  }).map(([short, long]) => [short, long.split(" ")]),
);
/** Endings after an apostrophe, with the word they stand for. */
const ENDINGS = [
  ["n't", "not"],
  ["'re", "are"],
  ["'ve", "have"],
  ["'ll", "will"],
  ["'d", "would"],
  ["'m", "am"],
  ["'s", ""],
] as const;

const LONGEST_READ = 2_000;
const MOST_WORDS = 128;

const WORD = /[\p{L}\p{M}]+(?:'[\p{L}]+)*|\p{N}+|[$€£¥%?!]/gu;
const APOSTROPHES = /[’‘`´]/g;
const LINKS = /https?:\/\/\S+|www\.\S+/gi;
const HANDLES = /(^|[^\p{L}\p{N}_])@\w+/gu;
const HASHTAGS = /#(\p{L}[\p{L}\p{N}]*)/gu;
const HUMPS = /(\p{Ll})(\p{Lu})/gu;
const STRETCHED = /(\p{L})\1{2,}/gu;

/**
 * The words a text's meaning is made of, lower case, in order: contractions spelt out, hashtags cut at their humps, links
 * and handles left out. At most 128, from the first 2,000 UTF-16 units. Linear in the text.
 */
export function splitWords(text: string): string[] {
  const plain = text
    .slice(0, LONGEST_READ)
    .normalize("NFKC")
    .replace(APOSTROPHES, "'")
    .replace(LINKS, " ")
    .replace(HANDLES, "$1 ")
    .replace(HASHTAGS, (_, tag: string) => ` ${tag.replace(HUMPS, "$1 $2")}`)
    .toLowerCase()
    .replace(STRETCHED, "$1$1");
  const words: string[] = [];
  for (const [written] of plain.matchAll(WORD)) {
    words.push(...spellOut(written));
    if (words.length >= MOST_WORDS) return words.slice(0, MOST_WORDS);
  }
  return words;
}

function spellOut(word: string): readonly string[] {
  const long = SPELT_OUT.get(word);
  if (long !== undefined) return long;
  if (!word.includes("'")) return [word];
  for (const [ending, meant] of ENDINGS) {
    if (word.length > ending.length && word.endsWith(ending)) {
      const stem = word.slice(0, -ending.length);
      return meant === "" ? [stem] : [stem, meant];
    }
  }
  return word.split("'").filter((part) => part !== "");
}

const MARKS = /\p{M}/gu;
const LONGEST_WORD = 30;

/**
 * The rows of a vocabulary a word is made of: its own, else that without accents, else the longest pieces from the left
 * (`##` begins one that is not the first). What it has no piece for is left out.
 * @see Wu et al. 2016, Google's Neural Machine Translation System (word pieces)
 */
export function wordPieces(word: string, vocabulary: ReadonlyMap<string, number>): number[] {
  const bare = word.normalize("NFD").replace(MARKS, "");
  const whole = vocabulary.get(word) ?? vocabulary.get(bare);
  if (whole !== undefined) return [whole];
  if (bare.length > LONGEST_WORD) return [];
  const rows: number[] = [];
  let start = 0;
  while (start < bare.length) {
    let end = bare.length;
    let row: number | undefined;
    for (; end > start; end -= 1) {
      row = vocabulary.get((start > 0 ? "##" : "") + bare.slice(start, end));
      if (row !== undefined) break;
    }
    if (row === undefined) start += 1;
    else {
      rows.push(row);
      start = end;
    }
  }
  return rows;
}
