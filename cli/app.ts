import type { z } from "zod";
import type { Config } from "../core/config.ts";
import type { Context, Observation } from "../core/context.ts";
import type { Broker, Query } from "../core/contracts.ts";
import { retrying } from "../core/retry.ts";
import { openBroker } from "./broker.ts";
import { readConfig, type GlobalOptions } from "./config-file.ts";
import { openContext } from "./log.ts";
import type { ProcessMonitoring } from "./monitoring.ts";
import { openReading, type Reading } from "./reading-pool.ts";
import { openStores, type StoreOptions, type Stores } from "./stores.ts";

/** What every command has before it connects to anything. */
export interface Runtime {
  readonly config: Config;
  readonly context: Context;
  /** Aborted by Ctrl-C or a termination signal. */
  readonly signal: AbortSignal;
}

/** What a command has that runs until it is told to stop: it says how it is. */
export interface Service extends Runtime {
  readonly monitoring: ProcessMonitoring;
}

/** A running program's connections. */
export interface App extends Runtime, Stores {
  /** Topics between processes; absent when everything runs in one. */
  readonly broker: Broker | undefined;
  /** The chain of processors, and the threads it runs in. */
  readonly reading: Reading;
  /** Rows of a named question, asked as the loops do. */
  readonly ask: <P extends z.ZodObject, R extends z.ZodObject>(
    query: Query<P, R>,
    params: z.infer<P>,
  ) => Promise<z.infer<R>[]>;
}

/**
 * Reads the config and makes the log of a command that answers and ends: quiet unless something is wrong.
 * @throws {EarshotError} config_invalid
 */
export async function openRuntime(globals: GlobalOptions): Promise<Runtime> {
  const config = await readConfig(globals);
  return toRuntime(config, config.logLevel === "info" ? "warn" : config.logLevel, () => {});
}

/**
 * Reads the config and makes the log and the metrics of a service.
 * @throws {EarshotError} config_invalid
 */
export async function openService(globals: GlobalOptions): Promise<Service> {
  const config = await readConfig(globals);
  const { openMonitoring } = await import("./monitoring.ts");
  const monitoring = openMonitoring(() => new Date());
  return { ...toRuntime(config, config.logLevel, monitoring.observe), monitoring };
}

function toRuntime(
  config: Config,
  level: Config["logLevel"],
  observe: (observation: Observation) => void,
): Runtime {
  const context = openContext({ level, isPretty: process.stderr.isTTY, observe });
  return { config, context, signal: abortOnSignals(context) };
}

export interface ConnectOptions extends StoreOptions {
  /** Waits for a store it shares with others when it starts. */
  readonly isService?: boolean;
}

/**
 * Acts with everything connected, and closes it whatever happens.
 * @param name of the command, as others are told who holds the store: `sources list`
 * @throws {EarshotError} config_invalid, sink_unavailable
 */
export async function withApp<T>(
  globals: GlobalOptions,
  name: string,
  act: (app: App) => Promise<T>,
): Promise<T> {
  const runtime = await openRuntime(globals);
  const app = await connectApp(runtime, await openBroker(runtime), {
    holder: `earshot ${name}, pid ${process.pid}`,
  });
  try {
    return await act(app);
  } finally {
    await app.close();
  }
}

/**
 * Connects a runtime: store (starting the embedded child when none runs), its schema, and the broker it is handed, which
 * it closes with the rest.
 * @throws {EarshotError} config_invalid, sink_unavailable
 */
export async function connectApp<R extends Runtime>(
  runtime: R,
  broker: Broker | undefined,
  options: ConnectOptions,
): Promise<R & App> {
  const { config, context, signal } = runtime;
  const connect = () => openStores(config, options, context);
  // alone on one machine a store that does not start is a person's to mend, at once
  const isShared = config.clickhouse.url !== undefined || broker !== undefined;
  const isPatient = options.isService === true && isShared;
  const stores = isPatient
    ? await retrying(connect, { what: "connect to ClickHouse" }, signal, context)
    : await connect();
  const reading = openReading(config, context);
  return {
    ...runtime,
    ...stores,
    broker,
    reading,
    ask: (query, params) => stores.store.query(query.statement(params), query.row),
    async close() {
      await broker?.close();
      await reading.close();
      await stores.close();
    },
  };
}

/** Ids of one statement together, in characters: they are written into it, and ClickHouse reads 256 kB of a statement. */
const MAX_IDS_LENGTH = 50_000;

/** Ids in pieces that a statement can hold, in their order. */
export function inPieces(ids: readonly string[]): string[][] {
  const pieces: string[][] = [];
  let length = Infinity;
  for (const id of ids) {
    if (length + id.length > MAX_IDS_LENGTH) {
      pieces.push([]);
      length = 0;
    }
    pieces.at(-1)?.push(id);
    length += id.length;
  }
  return pieces;
}

/** Asks a named question about ids, however many and long they are. Rows come in no particular order. */
export async function askAboutIds<R extends z.ZodObject>(
  { ask }: Pick<App, "ask">,
  query: Query<z.ZodObject<{ ids: z.ZodArray<z.ZodString> }>, R>,
  ids: readonly string[],
): Promise<z.infer<R>[]> {
  const rows: z.infer<R>[] = [];
  for (const some of inPieces(ids)) rows.push(...(await ask(query, { ids: some })));
  return rows;
}

/** Aborts at the first SIGINT or SIGTERM, so that loops drain; a second one ends the process at once. */
export function abortOnSignals(context: Context): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      context.log.info({ signal: name }, "stopping; once more to stop at once");
      controller.abort(new DOMException(`stopped by ${name}`, "AbortError"));
    });
  }
  return controller.signal;
}

/** Runs a service until it ends. Being told to stop is its normal end, also while it still waits for something. */
export async function untilStopped(run: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
}
