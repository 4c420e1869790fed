import { describe, expect, it } from "vitest";
import { findEvent, findIssue } from "../../cli/find-issue.ts";
import { eventWords } from "../../cli/issue-words.ts";
import type { Query } from "../../core/contracts.ts";

/** Issues as the store has them, without one. */
function store(...issues: [tracker: string, id: string][]) {
  return {
    ask: (async (query: Query<never, never>, { id, tracker }: { id: string; tracker?: string }) => {
      expect(query.name).toBe("found_issues");
      return issues
        .filter(([of, name]) => name.startsWith(id) && (tracker === undefined || of === tracker))
        .map(([of, name]) => ({ tracker: of, issue_id: name, title: `about ${name}` }));
    }) as never,
  };
}

describe("naming an issue", () => {
  const app = store(
    ["acme", "fm8r747gq7"],
    ["acme", "fm8ra"],
    ["beta", "3xbcrj35mj"],
    ["acme", "3xbcrj35mj"],
  );

  it("takes its id, or as much of it as no other issue has", async () => {
    expect(await findIssue(app, "fm8r747gq7")).toEqual({ tracker: "acme", issueId: "fm8r747gq7" });
    expect(await findIssue(app, " FM8R7")).toEqual({ tracker: "acme", issueId: "fm8r747gq7" });
    const exact = store(["acme", "abcd"], ["acme", "abcde"]);
    expect(await findIssue(exact, "abcd")).toEqual({ tracker: "acme", issueId: "abcd" });
  });

  it("names those it may mean, and asks for the tracker where that tells", async () => {
    await expect(findIssue(app, "fm8r")).rejects.toThrow(
      /give more of its id: fm8r747gq7 of acme "about fm8r747gq7", fm8ra of acme/,
    );
    await expect(findIssue(app, "3xbcrj35mj")).rejects.toThrow(/say which with --tracker/);
    expect(await findIssue(app, "3xbc", "beta")).toEqual({ tracker: "beta", issueId: "3xbcrj35mj" });
  });

  it.each([
    ["fm8", "request_invalid"],
    ["x".repeat(101), "request_invalid"],
    ["none", "not_found"],
  ])("refuses %s", async (id, code) => {
    await expect(findIssue(app, id)).rejects.toMatchObject({ code });
  });

  it("says of an event that is not there where ids are", async () => {
    const nothing = { ask: (async () => []) as never };
    await expect(findEvent(nothing, "e1")).rejects.toThrow(/issues show/);
  });
});

describe("what was done with an issue", () => {
  const mentions = [{ mention: "x:1", from: "a", to: "a~e" }];

  it.each([
    ["merge", { into: "b", clusters: [] }, "merged into b", "a merged into it"],
    [
      "split",
      { mentions, newIssue: "n", title: "Late" },
      '1 mention split off as n "Late"',
      "split off a with 1 mention",
    ],
    ["move", { mention: "x:1", into: "b", mentions }, "x:1 moved to b", "x:1 moved here from a"],
    [
      "move",
      { mention: "x:1", newIssue: "n", mentions: [...mentions, ...mentions] },
      "x:1 and what repeats it moved to n",
      "x:1 and what repeats it moved here from a",
    ],
    ["propose_merge", { into: "b", similarity: 0.7 }, "may be one with b", "may be one with a"],
  ] as const)("%s is told from either side", (kind, payload, own, other) => {
    expect(eventWords({ issueId: "a", kind, payload })).toBe(own);
    expect(eventWords({ issueId: "a", kind, payload }, "b")).toBe(other);
  });

  it("is told of what was said, too", () => {
    const words = (kind: "own" | "decide" | "answer", payload: Record<string, unknown>) =>
      eventWords({ issueId: "a", kind, payload });
    expect(words("own", { owner: "" })).toBe("owned by nobody");
    expect(words("decide", { decision: "not_now", reason: "too dear", reviewOn: "2026-09-01" })).toBe(
      "decided: not now, because too dear; reviewed on 2026-09-01",
    );
    expect(words("answer", { question: "why_told", holds: "yes", answer: "" })).toBe(
      "answered why_told: yes",
    );
  });
});
