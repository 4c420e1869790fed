import { clusterIdOf, issueIdOf, voiceIdOf } from "../core/issue-ids.ts";
import type { IssueAssignment, IssueCluster, IssueClusterSum, IssueEvent } from "../schemas/issue.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { issueGrouper, type IssueGrouper } from "./assign-issue/index.ts";
import { openVoices } from "./find-voices/index.ts";
import { recentMap } from "./recent-map.ts";

/** A complaint or request that is to be put with others. */
export interface HeardComplaint {
  readonly id: string;
  /** Named so that no two people of two platforms share a name; empty: not known. */
  readonly author: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  /** Id of what it passes on; empty: nothing. */
  readonly amplifiesId: string;
  /** ms since 1970. */
  readonly at: number;
}

/** A cluster as it was recorded. */
export interface KeptCluster {
  readonly clusterId: string;
  readonly issueId: string;
  /** A person put it into its issue. */
  readonly isTaught: boolean;
  /** Mentions, without those that repeat others. */
  readonly size: number;
  /** What they mean, as {@link IssueKeeper.takeSums} gave it; undefined where that is of other mentions than it holds now. */
  readonly sum: Float32Array | undefined;
  /** Some of their texts, where the sum is not known. */
  readonly texts: readonly string[];
}

/** What was recorded before: of the last days every mention, so that copies of it are known. */
export interface RecordedIssues {
  readonly clusters: readonly KeptCluster[];
  /** In the order they were published. */
  readonly recent: readonly (HeardComplaint & { readonly clusterId: string })[];
  /** Issues that people merged into others: no other issue is ever called so. */
  readonly mergedAway: readonly string[];
}

/** Facts to write, those about clusters first: a mention whose cluster has no issue is in none. */
export interface IssueFacts {
  readonly clusters: readonly IssueCluster[];
  readonly assignments: readonly IssueAssignment[];
}

/** The issues of one tracker as they are held in memory: what is said next is put into them. */
export interface IssueKeeper {
  /** Puts mentions into issues, one by one in their order. */
  assign(mentions: readonly HeardComplaint[], at: Timestamp): IssueFacts;
  /** What clusters mean whose mentions are others than when it was asked last, and of which no sum was recorded. */
  takeSums(at: Timestamp): IssueClusterSum[];
  /** Whether enough came for everything to be looked at again. */
  readonly isDue: boolean;
  /** Looks at everything again. @returns the clusters that moved, and what a person may want to decide */
  consolidate(at: Timestamp): { readonly clusters: IssueCluster[]; readonly proposals: IssueEvent[] };
  /**
   * Learns where people put clusters, for good. Clusters it does not know are left out.
   * @returns whether any was elsewhere
   */
  teach(clusters: readonly Pick<IssueCluster, "clusterId" | "issueId">[]): boolean;
}

export interface IssueKeeperOptions {
  readonly tracker: string;
  /** What a text means, see {@link ./embed-text/index.ts}. */
  readonly encode: (text: string) => Float32Array;
  /** Of the vectors. */
  readonly width: number;
  /** Id of the model that `encode` asks. */
  readonly meaningModel: string;
  readonly modelVersion: string;
}

const MOST_RECENT = 500_000;

/**
 * Opens the issues of a tracker: from nothing, or from what was recorded. Mentions that repeat others go where those
 * are. Ids are made of what they begin with, so that the same mentions in the same order give the same ids.
 */
