/** What the runner does with an error of one code. */
export interface ErrorRule {
  /** True when the same call may succeed later without anyone changing anything. */
  readonly retried: boolean;
  /** Status the API answers with. */
  readonly httpStatus: number;
  /** What the loop that meets it does, in one sentence. */
  readonly runner: string;
}

/** The one table of error codes. Every error Earshot raises on purpose has one of these. */
export const ERROR_CODES = {
  config_invalid: { retried: false, httpStatus: 400, runner: "Ends the process with exit code 2." },
  source_unavailable: { retried: true, httpStatus: 503, runner: "Backs off with jitter; the cursor stays." },
  source_rate_limited: { retried: true, httpStatus: 503, runner: "Waits retryAfterMs; the cursor stays." },
  source_unauthorized: {
    retried: false,
    httpStatus: 502,
    runner: "Rests that source, longer each time, and marks it unhealthy.",
  },
  source_changed: {
    retried: false,
    httpStatus: 502,
    runner: "Rests that source, longer each time, and marks it unhealthy.",
  },
  budget_spent: {
    retried: false,
    httpStatus: 503,
    runner: "Waits for the next window; the hours are not heard.",
  },
  ownership_lost: { retried: false, httpStatus: 409, runner: "Leaves the source to its new owner." },
  cursor_lost: { retried: false, httpStatus: 502, runner: "Records the gap and restarts from what is left." },
  record_invalid: {
    retried: false,
    httpStatus: 400,
    runner: "Writes a dead letter with payload and reason.",
  },
  processor_failed: { retried: false, httpStatus: 500, runner: "Isolates the record, then a dead letter." },
  sink_rejected: { retried: false, httpStatus: 500, runner: "Isolates the record, then a dead letter." },
  sink_unavailable: { retried: true, httpStatus: 503, runner: "Pauses; nothing is committed." },
  not_found: { retried: false, httpStatus: 404, runner: "The API answers 404." },
  request_invalid: { retried: false, httpStatus: 400, runner: "The API answers 400." },
  unauthorized: { retried: false, httpStatus: 401, runner: "The API answers 401." },
  forbidden: { retried: false, httpStatus: 403, runner: "The API answers 403." },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface EarshotErrorOptions {
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
  /** Structured facts for the API's `details`; never secrets, never a mention's text. */
  readonly details?: unknown;
}

/**
 * The only error class Earshot throws on purpose. The message says what happened, to what, and what to do.
 * Anything else that is thrown is a programmer error: never retried; it ends a loop, or costs the one record that
 * `parse` or a processor was at.
 */
export class EarshotError extends Error {
  override readonly name = "EarshotError";
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: EarshotErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }

  /** Whether the same call may succeed later. */
  get retried(): boolean {
    return ERROR_CODES[this.code].retried;
  }
}
