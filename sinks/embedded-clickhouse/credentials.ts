import { createHmac, randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";

const Login = z.object({ user: z.string(), password: z.string() });

/** Who may talk to an embedded store. */
export const Credentials = z.object({ write: Login, read: Login, dashboard: Login });
export type Credentials = z.infer<typeof Credentials>;

/** Where a running embedded store answers. */
export const Endpoint = z.object({
  pid: z.number().int(),
  port: z.number().int(),
  startedAt: z.string(),
  /** Of chdb. */
  version: z.string(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** The folder of the embedded store inside a data directory. */
export function storeHome(dataDir: string): string {
  return join(dataDir, "clickhouse");
}

/** The store's credentials, made at first use. Safe when several processes ask at once: all get the same. */
export async function loadCredentials(dataDir: string): Promise<Credentials> {
  const home = storeHome(dataDir);
  const path = join(home, "credentials.json");
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = "name a folder you may write to with --data or dataDir";
    throw new EarshotError("config_invalid", `${dataDir} cannot hold the store (${reason}); ${advice}.`, {
      cause: error,
    });
  }
  const known = await readIfPresent(path);
  if (known !== undefined) return Credentials.parse(JSON.parse(known));

  const password = (): string => randomBytes(32).toString("base64url");
  const made: Credentials = {
    write: { user: "earshot", password: password() },
    read: { user: "analyst", password: password() },
    dashboard: { user: "dashboard", password: password() },
  };
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  try {
    // a link never replaces: whoever comes first has made them for everybody
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return Credentials.parse(JSON.parse(await readFile(path, "utf8")));
}

/** Where the store said it answers; it may be gone since. Undefined when there is nothing to read. */
export async function readEndpoint(dataDir: string): Promise<Endpoint | undefined> {
  const text = await readIfPresent(join(storeHome(dataDir), "endpoint.json"));
  if (text === undefined) return undefined;
  try {
    return Endpoint.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Says where the store answers, in one step: a reader sees the old text or the new. */
export async function writeEndpoint(dataDir: string, endpoint: Endpoint): Promise<void> {
  const path = join(storeHome(dataDir), "endpoint.json");
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(endpoint)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** What a store answers to a nonce, to show that it has the credentials without either side sending them. */
export function proofOf(password: string, nonce: string): string {
  return createHmac("sha256", password).update(nonce).digest("base64url");
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
