import type { Mention } from "../schemas/mention.ts";

/** What is looked at to read a mention: the same words are read the same, whoever wrote them and wherever they stand. */
export type ReadMention = Pick<
  Mention,
  "kind" | "text" | "title" | "rating" | "ratingMax" | "byUs" | "languageHint" | "publishedAt"
>;

/** A mention without what is not looked at: the rest need not be copied from step to step, nor between threads. */
export function toReadMention(mention: Mention): ReadMention {
  const { kind, text, title, rating, ratingMax, byUs, languageHint, publishedAt } = mention;
  return { kind, text, title, rating, ratingMax, byUs, languageHint, publishedAt };
}
