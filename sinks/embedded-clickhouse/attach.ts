import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Credentials, Endpoint } from "./credentials.ts";
import { loadCredentials, proofOf, readEndpoint, storeHome } from "./credentials.ts";

export interface AttachOptions {
  readonly dataDir: string;
  /** Who this is, for people: `earshot start, pid 17`. */
  readonly holder: string;
  /** Take the one lease of this name, so that only one process schedules sources. */
  readonly exclusive?: "scheduler";
  /** Program and arguments that start the store's process. */
  readonly command: readonly string[];
  /** The environment of the store's process; UV_THREADPOOL_SIZE is raised when it is absent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long to wait for a store, 30 s by default. */
  readonly timeoutMs?: number;
}

/** A hold on the embedded store: while it lasts, the store stays up. */
export interface EmbeddedAttachment {
  readonly url: string;
  readonly write: { readonly user: string; readonly password: string };
  /** For the page: reads within limits, apart from the analyst. */
  readonly dashboard: Credentials["dashboard"];
  readonly read: { readonly user: string; readonly password: string };
  /** The store's process. */
  readonly pid: number;
  /** Calls back once, when the store goes away without detach() having been called; at once when it has gone. */
  onLost(callback: () => void): void;
  /** Gives up the hold. The store closes by itself when it was the last. Idempotent. */
  detach(): Promise<void>;
}

const TIMEOUT_MS = 30_000;
const POLL_MS = 50;
// A store that is just closing still has the directory, so the first child that fails says little.
const CHILD_ATTEMPTS = 4;
const LOG_LINES = 15;
const MAX_LOG_BYTES = 1 << 20;

/**
 * Finds the store of a data directory, starting its process when there is none, and takes a lease on it.
 * Any number of processes may do so at once: the engine lets one child open the directory, the others find it.
 *
 * @throws {EarshotError} config_invalid when the exclusive lease is taken
 * @throws {EarshotError} sink_unavailable when no store comes up
 */
export async function attachEmbedded(options: AttachOptions, context: Context): Promise<EmbeddedAttachment> {
  const credentials = await loadCredentials(options.dataDir);
  const deadline = performance.now() + (options.timeoutMs ?? TIMEOUT_MS);
  let child: Child | undefined;
  for (let attempt = 0; ;) {
    const endpoint = await readEndpoint(options.dataDir);
    if (endpoint !== undefined) {
      const attachment = await takeLease(endpoint, credentials, options);
      if (attachment !== undefined) return attachment;
    }
    if (child?.failure !== undefined) {
      if (attempt >= CHILD_ATTEMPTS) throw await startFailure(options.dataDir, child.failure);
      await delay(250 * attempt);
      child = undefined;
    } else if (child === undefined) {
      attempt++;
      child = await startChild(options);
      context.log.debug({ pid: child.pid }, "starting the store");
    }
    if (performance.now() > deadline) throw await startFailure(options.dataDir, "it did not answer in time");
    await delay(POLL_MS);
  }
}

interface Child {
  readonly pid: number | undefined;
  failure: string | undefined;
}

async function startChild(options: AttachOptions): Promise<Child> {
  const [program = "", ...args] = options.command;
  const path = logPath(options.dataDir);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  const log = await open(path, size > MAX_LOG_BYTES ? "w" : "a", 0o600);
  try {
    // detached: Ctrl-C in the terminal is for its holder, who lets go and thereby ends it
    const started = spawn(program, args, {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { UV_THREADPOOL_SIZE: "16", ...options.env },
    });
    const child: Child = { pid: started.pid, failure: undefined };
    started.once("error", (error) => (child.failure = error.message));
    started.once(
      "exit",
      (code, signal) => (child.failure = `its process ended with ${signal ?? `code ${code}`}`),
    );
    started.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Undefined when nothing answers there, or something that is not this directory's store. */
async function takeLease(
  endpoint: Endpoint,
  credentials: Credentials,
  options: AttachOptions,
): Promise<EmbeddedAttachment | undefined> {
  // the port may belong to another program by now, which must not be sent the password
  const nonce = randomBytes(16).toString("base64url");
  const greeting = await get(endpoint.port, `/ping?nonce=${nonce}`, {});
  greeting?.response.resume();
  if (greeting?.response.headers["x-earshot-proof"] !== proofOf(credentials.write.password, nonce))
    return undefined;

  const query = new URLSearchParams({ holder: options.holder });
  if (options.exclusive !== undefined) query.set("exclusive", options.exclusive);
  const lease = await get(endpoint.port, `/earshot/lease?${query.toString()}`, {
    "X-ClickHouse-User": credentials.write.user,
    "X-ClickHouse-Key": credentials.write.password,
  });
  if (lease === undefined) return undefined;
  if (lease.response.statusCode === 409) {
    const { holder } = JSON.parse(await textOf(lease.response)) as { holder: string };
    throw new EarshotError(
      "config_invalid",
      `Earshot already runs on ${options.dataDir} (${holder}); stop it first or use --data.`,
    );
  }
  if (lease.response.statusCode !== 200) {
    lease.request.destroy();
    return undefined;
  }
  return holdLease(endpoint, credentials, lease);
}

function holdLease(endpoint: Endpoint, credentials: Credentials, lease: Answer): EmbeddedAttachment {
  const callbacks = new Set<() => void>();
  let state: "held" | "lost" | "detached" = "held";
  const gone = new Promise<void>((resolve) => {
    lease.response.once("close", () => {
      if (state === "held") {
        state = "lost";
        for (const callback of callbacks) callback();
      }
      resolve();
    });
  });
  lease.response.on("error", () => undefined);
  lease.response.resume();
  return {
    url: `http://127.0.0.1:${endpoint.port}`,
    ...credentials,
    // endpoint.json may still be the one of a predecessor on the same port
    pid: Number(lease.response.headers["x-earshot-pid"] ?? endpoint.pid),
    onLost(callback) {
      if (state === "lost") callback();
      else callbacks.add(callback);
    },
    async detach() {
      if (state === "held") state = "detached";
      lease.request.destroy();
      await gone;
    },
  };
}

interface Answer {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

function get(port: number, path: string, headers: Record<string, string>): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    // a connection of its own: the lease lasts as long as the connection does
    const sent = request({ host: "127.0.0.1", port, path, headers, agent: false, timeout: 5_000 });
    sent.once("response", (response) => {
      sent.setTimeout(0);
      resolve({ request: sent, response });
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", () => resolve(undefined));
    sent.end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function logPath(dataDir: string): string {
  return join(storeHome(dataDir), "child.log");
}

async function startFailure(dataDir: string, reason: string): Promise<EarshotError> {
  const log = await readFile(logPath(dataDir), "utf8").catch(() => "");
  const lines = log.trimEnd().split("\n").slice(-LOG_LINES).join("\n");
  return new EarshotError(
    "sink_unavailable",
    `The embedded store in ${dataDir} did not start: ${reason}. Check that the folder is writable and not in use; ` +
      `its log ${logPath(dataDir)} ends with:\n${lines}`,
  );
}
