import { text as textOf } from "node:stream/consumers";
import { z } from "zod";
import { wordFeature } from "../../processors/linear-model/features.ts";
import { createReader } from "../../processors/read-text.ts";

/** What `build.py` asks: words, most used first, and how many rows there are, a power of two. */
const Asked = z.strictObject({ words: z.array(z.string()), rows: z.int().positive() });

const { words, rows } = Asked.parse(JSON.parse(await textOf(process.stdin)));
const read = createReader();
const answer = words.map((word) => {
  const tokens = read(word).flatMap((sentence) => sentence.tokens);
  const [token] = tokens;
  // what the program reads as several tokens it never looks up as one
  return tokens.length === 1 && token?.kind === "word" ? wordFeature(token.text) & (rows - 1) : -1;
});
process.stdout.write(JSON.stringify(answer));
