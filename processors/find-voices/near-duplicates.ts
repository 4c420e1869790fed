import { hashText } from "../hash-text.ts";
import { createPairIndex, NONE, type PairIndex } from "./pair-index.ts";

/** From here on two texts say the same: shared pairs of words out of all their pairs. */
export const SAME_JACCARD = 0.6;
/** From here on one text is within the other: shared pairs out of those of the shorter text. */
export const SAME_CONTAINMENT = 0.9;
/** Texts of fewer words are said alike by people who know nothing of each other. */
export const FEWEST_WORDS = 5;
/**
 * So many bits of surprise must lie in what two texts share, −log2 of the share of texts that have each pair of words: else
 * it is how people put it, and not one copying the other. Fewer do where nothing is left out, or next to nothing differs.
 */
const SHARED_BITS = 60;
const WHOLE_BITS = 40;
const NEARLY_ALL = 0.8;
/** So many texts without any pair are believed to be known before one is heard. */
const BELIEVED_TEXTS = 1000;
/** Of longer texts the beginning is compared; who syndicates a text keeps it. */
const MOST_WORDS = 400;
/** At most so many texts are looked at for one, those first that share its rarest pairs, and of these the newest. */
const MOST_LOOKED_AT = 128;

/** Pairs of neighbouring words as sorted hashes, each once. */
export type WordPairs = Uint32Array;

/** The pairs of neighbouring words of a text, from its words in lower case. */
export function wordPairs(words: readonly string[]): WordPairs {
  const count = Math.min(words.length, MOST_WORDS);
  const pairs = new Uint32Array(Math.max(0, count - 1));
  let before = 0;
  for (let at = 0; at < count; at++) {
    const word = hashText(words[at] ?? "");
    if (at > 0) pairs[at - 1] = mix(before, word);
    before = word;
  }
  pairs.sort();
  let kept = 0;
  for (let at = 0; at < pairs.length; at++) {
    const pair = pairs[at] ?? 0;
    if (at === 0 || pair !== pairs[kept - 1]) pairs[kept++] = pair;
  }
  return pairs.subarray(0, kept);
}

