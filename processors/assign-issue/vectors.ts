/** Inner product of two rows, `width` long (a multiple of four), that begin at `aAt` and `bAt`. */
export function dotOf(
  a: Float32Array | Float64Array,
  aAt: number,
  b: Float32Array | Float64Array,
  bAt: number,
  width: number,
): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let at = 0; at < width; at += 4) {
    first += a[aAt + at]! * b[bAt + at]!;
    second += a[aAt + at + 1]! * b[bAt + at + 1]!;
    third += a[aAt + at + 2]! * b[bAt + at + 2]!;
    fourth += a[aAt + at + 3]! * b[bAt + at + 3]!;
  }
  return first + second + third + fourth;
}

/** Inner product of a vector with itself: the square of its length. */
export function squareOf(vector: Float32Array | Float64Array): number {
  return dotOf(vector, 0, vector, 0, vector.length);
}

/** Adds a row to another, `times` times. */
export function addRow(
  to: Float32Array | Float64Array,
  toAt: number,
  from: Float32Array | Float64Array,
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
