import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { cutText } from "../../core/mention.ts";
import { retryAfter, type RateLimit } from "../rate-limit.ts";

/** What X asks for where it does not say how long to wait. */
const RATE_LIMIT_MS = 60_000;

/**
 * What is read of a failed answer. Its error is neither kept as a cause nor thrown, however odd: it holds the request, and
 * with it the token.
 */
const Failure = z.object({
  type: z.enum(["request", "partial-response", "response"]),
  code: z.number().optional(),
  data: z.unknown().optional(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  rateLimit: z.object({ remaining: z.number(), reset: z.number() }).optional().catch(undefined),
  response: z.object({ complete: z.boolean(), statusCode: z.number() }).optional().catch(undefined),
});

/**
 * What an error of the library means.
 * @param why what is known of a connection that failed, which the library does not tell
 * @throws whatever is no error of the library
 */
export function asEarshotError(error: unknown, why: string | undefined, now: Date): EarshotError {
  if (error instanceof EarshotError) return error;
  const failure = Failure.safeParse(error).data;
  if (failure === undefined) throw error;
  if (failure.type === "response" && failure.code !== undefined) return ofStatus(failure, failure.code, now);
  if (failure.type === "partial-response" && failure.response?.complete === true) {
    const { statusCode } = failure.response;
    if (statusCode >= 400) return ofStatus(failure, statusCode, now);
    return new EarshotError(
      "source_changed",
      "X answered with something that is not JSON; it may be down, blocking us, or have changed its API.",
    );
  }
  return new EarshotError(
    "source_unavailable",
    `X did not answer (${why ?? "the connection broke"}); it will be asked again.`,
  );
}

function ofStatus(failure: z.infer<typeof Failure>, status: number, now: Date): EarshotError {
  const problem = problemOf(failure.data);
  if (status === 402 || /usage-?cap|credit/i.test(kindOf(failure.data))) return usedUp(failure.data, now);
  if (status === 429) {
    const retryAt = retryAfter(new Headers({ "retry-after": asText(failure.headers?.["retry-after"]) }), now);
    // one connection too many has nothing to do with the limit of requests, whose end the answer tells all the same
    const isOfConnections = /streaming-connection/.test(kindOf(failure.data));
    const resetAt = retryAt ?? (isOfConnections ? undefined : asRateLimit(failure.rateLimit).resetAt);
    const wait = resetAt === undefined ? RATE_LIMIT_MS : Math.max(0, resetAt.getTime() - now.getTime());
    return new EarshotError("source_rate_limited", `X is asked too often (429: ${problem}).`, {
      retryAfterMs: wait,
    });
  }
  if (status === 401 || status === 403) {
    return new EarshotError(
      "source_unauthorized",
      `X refused us (${status}: ${problem}); check token of this source, and what its X app may read.`,
    );
  }
  if (status >= 500 || status === 404 || status === 408) {
    return new EarshotError(
      "source_unavailable",
      `X answered ${status} (${problem}); it will be asked again.`,
    );
  }
  if (status === 400 && isOfCursor(failure.data)) {
    return new EarshotError("cursor_lost", `X does not know where we stopped any more (400: ${problem}).`);
  }
  return new EarshotError("source_changed", `X did not take the question (${status}: ${problem}).`);
}

/** The plan or the credits are used up: asking again before they are filled up is no use. */
function usedUp(body: unknown, now: Date): EarshotError {
  const isMonthly = /^month/i.test(Problem.safeParse(body).data?.period ?? "");
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const until = isMonthly ? Date.UTC(year, month + 1) : Date.UTC(year, month, day + 1);
  return new EarshotError(
    "source_rate_limited",
    `What your X plan may read is used up (${problemOf(body)}); raise the cap or buy credits. ` +
      `It is tried again at ${new Date(until).toISOString()}.`,
    { retryAfterMs: until - now.getTime() },
  );
}

/** A problem as X tells it, and as it tells of a disconnected stream: there it is the first of `errors`. */
const Problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  type: z.string().optional(),
  period: z.string().optional(),
  errors: z
    .array(
      z.object({
        title: z.string().optional(),
        message: z.string().optional(),
        detail: z.string().optional(),
        parameters: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
});

/** The problem in X's words. */
export function problemOf(body: unknown): string {
  const problem = Problem.safeParse(body).data;
  const [first] = problem?.errors ?? [];
  const told = first?.message ?? first?.detail ?? problem?.detail ?? first?.title ?? problem?.title;
  return told === undefined ? "no reason given" : cutText(told, 200);
}

function kindOf(body: unknown): string {
  const { type = "", title = "" } = Problem.safeParse(body).data ?? {};
  return `${type} ${title}`;
}

const CURSOR_PARAMETERS = new Set(["since_id", "next_token", "pagination_token"]);

function isOfCursor(body: unknown): boolean {
  const errors = Problem.safeParse(body).data?.errors ?? [];
  return errors.some(({ parameters = {} }) =>
    Object.keys(parameters).some((name) => CURSOR_PARAMETERS.has(name)),
  );
}

/** X's limit as the library reads it; it reads no limit from odd headers as NaN. */
export function asRateLimit(
  limit: { readonly remaining: number; readonly reset: number } | undefined,
): RateLimit {
  const resetAt = new Date((limit?.reset ?? NaN) * 1_000);
  if (limit === undefined || Number.isNaN(limit.remaining) || Number.isNaN(resetAt.getTime())) return {};
  return { remaining: limit.remaining, resetAt };
}

function asText(header: string | readonly string[] | undefined): string {
  return typeof header === "string" ? header : (header?.[0] ?? "");
}

/** Why a connection failed: `ECONNREFUSED`. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return "no reason given";
  return cutText("code" in error && typeof error.code === "string" ? error.code : error.message, 200);
}
