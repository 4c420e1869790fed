import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import type { Store } from "../../core/contracts.ts";
import { issueProposals } from "../../queries/issue-proposals.ts";
import { issues } from "../../queries/issues.ts";
import { issueAssignmentRows, issueClusterRows, issueEventRows } from "../../schemas/issue-rows.ts";
import { IssueRequest } from "../../schemas/issue.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { aJudgement, storeIssues, storeJudgements, type StoredMention } from "../support/issue-builders.ts";

const signal = AbortSignal.timeout(600_000);
let opened: TestStore;

/** Each test has a tracker of its own. */
let trackers = 0;

const CLUSTERS = { aaaa: ["a1", "a2"], bbbb: ["b1"], cccc: ["c1", "c2"] };
const MENTIONS: StoredMention[] = [
  { nativeId: "1", cluster: "a1" },
  { nativeId: "2", cluster: "a1", author: "1" },
  { nativeId: "3", cluster: "a1", copyOf: "1" },
  { nativeId: "4", cluster: "a2" },
  { nativeId: "5", cluster: "b1" },
  { nativeId: "6", cluster: "b1" },
  { nativeId: "7", cluster: "c1" },
  { nativeId: "8", cluster: "c1", copyOf: "7" },
  { nativeId: "9", cluster: "c2" },
];

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

async function aTracker(): Promise<string> {
  const tracker = `t${++trackers}`;
  // mentions of every tracker are mentions of their own
  const named = (id: string) => `${tracker}-${id}`;
  const mentions = MENTIONS.map(({ nativeId, copyOf, ...rest }) => ({
    ...rest,
    nativeId: named(nativeId),
    ...(copyOf === undefined ? {} : { copyOf: named(copyOf) }),
  }));
  await storeIssues(opened.store, CLUSTERS, mentions, { tracker });
  await storeJudgements(
    opened.store,
    Object.keys(CLUSTERS).map((issueId) => aJudgement({ tracker, issueId, mentions: 3, voices: 2 })),
  );
  return tracker;
}

interface How {
  readonly by?: string;
  readonly at?: string;
  readonly store?: Store;
}

async function act(tracker: string, issueId: string, request: Record<string, unknown>, how: How = {}) {
  const { by = "ann", at = "2026-03-03T10:00:00.000Z", store = opened.store } = how;
  const parsed = IssueRequest.parse(request);
  return actOnIssue({ store, tracker, issueId, request: parsed, by, context: aContext(at) }, signal);
}

const Place = z.object({
  mention: z.string(),
  issue: z.string(),
  voice: z.string(),
  similarity: z.number(),
  copy: z.string(),
});

/** Where every mention of a tracker is, but for who put it there. */
async function places(tracker: string): Promise<z.infer<typeof Place>[]> {
  const sql = `SELECT mention_id AS mention, issue_id AS issue, voice, similarity, concat(copy_of, copy_by) AS copy
FROM issue_mentions WHERE tracker = {tracker:String} ORDER BY mention`;
  return opened.reader.query({ sql, params: { tracker } }, Place);
}

/** Native ids by issue, `1 2 3`. */
async function mentionsOf(tracker: string): Promise<Record<string, string>> {
  const byIssue: Record<string, string[]> = {};
  for (const { mention, issue } of await places(tracker)) {
    (byIssue[issue] ??= []).push(mention.slice(`x:${tracker}-`.length));
  }
  return Object.fromEntries(Object.entries(byIssue).map(([issue, ids]) => [issue, ids.join(" ")]));
}

const ids = (tracker: string, ...native: number[]) => native.map((id) => `x:${tracker}-${id}`);

async function listed(tracker: string) {
  const rows = await opened.reader.query(issues.statement(issues.params.parse({ tracker })), issues.row);
  return Object.fromEntries(rows.map((row) => [row.issue_id, row]));
}

async function machinePutsThere(tracker: string): Promise<unknown[]> {
  const sql =
    "SELECT cluster_id FROM issue_cluster_rows FINAL WHERE tracker = {tracker:String} AND by = '' ORDER BY cluster_id";
  return (await opened.store.query({ sql, params: { tracker } }, z.object({ cluster_id: z.string() }))).map(
    (row) => row.cluster_id,
  );
}

