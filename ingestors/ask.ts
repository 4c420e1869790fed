import type { PollRun } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cutText } from "../core/mention.ts";
import type { RateLimit, ReadRateLimit } from "./rate-limit.ts";
import { retryAfter } from "./rate-limit.ts";

/** One request to a platform's HTTP API. */
export interface Ask {
  /** Who is asked, for messages: `Hacker News`. */
  readonly platform: string;
  /** Never shown in a message: its query may carry a key. */
  readonly url: URL;
  readonly method?: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole answer. Default 30 s. */
  readonly timeoutMs?: number;
  /** Default 20 MB. */
  readonly maxBytes?: number;
  /** Reads the platform's dialect of rate limit headers. `Retry-After` is understood without. */
  readonly rateLimit?: ReadRateLimit;
  /** Statuses beside 2xx that are answers, not failures. */
  readonly accept?: readonly number[];
  /** What to do about a 401 or 403: `check token of this source`. */
  readonly whenRefused: string;
  /** A better reading of a failed answer than its status gives. */
  readonly explain?: (answer: Answer) => EarshotError | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly rateLimit: RateLimit;
  /** The body as JSON. @throws {EarshotError} source_changed when it is none */
  json(): unknown;
}

type AskRun = Pick<PollRun<unknown, unknown>, "signal" | "context" | "budget">;

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 20 * 1024 * 1024;
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * Asks a platform once. The request is charged to the budget, whatever becomes of it. Redirects are not followed, so
 * that no credential leaves for another host.
 * @throws {EarshotError} budget_spent, source_unavailable (network, timeout, 404, 408, 5xx), source_rate_limited (429, with
 * what the platform asks us to wait), source_unauthorized (401, 403), source_changed (other statuses, too large)
 */
export async function ask(request: Ask, run: AskRun): Promise<Answer> {
  const { platform, timeoutMs = TIMEOUT_MS } = request;
  const { signal, budget } = run;
  signal.throwIfAborted();
  budget.allow({ requests: 1 });
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await exchange(request, run, AbortSignal.any([signal, timeout]));
    if ((answer.status >= 200 && answer.status < 300) || request.accept?.includes(answer.status) === true) {
      return answer;
    }
    throw request.explain?.(answer) ?? failed(request, answer, run);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EarshotError) throw error;
    const why = timeout.aborted ? `no full answer within ${timeoutMs / 1_000} s` : reasonOf(error);
    throw new EarshotError(
      "source_unavailable",
      `${platform} did not answer (${why}); it will be asked again.`,
    );
  } finally {
    budget.spend({ requests: 1 });
  }
}

async function exchange(request: Ask, { context }: AskRun, signal: AbortSignal): Promise<Answer> {
  const { platform, url, method = "GET", body, maxBytes = MAX_BYTES } = request;
  const response = await fetch(url, {
    method,
    headers: headersOf(request),
    redirect: "manual",
    signal,
    ...(body === undefined ? {} : { body }),
  });
  const text = await readText(response, maxBytes, platform);
  return {
    status: response.status,
    headers: response.headers,
    text,
    rateLimit: request.rateLimit?.(response.headers, context.now()) ?? {},
    json() {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new EarshotError(
          "source_changed",
          `${platform} answered with something that is not JSON; it may be down, blocking us, or have changed its API.`,
        );
      }
    },
  };
}

/** Whatever cannot be sent comes from a secret with a line end or a typographic quote in it, so it is not quoted. */
function headersOf({ platform, headers, whenRefused }: Ask): Headers {
  try {
    return new Headers({ "user-agent": "Earshot", accept: "application/json", ...headers });
  } catch {
    throw new EarshotError(
      "source_unauthorized",
      `${platform} was not asked: what we log in with has a character that cannot be sent; ${whenRefused}.`,
    );
  }
}

async function readText(response: Response, maxBytes: number, platform: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new EarshotError("source_changed", `${platform} answered with more than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function failed({ platform, whenRefused }: Ask, answer: Answer, { context }: AskRun): EarshotError {
  const { status, headers, rateLimit } = answer;
  const now = context.now();
  const resetAt = retryAfter(headers, now) ?? rateLimit.resetAt;
  const wait =
    resetAt === undefined
      ? {}
      : { retryAfterMs: Math.min(MAX_WAIT_MS, Math.max(0, resetAt.getTime() - now.getTime())) };
  if (status === 429) {
    return new EarshotError(
      "source_rate_limited",
      `${platform} is asked too often (429); poll it less often.`,
      wait,
    );
  }
  if (status === 401 || status === 403) {
    return new EarshotError("source_unauthorized", `${platform} refused us (${status}); ${whenRefused}.`);
  }
  if (status >= 500 || status === 404 || status === 408) {
    return new EarshotError(
      "source_unavailable",
      `${platform} answered ${status}; it will be asked again.`,
      wait,
    );
  }
  const target =
    status >= 300 && status < 400 ? " with a redirect, which is not followed; correct the endpoint" : "";
  return new EarshotError(
    "source_changed",
    `${platform} answered ${status}${target || "; its API may have changed"}.`,
  );
}

/** Of a failed fetch the cause says what happened; neither names the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no reason given";
  if (error.cause instanceof AggregateError) return reasonOf(error.cause.errors[0]);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return cutText("code" in error && typeof error.code === "string" ? error.code : error.message, 200);
}
