import { describe, expect, it } from "vitest";
import { modelFolder } from "../../cli/reading.ts";
import { loadModels } from "../../processors/models.ts";
import { judgeCorrections } from "../../training/judge-corrections.ts";

const example = {
  mention_id: "x:1",
  field: "sentiment",
  aspect: "",
  value: "negative",
  language: "en",
  title: "",
  text: "The delivery was terrible and nobody answers.",
  rating: null,
  rating_max: null,
  is_standing: true,
  is_edited: false,
};

const models = loadModels(modelFolder);
const judge = async (...examples: readonly Partial<typeof example>[]) => {
  const rows = examples.map((fields) => ({ ...example, ...fields }));
  const [, , ...lines] = (await judgeCorrections(models, JSON.stringify(rows))).split("\n");
  return lines.map((line) => line.split(" | "));
};

describe("corrections as labelled examples", () => {
  it("stand beside what is read", async () => {
    const [agreed, other, unread] = await judge(
      {},
      { value: "positive" },
      { field: "relevance", value: "irrelevant" },
    );
    expect(agreed?.slice(2, 5)).toEqual(["negative", "negative", "yes"]);
    expect(other?.slice(2, 5)).toEqual(["positive", "negative", "no"]);
    expect(unread?.slice(2, 5)).toEqual(["irrelevant", "–", "–"]);
  });

  it("may come as lines, as `earshot sql --format json` prints them, or not at all", async () => {
    const lines = `${JSON.stringify(example)}\n${JSON.stringify(example)}\n`;
    expect(await judgeCorrections(models, lines)).toBe(
      await judgeCorrections(models, JSON.stringify([example, example])),
    );
    expect((await judgeCorrections(models, "")).split("\n")).toHaveLength(2);
  });

  it("are those that hold, of texts that were not edited since", async () => {
    expect(await judge({ is_standing: false }, { is_edited: true })).toEqual([]);
  });

  it("are read with their stars, as the pipeline read them", async () => {
    const unclear = { text: "Third order from them this year.", field: "intent", value: "complaint" };
    const starred = { ...unclear, rating: 1, rating_max: 5 } as unknown as Partial<typeof example>;
    const [without, withStars] = await judge(unclear, starred);
    expect(without?.[3]).not.toBe("complaint");
    expect(withStars?.[3]).toBe("complaint");
  });

  it("cannot end their row of the table", async () => {
    const rows = await judge({ field: "aspect", aspect: "a|b", text: "one | two\n| three" });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.[1]).toBe("aspect a b");
  });
});
