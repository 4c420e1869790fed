import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";

/** What words and pairs of words mean: a row of signed bytes for each, `dimensions` wide, times its scale. */
export interface MeaningModel {
  /** Made of its bytes: what two models mean by a text cannot be compared. */
  readonly id: string;
  readonly dimensions: number;
  /** Words and pieces by their row; rows after them are of pairs. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Rows of pairs, a power of two: a pair is looked up by its hash. */
  readonly pairRows: number;
  readonly scales: Float32Array;
  readonly weights: Int8Array;
}

const Header = z.object({
  format: z.literal("earshot-static-1"),
  V: z.int().positive(),
  bits: z.int().min(0).max(24),
  D: z.int().positive().multipleOf(4),
  vocabBytes: z.int().positive(),
});

/**
 * Reads a model as `training/meaning/train.py` writes it: length of the header (4 bytes), header in JSON, the vocabulary a
 * word a line, padding to 4 bytes, scales (float32), weights (int8), all little endian.
 * @throws {EarshotError} config_invalid when there is no such file, or it is not whole
 */
export function readMeaningModel(file: string): MeaningModel {
  try {
    return parseModel(readFileSync(file));
  } catch (cause) {
    const message = `The model ${file} is missing or cut off; install Earshot again.`;
    throw new EarshotError("config_invalid", message, { cause });
  }
}

function parseModel(bytes: Buffer): MeaningModel {
  const headerEnd = 4 + bytes.readUInt32LE(0);
  const { V, bits, D, vocabBytes } = Header.parse(JSON.parse(bytes.toString("utf8", 4, headerEnd)));
  const words = bytes.toString("utf8", headerEnd, headerEnd + vocabBytes).split("\n");
  const vocabulary = new Map(words.map((word, row) => [word, row]));
  const pairRows = 2 ** bits;
  const rows = V + pairRows;
  const scalesAt = Math.ceil((headerEnd + vocabBytes) / 4) * 4;
  const weightsAt = scalesAt + rows * 4;
  if (vocabulary.size !== V || bytes.length !== weightsAt + rows * D) throw new RangeError("not whole");
  return {
    id: createHash("sha256").update(bytes).digest("hex").slice(0, 12),
    dimensions: D,
    vocabulary,
    pairRows,
    scales: new Float32Array(bytes.buffer.slice(bytes.byteOffset + scalesAt, bytes.byteOffset + weightsAt)),
    weights: new Int8Array(bytes.buffer, bytes.byteOffset + weightsAt, rows * D),
  };
}
