import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aDataDir, cliOutput, runCli } from "../support/cli.ts";

/** One story, told in the order of its tests. */
describe.sequential("changes and exposures on the command line", () => {
  let home: Awaited<ReturnType<typeof aDataDir>>;
  beforeAll(async () => {
    home = await aDataDir();
  });
  afterAll(() => home.remove());

  const data = () => ["--data", home.dataDir];

  it("adds a change, lists it and takes it back", async () => {
    const said = ["--kind", "release", "--title", "5.2", "--at", "2026-02-20"];
    const added = await cliOutput([
      "changes",
      "add",
      ...said,
      "--tracker",
      "acme",
      "--product-version",
      "5.2.0",
      ...data(),
    ]);
    expect(added).toMatch(/^[0-9a-f]{16}: release "5.2" at 2026-02-20T00:00:00.000Z of acme, recorded\n$/);
    const rows = JSON.parse(await cliOutput(["changes", "list", "--json", ...data()])) as { id: string }[];
    expect(rows).toMatchObject([
      { title: "5.2", version: "5.2.0", fixes: [], origin: "cli", by: userInfo().username },
    ]);
    const unknown = await runCli(["changes", "add", ...said, "--fixes", "abcd", ...data()]);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("There is no issue abcd")]);
    const removed = await cliOutput(["changes", "remove", rows[0]?.id ?? "", "--json", ...data()]);
    expect(JSON.parse(removed)).toMatchObject({ id: rows[0]?.id, is_removed: true });
  });

  it("refuses what makes no sense and says what to do", async () => {
    const wrong = ["--kind", "party", "--title", "5.2", "--ends-at", "yesterday"];
    const { code, stderr } = await runCli(["changes", "add", ...wrong, ...data()]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--kind: .*release.*--ends-at: must be a time like/s),
    ]);
  });

  it("imports from standard input, takes the right rows, and ends with 1 when some were wrong", async () => {
    const input = `day,count\n2026-02-01,100\n2026-02-02,-1\n2999-01-01,5\n2026-02-03,120\n`;
    const given = ["exposures", "import", "-", "--measure", "orders", "--tracker", "acme"];
    const { code, stdout, stderr } = await runCli([...given, ...data()], { input });
    expect(code).toBe(1);
    expect(stdout).toContain("2 rows: 2 days of orders, 2026-02-01 to 2026-02-03; 2 rows left out");
    expect(stdout).toContain("line 3: count: must not be negative");
    expect(stdout).toContain("line 4: day: 2999-01-01 is in the future");
    expect(stderr).toContain("2 of 4 rows could not be taken");
    expect(await cliOutput(["exposures", "list", ...data()])).toMatch(/2026-02-03.*120/);
    const changes = `{"kind":"price","title":"4.90","at":"2026-02-01"}\n`;
    const imported = await runCli(["changes", "import", "-", "--json", ...data()], { input: changes });
    expect([imported.code, JSON.parse(imported.stdout)]).toEqual([0, { taken: 1, failed: [], unread: [] }]);
    expect(await cliOutput(["changes", "list", "--kind", "price", ...data()])).toMatch(/price.*4\.90/);
  });
});
