/** A text that may be quoted for its issue. */
export interface Quotable {
  readonly id: string;
  /** Of unit length; texts of one meaning point one way. */
  readonly vector: Float32Array;
  /** Of its text, in UTF-16 units. */
  readonly length: number;
  readonly voice: string;
}

const SHORTEST = 25;
const LONGEST = 225;
/** What a quote of an awkward length is worth beside one that can be read at a glance. */
const AWKWARD = 0.8;
/** How much being typical counts beside being unlike the quotes before (maximal marginal relevance). */
const TYPICAL = 0.5;

/**
 * Chooses the texts that speak for an issue, each of another person: the most typical first, then those that are typical
 * and say something else. Ties go to the earlier one.
 * @see Carbonell and Goldstein 1998, The use of MMR, diversity-based reranking
 */
export function chooseQuotes<T extends Quotable>(texts: readonly T[], most: number): T[] {
  const centre = meanOf(texts);
  const worth = texts.map(({ vector, length }) => {
    const isAwkward = length < SHORTEST || length > LONGEST;
    return dot(vector, centre) * (isAwkward ? AWKWARD : 1);
  });
  const nearest = new Float64Array(texts.length);
  const voices = new Set<string>();
  const chosen: T[] = [];
  while (chosen.length < most) {
    let [best, bestScore] = [-1, -Infinity];
    texts.forEach(({ voice }, index) => {
      if (voices.has(voice)) return;
      const score = TYPICAL * (worth[index] ?? 0) - (1 - TYPICAL) * (nearest[index] ?? 0);
      if (score > bestScore) [best, bestScore] = [index, score];
    });
    const text = texts[best];
    if (text === undefined) break;
    chosen.push(text);
    voices.add(text.voice);
    texts.forEach(({ vector }, index) => {
      nearest[index] = Math.max(nearest[index] ?? 0, dot(vector, text.vector));
    });
  }
  return chosen;
}

function meanOf(texts: readonly Quotable[]): Float32Array {
  const mean = new Float32Array(texts[0]?.vector.length ?? 0);
  for (const { vector } of texts)
    vector.forEach((value, at) => (mean[at] = (mean[at] ?? 0) + value / texts.length));
  return mean;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
