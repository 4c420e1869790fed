import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { actOnIssue } from "../../../actions/act-on-issue.ts";
import { correctMention } from "../../../actions/correct-mention.ts";
import { purgeDeleted } from "../../../actions/purge-deleted.ts";
import { detectIssues, openDetector } from "../../../cli/detect/detect-issues.ts";
import { meaningModelFile } from "../../../cli/reading.ts";
import type { Context } from "../../../core/context.ts";
import type { Query } from "../../../core/contracts.ts";
import { EarshotError } from "../../../core/errors.ts";
import { readMeaningModel } from "../../../processors/embed-text/meaning-model.ts";
import { sampleTexts } from "../../../queries/detect-mentions.ts";
import { issueMentions } from "../../../queries/issue-mentions.ts";
import { issues } from "../../../queries/issues.ts";
import type { Enrichment } from "../../../schemas/enrichment.ts";
import type { IssueRequest } from "../../../schemas/issue.ts";
import { issueAssignmentRows, issueClusterRows, exposureRows } from "../../../schemas/issue-rows.ts";
import { mentionRows } from "../../../schemas/rows.ts";
import { aContext, aMention, anAssignment, anEnrichment } from "../../support/builders.ts";
import { openTestStore, type TestStore } from "../../support/embedded-store.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-03-30T10:00:00.000Z");
const { signal } = new AbortController();

/** Two things that go wrong for many, each said in other words, and one thing that went wrong once. */
const LATE = [
  "My parcel is a week late and nobody answers",
  "The parcel arrived four days late again",
  "Parcel late, still waiting after a week",
  "Where is my parcel? It is days late",
  "another late parcel, a whole week this time",
];
const LOGIN = [
  "I cannot log in to the app since the update",
  "The app will not let me log in after updating",
  "Login in the app fails since the last update",
  "can't log in to your app any more",
  "The app rejects my login after the update",
];
const ONCE = "The driver kicked my garden gnome to pieces";

/** How something is said: day by day, by somebody else each time, unless told otherwise. */
interface Saying {
  /** Days before now that it is said first, and between two. */
  readonly from?: number;
  readonly every?: number;
  readonly prefix?: string;
  readonly isTracked?: boolean;
  readonly isComplaint?: boolean;
  readonly threats?: Enrichment["threats"];
  readonly fields?: Parameters<typeof aMention>[0];
}

