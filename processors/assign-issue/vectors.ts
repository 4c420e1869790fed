// One function for each kind of arrays: one that is handed several kinds runs at half the speed.

/** Inner product of two rows, `width` long (a multiple of four), that begin at `aAt` and `bAt`. */
export function dotOf(a: Float32Array, aAt: number, b: Float32Array, bAt: number, width: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let at = 0; at < width; at += 4) {
    first += a[aAt + at]! * b[bAt + at]!;
    second += a[aAt + at + 1]! * b[bAt + at + 1]!;
    third += a[aAt + at + 2]! * b[bAt + at + 2]!;
    fourth += a[aAt + at + 3]! * b[bAt + at + 3]!;
  }
  return first + second + third + fourth;
}

/** Inner product of a sum of rows with the row that begins at `rowAt`. */
export function dotWithSum(sum: Float64Array, row: Float32Array, rowAt: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let at = 0; at < sum.length; at += 4) {
    first += sum[at]! * row[rowAt + at]!;
    second += sum[at + 1]! * row[rowAt + at + 1]!;
    third += sum[at + 2]! * row[rowAt + at + 2]!;
    fourth += sum[at + 3]! * row[rowAt + at + 3]!;
  }
  return first + second + third + fourth;
}

/** Inner product of two sums of rows. */
export function dotOfSums(a: Float64Array, b: Float64Array): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let at = 0; at < a.length; at += 4) {
    first += a[at]! * b[at]!;
    second += a[at + 1]! * b[at + 1]!;
    third += a[at + 2]! * b[at + 2]!;
    fourth += a[at + 3]! * b[at + 3]!;
  }
  return first + second + third + fourth;
}

/** Writes the row that begins at `fromAt` over a sum. */
export function copyRow(sum: Float64Array, from: Float32Array, fromAt: number): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = from[fromAt + at]!;
}

// an array that is always the same one is read half as fast again
const held = new Float64Array(4_096);

/** Takes up a row, to compare many others with it; until the next is taken up. */
export function holdRow(rows: Float32Array, rowAt: number, width: number): void {
  for (let at = 0; at < width; at += 1) held[at] = rows[rowAt + at]!;
}

/** Inner product of the row that was taken up with the one that begins at `rowAt`. */
export function dotWithHeld(rows: Float32Array, rowAt: number, width: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let at = 0; at < width; at += 4) {
    first += held[at]! * rows[rowAt + at]!;
    second += held[at + 1]! * rows[rowAt + at + 1]!;
    third += held[at + 2]! * rows[rowAt + at + 2]!;
    fourth += held[at + 3]! * rows[rowAt + at + 3]!;
  }
  return first + second + third + fourth;
}

/** Inner product of a vector with itself: the square of its length. */
export function squareOf(vector: Float32Array): number {
  return dotOf(vector, 0, vector, 0, vector.length);
}

/** Adds the row that begins at `fromAt` to a sum, `times` times. */
export function addToSum(sum: Float64Array, from: Float32Array, fromAt: number, times = 1): void {
  for (let at = 0; at < sum.length; at += 1) sum[at]! += times * from[fromAt + at]!;
}

/** Adds a row to another, `times` times. */
export function addRow(
  to: Float32Array,
  toAt: number,
  from: Float32Array,
  fromAt: number,
  width: number,
  times = 1,
): void {
  for (let at = 0; at < width; at += 1) to[toAt + at]! += times * from[fromAt + at]!;
}

const TINY = 1e-12;

/** Makes each of the first `count` rows one of unit length. */
export function normalizeRows(rows: Float32Array, count: number, width: number): void {
  for (let row = 0; row < count; row += 1) {
    const from = row * width;
    const scale = 1 / Math.sqrt(TINY + dotOf(rows, from, rows, from, width));
    for (let at = 0; at < width; at += 1) rows[from + at]! *= scale;
  }
}
