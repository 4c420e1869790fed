import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aDataDir, cliOutput, runCli, sqlRows, startCli } from "../support/cli.ts";

/** One story, told in the order of its tests. */
describe.sequential("correcting mentions", () => {
  let home: Awaited<ReturnType<typeof aDataDir>>;
  let folder: string;
  let id: string;
  const me = userInfo().username;
  beforeAll(async () => {
    home = await aDataDir();
    folder = await mkdtemp(join(tmpdir(), "earshot-correct-"));
    const path = join(folder, "said.csv");
    await writeFile(path, "id,text,date\n1,Great. The parcel came in three pieces,2026-02-01\n");
    await cliOutput([
      "import",
      path,
      "--platform",
      "shop",
      "--tracker",
      "acme",
      "--yes",
      "--data",
      home.dataDir,
    ]);
    id = (await sqlRows<{ id: string }>(home.dataDir, "SELECT id FROM mentions"))[0]?.id ?? "";
  });
  afterAll(async () => {
    await home.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const seen = () =>
    sqlRows<Record<string, unknown>>(
      home.dataDir,
      "SELECT sentiment_label, intent, is_complaint, corrected FROM mentions",
    );

  it("holds at once for every command, several things said in one go", async () => {
    const said = [
      "--sentiment",
      "negative",
      "--kind",
      "complaint",
      "--aspect",
      "parcel",
      "--label",
      "negative",
    ];
    const output = await cliOutput(["correct", id, ...said, "--note", "irony", "--data", home.dataDir]);
    expect(output).toContain(`sentiment is negative, says ${me}`);
    expect(await seen()).toEqual([
      {
        sentiment_label: "negative",
        intent: "complaint",
        is_complaint: true,
        corrected: ["sentiment", "intent", "aspect"],
      },
    ]);
  });

  it("lists what was corrected, for people and for programs", async () => {
    const table = await cliOutput(["correct", "list", "--data", home.dataDir]);
    expect(table).toContain("aspect parcel");
    expect(table).toContain("three pieces");
    const rows = JSON.parse(
      await cliOutput(["correct", "list", "--field", "sentiment", "--json", "--data", home.dataDir]),
    ) as unknown;
    expect(rows).toMatchObject([
      { mention_id: id, field: "sentiment", value: "negative", by: me, note: "irony", is_standing: true },
    ]);
  });

  it.each([
    [[], /Say what is wrong/],
    [["--sentiment", "angry"], /sentiment: /],
    [["--aspect", "parcel"], /--label go together/],
    [["--relevant", "--irrelevant"], /not both/],
  ])("refuses %j and says what to do", async (options, message) => {
    const { code, stderr } = await runCli(["correct", id, ...options, "--data", home.dataDir]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("says of a mention that is not there that it is not there", async () => {
    const { code, stderr } = await runCli(["correct", "shop:none", "--irrelevant", "--data", home.dataDir]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/There is no mention shop:none/)]);
  });

  it("takes corrections over HTTP beside it, in the name of who runs the page", async () => {
    const running = startCli(["start", "--port", "0", "--data", home.dataDir]);
    const [, url = ""] = await running.until(/listening: (http:\S+)/);
    const answer = await fetch(`${url}/api/v1/mentions/${encodeURIComponent(id)}/corrections`, {
      method: "POST",
      body: JSON.stringify({ field: "relevance", value: "irrelevant" }),
    });
    expect([answer.status, await answer.json()]).toEqual([
      201,
      expect.objectContaining({ by: me, value: "irrelevant" }),
    ]);
    expect(await seen()).toEqual([]);
    await cliOutput(["correct", id, "--relevant", "--data", home.dataDir]);
    expect(await seen()).toHaveLength(1);
    running.child.kill("SIGINT");
    expect((await running.finished).code).toBe(0);
  });
});