describe("detecting issues", () => {
  const model = readMeaningModel(meaningModelFile);
  let opened: TestStore;
  let now = NOW;
  let tracker = "";
  let turn = 0;
  const context: Context = { ...aContext(), now: () => new Date(now) };

  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    now = NOW;
    tracker = `acme-${(turn += 1)}`;
  });

  const ask = <P extends z.ZodObject, R extends z.ZodObject>(query: Query<P, R>, params: z.infer<P>) =>
    opened.store.query(query.statement(params), query.row);
  const open = () => openDetector({ tracker, model, app: { ask, store: opened.store, context } });

  async function say(
    texts: readonly string[],
    {
      from = 28,
      every = 2,
      prefix = "m",
      isTracked = true,
      isComplaint = true,
      threats = [],
      fields,
    }: Saying = {},
  ): Promise<string[]> {
    const ids = texts.map((_, index) => `x:${tracker}-${prefix}${index}`);
    await opened.store.table(mentionRows).write(
      texts.map((text, index) => {
        const id = ids[index] ?? "";
        const at = new Date(NOW - (from - index * every) * DAY_MS).toISOString();
        return {
          type: "upsert" as const,
          mention: aMention({
            nativeId: id.slice(2),
            trackers: isTracked ? [tracker] : [],
            authorId: `${prefix}${index}`,
            text,
            publishedAt: at,
            observedAt: at,
            ...fields,
          }),
          enrichment: anEnrichment({
            complaint: { isComplaint, confidence: 0.9, evidence: [] },
            threats,
            processedAt: new Date(now).toISOString(),
          }),
        };
      }),
      signal,
    );
    return ids;
  }
  const act = (issueId: string, request: IssueRequest) =>
    actOnIssue({ store: opened.store, tracker, issueId, request, by: "ann", context }, signal);
  const listed = async () => ask(issues, issues.params.parse({ tracker }));
  const rowsOf = (sql: string, params: object = {}) =>
    opened.store.query(
      { sql, params: { tracker, ...params } },
      z.record(z.string(), z.union([z.string(), z.number()])),
    );
  const issueOf = async (id: string): Promise<string> => {
    const sql =
      "SELECT issue_id FROM issue_mentions WHERE tracker = {tracker:String} AND mention_id = {id:String}";
    const [found] = await rowsOf(sql, { id });
    return String(found?.["issue_id"] ?? "");
  };

  it("tells what recurs from what happened once, in people", async () => {
    const late = await say(LATE, { prefix: "late" });
    await say(LOGIN, { prefix: "login", from: 20 });
    const [once = ""] = await say([ONCE], { prefix: "once", from: 10 });
    const detector = await open();
    expect(await detector.round(signal)).toEqual({ assigned: 11, judged: 3 });
    const found = await listed();
    expect(found.map(({ voices, mentions }) => [voices, mentions])).toEqual([
      [5, 5],
      [5, 5],
      [1, 1],
    ]);
    expect(await issueOf(late[0] ?? "")).toBe(await issueOf(late[4] ?? ""));
    const single = found.find(({ voices }) => voices === 1);
    expect(single).toMatchObject({ verdict: "single", title: ONCE, quotes: [once], relook_on: "2026-04-19" });
    expect(found[0]?.reason).toMatch(/5 people/);
  });

  it("judges rates per the exposure the config names, of all versions together", async () => {
    await say(LATE, { prefix: "late", from: 9, every: 1 });
    const exposures = Array.from({ length: 28 }, (_, back) => {
      const day = new Date(NOW - back * DAY_MS).toISOString().slice(0, 10);
      const shared = { tracker, day, by: "ann", recordedAt: new Date(now).toISOString() };
      return [
        { ...shared, measure: "orders", version: "", count: 100 },
        ...(back < 20
          ? ["5.1", "5.2"].map((version) => ({ ...shared, measure: "installs", version, count: 1_000 }))
          : []),
      ];
    }).flat();
    await opened.store.table(exposureRows).write(exposures, signal);
    const exposureOf = async (measure?: string) => {
      now += 60_000;
      const app = { ask, store: opened.store, context, config: { exposureMeasure: measure } };
      await opened.store.command("TRUNCATE TABLE issue_judgement_rows");
      await opened.store.command("TRUNCATE TABLE issue_rows");
      await (await openDetector({ tracker, model, app })).round(signal);
      return (await listed())[0]?.rate_exposure;
    };
    const [most, named] = [await exposureOf(), await exposureOf("installs")];
    // from the first report on, up to now
    expect(most).toBeCloseTo(9.4 * 100, -2);
    expect(named).toBeCloseTo(9.4 * 2_000, -3);
  });

  it("has nothing to do when nothing came", async () => {
    await say(LATE);
    const detector = await open();
    await detector.round(signal);
    now += 60_000;
    expect(await detector.round(signal)).toEqual({ assigned: 0, judged: 0 });
  });

  it("keeps issues, ids and verdicts over a restart, and puts what comes later into them", async () => {
    const late = await say(LATE, { prefix: "late" });
    await say(LOGIN, { prefix: "login", from: 20 });
    await (await open()).round(signal);
    const before = await listed();
    const again = await open();
    now += 60_000;
    expect(await again.round(signal)).toEqual({ assigned: 0, judged: 0 });
    expect(await listed()).toEqual(before);
    const [next = ""] = await say(["my parcel is days late and nobody answers"], { prefix: "next", from: 1 });
    expect(await again.round(signal)).toMatchObject({ assigned: 1 });
    expect(await issueOf(next)).toBe(await issueOf(late[0] ?? ""));
  });

  it("reads no text again after a restart, but of clusters that lost some, and of all for another model", async () => {
    const late = await say(LATE, { prefix: "late" });
    await say(LOGIN, { prefix: "login", from: 20 });
    await (await open()).round(signal);
    const before = await listed();
    const readAtRestart = async (meanings = model) => {
      const read: string[] = [];
      const listening: typeof ask = (query, params) => {
        if (query.name === sampleTexts.name) read.push(...(params as { ids: string[] }).ids);
        return ask(query, params);
      };
      const app = { ask: listening, store: opened.store, context };
      const detector = await openDetector({ tracker, model: meanings, app });
      now += 11 * 60_000;
      await detector.round(signal);
      return read;
    };
    expect(await readAtRestart()).toEqual([]);
    expect(await listed()).toEqual(before);
    for (const meanings of [{ ...model, id: "another" }, model])
      expect(await readAtRestart(meanings)).toHaveLength(LATE.length + LOGIN.length);
    const [gone = ""] = late;
    const observedAt = new Date(now).toISOString();
    const leaving = {
      type: "delete" as const,
      id: gone,
      source: "test",
      trackers: [tracker],
      reason: "gone",
    };
    await opened.store.table(mentionRows).write([{ ...leaving, observedAt }], signal);
    const read = await readAtRestart();
    expect(read).not.toContain(gone);
    expect(new Set(await Promise.all(read.map(issueOf)))).toEqual(new Set([await issueOf(late[1] ?? "")]));
    expect(await readAtRestart()).toEqual([]);
  });

  it("changes no verdict when a day is stored again", async () => {
    await say(LATE, { prefix: "late" });
    await say(LOGIN, { prefix: "login", from: 20 });
    const detector = await open();
    await detector.round(signal);
    const before = await listed();
    now += 60_000;
    await say(LATE, { prefix: "late" });
    expect(await detector.round(signal)).toEqual({ assigned: 0, judged: 0 });
    expect(await listed()).toEqual(before);
  });

  it("hears copies as the voice they repeat, also after a restart, and links them", async () => {
    const text = "Never again: they lost both of my parcels and then hung up on me twice";
    const [first = ""] = await say([text], { prefix: "first", from: 5 });
    await (await open()).round(signal);
    const copies = await say([text, text], { prefix: "copy", from: 4, every: 1 });
    await (await open()).round(signal);
    const found = await listed();
    expect(found.map(({ mentions, voices, reports }) => [mentions, voices, reports])).toEqual([[3, 1, 1]]);
    const rows = await ask(
      issueMentions,
      issueMentions.params.parse({ tracker, issue: found[0]?.issue_id, mention: copies }),
    );
    expect(rows.map(({ copy_of, copy_by }) => [copy_of, copy_by])).toEqual([
      [first, "text"],
      [first, "text"],
    ]);
  });

  it("follows a person who makes two issues one, with what is said later too, and lets it be undone", async () => {
    const late = await say(LATE, { prefix: "late" });
    const login = await say(LOGIN, { prefix: "login", from: 20 });
    const detector = await open();
    await detector.round(signal);
    const [kept, gone] = [await issueOf(late[0] ?? ""), await issueOf(login[0] ?? "")];
    now += 1_000;
    const merged = await act(gone, { kind: "merge", into: kept, note: "" });
    now += 1_000;
    const [later = ""] = await say(["The app rejects my login since the update"], {
      prefix: "later",
      from: 1,
    });
    await detector.round(signal);
    expect(await issueOf(later)).toBe(kept);
    expect((await listed()).map(({ issue_id, voices }) => [issue_id, voices])).toEqual([[kept, 11]]);
    now += 1_000;
    await act(gone, { kind: "undo", event: merged.id, note: "" });
    now += 1_000;
    await detector.round(signal);
    expect(await issueOf(later)).toBe(gone);
    expect((await listed()).map(({ issue_id, voices }) => [issue_id, voices])).toEqual([
      [gone, 6],
      [kept, 5],
    ]);
  });

  it("takes along what came into an issue while a person merged it away", async () => {
    const late = await say(LATE, { prefix: "late" });
    const login = await say(LOGIN, { prefix: "login", from: 20 });
    const detector = await open();
    await detector.round(signal);
    const [kept, gone] = [await issueOf(late[0] ?? ""), await issueOf(login[0] ?? "")];
    now += 1_000;
    await act(gone, { kind: "merge", into: kept, note: "" });
    // as a detector that had not heard of it yet would have written
    const [racing = ""] = await say([ONCE], { prefix: "racing", from: 1 });
    const at = new Date(now).toISOString();
    await opened.store
      .table(issueClusterRows)
      .write([{ tracker, clusterId: "racing", issueId: gone, by: "", at }], signal);
    await opened.store
      .table(issueAssignmentRows)
      .write([anAssignment({ tracker, mentionId: racing, clusterId: "racing" })], signal);
    const restarted = await open();
    now += 1_000;
    await restarted.round(signal);
    expect(await issueOf(racing)).toBe(kept);
  });

  it("lets what is like a mention that a person took out follow it", async () => {
    const late = await say([...LATE, "The parcel was late and the driver swore at my daughter"], {
      prefix: "late",
    });
    const detector = await open();
    await detector.round(signal);
    const [taken = ""] = late.slice(-1);
    const from = await issueOf(taken);
    now += 1_000;
    await act(from, { kind: "move", mention: taken, note: "" });
    now += 1_000;
    const [alike = ""] = await say(["Parcel was late and then the driver swore at my son"], {
      prefix: "alike",
      from: 1,
    });
    await detector.round(signal);
    const own = await issueOf(taken);
    expect(own).not.toBe(from);
    expect(await issueOf(alike)).toBe(own);
    expect(await issueOf(late[0] ?? "")).toBe(from);
  });

  it("takes a mention that people call no complaint out of its issue, and lists an emptied one no longer", async () => {
    const [only = ""] = await say([ONCE], { prefix: "once", from: 3 });
    const detector = await open();
    await detector.round(signal);
    expect(await listed()).toHaveLength(1);
    const request = { field: "intent" as const, value: "praise" as const, note: "" };
    await correctMention({ store: opened.store, mentionId: only, request, by: "ann", context }, signal);
    now += 2 * 60 * 60_000;
    await detector.round(signal);
    expect(await listed()).toEqual([]);
  });

  it("hears of what people call a complaint at once, however long ago it was stored", async () => {
    now = NOW - 60 * DAY_MS;
    const [said = ""] = await say([ONCE], { prefix: "praise", from: 80, isComplaint: false });
    now = NOW;
    const detector = await open();
    expect(await detector.round(signal)).toEqual({ assigned: 0, judged: 0 });
    const request = { field: "intent" as const, value: "complaint" as const, note: "" };
    await correctMention({ store: opened.store, mentionId: said, request, by: "ann", context }, signal);
    now += 6_000;
    expect(await detector.round(signal)).toEqual({ assigned: 1, judged: 1 });
  });

  it("lists what is dated later than now, as of a clock that is ahead, and what has no words, and is quiet then", async () => {
    const ahead = new Date(NOW + 3 * 60 * 60_000).toISOString();
    await say([ONCE], { prefix: "ahead", fields: { publishedAt: ahead, observedAt: ahead } });
    await say([""], { prefix: "stars", fields: { rating: 1, ratingMax: 5 } });
    const detector = await open();
    expect(await detector.round(signal)).toEqual({ assigned: 2, judged: 2 });
    expect((await listed()).map(({ voices, verdict }) => [voices, verdict])).toEqual([
      [1, "single"],
      [1, "single"],
    ]);
    now += 11 * 60_000;
    expect(await detector.round(signal)).toEqual({ assigned: 0, judged: 0 });
  });

  it("names an issue of which only reposts were heard by one of them, once", async () => {
    const reposts = await say([ONCE, ONCE, ONCE], { prefix: "repost", fields: { amplifiesId: "x:unheard" } });
    const detector = await open();
    await detector.round(signal);
    expect(await listed()).toMatchObject([
      { title: ONCE, quotes: reposts.slice(0, 1), newest_id: reposts[2], mentions: 3 },
    ]);
    now += 11 * 60_000;
    expect(await detector.round(signal)).toEqual({ assigned: 0, judged: 0 });
  });

  it("has an issue with its quotes again once its merge is undone, and judges nothing for a new name", async () => {
    const late = await say(LATE, { prefix: "late" });
    const login = await say(LOGIN, { prefix: "login", from: 20 });
    const detector = await open();
    await detector.round(signal);
    const before = await listed();
    const [kept, gone] = [await issueOf(late[0] ?? ""), await issueOf(login[0] ?? "")];
    now += 1_000;
    const merged = await act(gone, { kind: "merge", into: kept, note: "" });
    now += 1_000;
    await detector.round(signal);
    now += 1_000;
    await act(gone, { kind: "undo", event: merged.id, note: "" });
    now += 1_000;
    await detector.round(signal);
    const quotesOf = (rows: typeof before) => new Map(rows.map((row) => [row.issue_id, row.quotes.length]));
    expect(quotesOf(await listed())).toEqual(quotesOf(before));
    now += 6_000;
    await act(gone, { kind: "rename", title: "Locked out", note: "" });
    expect(await detector.round(signal)).toEqual({ assigned: 0, judged: 0 });
  });

  it("finishes a merge that another act on the same issue crossed", async () => {
    const late = await say(LATE, { prefix: "late" });
    const login = await say(LOGIN, { prefix: "login", from: 20 });
    const detector = await open();
    await detector.round(signal);
    const [kept, gone] = [await issueOf(late[0] ?? ""), await issueOf(login[0] ?? "")];
    const rows = await rowsOf(
      "SELECT DISTINCT cluster_id FROM issue_assignments WHERE tracker = {tracker:String} AND mention_id LIKE '%login%'",
    );
    now += 1_000;
    await act(gone, { kind: "merge", into: kept, note: "" });
    now += 1_000;
    // as of somebody who read the issue before it was merged
    const at = new Date(now).toISOString();
    await opened.store.table(issueClusterRows).write(
      rows.map((row) => ({ tracker, clusterId: String(row["cluster_id"]), issueId: gone, by: "bob", at })),
      signal,
    );
    await detector.round(signal);
    now += 11 * 60_000;
    await detector.round(signal);
    expect((await listed()).map(({ issue_id, voices }) => [issue_id, voices])).toEqual([[kept, 10]]);
  });

  it("keeps nobody's words once they were deleted", async () => {
    const [only = ""] = await say([ONCE], { prefix: "once", from: 3 });
    const detector = await open();
    await detector.round(signal);
    const observedAt = new Date(NOW).toISOString();
    await opened.store
      .table(mentionRows)
      .write(
        [{ type: "delete", id: only, source: "test", trackers: [tracker], reason: "gone", observedAt }],
        signal,
      );
    now += 11 * 60_000;
    await detector.round(signal);
    await purgeDeleted(opened.store);
    const left = `SELECT issue_id FROM issue_verdicts WHERE tracker = {tracker:String} AND position(title, 'gnome') > 0
UNION ALL SELECT mention_id FROM issue_assignments WHERE tracker = {tracker:String}
UNION ALL SELECT cluster_id FROM issue_cluster_sum_rows WHERE tracker = {tracker:String}`;
    expect(await rowsOf(left)).toEqual([]);
  });

  it("loses nothing and ends as ever, whichever write the store is away at", async () => {
    /** What becomes of what is said where the `nth` write fails. */
    async function outcome(nth: number): Promise<unknown> {
      tracker = `away-${turn}-${nth}`;
      await say(LATE, { prefix: "late" });
      await say(LOGIN, { prefix: "login", from: 20 });
      await say([ONCE], { prefix: "once", from: 10 });
      let writes = 0;
      const stopping = new AbortController();
      const store: typeof opened.store = {
        ...opened.store,
        table: (spec) => {
          const sink = opened.store.table(spec);
          return {
            ...sink,
            async write(records, aborted) {
              if (records.length > 0 && ++writes === nth)
                throw new EarshotError("sink_unavailable", "The store is away.");
              await sink.write(records, aborted);
              if (sink.name === "issue_judgement_rows" && records.length > 0) stopping.abort();
            },
          };
        },
      };
      await detectIssues({ tracker, model, app: { ask, store, context } }, stopping.signal);
      expect(writes).toBeGreaterThan(nth);
      return {
        issues: (await listed())
          .map(({ voices, mentions, title, verdict }) => ({ voices, mentions, title, verdict }))
          .sort((one, other) => (one.title < other.title ? -1 : 1)),
        said: await rowsOf(
          "SELECT similarity FROM issue_assignments WHERE tracker = {tracker:String} ORDER BY mention_id",
        ).then((rows) => rows.map((row) => row["similarity"])),
      };
    }
    const undisturbed = await outcome(0);
    expect(undisturbed).toMatchObject({ issues: [{ voices: 5 }, { voices: 5 }, { voices: 1 }] });
    // clusters, assignments, what looking at everything again moves, judgements
    for (const nth of [1, 2, 3, 4]) expect(await outcome(nth), `write ${nth}`).toEqual(undisturbed);
  });

  it("puts every mention into one issue, also when two follow a tracker by mistake", async () => {
    const [one, other] = [await open(), await open()];
    await say(LATE, { prefix: "late" });
    await Promise.all([one.round(signal), other.round(signal)]);
    await say(LOGIN, { prefix: "login", from: 20 });
    now += 6_000;
    await Promise.all([other.round(signal), one.round(signal)]);
    now += 6_000;
    const restarted = await open();
    await restarted.round(signal);
    expect((await listed()).map(({ voices, mentions }) => [voices, mentions])).toEqual([
      [5, 5],
      [5, 5],
    ]);
  });

  it("raises one voice that tells of danger", async () => {
    await say(["The charger caught fire and burnt my hand"], {
      prefix: "fire",
      from: 2,
      threats: [{ kind: "safety", span: null }],
    });
    await (await open()).round(signal);
    expect(await listed()).toMatchObject([{ verdict: "recurring", flags: ["severe"], voices: 1 }]);
  });

  it("groups what belongs to no tracker together", async () => {
    const before = tracker;
    tracker = "untracked";
    await say(LATE, { prefix: `${before}-none`, isTracked: false });
    await (await open()).round(signal);
    expect((await listed()).map(({ voices }) => voices)).toEqual([5]);
  });
});
