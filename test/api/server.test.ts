import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Access } from "../../api/access.ts";
import type { ApiOptions } from "../../api/app.ts";
import { openApi, type RunningApi } from "../../api/server.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import { queries } from "../../queries/index.ts";
import { mentionRows } from "../../schemas/rows.ts";
import { ask } from "../support/ask.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { readMetrics } from "../support/read-metrics.ts";

let opened: TestStore;
let webDir: string;
const running: RunningApi[] = [];

beforeAll(async () => {
  opened = await openTestStore();
  const mention = aMention({ nativeId: "1", text: "The parcel never arrived <script>alert(1)</script>" });
  await opened.store
    .table(mentionRows)
    .write([{ type: "upsert", mention, enrichment: anEnrichment() }], AbortSignal.timeout(60_000));
  const folder = await mkdtemp(join(tmpdir(), "earshot-web-"));
  webDir = join(folder, "web");
  await mkdir(join(webDir, "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "not for the web");
  await writeFile(join(folder, "web-secret.txt"), "not for the web");
  await writeFile(join(webDir, "index.html"), "<!doctype html><title>Earshot</title>");
  await writeFile(join(webDir, "favicon.svg"), "<svg/>");
  await writeFile(join(webDir, "assets", "index-a1b2c3.js"), "export {};");
  await writeFile(join(webDir, "assets", "index-a1b2c3.css"), "body{}");
});

afterAll(async () => {
  await opened.close();
  await rm(join(webDir, ".."), { recursive: true, force: true });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
});

const monitoring = openMonitoring(() => aContext().now());

const OPEN: Access = { tokens: [], required: false, allowedHosts: [] };

async function serve(options: Partial<ApiOptions & { port: number }> = {}): Promise<RunningApi> {
  const api = await openApi({
    host: "127.0.0.1",
    port: 0,
    store: opened.reader,
    actions: { loadDemo: () => "started", demoProgress: () => ({ state: "idle", progress: 0 }) },
    trackers: [{ id: "acme", name: "Acme Parcels" }],
    version: "1.2.3",
    auth: OPEN,
    webDir,
    monitoring,
    context: aContext(),
    ...options,
  });
  running.push(api);
  return api;
}

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("asking", () => {
  test("a query answers with its parameters as understood, its rows and the SQL that gives them", async () => {
    const answer = await ask(
      await serve(),
      "/api/v1/queries/mention_volume?interval=week&platform=x,reddit&to=",
    );
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain("application/json");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.json).toMatchObject({
      query: "mention_volume",
      params: { interval: "week", by: "none", platform: ["x", "reddit"], by_us: "exclude" },
      rows: [{ bucket: "2026-02-23T00:00:00.000Z", series: "all", mentions: 1, authors: 1 }],
    });
    expect(answer.json["sql"]).toContain("['x', 'reddit']");
    expect(answer.json["sql"]).not.toContain("{");
  });

  test("a repeated parameter is a list, so that a value may hold a comma", async () => {
    const answer = await ask(await serve(), "/api/v1/queries/summary?source=a%2Cb.csv&source=test");
    expect(answer.json["params"]).toMatchObject({ source: ["a,b.csv", "test"] });
    expect(answer.json["rows"]).toMatchObject([{ mentions: 1 }]);
  });

  test("every query answers", async () => {
    const api = await serve();
    const list = (await ask(api, "/api/v1/queries")).json["queries"] as { name: string; summary: string }[];
    expect(list.map((query) => query.name)).toEqual(queries.map((query) => query.name));
    for (const { name, summary } of list) {
      expect(summary).not.toBe("");
      const asked = queries.find((query) => query.name === name)?.params.shape ?? {};
      const of = "issue" in asked ? "?tracker=acme&issue=0123456789" : "";
      const about = of === "" && "alert" in asked ? "?alert=0123456789" : of;
      expect((await ask(api, `/api/v1/queries/${name}${about}`)).status, name).toBe(200);
    }
  });

  test("the status tells version, mentions, trackers and the demo's progress", async () => {
    const actions: ApiOptions["actions"] = {
      loadDemo: () => "running",
      demoProgress: () => ({ state: "loading", progress: 0.4 }),
    };
    expect((await ask(await serve({ actions }), "/api/v1/status")).json).toEqual({
      version: "1.2.3",
      is_empty: false,
      mentions: 1,
      demo: { state: "loading", progress: 0.4 },
      trackers: [{ id: "acme", name: "Acme Parcels" }],
      now: "2026-03-02T10:00:00.000Z",
    });
  });

  test.each([
    [[{ id: "beta", name: "Beta" }], [], ["Beta", "acme"]],
    [
      [],
      [
        { id: "acme", name: "Acme Imported" },
        { id: "demo", name: "Demo" },
      ],
      ["Acme Imported"],
    ],
  ])(
    "the status lists configured trackers, and others only when something of theirs is stored",
    async (trackers, knownTrackers, names) => {
      const reply = await ask(await serve({ trackers, knownTrackers }), "/api/v1/status");
      const { trackers: listed } = reply.json as { trackers: { name: string }[] };
      expect(listed.map(({ name }) => name)).toEqual(names);
    },
  );

  test("loading the demo is accepted at once, and a failure to start it is told", async () => {
    let asked = 0;
    const demoProgress = () => ({ state: "idle", progress: 0 });
    const api = await serve({
      actions: { loadDemo: async () => (asked++ ? "running" : "started"), demoProgress },
    });
    const first = await ask(api, "/api/v1/demo", { method: "POST" });
    expect([first.status, first.json]).toEqual([202, { state: "started" }]);
    expect((await ask(api, "/api/v1/demo", { method: "POST" })).json).toEqual({ state: "running" });
    expect((await ask(api, "/api/v1/demo")).status).toBe(404);
    const failing = await serve({
      actions: {
        loadDemo: () => {
          throw new EarshotError("sink_unavailable", "ClickHouse does not answer.");
        },
        demoProgress,
      },
    });
    expect((await ask(failing, "/api/v1/demo", { method: "POST" })).status).toBe(503);
  });
});

describe("what cannot be answered", () => {
  test("parameters that are wrong are listed, each with its path", async () => {
    const answer = await ask(
      await serve(),
      "/api/v1/queries/mention_volume?interval=year&from=soon&plattform=x",
    );
    expect(answer.status).toBe(400);
    expect(answer.json["code"]).toBe("request_invalid");
    const details = answer.json["details"] as { path: string; message: string }[];
    expect(details.map((fault) => fault.path)).toEqual(expect.arrayContaining(["interval", "from"]));
    expect(details.some((fault) => fault.message.includes("plattform"))).toBe(true);
  });

  test("an unknown query names those there are", async () => {
    const answer = await ask(await serve(), "/api/v1/queries/mention_volumes");
    expect(answer.status).toBe(404);
    expect(answer.json["code"]).toBe("not_found");
    expect(answer.json["message"]).toContain("mention_volume,");
    expect((await ask(await serve(), "/api/v1/queries/__proto__")).status).toBe(404);
    expect((await ask(await serve(), "/api/v1/queries/summary?__proto__=1")).status).toBe(400);
  });

  test("an unknown path is told as JSON, never as the page", async () => {
    const answer = await ask(await serve(), "/api/v2/anything");
    expect(answer.status).toBe(404);
    expect(Object.keys(answer.json).sort()).toEqual(["code", "details", "message"]);
  });

  test("a query string beyond the limit is refused", async () => {
    const answer = await ask(await serve(), `/api/v1/queries/latest_mentions?q=${"x".repeat(9_000)}`);
    expect([answer.status, answer.json["code"]]).toEqual([400, "request_invalid"]);
  });

  test("a store that is away gives 503 with its message, on the health check too", async () => {
    const away = async () => {
      throw new EarshotError("sink_unavailable", "ClickHouse does not answer.");
    };
    const api = await serve({ store: { query: away, check: away } });
    for (const path of ["/healthz", "/api/v1/status"]) {
      const answer = await ask(api, path);
      expect(answer.status).toBe(503);
      expect(answer.json).toEqual({
        code: "sink_unavailable",
        message: "ClickHouse does not answer.",
        details: null,
      });
    }
  });

  test("a mistake of ours gives 500 without its internals, which are logged", async () => {
    const logged: object[] = [];
    const quiet = aContext();
    const context: Context = { ...quiet, log: { ...quiet.log, error: (facts) => logged.push(facts) } };
    const query = async () => {
      throw new TypeError("the secret inner workings");
    };
    const api = await serve({ context, store: { query, check: async () => {} } });
    const answer = await ask(api, "/api/v1/queries/summary");
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("secret");
    expect(answer.json["code"]).toBe("internal");
    expect(
      JSON.stringify(logged, (_key, value: unknown) => (value instanceof Error ? value.message : value)),
    ).toContain("the secret inner workings");
  });

  test("each answer is logged at debug without its query string", async () => {
    const logged: object[] = [];
    const quiet = aContext();
    const context: Context = { ...quiet, log: { ...quiet.log, debug: (facts) => logged.push(facts) } };
    await ask(await serve({ context }), "/api/v1/queries/latest_mentions?q=private");
    expect(logged).toContainEqual({
      method: "GET",
      path: "/api/v1/queries/latest_mentions",
      status: 200,
      ms: 0,
    });
    expect(JSON.stringify(logged)).not.toContain("private");
  });
});

describe("health and metrics", () => {
  test("the health check is plain while all is well", async () => {
    const answer = await ask(await serve(), "/healthz");
    expect(answer.json).toEqual({ status: "ok", waiting: [] });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  test("the health check turns with what is waited for, though the store answers", async () => {
    const own = openMonitoring(() => aContext().now());
    const api = await serve({ monitoring: own });
    own.observe({ kind: "waiting", what: "reach Kafka", reason: "Kafka does not answer." });
    const answer = await ask(api, "/healthz");
    expect([answer.status, answer.json]).toEqual([
      503,
      {
        status: "waiting",
        waiting: [
          { what: "reach Kafka", reason: "Kafka does not answer.", since: "2026-03-02T10:00:00.000Z" },
        ],
      },
    ]);
    own.observe({ kind: "resumed", what: "reach Kafka" });
    expect((await ask(api, "/healthz")).status).toBe(200);
  });

  test("the metrics are given as Prometheus reads them, not the page", async () => {
    const own = openMonitoring(() => aContext().now());
    own.observe({ kind: "polled", source: "news", mentions: 3, deletions: 0 });
    const answer = await ask(await serve({ monitoring: own }), "/metrics");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(readMetrics(answer.text).samples.get('earshot_mentions_total{source="news"}')).toBe(3);
  });
});

describe("without tokens, on loopback", () => {
  test.each(["localhost", "127.0.0.1:4180", "[::1]:4180", "LOCALHOST:1"])(
    "Host %s is answered",
    async (host) => {
      expect((await ask(await serve(), "/api/v1/queries", { headers: { host } })).status).toBe(200);
    },
  );

  test.each(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:4180", "evil.example:4180"])(
    "Host %j is refused, so that a rebound name reads nothing",
    async (host) => {
      const answer = await ask(await serve(), "/api/v1/queries", { headers: { host } });
      expect([400, 403]).toContain(answer.status);
      expect(answer.text).not.toContain("mention_volume");
      const metrics = await ask(await serve(), "/metrics", { headers: { host } });
      expect([400, 403]).toContain(metrics.status);
    },
  );

  test("a refused Host is told what to do", async () => {
    const answer = await ask(await serve(), "/api/v1/status", { headers: { host: "evil.example" } });
    expect(answer.json["code"]).toBe("forbidden");
    expect(answer.json["message"]).toContain("api.allowedHosts");
  });

  test("an allowed host is answered, with any port or with its own", async () => {
    const api = await serve({ auth: { ...OPEN, allowedHosts: ["Earshot.internal", "other:8443"] } });
    const status = async (host: string) => (await ask(api, "/api/v1/queries", { headers: { host } })).status;
    expect(await status("earshot.internal")).toBe(200);
    expect(await status("earshot.internal:8080")).toBe(200);
    expect(await status("other:8443")).toBe(200);
    expect(await status("other:80")).toBe(403);
  });

  test("a page of another site changes nothing and reads nothing", async () => {
    let started = 0;
    const demoProgress = () => ({ state: "idle", progress: 0 });
    const api = await serve({
      actions: { loadDemo: () => (started++ ? "running" : "started"), demoProgress },
    });
    const host = `localhost:${api.port}`;
    for (const origin of ["https://evil.example", "null", `http://localhost:${api.port + 1}`, "nonsense"]) {
      const headers = { host, origin };
      expect((await ask(api, "/api/v1/demo", { method: "POST", headers })).status).toBe(403);
      expect((await ask(api, "/api/v1/queries/summary", { headers })).status).toBe(403);
    }
    expect(started).toBe(0);
    const own = { host, origin: `http://${host}` };
    expect((await ask(api, "/api/v1/demo", { method: "POST", headers: own })).status).toBe(202);
  });
});

describe("with tokens required", () => {
  const auth: Access = {
    tokens: [
      { name: "wall screen", sha256: sha256("viewer-token"), role: "viewer" },
      { name: "ops", sha256: sha256("admin-token"), role: "admin" },
    ],
    required: true,
    allowedHosts: [],
  };

  test("nothing of the API is given without a known token", async () => {
    const api = await serve({ auth });
    const paths = ["status", "queries", "queries/summary", "openapi.json", "nothing"].map(
      (path) => `/api/v1/${path}`,
    );
    for (const path of [
      ...paths,
      "/api/v1/../v1/status",
      "//api/v1/status",
      "/%61pi/v1/status",
      "/api%2fv1/status",
      "/API/v1/status",
    ]) {
      const answer = await ask(api, path);
      expect(answer.text).not.toContain("1.2.3");
      if (path.startsWith("/api/")) expect(answer.status).toBe(401);
    }
    const refused = await ask(api, "/api/v1/status", { headers: bearer("guess") });
    expect(refused.status).toBe(401);
    expect(refused.headers["www-authenticate"]).toBe("Bearer");
    for (const authorization of [
      "viewer-token",
      "Basic viewer-token",
      "Bearer",
      `Bearer ${sha256("viewer-token")}`,
    ]) {
      expect((await ask(api, "/api/v1/status", { headers: { authorization } })).status).toBe(401);
    }
  });

  test("a viewer reads, and only an admin loads the demo", async () => {
    const api = await serve({ auth });
    expect((await ask(api, "/api/v1/queries/summary", { headers: bearer("viewer-token") })).status).toBe(200);
    const refused = await ask(api, "/api/v1/demo", { method: "POST", headers: bearer("viewer-token") });
    expect([refused.status, refused.json["code"]]).toEqual([403, "forbidden"]);
    const accepted = await ask(api, "/api/v1/demo", { method: "POST", headers: bearer("admin-token") });
    expect(accepted.status).toBe(202);
  });

  test("a token is good under any host name", async () => {
    const headers = { ...bearer("viewer-token"), host: "earshot.example" };
    expect((await ask(await serve({ auth }), "/api/v1/status", { headers })).status).toBe(200);
  });

  test("the page itself and the health check need none", async () => {
    const api = await serve({ auth });
    expect((await ask(api, "/")).status).toBe(200);
    expect((await ask(api, "/healthz")).json).toEqual({ status: "ok" });
  });

  test("the metrics need a viewer's", async () => {
    const api = await serve({ auth });
    expect((await ask(api, "/metrics")).status).toBe(401);
    expect((await ask(api, "/metrics", { headers: bearer("guess") })).status).toBe(401);
    expect((await ask(api, "/metrics", { headers: bearer("viewer-token") })).status).toBe(200);
  });

  test("why the store does not answer is told to those who may read, not to strangers", async () => {
    const away = async () => {
      throw new EarshotError("sink_unavailable", "ClickHouse at db.internal:8123 does not answer.");
    };
    const api = await serve({ auth, store: { query: away, check: away } });
    const stranger = await ask(api, "/healthz");
    expect([stranger.status, stranger.json]).toEqual([503, { status: "failed" }]);
    const viewer = await ask(api, "/healthz", { headers: bearer("viewer-token") });
    expect([viewer.status, viewer.json["code"]]).toEqual([503, "sink_unavailable"]);
    expect(viewer.text).toContain("db.internal");
  });
});

describe("the web page", () => {
  test("is served with types, and kept by browsers only where names change with content", async () => {
    const api = await serve();
    const facts = async (path: string) => {
      const { status, headers } = await ask(api, path);
      return [status, headers["content-type"], headers["cache-control"]];
    };
    expect(await facts("/")).toEqual([200, "text/html; charset=utf-8", "no-cache"]);
    expect(await facts("/some/view?tracker=acme")).toEqual([200, "text/html; charset=utf-8", "no-cache"]);
    expect(await facts("/favicon.svg")).toEqual([200, "image/svg+xml; charset=utf-8", "no-cache"]);
    const forEver = "public, max-age=31536000, immutable";
    expect(await facts("/assets/index-a1b2c3.js")).toEqual([200, "text/javascript; charset=utf-8", forEver]);
    expect(await facts("/assets/index-a1b2c3.css")).toEqual([200, "text/css; charset=utf-8", forEver]);
    expect((await facts("/assets/gone-000.js"))[0]).toBe(404);
    expect((await facts("/assets"))[1]).toBe("text/html; charset=utf-8");
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..%2fweb-secret.txt",
    "/%2e%2e%5csecret.txt",
    "/%00secret.txt",
    "/%",
    "//secret.txt",
    "/etc/passwd.txt",
  ])("never gives what lies outside its folder: %s", async (path) => {
    const answer = await ask(await serve(), path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain("not for the web");
  });

  test("is absent, and says so, when it was not built", async () => {
    const bare = await openApi({
      host: "127.0.0.1",
      port: 0,
      store: opened.reader,
      actions: { loadDemo: () => "started", demoProgress: () => ({ state: "idle", progress: 0 }) },
      trackers: [],
      version: "1.2.3",
      auth: OPEN,
      monitoring,
      context: aContext(),
    });
    running.push(bare);
    expect((await ask(bare, "/")).status).toBe(404);
  });

  test("and everything else carries the headers that keep foreign code and frames out", async () => {
    const api = await serve();
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/api/v1/queries/latest_mentions"],
      ["GET", "/api/v1/nothing"],
      ["POST", "/nothing"],
      ["GET", "/healthz"],
      ["GET", "/metrics"],
    ] as const) {
      const { headers } = await ask(api, path, { method });
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe|default-src[^;]*unsafe/);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});

describe("the server", () => {
  test("names the port that is in use and what to do", async () => {
    const first = await serve();
    const second = serve({ port: first.port });
    await expect(second).rejects.toMatchObject({ code: "config_invalid" });
    await expect(second).rejects.toThrow(new RegExp(`${first.port}.*--port`));
  });

  test("lets a request in flight finish before it closes, and closes once", async () => {
    let arrived: () => void = () => {};
    let finish: () => void = () => {};
    const inFlight = new Promise<void>((resolve) => (arrived = resolve));
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const check = async () => {
      arrived();
      await gate;
    };
    const api = await serve({ store: { check, query: async () => [] } });
    const answer = ask(api, "/healthz", { headers: { connection: "keep-alive" } });
    await inFlight;
    const closing = api.close();
    expect(api.close()).toBe(closing);
    await expect(ask(api, "/healthz")).rejects.toThrow(/ECONNREFUSED/);
    const finishedAt = performance.now();
    finish();
    expect((await answer).json).toEqual({ status: "ok", waiting: [] });
    await closing;
    expect(performance.now() - finishedAt).toBeLessThan(2_000);
  });

  test("does not wait for connections that browsers keep open", async () => {
    const api = await serve();
    const kept = await fetch(`http://127.0.0.1:${api.port}/healthz`);
    await kept.text();
    const before = performance.now();
    await api.close();
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test("tells an address a person can open", async () => {
    const api = await serve();
    expect(api.url).toBe(`http://localhost:${api.port}`);
  });
});
