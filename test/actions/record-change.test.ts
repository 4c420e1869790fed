import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { recordChange, recordChanges, removeChange } from "../../actions/record-change.ts";
import { changes } from "../../queries/changes.ts";
import type { ChangeRequest } from "../../schemas/change.ts";
import { WrittenChange } from "../../schemas/written-change.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { hear, tell } from "../support/heard-issues.ts";

const signal = AbortSignal.timeout(60_000);
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

const aChange = (fields: Partial<z.input<typeof WrittenChange>> = {}): ChangeRequest =>
  WrittenChange.parse({ kind: "release", title: "5.2", at: "2026-02-20", tracker: "acme", ...fields });

const told = (now = "2026-03-02T10:00:00.000Z") => ({
  store: opened.store,
  origin: "cli",
  by: "ann",
  context: aContext(now),
});

const ask = (params: object = {}) =>
  opened.reader.query(changes.statement(changes.params.parse(params)), changes.row);

const titles = async (params: object) => (await ask(params)).map(({ title }) => title);

describe("telling of a change", () => {
  it("keeps everything that was said, clean, with who said it", async () => {
    const change = aChange({
      id: "all",
      title: "5.2\u0007 for\u0000 all",
      at: "2026-02-20T10:00:00+02:00",
      endsAt: "2026-02-21 08:30",
      description: "More\u001b[31m of it",
      url: "https://acme.example/5.2",
      version: "5.2",
      platform: "ios",
      country: "DE",
      product: "App",
      fixes: ["abc", "abc", "def"],
    });
    const recorded = await recordChange({ ...told(), change }, signal);
    expect(recorded).toMatchObject({ id: "all", title: "5.2 for all", by: "ann", isRemoved: false });
    expect((await ask()).find(({ id }) => id === "all")).toEqual({
      id: "all",
      tracker: "acme",
      kind: "release",
      at: "2026-02-20T08:00:00.000Z",
      ends_at: "2026-02-21T08:30:00.000Z",
      title: "5.2 for all",
      description: "More[31m of it",
      url: "https://acme.example/5.2",
      version: "5.2",
      platform: "ios",
      country: "DE",
      product: "App",
      fixes: ["abc", "def"],
      named: ["abc", "def"],
      origin: "cli",
      by: "ann",
      recorded_at: "2026-03-02T10:00:00.000Z",
    });
  });

  it("is meant for the issue of a mention that is named, and for the one an issue was merged into", async () => {
    const { store } = opened;
    await hear(store, "fixed", [
      { nativeId: "ticket", issue: "crash" },
      { nativeId: "other", issue: "charges" },
      { nativeId: "praise" },
    ]);
    const named = ["x:ticket", "x:praise", "charges", "never heard of"];
    const change = aChange({ id: "mended", tracker: "fixed", fixes: named });
    await recordChange({ ...told(), change }, signal);
    const mended = async () => (await ask({ tracker: "fixed" })).find(({ id }) => id === "mended");
    expect(await mended()).toMatchObject({ fixes: ["crash", "charges", "never heard of"], named });
    expect((await ask({ issue: "crash" })).map(({ id }) => id)).toEqual(["mended"]);

    for (const [issueId, into] of [
      ["charges", "payments"],
      ["payments", "billing"],
    ] as const)
      await tell(store, { tracker: "fixed", issueId, kind: "merge", payload: { into, clusters: [] } });
    expect((await mended())?.fixes).toEqual(["billing", "crash", "never heard of"]);
    expect((await ask({ issue: "billing" })).map(({ id }) => id)).toEqual(["mended"]);
    expect(await ask({ issue: "charges" })).toEqual([]);
  });

  it("of one tracker is not meant for the issues of another", async () => {
    const change = aChange({ id: "elsewhere", tracker: "birch", fixes: ["x:ticket"] });
    await recordChange({ ...told(), change }, signal);
    expect((await ask({ tracker: "birch" })).find(({ id }) => id === "elsewhere")?.fixes).toEqual([]);
  });

  it("twice is one change, and another time or title another", async () => {
    const [first, again, later, other] = await recordChanges(
      {
        ...told(),
        changes: [
          aChange({ title: "twice" }),
          aChange({ title: "twice", description: "said again" }),
          aChange({ title: "twice", at: "2026-02-21" }),
          aChange({ title: "twice", tracker: "birch" }),
        ],
      },
      signal,
    );
    expect(again?.id).toBe(first?.id);
    expect(new Set([first?.id, later?.id, other?.id]).size).toBe(3);
    const rows = (await ask({ from: "2026-02-20" })).filter(({ title }) => title === "twice");
    expect(rows).toHaveLength(3);
    expect(rows.find(({ id }) => id === first?.id)?.description).toBe("said again");
  });

  it("with the id of one that is there corrects it, also where the clock was ahead", async () => {
    await recordChange(
      { ...told("2026-03-09T10:00:00.000Z"), change: aChange({ id: "c", title: "wrong" }) },
      signal,
    );
    await recordChange({ ...told(), by: "bob", change: aChange({ id: "c", title: "right" }) }, signal);
    const rows = (await ask()).filter(({ id }) => id === "c");
    expect(rows).toMatchObject([{ title: "right", by: "bob", recorded_at: "2026-03-09T10:00:00.001Z" }]);
  });

  it("records hundreds at once", async () => {
    const many = Array.from({ length: 450 }, (_, n) => aChange({ title: `n${n}`, tracker: "many" }));
    await recordChanges({ ...told(), changes: many }, signal);
    await recordChanges({ ...told(), changes: many }, signal);
    expect((await ask({ tracker: "many" })).filter(({ tracker }) => tracker === "many")).toHaveLength(450);
  });
});

