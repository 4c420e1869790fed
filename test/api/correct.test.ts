import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { correctMention } from "../../actions/correct-mention.ts";
import type { Access } from "../../api/access.ts";
import type { ApiOptions } from "../../api/app.ts";
import { openApi, type RunningApi } from "../../api/server.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import { mentionRows } from "../../schemas/rows.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

/** Ids are whatever a platform makes of them. */
const NATIVE_ID = "at://did:plc:abc/app.bsky.feed.post/3k%2F?#é";
const ID = `x:${NATIVE_ID}`;
const PATH = `/api/v1/mentions/${encodeURIComponent(ID)}/corrections`;

let opened: TestStore;
const running: RunningApi[] = [];

beforeAll(async () => {
  opened = await openTestStore();
  const mention = aMention({ nativeId: NATIVE_ID });
  await opened.store
    .table(mentionRows)
    .write([{ type: "upsert", mention, enrichment: anEnrichment() }], AbortSignal.timeout(60_000));
});
afterAll(() => opened.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
});

const context = aContext();
const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
const OPEN: Access = { tokens: [], required: false, allowedHosts: [] };
const GUARDED: Access = {
  tokens: (["viewer", "analyst", "admin"] as const).map((role) => ({
    name: `the ${role}`,
    sha256: sha256(role),
    role,
  })),
  required: true,
  allowedHosts: [],
};

async function serve(auth: Access, options: Partial<ApiOptions> = {}): Promise<RunningApi> {
  const api = await openApi({
    host: "127.0.0.1",
    port: 0,
    store: opened.reader,
    actions: { loadDemo: () => "started", demoProgress: () => ({ state: "idle", progress: 0 }) },
    correct: (mentionId, request, by = "somebody here") =>
      correctMention({ store: opened.store, mentionId, request, by, context }, AbortSignal.timeout(60_000)),
    trackers: [],
    version: "1.2.3",
    auth,
    monitoring: openMonitoring(() => context.now()),
    context,
    ...options,
  });
  running.push(api);
  return api;
}

async function post(api: RunningApi, body: unknown, headers: Record<string, string> = {}, path = PATH) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(`http://127.0.0.1:${api.port}${path}`, { method: "POST", headers, body: text });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("correcting a mention", () => {
  test("records who said what, and the page shows it with its next answer", async () => {
    const api = await serve(GUARDED);
    const request = { field: "sentiment", value: "positive", note: "irony" };
    const { status, json } = await post(api, request, bearer("analyst"));
    expect(status).toBe(201);
    expect(json).toMatchObject({
      mention_id: ID,
      field: "sentiment",
      aspect: "",
      value: "positive",
      note: "irony",
      by: "the analyst",
    });
    const latest = await fetch(`http://127.0.0.1:${api.port}/api/v1/queries/latest_mentions`, {
      headers: bearer("viewer"),
    });
    expect(await latest.json()).toMatchObject({ rows: [{ id: ID, sentiment_label: "positive" }] });
    const listed = await fetch(
      `http://127.0.0.1:${api.port}/api/v1/queries/corrections?mention=${encodeURIComponent(ID)}`,
      { headers: bearer("viewer") },
    );
    expect(await listed.json()).toMatchObject({ rows: [{ id: json["id"], by: "the analyst" }] });
  });

  test("is for analysts and admins, and nobody is what they say they are", async () => {
    const api = await serve(GUARDED);
    const request = { field: "intent", value: "praise" };
    expect((await post(api, request)).status).toBe(401);
    expect((await post(api, request, bearer("made up"))).status).toBe(401);
    expect((await post(api, request, bearer("viewer"))).status).toBe(403);
    expect((await post(api, { ...request, by: "the admin" }, bearer("analyst"))).status).toBe(400);
    expect((await post(api, request, bearer("admin"))).json).toMatchObject({ by: "the admin" });
    // an analyst may correct, and set nothing else off
    expect((await post(api, {}, bearer("analyst"), "/api/v1/demo")).status).toBe(403);
    expect((await post(api, {}, bearer("analyst"), "/api/v1/demo/mentions/x/corrections")).status).toBe(403);
  });

  test("on this machine without tokens is whoever runs it, and no page of another site", async () => {
    const api = await serve(OPEN);
    const request = { field: "aspect", aspect: "delivery", value: "negative" };
    expect((await post(api, request)).json).toMatchObject({ by: "somebody here", aspect: "delivery" });
    expect((await post(api, request, { origin: "https://evil.example" })).status).toBe(403);
  });

  test.each<[unknown, string]>([
    ["no JSON", "not JSON"],
    [{ field: "sentiment", value: "angry" }, "sentiment"],
    [{ field: "sentiment", value: "unscored" }, "a label nobody says"],
    [{ field: "aspect", value: "negative" }, "no aspect"],
    [{ field: "aspect", aspect: "  ", value: "negative" }, "an empty aspect"],
    [{ field: "text", value: "x" }, "another field"],
    [[], "a list"],
  ])("refuses %j (%s) and records nothing", async (body: unknown) => {
    const count = async () => {
      const statement = { sql: "SELECT count() AS n FROM correction_rows", params: {} };
      return (await opened.store.query(statement, z.object({ n: z.number() })))[0]?.n;
    };
    const before = await count();
    const { status, json } = await post(await serve(OPEN), body);
    expect([status, json["code"]]).toEqual([400, "request_invalid"]);
    expect(await count()).toBe(before);
  });

  test("tells what there is not, and what is too long", async () => {
    const api = await serve(OPEN);
    const request = { field: "relevance", value: "irrelevant" };
    expect((await post(api, request, {}, "/api/v1/mentions/x%3Anone/corrections")).status).toBe(404);
    expect((await post(api, { ...request, note: "x".repeat(30_000) })).status).toBe(413);
    expect((await post(api, { ...request, note: "x".repeat(3_000) })).status).toBe(400);
  });
});
