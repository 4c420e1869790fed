import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import type { EarshotError } from "../../../core/errors.ts";
import { post, type Post } from "../../../sinks/receivers/post-json.ts";
import { aContext } from "../../support/builders.ts";
import { startStubServer, type StubAnswer, type StubServer } from "../../support/stub-server.ts";

const NOW = "2026-03-02T10:00:00.000Z";

describe("post", () => {
  const servers: StubServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function answered(answer: StubAnswer, request: Partial<Post> = {}) {
    const server = await startStubServer();
    servers.push(server);
    server.on("/hooks/pathsecret", answer);
    const sent = post(
      {
        service: "Acme",
        url: `${server.url}/hooks/pathsecret?key=query%20secret`,
        body: "{}",
        timeoutMs: 2_000,
        whenRefused: "check the URL",
        ...request,
      },
      aContext(NOW),
      new AbortController().signal,
    );
    return { server, sent };
  }

  async function refused(answer: StubAnswer, request: Partial<Post> = {}): Promise<EarshotError> {
    const { sent } = await answered(answer, request);
    return sent.then(
      () => {
        throw new Error("it was taken");
      },
      (error: unknown) => error as EarshotError,
    );
  }

  it("posts JSON once and gives what was answered", async () => {
    const { server, sent } = await answered({ status: 202, body: "taken" }, { headers: { "X-A": "b" } });
    expect(await sent).toMatchObject({ status: 202, body: "taken" });
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        path: "/hooks/pathsecret?key=query%20secret",
        body: "{}",
        headers: { "content-type": "application/json", "user-agent": "Earshot", "x-a": "b" },
      },
    ]);
  });

  it("lets a header of ours stand in place of a default, whatever its case", async () => {
    const { server, sent } = await answered({}, { headers: { "Content-Type": "text/plain" } });
    await sent;
    expect(server.requests[0]?.headers["content-type"]).toBe("text/plain");
  });

  it.each([
    ["120", 120_000],
    ["0", 0],
    ["1.5", 1_500],
    ["Mon, 02 Mar 2026 10:00:30 GMT", 30_000],
    ["Mon, 02 Mar 2026 09:00:00 GMT", 0],
    ["99999999", 24 * 60 * 60 * 1_000],
    ["soon", undefined],
  ])("reads Retry-After %s as %s ms", async (value, ms) => {
    for (const status of [429, 503]) {
      const error = await refused({ status, headers: { "retry-after": value } });
      expect(error).toMatchObject({ code: "sink_unavailable", retryAfterMs: ms });
    }
  });

  it.each([408, 425, 429, 500, 502, 503, 504])("tries %s again", async (status) => {
    expect(await refused({ status })).toMatchObject({
      code: "sink_unavailable",
      message: `Acme cannot take the message now (${status}); it will be tried again.`,
    });
  });

  it.each([400, 401, 403, 404, 405, 410, 413, 422])(
    "does not try %s again, and says what to do",
    async (status) => {
      expect(await refused({ status })).toMatchObject({
        code: "sink_rejected",
        message: `Acme refused the message (${status}); check the URL.`,
      });
    },
  );

  it.each([301, 302, 307, 308])("follows no redirect (%s)", async (status) => {
    const target = await startStubServer();
    servers.push(target);
    const error = await refused({ status, redirectTo: `${target.url}/` });
    expect(error.code).toBe("sink_rejected");
    expect(error.message).toBe(
      `Acme answered with a redirect (${status}), which is not followed; check the URL.`,
    );
    expect(target.requests).toHaveLength(0);
  });

  it("hides every part of the address and every secret in what a service says", async () => {
    const error = await refused(
      {
        status: 400,
        body: "no /hooks/pathsecret?key=query%20secret, query secret, token-1,\u001b[31m\nhere",
      },
      { reason: (body) => body, secrets: ["token-1"] },
    );
    expect(inspect(error, { depth: 9 })).not.toMatch(/pathsecret|query.{0,3}secret|token-1|\u001b/);
    expect(error.message).toMatch(/^Acme refused the message \(400 no .* here\); check the URL\.$/);
  });

  it("quotes no more than a line of what a service says", async () => {
    const error = await refused({ status: 400, body: "x y ".repeat(10_000) }, { reason: (body) => body });
    expect(error.message.length).toBeLessThan(300);
  });

  it("reads no more than 256 KB of an answer", async () => {
    const { sent } = await answered({ body: "x".repeat(2_000_000) });
    expect((await sent).body.length).toBe(256 * 1024);
  });

  it("is done when the status says so, though the answer breaks off or never ends", async () => {
    const broken = await answered({ body: "half", isCutOff: true });
    expect((await broken.sent).status).toBe(200);
    const endless = await answered({ body: "half", hang: "after_body" }, { timeoutMs: 150 });
    expect((await endless.sent).status).toBe(200);
  });

  it("names the host of a service that cannot be reached, and nothing else of its address", async () => {
    const server = await startStubServer();
    await server.close();
    const error = await post(
      { service: "Acme", url: `${server.url}/hooks/pathsecret`, body: "", timeoutMs: 1_000, whenRefused: "" },
      aContext(),
      new AbortController().signal,
    ).catch((failure: unknown) => failure as EarshotError);
    expect(error).toMatchObject({
      code: "sink_unavailable",
      cause: undefined,
      message: "Acme at 127.0.0.1 did not answer (ECONNREFUSED); it will be tried again.",
    });
  });
});
