import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { meaningModelFile } from "../cli/reading.ts";
import { agglomerate } from "../processors/assign-issue/agglomerate.ts";
import { issueGrouper } from "../processors/assign-issue/index.ts";
import { MicroClusters } from "../processors/assign-issue/micro-clusters.ts";
import { joinParts } from "../processors/assign-issue/join-parts.ts";
import { settle } from "../processors/assign-issue/settle.ts";
import { textEncoder } from "../processors/embed-text/index.ts";
import { readMeaningModel } from "../processors/embed-text/meaning-model.ts";
import { corpus } from "./corpus.ts";
import { rate, textOf } from "./reading.ts";

const WIDTH = 128;
/** Messages of one topic among the clusters. */
const PER_TOPIC = 10;
const MEASURED = 500;
const CORE = 8;
/** Of the messages among issues so many are about a topic of others; each of the rest is an issue of its own. */
const SHARED = 0.5;

interface Natural {
  readonly TfIdf: new () => { addDocument(text: string): void };
}

/**
 * Prints how many texts are encoded and how many messages are put into clusters and issues per second of processor time,
 * beside libraries and plain loops, how long it takes to merge the clusters into issues, and to take them up again.
 */
export async function benchGrouping(mostClusters = 50_000): Promise<void> {
  await benchEncoding();
  const counts = [1_000, 10_000, 50_000].filter((count) => count <= mostClusters);
  for (const count of counts) await benchClusters(count);
  for (const count of counts) await benchIssues(count);
}

async function benchEncoding(): Promise<void> {
  const { name, rows } = await corpus();
  const texts = rows.map(textOf);
  const encode = textEncoder(readMeaningModel(meaningModelFile));
  const { TfIdf } = createRequire(import.meta.url)("natural/lib/natural/tfidf") as Natural;
  const encoded = await rate(texts, (batch) => batch.map(encode));
  const counted = await rate(texts, (batch) => {
    const weights = new TfIdf();
    for (const text of batch) weights.addDocument(text);
  });
  process.stdout.write(`${name}, ${texts.length} texts, per second of processor time\n`);
  print("encode", encoded, "natural's TfIdf, adding the same", counted);
}

async function benchClusters(count: number): Promise<void> {
  const draw = drawer(Math.round(count / PER_TOPIC));
  const clusters = new MicroClusters(WIDTH);
  const rows = new Float32Array(count * WIDTH);
  for (let at = 0; at < count; at += 1) {
    const vector = draw();
    clusters.open(vector, clusters.see(vector));
    rows.set(vector, at * WIDTH);
  }
  const messages = Array.from({ length: MEASURED }, draw);
  const assigned = await rate(messages, (batch) =>
    batch.map((vector) => clusters.nearest(clusters.centred(vector))),
  );
  const compared = await rate(messages, (batch) => batch.map((vector) => nearestOfAll(vector, rows)));
  print(`assign, ${count} clusters`, assigned, "a plain loop over all of them", compared);
  const merge = () => joinParts(clusters, settle(clusters, agglomerate(clusters), CORE), CORE);
  const [first, later] = [seconds(merge), seconds(merge)];
  process.stdout.write(`merge them into issues: ${first.toFixed(1)} s, later ${later.toFixed(1)} s\n`);
}

/** Messages put into so many issues until these have been looked at again, which counts. */
async function benchIssues(about: number): Promise<void> {
  const draw = drawer(Math.round(about / PER_TOPIC), SHARED);
  const drawn = Array.from({ length: Math.round(about * 1.1) }, draw);
  const grouper = issueGrouper(WIDTH, { consolidates: "when_told" });
  const restored = seconds(() => {
    grouper.restore(drawn.map((sum, at) => ({ sum, size: 1, issue: at + 1, isTaught: false })));
  });
  const consolidated = seconds(() => {
    grouper.consolidate();
  });
  const issues = new Set(drawn.map((_, cluster) => grouper.issueOf(cluster))).size;
  const messages = Array.from({ length: Math.max(MEASURED, Math.ceil(drawn.length / 8)) }, draw);
  let assigned = 0;
  const took = seconds(() => {
    while (!grouper.isDue) grouper.assign(messages[assigned++ % messages.length] ?? draw());
    grouper.consolidate();
  });
  const rows = new Float32Array(drawn.length * WIDTH);
  drawn.forEach((vector, at) => {
    rows.set(vector, at * WIDTH);
  });
  const compared = await rate(messages.slice(0, MEASURED), (batch) =>
    batch.map((vector) => nearestOfAll(vector, rows)),
  );
  print(`assign, ${issues} issues, all told`, assigned / took, "a plain loop over all clusters", compared);
  process.stdout.write(
    `take up ${drawn.length} clusters: ${restored.toFixed(1)} s; first look at all: ${consolidated.toFixed(1)} s\n`,
  );
}

function nearestOfAll(vector: Float32Array, rows: Float32Array): number {
  let [best, bestScore] = [-1, -1];
  for (let from = 0; from < rows.length; from += WIDTH) {
    let score = 0;
    for (let at = 0; at < WIDTH; at += 1) score += (vector[at] ?? 0) * (rows[from + at] ?? 0);
    if (score > bestScore) [best, bestScore] = [from, score];
  }
  return best / WIDTH;
}

/**
 * Gives directions, the same in every run.
 * @param shared so many of them are around one of so many topics, some near, some far; the rest go anywhere
 */
function drawer(topics: number, shared = 1): () => Float32Array {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const toUnit = (vector: Float32Array): Float32Array => {
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return vector.map((value) => value / length);
  };
  const gauss = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const any = (): Float32Array => toUnit(Float32Array.from({ length: WIDTH }, gauss));
  const middles = Array.from({ length: topics }, any);
  return () => {
    if (shared < 1 && random() >= shared) return any();
    const middle = middles[Math.floor(random() * topics)] ?? any();
    const noise = 0.4 + 0.7 * random();
    const aside = any();
    return toUnit(middle.map((value, at) => value + noise * (aside[at] ?? 0)));
  };
}

function seconds(work: () => unknown): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000_000;
}

function print(what: string, perSecond: number, beside: string, other: number): void {
  const ratio = `${(perSecond / other).toFixed(2)}× ${beside} (${other.toFixed(0)})`;
  process.stdout.write(`${what.padEnd(24)} ${perSecond.toFixed(0).padStart(9)}  ${ratio}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchGrouping();
