import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import { proofOf } from "./credentials.ts";
import { EngineError, openEngine } from "./engine.ts";
import { createLeases } from "./leases.ts";
import type { BodyLimits } from "./request.ts";
import { headerOf, queryIdOf, readRequest } from "./request.ts";
import { sendError, sendOutcome } from "./response.ts";
import { createSessions } from "./sessions.ts";
import { openSpool } from "./spool.ts";
import type { Access, ReadLimits, StatementLimits } from "./statement.ts";
import { createStatements } from "./statement.ts";

/** Someone who may talk to the store. */
export interface EmbeddedUser {
  readonly name: string;
  readonly password: string;
  /** `read` may query within limits and change nothing; `write` may do everything. */
  readonly access: Access;
}

export interface EmbeddedServerOptions {
  /** Tables live in `<dataDir>/clickhouse/store`. */
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Address to listen on; anything but loopback is the caller's own risk. */
  readonly host?: string;
  readonly users: readonly EmbeddedUser[];
  readonly limits?: Partial<Omit<EmbeddedServerLimits, "read">> & { readonly read?: Partial<ReadLimits> };
  /** Close when nobody holds a lease any more. */
  readonly exitWhenUnleased?: boolean;
}

export interface EmbeddedServerLimits extends BodyLimits, StatementLimits {
  /** A client that takes no bytes for this long is cut off. */
  readonly sendTimeoutMs: number;
  /** How long close() lets running statements go on. */
  readonly drainMs: number;
  /** How long a store that exits when unleased waits for its first lease. */
  readonly firstLeaseMs: number;
  /** How long it stays after its last. */
  readonly lastLeaseMs: number;
}

export interface EmbeddedServer {
  readonly url: string;
  readonly port: number;
  /** Of chdb. */
  readonly version: string;
  /** Resolves when the server has closed, whoever asked for it. */
  readonly closed: Promise<void>;
  /** Stops listening, lets running statements finish, kills what is left, releases the directory. Idempotent. */
  close(): Promise<void>;
}

const KILL_EVERY_MS = 250;

const DEFAULT_LIMITS: EmbeddedServerLimits = {
  maxBodyBytes: 512 * 1024 * 1024,
  memoryBodyBytes: 32 * 1024 * 1024,
  concurrentReads: 4,
  concurrentWrites: 8,
  sendTimeoutMs: 300_000,
  drainMs: 10_000,
  firstLeaseMs: 15_000,
  // a person types one command after another
  lastLeaseMs: 10_000,
  read: {
    maxExecutionSeconds: 60,
    maxMemoryBytes: 1_000_000_000,
    maxResultRows: 10_000_000,
    maxResultBytes: 2_000_000_000,
    maxThreads: Math.max(1, Math.min(4, availableParallelism())),
  },
};

/**
 * Opens the engine on a data directory and serves it over ClickHouse's HTTP protocol.
 *
 * One process can open one data directory. Statements run on libuv's threads: start the process with
 * UV_THREADPOOL_SIZE above `concurrentReads + concurrentWrites`, or slow queries hold up everything.
 *
 * @throws {EarshotError} sink_unavailable when the directory is in use or the port cannot be had
 * @see https://clickhouse.com/docs/interfaces/http
 */
