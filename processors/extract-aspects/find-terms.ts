import type { AspectRules } from "../lexicons/aspect-terms.ts";
import { FUNCTION_WORDS } from "../lexicons/function-words.ts";
import { perForm } from "../per-form.ts";
import type { Token } from "../read-text.ts";

/** Tokens that name something that may be judged; `last` included. */
export interface Term {
  readonly first: number;
  readonly last: number;
  /** UTF-16 units of the first word that are none of its name: the article of "l'application". */
  readonly elided: number;
  /** The last word: what the words before it are a kind of. */
  readonly head: string;
  /** Not listed, but behind an article: counts only where something is said of it as a subject. */
  readonly isOpen: boolean;
}

const MAX_WORDS = 4;
const MAX_OPEN_WORDS = 2;

/** Rules with what they say of a word by itself. */
interface TermRules extends AspectRules {
  /** May be the first word of a listed term, if it is not one of a word with a hyphen. */
  readonly mayStart: (token: Token) => boolean;
  /** "The", or what judges as "long" does: shows that a noun follows. */
  readonly showsNoun: (token: Token) => boolean;
  /** May be a noun: none that is known for something else, and no name. */
  readonly isOpenWord: (token: Token) => boolean;
}

/** Gives what finds the terms of a sentence in order, the longest at each place, none within another. */
export function termFinder(aspectRules: AspectRules): (tokens: readonly Token[]) => Term[] {
  const { parts, articles, fits } = aspectRules;
  const rules: TermRules = {
    ...aspectRules,
    mayStart: perForm((token) => token.kind === "word" && (parts.has(token.text) || elidedLength(token) > 0)),
    showsNoun: perForm(({ kind, text }) => kind === "word" && (articles.has(text) || fits.has(text))),
    isOpenWord: perForm((token) => isOpenWord(token, aspectRules)),
  };
  return (tokens) => findTerms(tokens, rules);
}

function findTerms(tokens: readonly Token[], rules: TermRules): Term[] {
  const terms: Term[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== "word") continue;
    const mayBeListed = rules.mayStart(token) || tokens[at + 1]?.text === "-";
    const term = (mayBeListed ? listedTermAt(tokens, at, rules) : undefined) ?? openTermAt(tokens, at, rules);
    if (term === undefined) continue;
    terms.push(term);
    at = term.last;
  }
  return terms;
}

function listedTermAt(tokens: readonly Token[], at: number, rules: TermRules): Term | undefined {
  let last = -1;
  let head = "";
  let position = at;
  const elided = elidedLength(tokens[at]);
  for (let words = 0; words < MAX_WORDS; words++) {
    const token = tokens[position];
    if (token?.kind !== "word") break;
    let text = words === 0 && elided > 0 ? token.text.slice(elided) : token.text;
    let end = position;
    // "check-in" is one word of the lists
    const joined = tokens[position + 1]?.text === "-" ? tokens[position + 2] : undefined;
    if (joined?.kind === "word" && joined.start === token.end + 1) {
      text = `${text}-${joined.text}`;
      end = position + 2;
    }
    if (!rules.parts.has(text) && !(words > 0 && rules.seconds.has(text))) break;
    const isTerm = words > 0 ? rules.terms.has(text) || rules.seconds.has(text) : rules.terms.has(text);
    if (isTerm && (words > 0 || !rules.alsoVerbs.has(text) || isBehindArticle(tokens, at, rules))) {
      last = end;
      head = text;
    }
    position = end + 1;
  }
  return last < 0 ? undefined : { first: at, last, elided, head, isOpen: false };
}

const ELIDED = /^(?:[ld]|un|dell|all|nell|dall|sull|quest)'(?=.)/;
const LONGEST_ELIDED = 6;

/** How much of a word is an article that leans on it: "l'application", "dell'ordine". */
function elidedLength(token: Token | undefined): number {
  if (token === undefined || token.isStretched) return 0;
  const apostrophe = token.text.indexOf("'");
  if (apostrophe < 1 || apostrophe >= LONGEST_ELIDED) return 0;
  return ELIDED.exec(token.text)?.[0].length ?? 0;
}

function isBehindArticle(tokens: readonly Token[], at: number, { showsNoun }: TermRules): boolean {
  const before = tokens[at - 1];
  // "long wait": the word that judges shows the noun as well as an article would
  return before !== undefined && showsNoun(before);
}

function openTermAt(tokens: readonly Token[], at: number, rules: TermRules): Term | undefined {
  const token = tokens[at];
  if (token === undefined || !isBehindArticle(tokens, at, rules) || !rules.isOpenWord(token))
    return undefined;
  // "while held on the tarmac are": not the subject; "his", "her": not ours; "that said": no article
  const article = tokens[at - 1]?.text ?? "";
  if (NO_OPENERS.has(article) || rules.leads.has(tokens[at - 2]?.text ?? "")) return undefined;
  let last = at;
  let next = tokens[at + 1];
  while (last - at + 1 < MAX_OPEN_WORDS && next !== undefined && rules.isOpenWord(next)) {
    last++;
    next = tokens[last + 1];
  }
  const head = tokens[last]?.text ?? "";
  if (next?.kind !== "word" || !rules.copulas.has(next.text)) return undefined;
  return { first: at, last, elided: 0, head, isOpen: true };
}

const NO_OPENERS = new Set(["his", "her", "that"]);

const SMALL_WORDS = new Set(FUNCTION_WORDS["en"]);

function isOpenWord({ kind, text, start, end }: Token, rules: AspectRules): boolean {
  if (rules.never === undefined || kind !== "word") return false;
  if (end - start < 3 || !/^[a-z]+$/.test(text) || /(?:ly|ed|self|est|nt)$/.test(text)) return false;
  return ![
    rules.never,
    SMALL_WORDS,
    rules.articles,
    rules.copulas,
    rules.links,
    rules.leads,
    rules.joins,
    rules.unsure,
  ].some((words) => words.has(text));
}
