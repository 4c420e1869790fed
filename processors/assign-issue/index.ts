import { agglomerate } from "./agglomerate.ts";
import { IssueSums } from "./issue-sums.ts";
import { joinParts } from "./join-parts.ts";
import { MicroClusters } from "./micro-clusters.ts";
import { numberGroups } from "./number-groups.ts";
import { proposeMerges } from "./propose-merges.ts";
import { settle } from "./settle.ts";
import { squareOf } from "./vectors.ts";

/** Where a message was put. */
export interface Assignment {
  /** Number of its issue, from 1; {@link IssueGrouper.issueOf} says which one that became. */
  readonly issue: number;
  /** How alike it is to what is there, −1..1; 1 for the first of an issue. */
  readonly similarity: number;
  /** Stands for the message: messages of one cluster stay together. Negative where nothing is known of what it means. */
  readonly cluster: number;
}

/** A cluster as it was recorded before a restart. */
export interface RecordedCluster {
  /** What its messages mean, as they came, summed. Of very many a sample will do, scaled up to the size. */
  readonly sum: ArrayLike<number>;
  /** Messages in it, 1 and more. */
  readonly size: number;
  /** Number of its issue, 1 and more. */
  readonly issue: number;
  /** A person said that it belongs there, see {@link IssueGrouper.teach}. */
  readonly isTaught: boolean;
}

/** A cluster that belongs to another issue than before. */
export interface Move {
  readonly cluster: number;
  readonly issue: number;
}

/** Two issues that may be one. */
export interface ProposedMerge {
  /** The smaller one. */
  readonly issue: number;
  readonly into: number;
  /** How alike their messages are across, as a share of how alike they are within: about 0..1, more is more alike. */
  readonly similarity: number;
}

/** An issue that only teaching keeps together. */
export interface ProposedSplit {
  readonly issue: number;
  /** Clusters by the issue they would be, the most messages first; what is too small to be told apart is left out. */
  readonly parts: readonly (readonly number[])[];
}

/** What a person may want to decide. */
export interface Proposals {
  /** The most alike first, 100 at most. */
  readonly merges: readonly ProposedMerge[];
  readonly splits: readonly ProposedSplit[];
}

export interface GrouperOptions {
  /**
   * `itself` (the default): {@link IssueGrouper.assign} consolidates when it is due. `when_told`: only the caller does,
   * see {@link IssueGrouper.isDue}.
   */
  readonly consolidates?: "itself" | "when_told";
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
  /** Says whether enough came since everything was looked at last: 500 messages, and a tenth of what was seen. */
  readonly isDue: boolean;
  /** The issue a cluster belongs to now. */
  issueOf(cluster: number): number;
  /** What the messages of a cluster mean, as {@link restore} takes it up; 0 or more. */
  sumOf(cluster: number): Pick<RecordedCluster, "size"> & { readonly sum: Float32Array };
  /** The cosine of a message with the middle of an issue, −1..1; 0 where either is not known. */
  similarityTo(issue: number, vector: Float32Array): number;

