import type { z } from "zod";
import type { Tracker } from "../core/config.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { queries } from "../queries/index.ts";
import { mentionCount } from "../queries/mention-count.ts";
import { checkAccess, claimsOf, neededRole } from "./access.ts";
import { addAlertRoutes, type AlertRouteOptions } from "./alert-routes.ts";
import { addChangeRoutes, type ChangeRouteOptions } from "./change-routes.ts";
import { addCorrectionRoute, type CorrectionOptions } from "./correction-route.ts";
import { mediaTypeOf, type HttpApp } from "./http.ts";
import { addIssueRoutes, type IssueRouteOptions } from "./issue-routes.ts";
import { monitoredApp, type MonitorOptions } from "./monitor.ts";
import { openApiDocument, type statusBody } from "./open-api.ts";
import { addPushRoute, type PushOptions } from "./push-route.ts";
import { addQueryRoutes } from "./query-routes.ts";
import { findWebFile } from "./web-files.ts";
import { addWhyRoutes, type WhyRouteOptions } from "./why-routes.ts";

/** What people may set off from the page. */
export interface ApiActions {
  /** Starts loading the demo data unless it is being loaded. */
  loadDemo(): "started" | "running" | Promise<"started" | "running">;
  /** `progress` is 0..1. */
  demoProgress(): { readonly state: string; readonly progress: number };
}

/** A tracker as the page names it. */
type NamedTracker = Pick<Tracker, "id" | "name">;

export interface ApiOptions
  extends
    MonitorOptions,
    Omit<AlertRouteOptions, "store" | "trackers">,
    ChangeRouteOptions,
    CorrectionOptions,
    IssueRouteOptions,
    PushOptions,
    Pick<WhyRouteOptions, "exposureMeasure"> {
  /** Reads with the limits of a reader. */
  readonly store: Pick<Store, "query" | "check">;
  readonly actions: ApiActions;
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

/** The API and the web page as one application: thin routes over the named queries. */
export function apiApp(options: ApiOptions): HttpApp {
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
  app.post("/api/v1/demo", async (c) => c.json({ state: await actions.loadDemo() }, 202));
  app.get("/api/v1/openapi.json", (c) => c.json(document));

  addQueryRoutes(app, store);
  addCorrectionRoute(app, options);
  addIssueRoutes(app, options);
  addAlertRoutes(app, options);
  addWhyRoutes(app, options);
  addChangeRoutes(app, options);
  addPushRoute(app, options);

  app.get("*", async (c, next) => {
    if (options.webDir === undefined || c.req.path.startsWith("/api/")) return next();
    const file = await findWebFile(options.webDir, new URL(c.req.url).pathname);
    if (file === undefined) return next();
    c.header("Content-Type", mediaTypeOf(file.path));
    c.header("Cache-Control", file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache");
    return c.body(new Uint8Array(file.content));
  });

  return app;
}

/** Configured trackers first, then those that only imports and the demo brought, under their id if nobody named them. */
function namedTrackers(options: ApiOptions, stored: readonly string[]): NamedTracker[] {
  const names = new Map(
    [...(options.knownTrackers ?? []), ...options.trackers].map(({ id, name }) => [id, name]),
  );
  const ids = new Set([...options.trackers.map(({ id }) => id), ...stored]);
  return [...ids].map((id) => ({ id, name: names.get(id) ?? id }));
}
