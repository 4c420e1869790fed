import { z } from "zod";
import type { ChainAdds } from "../core/process.ts";
import type { ReadingModels } from "../processors/models.ts";
import { readAll } from "./read-rows.ts";
import { table } from "./table.ts";

/** A labelled example of one's own, as the view `corrections` has it. */
const Corrections = z.array(
  z.object({
    mention_id: z.string(),
    field: z.string(),
    aspect: z.string(),
    value: z.string(),
    language: z.string(),
    title: z.string(),
    text: z.string(),
    rating: z.number().nullable(),
    rating_max: z.number().nullable(),
    is_standing: z.boolean(),
    is_edited: z.boolean(),
  }),
);

const SHOWN = 60;

/**
 * What people said instead of what is read, beside what these models read, as a Markdown table. Only corrections that
 * hold, of texts that were not edited since.
 * @param json rows of the view `corrections`: a list, or one in each line
 */
export async function judgeCorrections(models: ReadingModels, json: string): Promise<string> {
  const rows = json.trimStart().startsWith("[") ? json : `[${json.trim().split("\n").join(",")}]`;
  const examples = Corrections.parse(JSON.parse(rows)).filter(
    ({ is_standing: isStanding, is_edited: isEdited }) => isStanding && !isEdited,
  );
  const read = await readAll(
    models,
    examples.map(({ rating, rating_max: ratingMax, ...written }) => ({ ...written, rating, ratingMax })),
  );
  const lines = examples.map(({ mention_id: id, field, aspect, value, title, text }, index) => {
    const said = readingOf(field, aspect, read[index]);
    const isRight = said === undefined ? "–" : said === value ? "yes" : "no";
    const words = (text === "" ? title : text).slice(0, SHOWN).toWellFormed();
    return [id, aspect === "" ? field : `aspect ${aspect}`, value, said ?? "–", isRight, words];
  });
  return table(["mention", "field", "people say", "this version reads", "agrees", "text"], lines);
}

function readingOf(field: string, aspect: string, read: ChainAdds | undefined): string | undefined {
  if (field === "sentiment") return read?.sentiment.label;
  if (field === "intent") return read?.intent;
  if (field !== "aspect") return undefined;
  return read?.aspects.find((found) => found.aspect === aspect)?.label ?? "none";
}
