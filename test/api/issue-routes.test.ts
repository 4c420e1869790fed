import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import type { Access } from "../../api/access.ts";
import { apiApp } from "../../api/app.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { aJudgement, storeIssues, storeJudgements } from "../support/issue-builders.ts";

const context = aContext();
const signal = AbortSignal.timeout(60_000);
const OPEN: Access = { tokens: [], required: false, allowedHosts: [] };
const GUARDED: Access = {
  tokens: (["viewer", "analyst", "admin"] as const).map((role) => ({
    name: `the ${role}`,
    sha256: createHash("sha256").update(role).digest("hex"),
    role,
  })),
  required: true,
  allowedHosts: [],
};
const ISSUE = "/api/v1/issues/acme/aaaa/events";

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await storeIssues(opened.store, { aaaa: ["a"], bbbb: ["b"] }, [
    { nativeId: "1", cluster: "a" },
    { nativeId: "2", cluster: "b" },
  ]);
  await storeJudgements(opened.store, [aJudgement({ issueId: "aaaa" }), aJudgement({ issueId: "bbbb" })]);
});
afterAll(() => opened.close());

function serve(auth: Access) {
  return apiApp({
    store: opened.reader,
    actions: { loadDemo: () => "started", demoProgress: () => ({ state: "idle", progress: 0 }) },
    actOnIssue: (tracker, issueId, request, by = "somebody here") =>
      actOnIssue({ store: opened.store, tracker, issueId, request, by, context }, signal),
    trackers: [],
    version: "1.2.3",
    auth,
    monitoring: openMonitoring(() => context.now()),
    context,
  });
}

async function post(body: unknown, { token = "analyst", path = ISSUE, app = serve(GUARDED) } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.request(`http://localhost${path}`, {
    method: "POST",
    headers: { host: "localhost", ...headers },
    body: text,
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

async function listed(app = serve(GUARDED)) {
  const answer = await app.request("http://localhost/api/v1/queries/issues", {
    headers: { authorization: "Bearer viewer" },
  });
  return ((await answer.json()) as { rows: Record<string, unknown>[] }).rows;
}

describe("acting on issues over HTTP", () => {
  test("records it in the name of the token, in snake_case both ways, and undoes it", async () => {
    const call = { kind: "isolate", reason: "a typo", until: "2099-01-01", until_voices: 5 };
    const { status, json } = await post(call);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      tracker: "acme",
      issue_id: "aaaa",
      kind: "isolate",
      by: "the analyst",
      payload: { reason: "a typo", until_voices: 5, voices: 1 },
    });
    expect(await listed()).toContainEqual(
      expect.objectContaining({ issue_id: "aaaa", isolated_call: "holds", isolated_until: "2099-01-01" }),
    );
    const undo = await post({ kind: "undo", event: json["id"] });
    expect([undo.status, undo.json["undoes"]]).toEqual([201, json["id"]]);
    expect(await listed()).toContainEqual(expect.objectContaining({ issue_id: "aaaa", isolated_call: "" }));
  });

  test("merges, and says of what was merged where it is now", async () => {
    const merged = await post({ kind: "merge", into: "bbbb" });
    expect(merged.json).toMatchObject({ payload: { into: "bbbb", clusters: ["a"] } });
    expect((await listed()).map((row) => row["issue_id"])).toEqual(["bbbb"]);
    const refused = await post({ kind: "rename", title: "Late" });
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({
      code: "request_invalid",
      details: { merged_into: "bbbb", event: merged.json["id"] },
    });
    expect((await post({ kind: "undo", event: merged.json["id"] })).status).toBe(201);
    expect(await listed()).toHaveLength(2);
  });

  test("is for analysts and admins, by nobody else's name, and sets nothing else off", async () => {
    const own = { kind: "own", owner: "support" };
    expect((await post(own, { token: "" })).status).toBe(401);
    expect((await post(own, { token: "viewer" })).status).toBe(403);
    expect((await post({ ...own, by: "the admin" })).status).toBe(400);
    expect((await post(own, { token: "admin" })).json).toMatchObject({ by: "the admin" });
    expect((await post(own, { token: "", app: serve(OPEN) })).json).toMatchObject({ by: "somebody here" });
    expect((await post(own, { path: "/api/v1/issues/acme/aaaa/events/demo" })).status).toBe(403);
  });

  test.each<[unknown, string]>([
    ["no JSON", "not JSON"],
    [{ kind: "delete" }, "another kind"],
    [{ kind: "merge" }, "into nothing"],
    [{ kind: "isolate", reason: "x", until: "soon" }, "no day"],
    [{ kind: "rename", title: "  " }, "an empty name"],
    [{ kind: "answer", question: "why_not", answer: "x" }, "no question of the sheet"],
    [[], "a list"],
  ])("refuses %j (%s)", async (body) => {
    const { status, json } = await post(body);
    expect([status, json["code"]]).toEqual([400, "request_invalid"]);
  });

  test("names what is wrong as it was written", async () => {
    const { json } = await post({ kind: "isolate", reason: "x", until: "2099-01-01", until_voices: 0 });
    expect(json["message"]).toMatch(/^This is no request\. until_voices: /);
    expect(json["details"]).toMatchObject([{ path: "until_voices" }]);
  });

  test("tells what there is not, and what is too long", async () => {
    const own = { kind: "own", owner: "support" };
    expect((await post(own, { path: "/api/v1/issues/acme/none/events" })).status).toBe(404);
    expect((await post(own, { path: "/api/v1/issues/other/aaaa/events" })).status).toBe(404);
    expect((await post({ ...own, note: "x".repeat(600_000) })).status).toBe(413);
  });
});
