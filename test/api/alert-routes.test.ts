import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actOnAlert } from "../../actions/act-on-alert.ts";
import { endSilence, silenceAlerts } from "../../actions/silence-alerts.ts";
import type { Access } from "../../api/access.ts";
import { apiApp } from "../../api/app.ts";
import { linkSigner, type LinkAction } from "../../api/sign-links.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import { anAlert, storeAlerts } from "../support/alert-builders.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { aJudgement, storeIssues, storeJudgements } from "../support/issue-builders.ts";

const NOW = "2026-03-03T10:00:00.000Z";
const KEY = "a key of at least thirty-two characters";
const PUBLIC_URL = "https://listen.acme.example/earshot/";
const HOSTILE = '"><script>alert(1)</script>';
const DAY = 86_400_000;
const context = aContext(NOW);
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

let opened: TestStore;
let made = 0;
beforeAll(async () => {
  opened = await openTestStore();
  await storeIssues(opened.store, { late: ["c"] }, [{ nativeId: "1", cluster: "c" }]);
  await storeJudgements(opened.store, [aJudgement({ issueId: "late", title: `Late ${HOSTILE}` })]);
});
afterAll(() => opened.close());

async function anOpenAlert(): Promise<string> {
  const alertId = `${String(++made).padStart(6, "0")}eeee`;
  const payload = { voices: 14, sentence: `14 people in an hour ${HOSTILE}` };
  await storeAlerts(opened.store, anAlert({ alertId, issueId: "late", payload }));
  return alertId;
}

function serve(auth: Access, at = NOW) {
  const { store } = opened;
  const then = aContext(at);
  return apiApp({
    store: opened.reader,
    actions: { loadDemo: () => "started", demoProgress: () => ({ state: "idle", progress: 0 }) },
    actOnAlert: (alertId, request, by = "somebody here") =>
      actOnAlert({ store, alertId, request, by, context: then }, signal),
    silenceAlerts: (request, by = "somebody here") =>
      silenceAlerts({ store, request, by, context: then }, signal),
    endSilence: (silence) => endSilence({ store, silence, context: then }, signal),
    alertLinks: { key: KEY, publicUrl: PUBLIC_URL },
    trackers: [{ id: "acme", name: "Acme Parcels" }],
    version: "1.2.3",
    auth,
    monitoring: openMonitoring(() => then.now()),
    context: then,
  });
}

