/** Mentions by sentiment label. */
interface Labelled {
  readonly positive: number;
  readonly neutral: number;
  readonly negative: number;
}

/** Net sentiment, −100..100: percent positive less percent negative of what could be scored; null when nothing was. */
export function netSentiment(row: Labelled | undefined): number | null {
  return row ? ratio(100 * (row.positive - row.negative), scored(row)) : null;
}

/** How many mentions could be scored. */
export function scored(row: Labelled): number {
  return row.positive + row.neutral + row.negative;
}

/** The part of the whole; null where either is absent or the whole is nothing. */
export function ratio(part: number | undefined, whole: number | undefined): number | null {
  return part === undefined || whole === undefined || whole === 0 ? null : part / whole;
}
