import { Hono, type Context as HonoContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { getMimeType } from "hono/utils/mime";
import type { z } from "zod";
import type { Role, Tracker } from "../core/config.ts";
import type { Context } from "../core/context.ts";
import type { Push, Query, Store } from "../core/contracts.ts";
import { EarshotError, ERROR_CODES } from "../core/errors.ts";
import type { PushReport } from "../core/push-source.ts";
import { showSql } from "../core/show-sql.ts";
import { queries } from "../queries/index.ts";
import { mentionCount } from "../queries/mention-count.ts";
import { CorrectionRequest, type Correction } from "../schemas/correction.ts";
import { toWire } from "../schemas/wire.ts";
import { checkAccess, checkSite, type Access, type Claims } from "./access.ts";
import { openApiDocument, type healthBody, type pushBody, type statusBody } from "./open-api.ts";
import { findWebFile } from "./web-files.ts";

/** What people may set off from the page. */
export interface ApiActions {
  /** Starts loading the demo data unless it is being loaded. */
  loadDemo(): "started" | "running" | Promise<"started" | "running">;
  /** `progress` is 0..1. */
  demoProgress(): { readonly state: string; readonly progress: number };
}

/** Something a process cannot go on with and tries again. */
export interface Waiting {
  readonly what: string;
  /** Of the latest try. */
  readonly reason: string;
  /** Time of the first try that failed, ISO 8601 UTC. */
  readonly since: string;
}

/** How a process is doing. */
export interface Monitoring {
  /** What it waits for, the longest first; empty when all is well. */
  readonly waiting: () => readonly Waiting[];
  /** Everything it counts, as Prometheus reads it. Never fails. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

/** What health and metrics need of a process. */
export interface MonitorOptions {
  readonly monitoring: Monitoring;
  readonly auth: Access;
  readonly context: Context;
}

/** A tracker as the page names it. */
type NamedTracker = Pick<Tracker, "id" | "name">;

export interface ApiOptions extends MonitorOptions {
  /** Reads with the limits of a reader. */
  readonly store: Pick<Store, "query" | "check">;
  readonly actions: ApiActions;
  /**
   * Stores what others push to a source; resolves when it is durable. Without it there is no such source.
   * @throws {EarshotError} not_found, unauthorized, request_invalid, sink_unavailable
   */
  readonly push?: (
    source: string,
    push: Push,
    idempotencyKey: string | undefined,
  ) => Promise<PushReport | "key_reused">;
  /**
   * Records what a person says of a mention. Without it nothing can be corrected.
   * @param by name of their token; undefined on this machine without one
   * @throws {EarshotError} not_found, sink_unavailable
   */
  readonly correct?: (
    mentionId: string,
    request: CorrectionRequest,
    by: string | undefined,
  ) => Promise<Correction>;
  /** What is followed, listed even before anything is heard of it. */
  readonly trackers: readonly NamedTracker[];
  /** Names of further trackers, for when something of theirs is stored. */
  readonly knownTrackers?: readonly NamedTracker[];
  readonly version: string;
  /** Folder of the built web page; without it only the API is served. */
  readonly webDir?: string;
}

/** Longest query string, in characters. */
const MAX_QUERY_STRING = 8_192;

/** Largest body of a push, in bytes. */
const MAX_PUSH_BYTES = 1_000_000;

/** Largest body of a correction, in bytes. */
const MAX_CORRECTION_BYTES = 20_000;

/** What a 503 asks to wait when the error does not say, ms. */
const RETRY_AFTER_MS = 5_000;

/** The API and the web page as one application: thin routes over the named queries. */
export function apiApp(options: ApiOptions): Hono {
  const { store, actions, context, version } = options;
  const document = openApiDocument(queries, version);
  const app = monitoredApp(options, "see /api/v1/openapi.json", () => store.check());

  app.use("/api/*", async (c, next) => {
    c.header("Cache-Control", "no-store");
    checkAccess(claimsOf(c.req.raw), options.auth, neededRole(c.req));
    if (new URL(c.req.url).search.length > MAX_QUERY_STRING) {
      throw new EarshotError(
        "request_invalid",
        `The query string is longer than ${MAX_QUERY_STRING} characters.`,
      );
    }
    await next();
  });

  app.get("/api/v1/status", async (c) => {
    const [stored] = await store.query(mentionCount.statement({}), mentionCount.row);
    const mentions = stored?.mentions ?? 0;
    return c.json({
      version,
      is_empty: mentions === 0,
      mentions,
      demo: actions.demoProgress(),
      trackers: namedTrackers(options, stored?.trackers ?? []),
      now: context.now().toISOString(),
    } satisfies z.infer<typeof statusBody>);
  });

  app.get("/api/v1/queries", (c) =>
    c.json({ queries: queries.map(({ name, summary }) => ({ name, summary })) }),
  );

  app.get("/api/v1/queries/:name", async (c) => {
    const query = findQuery(c.req.param("name"));
    const params = readParams(query, new URL(c.req.url).searchParams);
    const statement = query.statement(params);
    const rows = await store.query(statement, query.row);
    return c.json({ query: query.name, params, sql: showSql(statement), rows });
  });

  app.post("/api/v1/demo", async (c) => c.json({ state: await actions.loadDemo() }, 202));

  app.post(
    "/api/v1/mentions/:id/corrections",
    bodyLimit({
      maxSize: MAX_CORRECTION_BYTES,
      onError: (c) => {
        const message = `A correction has at most ${MAX_CORRECTION_BYTES} bytes; shorten its note.`;
        return answerError(c, new EarshotError("request_invalid", message), context, 413);
      },
    }),
    async (c) => {
      if (options.correct === undefined)
        throw new EarshotError("not_found", "Nothing can be corrected here.");
      const by = checkAccess(claimsOf(c.req.raw), options.auth, CORRECTING);
      const request = readCorrection(await c.req.text());
      return c.json(toWire(await options.correct(c.req.param("id"), request, by)) as object, 201);
    },
  );

  app.get("/api/v1/openapi.json", (c) => c.json(document));

  const isTooLarge = (c: HonoContext) => {
    const message = `A push has at most ${MAX_PUSH_BYTES} bytes; send it in smaller pieces.`;
    return answerError(c, new EarshotError("request_invalid", message), context, 413);
  };
  // no token: the signature, which the source checks, is the credential
  app.post(
    "/v1/ingest/:source",
    async (c, next) => {
      c.header("Cache-Control", "no-store");
      checkSite(claimsOf(c.req.raw), options.auth);
      await next();
    },
    bodyLimit({ maxSize: MAX_PUSH_BYTES, onError: isTooLarge }),
    async (c) => {
      if (options.push === undefined) throw new EarshotError("not_found", "Nothing can be pushed here.");
      const body = new Uint8Array(await c.req.arrayBuffer());
      const push: Push = { headers: c.req.header(), body };
      const done = await options.push(c.req.param("source"), push, c.req.header("idempotency-key"));
      if (done !== "key_reused")
        return c.json(done satisfies PushBody, done.rejected.length === 0 ? 202 : 207);
      const message = "This idempotency key came with another body before; give every push a key of its own.";
      return answerError(c, new EarshotError("request_invalid", message), context, 409);
    },
  );

  app.get("*", async (c, next) => {
    if (options.webDir === undefined || c.req.path.startsWith("/api/")) return next();
    const file = await findWebFile(options.webDir, new URL(c.req.url).pathname);
    if (file === undefined) return next();
    c.header("Content-Type", getMimeType(file.path) ?? "application/octet-stream");
    c.header("Cache-Control", file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache");
    return c.body(new Uint8Array(file.content));
  });

  return app;
}

/** What a process without an API answers: its health and its metrics. */
export function monitorApp(options: MonitorOptions): Hono {
  return monitoredApp(options, "there are /healthz and /metrics", async () => {});
}

/**
 * An application with what every process answers, each answer logged and with safe headers.
 * @param signpost where somebody who asks for what there is not should look
 * @param check throws while the process could not answer although it waits for nothing
 */
function monitoredApp(options: MonitorOptions, signpost: string, check: () => Promise<void>): Hono {
  const { monitoring, auth, context } = options;
  const app = new Hono();

  app.use(async (c, next) => {
    const startedAt = context.now().getTime();
    await next();
    const ms = context.now().getTime() - startedAt;
    context.log.debug({ method: c.req.method, path: c.req.path, status: c.res.status, ms }, "answered");
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: "no-referrer",
      xFrameOptions: "DENY",
      // whether TLS is there for good is the reverse proxy's to say
      strictTransportSecurity: false,
    }),
  );
  app.onError((error, c) => answerError(c, error, context));
  // thrown from here, it would not get the headers
  app.notFound((c) =>
    answerError(c, new EarshotError("not_found", `There is nothing at ${c.req.path}; ${signpost}.`), context),
  );

  app.get("/healthz", async (c) => {
    c.header("Cache-Control", "no-store");
    // whoever balances load needs no token, but reasons name hosts and sources
    const isStranger = !mayRead(c.req.raw, auth);
    try {
      await check();
    } catch (error) {
      const answer = answerError(c, error, context);
      return isStranger ? c.json({ status: "failed" } satisfies Health, 503) : answer;
    }
    const waiting = [...monitoring.waiting()];
    const status = waiting.length === 0 ? "ok" : "waiting";
    const health: Health = isStranger ? { status } : { status, waiting };
    return c.json(health, status === "ok" ? 200 : 503);
  });

  app.get("/metrics", async (c) => {
    c.header("Cache-Control", "no-store");
    checkAccess(claimsOf(c.req.raw), auth, "viewer");
    const { contentType, body } = await monitoring.metrics();
    return c.body(body, 200, { "Content-Type": contentType });
  });

  return app;
}

type Health = z.infer<typeof healthBody>;
type PushBody = z.infer<typeof pushBody>;

function claimsOf({ headers }: Request): Claims {
  return {
    authorization: headers.get("authorization") ?? undefined,
    host: headers.get("host") ?? undefined,
    origin: headers.get("origin") ?? undefined,
  };
}

function mayRead(request: Request, auth: Access): boolean {
  try {
    checkAccess(claimsOf(request), auth, "viewer");
    return true;
  } catch (error) {
    if (error instanceof EarshotError) return false;
    throw error;
  }
}

/** Who may say what a mention means. */
const CORRECTING: Role = "analyst";

/** Reading is for every token; correcting what was read is for analysts, setting something off for admins. */
function neededRole({ method, path }: { readonly method: string; readonly path: string }): Role {
  if (method === "GET" || method === "HEAD") return "viewer";
  return /^\/api\/v1\/mentions\/[^/]+\/corrections$/.test(path) ? CORRECTING : "admin";
}

function readCorrection(body: string): CorrectionRequest {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch (cause) {
    throw new EarshotError("request_invalid", "The body of a correction is JSON, and this is none.", {
      cause,
    });
  }
  const parsed = CorrectionRequest.safeParse(given);
  if (parsed.success) return parsed.data;
  const { details, said } = faultsOf(parsed.error);
  throw new EarshotError("request_invalid", `This is no correction. ${said}`, {
    cause: parsed.error,
    details,
  });
}

/** What is wrong with what was asked, for programs and for people. */
function faultsOf(error: z.ZodError) {
  const details = error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const said = details.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  return { details, said };
}

function findQuery(name: string): Query<z.ZodObject, z.ZodObject> {
  const query = queries.find((candidate) => candidate.name === name);
  if (query !== undefined) return query;
  const names = queries.map((candidate) => candidate.name);
  throw new EarshotError("not_found", `There is no query of this name; there are ${names.join(", ")}.`, {
    details: { queries: names },
  });
}

/** A name given once is text, a repeated one a list; an empty one was left blank in a form and counts as absent. */
function readParams(query: Query<z.ZodObject, z.ZodObject>, search: URLSearchParams) {
  const given = [...new Set(search.keys())]
    .map((name) => [name, search.getAll(name).filter((value) => value !== "")] as const)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const);
  const parsed = query.params.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const { details, said } = faultsOf(parsed.error);
  throw new EarshotError("request_invalid", `${query.name} cannot be asked like this. ${said}`, {
    cause: parsed.error,
    details,
  });
}

/** @param status where the code of the error alone says too little */
function answerError(
  c: HonoContext,
  error: unknown,
  context: Context,
  status?: ContentfulStatusCode,
): Response {
  c.header("Cache-Control", "no-store");
  if (!(error instanceof EarshotError)) {
    context.log.error(
      { err: error, method: c.req.method, path: c.req.path },
      "a request failed unexpectedly",
    );
    return c.json(
      { code: "internal", message: "Earshot made a mistake; its log says more.", details: null },
      500,
    );
  }
  const httpStatus = status ?? ERROR_CODES[error.code].httpStatus;
  if (httpStatus >= 500) {
    context.log.warn(
      { err: error, method: c.req.method, path: c.req.path },
      "a request could not be answered",
    );
  }
  if (error.code === "unauthorized") {
    c.header("WWW-Authenticate", c.req.path.startsWith("/v1/ingest/") ? "Earshot-Signature" : "Bearer");
  }
  if (httpStatus === 503) {
    c.header("Retry-After", String(Math.ceil((error.retryAfterMs ?? RETRY_AFTER_MS) / 1_000)));
  }
  return c.json({ code: error.code, message: error.message, details: error.details ?? null }, httpStatus);
}

/** Configured trackers first, then those that only imports and the demo brought, under their id if nobody named them. */
function namedTrackers(options: ApiOptions, stored: readonly string[]): NamedTracker[] {
  const names = new Map(
    [...(options.knownTrackers ?? []), ...options.trackers].map(({ id, name }) => [id, name]),
  );
  const ids = new Set([...options.trackers.map(({ id }) => id), ...stored]);
  return [...ids].map((id) => ({ id, name: names.get(id) ?? id }));
}
