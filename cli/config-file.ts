import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { parse as parseYaml } from "yaml";
import { parseConfig, type Config } from "../core/config.ts";
import { EarshotError } from "../core/errors.ts";
import { ingestors } from "../ingestors/index.ts";

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
  const path = resolve(options.config ?? "earshot.yaml");
  let raw: unknown = {};
  if (existsSync(path)) {
    try {
      raw = parseYaml(await readFile(path, "utf8"));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new EarshotError("config_invalid", `${path} is not YAML: ${detail}`, { cause: error });
    }
  } else if (options.config !== undefined) {
    throw new EarshotError("config_invalid", `There is no config at ${path}; check --config.`);
  }
  const config = parseConfig(raw, ingestors, await readVariables(dirname(path)), path);
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

/** The environment, with `.env` beside the config filling in what it does not set. */
async function readVariables(folder: string): Promise<Record<string, string | undefined>> {
  const path = join(folder, ".env");
  if (!existsSync(path)) return process.env;
  return { ...parseEnv(await readFile(path, "utf8")), ...process.env };
}
