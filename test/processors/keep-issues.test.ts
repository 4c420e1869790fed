import { describe, expect, it } from "vitest";
import { clusterIdOf, issueIdOf } from "../../core/issue-ids.ts";
import {
  openIssues,
  type HeardComplaint,
  type IssueFacts,
  type KeptCluster,
  type RecordedIssues,
} from "../../processors/keep-issues.ts";

const TRACKER = "acme";
const AT = "2026-03-30T10:00:00.000Z";
const WIDTH = 8;
const NOTHING: RecordedIssues = { clusters: [], recent: [], mergedAway: [] };

/** What a text of the kind "late 3" means: how much it is of each thing is told by the angle its first word stands for. */
const ANGLES: Readonly<Record<string, number>> = { late: 0, later: 0.8, login: Math.PI / 2 };
/** Texts of one thing differ a little. */
const SPREAD = 0.1;

function encode(text: string): Float32Array {
  const [thing = "", turn = "0"] = text.trim().split(" ");
  const vector = new Float32Array(WIDTH);
  const angle = ANGLES[thing];
  if (angle === undefined) return vector;
  const place = Number(turn) % (WIDTH - 2);
  vector[0] = Math.cos(angle) * Math.sqrt(1 - SPREAD ** 2);
  vector[1] = Math.sin(angle) * Math.sqrt(1 - SPREAD ** 2);
  vector[2 + place] = SPREAD;
  return vector;
}

function open(recorded: Partial<RecordedIssues> = {}) {
  return openIssues(
    { tracker: TRACKER, encode, width: WIDTH, meaningModel: "angles", modelVersion: "test" },
    { ...NOTHING, ...recorded },
  );
}

function said(text: string, fields: Partial<HeardComplaint> = {}): HeardComplaint {
  const id = `x:${text.replace(" ", "-")}`;
  return { id, author: id, title: "", text, url: "", amplifiesId: "", at: Date.parse(AT), ...fields };
}

const many = (thing: string, count: number, from = 0): HeardComplaint[] =>
  Array.from({ length: count }, (_, index) => said(`${thing} ${from + index}`));

/** The issue of each mention, as the facts have it. */
function issuesOf({ clusters, assignments }: IssueFacts): Map<string, string | undefined> {
  const issues = new Map(clusters.map(({ clusterId, issueId }) => [clusterId, issueId]));
  return new Map(assignments.map(({ mentionId, clusterId }) => [mentionId, issues.get(clusterId)]));
}

describe("the issues of a tracker", () => {
  it("have ids of what they begin with, the same for the same mentions in the same order", () => {
    const mentions = [...many("late", 3), ...many("login", 2)];
    const facts = open().assign(mentions, AT);
    expect(facts).toEqual(open().assign(mentions, AT));
    expect([...new Set(issuesOf(facts).values())]).toEqual([
      issueIdOf(TRACKER, "x:late-0"),
      issueIdOf(TRACKER, "x:login-0"),
    ]);
    expect(facts.clusters[0]?.clusterId).toBe(clusterIdOf(TRACKER, "x:late-0"));
  });

  it("are never called as one that people merged into another", () => {
    const taken = issueIdOf(TRACKER, "x:late-0");
    const [issue] = issuesOf(open({ mergedAway: [taken] }).assign(many("late", 1), AT)).values();
    expect(issue).not.toBe(taken);
    expect(issue).toMatch(/^[0-9a-z]{10}$/);
  });

  it("keep what nothing is known of apart, and copies with what they repeat", () => {
    const facts = open().assign(
      [said("odd"), said("strange"), said("odd", { id: "x:copy", amplifiesId: "x:odd" })],
      AT,
    );
    const issues = issuesOf(facts);
    expect(issues.get("x:odd")).not.toBe(issues.get("x:strange"));
    expect(issues.get("x:copy")).toBe(issues.get("x:odd"));
    expect(facts.assignments[2]).toMatchObject({ copyOf: "x:odd", copyBy: "repost", similarity: 1 });
  });

  it("tell whether what people say moves anything", () => {
    const keeper = open();
    const [cluster] = keeper.assign(many("late", 2), AT).clusters;
    const clusterId = cluster?.clusterId ?? "";
    expect(keeper.teach([{ clusterId, issueId: cluster?.issueId ?? "" }])).toBe(false);
    expect(keeper.teach([{ clusterId, issueId: "another" }])).toBe(true);
    expect(keeper.teach([{ clusterId, issueId: "another" }])).toBe(false);
    expect(keeper.teach([{ clusterId: "unknown", issueId: "another" }])).toBe(true);
  });

  it("say what their clusters mean once, and go on from that after a restart as from all texts", () => {
    const keeper = open();
    const mentions = [...many("late", 4), ...many("login", 3)];
    const { clusters } = keeper.assign(mentions, AT);
    const sums = keeper.takeSums(AT);
    expect(sums.map(({ clusterId, mentions: size, model }) => [clusterId, size, model])).toEqual([
      [clusters[0]?.clusterId, 4, "angles"],
      [clusters[1]?.clusterId, 3, "angles"],
    ]);
    expect(keeper.takeSums(AT)).toEqual([]);
    const kept = (isSummed: boolean) =>
      clusters.map(({ clusterId, issueId }, nth): KeptCluster => ({
        clusterId,
        issueId,
        isTaught: false,
        size: sums[nth]?.mentions ?? 0,
        sum: isSummed ? sums[nth]?.sum : undefined,
        texts: isSummed ? [] : many(nth === 0 ? "late" : "login", 4 - nth).map(({ text }) => text),
      }));
    const [summed, read] = [open({ clusters: kept(true) }), open({ clusters: kept(false) })];
    expect(summed.takeSums(AT)).toEqual([]);
    expect(read.takeSums(AT).map(({ clusterId }) => clusterId)).toEqual(
      clusters.map(({ clusterId }) => clusterId),
    );
    const later = many("late", 2, 10);
    expect(summed.assign(later, AT)).toEqual(keeper.assign(later, AT));
    expect(read.assign(later, AT).assignments).toMatchObject([{ clusterId: clusters[0]?.clusterId }, {}]);
    expect(summed.takeSums(AT)).toEqual(keeper.takeSums(AT));
  });

  it("are proposed to be one once, whichever of them is larger", () => {
    const recorded = (thing: string, size: number): KeptCluster => ({
      clusterId: `cluster-${thing}`,
      issueId: thing,
      isTaught: true,
      size,
      sum: undefined,
      texts: many(thing, 5).map(({ text }) => text),
    });
    const keeper = open({ clusters: [recorded("late", 20), recorded("later", 30)] });
    const before = keeper.consolidate(AT).proposals;
    expect(before).toMatchObject([{ kind: "propose_merge", issueId: "late", payload: { into: "later" } }]);
    keeper.assign(many("late", 30, 100), AT);
    const after = keeper.consolidate(AT).proposals;
    expect(after).toMatchObject([{ issueId: "later", payload: { into: "late" } }]);
    expect(after[0]?.id).toBe(before[0]?.id);
  });
});
