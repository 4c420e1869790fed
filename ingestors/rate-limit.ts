/** What a platform says of its limits in the headers of an answer. */
export interface RateLimit {
  /** Requests left until `resetAt`. */
  readonly remaining?: number;
  readonly resetAt?: Date;
}

/** Reads one platform's dialect. */
export type ReadRateLimit = (headers: Headers, now: Date) => RateLimit;

/** How a header says when a window ends: seconds since 1970, seconds from now, or an ISO time. */
export type ResetFormat = "epoch" | "seconds" | "iso";

/** A dialect of two headers, such as `x-ratelimit-remaining` and `x-ratelimit-reset`. */
export function rateLimitHeaders(remaining: string, reset: string, format: ResetFormat): ReadRateLimit {
  return (headers, now) => {
    const left = toNumber(headers.get(remaining));
    const resetAt = readReset(headers.get(reset), format, now);
    return {
      ...(left === undefined ? {} : { remaining: left }),
      ...(resetAt === undefined ? {} : { resetAt }),
    };
  };
}

/**
 * When to ask again by `Retry-After`: seconds or an HTTP date.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfter(headers: Headers, now: Date): Date | undefined {
  const value = headers.get("retry-after");
  return readReset(value, toNumber(value) === undefined ? "iso" : "seconds", now);
}

function readReset(value: string | null, format: ResetFormat, now: Date): Date | undefined {
  const number = toNumber(value);
  const at =
    format === "iso"
      ? Date.parse(value ?? "")
      : format === "epoch"
        ? (number ?? NaN) * 1_000
        : now.getTime() + (number ?? NaN) * 1_000;
  const reset = new Date(at);
  return Number.isNaN(reset.getTime()) ? undefined : reset;
}

function toNumber(value: string | null): number | undefined {
  return value !== null && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}