function mix(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ second;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Pairs that two texts share. */
function sharedPairs(a: WordPairs, b: WordPairs): number[] {
  const shared: number[] = [];
  let [atA, atB] = [0, 0];
  while (atA < a.length && atB < b.length) {
    const [pairA, pairB] = [a[atA] ?? 0, b[atB] ?? 0];
    if (pairA === pairB) shared.push(pairA);
    if (pairA <= pairB) atA++;
    if (pairB <= pairA) atB++;
  }
  return shared;
}

/** Shared pairs out of all pairs of two texts, 0 to 1 (Jaccard). */
export function jaccard(a: WordPairs, b: WordPairs): number {
  const shared = sharedPairs(a, b).length;
  return shared / (a.length + b.length - shared || 1);
}

interface Entry<T> {
  readonly pairs: WordPairs;
  readonly value: T;
  /** When it was last said, ms. */
  at: number;
}

/** Texts of one window; each is filed under so many of its rarest pairs that a near-duplicate must share one of them. */
interface Generation<T> {
  readonly from: number;
  readonly entries: Entry<T>[];
  readonly index: PairIndex;
  /** By text, to rule most of them out without touching them: its outline in two halves, its size, its last search. */
  readonly low: number[];
  readonly high: number[];
  readonly sizes: number[];
  readonly searches: number[];
}

/** What was said within a window of time, and whether a text repeats it. */
export interface NearDuplicates<T> {
  /** What was remembered with the first text that this one repeats. That text counts as said at `at` too. */
  find(pairs: WordPairs, at: number): T | undefined;
  remember(pairs: WordPairs, at: number, value: T): void;
  /** How many texts are remembered. */
  readonly size: number;
}

/**
 * Gives an empty memory of texts. Two texts that share `t` of `n` pairs must share one of any `n−t+1` of them (prefix
 * filter), so each text is filed under its rarest pairs and found without comparing all with all; the search is exact but
 * for texts of which every pair is in hundreds of others. Two generations of a window each are kept, of at most
 * `mostRemembered` texts: memory is bounded whatever comes.
 * @see Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins in data cleaning", ICDE 2006
 */
export function createNearDuplicates<T>(windowMs: number, mostRemembered: number): NearDuplicates<T> {
  let current = emptyGeneration<T>(Number.NEGATIVE_INFINITY);
  let former = current;
  let searched = 0;

  const findIn = (generation: Generation<T>, pairs: WordPairs, at: number): Entry<T> | undefined => {
    const { index, entries, low, high, sizes, searches } = generation;
    const search = ++searched;
    const [ownLow, ownHigh] = outlineOf(pairs);
    let budget = MOST_LOOKED_AT;
    let first = entries.length;
    const couldBeCopy = (text: number) => {
      const size = sizes[text] ?? 0;
      const fewest = Math.min(
        SAME_CONTAINMENT * Math.min(size, pairs.length),
        (SAME_JACCARD / (1 + SAME_JACCARD)) * (size + pairs.length),
      );
      const [itsLow, itsHigh] = [low[text] ?? 0, high[text] ?? 0];
      return (
        ones(itsLow & ~ownLow) + ones(itsHigh & ~ownHigh) <= size - fewest &&
        ones(ownLow & ~itsLow) + ones(ownHigh & ~itsHigh) <= pairs.length - fewest
      );
    };
    const lookAt = (slot: number, filed: boolean) => {
      for (
        let posting = index.newestAt(slot, filed);
        posting !== NONE && budget > 0;
        posting = index.before(posting), budget--
      ) {
        const text = index.textOf(posting);
        if (text >= first || searches[text] === search) continue;
        searches[text] = search;
        if (!couldBeCopy(text)) continue;
        const entry = entries[text];
        if (
          entry !== undefined &&
          Math.abs(at - entry.at) <= windowMs &&
          isCopy(generation, pairs, entry.pairs)
        )
          first = text;
      }
    };
    const slots = rarestFirst(
      index,
      Array.from(pairs, (pair) => index.slotOf(pair)),
    );
    const within = pairs.length - Math.ceil(SAME_CONTAINMENT * pairs.length) + 1;
    slots.forEach((slot, place) => {
      if (slot === NONE) return;
      lookAt(slot, true);
      if (place < within) lookAt(slot, false);
    });
    return entries[first];
  };

  const memory: NearDuplicates<T> = {
    find(pairs, at) {
      const inFormer = former === current ? undefined : findIn(former, pairs, at);
      const entry = inFormer ?? findIn(current, pairs, at);
      if (entry === undefined) return undefined;
      entry.at = Math.max(entry.at, at);
      // a text that is still being repeated must outlive its generation
      if (inFormer !== undefined && findIn(current, entry.pairs, at)?.value !== entry.value)
        memory.remember(entry.pairs, entry.at, entry.value);
      return entry.value;
    },
    remember(pairs, at, value) {
      if (at - current.from > windowMs || current.entries.length >= mostRemembered) {
        former = current;
        current = emptyGeneration(at);
      }
      const { index, entries, low, high, sizes, searches } = current;
      const text = entries.push({ pairs, at, value }) - 1;
      const [ownLow, ownHigh] = outlineOf(pairs);
      low.push(ownLow);
      high.push(ownHigh);
      sizes.push(pairs.length);
      searches.push(0);
      for (const pair of pairs) index.note(pair, text);
      // slots are known only now: noting may have moved them
      const slots = rarestFirst(
        index,
        Array.from(pairs, (pair) => index.slotOf(pair)),
      );
      const filed = pairs.length - Math.ceil(SAME_JACCARD * pairs.length) + 1;
      for (const slot of slots.slice(0, filed)) index.file(slot, text);
    },
    get size() {
      return current.entries.length + (former === current ? 0 : former.entries.length);
    },
  };
  return memory;
}

function emptyGeneration<T>(from: number): Generation<T> {
  return { from, entries: [], index: createPairIndex(), low: [], high: [], sizes: [], searches: [] };
}

/** Which of 64 classes of pairs a text has: what one text has and another lacks, the pairs differ in at least so often. */
function outlineOf(pairs: WordPairs): readonly [low: number, high: number] {
  let [low, high] = [0, 0];
  for (const pair of pairs) {
    if ((pair & 32) === 0) low |= 1 << (pair & 31);
    else high |= 1 << (pair & 31);
  }
  return [low, high];
}

/** How many bits are set. */
function ones(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function isCopy<T>({ index, entries }: Generation<T>, a: WordPairs, b: WordPairs): boolean {
  const [longer, shorter] = a.length > b.length ? [a, b] : [b, a];
  const shared = sharedPairs(longer, shorter);
  const union = a.length + b.length - shared.length;
  const isAlike = shared.length >= SAME_JACCARD * union || shared.length >= SAME_CONTAINMENT * shorter.length;
  if (!isAlike) return false;
  const texts = Math.log2(BELIEVED_TEXTS + entries.length);
  const isWhole = shared.length === shorter.length && shared.length >= SAME_JACCARD * union;
  const needed = isWhole || shared.length >= NEARLY_ALL * union ? WHOLE_BITS : SHARED_BITS;
  let bits = 0;
  for (const pair of shared) {
    bits += texts - Math.log2(index.countAt(index.slotOf(pair)) || 1);
    if (bits >= needed) return true;
  }
  return false;
}

/** Slots in the order of how many texts have their pair, unknown pairs first; in place. */
function rarestFirst(index: PairIndex, slots: number[]): number[] {
  const countAt = (slot: number | undefined) =>
    slot === undefined || slot === NONE ? 0 : index.countAt(slot);
  for (let at = 1; at < slots.length; at++) {
    const slot = slots[at] ?? NONE;
    const count = countAt(slot);
    let place = at;
    for (; place > 0 && countAt(slots[place - 1]) > count; place--) slots[place] = slots[place - 1] ?? NONE;
    slots[place] = slot;
  }
  return slots;
}