describe("merging issues", () => {
  it("counts one among the other, keeps both where the machine does not move them, and undoes it", async () => {
    const tracker = await aTracker();
    const before = await places(tracker);
    const event = await act(tracker, "aaaa", { kind: "merge", into: "bbbb", note: "the\u0000same" });
    expect(event).toMatchObject({
      tracker,
      issueId: "aaaa",
      kind: "merge",
      payload: { into: "bbbb", clusters: ["a1", "a2"] },
      note: "thesame",
      by: "ann",
      undoes: "",
    });
    expect(await mentionsOf(tracker)).toEqual({ bbbb: "1 2 3 4 5 6", cccc: "7 8 9" });
    expect(Object.keys(await listed(tracker)).sort()).toEqual(["bbbb", "cccc"]);
    expect(await machinePutsThere(tracker)).toEqual(["c1", "c2"]);
    const undo = await act(tracker, "aaaa", { kind: "undo", event: event.id }, { by: "bob" });
    expect(undo).toMatchObject({ kind: "undo", undoes: event.id, by: "bob" });
    expect(undo.at > event.at).toBe(true);
    expect(await places(tracker)).toEqual(before);
    expect(Object.keys(await listed(tracker)).sort()).toEqual(["aaaa", "bbbb", "cccc"]);
  });

  it("leaves what came to the other one in the meantime there when it is undone", async () => {
    const tracker = await aTracker();
    const event = await act(tracker, "aaaa", { kind: "merge", into: "bbbb" });
    await storeIssues(opened.store, { bbbb: ["b2"] }, [{ nativeId: `${tracker}-later`, cluster: "b2" }], {
      tracker,
    });
    await act(tracker, "aaaa", { kind: "undo", event: event.id });
    expect(await mentionsOf(tracker)).toMatchObject({ aaaa: "1 2 3 4", bbbb: "5 6 later" });
  });

  it("stands over what the machine says later", async () => {
    const tracker = await aTracker();
    await act(tracker, "aaaa", { kind: "merge", into: "bbbb" });
    await opened.store
      .table(issueClusterRows)
      .write([{ tracker, clusterId: "a1", issueId: "cccc", by: "", at: "2030-01-01T00:00:00.000Z" }], signal);
    expect(await mentionsOf(tracker)).toMatchObject({ bbbb: "1 2 3 4 5 6" });
  });

  it("is refused with itself, with another tracker's, with what is not there or was merged", async () => {
    const tracker = await aTracker();
    const other = await aTracker();
    await storeIssues(opened.store, { onlythere: ["o1"] }, [{ nativeId: `${other}-o`, cluster: "o1" }], {
      tracker: other,
    });
    const merge = (from: string, into: string) => act(tracker, from, { kind: "merge", into });
    await expect(merge("aaaa", "aaaa")).rejects.toMatchObject({ code: "request_invalid" });
    await expect(merge("aaaa", "onlythere")).rejects.toThrow(new RegExp(`tracker ${other}, this one of`));
    await expect(merge("aaaa", "none")).rejects.toMatchObject({ code: "not_found" });
    await expect(merge("none", "aaaa")).rejects.toThrow(/earshot issues list/);
    const event = await merge("aaaa", "bbbb");
    await expect(merge("aaaa", "cccc")).rejects.toThrow(new RegExp(`merged into bbbb.*${event.id}`));
    await expect(merge("aaaa", "bbbb")).rejects.toThrow(/merged into bbbb/);
    await expect(merge("bbbb", "aaaa")).rejects.toThrow(/merged into bbbb/);
    await expect(act(tracker, "aaaa", { kind: "own", owner: "ops" })).rejects.toThrow(/merged into bbbb/);
  });

  it("is not undone before what was merged on, and then it is", async () => {
    const tracker = await aTracker();
    const before = await places(tracker);
    const first = await act(tracker, "aaaa", { kind: "merge", into: "bbbb" });
    const second = await act(tracker, "bbbb", { kind: "merge", into: "cccc" });
    const undo = (issue: string, event: string) => act(tracker, issue, { kind: "undo", event });
    await expect(undo("aaaa", first.id)).rejects.toThrow(new RegExp(`undo event ${second.id} of bbbb first`));
    await undo("bbbb", second.id);
    await undo("aaaa", first.id);
    expect(await places(tracker)).toEqual(before);
  });
});

