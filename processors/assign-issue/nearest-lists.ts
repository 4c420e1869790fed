import { addRow, dotWithHeld, holdRow, normalizeRows } from "./vectors.ts";

/** What is listed: rows of sums, and how long each is. */
export interface Listed {
  readonly width: number;
  readonly sums: Float32Array;
  readonly count: number;
  lengthOf(row: number): number;
}

/** Rows by the pivot they are nearest to. */
export interface NearestLists {
  /** All rows, those likely near to each other in one list. */
  readonly lists: readonly (readonly number[])[];
  /**
   * Numbers of the lists that hold what a vector is likely near to.
   * @param behind so many pivots, the nearest: the more, the likelier
   */
  near(vector: Float32Array, behind?: number): readonly number[];
  insert(row: number, vector: Float32Array): void;
  rebuild(): void;
}

/** Pivots for each root of a row, how many of them are looked behind, and at most. */
const PIVOTS = 3;
const LOOKED_BEHIND = 12;
const ROUNDS = 3;
const SAMPLE_PER_PIVOT = 12;
/** From so many pivots on, the pivots themselves are looked up in lists: in these, half of them are compared. */
const PIVOTS_LISTED_FROM = 400;
const PIVOT_LISTS_LOOKED_BEHIND = 30;
/** To list many rows fewer are compared: what is listed behind the next but one pivot is found nearly as often. */
const LISTED_BEHIND = 8;

/**
 * Gives an index of rows: each is listed under the pivot it is nearest to, and a vector is compared with what the 12
 * pivots nearest to it list. About 98 % of nearest rows are found; cost grows with the root of the rows.
 * @see Jégou, Douze and Schmid 2011, Product quantization for nearest neighbor search (inverted files)
 */
export function nearestLists(listed: Listed): NearestLists {
  const { width } = listed;
  let pivots = new Float32Array(0);
  let lists: number[][] = [];
  let listedPivots: NearestLists | undefined;
  let builtFor = 0;
  /** What was asked for last: it is often inserted next. */
  let asked: { readonly vector: Float32Array; readonly found: readonly number[] } | undefined;

  /** Numbers of the pivots nearest to a vector, the nearest first; looked for in so many of their own lists. */
  const nearestPivots = (
    rows: Float32Array,
    at: number,
    most: number,
    within = PIVOT_LISTS_LOOKED_BEHIND,
  ): number[] => {
    const found: number[] = [];
    const scores: number[] = [];
    const compare = (pivot: number): void => {
      const score = dotWithHeld(pivots, pivot * width, width);
      if (found.length === most && score <= scores[most - 1]!) return;
      let place = found.length < most ? found.length : most - 1;
      while (place > 0 && scores[place - 1]! < score) {
        scores[place] = scores[place - 1]!;
        found[place] = found[place - 1]!;
        place -= 1;
      }
      scores[place] = score;
      found[place] = pivot;
    };
    const inner = listedPivots?.near(rows.subarray(at, at + width), within);
    holdRow(rows, at, width);
    if (inner === undefined) for (let pivot = 0; pivot * width < pivots.length; pivot += 1) compare(pivot);
    else for (const list of inner) listedPivots!.lists[list]!.forEach(compare);
    return found;
  };

  const listPivots = (many: number): void => {
    listedPivots =
      many < PIVOTS_LISTED_FROM
        ? undefined
        : nearestLists({ width, sums: pivots, count: many, lengthOf: () => 1 });
  };

  const rebuild = (): void => {
    const { count, sums } = listed;
    const many = Math.max(16, Math.round(PIVOTS * Math.sqrt(count)));
    builtFor = count;
    asked = undefined;
    pivots = new Float32Array(many * width);
    for (let pivot = 0; pivot < many; pivot += 1) {
      const from = Math.floor((pivot * count) / many) * width;
      pivots.set(sums.subarray(from, from + width), pivot * width);
    }
    normalizeRows(pivots, many, width);
    listPivots(many);
    const sample = Math.min(count, many * SAMPLE_PER_PIVOT);
    for (let round = 0; round < ROUNDS; round += 1) {
      const means = new Float32Array(many * width);
      const sizes = new Int32Array(many);
      for (let turn = 0; turn < sample; turn += 1) {
        const row = Math.floor((turn * count) / sample);
        const pivot = nearestPivots(sums, row * width, 1, LISTED_BEHIND)[0] ?? 0;
        sizes[pivot]! += 1;
        addRow(means, pivot * width, sums, row * width, width, 1 / listed.lengthOf(row));
      }
      normalizeRows(means, many, width);
      for (let pivot = 0; pivot < many; pivot += 1) {
        const from = pivot * width;
        if (sizes[pivot]! > 0) pivots.set(means.subarray(from, from + width), from);
      }
      listPivots(many);
    }
    lists = Array.from({ length: many }, () => []);
    for (let row = 0; row < count; row += 1) {
      lists[nearestPivots(sums, row * width, 1, LISTED_BEHIND)[0] ?? 0]?.push(row);
    }
  };
  rebuild();
  return {
    get lists() {
      return lists;
    },
    near(vector, behind = LOOKED_BEHIND) {
      asked = { vector, found: nearestPivots(vector, 0, behind) };
      return asked.found;
    },
    insert(row, vector) {
      if (listed.count > 2 * builtFor) {
        rebuild();
        return;
      }
      const [pivot = 0] = asked?.vector === vector ? asked.found : nearestPivots(vector, 0, 1);
      lists[pivot]!.push(row);
    },
    rebuild,
  };
}
