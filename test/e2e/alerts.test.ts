import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStores, type Stores } from "../../cli/stores.ts";
import { parseConfig } from "../../core/config.ts";
import { anAlert, storeAlerts } from "../support/alert-builders.ts";
import { aContext } from "../support/builders.ts";
import { aDataDir, cliOutput, runCli } from "../support/cli.ts";

const SPIKE = "3f9c2b00000000000000000000000000";
const OTHER = "77ab0100000000000000000000000000";

/** One story, told in the order of its tests. */
describe.sequential("alerts on the command line", () => {
  let home: Awaited<ReturnType<typeof aDataDir>>;
  let stores: Stores;
  const me = userInfo().username;

  const earshot = (...args: string[]) => cliOutput(["alerts", ...args, "--data", home.dataDir]);
  const refused = async (...args: string[]) => {
    const { code, stderr } = await runCli(["alerts", ...args, "--data", home.dataDir]);
    return [code, stderr] as const;
  };

  beforeAll(async () => {
    home = await aDataDir();
    const config = parseConfig({ dataDir: home.dataDir }, [], {}, "the test");
    // held open, so that the commands need not start it each
    stores = await openStores(config, { holder: "a test" }, aContext());
  });
  afterAll(async () => {
    await stores.close();
    await home.remove();
  });

  it("are told how to come by while there are none, and listed the worst first", async () => {
    expect(await earshot()).toContain("There are no alerts");
    const payload = {
      sentence: "14 people complained in an hour, 5 are usual.",
      reasons: ["2.4 times the busiest hour of four weeks."],
      voices: 14,
      expected: 5.2,
    };
    await storeAlerts(stores.store, [
      ...anAlert({ alertId: OTHER }),
      ...anAlert({ alertId: SPIKE, severity: "high", score: 2.4, payload }),
    ]);
    const table = await earshot("list");
    expect(table).toMatch(/A-3F9C2B .*firing .*high .* 14 .*14 people complained[\s\S]*A-77AB01/);
    expect(await earshot("list", "--severity", "critical")).toBe("No alert is like that.\n");
    expect(JSON.parse(await earshot("list", "--json", "--limit", "1"))).toMatchObject([
      { alert_id: SPIKE, found: 2 },
    ]);
    expect(await earshot("list", "--sql")).toContain("FROM alerts");
  });

  it("are shown with why, seen to by their numbers, and tell who did what", async () => {
    expect(await earshot("ack", "a-3f9c2b", "--note", "on it")).toBe("A-3F9C2B: acknowledged.\n");
    expect(await earshot("snooze", SPIKE, "--for", "4h", "--until-voices", "6")).toMatch(
      /^A-3F9C2B: snoozed until \d{4}-\d\d-\d\d \d\d:\d\d or 6 more people\.$/m,
    );
    await earshot("assign", "3f9c", "support");
    await earshot("note", "3f9c", "the depot burns");
    await earshot("judge", "3f9c", "too-late");
    const shown = await earshot("show", "3f9c");
    expect(shown).toContain("A-3F9C2B: 14 people complained in an hour, 5 are usual.");
    expect(shown).toContain("acknowledged · high · rule complaint-spike · acme");
    expect(shown).toContain("people: 14, expected: 5.2, 2.4 × the threshold");
    expect(shown).toContain("Why\n  2.4 times the busiest hour");
    expect(shown).toMatch(/Snoozed until .* or 20 people say so/);
    expect(shown).toContain(`${me}: noted: the depot burns`);
    expect(shown).toContain(`${me}: acknowledged: on it`);
    expect(shown).toContain("the machine: raised (high, 2.4 × the threshold)");
    expect(await earshot("precision")).toMatch(/complaint-spike .* 2 .* 0 .* 0 .* 0 .* 1 .* not judged/);
  });

  it("are refused what makes no sense, with what to do", async () => {
    expect(await refused("ack", "3f9c")).toEqual([
      2,
      expect.stringContaining(`${me} acknowledged alert A-3F9C2B`),
    ]);
    expect(await refused("ack", "A-ABCDEF")).toEqual([1, expect.stringContaining("There is no alert")]);
    expect(await refused("snooze", "77ab", "--for", "soon")).toEqual([2, expect.stringContaining("4h")]);
    expect(await refused("judge", "77ab", "maybe")).toEqual([2, expect.stringContaining("verdict")]);
  });

  it("are silenced for a while, and no longer", async () => {
    expect(await earshot("silences")).toBe("Nothing is silenced.\n");
    const said = await earshot("silence", "--rule", "complaint-spike", "--for", "2d", "--reason", "a launch");
    const [, id = "none"] = /^Silence (\w+) stands until/.exec(said) ?? [];
    expect(await earshot("silences")).toMatch(
      new RegExp(`${id} .*standing .*rule complaint-spike .*${me} .*a launch`),
    );
    expect(await earshot("silence", id.slice(0, 6), "--end")).toBe(`Silence ${id} ended.\n`);
    expect(await refused("silence", "--for", "2d", "--reason", "x")).toEqual([
      2,
      expect.stringContaining("must name what is silenced"),
    ]);
    expect(await refused("silence", "--rule", "x", "--for", "2d")).toEqual([
      2,
      expect.stringContaining("with --reason"),
    ]);
  });
});
