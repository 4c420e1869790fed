import { text as textOf } from "node:stream/consumers";
import { z } from "zod";
import { rowReader } from "../../processors/embed-text/index.ts";

/** What `build.py` asks: the vocabulary by row, and rows of pairs after it. */
const Asked = z.strictObject({
  vocabulary: z.array(z.string()),
  pairRows: z.int().positive(),
  texts: z.array(z.string()),
});

const { vocabulary, pairRows, texts } = Asked.parse(JSON.parse(await textOf(process.stdin)));
const rowsOf = rowReader({ vocabulary: new Map(vocabulary.map((word, row) => [word, row])), pairRows });
const isPair = (row: number) => row >= vocabulary.length;
// rows of words before those of pairs: training leaves some out at random, in this order
const answer = texts.map((text) => {
  const rows = rowsOf(text);
  return [...rows.filter((row) => !isPair(row)), ...rows.filter(isPair)];
});
process.stdout.write(JSON.stringify(answer));
