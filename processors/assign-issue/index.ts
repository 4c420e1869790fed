import { agglomerate } from "./agglomerate.ts";
import { MicroClusters } from "./micro-clusters.ts";
import { joinParts, settle } from "./settle.ts";
import { addRow, dotOf, squareOf } from "./vectors.ts";

/** Where a message was put. */
export interface Assignment {
  /** Number of its issue, from 1; {@link IssueGrouper.issueOf} says which one that became. */
  readonly issue: number;
  /** How alike it is to what is there, −1..1; 1 for the first of an issue. */
  readonly similarity: number;
  /** Stands for the message: messages of one cluster stay together. Negative where nothing is known of what it means. */
  readonly cluster: number;
}

/** Puts messages into issues one by one, as many issues as there are. */
export interface IssueGrouper {
  /**
   * @param vector what the message means, of unit length; all zeros where that is not known: then the message is an
   * issue of its own, for good
   */
  assign(vector: Float32Array): Assignment;
  /** Looks at everything again: issues merge, split, and keep their numbers where most of them stays. */
  consolidate(): void;
  /** The issue a cluster belongs to now. */
  issueOf(cluster: number): number;
  /** The cosine of a message with the middle of an issue, −1..1; 0 where either is not known. */
  similarityTo(issue: number, vector: Float32Array): number;
}

/** A message joins a cluster it is so much alike; else it opens one. */
const CLUSTERED_FROM = 0.65;
/** A message that opens a cluster belongs to the nearest issue if it is so much like its members on average. */
const KEPT_FROM = 0.45;
/** Messages after which everything is looked at again: at least so many, and a tenth of what was seen. */
const LOOKED_AGAIN_AFTER = 500;
const LOOKED_AGAIN_SHARE = 0.1;
/** Messages it takes to know what a product's have in common, measured again at each doubling; before, nothing is left out. */
const WARM = 300;
const CENTRED_UP_TO = 20_000;
/** Messages an issue needs to attract others: fewer in a short stream. */
const [FEWEST_CORE, MOST_CORE, SEEN_PER_CORE] = [5, 8, 400];

interface Issue {
  sum: Float64Array;
  size: number;
}

/**
 * Gives a grouper of messages into issues, their number unknown. On two levels: a message joins a tight cluster or opens
 * one, at once; now and then the clusters are merged into issues by group average and settle, and an issue keeps its
 * number where it overlaps most. Similarities are cosines after centring on the stream's own mean, which is why the
 * thresholds hold for any product. The same messages in the same order give the same issues. Cost of a message grows
 * with the clusters, from 4,000 on with their root.
 * @param width of the vectors, a multiple of four
 * @see Cao et al. 2006, Density-based clustering over an evolving data stream (two levels)
 */
