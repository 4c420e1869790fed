/** CSS variables of the series colours: the Okabe–Ito set, told apart with every common colour blindness. */
const SLOTS = 7;
const BEST_RATING = 5;

export const OTHER_COLOUR = "--series-other";

/**
 * A colour variable for each series, the same whatever else is shown: the name alone chooses it, and only where two
 * names choose the same one does the later of `values` move on. `values` are all the store knows, largest first.
 * @see https://jfly.uni-koeln.de/color/
 */
export function colourSeries(by: string, values: readonly string[]): ReadonlyMap<string, string> {
  const colours = new Map<string, string>();
  const taken = new Set<number>();
  for (const value of values) {
    if (by === "rating") {
      colours.set(value, ratingColour(value));
      continue;
    }
    let slot = hash(value) % SLOTS;
    while (taken.has(slot) && taken.size < SLOTS) slot = (slot + 1) % SLOTS;
    taken.add(slot);
    colours.set(value, `--series-${slot}`);
  }
  return colours;
}

/** Ratings are ordered, so their colours are too: orange for the worst, blue for the best. */
function ratingColour(value: string): string {
  const rating = Number(value);
  if (value === "" || Number.isNaN(rating)) return OTHER_COLOUR;
  return `--rating-${Math.min(BEST_RATING, Math.max(0, Math.round(rating)))}`;
}

function hash(text: string): number {
  let value = 0;
  for (const letter of text) value = (value * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return value;
}
