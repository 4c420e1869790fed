import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { findSource } from "../../cli/sources.ts";
import { NO_LIMITS, openBudget } from "../../core/budget.ts";
import { parseConfig } from "../../core/config.ts";
import type { Sink } from "../../core/contracts.ts";
import { ownCursor, type CursorStore } from "../../core/cursors.ts";
import { NEVER_POLLED, openSource } from "../../core/poll-source.ts";
import { ingestors } from "../../ingestors/index.ts";
import { aContext } from "../support/builders.ts";
import {
  startStubServer,
  type StubAnswer,
  type StubRequest,
  type StubServer,
} from "../support/stub-server.ts";

/** A source with planted secrets. */
interface Planted {
  readonly type: string;
  readonly config: (url: string) => Record<string, unknown>;
  readonly secrets: readonly string[];
}

const token = (name: string) => `planted-${name}-${"s3cr3t".repeat(4)}`;
const pem = (type: "ec" | "rsa") => {
  const { privateKey } =
    type === "ec"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
};
/** A line of a key that tells it from all others. */
const lineOf = (key: string) => key.split("\n")[1] ?? "";
const appleKey = pem("ec");
const googleKey = pem("rsa");

const SOURCES: readonly Planted[] = [
  { type: "x", config: (endpoint) => ({ endpoint, token: token("x") }), secrets: [token("x")] },
  { type: "x_stream", config: (endpoint) => ({ endpoint, token: token("xs") }), secrets: [token("xs")] },
  {
    type: "reddit",
    config: (url) => ({
      endpoint: url,
      site: url,
      subreddits: ["acme"],
      clientId: "an-app",
      clientSecret: token("reddit-app"),
      username: "ines",
      password: token("reddit-password"),
      pauseMs: 0,
    }),
    secrets: [token("reddit-app"), token("reddit-password")],
  },
  {
    type: "reddit",
    config: (url) => ({
      endpoint: url,
      site: url,
      subreddits: ["acme"],
      clientId: "an-app",
      clientSecret: token("reddit-app"),
      refreshToken: token("reddit-refresh"),
      pauseMs: 0,
    }),
    secrets: [token("reddit-app"), token("reddit-refresh")],
  },
  {
    type: "app_store",
    config: (endpoint) => ({ endpoint, appId: "123", issuerId: "i", keyId: "k", privateKey: appleKey }),
    secrets: [lineOf(appleKey)],
  },
  {
    type: "google_play",
    config: (url) => ({
      endpoint: url,
      appId: "com.example.shop",
      serviceAccount: JSON.stringify({
        type: "service_account",
        client_email: "earshot@example.com",
        private_key: googleKey,
        token_uri: `${url}/token`,
      }),
    }),
    secrets: [lineOf(googleKey)],
  },
  {
    type: "trustpilot",
    config: (endpoint) => ({ endpoint, apiKey: token("trustpilot"), domain: "shop.example" }),
    secrets: [token("trustpilot")],
  },
  {
    type: "youtube",
    config: (endpoint) => ({ endpoint, apiKey: token("youtube"), channels: [`UC${"a".repeat(22)}`] }),
    secrets: [token("youtube")],
  },
  {
    type: "mastodon",
    config: (endpoint) => ({ servers: [{ endpoint, token: token("mastodon") }], hashtags: ["acme"] }),
    secrets: [token("mastodon")],
  },
  {
    type: "bluesky_search",
    config: (endpoint) => ({
      endpoint,
      service: endpoint,
      identifier: "acme.example",
      appPassword: token("bluesky"),
    }),
    secrets: [token("bluesky")],
  },
  {
    type: "zendesk",
    config: (endpoint) => ({
      endpoint,
      subdomain: "acme",
      email: "ines@example.com",
      token: token("zendesk"),
    }),
    secrets: [token("zendesk")],
  },
  {
    type: "zendesk",
    config: (endpoint) => ({ endpoint, subdomain: "acme", oauthToken: token("zendesk-oauth") }),
    secrets: [token("zendesk-oauth")],
  },
  {
    type: "email",
    config: (url) => ({
      endpoint: url.replace(/^http/, "imap"),
      user: "ines@example.com",
      password: token("mail"),
    }),
    secrets: [token("mail")],
  },
  {
    type: "email",
    config: (url) => ({
      endpoint: url.replace(/^http/, "imap"),
      user: "ines@example.com",
      accessToken: token("oauth"),
    }),
    secrets: [token("oauth")],
  },
  {
    type: "webhook",
    config: () => ({ secret: token("webhook") }),
    secrets: [token("webhook")],
  },
];