export function openIssues(options: IssueKeeperOptions, recorded: RecordedIssues): IssueKeeper {
  const { tracker, encode, width, meaningModel, modelVersion } = options;
  const grouper = issueGrouper(width, { consolidates: "when_told" });
  const voices = openVoices();
  const ids = issueNames(tracker);
  /** Ids of the grouper's clusters by their number. */
  const clusterIds: string[] = [];
  const clusterOf = new Map<string, number>();
  /** Clusters by number whose sum is to be recorded. */
  const unsaved = new Set<number>();
  /** Clusters by id of what was said lately, for its copies. */
  const recent = recentMap<string>(MOST_RECENT);

  restore();

  function restore(): void {
    recorded.mergedAway.forEach((issueId) => ids.numberOf(issueId));
    const known = recorded.clusters.flatMap((cluster) => {
      const sum = cluster.sum ?? sumOf(cluster.texts.map(encode), width, cluster.size);
      return sum === undefined ? [] : [{ ...cluster, sum, isSaved: cluster.sum !== undefined }];
    });
    grouper.restore(
      known.map(({ clusterId, issueId, isTaught, sum, size, isSaved }) => {
        if (!isSaved) unsaved.add(clusterIds.length);
        keep(clusterId);
        return { sum, size, isTaught, issue: ids.numberOf(issueId) };
      }),
    );
    for (const said of recorded.recent) {
      voices.read(utteranceOf(said));
      recent.set(said.id, said.clusterId);
    }
  }

  function keep(clusterId: string): void {
    clusterOf.set(clusterId, clusterIds.length);
    clusterIds.push(clusterId);
  }

  function assignOne(mention: HeardComplaint, at: Timestamp, clusters: IssueCluster[]): IssueAssignment {
    const heard = voices.read(utteranceOf(mention));
    const original = heard.copyOf === undefined ? undefined : recent.get(heard.copyOf);
    const { clusterId, similarity } =
      original === undefined ? place(mention, at, clusters) : { clusterId: original, similarity: 1 };
    recent.set(mention.id, clusterId);
    if (heard.copyOf !== undefined && original === undefined) recent.set(heard.copyOf, clusterId);
    return {
      tracker,
      mentionId: mention.id,
      clusterId,
      similarity: Math.round(similarity * 1_000) / 1_000,
      voice: voiceIdOf(tracker, heard.voice),
      copyOf: heard.copyOf ?? "",
      copyBy: heard.copyBy ?? "",
      modelVersion,
      by: "",
      at,
    };
  }

  function place(mention: HeardComplaint, at: Timestamp, clusters: IssueCluster[]) {
    const { cluster, issue, similarity } = grouper.assign(encode(`${mention.title}\n${mention.text}`));
    if (cluster >= 0) unsaved.add(cluster);
    const known = cluster < 0 ? undefined : clusterIds[cluster];
    if (known !== undefined) return { clusterId: known, similarity };
    const clusterId = clusterIdOf(tracker, mention.id);
    if (cluster >= 0) keep(clusterId);
    clusters.push({ tracker, clusterId, issueId: ids.nameOf(issue, mention.id), by: "", at });
    return { clusterId, similarity };
  }

  return {
    get isDue() {
      return grouper.isDue;
    },
    assign(mentions, at) {
      const clusters: IssueCluster[] = [];
      const assignments = mentions.map((mention) => assignOne(mention, at, clusters));
      return { clusters, assignments };
    },
    takeSums(at) {
      const sums = [...unsaved].flatMap((cluster): IssueClusterSum[] => {
        const clusterId = clusterIds[cluster];
        const { sum, size } = grouper.sumOf(cluster);
        return clusterId === undefined
          ? []
          : [{ tracker, clusterId, model: meaningModel, mentions: size, sum, at }];
      });
      unsaved.clear();
      return sums;
    },
    consolidate(at) {
      grouper.consolidate();
      const clusters = grouper.takeMoves().flatMap(({ cluster, issue }): IssueCluster[] => {
        const clusterId = clusterIds[cluster];
        if (clusterId === undefined) return [];
        return [{ tracker, clusterId, issueId: ids.nameOf(issue, clusterId), by: "", at }];
      });
      return { clusters, proposals: proposalsOf(grouper, at) };
    },
    teach(taught) {
      let isMoved = false;
      for (const { clusterId, issueId } of taught) {
        const cluster = clusterOf.get(clusterId);
        const issue = ids.numberOf(issueId);
        if (cluster === undefined || grouper.issueOf(cluster) !== issue) isMoved = true;
        if (cluster !== undefined) grouper.teach(cluster, issue);
      }
      return isMoved;
    },
  };

  function proposalsOf(from: IssueGrouper, at: Timestamp): IssueEvent[] {
    const { merges, splits } = from.proposals();
    const propose = (
      kind: "propose_merge" | "propose_split",
      issueId: string,
      of: readonly string[],
      payload: Record<string, unknown>,
    ): IssueEvent => {
      // the same proposal has the same id, however often it is made, and whichever of two issues is the larger
      const id = issueIdOf(tracker, [kind, ...of].join(" "));
      return { id, tracker, issueId, kind, payload, undoes: "", note: "", by: "", at };
    };
    return [
      ...merges.map(({ issue, into, similarity }) => {
        const [from, to] = [ids.nameOf(issue, ""), ids.nameOf(into, "")];
        const payload = { into: to, similarity: Math.round(similarity * 1_000) / 1_000 };
        return propose("propose_merge", from, [from, to].sort(), payload);
      }),
      ...splits.map(({ issue, parts }) => {
        const of = ids.nameOf(issue, "");
        const payload = { parts: parts.map((part) => part.map((cluster) => clusterIds[cluster])) };
        return propose("propose_split", of, [of], payload);
      }),
    ];
  }

  /** The grouper's numbers of issues and their ids, in both directions. */
  function issueNames(of: string) {
    const names = new Map<number, string>();
    const numbers = new Map<string, number>();
    const add = (number: number, name: string): void => {
      names.set(number, name);
      numbers.set(name, number);
    };
    return {
      /** @param seed what the issue begins with, should it be new */
      nameOf(number: number, seed: string): string {
        const known = names.get(number);
        if (known !== undefined) return known;
        let name = issueIdOf(of, seed);
        for (let turn = 2; numbers.has(name); turn += 1) name = issueIdOf(of, `${seed} ${turn}`);
        add(number, name);
        return name;
      },
      numberOf(name: string): number {
        const known = numbers.get(name);
        if (known !== undefined) return known;
        const number = grouper.newIssue();
        add(number, name);
        return number;
      },
    };
  }
}

function utteranceOf({ id, author, title, text, url, amplifiesId, at }: HeardComplaint) {
  return {
    id,
    text: title === "" ? text : `${title}\n${text}`,
    at,
    ...(author !== "" && { author }),
    ...(url !== "" && { url }),
    ...(amplifiesId !== "" && { repostOf: amplifiesId }),
  };
}

/** What all members of a cluster mean together, from some of them; undefined where nothing is known of it. */
function sumOf(vectors: readonly Float32Array[], width: number, size: number): Float64Array | undefined {
  const sum = new Float64Array(width);
  let known = 0;
  for (const vector of vectors) {
    if (!vector.some((value) => value !== 0)) continue;
    known += 1;
    vector.forEach((value, at) => (sum[at]! += value));
  }
  if (known === 0) return undefined;
  return sum.map((value) => (value * Math.max(1, size)) / known);
}
