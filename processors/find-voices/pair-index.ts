/** Where the chain of a slot, or of a posting, ends. */
export const NONE = -1;

/** Texts by the pairs of words they have, newest first, as chains of numbers in flat arrays. */
export interface PairIndex {
  /** The slot of a pair, {@link NONE} where no text has it. */
  slotOf(pair: number): number;
  /** How many texts have the pair of a slot. */
  countAt(slot: number): number;
  /** The newest posting of a slot: of all texts that have its pair, or of those filed under it. */
  newestAt(slot: number, filed: boolean): number;
  textOf(posting: number): number;
  before(posting: number): number;
  /** Notes that a text has a pair, and gives the pair's slot. */
  note(pair: number, text: number): number;
  /** Files a text under a slot. */
  file(slot: number, text: number): void;
}

const FIRST_SLOTS = 1024;
/** Fuller than this, an open-addressed table grows slow. */
const MOST_FULL = 0.6;

/** Gives an empty index. */
export function createPairIndex(): PairIndex {
  let slots = FIRST_SLOTS;
  let used = 0;
  let pairs = new Uint32Array(slots);
  let counts = new Int32Array(slots);
  let newest = new Int32Array(slots).fill(NONE);
  let newestFiled = new Int32Array(slots).fill(NONE);
  let postings = 0;
  let texts = new Int32Array(FIRST_SLOTS);
  let befores = new Int32Array(FIRST_SLOTS);

  /** The slot that has a pair, or the free one it would take. */
  const placeOf = (pair: number) => {
    let slot = Math.imul(pair, 0x9e3779b1) & (slots - 1);
    while (counts[slot] !== 0 && pairs[slot] !== pair) slot = (slot + 1) & (slots - 1);
    return slot;
  };
  const grow = () => {
    const former = { slots, pairs, counts, newest, newestFiled };
    slots *= 2;
    pairs = new Uint32Array(slots);
    counts = new Int32Array(slots);
    newest = new Int32Array(slots).fill(NONE);
    newestFiled = new Int32Array(slots).fill(NONE);
    for (let slot = 0; slot < former.slots; slot++) {
      if (former.counts[slot] === 0) continue;
      const place = placeOf(former.pairs[slot] ?? 0);
      pairs[place] = former.pairs[slot] ?? 0;
      counts[place] = former.counts[slot] ?? 0;
      newest[place] = former.newest[slot] ?? NONE;
      newestFiled[place] = former.newestFiled[slot] ?? NONE;
    }
  };
  const post = (text: number, before: number) => {
    if (postings === texts.length) {
      texts = widened(texts);
      befores = widened(befores);
    }
    texts[postings] = text;
    befores[postings] = before;
    return postings++;
  };

  return {
    slotOf(pair) {
      const slot = placeOf(pair);
      return counts[slot] === 0 ? NONE : slot;
    },
    countAt: (slot) => counts[slot] ?? 0,
    newestAt: (slot, filed) => (filed ? newestFiled[slot] : newest[slot]) ?? NONE,
    textOf: (posting) => texts[posting] ?? NONE,
    before: (posting) => befores[posting] ?? NONE,
    note(pair, text) {
      if (used >= slots * MOST_FULL) grow();
      const slot = placeOf(pair);
      if (counts[slot] === 0) {
        pairs[slot] = pair;
        used++;
      }
      counts[slot] = (counts[slot] ?? 0) + 1;
      newest[slot] = post(text, newest[slot] ?? NONE);
      return slot;
    },
    file(slot, text) {
      newestFiled[slot] = post(text, newestFiled[slot] ?? NONE);
    },
  };
}

function widened(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(numbers.length * 2);
  wider.set(numbers);
  return wider;
}
