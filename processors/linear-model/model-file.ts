import { readFileSync } from "node:fs";
import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import type { LinearModel, ModelHeader } from "./linear-model.ts";

const Header: z.ZodType<ModelHeader> = z.strictObject({
  name: z.string(),
  classes: z.array(z.string()).min(1),
  rows: z.int().positive(),
  scales: z.array(z.number()),
  biases: z.array(z.number()),
  signals: z.array(z.strictObject({ name: z.string(), weights: z.array(z.number()) })),
});

/** A model as it is kept: one line of JSON, then the weights, one byte each. */
export function writeModel({ weights, ...header }: LinearModel): Buffer {
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    Buffer.from(weights.buffer, weights.byteOffset, weights.length),
  ]);
}

/** Reads what {@link writeModel} wrote. @throws {EarshotError} config_invalid when the file is not whole */
export function readModel(file: string): LinearModel {
  const bytes = readFileSync(file);
  const end = bytes.indexOf(10);
  const header = Header.parse(JSON.parse(bytes.toString("utf8", 0, end)));
  const weights = new Int8Array(bytes.buffer, bytes.byteOffset + end + 1, bytes.length - end - 1);
  if (weights.length !== header.rows * header.classes.length) {
    throw new EarshotError("config_invalid", `The model ${file} is cut off; install Earshot again.`);
  }
  return { ...header, weights };
}
