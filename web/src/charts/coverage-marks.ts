import type { BucketRow, CoverageRow } from "../query-rows.ts";
import { sentenceCase } from "../wording.ts";

/** How a bucket was not heard in full, and why. */
export interface CoverageMark {
  /** `none`: nobody listened, and nothing is known. */
  readonly state: "partial" | "none";
  /** The commonest first; may be empty. */
  readonly reasons: readonly string[];
  /** Those not heard in full. */
  readonly sources: readonly string[];
}

/** Buckets in a row that are marked alike, by index, both included. */
export interface MarkedRun {
  readonly first: number;
  readonly last: number;
  readonly state: CoverageMark["state"];
}

/** What the ledger says of each series and bucket. */
export interface Coverage {
  /** Whether what is not in the store is known not to be there; true where the ledger says nothing. */
  readonly isHeard: (series: string, bucket: number) => boolean;
  readonly mark: (bucket: number) => CoverageMark | undefined;
}

const MOST_REASONS = 3;
const LONGEST_REASON = 200;

/**
 * Coverage as a trend of these rows is drawn with. What was stored although nobody listened (from a file, or later) is
 * never hidden: such a bucket is marked as partly heard.
 */
export function readCoverage(ledger: readonly CoverageRow[], rows: readonly BucketRow[]): Coverage {
  const unheard = new Set<string>();
  const byBucket = new Map<number, CoverageRow[]>();
  for (const row of ledger) {
    const bucket = Date.parse(row.bucket);
    if (row.state === "none") unheard.add(keyOf(row.series, bucket));
    byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), row]);
  }
  const filled = new Set(rows.map((row) => Date.parse(row.bucket)));
  const marks = new Map<number, CoverageMark>();
  for (const [bucket, found] of byBucket) {
    const missed = found.filter((row) => row.state !== "complete");
    if (missed.length === 0) continue;
    const isNone = found.every((row) => row.state === "none") && !filled.has(bucket);
    marks.set(bucket, {
      state: isNone ? "none" : "partial",
      reasons: [...new Set(missed.flatMap((row) => row.reasons))].slice(0, MOST_REASONS),
      sources: [...new Set(missed.flatMap((row) => row.sources))].sort(),
    });
  }
  return {
    // where no source was heard, a series that has no ledger is not known to be silent either
    isHeard: (series, bucket) => !unheard.has(keyOf(series, bucket)) && marks.get(bucket)?.state !== "none",
    mark: (bucket) => marks.get(bucket),
  };
}

function keyOf(series: string, bucket: number): string {
  return `${bucket} ${series}`;
}

/** `No data: the token was refused` or `Partly heard: …`. */
export function describeMark(mark: CoverageMark): string {
  const [reason = "nobody was listening"] = mark.reasons;
  const more = mark.reasons.length - 1;
  const text = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
  const others = more > 0 ? ` (and ${more === 1 ? "another reason" : `${more} other reasons`})` : "";
  return `${sentenceCase(wordOf(mark))}: ${text}${others}`;
}

/** Why there is nothing to show over these buckets: nothing was said, or nobody listened. */
export function describeNothing(marks: readonly (CoverageMark | undefined)[]): string {
  const [first] = marks.filter((mark) => mark !== undefined);
  const worst = marks.find((mark) => mark?.state === "none") ?? first;
  if (worst === undefined) return "No mentions in this range with these filters.";
  if (marks.every((mark) => mark?.state === "none")) return describeMark(worst);
  return `No mentions in what was heard of this range with these filters. ${describeMark(worst)}`;
}

/** `no data` or `partly heard`. */
export function wordOf({ state }: Pick<CoverageMark, "state">): string {
  return state === "none" ? "no data" : "partly heard";
}

/** `acme-news, shop and 3 more`. */
export function listNames(names: readonly string[], most: number): string {
  if (names.length <= most) {
    const last = names.at(-1) ?? "";
    return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
  }
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}

/** Stretches of buckets marked alike, from left to right. */
export function runsOf(marks: readonly (CoverageMark | undefined)[]): MarkedRun[] {
  const runs: MarkedRun[] = [];
  marks.forEach((mark, index) => {
    if (mark === undefined) return;
    const before = runs.at(-1);
    const isSame = before?.state === mark.state && before.last === index - 1;
    if (isSame) runs[runs.length - 1] = { ...before, last: index };
    else runs.push({ first: index, last: index, state: mark.state });
  });
  return runs;
}

/** The marked stretches in words, a few of them: `2 Mar to 4 Mar, 9 Mar and 2 more`. */
export function listBuckets(
  {
    buckets,
    marks,
  }: { readonly buckets: readonly number[]; readonly marks: readonly (CoverageMark | undefined)[] },
  state: CoverageMark["state"],
  bucketName: (at: number) => string,
): string {
  const names = runsOf(marks)
    .filter((run) => run.state === state)
    .map(({ first, last }) => {
      const from = bucketName(buckets[first] ?? 0);
      return first === last ? from : `${from} to ${bucketName(buckets[last] ?? 0)}`;
    });
  return listNames(names, 4);
}