describe("taking a change back", () => {
  it("hides it until it is told again", async () => {
    const { id } = await recordChange({ ...told(), change: aChange({ title: "gone" }) }, signal);
    const removed = await removeChange({ ...told(), id, by: "bob" }, signal);
    expect(removed).toMatchObject({ id, title: "gone", by: "bob", isRemoved: true });
    expect((await ask()).map((row) => row.id)).not.toContain(id);
    await expect(removeChange({ ...told(), id }, signal)).rejects.toMatchObject({ code: "not_found" });
    await recordChange({ ...told(), change: aChange({ title: "gone" }) }, signal);
    expect((await ask()).map((row) => row.id)).toContain(id);
  });

  it("is refused where there never was one", async () => {
    const unknown = removeChange({ ...told(), id: "nobody told of this" }, signal);
    await expect(unknown).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the list of changes", () => {
  beforeAll(async () => {
    const at = "2025-05-05";
    await recordChanges(
      {
        ...told(),
        changes: [
          aChange({ title: "first", at: "2025-05-01", kind: "price", tracker: "cedar" }),
          aChange({ title: "second", at, kind: "fix", tracker: "cedar", fixes: ["issue1"] }),
          aChange({ title: "third", at: "2025-05-09", kind: "outage", tracker: "" }),
          aChange({ title: "theirs", at, tracker: "other" }),
        ],
      },
      signal,
    );
  });
  const may = { from: "2025-05-01", to: "2025-06-01" };

  it("gives those of a tracker beside those of every tracker, newest first", async () => {
    expect(await titles({ ...may, tracker: "cedar" })).toEqual(["third", "second", "first"]);
    expect(await titles({ ...may, tracker: "cedar,other" })).toHaveLength(4);
  });

  it("narrows to kinds, times, origins, and issues that are mended, and to so many", async () => {
    expect(await titles({ ...may, kind: "price,fix" })).toEqual(["second", "first"]);
    expect(await titles({ from: "2025-05-05", to: "2025-05-09", tracker: "cedar" })).toEqual(["second"]);
    expect(await titles({ ...may, issue: "issue1" })).toEqual(["second"]);
    expect(await titles({ ...may, origin: "api" })).toEqual([]);
    expect(await titles({ ...may, tracker: "cedar", limit: 1 })).toEqual(["third"]);
  });
});

describe("a change as people write it", () => {
  it.each<[object, string]>([
    [{ at: "2026-02-30" }, "at"],
    [{ at: "yesterday" }, "at"],
    [{ at: "2026-02-20T25:00:00Z" }, "at"],
    [{ at: "2026-02-20", endsAt: "2026-02-19" }, "endsAt"],
    [{ title: "\u0007\u200b " }, "title"],
    [{ kind: "party" }, "kind"],
    [{ url: "javascript:alert(1)" }, "url"],
    [{ fixes: [""] }, "fixes"],
    [{ colour: "red" }, ""],
  ])("%j is refused", (fields, where) => {
    const parsed = WrittenChange.safeParse({ kind: "fix", title: "x", at: "2026-02-20", ...fields });
    expect(String(parsed.error?.issues[0]?.path[0] ?? "")).toBe(where);
    expect(parsed.success).toBe(false);
  });

  it.each([
    ["2026-02-20", "2026-02-20T00:00:00.000Z"],
    ["2026-02-20 10:00", "2026-02-20T10:00:00.000Z"],
    ["2026-02-20T10:00:00.123456Z", "2026-02-20T10:00:00.123Z"],
    ["2026-02-20T10:00:00+0530", "2026-02-20T04:30:00.000Z"],
    ["2024-02-29 10:00:00.000", "2024-02-29T10:00:00.000Z"],
  ])("the time %s is %s", (written, at) => {
    expect(WrittenChange.parse({ kind: "fix", title: "x", at: written }).at).toBe(at);
  });
});
