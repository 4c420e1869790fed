import type { Conditions } from "./filters.ts";

/** Scripts written without spaces (or, in Hangul's case, with particles attached): their words are found anywhere. */
const UNSPACED = ["Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Khmer", "Myanmar"];
const UNSPACED_CLASS = UNSPACED.map((script) => `\\p{${script}}`).join("");
const SPACED_LETTER = new RegExp(
  `(?![${UNSPACED.map((script) => `\\p{Script=${script}}`).join("")}])[\\p{L}\\p{M}\\p{N}]`,
  "u",
);
const NO_LETTER = `[^\\p{L}\\p{M}\\p{N}]|[${UNSPACED_CLASS}]`;

/**
 * Conditions on `mentions` for what a person typed: every word and every "quoted phrase" must occur in title or text,
 * whatever its case. Words are whole words; `refund*` also finds refunds. `@name` finds what that author wrote as
 * well as texts that name them.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function searchConditions(q: string): Conditions {
  const all: string[] = [];
  const params: Record<string, string> = {};
  searchTerms(q).forEach((term, index) => {
    const name = `term_${index + 1}`;
    const occurs = `match(concat(mentions.title, '\\n', mentions.text), {${name}:String})`;
    params[name] = toPattern(term);
    if (!/^@./u.test(term)) {
      all.push(occurs);
      return;
    }
    all.push(`(lowerUTF8(author_handle) = lowerUTF8({${name}_author:String}) OR ${occurs})`);
    params[`${name}_author`] = term.slice(1);
  });
  return { all, params };
}

/** Words and phrases of a search, without the quotes and without punctuation around words. */
function searchTerms(q: string): string[] {
  const found = q
    .normalize("NFC")
    .replace(/[“”„«»]/gu, '"')
    .matchAll(/"([^"]*)"?|[^\s"]+/gu);
  return [...found]
    .map(([word, phrase]) => phrase?.trim() ?? trimPunctuation(word))
    .filter((term) => term !== "");
}

/** `(refund),` → `refund`; a lone `?!` stays, since that is what was asked for. */
function trimPunctuation(word: string): string {
  const trimmed = word.replace(/^[^\P{P}@#]+|[^\P{P}*]+$/gu, "");
  return /[^*]/u.test(trimmed) ? trimmed : word;
}

function toPattern(term: string): string {
  const isPrefix = term.length > 1 && term.endsWith("*");
  const literal = isPrefix ? term.slice(0, -1) : term;
  const letters = [...literal];
  const before = SPACED_LETTER.test(letters[0] ?? "") ? `(^|${NO_LETTER})` : "";
  const after = !isPrefix && SPACED_LETTER.test(letters.at(-1) ?? "") ? `($|${NO_LETTER})` : "";
  const pattern = literal
    .replace(/[\\^$.|?*+()[\]{}-]/gu, "\\$&")
    .replace(/\s+/gu, "\\s+")
    .replace(/['’]/gu, "['’]");
  return `(?i)${before}${pattern}${after}`;
}