  /**
   * Takes up what was there before a restart, before anything is assigned: the rows get the cluster numbers 0, 1, 2 … in
   * their order. Nothing is consolidated, and the count to the next consolidation begins anew. Messages of which nothing
   * is known (negative clusters) need no restoring.
   * @param lastIssue the highest number that was ever given: numbers given later are higher, as they are higher than
   * those of the rows
   */
  restore(clusters: Iterable<RecordedCluster>, lastIssue?: number): void;
  /** A number for an issue that a person opens; it has no message until a cluster is taught to it. */
  newIssue(): number;
  /**
   * A person says that a cluster belongs to an issue, for good: it keeps this issue, and issues with taught clusters never
   * become one. All other clusters go on moving. Those that are found to be one with a taught cluster join its issue; but
   * where they are of another issue that was there when it was taught, each goes where it is more alike. So, to make two
   * issues one, teach the clusters of both. The last teaching of a cluster counts. It is no move, see {@link takeMoves}.
   * @param cluster 0 or more: the issue of a message of which nothing is known is the caller's to keep
   * @param issue a number the grouper gave
   */
  teach(cluster: number, issue: number): void;
  /**
   * A person says that one message belongs to an issue, for good: takes it out of its cluster into one of its own, taught
   * to that issue. Later messages much like it join that.
   * @param vector what the message means, as it was assigned
   * @param from its cluster, 0 or more
   * @returns its cluster from now on; `from` itself where that holds no other message
   */
  takeOut(vector: Float32Array, from: number, issue: number): number;
  /**
   * Clusters whose issue has changed by consolidating since this was last asked, by number, each with its issue now.
   * What {@link assign}, {@link restore}, {@link teach} and {@link takeOut} did is known to who called them.
   */
  takeMoves(): Move[];
  /**
   * What a person may want to decide, of issues large enough to attract others: pairs that are alike and yet not merged
   * (about half of such pairs are one issue), and issues kept together by teaching that would be split, as last
   * consolidated.
   */
  proposals(): Proposals;
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

/**
 * Gives a grouper of messages into issues, their number unknown. On two levels: a message joins a tight cluster or opens
 * one, at once; now and then the clusters are merged into issues by group average and settle, and an issue keeps its
 * number where it overlaps most. Similarities are cosines after centring on the stream's own mean, which is why the
 * thresholds hold for any product. The same messages in the same order give the same issues. Cost of a message grows
 * with the clusters, from 4,000 on with their root.
 * @param width of the vectors, a multiple of four
 * @see Cao et al. 2006, Density-based clustering over an evolving data stream (two levels)
 */
export function issueGrouper(width: number, { consolidates = "itself" }: GrouperOptions = {}): IssueGrouper {
  const clusters = new MicroClusters(width);
  let issueOf: number[] = [];
  /** The issues that the caller knows of. */
  const toldIssueOf: number[] = [];
  /** Taught clusters, with the first number that was not given yet then. */
  const taught = new Map<number, number>();
  const issues = new IssueSums(clusters);
  let splits: readonly ProposedSplit[] = [];
  let nextIssue = 1;
  let core = FEWEST_CORE;
  let since = 0;

  const isDue = (): boolean => {
    const { seen } = clusters.centring;
    return since >= Math.max(LOOKED_AGAIN_AFTER, seen * LOOKED_AGAIN_SHARE) && seen >= WARM;
  };

  const measureCore = (): void => {
    const { seen } = clusters.centring;
    core = Math.min(MOST_CORE, Math.max(FEWEST_CORE, Math.round(seen / SEEN_PER_CORE)));
  };

  const centreIfDue = (): void => {
    const { centredAt, seen } = clusters.centring;
    const isDoubled = seen >= 2 * centredAt && seen > WARM && seen <= CENTRED_UP_TO;
    if (seen !== WARM && !isDoubled) return;
    clusters.centre();
    issues.measure(issueOf);
  };

  /** The large issue of the nearest cluster, where a message is alike enough to its members. */
  const issueNear = (near: number | undefined, centred: Float32Array) => {
    const issue = near === undefined ? undefined : issueOf[near]!;
    if (issue === undefined || issues.sizeOf(issue) < core) return undefined;
    const similarity = issues.likenessTo(issue, centred);
    return similarity >= KEPT_FROM ? { issue, similarity } : undefined;
  };

  const consolidate = (): void => {
    since = 0;
    const { centredAt, seen } = clusters.centring;
    if (seen === 0) return;
    measureCore();
    if (centredAt < seen * 0.6 && seen >= WARM && seen <= CENTRED_UP_TO) clusters.centre();
    const labels = joinParts(clusters, settle(clusters, agglomerate(clusters), core), core);
    ({ issueOf, splits } = numberGroups(clusters, labels, { issueOf, taught, core }, () => nextIssue++));
    issues.measure(issueOf);
  };

  const teach = (cluster: number, issue: number): void => {
    issues.remove(issueOf[cluster]!, clusters.sums, cluster * width, clusters.sizes[cluster]!);
    issues.addCluster(issue, cluster);
    issueOf[cluster] = issue;
    toldIssueOf[cluster] = issue;
    taught.set(cluster, nextIssue);
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
      let isNew = false;
      if (near !== undefined && near.similarity >= CLUSTERED_FROM) {
        ({ cluster, similarity } = near);
        issues.addMessage(issueOf[cluster]!, centred);
        clusters.join(cluster, vector, centred);
      } else {
        const found = issueNear(near?.cluster, centred);
        cluster = clusters.open(vector, centred);
        issueOf.push(found?.issue ?? nextIssue++);
        issues.addCluster(issueOf[cluster]!, cluster);
        similarity = found?.similarity ?? 1;
        isNew = true;
      }
      centreIfDue();
      since += 1;
      if (consolidates === "itself" && isDue()) consolidate();
      const issue = issueOf[cluster]!;
      if (isNew) toldIssueOf.push(issue);
      return { issue, similarity: Math.min(1, similarity), cluster };
    },
    consolidate,
    get isDue() {
      return isDue();
    },
    issueOf: (cluster) => (cluster < 0 ? -cluster : issueOf[cluster]!),
    sumOf: (cluster) => ({ sum: clusters.sumOf(cluster), size: clusters.sizes[cluster]! }),
    similarityTo(issue, vector) {
      return isKnown(vector) ? issues.cosineTo(issue, clusters.centred(vector)) : 0;
    },
    restore(recorded, lastIssue = 0) {
      const rows = [...recorded];
      clusters.restore(rows, WARM);
      nextIssue = Math.max(nextIssue, lastIssue + 1);
      for (const { issue } of rows) nextIssue = Math.max(nextIssue, issue + 1);
      for (const { issue, isTaught } of rows) {
        if (isTaught) taught.set(issueOf.length, nextIssue);
        issueOf.push(issue);
        toldIssueOf.push(issue);
      }
      measureCore();
      issues.measure(issueOf);
    },
    newIssue: () => nextIssue++,
    teach,
    takeOut(vector, from, issue) {
      if (clusters.sizes[from]! < 2) {
        teach(from, issue);
        return from;
      }
      const centred = clusters.centred(vector);
      issues.remove(issueOf[from]!, centred, 0, 1);
      clusters.takeOut(from, vector);
      const cluster = clusters.open(vector, centred);
      issues.addCluster(issue, cluster);
      issueOf.push(issue);
      toldIssueOf.push(issue);
      taught.set(cluster, nextIssue);
      return cluster;
    },
    takeMoves() {
      const moves: Move[] = [];
      issueOf.forEach((issue, cluster) => {
        if (toldIssueOf[cluster] === issue) return;
        toldIssueOf[cluster] = issue;
        moves.push({ cluster, issue });
      });
      return moves;
    },
    proposals: () => ({ merges: proposeMerges([...issues.largerThan(core)]), splits }),
  };
}

/** Has a direction: no zeros alone, and nothing that would spoil every sum it is added to. */
function isKnown(vector: Float32Array): boolean {
  const square = squareOf(vector);
  return square > 0 && Number.isFinite(square);
}
