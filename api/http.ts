import { Hono, type Context as HonoContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { getMimeType } from "hono/utils/mime";
import type { Context } from "../core/context.ts";
import { EarshotError, ERROR_CODES } from "../core/errors.ts";

/** Routes over HTTP: what every file of routes is handed. */
export type HttpApp = Hono;

/** One request and its answer. */
export type Exchange = HonoContext;

/** What a 503 asks to wait when the error does not say, ms. */
const RETRY_AFTER_MS = 5_000;

/**
 * An application without routes, each of its answers logged, with safe headers, errors told as JSON.
 * @param signpost where somebody who asks for what there is not should look
 */
export function httpApp(context: Context, signpost: string): HttpApp {
  const app = new Hono();
  app.use(async (c, next) => {
    const startedAt = context.now().getTime();
    await next();
    const ms = context.now().getTime() - startedAt;
    context.log.debug({ method: c.req.method, path: c.req.path, status: c.res.status, ms }, "answered");
  });
  const addHeaders = secureHeaders({
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
  });
  app.use(async (c, next) => {
    let own: string | null = null;
    await addHeaders(c, async () => {
      await next();
      own = c.res.headers.get("Content-Security-Policy");
    });
    // a page that stands alone has a policy of its own
    if (own !== null) c.header("Content-Security-Policy", own);
  });
  app.onError((error, c) => answerError(c, error, context));
  // thrown from here, it would not get the headers
  app.notFound((c) =>
    answerError(c, new EarshotError("not_found", `There is nothing at ${c.req.path}; ${signpost}.`), context),
  );
  return app;
}

/**
 * Refuses larger bodies with 413.
 * @param message what is too large, and what to do
 */
export function limitBody(maxBytes: number, message: string, context: Context) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: (c) => answerError(c, new EarshotError("request_invalid", message), context, 413),
  });
}

/** The media type of a file by its name. */
export function mediaTypeOf(path: string): string {
  return getMimeType(path) ?? "application/octet-stream";
}

/**
 * An error as every caller gets it; what nobody meant is logged and told without its message.
 * @param status where the code of the error alone says too little
 */
export function answerError(
  c: Exchange,
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
