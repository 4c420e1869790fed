import { hashText } from "../hash-text.ts";

/** Scripts written without spaces: their words are pairs of characters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Of a longer word no more is read: endings change with case and number. */
const STEM_LENGTH = 5;
/** Short words join others and mean little. */
const SHORT = 3;
const SHORT_WEIGHT = 0.25;

/**
 * Adds the words of a text that no model knows to a vector: each word its own direction, drawn from its hash. Texts that
 * share many words point nearly one way, whatever the language; other words for the same thing do not.
 * @see Kanerva, Kristoferson and Holst 2000, Random indexing of text samples for latent semantic analysis
 */
export function addHashedWords(sum: Float32Array, words: readonly string[]): void {
  for (const word of words) {
    for (const feature of featuresOf(word)) {
      const weight = feature.length < SHORT && !UNSPACED.test(feature) ? SHORT_WEIGHT : 1;
      let state = hashText(feature) | 1;
      for (let at = 0; at < sum.length; at += 1) {
        // xorshift, Marsaglia 2003
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        sum[at]! += state < 0 ? -weight : weight;
      }
    }
  }
}

function featuresOf(word: string): string[] {
  const letters = [...word];
  if (!UNSPACED.test(word)) return [letters.slice(0, STEM_LENGTH).join("")];
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, at) => `${letters[at] ?? ""}${letter}`);
}