/** A platform that gives back what it was sent, as proxies and debug pages do. */
const echo =
  (status: number) =>
  (request: StubRequest): StubAnswer => ({
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: inspect(request), ...request, access_token: "given-out" }),
  });

const TROUBLES: Readonly<Record<string, StubAnswer | ((request: StubRequest) => StubAnswer)>> = {
  "says 400 and echoes": echo(400),
  "says 401 and echoes": echo(401),
  "says 403 and echoes": echo(403),
  "says 429 and echoes": echo(429),
  "says 500 and echoes": echo(500),
  "says 200 and echoes": echo(200),
  "answers with a page": { headers: { "content-type": "text/html" }, body: "<html>Sorry</html>" },
  "breaks off": { body: '{"data":[', isCutOff: true },
  redirects: { redirectTo: "https://elsewhere.example/?leak=1" },
};

let server: StubServer;
beforeAll(async () => {
  server = await startStubServer();
});
afterAll(() => server.close());

/** Everything a poll and a reread leave behind: logs, ledger, dead letters, errors. */
async function traces({ type, config }: Planted, url: string): Promise<string> {
  const left: unknown[] = [];
  const note = (...what: unknown[]) => void left.push(what);
  const context = { ...aContext(), log: { debug: note, info: note, warn: note, error: note }, observe: note };
  const keep = <T>(): Sink<T> => ({
    name: "sink",
    write: async (records) => note(records),
    check: async () => {},
    close: async () => {},
  });
  const cursors: CursorStore = { load: async () => undefined, save: async (cursor) => note(cursor) };
  const entry = { type, id: "planted", trackers: ["acme"], ...config(url) };
  const trackers = [{ id: "acme", name: "Acme", query: "acme" }];
  const app = parseConfig({ trackers, sources: [entry] }, ingestors, {}, "test");
  const { ingestor, config: parsed, queries } = findSource(app, "planted").source;
  const signal = AbortSignal.timeout(2_000);
  const source = openSource(
    {
      source: "planted",
      belonging: { trackers: ["acme"] },
      redactKey: undefined,
      ingestor,
      config: parsed,
      queries,
      events: keep(),
      deadLetters: keep(),
      coverage: keep(),
      polls: keep(),
      budget: openBudget("planted", {}, [], context),
      cursor: ownCursor(cursors, "planted", context),
      context,
    },
    NEVER_POLLED,
  );
  await source.poll(signal).then(note, note);
  const run = { config: parsed, queries, budget: NO_LIMITS, signal, context };
  await ingestor
    .reread?.(["12345", "connect:12345", "at://did:plc:abc/app.bsky.feed.post/1"], run)
    .then(note, note);
  return left
    .map((what) => `${inspect(what, { depth: 20, showHidden: true })} ${JSON.stringify(what)}`)
    .join("\n");
}

describe("a secret is in no log, error, dead letter or ledger", () => {
  it("of any source that has one", () => {
    const hasSecret = (schema: z.ZodType) =>
      /"[a-z]*(?:token|secret|password|private_?key|apikey|serviceaccount)[a-z]*":\{/i.test(
        JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })),
      );
    const withSecrets = ingestors.filter(({ config }) => hasSecret(config)).map(({ name }) => name);
    expect(withSecrets.length).toBeGreaterThan(8);
    expect(new Set(SOURCES.map(({ type }) => type))).toEqual(new Set(withSecrets));
  });

  describe.each(Object.entries(TROUBLES))("where a platform %s", (_trouble, answer) => {
    beforeAll(() => {
      server.on("*", answer);
    });

    it.concurrent.each(SOURCES.map((source, index) => [source.type, index] as const))(
      "of %s (%i)",
      async (_type, index) => {
        const source = SOURCES[index];
        if (source === undefined) throw new RangeError("no such source");
        const left = await traces(source, server.url);
        expect(left.length).toBeGreaterThan(0);
        for (const secret of source.secrets) {
          const forms = [
            secret,
            encodeURIComponent(secret),
            Buffer.from(secret).toString("base64").slice(0, 24),
          ];
          for (const form of forms) expect(left).not.toContain(form);
        }
      },
      20_000,
    );
  });
});
