import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { TweetStream, TwitterApi } from "twitter-api-v2";
import type { Cost, PollRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { RateLimit } from "../rate-limit.ts";
import { asEarshotError, asRateLimit, problemOf, reasonOf } from "./failures.ts";

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 20 * 1024 * 1024;
/** X sends a sign of life every 20 s. */
const KEEP_ALIVE_MS = 25_000;

/** Who asks, and on whose account. */
export type XRun = Pick<PollRun<unknown, unknown>, "signal" | "context" | "budget"> & {
  readonly config: { readonly token: string; readonly endpoint: string };
};

export interface XRequest {
  /** Below `/2/`: `tweets/search/recent`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent by POST. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** What the answer costs beside the request itself; asked of failed requests too, with undefined. */
  readonly costOf?: (answer: unknown) => Cost;
}

export interface XAnswer {
  readonly body: unknown;
  readonly rateLimit: RateLimit;
}

/**
 * Asks X once. The request is charged to the budget, and so is what was read.
 * @throws {EarshotError} budget_spent, source_unavailable, source_rate_limited (too many requests, or the plan's posts
 * and credits used up), source_unauthorized, source_changed, cursor_lost (a since id or page token X does not know)
 * @see https://docs.x.com/x-api/fundamentals/response-codes-and-errors
 */
export async function askX(request: XRequest, run: XRun): Promise<XAnswer> {
  const { signal, budget, context } = run;
  signal.throwIfAborted();
  budget.allow({ requests: 1 });
  const line = openLine(run.config.endpoint, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
  let body: unknown;
  try {
    const { client, options } = await dial(line, run);
    const { path, query = {}, body: sent } = request;
    const answer =
      sent === undefined
        ? await client.v2.get<unknown>(path, { ...query }, options)
        : await client.v2.post<unknown>(path, { ...sent }, { ...options, query: { ...query } });
    body = answer.data;
    return { body, rateLimit: asRateLimit(answer.rateLimit) };
  } catch (error) {
    signal.throwIfAborted();
    throw line.failure(error, context.now());
  } finally {
    line.hangUp();
    budget.spend({ requests: 1, ...request.costOf?.(body) });
  }
}

/** What a stream tells its listener. */
export interface XListener {
  readonly onPayload: (payload: unknown) => void;
  /** The connection is over; without an error X ended it in an orderly way. Told once. */
  readonly onEnd: (error?: EarshotError) => void;
}

export interface XStream {
  /** X's clock when the stream began, ms since 1970. */
  readonly startedAt: number;
  readonly close: () => void;
}

/**
 * Connects to a stream of X; one connection, never reconnected.
 * @throws {EarshotError} as {@link askX}
 * @see https://docs.x.com/x-api/fundamentals/consuming-streaming-data
 */
export async function openXStream(
  { path, query = {} }: XRequest,
  listener: XListener,
  run: XRun,
): Promise<XStream> {
  const { signal, budget, context } = run;
  signal.throwIfAborted();
  budget.allow({ requests: 1 });
  const patience = new AbortController();
  const deadline = setTimeout(() => patience.abort(), TIMEOUT_MS);
  const line = openLine(run.config.endpoint, AbortSignal.any([signal, patience.signal]));
  try {
    const { client, options } = await dial(line, run);
    const stream = client.v2.getStream<unknown>(
      path,
      { ...query },
      { ...options, payloadIsError, autoConnect: false },
    );
    const connection = listen(stream, listener, line);
    await stream.connect({ autoReconnect: false, keepAliveTimeout: KEEP_ALIVE_MS });
    return { startedAt: connection.dateOf(context.now()), close: connection.close };
  } catch (error) {
    line.hangUp();
    signal.throwIfAborted();
    throw line.failure(error, context.now());
  } finally {
    clearTimeout(deadline);
    budget.spend({ requests: 1 });
  }
}

/** X tells why it disconnects in the place of a post. */
function payloadIsError(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "errors" in payload && !("data" in payload);
}

function listen(stream: TweetStream<unknown>, listener: XListener, line: Line) {
  let response: IncomingMessage | undefined;
  let isOver = false;
  const end = (error?: EarshotError) => {
    if (isOver) return;
    isOver = true;
    stream.destroy();
    line.hangUp();
    listener.onEnd(error);
  };
  const lost = (why: string) =>
    new EarshotError("source_unavailable", `The stream of X broke (${why}); it is connected again.`);

  stream.on("connected", () => {
    // the library turns chunks into text one by one, which breaks letters that lie across two of them
    response = (stream as unknown as { readonly res?: IncomingMessage }).res?.setEncoding("utf8");
  });
  stream.on("data event content", (payload: unknown) => listener.onPayload(payload));
  stream.on("data twitter error", (payload: unknown) => end(lost(problemOf(payload))));
  stream.on("data tweet parse error", () => end(lost("a line of it could not be read")));
  stream.on("connection lost", () => end(lost(`no sign of life for ${KEEP_ALIVE_MS / 1_000} s`)));
  stream.on("connection error", () =>
    end(response?.complete === true ? undefined : lost("connection closed")),
  );
  return {
    dateOf: (now: Date) => Date.parse(response?.headers.date ?? "") || now.getTime(),
    close: () => {
      isOver = true;
      stream.destroy();
      line.hangUp();
    },
  };
}

/** The sockets of one request: cut when time is up or the program stops. */
interface Line {
  readonly agent: http.Agent;
  readonly signal: AbortSignal;
  /** What is known of its failure, which the library does not tell. */
  fault: EarshotError | string | undefined;
  failure(error: unknown, now: Date): EarshotError;
  hangUp(): void;
}

function openLine(endpoint: string, signal: AbortSignal): Line {
  const agent = endpoint.startsWith("https:") ? new https.Agent() : new http.Agent();
  const cut = () => agent.destroy();
  signal.addEventListener("abort", cut, { once: true });
  return {
    agent,
    signal,
    fault: undefined,
    failure(error, now) {
      if (this.fault instanceof EarshotError) return this.fault;
      const why = signal.aborted ? `no full answer within ${TIMEOUT_MS / 1_000} s` : this.fault;
      return asEarshotError(error, why, now);
    },
    hangUp() {
      signal.removeEventListener("abort", cut);
      agent.destroy();
    },
  };
}

/** The library is loaded by those who use it only. */
async function dial(line: Line, { config }: XRun) {
  const { TwitterApi } = await import("twitter-api-v2");
  // unpacking broken data would end the program: the library does not listen to its unpacker's errors
  const client: TwitterApi = new TwitterApi(config.token, { httpAgent: line.agent, compression: "identity" });
  let size = 0;
  const options = {
    prefix: `${config.endpoint.replace(/\/$/, "")}/2/`,
    fullResponse: true,
    forceBodyMode: "json",
    requestEventDebugHandler(event: string, told?: unknown) {
      if (event === "request-error") {
        line.fault ??= reasonOf((told as { readonly requestError?: unknown }).requestError);
      }
      if (event !== "response") return;
      (told as { readonly res: IncomingMessage }).res.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_BYTES) return;
        line.fault = new EarshotError("source_changed", `X answered with more than ${MAX_BYTES} bytes.`);
        line.agent.destroy();
      });
    },
  } as const;
  line.signal.throwIfAborted();
  return { client, options };
}
