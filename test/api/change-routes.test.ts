import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { recordChange, removeChange } from "../../actions/record-change.ts";
import { recordExposures } from "../../actions/record-exposures.ts";
import type { Access } from "../../api/access.ts";
import { addChangeRoutes, type ChangeRouteOptions } from "../../api/change-routes.ts";
import { httpApp } from "../../api/http.ts";
import { changes } from "../../queries/changes.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const context = aContext();
const signal = AbortSignal.timeout(60_000);
const GUARDED: Access = {
  tokens: (["viewer", "analyst"] as const).map((role) => ({
    name: `the ${role}`,
    sha256: createHash("sha256").update(role).digest("hex"),
    role,
  })),
  required: true,
  allowedHosts: [],
};

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

function serve(options: Partial<ChangeRouteOptions> = {}) {
  const { store } = opened;
  const app = httpApp(context, "see the documentation");
  const told = (by = "somebody here") => ({ store, origin: "api", by, context });
  addChangeRoutes(app, {
    recordChange: (change, by) => recordChange({ ...told(by), change }, signal),
    removeChange: (id, by) => removeChange({ ...told(by), id }, signal),
    recordExposures: (exposures, by = "somebody here") =>
      recordExposures({ store, exposures, by, context }, signal),
    auth: GUARDED,
    context,
    ...options,
  });
  return app;
}

async function ask(method: string, path: string, body?: unknown, token = "analyst", app = serve()) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await app.request(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: text }),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

const rowsOf = (table: string) =>
  opened.store
    .query({ sql: `SELECT count() AS n FROM ${table}`, params: {} }, z.object({ n: z.number() }))
    .then(([row]) => row?.n);

describe("changes over HTTP", () => {
  test("are recorded in the name of the token, and taken back", async () => {
    const request = {
      id: "a/b",
      kind: "outage",
      title: "Checkout down",
      at: "2026-02-20T10:00:00Z",
      ends_at: "2026-02-20T12:00:00Z",
    };
    const { status, json } = await ask("POST", "/changes", request);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      id: "a/b",
      kind: "outage",
      ends_at: "2026-02-20T12:00:00.000Z",
      origin: "api",
      by: "the analyst",
      is_removed: false,
    });
    const list = () => opened.reader.query(changes.statement(changes.params.parse({})), changes.row);
    expect(await list()).toMatchObject([{ id: "a/b", by: "the analyst" }]);
    const removed = await ask("DELETE", "/changes/a%2Fb");
    expect([removed.status, removed.json["is_removed"]]).toEqual([200, true]);
    expect(await list()).toEqual([]);
    expect((await ask("DELETE", "/changes/a%2Fb")).status).toBe(404);
  });

  test("are for analysts, and only where something keeps them", async () => {
    const request = { kind: "fix", title: "x", at: "2026-02-20" };
    expect((await ask("POST", "/changes", request, "viewer")).status).toBe(403);
    expect((await ask("DELETE", "/changes/x", undefined, "viewer")).status).toBe(403);
    expect((await ask("POST", "/exposures", [], "viewer")).status).toBe(403);
    const app = httpApp(context, "");
    addChangeRoutes(app, { auth: GUARDED, context });
    for (const [method, path] of [
      ["POST", "/changes"],
      ["DELETE", "/changes/x"],
      ["POST", "/exposures"],
    ] as const) {
      expect((await ask(method, path, request, "analyst", app)).status).toBe(404);
    }
  });

  test.each<[unknown, string]>([
    ["no JSON", "JSON"],
    [{ kind: "fix", title: "x" }, "at: "],
    [{ kind: "fix", title: "x", at: "2026-02-20", ends_at: "2026-02-19" }, "ends_at: must not be before"],
    [{ kind: "fix", title: "x", at: "2026-02-20", by: "the admin" }, "by"],
    [[], "object"],
  ])("%j is refused and said why", async (body, message) => {
    const before = await rowsOf("change_rows");
    const { status, json } = await ask("POST", "/changes", body);
    expect([status, json["code"]]).toEqual([400, "request_invalid"]);
    expect(json["message"]).toContain(message);
    expect(await rowsOf("change_rows")).toBe(before);
  });

  test("that are too long are refused", async () => {
    const request = { kind: "fix", title: "x", at: "2026-02-20", description: "x".repeat(150_000) };
    expect((await ask("POST", "/changes", request)).status).toBe(413);
  });
});

describe("exposures over HTTP", () => {
  const orders = { tracker: "acme", measure: "orders", day: "2026-03-01", count: 1200 };

  test("are recorded all together or not at all", async () => {
    const days = Array.from({ length: 28 }, (_, n) => ({
      ...orders,
      day: `2026-02-${String(n + 1).padStart(2, "0")}`,
    }));
    expect(await ask("POST", "/exposures", days)).toEqual({ status: 201, json: { taken: 28 } });
    const before = await rowsOf("exposures");
    for (const [wrong, message] of [
      [{ ...orders, count: -1 }, "28.count: must not be negative"],
      [{ ...orders, day: "2027-01-01" }, "28.day: 2027-01-01 is in the future"],
      [days[3], "28.day: 2026-02-04 of acme is there twice"],
    ] as const) {
      const { status, json } = await ask("POST", "/exposures", [...days, wrong]);
      expect([status, json["message"]]).toEqual([400, expect.stringContaining(message)]);
    }
    expect(await rowsOf("exposures")).toBe(before);
  });

  test("are ten thousand at most, and not none", async () => {
    const many = Array.from({ length: 10_001 }, (_, n) => ({ ...orders, version: String(n) }));
    expect((await ask("POST", "/exposures", many)).status).toBe(400);
    expect((await ask("POST", "/exposures", many.slice(1))).json).toEqual({ taken: 10_000 });
    expect((await ask("POST", "/exposures", [])).status).toBe(400);
  });
});
