import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import { loadCredentials, readEndpoint, writeEndpoint } from "./credentials.ts";
import type { EmbeddedServer, EmbeddedServerOptions } from "./server.ts";
import { openEmbeddedServer } from "./server.ts";

export interface EmbeddedChildOptions {
  readonly dataDir: string;
  /** By default the port of last time, so that saved connections of other tools go on working, or any free one. */
  readonly port?: number;
  /** Close when no Earshot process uses the store any more. */
  readonly exitWhenUnleased: boolean;
}

/**
 * Serves the store of a data directory until `signal` aborts, or nobody uses it any more where asked to.
 *
 * Its process needs UV_THREADPOOL_SIZE=16 in its environment.
 *
 * @throws {EarshotError} sink_unavailable when another process has the store open, or the port is taken
 */
export async function runEmbeddedChild(
  options: EmbeddedChildOptions,
  context: Context,
  signal: AbortSignal,
): Promise<void> {
  const { dataDir, exitWhenUnleased } = options;
  const credentials = await loadCredentials(dataDir);
  const previous = await readEndpoint(dataDir);
  const serverOptions = {
    dataDir,
    exitWhenUnleased,
    users: [
      { name: credentials.write.user, password: credentials.write.password, access: "write" },
      { name: credentials.read.user, password: credentials.read.password, access: "read" },
      { name: credentials.dashboard.user, password: credentials.dashboard.password, access: "read" },
    ],
  } as const;
  const server =
    options.port === undefined
      ? await openOnAnyPort(serverOptions, previous?.port ?? 0, context)
      : await openEmbeddedServer({ ...serverOptions, port: options.port }, context);
  const close = (): void => void server.close();
  try {
    await writeEndpoint(dataDir, {
      pid: process.pid,
      port: server.port,
      startedAt: context.now().toISOString(),
      version: server.version,
    });
    context.log.info({ url: server.url, dataDir }, "the store is open");
    if (signal.aborted) close();
    signal.addEventListener("abort", close, { once: true });
    await server.closed;
  } finally {
    signal.removeEventListener("abort", close);
    await server.close();
  }
  context.log.info({ dataDir }, "the store is closed");
}

async function openOnAnyPort(
  options: Omit<EmbeddedServerOptions, "port">,
  preferred: number,
  context: Context,
): Promise<EmbeddedServer> {
  try {
    return await openEmbeddedServer({ ...options, port: preferred }, context);
  } catch (error) {
    const isTaken =
      error instanceof EarshotError &&
      error.cause instanceof Error &&
      "code" in error.cause &&
      (error.cause.code === "EADDRINUSE" || error.cause.code === "EACCES");
    if (!isTaken || preferred === 0) throw error;
    return openEmbeddedServer({ ...options, port: 0 }, context);
  }
}
