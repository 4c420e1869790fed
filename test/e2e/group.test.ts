import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";

interface Line {
  readonly id: string;
  readonly issue?: string;
  readonly similarity?: number;
  readonly error?: { readonly code: string; readonly line: number };
}

interface Summary {
  readonly issue: string;
  readonly title: string;
  readonly terms: readonly string[];
  readonly quotes: readonly { readonly id: string; readonly text: string }[];
  readonly mentions: number;
  readonly voices: number;
  readonly days: number;
  readonly channels: number;
  readonly firstAt: string | null;
  readonly verdict: string | null;
  readonly flags: readonly string[];
  readonly reason: string;
}

const DAY_MS = 86_400_000;
const at = (day: number, hour = 9): string =>
  new Date(Date.parse("2026-03-02T00:00:00Z") + day * DAY_MS + hour * 3_600_000).toISOString();

/** The same trouble in the words of many, over six weeks; one who is loud; one who is repeated; one nobody else has. */
function story() {
  const lost = [
    "My parcel never arrived, where is it?",
    "still waiting for my package, it should be here by now",
    "The parcel was not delivered",
    "Where is my parcel? It has not arrived.",
    "my package has not come yet",
    "Parcel still not delivered after a week",
    "I never received my package",
    "the package did not arrive",
  ];
  const many = Array.from({ length: 24 }, (_, turn) => ({
    id: `lost-${turn}`,
    text: `${lost[turn % lost.length] ?? ""} ${["", "Please help.", "Any news?"][Math.floor(turn / lost.length)] ?? ""}`.trim(),
    who: `customer ${turn}`,
    when: at(turn * 1.7),
    where: turn % 2 === 0 ? "x" : "reddit",
  }));
  const loud = Array.from({ length: 20 }, (_, turn) => ({
    id: `loud-${turn}`,
    text: `The chocolate cake tasted of soap! Number ${turn} of my posts about it, and I will go on`,
    who: "angry ann",
    when: at(turn * 2, 11),
    where: "x",
  }));
  const storm = Array.from({ length: 20 }, (_, turn) => ({
    id: `storm-${turn}`,
    text: "A waiter sang the whole opera menu to my grandmother and she cried with joy",
    who: `fan ${turn}`,
    when: at(20, 1 + turn / 4),
    where: "x",
    shared: turn === 0 ? undefined : "storm-0",
  }));
  const alone = { id: "alone", text: "My invoice lists a horse saddle", who: "bo", when: at(5), where: "x" };
  return [...many, ...loud, ...storm, alone].sort((a, b) => a.when.localeCompare(b.when));
}

const FIELDS = [
  "--text",
  "text",
  "--author",
  "who",
  "--time",
  "when",
  "--channel",
  "where",
  "--repost-of",
  "shared",
];