export function issueGrouper(width: number): IssueGrouper {
  const clusters = new MicroClusters(width);
  const issueOf: number[] = [];
  let issues = new Map<number, Issue>();
  let nextIssue = 1;
  let core = FEWEST_CORE;
  let since = 0;

  const openIssue = (): number => {
    issues.set(nextIssue, { sum: new Float64Array(width), size: 0 });
    return nextIssue++;
  };

  const centreIfDue = (): void => {
    const { centredAt, seen } = clusters.centring;
    const isDoubled = seen >= 2 * centredAt && seen > WARM && seen <= CENTRED_UP_TO;
    if (seen !== WARM && !isDoubled) return;
    clusters.centre();
    measureIssues();
  };

  const measureIssues = (): void => {
    issues = new Map();
    issueOf.forEach((number, cluster) => {
      let issue = issues.get(number);
      if (issue === undefined) issues.set(number, (issue = { sum: new Float64Array(width), size: 0 }));
      addRow(issue.sum, 0, clusters.sums, cluster * width, width);
      issue.size += clusters.sizes[cluster]!;
    });
  };

  /** The large issue of the nearest cluster, where a message is alike enough to its members. */
  const issueNear = (near: number | undefined, centred: Float32Array) => {
    const issue = near === undefined ? undefined : issueOf[near]!;
    const found = issue === undefined ? undefined : issues.get(issue);
    if (issue === undefined || found === undefined || found.size < core) return undefined;
    const similarity = dotOf(centred, 0, found.sum, 0, width) / found.size;
    return similarity >= KEPT_FROM ? { issue, similarity } : undefined;
  };

  const consolidate = (): void => {
    since = 0;
    const { centredAt, seen } = clusters.centring;
    if (seen === 0) return;
    core = Math.min(MOST_CORE, Math.max(FEWEST_CORE, Math.round(seen / SEEN_PER_CORE)));
    if (centredAt < seen * 0.6 && seen >= WARM && seen <= CENTRED_UP_TO) clusters.centre();
    const labels = joinParts(clusters, settle(clusters, agglomerate(clusters), core), core);
    keepNumbers(labels);
  };

  /** Each group takes the number of the issue it overlaps most, the largest overlap first; the others get new ones. */
  const keepNumbers = (labels: readonly number[]): void => {
    const groups = new Map<number, { members: number[]; from: Map<number, number> }>();
    labels.forEach((label, cluster) => {
      let group = groups.get(label);
      if (group === undefined) groups.set(label, (group = { members: [], from: new Map() }));
      group.members.push(cluster);
      const before = issueOf[cluster]!;
      group.from.set(before, (group.from.get(before) ?? 0) + clusters.sizes[cluster]!);
    });
    const overlaps = [...groups].flatMap(([label, { from }]) =>
      [...from].map(([issue, size]) => ({ label, issue, size })),
    );
    overlaps.sort((a, b) => b.size - a.size || a.issue - b.issue);
    const numbers = new Map<number, number>();
    const taken = new Set<number>();
    for (const { label, issue } of overlaps) {
      if (numbers.has(label) || taken.has(issue)) continue;
      numbers.set(label, issue);
      taken.add(issue);
    }
    for (const [label, { members }] of groups) {
      const number = numbers.get(label) ?? nextIssue++;
      for (const cluster of members) issueOf[cluster] = number;
    }
    measureIssues();
  };

  return {
    assign(vector) {
      if (!isKnown(vector)) {
        const issue = nextIssue++;
        return { issue, similarity: 1, cluster: -issue };
      }
      const centred = clusters.see(vector);
      const near = clusters.nearest(centred);
      let cluster: number;
      let similarity: number;
      if (near !== undefined && near.similarity >= CLUSTERED_FROM) {
        ({ cluster, similarity } = near);
        clusters.join(cluster, vector, centred);
      } else {
        const found = issueNear(near?.cluster, centred);
        cluster = clusters.open(vector, centred);
        issueOf.push(found?.issue ?? openIssue());
        similarity = found?.similarity ?? 1;
      }
      const issue = issues.get(issueOf[cluster]!)!;
      addRow(issue.sum, 0, centred, 0, width);
      issue.size += 1;
      centreIfDue();
      since += 1;
      const { seen } = clusters.centring;
      if (since >= Math.max(LOOKED_AGAIN_AFTER, seen * LOOKED_AGAIN_SHARE) && seen >= WARM) consolidate();
      return { issue: issueOf[cluster]!, similarity: Math.min(1, similarity), cluster };
    },
    consolidate,
    issueOf: (cluster) => (cluster < 0 ? -cluster : issueOf[cluster]!),
    similarityTo(issue, vector) {
      const found = issues.get(issue);
      if (found === undefined || !isKnown(vector)) return 0;
      const cosine = dotOf(clusters.centred(vector), 0, found.sum, 0, width) / Math.sqrt(squareOf(found.sum));
      return Number.isFinite(cosine) ? Math.max(-1, Math.min(1, cosine)) : 0;
    },
  };
}

/** Has a direction: no zeros alone, and nothing that would spoil every sum it is added to. */
function isKnown(vector: Float32Array): boolean {
  const square = squareOf(vector);
  return square > 0 && Number.isFinite(square);
}
