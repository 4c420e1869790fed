import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "../cli/package.ts";
import type { ReadingModels } from "../processors/models.ts";
import { told, withInterval, type Verdict } from "./metrics.ts";
import { readAll } from "./read-rows.ts";
import { readSet, textIn } from "./sets.ts";
import { table } from "./table.ts";

const PlainText = z.strictObject({ language: z.string(), isComplaint: z.boolean(), text: z.string() });

/** Languages whose complaints no labelled set tells, with the set that has tweets about anything. */
const LANGUAGES = [
  ["es", "Spanish", "xlmt_spanish"],
  ["de", "German", "xlmt_german"],
  ["fr", "French", "xlmt_french"],
  ["pt", "Portuguese", "xlmt_portuguese"],
  ["it", "Italian", "xlmt_italian"],
] as const;

/** How complaints are told that mostly state plain facts, in made-up texts, and how often other tweets are taken for one. */
export async function plainComplaints(folder: string, models: ReadingModels): Promise<string> {
  const made = readPlainTexts();
  const all: Verdict<boolean>[] = [];
  const lines: string[][] = [];
  for (const [language, name, set] of LANGUAGES) {
    const verdicts = await judge(
      models,
      language,
      made.filter((each) => each.language === language),
    );
    all.push(...verdicts);
    const neutral = (readSet(folder, set) ?? []).filter(({ label }) => label === "neutral");
    const tweets = await judge(
      models,
      language,
      neutral.map((row) => ({ text: textIn(row, "text"), isComplaint: false })),
    );
    lines.push([name, ...figures(verdicts), percent(tweets)]);
  }
  return table(
    [
      "made-up texts, 36 of 60 complaints",
      "recall on complaints",
      "precision",
      "neutral tweets taken for one",
    ],
    [...lines, ["**all**", ...figures(all), ""]],
  );
}

function readPlainTexts(): z.infer<typeof PlainText>[] {
  const lines = readFileSync(join(packageRoot, "training", "plain-complaints.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => PlainText.parse(JSON.parse(line)));
}

async function judge(
  models: ReadingModels,
  language: string,
  texts: readonly { readonly text: string; readonly isComplaint: boolean }[],
): Promise<Verdict<boolean>[]> {
  const read = await readAll(
    models,
    texts.map(({ text }) => ({ text, language })),
  );
  return read.map(({ complaint }, index) => [texts[index]?.isComplaint ?? false, complaint.isComplaint]);
}

function figures(verdicts: readonly Verdict<boolean>[]): string[] {
  return [
    withInterval(verdicts, (some) => told(some, true).recall),
    withInterval(verdicts, (some) => told(some, true).precision),
  ];
}

function percent(verdicts: readonly Verdict<boolean>[]): string {
  const taken = verdicts.filter(([, isComplaint]) => isComplaint).length;
  return `${((taken / verdicts.length) * 100).toFixed(1)} %`;
}
