import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { EarshotError } from "../../../core/errors.ts";
import { withVariables } from "./secrets.ts";

/** Only its owner may read it. */
const PRIVATE = 0o600;

/** Where the variables of a config are kept. */
export function envPath(config: string): string {
  return join(dirname(config), ".env");
}

/**
 * Writes a config and the variables it refers to, each file whole or not at all, the variables first.
 * @throws {EarshotError} request_invalid when a file cannot be written, or the config has changed since it was read
 */
export function save(
  path: string,
  before: string | undefined,
  text: string,
  variables: ReadonlyMap<string, string>,
): void {
  const now = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (now !== before) {
    throw new EarshotError(
      "request_invalid",
      `${path} was changed meanwhile; nothing was written. Run it again.`,
    );
  }
  if (variables.size > 0) {
    const env = envPath(path);
    const known = existsSync(env) ? readFileSync(env, "utf8") : "";
    replaceFile(env, withVariables(known, variables), PRIVATE);
  }
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : undefined;
  replaceFile(path, text, mode);
}

function replaceFile(path: string, text: string, mode: number | undefined): void {
  // a link stays a link
  const target = existsSync(path) ? realpathSync(path) : path;
  const draft = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { mode: mode ?? 0o644, flag: "wx" });
    if (mode !== undefined) chmodSync(draft, mode);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new EarshotError("request_invalid", `${path} could not be written (${why}); nothing was changed.`);
  }
}
