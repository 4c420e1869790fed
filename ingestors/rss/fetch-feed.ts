import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Context } from "../../core/context.ts";
import type { Budget } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { assertPublicLiteral, publicLookup } from "./refuse-private-hosts.ts";

export interface FetchFeedOptions {
  readonly url: string;
  /** Validators of the copy we already have. */
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly userAgent: string;
  /** For the whole answer, redirects included. */
  readonly timeoutMs: number;
  /** Of the body, before and after decompression. */
  readonly maxBytes: number;
  readonly allowPrivateHosts: boolean;
  readonly budget: Budget;
}

/** A feed's answer: its bytes, or the news that nothing changed. */
export interface FeedAnswer {
  /** Absent when the feed has not changed since the validators were given out. */
  readonly body?: Buffer;
  readonly contentType: string;
  readonly etag?: string;
  readonly lastModified?: string;
  /** Where the body came from, after redirects. */
  readonly url: string;
  /** Where permanent redirects (301, 308) from `url` on led to. */
  readonly movedTo?: string;
  /** How long the publisher says the answer holds (Cache-Control: max-age), in ms; 0 when it does not say. */
  readonly maxAgeMs: number;
}

const MAX_REDIRECTS = 5;
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
const MAX_VALIDATOR_LENGTH = 1_000;

/**
 * Reads a feed over HTTP with a conditional GET, following redirects by hand.
 * @throws {EarshotError} source_unavailable (network, timeout, 404, 5xx), source_rate_limited (429),
 * source_unauthorized (401, 403), source_changed (410, other 4xx, too large, private host, redirect loop)
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
 */
export async function fetchFeed(
  options: FetchFeedOptions,
  signal: AbortSignal,
  context: Context,
): Promise<FeedAnswer> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  try {
    return await follow(options, either, context);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EarshotError) throw error;
    const what = `${nameOf(new URL(options.url))} could not be read`;
    const why = timeout.aborted ? `no full answer within ${options.timeoutMs} ms` : reasonOf(error);
    throw new EarshotError("source_unavailable", `${what}: ${why}; it will be tried again.`, {
      cause: error,
    });
  }
}

async function follow(options: FetchFeedOptions, signal: AbortSignal, context: Context): Promise<FeedAnswer> {
  const start = new URL(options.url);
  let url = start;
  let movedTo: URL | undefined;
  let isPermanent = true;
  for (let requests = 1; requests <= MAX_REDIRECTS + 1; requests++) {
    options.budget.allow({ requests: 1 });
    options.budget.spend({ requests: 1 });
    const response = await get(url, url.origin === start.origin ? start : undefined, options, signal);
    try {
      const status = response.statusCode ?? 0;
      const location = response.headers.location;
      if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
        isPermanent &&= status === 301 || status === 308;
        url = redirectTarget(location, url);
        if (isPermanent) movedTo = url;
        continue;
      }
      if (status !== 304) assertOk(url, response, context);
      const etag = validator(response.headers.etag);
      const lastModified = validator(response.headers["last-modified"]);
      return {
        ...(status === 304 ? {} : { body: await readBody(url, response, options.maxBytes) }),
        contentType: response.headers["content-type"] ?? "",
        ...(etag === undefined ? {} : { etag }),
        ...(lastModified === undefined ? {} : { lastModified }),
        url: url.href,
        ...(movedTo === undefined ? {} : { movedTo: movedTo.href }),
        maxAgeMs:
          Number(/\bmax-age=(\d{1,9})/.exec(response.headers["cache-control"] ?? "")?.[1] ?? 0) * 1000,
      };
    } finally {
      response.destroy();
    }
  }
  throw new EarshotError(
    "source_changed",
    `${nameOf(start)} redirects more than ${MAX_REDIRECTS} times; correct the feed's url.`,
  );
}