export async function openEmbeddedServer(
  options: EmbeddedServerOptions,
  context: Context,
): Promise<EmbeddedServer> {
  const limits: EmbeddedServerLimits = {
    ...DEFAULT_LIMITS,
    ...options.limits,
    read: { ...DEFAULT_LIMITS.read, ...options.limits?.read },
  };
  const home = join(options.dataDir, "clickhouse");
  const engine = openStore(join(home, "store"), join(home, "engine.xml"));
  // only after the engine has the directory's lock: the spool of a living process must stay
  const spool = await openSpool(join(home, "spool"));
  const sessions = createSessions(engine);
  const statements = createStatements(engine, spool, sessions, limits);
  const facts = {
    timezone: await readTimezone(engine),
    displayName: hostname(),
    sendTimeoutMs: limits.sendTimeoutMs,
  };
  const host = options.host ?? "127.0.0.1";
  const running = new Set<Promise<void>>();
  let closing: Promise<void> | undefined;
  let exitTimer: NodeJS.Timeout | undefined;
  let settleClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (settleClosed = resolve));

  const leases = createLeases((open) => {
    clearTimeout(exitTimer);
    if (open === 0) exitIn(limits.lastLeaseMs);
  });

  function exitIn(delayMs: number): void {
    if (options.exitWhenUnleased !== true || closing !== undefined) return;
    exitTimer = setTimeout(() => {
      context.log.info({}, "nobody uses the store any more; closing it");
      void close();
    }, delayMs);
  }

  const server = createServer({ maxHeaderSize: 1 << 20, keepAliveTimeout: 10_000 }, (message, response) => {
    const served = serve(message, response).catch((error: unknown) => {
      const isExpected = error instanceof EngineError || response.destroyed;
      if (!isExpected) context.log.error({ err: error }, "a request to the store failed");
      sendError(
        response,
        error instanceof EngineError ? error : new EngineError(1001, "STD_EXCEPTION", "Internal error."),
      );
    });
    running.add(served);
    void served.finally(() => running.delete(served));
  });
  // a large INSERT over a slow line may take as long as it needs
  server.requestTimeout = 0;

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (closing !== undefined) {
      response.writeHead(503, { Connection: "close" }).end("The store is closing.\n");
      return;
    }
    if (!isOurHost(message.headers.host, host)) {
      response.writeHead(403).end("This store answers to its loopback address only.\n");
      return;
    }
    const url = new URL(message.url ?? "/", "http://localhost");
    const query = url.searchParams;
    response.setHeader("X-ClickHouse-Server-Display-Name", facts.displayName);
    const nonce = query.get("nonce");
    const owner = options.users.find((user) => user.access === "write");
    if (nonce !== null && owner !== undefined)
      response.setHeader("X-Earshot-Proof", proofOf(owner.password, nonce));
    if (url.pathname === "/ping" || (url.pathname === "/" && isBare(message, query))) {
      response.writeHead(200, { "Content-Type": "text/html; charset=UTF-8" }).end("Ok.\n");
      return;
    }
    if (url.pathname !== "/" && url.pathname !== "/earshot/lease") {
      response.writeHead(404).end(`There is no handle ${url.pathname}\n`);
      return;
    }
    if (!["GET", "HEAD", "POST"].includes(message.method ?? "")) {
      response.writeHead(405, { Allow: "GET, HEAD, POST" }).end();
      return;
    }
    const queryId = queryIdOf(query);
    response.setHeader("X-ClickHouse-Query-Id", queryId);
    response.setHeader("X-ClickHouse-Timezone", facts.timezone);
    const user = authenticate(message, query, options.users);
    if (url.pathname === "/earshot/lease") {
      if (user.access !== "write") throw new EngineError(497, "ACCESS_DENIED", "Not enough privileges.");
      response.setHeader("X-Earshot-Pid", process.pid);
      leases.grant(message, response, query);
      return;
    }
    const startedAt = performance.now();
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    const request = await readRequest(message, query, queryId, limits, spool, engine);
    try {
      await statements.execute(request, user, gone.signal, (outcome) =>
        sendOutcome(message, response, query, outcome, facts, performance.now() - startedAt),
      );
    } finally {
      if (request.rows?.kind === "file") await spool.remove(request.rows.path);
    }
  }

  async function close(): Promise<void> {
    closing ??= (async () => {
      clearTimeout(exitTimer);
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      leases.close();
      server.closeIdleConnections();
      const drained = new AbortController();
      const deadline = delay(limits.drainMs, undefined, { signal: drained.signal }).catch(() => undefined);
      await Promise.race([Promise.all(running), deadline]);
      drained.abort();
      server.closeAllConnections();
      while (running.size > 0) {
        await engine.kill().catch(() => undefined);
        await Promise.race([Promise.all(running), delay(KILL_EVERY_MS)]);
      }
      await stopped;
      sessions.close();
      await engine.close();
      settleClosed();
    })();
    return closing;
  }

  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port, host, resolve);
    });
  } catch (cause) {
    sessions.close();
    await engine.close();
    throw new EarshotError(
      "sink_unavailable",
      `The store cannot listen on ${host}:${options.port}; use another port.`,
      {
        cause,
      },
    );
  }
  exitIn(limits.firstLeaseMs);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    version: engine.version,
    closed,
    close,
  };
}

function openStore(directory: string, configFile: string) {
  try {
    return openEngine(directory, configFile);
  } catch (cause) {
    throw new EarshotError(
      "sink_unavailable",
      `The store in ${directory} cannot be opened; another process has it open, or it is not readable.`,
      { cause },
    );
  }
}

async function readTimezone(engine: ReturnType<typeof openEngine>): Promise<string> {
  const connection = engine.connect();
  try {
    return (await connection.run("SELECT timezone()")).bytes.toString("utf8").trim();
  } finally {
    connection.close();
  }
}

function isBare(message: IncomingMessage, query: URLSearchParams): boolean {
  return (message.method === "GET" || message.method === "HEAD") && !query.has("query");
}

/** A page elsewhere whose name was rebound to 127.0.0.1 sends that name as Host. */
function isOurHost(header: string | undefined, listeningOn: string): boolean {
  if (!["127.0.0.1", "localhost", "::1"].includes(listeningOn)) return true;
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(header ?? "");
}

function authenticate(
  message: IncomingMessage,
  query: URLSearchParams,
  users: readonly EmbeddedUser[],
): EmbeddedUser {
  const basic = /^Basic\s+(\S+)$/i.exec(message.headers.authorization ?? "");
  const decoded = basic?.[1] === undefined ? undefined : Buffer.from(basic[1], "base64").toString("utf8");
  const colon = decoded?.indexOf(":") ?? -1;
  const name =
    headerOf(message, "x-clickhouse-user") ??
    (decoded === undefined || colon < 0 ? (query.get("user") ?? "default") : decoded.slice(0, colon));
  const password =
    headerOf(message, "x-clickhouse-key") ??
    (decoded === undefined || colon < 0 ? (query.get("password") ?? "") : decoded.slice(colon + 1));
  let found: EmbeddedUser | undefined;
  // every user is compared in full, so that the time taken tells nothing about names or passwords
  for (const user of users) {
    const sameName = isSame(user.name, name);
    const samePassword = isSame(user.password, password);
    if (sameName && samePassword) found = user;
  }
  if (found !== undefined) return found;
  throw new EngineError(
    516,
    "AUTHENTICATION_FAILED",
    `${name}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}

function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
