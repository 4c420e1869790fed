import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { packageRoot } from "../../cli/package.ts";
import { issueGrouper } from "../../processors/assign-issue/index.ts";
import { textEncoder } from "../../processors/embed-text/index.ts";
import { readMeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { shuffle } from "../../processors/linear-model/shuffle.ts";
import type { Verdict } from "../metrics.ts";
import { readSet, textIn } from "../sets.ts";
import { randomFrom } from "../stream-settings.ts";
import { table } from "../table.ts";
import { agreementOf, type Agreement } from "./agreement.ts";

const { values: options, positionals: models } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string", default: join(packageRoot, "..", "shared", "data") },
    orders: { type: "string", default: "10" },
  },
});
if (models.length === 0) throw new Error("Name the models to judge, made by build.py with --hold.");
const rows = readSet(options.data, "banking77_50intents");
if (rows === undefined) {
  throw new Error(`${options.data} has no banking77_50intents; name the folder with --data.`);
}

const Held = z.array(z.string());
/** Any number: streams in the same orders for every model. */
const FIRST_ORDER = 900;

interface Message {
  readonly issue: string;
  readonly vector: Float32Array;
}

/** Messages about the issues a model has not seen, with what it says they mean. */
function unseenBy(model: string): { readonly messages: readonly Message[]; readonly dimensions: number } {
  const held = new Set(Held.parse(JSON.parse(readFileSync(`${model}.held.json`, "utf8"))));
  const meanings = readMeaningModel(model);
  const encode = textEncoder(meanings);
  const messages = (rows ?? [])
    .filter((row) => held.has(String(row["category"])))
    .map((row) => ({ issue: String(row["category"]), vector: encode(textIn(row, "text")) }));
  return { messages, dimensions: meanings.dimensions };
}

/** How well the issues are told when the messages come in an order of their own. */
function judgeStream(messages: readonly Message[], dimensions: number, seed: number): Agreement {
  const order = messages.map((_, index) => index);
  shuffle(order, randomFrom(seed));
  const grouper = issueGrouper(dimensions);
  const assigned = order
    .flatMap((index) => messages[index] ?? [])
    .map(({ issue, vector }) => ({ issue, cluster: grouper.assign(vector).cluster }));
  grouper.consolidate();
  return agreementOf(
    assigned.map(({ issue, cluster }): Verdict<string | number> => [issue, grouper.issueOf(cluster)]),
  );
}

function meanAndSpread(figures: readonly number[]): { readonly mean: number; readonly spread: number } {
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  const variance = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0) / figures.length;
  return { mean, spread: Math.sqrt(variance) };
}

function written(figures: readonly number[]): string {
  const { mean, spread } = meanAndSpread(figures);
  const short = (figure: number) => figure.toFixed(3).replace(/^(-?)0\./, "$1.");
  return `${short(mean)} ± ${short(spread)}`;
}

const lines: string[][] = [];
const means: Agreement[] = [];
for (const model of models) {
  const { messages, dimensions } = unseenBy(model);
  const judged = Array.from({ length: Number(options.orders) }, (_, nth) =>
    judgeStream(messages, dimensions, FIRST_ORDER + nth),
  );
  const [ari, nmi] = [judged.map((one) => one.ari), judged.map((one) => one.nmi)];
  lines.push([basename(model), String(messages.length), written(ari), written(nmi)]);
  means.push({ ari: meanAndSpread(ari).mean, nmi: meanAndSpread(nmi).mean });
}
if (models.length > 1) {
  lines.push(["all", "", written(means.map(({ ari }) => ari)), written(means.map(({ nmi }) => nmi))]);
}
process.stdout.write(`${table(["model", "messages", "ARI", "NMI"], lines)}\n`);