describe("earshot group", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-group-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function aFile(name: string, rows: readonly object[]): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return path;
  }
  const linesOf = <T>(text: string): T[] =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as T);

  it("tells what recurs from one who is loud, one who is repeated and one alone", async () => {
    const rows = story();
    const issues = join(folder, "issues.jsonl");
    const file = await aFile("story.jsonl", rows);
    const { code, stdout } = await runCli(["group", file, ...FIELDS, "--issues", issues]);
    expect(code).toBe(0);
    const lines = linesOf<Line>(stdout);
    expect(lines.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    const summaries = linesOf<Summary>(await readFile(issues, "utf8"));
    const ofMost = (prefix: string): Summary | undefined => {
      const counts = new Map<string, number>();
      for (const { id, issue = "" } of lines)
        if (id.startsWith(prefix)) counts.set(issue, (counts.get(issue) ?? 0) + 1);
      const [most] = [...counts].sort((a, b) => b[1] - a[1]);
      return summaries.find(({ issue }) => issue === most?.[0]);
    };
    const recurring = ofMost("lost-");
    expect(recurring?.verdict).toMatch(/^(?:recurring|escalating)$/);
    expect(recurring?.channels).toBe(2);
    expect(recurring?.voices).toBeGreaterThanOrEqual(5);
    expect(recurring?.reason).toMatch(/people, \d+ days, 2 channels/);
    expect(`${recurring?.title}`).toMatch(/parcel|package|arrive/i);
    expect(recurring?.quotes.length).toBeGreaterThan(0);
    expect(ofMost("loud-")).toMatchObject({ mentions: 20, voices: 1 });
    expect(ofMost("loud-")?.verdict).not.toBe("recurring");
    expect(ofMost("storm-")).toMatchObject({ mentions: 20, voices: 1, flags: ["viral"] });
    expect(ofMost("storm-")?.verdict).not.toBe("recurring");
    expect(ofMost("alone")).toMatchObject({ mentions: 1, voices: 1, verdict: "single" });
  });

  it("gives every line an issue and no verdict where nobody knows when it was said", async () => {
    const issues = join(folder, "undated.jsonl");
    const file = await aFile("undated-in.jsonl", [{ text: "late again" }, { text: "" }, { text: "😡" }]);
    const { code, stdout } = await runCli(["group", file, "--text", "text", "--issues", issues]);
    expect(code).toBe(0);
    expect(linesOf<Line>(stdout).map(({ id, issue }) => [id, typeof issue])).toEqual([
      ["1", "string"],
      ["2", "string"],
      ["3", "string"],
    ]);
    const verdicts = linesOf<Summary>(await readFile(issues, "utf8")).map(({ verdict }) => verdict);
    expect(new Set(verdicts)).toEqual(new Set([null]));
  });

  it("takes issues that are known as they are", async () => {
    const rows = story().map((row) => ({ ...row, known: row.id.split("-")[0] }));
    const file = await aFile("known.jsonl", rows);
    const { stdout } = await runCli(["group", file, ...FIELDS, "--issue", "known"]);
    expect(linesOf<Line>(stdout).map(({ issue }) => issue)).toEqual(rows.map(({ known }) => known));
  });

  it("gives the same answer twice", async () => {
    const file = await aFile("twice.jsonl", story());
    const [first, second] = await Promise.all([0, 1].map(() => runCli(["group", file, ...FIELDS])));
    expect(first?.stdout).toBe(second?.stdout);
  });

  it("judges at the time it is told, and knows when nothing was heard", async () => {
    const issues = join(folder, "covered.jsonl");
    const file = await aFile("covered-in.jsonl", story());
    const coverage = await aFile("coverage.jsonl", [
      { source: "x", hour: at(41, 0), state: "complete" },
      { from: at(41, 1), to: at(80, 0), state: "none" },
    ]);
    const judged = async (...more: string[]) => {
      await runCli(["group", file, ...FIELDS, "--as-of", at(140), "--issues", issues, ...more]);
      const all = linesOf<Summary>(await readFile(issues, "utf8"));
      return all.find(({ mentions, voices }) => mentions > 10 && voices >= 5);
    };
    const [unheard, silent] = [await judged("--coverage", coverage), await judged()];
    expect(unheard?.flags).toContain("partly_heard");
    expect(silent?.flags).not.toContain("partly_heard");
    expect(silent?.flags).toContain("quiet");
  });

  it("answers a broken line with its error, judges the others, and ends with code 1", async () => {
    const file = join(folder, "broken.jsonl");
    await writeFile(file, '{"text":"one"}\n{"text":\n{"text":"three"}\n');
    const { code, stdout, stderr } = await runCli(["group", file, "--text", "text"]);
    expect(code).toBe(1);
    expect(linesOf<Line>(stdout).map(({ error }) => error?.line)).toEqual([undefined, 2, undefined]);
    expect(stderr).toContain("1 of 3 records could not be read");
  });

  it("says which line of a file of coverage is none, and what one looks like", async () => {
    const file = await aFile("fine.jsonl", story());
    const coverage = await aFile("odd.jsonl", [{ hour: at(1), state: "none" }, { hour: "noonish" }]);
    const { code, stderr } = await runCli(["group", file, ...FIELDS, "--coverage", coverage]);
    expect(code).toBe(2);
    expect(stderr).toContain("Line 2 of");
    expect(stderr).toContain('"noonish" is no time');
  });
});