describe("splitting an issue", () => {
  it("makes mentions and what repeats them another issue with a name of its own", async () => {
    const tracker = await aTracker();
    const event = await act(tracker, "aaaa", {
      kind: "split",
      mentions: ids(tracker, 1, 4),
      title: "Opening hours",
    });
    const newIssue = String(event.payload["newIssue"]);
    expect(newIssue).toMatch(/^[0-9a-z]{10}$/);
    expect(await mentionsOf(tracker)).toMatchObject({ aaaa: "2", [newIssue]: "1 3 4" });
    await storeJudgements(opened.store, [aJudgement({ tracker, issueId: newIssue })]);
    expect((await listed(tracker))[newIssue]).toMatchObject({ title: "Opening hours" });
    expect(await machinePutsThere(tracker)).toEqual(["b1", "c1", "c2"]);
  });

  it("takes a copy alone where only that is meant", async () => {
    const tracker = await aTracker();
    const event = await act(tracker, "aaaa", { kind: "split", mentions: ids(tracker, 3) });
    expect(await mentionsOf(tracker)).toMatchObject({
      aaaa: "1 2 4",
      [String(event.payload["newIssue"])]: "3",
    });
  });

  it("is refused for mentions of other issues, and where nothing would be left", async () => {
    const tracker = await aTracker();
    const split = (mentions: string[]) => act(tracker, "aaaa", { kind: "split", mentions });
    await expect(split(ids(tracker, 1, 5))).rejects.toThrow(new RegExp(`x:${tracker}-5: not of issue aaaa`));
    await expect(split(["x:none"])).rejects.toMatchObject({ code: "not_found" });
    await expect(split(ids(tracker, 1, 2, 4))).rejects.toThrow(/rename it/);
    expect(await mentionsOf(tracker)).toEqual({ aaaa: "1 2 3 4", bbbb: "5 6", cccc: "7 8 9" });
  });

  it("takes as many as may be asked for", async () => {
    const tracker = await aTracker();
    const many = Array.from({ length: 1_000 }, (_, at) => ({
      nativeId: `${tracker}-many-${"x".repeat(100)}-${at}`,
      cluster: "m1",
    }));
    await storeIssues(opened.store, { aaaa: ["m1"] }, many, { tracker });
    const mentions = many.map(({ nativeId }) => `x:${nativeId}`);
    const event = await act(tracker, "aaaa", { kind: "split", mentions });
    const count = async () =>
      (await places(tracker)).filter(({ issue }) => issue === event.payload["newIssue"]).length;
    expect(await count()).toBe(1_000);
    await act(tracker, "aaaa", { kind: "undo", event: event.id });
    expect(await count()).toBe(0);
  });

  it("undoes only what is still where it was put", async () => {
    const tracker = await aTracker();
    const split = await act(tracker, "aaaa", { kind: "split", mentions: ids(tracker, 1, 4) });
    const newIssue = String(split.payload["newIssue"]);
    await act(tracker, newIssue, { kind: "move", mention: ids(tracker, 4)[0], into: "bbbb" });
    await act(tracker, "aaaa", { kind: "undo", event: split.id });
    expect(await mentionsOf(tracker)).toEqual({ aaaa: "1 2 3", bbbb: "4 5 6", cccc: "7 8 9" });
  });

  it("is not undone before its issue, merged on, is free again", async () => {
    const tracker = await aTracker();
    const split = await act(tracker, "aaaa", { kind: "split", mentions: ids(tracker, 4) });
    const merge = await act(tracker, String(split.payload["newIssue"]), { kind: "merge", into: "cccc" });
    const undo = act(tracker, "aaaa", { kind: "undo", event: split.id });
    await expect(undo).rejects.toThrow(new RegExp(`undo event ${merge.id}`));
  });
});

