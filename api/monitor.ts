import type { z } from "zod";
import type { Context } from "../core/context.ts";
import { EarshotError } from "../core/errors.ts";
import { checkAccess, claimsOf, type Access } from "./access.ts";
import { answerError, httpApp, type HttpApp } from "./http.ts";
import type { healthBody } from "./open-api.ts";

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

type Health = z.infer<typeof healthBody>;

/** What a process without an API answers: its health and its metrics. */
export function monitorApp(options: MonitorOptions): HttpApp {
  return monitoredApp(options, "there are /healthz and /metrics", async () => {});
}

/**
 * An application with what every process answers.
 * @param signpost where somebody who asks for what there is not should look
 * @param check throws while the process could not answer although it waits for nothing
 */
export function monitoredApp(options: MonitorOptions, signpost: string, check: () => Promise<void>): HttpApp {
  const { monitoring, auth, context } = options;
  const app = httpApp(context, signpost);

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

function mayRead(request: Request, auth: Access): boolean {
  try {
    checkAccess(claimsOf(request), auth, "viewer");
    return true;
  } catch (error) {
    if (error instanceof EarshotError) return false;
    throw error;
  }
}
