import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { categorizer, learnFrom, trialOf } from "../../cli/own-categories.ts";
import { aMention } from "../support/builders.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-categories-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const EXAMPLES = [
  ["luggage", ["my bag is lost", "suitcase never came", "lost bag again", "bag damaged on arrival"]],
  ["delay", ["flight is late", "two hours late", "delayed again", "late flight and no news"]],
] as const;
const CSV = `said,team\n${EXAMPLES.flatMap(([team, texts]) => texts.map((text) => `${text},${team}`)).join("\n")}\n`;

describe("categories of one's own", () => {
  it("are learned from a file of examples, and put each mention into one", async () => {
    const categories = await learnFrom(fileOf("taught.csv", CSV), "team", "said");
    const categorize = categorizer(categories, new AbortController().signal);
    const read = await categorize(
      ["where is my bag?", "the flight is so late", "zzz"].map((text) => aMention({ text })),
    );
    expect(read.map(({ label }) => label)).toEqual(["luggage", "delay", null]);
    expect(read[2]?.confidence).toBe(0);
  });

  it("tell in another thread what they tell in this one", async () => {
    const categories = await learnFrom(fileOf("copied.csv", CSV), "team", "said");
    const mentions = ["my bag, the flight", "late luggage"].map((text) => aMention({ text }));
    const [here, there] = [categories, structuredClone(categories)].map((some) =>
      categorizer(some, new AbortController().signal),
    );
    expect(await there?.(mentions)).toEqual(await here?.(mentions));
  });

  it("tell how well they are told apart, each with its number of examples", async () => {
    const told = trialOf(await learnFrom(fileOf("told.csv", CSV), "team", "said"));
    expect(told).toMatch(/mean [01]\.\d\d/);
    expect(told).toMatch(/luggage \(4 examples\)/);
  });

  it("are not there where the file has no such field, and the message says what to do", async () => {
    await expect(learnFrom(fileOf("bare.csv", CSV), "category", "said")).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("None of the 8 records") as string,
    });
  });

  it("say of a file that is not there that it is not there", async () => {
    await expect(learnFrom(join(folder, "none.csv"), "team")).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("no such file") as string,
    });
  });
});