describe("moving a mention", () => {
  it("puts it where it belongs, or into an issue of its own", async () => {
    const tracker = await aTracker();
    const [first, other] = ids(tracker, 1, 9);
    await act(tracker, "aaaa", { kind: "move", mention: first, into: "bbbb" });
    const event = await act(tracker, "cccc", { kind: "move", mention: other });
    expect(await mentionsOf(tracker)).toEqual({
      aaaa: "2 4",
      bbbb: "1 3 5 6",
      cccc: "7 8",
      [String(event.payload["newIssue"])]: "9",
    });
    await act(tracker, "cccc", { kind: "undo", event: event.id });
    expect(await mentionsOf(tracker)).toMatchObject({ cccc: "7 8 9" });
  });

  it("is refused where it changes nothing", async () => {
    const tracker = await aTracker();
    const [mention] = ids(tracker, 4);
    const move = (issue: string, into?: string) => act(tracker, issue, { kind: "move", mention, into });
    await expect(move("aaaa", "aaaa")).rejects.toThrow(/already/);
    const event = await move("aaaa");
    await expect(move(String(event.payload["newIssue"]))).rejects.toThrow(/all there is/);
    await expect(move("aaaa", "bbbb")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("any merges, splits and moves", () => {
  /** @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
  function drawn(seed: number) {
    let state = seed;
    return (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  it("leave everything where it was once they are undone, the last one first", async () => {
    const tracker = await aTracker();
    const before = await places(tracker);
    for (let seed = 1; seed <= 4; seed++) {
      const draw = drawn(seed);
      const done: { issue: string; event: string }[] = [];
      for (let step = 0; step < 4; step++) {
        const now = await places(tracker);
        const present = [...new Set(now.map(({ issue }) => issue))];
        const issue = present[draw(present.length)] ?? "";
        const into = present[draw(present.length)] ?? "";
        const own = now.filter((place) => place.issue === issue).map(({ mention }) => mention);
        const mention = own[draw(own.length)];
        const requests = [
          { kind: "merge", into },
          { kind: "split", mentions: own.filter(() => draw(2) === 0) },
          { kind: "move", mention, ...(into === issue ? {} : { into }) },
        ];
        const request = IssueRequest.safeParse(requests[draw(3)]);
        if (!request.success) continue;
        try {
          done.push({ issue, event: (await act(tracker, issue, request.data)).id });
        } catch (error) {
          // such as a merge with itself; that it changed nothing shows in the end
          expect(error).toMatchObject({ code: "request_invalid" });
        }
      }
      expect(done.length, `seed ${seed}`).toBeGreaterThan(0);
      for (const { issue, event } of done.reverse()) await act(tracker, issue, { kind: "undo", event });
      expect(await places(tracker), `seed ${seed}`).toEqual(before);
    }
  });
});

describe("what is cut off", () => {
  /** A store that fails at the `nth` write. */
  function failing(nth: number): Store {
    let writes = 0;
    return {
      table: (spec) => {
        const sink = opened.store.table(spec);
        return {
          ...sink,
          write: async (records, aborted) => {
            if (++writes === nth) throw new Error("the power went");
            return sink.write(records, aborted);
          },
        };
      },
      query: (statement, row) => opened.store.query(statement, row),
      command: (sql) => opened.store.command(sql),
      check: () => opened.store.check(),
      close: async () => {},
    };
  }

  it.each([
    ["merge", 1, { kind: "merge", into: "bbbb" }],
    ["merge", 2, { kind: "merge", into: "bbbb" }],
    ["split", 1, { kind: "split", mentions: [1, 4], title: "T" }],
    ["split", 2, { kind: "split", mentions: [1, 4], title: "T" }],
    ["split", 3, { kind: "split", mentions: [1, 4], title: "T" }],
    ["split", 4, { kind: "split", mentions: [1, 4], title: "T" }],
    ["move", 2, { kind: "move", mention: 1, into: "bbbb" }],
    ["move", 3, { kind: "move", mention: 1, into: "bbbb" }],
  ])("a %s, at its write %i, is whole when it is done again, and can be undone", async (_, nth, said) => {
    const tracker = await aTracker();
    const before = await places(tracker);
    const request = {
      ...said,
      ...("mentions" in said ? { mentions: ids(tracker, ...said.mentions) } : {}),
      ...("mention" in said ? { mention: ids(tracker, said.mention)[0] } : {}),
    };
    await expect(act(tracker, "aaaa", request, { store: failing(nth) })).rejects.toThrow("the power went");
    const event = await act(tracker, "aaaa", request, { at: "2026-03-03T11:00:00.000Z" });
    const whole = await mentionsOf(tracker);
    if ("into" in said) expect(whole["bbbb"]).toBe("mention" in said ? "1 3 5 6" : "1 2 3 4 5 6");
    else expect(whole[String(event.payload["newIssue"])]).toBe("1 3 4");
    // so is its undoing
    const undo = { kind: "undo", event: event.id };
    await expect(act(tracker, "aaaa", undo, { store: failing(2) })).rejects.toThrow("the power went");
    await act(tracker, "aaaa", undo);
    expect(await places(tracker)).toEqual(before);
  });
});

describe("what people say of an issue", () => {
  it("holds, the latest of each kind, also where the clock before was ahead, until it is undone", async () => {
    const tracker = await aTracker();
    const first = await act(tracker, "aaaa", { kind: "rename", title: "Parcels" });
    const second = await act(
      tracker,
      "aaaa",
      { kind: "rename", title: "Late\u0007 parcels" },
      { at: "2026-03-01T10:00:00.000Z", by: "bob" },
    );
    expect(second.at > first.at).toBe(true);
    await act(tracker, "aaaa", { kind: "own", owner: "logistics" });
    await act(tracker, "aaaa", { kind: "relook", on: "2026-06-01" });
    expect((await listed(tracker))["aaaa"]).toMatchObject({
      title: "Late parcels",
      machine_title: "about aaaa",
      owner: "logistics",
      relook_on: "2026-06-01",
    });
    expect(await machinePutsThere(tracker)).toEqual(["b1", "c1", "c2"]);
    await act(tracker, "aaaa", { kind: "undo", event: second.id });
    expect((await listed(tracker))["aaaa"]).toMatchObject({ title: "Parcels", owner: "logistics" });
    await act(tracker, "aaaa", { kind: "undo", event: first.id });
    expect((await listed(tracker))["aaaa"]).toMatchObject({ title: "about aaaa", owner: "logistics" });
  });

  it("is undone once, by the issue it is of, and never an undo itself", async () => {
    const tracker = await aTracker();
    const own = await act(tracker, "aaaa", { kind: "own", owner: "ann" });
    const undo = (issue: string, event: string) => act(tracker, issue, { kind: "undo", event });
    await expect(undo("bbbb", own.id)).rejects.toThrow(/It is one of issue aaaa/);
    await expect(undo("aaaa", "none")).rejects.toMatchObject({ code: "not_found" });
    const undone = await undo("aaaa", own.id);
    await expect(undo("aaaa", own.id)).rejects.toThrow(/undone before/);
    await expect(undo("aaaa", undone.id)).rejects.toThrow(/do again/);
  });

  it("knows how many people there were when something was decided or called isolated", async () => {
    const tracker = await aTracker();
    const decision = { kind: "decide", decision: "will_not", reason: "too dear", reviewOn: "2026-09-01" };
    await act(tracker, "aaaa", { ...decision, isPublic: true });
    await act(tracker, "bbbb", { kind: "isolate", reason: "a single typo", until: "2099-01-01" });
    const found = await listed(tracker);
    expect(found["aaaa"]).toMatchObject({
      decision: "will_not",
      decided_at_voices: 2,
      review_on: "2026-09-01",
      is_public: true,
    });
    expect(found["bbbb"]).toMatchObject({ isolated_call: "holds", isolated_reason: "a single typo" });
  });

  it("counts the people of an issue that nobody judged yet", async () => {
    const tracker = await aTracker();
    const split = await act(tracker, "aaaa", { kind: "split", mentions: ids(tracker, 1, 4) });
    const event = await act(tracker, String(split.payload["newIssue"]), {
      kind: "isolate",
      reason: "both sit in one office",
      until: "2099-01-01",
    });
    // what repeats the first was said by a third
    expect(event.payload).toMatchObject({ voices: 3, untilVoices: 3 });
  });

  it.each([
    [{ kind: "relook", on: "2026-03-03" }, /today is 2026-03-03/],
    [{ kind: "isolate", reason: "x", until: "2025-01-01" }, /2025-01-01 is not to come/],
    [{ kind: "decide", decision: "not_now", reason: "x", reviewOn: "2026-03-01" }, /not to come/],
    [{ kind: "rename", title: "\u0007\u0000" }, /nothing to read in title/],
  ])("is refused where it cannot be meant: %j", async (request, message) => {
    const tracker = await aTracker();
    await expect(act(tracker, "aaaa", request)).rejects.toThrow(message);
    expect(await machinePutsThere(tracker)).toHaveLength(5);
  });

  it("does not call isolated what recurs", async () => {
    const tracker = await aTracker();
    await storeJudgements(opened.store, [
      aJudgement({
        tracker,
        issueId: "aaaa",
        verdict: "recurring",
        judgedAt: "2026-03-03T00:00:00.000Z",
        voices: 9,
      }),
    ]);
    const isolate = act(tracker, "aaaa", { kind: "isolate", reason: "x", until: "2099-01-01" });
    await expect(isolate).rejects.toThrow(/is recurring, 9 people/);
  });
});

describe("what the machine proposes", () => {
  const proposed = async (tracker: string) =>
    opened.reader.query(
      issueProposals.statement(issueProposals.params.parse({ tracker })),
      issueProposals.row,
    );

  it("is listed until it is dismissed, done, or one of the issues is gone", async () => {
    const tracker = await aTracker();
    const event = {
      tracker,
      kind: "propose_merge",
      undoes: "",
      note: "",
      by: "",
      at: "2026-03-02T12:00:00.000Z",
    } as const;
    await opened.store.table(issueEventRows).write(
      [
        { ...event, id: `${tracker}p1`, issueId: "aaaa", payload: { into: "bbbb", similarity: 0.8 } },
        { ...event, id: `${tracker}p2`, issueId: "aaaa", payload: { into: "cccc", similarity: 0.7 } },
        { ...event, id: `${tracker}p3`, issueId: "aaaa", payload: { into: "gone", similarity: 0.7 } },
        { ...event, id: `${tracker}p4`, kind: "propose_split", issueId: "cccc", payload: { parts: [] } },
      ],
      signal,
    );
    expect(await proposed(tracker)).toMatchObject([
      { event: `${tracker}p1`, issue_id: "aaaa", title: "about aaaa", into_title: "about bbbb", found: 3 },
      { event: `${tracker}p2`, voices: 2, into_voices: 2 },
      { event: `${tracker}p4`, into: "" },
    ]);
    const dismiss = (issue: string, of: string) => act(tracker, issue, { kind: "dismiss", event: of });
    await expect(dismiss("bbbb", `${tracker}p4`)).rejects.toMatchObject({ code: "not_found" });
    const dismissed = await dismiss("aaaa", `${tracker}p2`);
    await expect(dismiss("aaaa", `${tracker}p2`)).rejects.toThrow(/dismissed before/);
    const undo = act(tracker, "aaaa", { kind: "undo", event: `${tracker}p1` });
    await expect(undo).rejects.toThrow(/dismiss it/);
    expect((await proposed(tracker)).map((row) => row.event)).toEqual([`${tracker}p1`, `${tracker}p4`]);
    await act(tracker, "aaaa", { kind: "merge", into: "bbbb" });
    expect((await proposed(tracker)).map((row) => row.event)).toEqual([`${tracker}p4`]);
    expect(dismissed.payload).toEqual({ event: `${tracker}p2` });
  });
});

describe("what a person moved", () => {
  it("stays there when the machine puts it elsewhere later", async () => {
    const tracker = await aTracker();
    const [mention = ""] = ids(tracker, 4);
    await act(tracker, "aaaa", { kind: "move", mention, into: "bbbb" });
    await opened.store.table(issueAssignmentRows).write(
      [
        {
          tracker,
          mentionId: mention,
          clusterId: "c1",
          similarity: 1,
          voice: "v",
          copyOf: "",
          copyBy: "",
          modelVersion: "next",
          by: "",
          at: "2030-01-01T00:00:00.000Z",
        },
      ],
      signal,
    );
    expect(await mentionsOf(tracker)).toMatchObject({ bbbb: "4 5 6" });
  });
});