/*
 * node:http instead of fetch: fetch on Node 20 offers no say in name resolution without the undici package, and a
 * check before the call would leave the time between check and connect to DNS rebinding.
 */
function get(
  url: URL,
  credentials: URL | undefined,
  options: FetchFeedOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (!options.allowPrivateHosts) assertPublicLiteral(url);
  const isSecure = url.protocol === "https:";
  const login = credentials?.username
    ? { auth: decodeURIComponent(`${credentials.username}:${credentials.password}`) }
    : {};
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)(
      url,
      {
        ...login,
        ...(options.allowPrivateHosts ? {} : { lookup: publicLookup() }),
        // A pooled socket may have been opened by a source that is allowed private hosts.
        agent: false,
        signal,
        headers: {
          "user-agent": options.userAgent,
          accept:
            "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5",
          "accept-encoding": "gzip",
          ...(options.etag === undefined ? {} : { "if-none-match": options.etag }),
          ...(options.lastModified === undefined ? {} : { "if-modified-since": options.lastModified }),
        },
      },
      resolve,
    );
    request.on("error", reject);
    request.end();
  });
}

function redirectTarget(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target?.protocol === "http:" || target?.protocol === "https:") return target;
  throw new EarshotError(
    "source_changed",
    `${nameOf(from)} redirects to something that is not a web address; correct the feed's url.`,
  );
}

function assertOk(url: URL, response: IncomingMessage, context: Context): void {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  const feed = nameOf(url);
  const retryAfterMs = readRetryAfter(response.headers["retry-after"], context);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) {
    throw new EarshotError(
      "source_rate_limited",
      `${feed} is asked too often (429); poll it less often.`,
      wait,
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    throw new EarshotError(
      "source_unauthorized",
      `${feed} refuses to be read (${status}); check the feed's url and whether it needs a login.`,
    );
  }
  if (status === 410) {
    throw new EarshotError("source_changed", `${feed} is gone for good (410); remove this source.`);
  }
  if (status >= 500 || status === 404 || status === 408 || status === 425) {
    const advice = status === 404 ? "check the feed's url if this lasts" : "it will be tried again";
    throw new EarshotError("source_unavailable", `${feed} answered ${status}; ${advice}.`, wait);
  }
  throw new EarshotError("source_changed", `${feed} answered ${status}; check the feed's url.`);
}

/** Retry-After in ms, from seconds or an HTTP date; a day at most, whatever the server fancies. */
function readRetryAfter(value: string | undefined, context: Context): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - context.now().getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

async function readBody(url: URL, response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(url, maxBytes);
    chunks.push(chunk);
  }
  try {
    return await decompress(Buffer.concat(chunks), response.headers["content-encoding"] ?? "", maxBytes);
  } catch (error) {
    if (isCode(error, "ERR_BUFFER_TOO_LARGE")) throw tooLarge(url, maxBytes);
    throw error;
  }
}

async function decompress(body: Buffer, encoding: string, maxOutputLength: number): Promise<Buffer> {
  // By its first bytes and not by the header: servers send `.xml.gz` unannounced, and announce gzip they do not send.
  if (body[0] === 0x1f && body[1] === 0x8b) return promisify(gunzip)(body, { maxOutputLength });
  if (/^br$/i.test(encoding)) return promisify(brotliDecompress)(body, { maxOutputLength });
  if (/^deflate$/i.test(encoding)) return promisify(inflate)(body, { maxOutputLength });
  return body;
}

function tooLarge(url: URL, maxBytes: number): EarshotError {
  return new EarshotError(
    "source_changed",
    `${nameOf(url)} is larger than ${maxBytes} bytes; raise maxBytes if that is right.`,
  );
}

function validator(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= MAX_VALIDATOR_LENGTH ? value : undefined;
}

/** Host and path: queries and logins of feed addresses carry private tokens. */
function nameOf(url: URL): string {
  return `The feed ${url.host}${url.pathname}`;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails with one error per address and an empty message.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
