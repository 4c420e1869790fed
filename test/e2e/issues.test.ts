import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aDataDir, cliOutput, runCli, startCli, type Running } from "../support/cli.ts";

interface ListedIssue {
  readonly issue_id: string;
  readonly title: string;
  readonly voices: number;
}

/** One story, told in the order of its tests. */
describe.sequential("issues on the command line", () => {
  let home: Awaited<ReturnType<typeof aDataDir>>;
  let folder: string;
  let running: Running;
  let url: string;
  const me = userInfo().username;

  const earshot = (...args: string[]) => cliOutput([...args, "--data", home.dataDir]);

  async function listed(): Promise<readonly ListedIssue[]> {
    const answer = await fetch(`${url}/api/v1/queries/issues`);
    return ((await answer.json()) as { rows: ListedIssue[] }).rows;
  }

  async function idOf(title: RegExp): Promise<string> {
    return (await listed()).find((issue) => title.test(issue.title))?.issue_id ?? "none";
  }

  beforeAll(async () => {
    home = await aDataDir();
    folder = await mkdtemp(join(tmpdir(), "earshot-issues-"));
  });
  afterAll(async () => {
    running.child.kill("SIGINT");
    await running.finished;
    await home.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it("are told how to come by while there are none, and are there once complaints are stored", async () => {
    expect(await earshot("issues")).toContain("There are no issues yet");
    const path = join(folder, "said.csv");
    const lines = [
      "id,author,text,date",
      "1,ann,My parcel never arrived and nobody answers,2026-02-01",
      "2,bob,The parcel never arrived. Still waiting,2026-02-03",
      "3,dee,The app crashes when I open the camera,2026-02-10",
      "4,eve,I was charged twice for one order,2026-02-11",
    ];
    await writeFile(path, lines.join("\n"));
    await earshot("import", path, "--platform", "shop", "--tracker", "acme", "--yes");
    running = startCli(["start", "--port", "0", "--data", home.dataDir]);
    [, url = ""] = await running.until(/listening: (http:\S+)/);
    await running.until(/"assigned":4,"judged":3/);
    expect(await earshot("issues", "single")).toMatch(/due 2026-03-12 .*nobody .*app crashes/);
    // two that follow one store would put the same mentions into issues of their own
    const { code, stderr } = await runCli(["detect", "--once", "--data", home.dataDir]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/already runs on .*earshot start/)]);
  });

  it("are merged by the first characters of their ids, shown with who did so, and undone", async () => {
    const crash = await idOf(/app crashes/);
    const charged = await idOf(/charged twice/);
    const said = await earshot("issues", "merge", crash.slice(0, 5), charged.slice(0, 5), "--note", "app");
    const event = /earshot issues undo (\w+)/.exec(said)?.[1] ?? "none";
    expect(await idOf(/app crashes/)).not.toBe(crash);
    const shown = await earshot("issues", "show", charged);
    expect(shown).toContain(`${me}: ${crash} merged into it (app)  [undo ${event}]`);
    expect(shown).toMatch(/people .*mentions .*channels/);
    const gone = await runCli(["issues", "show", crash, "--data", home.dataDir]);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining(`merged into ${charged}`)]);
    expect(await earshot("issues", "undo", event)).toContain("undone");
    const back = await fetch(`${url}/api/v1/queries/issue_mentions?tracker=acme&issue=${crash}`);
    expect(await back.json()).toMatchObject({ rows: [{ text: "The app crashes when I open the camera" }] });
  });

  it("are called isolated, and not by an id that nothing has", async () => {
    const id = await idOf(/parcel/i);
    const call = ["--reason", "one driver", "--until", "2099-01-01"];
    await earshot("issues", "isolate", id, ...call);
    const table = await earshot("issues", "list", "--verdict", "single,watch");
    expect(table).toMatch(new RegExp(`${id} .*isolated`));
    const { code, stderr } = await runCli(["issues", "isolate", "none", ...call, "--data", home.dataDir]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("There is no issue none")]);
  });

  it("are followed by hand where nothing runs", async () => {
    running.child.kill("SIGINT");
    await running.finished;
    expect(await earshot("detect", "--once")).toMatch(
      /^acme: 0 mentions put into issues, \d issues judged$/m,
    );
  });
});
