/** When X began to count, ms since 1970. Ids made since November 2010 carry their time above the lowest 22 bits. */
const EPOCH_MS = 1_288_834_974_657;
const TIME_SHIFT = 22n;

/** When a post with this id was made, ms since 1970. */
export function timeOfId(id: string): number {
  return Number(BigInt(id) >> TIME_SHIFT) + EPOCH_MS;
}

/** The least id a post of this time can have. */
export function idOfTime(ms: number): string {
  return String(BigInt(Math.max(0, Math.floor(ms) - EPOCH_MS)) << TIME_SHIFT);
}

/** The later of two ids. */
export function laterId(a: string, b: string): string {
  return BigInt(a) >= BigInt(b) ? a : b;
}
