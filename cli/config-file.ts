import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isDeepStrictEqual, parseEnv } from "node:util";
import { isMap, isSeq, parse as parseYaml, parseDocument, stringify, type Document } from "yaml";
import { parseConfig, type Config } from "../core/config.ts";
import { EarshotError } from "../core/errors.ts";
import { ingestors } from "../ingestors/index.ts";
import { RECEIVER_KINDS } from "../sinks/receivers/index.ts";

/** Options every command accepts, before or after its name. */
export interface GlobalOptions {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/**
 * Reads the config named by the options (default `earshot.yaml` here, which may be absent).
 * @throws {EarshotError} config_invalid
 */
export async function readConfig(options: GlobalOptions): Promise<Config> {
  const path = configPath(options);
  const isThere = existsSync(path);
  if (!isThere && options.config !== undefined) {
    throw new EarshotError("config_invalid", `There is no config at ${path}; check --config.`);
  }
  const text = isThere ? await readFile(path, "utf8") : "";
  const config = readConfigText(text, await readVariables(dirname(path)), path);
  const url = process.env["CLICKHOUSE_URL"];
  const clickhouse =
    url !== undefined && config.clickhouse.url === undefined
      ? {
          ...config.clickhouse,
          url,
          user: process.env["CLICKHOUSE_USER"] ?? config.clickhouse.user,
          password: process.env["CLICKHOUSE_PASSWORD"] ?? config.clickhouse.password,
        }
      : config.clickhouse;
  return { ...config, clickhouse, dataDir: resolve(options.data ?? config.dataDir) };
}

/** Where the config is, or would be. */
export function configPath({ config }: GlobalOptions): string {
  return resolve(config ?? "earshot.yaml");
}

/**
 * The meaning of a config's text.
 * @param path what to call it in messages
 * @throws {EarshotError} config_invalid
 */
export function readConfigText(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
  path: string,
): Config {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new EarshotError("config_invalid", `${path} is not YAML: ${detail}`, { cause: error });
  }
  return parseConfig(raw, ingestors, variables, path, RECEIVER_KINDS);
}

/** The environment, with `.env` beside the config filling in what it does not set. */
export async function readVariables(folder: string): Promise<Record<string, string | undefined>> {
  const path = join(folder, ".env");
  if (!existsSync(path)) return process.env;
  return { ...parseEnv(await readFile(path, "utf8")), ...process.env };
}

/** The text of a config with one entry more at the end of a list; every other line stays as it is, comments included. */
export function withEntry(text: string, list: "trackers" | "sources", entry: object): string {
  const document = parseDocument(text);
  const entries = document.get(list);
  if (entries === undefined) {
    document.set(list, document.createNode([entry]));
    const before = text.trim() === "" ? "" : `${text.trimEnd()}\n\n`;
    return unlessOtherwiseMeant(`${before}${toYaml({ [list]: [entry] })}`, document);
  }
  const last = isSeq(entries) ? entries.items.at(-1) : undefined;
  const spliced = withLinesAfter(text, last, toYaml([entry]), "- ".length);
  if (isSeq(entries)) {
    if (entries.items.length === 0) entries.flow = false;
    entries.add(document.createNode(entry));
  } else document.set(list, document.createNode([entry]));
  return unlessOtherwiseMeant(spliced, document);
}

/** The text of a config with a query for a tracker that has none; every other line stays as it is. */
export function withTrackerQuery(text: string, id: string, query: string): string {
  const document = parseDocument(text);
  const trackers = document.get("trackers");
  const items = isSeq(trackers) ? trackers.items : [];
  const found = items.find((item) => isMap(item) && item.get("id") === id);
  const spliced = withLinesAfter(text, found, toYaml({ query }), 0);
  if (isMap(found)) found.set("query", query);
  return unlessOtherwiseMeant(spliced, document);
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

/** The text where it means what the document says; else the document written anew, which may space it otherwise. */
function unlessOtherwiseMeant(text: string | undefined, meant: Document): string {
  const written = text === undefined ? undefined : parseDocument(text);
  const isMeant = written?.errors.length === 0 && isDeepStrictEqual(written.toJS(), meant.toJS());
  return isMeant && text !== undefined ? text : meant.toString({ lineWidth: 0 });
}

/** The text with lines put after a block of keys, so much less deep than these; undefined where there is none. */
function withLinesAfter(text: string, node: unknown, lines: string, lessDeep: number): string | undefined {
  if (!isMap(node) || !node.range) return undefined;
  const [start, end] = node.range;
  const column = start - (text.lastIndexOf("\n", start - 1) + 1);
  const at = endOfBlock(text, end, column);
  const before = text.slice(0, at);
  const inset = " ".repeat(Math.max(0, column - lessDeep));
  return `${before}${before.endsWith("\n") ? "" : "\n"}${lines.replace(/^(?=.)/gm, inset)}${text.slice(at)}`;
}

/** Where a block ends: comments behind it that are as deep as its keys are its own, others are of what follows. */
function endOfBlock(text: string, end: number, column: number): number {
  const isOwn = (line: string) => line.trim() !== "" && (!/^ *#/.test(line) || line.indexOf("#") >= column);
  const lineFrom = (from: number) => text.slice(from).match(/^.*\n?/)?.[0] ?? "";
  let at = text[end - 1] === "\n" ? end : end + lineFrom(end).length;
  // the range of a block reaches over what stands between it and the next
  for (;;) {
    const lineStart = text.lastIndexOf("\n", at - 2) + 1;
    if (lineStart === 0 || isOwn(text.slice(lineStart, at))) break;
    at = lineStart;
  }
  for (let line = lineFrom(at); /^ *#/.test(line) && isOwn(line); line = lineFrom(at)) at += line.length;
  return at;
}
