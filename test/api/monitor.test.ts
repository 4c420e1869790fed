import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { Access } from "../../api/access.ts";
import type { MonitorOptions } from "../../api/monitor.ts";
import { openMonitor, type RunningApi } from "../../api/server.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import type { Context } from "../../core/context.ts";
import { ask } from "../support/ask.ts";
import { aContext } from "../support/builders.ts";
import { readMetrics } from "../support/read-metrics.ts";

const OPEN: Access = { tokens: [], required: false, allowedHosts: [] };
const CLOSED: Access = {
  tokens: [
    { name: "prometheus", sha256: createHash("sha256").update("viewer-token").digest("hex"), role: "viewer" },
  ],
  required: true,
  allowedHosts: [],
};
const REASON = "ClickHouse at db.internal:8123 does not answer.";

const running: RunningApi[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((monitor) => monitor.close()));
});

async function monitor(
  options: Partial<MonitorOptions> & { readonly port?: number } = {},
): Promise<RunningApi> {
  const context = aContext();
  const opened = await openMonitor({
    host: "127.0.0.1",
    port: 0,
    monitoring: openMonitoring(() => context.now()),
    auth: OPEN,
    context,
    ...options,
  });
  running.push(opened);
  return opened;
}

function waitingForStore() {
  const monitoring = openMonitoring(() => aContext().now());
  monitoring.observe({ kind: "waiting", what: "write mentions", reason: REASON });
  return monitoring;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("a worker's health", () => {
  test("is 200 while all is well, 503 with reasons while something is waited for, and 200 again", async () => {
    const monitoring = openMonitoring(() => aContext().now());
    const worker = await monitor({ monitoring });
    const asked = async () => {
      const { status, json } = await ask(worker, "/healthz");
      return [status, json];
    };
    expect(await asked()).toEqual([200, { status: "ok", waiting: [] }]);
    monitoring.observe({ kind: "waiting", what: "write mentions", reason: REASON });
    const waiting = [{ what: "write mentions", reason: REASON, since: "2026-03-02T10:00:00.000Z" }];
    expect(await asked()).toEqual([503, { status: "waiting", waiting }]);
    monitoring.observe({ kind: "resumed", what: "write mentions" });
    expect(await asked()).toEqual([200, { status: "ok", waiting: [] }]);
  });

  test.each([
    ["nobody", {}],
    ["a guessed token", bearer("guess")],
    ["another scheme", { headers: { authorization: "Basic viewer-token" } }],
  ])("where tokens are asked for, tells %s the status alone", async (_who, asked) => {
    const answer = await ask(
      await monitor({ monitoring: waitingForStore(), auth: CLOSED }),
      "/healthz",
      asked,
    );
    expect([answer.status, answer.json]).toEqual([503, { status: "waiting" }]);
    const well = await ask(await monitor({ auth: CLOSED }), "/healthz", asked);
    expect([well.status, well.json]).toEqual([200, { status: "ok" }]);
  });

  test("tells a viewer the reasons", async () => {
    const worker = await monitor({ monitoring: waitingForStore(), auth: CLOSED });
    expect((await ask(worker, "/healthz", bearer("viewer-token"))).text).toContain("db.internal");
  });

  test("tells no reasons to a rebound name or to another site's page", async () => {
    const worker = await monitor({ monitoring: waitingForStore() });
    for (const headers of [
      { host: "evil.example" },
      { host: `localhost:${worker.port}`, origin: "https://evil.example" },
    ]) {
      const answer = await ask(worker, "/healthz", { headers });
      expect([answer.status, answer.json]).toEqual([503, { status: "waiting" }]);
    }
  });

  test("answers HEAD, as some balancers ask", async () => {
    const { status, text } = await ask(await monitor({ monitoring: waitingForStore() }), "/healthz", {
      method: "HEAD",
    });
    expect([status, text]).toEqual([503, ""]);
  });
});

describe("a worker's metrics", () => {
  test("are given on loopback without a token, fresh each time", async () => {
    const monitoring = openMonitoring(() => aContext().now());
    const worker = await monitor({ monitoring });
    for (const mentions of [2, 5]) {
      monitoring.observe({ kind: "polled", source: "news", mentions, deletions: 0 });
    }
    const answer = await ask(worker, "/metrics");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(readMetrics(answer.text).samples.get('earshot_mentions_total{source="news"}')).toBe(7);
  });

  test("need a known token where tokens are asked for", async () => {
    const worker = await monitor({ auth: CLOSED });
    const refused = await ask(worker, "/metrics");
    expect([refused.status, refused.json["code"]]).toEqual([401, "unauthorized"]);
    expect(refused.headers["www-authenticate"]).toBe("Bearer");
    expect((await ask(worker, "/metrics", bearer("guess"))).status).toBe(401);
    expect((await ask(worker, "/metrics", bearer("viewer-token"))).status).toBe(200);
  });

  test("are refused to a rebound name", async () => {
    const answer = await ask(await monitor(), "/metrics", { headers: { host: "evil.example" } });
    expect([answer.status, answer.json["code"]]).toEqual([403, "forbidden"]);
  });
});

describe("a worker's monitor", () => {
  test("has nothing else, and says what it has", async () => {
    const worker = await monitor();
    for (const path of ["/", "/api/v1/status", "/api/v1/openapi.json"]) {
      const answer = await ask(worker, path);
      expect([answer.status, answer.json["code"]]).toEqual([404, "not_found"]);
      expect(answer.json["message"]).toContain("/metrics");
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    }
    expect((await ask(worker, "/metrics", { method: "POST" })).status).toBe(404);
  });

  test("names the port that is in use and where to choose another", async () => {
    const { port } = await monitor();
    const second = monitor({ port });
    await expect(second).rejects.toMatchObject({ code: "config_invalid" });
    await expect(second).rejects.toThrow(new RegExp(`${port}.*--port or monitor\\.port`));
  });

  test("names the port it found in the log, and each answer at debug", async () => {
    const logged: object[] = [];
    const quiet = aContext();
    const note = (facts: object) => logged.push(facts);
    const context: Context = { ...quiet, log: { ...quiet.log, info: note, debug: note } };
    const worker = await monitor({ context });
    await ask(worker, "/healthz");
    expect(logged).toEqual([
      { host: "127.0.0.1", port: worker.port },
      { method: "GET", path: "/healthz", status: 200, ms: 0 },
    ]);
  });

  test("closes once and answers nobody afterwards", async () => {
    const worker = await monitor();
    const closing = worker.close();
    expect(worker.close()).toBe(closing);
    await closing;
    await expect(ask(worker, "/healthz")).rejects.toThrow(/ECONNREFUSED/);
  });
});
