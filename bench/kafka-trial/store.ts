import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { loadCredentials, readEndpoint } from "../../sinks/embedded-clickhouse/credentials.ts";
import type { Expected, Reference } from "./reference.ts";

/** Mentions and enrichments in all columns but the one a replay may change. */
const DUMP = "SELECT * EXCEPT(processed_at) FROM mentions ORDER BY id";

/** How many differences are shown in full. */
const SHOWN = 5;

/** Rows of a statement, asked of the store that serves a data directory, as its analyst. @throws {Error} when there is none */
export async function ask<T>(dataDir: string, sql: string): Promise<T[]> {
  const response = await request(dataDir, sql);
  const text = await response.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

/** Writes every mention that stands to a file, one line each, in order of id. */
export async function dumpMentions(dataDir: string, file: string): Promise<void> {
  const { body } = await request(dataDir, DUMP);
  if (body === null) throw new Error("the store answered without a body");
  await pipeline(Readable.fromWeb(body), createWriteStream(file));
}

async function request(dataDir: string, sql: string): Promise<Response> {
  const endpoint = await readEndpoint(dataDir);
  if (endpoint === undefined) throw new Error(`no store serves ${dataDir}`);
  const { read } = await loadCredentials(dataDir);
  const response = await fetch(`http://127.0.0.1:${endpoint.port}/`, {
    method: "POST",
    headers: { "X-ClickHouse-User": read.user, "X-ClickHouse-Key": read.password },
    body: `${sql} FORMAT JSONEachRow`,
  });
  if (!response.ok) throw new Error(`the store refused ${sql}: ${(await response.text()).slice(0, 500)}`);
  return response;
}

/** Differences between a dump and what is right, the first ones told in full. */
export async function compareWithReference(dump: string, reference: Reference): Promise<string[]> {
  const expected = reference.mentions();
  const met = new Set<string>();
  const faults: string[] = [];
  for await (const line of createInterface({ input: createReadStream(dump), crlfDelay: Infinity })) {
    const row = JSON.parse(line) as StoredMention;
    const fault = met.has(row.id) ? "is there twice" : differenceOf(row, expected.get(row.id));
    met.add(row.id);
    if (fault !== undefined) faults.push(`${row.id} ${fault}`);
  }
  for (const [id, { text }] of expected) {
    if (!met.has(id)) faults.push(`${id} is missing: ${text}`);
  }
  return summed("mentions differ from what went in", faults);
}

interface StoredMention {
  readonly id: string;
  /** Text, as every 64-bit integer. */
  readonly revision: string | number;
  readonly text: string;
  readonly likes: string | number | null;
  readonly trackers: readonly string[];
  readonly observed_at: string;
  readonly model_version: string;
  readonly language: string;
}

function differenceOf(row: StoredMention, expected: Expected | undefined): string | undefined {
  if (expected === undefined) return "is stored, but was deleted or never there";
  const { revision, text, likes, trackers, observedAt } = expected;
  const found = {
    revision: Number(row.revision),
    text: row.text,
    likes: row.likes === null ? null : Number(row.likes),
    trackers: row.trackers,
    ...(observedAt === undefined ? {} : { observedAt: `${row.observed_at.replace(" ", "T")}Z` }),
    isRead: row.model_version !== "" && row.language !== "",
  };
  const right = {
    revision,
    text,
    likes,
    trackers,
    ...(observedAt === undefined ? {} : { observedAt }),
    isRead: true,
  };
  const [is, should] = [JSON.stringify(found), JSON.stringify(right)];
  return is === should ? undefined : `is ${is}, should be ${should}`;
}

/** Differences between two dumps, the first ones told in full. */
export async function compareDumps(before: string, after: string): Promise<string[]> {
  const [ours, theirs] = [rowsOf(before), rowsOf(after)];
  const faults: string[] = [];
  let [a, b] = [await ours.next(), await theirs.next()];
  while (a.done !== true || b.done !== true) {
    const order = a.done === true ? 1 : b.done === true ? -1 : compareIds(a.value.id, b.value.id);
    if (order < 0 && a.done !== true) faults.push(`${a.value.id} is gone: ${a.value.line}`);
    else if (order > 0 && b.done !== true) faults.push(`${b.value.id} is new: ${b.value.line}`);
    else if (a.done !== true && b.done !== true && a.value.line !== b.value.line) {
      faults.push(`${a.value.id} was ${a.value.line}\n    is ${b.value.line}`);
    }
    if (order <= 0) a = await ours.next();
    if (order >= 0) b = await theirs.next();
  }
  return summed("mentions changed", faults);
}

async function* rowsOf(file: string): AsyncGenerator<{ id: string; line: string }, void> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    yield { id: (JSON.parse(line) as { id: string }).id, line };
  }
}

/** By bytes, as the store orders strings. */
function compareIds(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function summed(what: string, faults: readonly string[]): string[] {
  if (faults.length === 0) return [];
  const shown = faults.slice(0, SHOWN).map((fault) => `\n  ${fault.slice(0, 2_000)}`);
  return [`${faults.length} ${what}:${shown.join("")}`];
}
