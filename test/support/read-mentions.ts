import { openReadChain } from "../../cli/reading.ts";
import type { Mention } from "../../schemas/mention.ts";
import { aMention } from "./builders.ts";
import { valuesOf } from "./outcomes.ts";

const chain = openReadChain({ aspects: {} });

/** What the whole chain says of mentions of which only the differing fields are given. */
export async function readMentions(mentions: readonly Partial<Mention>[]) {
  const whole = mentions.map((fields) => ({ ...aMention({ text: "x" }), ...fields }));
  return valuesOf(await chain.run(whole, new AbortController().signal));
}

/** What the whole chain says of one text. */
export async function readOne(text: string, fields: Partial<Mention> = {}) {
  const [read] = await readMentions([{ text, ...fields }]);
  if (read === undefined) throw new Error("nothing was read");
  return read;
}
