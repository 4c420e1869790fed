import { createAdaptorServer } from "@hono/node-server";
import type { Server } from "node:http";
import { EarshotError } from "../core/errors.ts";
import { apiApp, type ApiOptions } from "./app.ts";
import { monitorApp, type MonitorOptions } from "./monitor.ts";

interface Address {
  /** Address to listen on. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

export interface ServeOptions extends ApiOptions, Address {}

export interface OpenMonitorOptions extends MonitorOptions, Address {}

/** A listening API, or a worker's monitor. */
export interface RunningApi {
  /** Where a person on this machine opens it, `http://localhost:4180`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets requests in flight finish for up to five seconds, then cuts them off. */
  close(): Promise<void>;
}

const DRAIN_MS = 5_000;

/**
 * Serves the API and the web page over HTTP.
 * @throws {EarshotError} config_invalid when the address cannot be listened on
 */
export async function openApi(options: ServeOptions): Promise<RunningApi> {
  const running = await openServer(apiApp(options), options, "api");
  options.context.log.info({ host: options.host, port: running.port }, "listening");
  return running;
}

/**
 * Serves health and metrics of a process that has no API.
 * @throws {EarshotError} config_invalid when the address cannot be listened on
 */
export async function openMonitor(options: OpenMonitorOptions): Promise<RunningApi> {
  const running = await openServer(monitorApp(options), options, "monitor");
  options.context.log.info({ host: options.host, port: running.port }, "answering health and metrics");
  return running;
}

/** @param section key of the config that holds host and port */
async function openServer(
  app: ReturnType<typeof monitorApp>,
  { host: given, port: wanted }: Address,
  section: "api" | "monitor",
): Promise<RunningApi> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const host = given.replace(/^\[(.*)\]$/, "$1");
  await listen(server, host, wanted, section);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : wanted;
  const shown = ["127.0.0.1", "::1", "0.0.0.0", "::"].includes(host) ? "localhost" : host;
  const url = `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
  let closing: Promise<void> | undefined;
  return { url, port, close: () => (closing ??= drain(server)) };
}

async function listen(server: Server, host: string, port: number, section: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new EarshotError(
        "config_invalid",
        `Port ${port} on ${host} is in use, perhaps by another Earshot; choose one with --port or ${section}.port.`,
        { cause: error },
      );
    }
    throw new EarshotError(
      "config_invalid",
      `Earshot cannot listen on ${host}, port ${port} (${String(code)}); check --host and --port, or ${section}.host and ${section}.port.`,
      { cause: error },
    );
  }
}

async function drain(server: Server): Promise<void> {
  // this also closes the connections that wait for a next request
  const drained = new Promise<void>((resolve) => server.close(() => resolve()));
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await drained;
  clearTimeout(cutOff);
}