async function ask(
  path: string,
  {
    body,
    token = "analyst",
    app = serve(GUARDED),
    method = "POST",
  }: {
    readonly body?: unknown;
    readonly token?: string;
    readonly app?: ReturnType<typeof serve>;
    readonly method?: string;
  } = {},
) {
  const headers: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.request(`http://localhost${path}`, {
    method,
    headers: { host: "localhost", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

async function standing(alertId: string) {
  const path = `/api/v1/queries/alerts?alert=${alertId}`;
  const { json } = await ask(path, { token: "viewer", method: "GET" });
  return (json["rows"] as Record<string, unknown>[])[0];
}

describe("acting on alerts over HTTP", () => {
  test("records it in the name of the token, by the number of the alert, in snake_case both ways", async () => {
    const id = await anOpenAlert();
    const { status, json } = await ask(`/api/v1/alerts/A-${id.slice(0, 6)}/events`, {
      body: { kind: "snooze", until_voices: 3 },
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      alert_id: id,
      kind: "snooze",
      by: "the analyst",
      payload: { until_voices: 3, at_voices: 17 },
    });
    expect(await standing(id)).toMatchObject({ status: "firing", snoozed_until_voices: 17 });
  });

  test("is for analysts and admins, and by nobody else's name", async () => {
    const path = `/api/v1/alerts/${await anOpenAlert()}/events`;
    const body = { kind: "assign", owner: "support" };
    expect((await ask(path, { body, token: "" })).status).toBe(401);
    expect((await ask(path, { body, token: "viewer" })).status).toBe(403);
    expect((await ask(path, { body: { ...body, by: "the admin" } })).status).toBe(400);
    expect((await ask(path, { body, token: "admin" })).json).toMatchObject({ by: "the admin" });
    expect((await ask(path, { body, token: "", app: serve(OPEN) })).json).toMatchObject({
      by: "somebody here",
    });
  });

  test("says what there is not, what makes no sense, and what is too long", async () => {
    const path = `/api/v1/alerts/${await anOpenAlert()}/events`;
    expect((await ask("/api/v1/alerts/nonesuch/events", { body: { kind: "acknowledge" } })).status).toBe(404);
    for (const body of [{ kind: "delete" }, { kind: "judge", verdict: "maybe" }, { kind: "note" }, []]) {
      expect((await ask(path, { body })).json).toMatchObject({ code: "request_invalid" });
    }
    expect((await ask(path, { body: { kind: "note", note: "x".repeat(30_000) } })).status).toBe(413);
    await ask(path, { body: { kind: "judge", verdict: "false" } });
    const { status, json } = await ask(path, { body: { kind: "acknowledge" } });
    expect([status, json["message"]]).toEqual([400, expect.stringContaining("is resolved")]);
  });

  test("silences alerts and ends that, for analysts alone", async () => {
    const body = {
      match: { rule: "complaint-spike" },
      until: "2099-01-01T00:00:00.000Z",
      reason: "a launch",
    };
    expect((await ask("/api/v1/alert-silences", { body, token: "viewer" })).status).toBe(403);
    const { status, json } = await ask("/api/v1/alert-silences", { body });
    expect([status, json]).toEqual([
      201,
      expect.objectContaining({ match: body.match, from_at: NOW, until_at: body.until, by: "the analyst" }),
    ]);
    const path = `/api/v1/alert-silences/${String(json["id"])}`;
    expect((await ask(path, { method: "DELETE", token: "viewer" })).status).toBe(403);
    expect((await ask(path, { method: "DELETE" })).json).toMatchObject({ until_at: NOW });
    expect((await ask(path, { method: "DELETE" })).status).toBe(400);
    expect((await ask("/api/v1/alert-silences", { body: { ...body, match: {} } })).json["message"]).toMatch(
      /match: must name what is silenced/,
    );
  });
});

describe("signing links", () => {
  const signer = linkSigner(KEY, PUBLIC_URL);
  const now = new Date(NOW);

  test("makes addresses under the public one, of which the one that only opens needs no signature", () => {
    expect(signer.link("abc", "acknowledge", now)).toMatch(
      /^https:\/\/listen\.acme\.example\/earshot\/alerts\/do\?alert=abc&action=acknowledge&until=\d+&sig=[\w-]{43}$/,
    );
    expect(signer.link("abc", "open", now)).toBe("https://listen.acme.example/earshot/?alert=abc");
  });

  test("believes what it signed for two weeks, and nothing else", () => {
    const query = new URL(signer.link("abc", "snooze", now)).searchParams;
    expect(signer.check(query, now)).toEqual({ state: "right", alertId: "abc", action: "snooze" });
    const at = (days: number) => new Date(now.getTime() + days * DAY);
    expect(signer.check(query, at(13.9)).state).toBe("right");
    expect(signer.check(query, at(14)).state).toBe("expired");
    const changed = (name: string, value: string) => {
      const other = new URLSearchParams(query);
      other.set(name, value);
      return signer.check(other, now).state;
    };
    expect(changed("alert", "abd")).toBe("wrong");
    expect(changed("action", "false_alarm")).toBe("wrong");
    expect(changed("until", "9999999999")).toBe("wrong");
    expect(changed("sig", "")).toBe("wrong");
    expect(changed("sig", `${query.get("sig") ?? ""}AA`)).toBe("wrong");
    expect(linkSigner(`${KEY}.`, PUBLIC_URL).check(query, now).state).toBe("wrong");
    const twice = new URLSearchParams(query);
    twice.append("alert", "abd");
    expect(signer.check(twice, now).state).toBe("wrong");
    expect(signer.check(new URLSearchParams(), now).state).toBe("wrong");
  });
});

describe("following a link of a message", () => {
  const signer = linkSigner(KEY, PUBLIC_URL);
  const pathOf = (alertId: string, action: LinkAction = "acknowledge") => {
    const { pathname, search } = new URL(signer.link(alertId, action, new Date(NOW)));
    return `${pathname.replace("/earshot", "")}${search}`;
  };
  /** As a proxy hands it on, from a mail program's browser that tells no origin. */
  async function follow(path: string, { method = "GET", app = serve(GUARDED) } = {}) {
    const answer = await app.request(`http://listen.acme.example${path}`, {
      method,
      headers: { host: "listen.acme.example", ...(method === "POST" ? { origin: "null" } : {}) },
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  test("shows what it is about and one button, loads nothing, and does nothing by itself", async () => {
    const id = await anOpenAlert();
    const { status, headers, text } = await follow(pathOf(id));
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(text).toContain(`<h1>A-${id.slice(0, 6)}: Acme Parcels: Late &#34;&#62;`);
    expect(text).toContain("14 people in an hour");
    expect(text).not.toContain("<script");
    expect(text.match(/<button/g)).toHaveLength(1);
    expect(text).toContain('<form method="post">');
    expect(text).not.toMatch(/<(img|link|iframe)|src=|@import|url\(/);
    // scanners look ahead, too
    await follow(pathOf(id), { method: "HEAD" });
    expect(await standing(id)).toMatchObject({ status: "firing" });
  });

  test.each([
    ["acknowledge", { status: "acknowledged", acknowledged_by: "link" }],
    ["false_alarm", { status: "resolved", verdict: "false", verdict_by: "link" }],
    ["known", { status: "acknowledged", verdict: "known" }],
    ["snooze", { status: "firing", snoozed_until: "2026-03-03T14:00:00.000Z" }],
  ] as const)("does what it says (%s) by its button, once", async (action, stood) => {
    const id = await anOpenAlert();
    const done = await follow(pathOf(id, action), { method: "POST" });
    expect([done.status, done.text.includes("<button")]).toEqual([200, false]);
    expect(await standing(id)).toMatchObject(stood);
    for (const method of ["GET", "POST"]) {
      const again = await follow(pathOf(id, action), { method });
      expect(again.text).toContain("This was done already");
      expect(again.text).not.toContain("<button");
    }
  });

  test("works on this machine without tokens as well, and leaves all else as closed as it was", async () => {
    const id = await anOpenAlert();
    const app = serve(OPEN);
    expect((await follow(pathOf(id), { method: "POST", app })).status).toBe(200);
    expect(await standing(id)).toMatchObject({ status: "acknowledged" });
    expect((await follow("/api/v1/queries/alerts", { app })).status).toBe(403);
    expect((await follow("/api/v1/queries/alerts")).status).toBe(401);
    expect((await follow(`/api/v1/alerts/${id}/events`, { app, method: "POST" })).status).toBe(403);
    const status = await app.request("http://localhost/api/v1/status", { headers: { host: "localhost" } });
    expect(status.headers.get("content-security-policy")).toContain("default-src 'self'");
  });

  test("says so when it is wrong, has expired, has nothing left to do, or tells of no alert", async () => {
    const id = await anOpenAlert();
    const path = pathOf(id);
    for (const method of ["GET", "POST"]) {
      const wrong = await follow(path.replace("acknowledge", "false_alarm"), { method });
      expect([wrong.status, wrong.text.includes("This link is not right")]).toEqual([403, true]);
      expect(wrong.text).not.toContain("Acme");
      const late = serve(GUARDED, "2026-03-18T10:00:00.000Z");
      const expired = await follow(path, { method, app: late });
      expect([expired.status, expired.text.includes("This link has expired")]).toEqual([410, true]);
      expect(expired.text).toContain(`href="https://listen.acme.example/earshot/?alert=${id}"`);
      expect((await follow(pathOf("nosuchalert"), { method })).status).toBe(404);
    }
    expect(await standing(id)).toMatchObject({ status: "firing" });
    await follow(pathOf(id, "false_alarm"), { method: "POST" });
    const over = await follow(path);
    expect([over.status, over.text.includes("is resolved")]).toEqual([200, true]);
  });

  test("is nowhere where no links are signed", async () => {
    const app = apiApp({
      store: opened.reader,
      actions: { loadDemo: () => "started", demoProgress: () => ({ state: "idle", progress: 0 }) },
      trackers: [],
      version: "1.2.3",
      auth: GUARDED,
      monitoring: openMonitoring(() => context.now()),
      context,
    });
    expect((await follow(pathOf("abcd"), { app })).status).toBe(404);
  });
});
