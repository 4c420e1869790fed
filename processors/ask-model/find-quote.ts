import type { Span } from "../../schemas/reading.ts";

const LONGEST_QUOTE = 500;

/**
 * Gives a function that finds the words of a quote in `text`, whatever their case, white space and kind of quotation
 * marks: the first place where they stand as whole words. Undefined where they do not stand.
 */
export function quoteFinder(text: string): (quote: string) => Span | undefined {
  const folded = fold(text);
  return (quote) => {
    if (quote.length > LONGEST_QUOTE || !quote.isWellFormed()) return undefined;
    const words = fold(quote).text.trim();
    if (words === "") return undefined;
    for (let at = folded.text.indexOf(words); at >= 0; at = folded.text.indexOf(words, at + 1)) {
      const end = at + words.length;
      if (splitsWord(folded.text, at) || splitsWord(folded.text, end)) continue;
      return { start: folded.positions[at] ?? 0, end: (folded.positions[end - 1] ?? 0) + 1 };
    }
    return undefined;
  };
}

/** Characters with their positions in the text they came from. */
interface Folded {
  readonly text: string;
  readonly positions: readonly number[];
}

function fold(text: string): Folded {
  const units: string[] = [];
  const positions: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = foldUnit(text.charAt(at));
    if (unit === " " && units.at(-1) === " ") continue;
    units.push(unit);
    positions.push(at);
  }
  return { text: units.join(""), positions };
}

function foldUnit(unit: string): string {
  if (/\s/.test(unit)) return " ";
  if (/[‘’ʼ′]/.test(unit)) return "'";
  if (/[“”„«»]/.test(unit)) return '"';
  const lower = unit.toLowerCase();
  return lower.length === 1 ? lower : unit;
}

/** Letters of scripts that part words. */
const WORD =
  /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{M}\p{N}]/u;

function splitsWord(text: string, at: number): boolean {
  return WORD.test(text.charAt(at - 1)) && WORD.test(text.charAt(at));
}
