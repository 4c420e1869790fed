import { z } from "zod";

const Term = z
  .string()
  .max(200)
  .refine((term) => wordsOfTerm(term).length > 0, "has no word in it")
  .refine(
    (term) => wordsOfTerm(term).every((word) => /^[^*?]{2}/u.test(word) || !/[*?]/.test(word)),
    "begins with a wildcard; begin each word with at least two letters",
  )
  .describe("A word, a phrase, or a word with a wildcard: `courier`, `late parcel`, `deliver*`.");

/**
 * What a customer calls the parts of what they sell: by name the words that tell of it. Words match whole words in any
 * case; `*` stands for any letters or none, `?` for one.
 */
export const AspectDictionary = z
  .record(z.string().trim().min(1).max(100), z.array(Term).min(1).max(500))
  .refine((names) => Object.keys(names).length <= 500, "has more than 500 names")
  .describe("Own names of aspects, each with the words that tell of it. They win over what is found.");
export type AspectDictionary = z.infer<typeof AspectDictionary>;

/** The words of a term, lower case, wildcards with them. */
export function wordsOfTerm(term: string): string[] {
  const straight = term.toLowerCase().replace(/[’‘ʼ`´]/g, "'");
  return straight.split(/[^\p{L}\p{M}\p{N}*?']+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
}
