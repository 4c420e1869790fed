import { z } from "zod";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import { oneLine } from "../../core/one-line.ts";
import { cut } from "./lay-out.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** An address that alerts are sent to: https, or http on this machine. Often itself a secret. */
export const ServiceUrl = z
  .url({ protocol: /^https?$/, error: "must be an address like https://example.com/…" })
  .refine(isSafe, "must begin with https:// (http:// only on this machine) and hold no user or password");

/** The option for how long the whole answer of a service may take. @param ms default */
export function timeoutOption(ms = 15_000) {
  return z
    .int()
    .min(100)
    .max(120_000)
    .default(ms)
    .describe("How long to wait for the answer, in milliseconds.");
}

/** One message for a service. */
export interface Post {
  /** Who is told, for messages: `Slack`. */
  readonly service: string;
  /** A secret: only its host is ever shown. */
  readonly url: string;
  readonly body: string;
  /** Beside `content-type: application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What to do when the message is refused: `check webhookUrl of this receiver`. */
  readonly whenRefused: string;
  /** What a refusing answer says in its own words, for the message; absent: nothing is shown of it. */
  readonly reason?: (body: string) => string | undefined;
  /** What else must never be shown, should the service give it back. */
  readonly secrets?: readonly string[];
  /** How long a body asks us to wait, in milliseconds, where it says so more precisely than `Retry-After`. */
  readonly waitMs?: (body: string) => number | undefined;
}

export interface Taken {
  readonly status: number;
  readonly headers: Headers;
  /** At most 256 KB of it; empty when it broke off. */
  readonly body: string;
}

const MAX_BYTES = 256 * 1024;
const MAX_WAIT_MS = 24 * 60 * 60 * 1_000;
const MAX_REASON = 200;
/** Shorter parts of an address are words that may stand anywhere. */
const SHORTEST_SECRET = 6;

/**
 * Posts once; resolves when the service has taken it (2xx). Redirects are not followed, so that nothing leaves for
 * another host. No error has a cause: those of the network name the address.
 * @throws {EarshotError} sink_unavailable (network, timeout, 408, 425, 429, 5xx; with what the service asks us to wait),
 * sink_rejected (any other status)
 */
export async function post(request: Post, context: Context, signal: AbortSignal): Promise<Taken> {
  const { service, url, body, headers, timeoutMs } = request;
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: headersOf(headers),
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const why = timeout.aborted ? `no answer within ${timeoutMs / 1_000} s` : networkCode(error);
    throw new EarshotError(
      "sink_unavailable",
      `${service} at ${new URL(url).hostname} did not answer (${why}); it will be tried again.`,
    );
  }
  const text = await readText(answer);
  signal.throwIfAborted();
  if (answer.ok) return { status: answer.status, headers: answer.headers, body: text };
  throw refusal(request, { status: answer.status, headers: answer.headers, body: text }, context);
}

/** How long `Retry-After` asks us to wait, in milliseconds. @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : ms;
}

/** Options for an error that is waited out; a wait is at most a day. */
function waiting(ms: number | undefined): { retryAfterMs?: number } {
  return ms === undefined || Number.isNaN(ms)
    ? {}
    : { retryAfterMs: Math.ceil(Math.min(MAX_WAIT_MS, Math.max(0, ms))) };
}

/** Names of headers are one name whatever their case. */
function headersOf(own: Post["headers"] = {}): Headers {
  const headers = new Headers({ "content-type": "application/json", "user-agent": "Earshot" });
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  return headers;
}

function refusal(request: Post, { status, headers, body }: Taken, context: Context): EarshotError {
  const { service, whenRefused, reason, waitMs } = request;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return new EarshotError(
      "sink_unavailable",
      `${service} cannot take the message now (${status}); it will be tried again.`,
      waiting(waitMs?.(body) ?? retryAfterMs(headers, context.now())),
    );
  }
  if (status >= 300 && status < 400) {
    return new EarshotError(
      "sink_rejected",
      `${service} answered with a redirect (${status}), which is not followed; ${whenRefused}.`,
    );
  }
  const why = withoutSecrets(reason?.(body) ?? "", request);
  return new EarshotError(
    "sink_rejected",
    `${service} refused the message (${[status, why].filter((part) => part !== "").join(" ")}); ${whenRefused}.`,
  );
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk.subarray(0, MAX_BYTES - size));
      size += chunk.length;
      if (size >= MAX_BYTES) break;
    }
  } catch {
    // the status has told what became of the message
    return "";
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Only a code: the message of a failed fetch may hold the address. */
function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return "no reason given";
  const { cause } = error;
  if (cause instanceof AggregateError) return networkCode(cause.errors[0]);
  if (cause instanceof Error) return networkCode(cause);
  return "code" in error && typeof error.code === "string" ? cut(error.code, 60) : error.name;
}

/** Services, and proxies before them, may give back what they were sent. */
function withoutSecrets(text: string, { url, secrets = [] }: Post): string {
  const { href, pathname, searchParams, search } = new URL(url);
  const known = [href, pathname, search, ...pathname.split("/"), ...searchParams.values(), ...secrets]
    .flatMap((part) => [part, decoded(part)])
    .filter((part) => part.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  let safe = text;
  for (const secret of known) safe = safe.replaceAll(secret, "…");
  return cut(oneLine(safe.toWellFormed()).replace(/\s+/gu, " ").trim(), MAX_REASON);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  return (protocol === "https:" || isLoopback(hostname)) && username === "" && password === "";
}

/** Whether a host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
