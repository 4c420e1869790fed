import type { Span } from "../schemas/reading.ts";

/** Most spans of one reading. */
const MAX_SPANS = 20;

/** Where a text says what decided, strongest first; of equal ones in the order of the text. */
export function strongestSpans(weighed: readonly (Span & { readonly value: number })[]): Span[] {
  return [...weighed]
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.start - b.start)
    .slice(0, MAX_SPANS)
    .map(({ start, end }) => ({ start, end }));
}
