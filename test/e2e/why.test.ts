import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeRows } from "../../schemas/issue-rows.ts";
import { cliOutput, runCli } from "../support/cli.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { hear, judge } from "../support/heard-issues.ts";

const ISSUE = "k7late0001";
const DAY_MS = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00.000Z");
const iso = (day: number) => new Date(START + day * DAY_MS).toISOString();

/** One story, told in the order of its tests. */
describe.sequential("why, sheet, verdict, agenda and register on the command line", () => {
  let opened: TestStore;
  let folder: string;
  const me = userInfo().username;
  const options = () => ["--config", join(folder, "earshot.yaml")];
  const earshot = (...args: string[]) => cliOutput([...args, ...options()]);

  beforeAll(async () => {
    opened = await openTestStore();
    folder = await mkdtemp(join(tmpdir(), "earshot-why-"));
    const config = `clickhouse: { url: "${opened.url}", user: writer, password: w }\ndataDir: ${folder}\n`;
    await writeFile(join(folder, "earshot.yaml"), config);
    await hear(
      opened.store,
      "acme",
      Array.from({ length: 40 }, (_, nth) => ({
        issue: nth % 2 === 0 ? ISSUE : "other",
        authorId: `customer ${nth}`,
        publishedAt: iso(nth),
      })),
    );
    await judge(opened.store, {
      issueId: ISSUE,
      title: "late \u001b[31mparcels",
      firstAt: iso(0),
      lastAt: iso(38),
    });
    await judge(opened.store, { issueId: "other", firstAt: iso(1), lastAt: iso(39) });
    await opened.store.table(changeRows).write(
      [
        {
          id: "courier",
          tracker: "acme",
          kind: "fix",
          at: iso(35),
          endsAt: null,
          title: "another courier",
          description: "",
          url: "",
          version: "",
          platform: "",
          country: "",
          product: "",
          fixes: [ISSUE],
          origin: "test",
          by: "",
          recordedAt: iso(35),
          isRemoved: false,
        },
      ],
      AbortSignal.timeout(60_000),
    );
  });
  afterAll(async () => {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("says why, with the statements where asked, and nothing that drives the terminal", async () => {
    const text = await earshot("issues", "why", "k7la", "--at", iso(40), "--show-sql");
    expect(text).toContain(`${ISSUE} of acme: late  [31mparcels`);
    expect(text).toMatch(/Onset: .*heard days/);
    expect(text).toContain("Not tested: version (known of 0 of the issue's people; 10 are needed)");
    expect(text).toContain("-- contrasted_mentions\nWITH");
    expect(text).not.toMatch(/\u001b/);
  });

  it("says whether a change mended it, or how many more days it takes", async () => {
    const text = await earshot("issues", "verdict", ISSUE, "--at", iso(40));
    expect(text).toContain('fix "another courier" of 2026-02-05 (courier)');
    expect(text).toMatch(/^too early: /m);
  });

  it("puts what is decided on the agenda, and publishes only what may be", async () => {
    const why = ["--decision", "will_not", "--reason", "It is the courier's", "--review-on", "2099-01-01"];
    const said = await earshot(
      "agenda",
      "decide",
      "k7la",
      ...why,
      "--owner",
      "Bea",
      "--public",
      "--public-text",
      "Parcels",
    );
    expect(said).toMatch(new RegExp(`^${ISSUE}: will not, says ${me}\\. Undo: earshot issues undo \\w+\n$`));
    const unnamed = await earshot("agenda", "decide", "other", ...why, "--public", "--tracker", "acme");
    expect(unnamed).toContain("other is public and not published yet");
    expect(await earshot("agenda")).toMatch(/will not .*k7late0001 .*Bea/);
    const file = join(folder, "agenda.html");
    await earshot("agenda", "--public", "--format", "html", "--out", file);
    const page = await readFile(file, "utf8");
    expect(page).toContain("Parcels");
    expect(page).not.toMatch(/Bea|other|late/);
    const wrong = await runCli(["agenda", "decide", ISSUE, ...why, "--decision", "perhaps", ...options()]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("--decision")]);
  });

  it("keeps a register of what may be said", async () => {
    const entry = ["--symptom", "no parcel", "--wording", "We know of it.", "--must-not-promise", "a day"];
    expect(await earshot("register", "set", ISSUE, ...entry)).toContain(
      `${ISSUE} is in the register, says ${me}`,
    );
    expect(await earshot("register")).toMatch(
      /^k7late0001 of acme: no parcel\n.*will not.*\n {2}Say: +We know of it\.\n {2}Must not promise: a day\n$/,
    );
    expect(await earshot("register", "--q", "nothing of it")).toBe(
      "No entry of the register is like that.\n",
    );
  });

  it("fills the sheet, with what was decided, and writes it to a file", async () => {
    const file = join(folder, "sheet.md");
    expect(await earshot("issues", "sheet", ISSUE, "--out", file)).toBe(`${file}\n`);
    const sheet = await readFile(file, "utf8");
    expect(sheet).toContain("## WHAT happened");
    expect(sheet).toContain("Will not: It is the courier's");
    expect(sheet).toContain("- [ ] What is the root cause?");
  });
});
