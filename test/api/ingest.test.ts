import { randomBytes } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Access } from "../../api/access.ts";
import { openApi, type RunningApi } from "../../api/server.ts";
import type { App } from "../../cli/app.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import { openPushes, type Pushes } from "../../cli/push.ts";
import { openReading } from "../../cli/reading-pool.ts";
import type { Source } from "../../cli/sources.ts";
import { belonging } from "../../core/belonging.ts";
import { parseConfig } from "../../core/config.ts";
import type { Context } from "../../core/context.ts";
import type { Broker, TopicSpec } from "../../core/contracts.ts";
import { parseQuery } from "../../core/query/parse-query.ts";
import { webhookIngestor } from "../../ingestors/webhook.ts";
import { sourceHealth } from "../../queries/source-health.ts";
import { openClickHouse, type ClickHouseStore } from "../../sinks/clickhouse.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { signPush } from "../support/sign-push.ts";

const NOON = Date.parse("2026-03-02T12:00:00.000Z");
const PUBLISHED = "2026-03-01T09:00:00Z";
/** Planted everywhere a push goes, and looked for everywhere it must not be. */
const SECRETS = {
  tickets: "tickets-secret-4f1c",
  calls: "calls-secret-9be2",
  reviews: "reviews-secret-77aa",
};
const WRITER = "Wilhelmina Unmistakable";

let opened: TestStore;
let now = NOON;
let pushes: Pushes;
const running: RunningApi[] = [];
const logged: string[] = [];
const answered: string[] = [];

function note(level: string) {
  return (facts: object, message = "") => {
    const plain = (_key: string, value: unknown) =>
      value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value;
    logged.push(`${level} ${message} ${JSON.stringify(facts, plain)}`);
  };
}

const context: Context = {
  // two reports of one millisecond would be one
  now: () => new Date(now++),
  log: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
  observe: () => {},
};

function aSource(id: keyof typeof SECRETS, config: object = {}, query?: string): Source {
  const queries = query === undefined ? [] : [{ tracker: "acme", query: parseQuery(query) }];
  return {
    source: id,
    ingestor: webhookIngestor,
    config: webhookIngestor.config.parse({ id, secret: SECRETS[id], ...config }),
    queries,
    belonging: belonging(query === undefined ? "all" : "query", ["acme"], queries),
    redactKey: undefined,
  };
}

function anApp(store: ClickHouseStore, broker?: Broker): App {
  const never = async () => {
    throw new Error("a push has no cursor");
  };
  return {
    config: parseConfig({}, [], {}, "test"),
    context,
    signal: new AbortController().signal,
    store,
    reader: store,
    dashboard: store,
    cursors: { load: never, save: never },
    broker,
    reading: openReading({ aspects: {}, reading: { threads: 0 } }, context),
    ask: (query, params) => store.query(query.statement(params), query.row),
    close: async () => {},
  };
}

const SOURCES = [aSource("tickets"), aSource("calls"), aSource("reviews", { platform: "shop" }, "parcel*")];
const OPEN: Access = { tokens: [], required: false, allowedHosts: [] };

beforeAll(async () => {
  opened = await openTestStore();
});

beforeEach(() => {
  pushes = openPushes(anApp(opened.store), SOURCES);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
  await pushes.settled();
  now = NOON + Math.ceil((now - NOON) / 1_000 + 1) * 1_000;
});

afterAll(() => opened.close());

async function serve({ auth = OPEN, push = pushes.push } = {}): Promise<RunningApi> {
  const api = await openApi({
    host: "127.0.0.1",
    port: 0,
    store: opened.reader,
    actions: { loadDemo: () => "started", demoProgress: () => ({ state: "idle", progress: 0 }) },
    trackers: [],
    version: "1.2.3",
    auth,
    monitoring: openMonitoring(() => context.now()),
    context,
    push,
  });
  running.push(api);
  return api;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: Record<string, unknown>;
}

/** One request with exactly these headers; a body without its length is sent in chunks. */
function post(
  { port }: RunningApi,
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method: "POST", headers, agent: false };
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        answered.push(`${JSON.stringify(response.headers)} ${text}`);
        const json = JSON.parse(text) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, json });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

interface Pushed {
  readonly source?: keyof typeof SECRETS;
  readonly secret?: string;
  /** Seconds from now at which it was signed. */
  readonly offset?: number;
  readonly headers?: Record<string, string>;
}

/** Pushes what is given as JSON, signed as its source wants it. */
async function push(api: RunningApi, what: unknown, options: Pushed = {}): Promise<Answer> {
  const { source = "tickets", secret = SECRETS[source], offset = 0, headers = {} } = options;
  const body = typeof what === "string" || what instanceof Uint8Array ? what : JSON.stringify(what);
  const signed = signPush(body, secret, Math.floor(now / 1_000) + offset);
  return post(api, `/v1/ingest/${source}`, body, { ...signed, ...headers });
}

function aRecord(fields: Record<string, unknown> = {}) {
  return {
    id: randomBytes(6).toString("hex"),
    text: "The parcel never arrived",
    publishedAt: PUBLISHED,
    author: { name: WRITER },
    ...fields,
  };
}

async function stored(...ids: readonly string[]) {
  const row = z.object({
    id: z.string(),
    source: z.string(),
    text: z.string(),
    trackers: z.array(z.string()),
  });
  const sql = "SELECT id, source, text, trackers FROM mentions WHERE id IN {ids:Array(String)} ORDER BY id";
  return opened.store.query({ sql, params: { ids } }, row);
}

async function rowsOf(table: "mention_rows" | "poll_rows" | "dead_letters", source: string) {
  const sql = `SELECT toJSONString(tuple(*)) AS row FROM ${table} WHERE source = {source:String}`;
  return opened.store.query({ sql, params: { source } }, z.object({ row: z.string() }));
}

async function health(source: string) {
  const rows = await opened.store.query(sourceHealth.statement({}), sourceHealth.row);
  return rows.find((row) => row.source === source);
}

describe("a push", () => {
  test("that is signed rightly is answered 202 once it is stored and read", async () => {
    const [one, two] = [aRecord(), aRecord({ rating: 1, ratingMax: 5 })];
    const answer = await push(await serve(), { items: [one, two] });
    expect([answer.status, answer.json]).toEqual([
      202,
      { accepted: 2, deleted: 0, skipped: 0, rejected: [] },
    ]);
    expect(answer.headers["cache-control"]).toBe("no-store");
    const mentions = await stored(`webhook:tickets/${one.id}`, `webhook:tickets/${two.id}`);
    expect(mentions).toHaveLength(2);
    expect(mentions[0]).toMatchObject({ source: "tickets", trackers: ["acme"] });
  });

  test("may be one JSON record a line, sent in chunks without a length", async () => {
    const records = [aRecord(), aRecord()];
    const body = records.map((record) => JSON.stringify(record)).join("\n");
    const headers = { "content-type": "application/x-ndjson", "transfer-encoding": "chunked" };
    expect((await push(await serve(), body, { headers })).json).toMatchObject({ accepted: 2 });
  });

  test("edits by id, and deletes", async () => {
    const api = await serve();
    const record = aRecord();
    const id = `webhook:tickets/${record.id}`;
    await push(api, [record]);
    await push(api, [{ ...record, text: "It has arrived after all" }]);
    expect(await stored(id)).toMatchObject([{ text: "It has arrived after all" }]);
    const deleted = await push(api, [
      { kind: "delete", id: record.id },
      { type: "delete", id: "never seen" },
    ]);
    expect([deleted.status, deleted.json]).toMatchObject([202, { accepted: 0, deleted: 2 }]);
    expect(await stored(id)).toEqual([]);
    await push(api, [record]);
    expect(await stored(id)).toEqual([]);
  });

  test("keeps the later of two versions of one record in it, or the one edited last where it says when", async () => {
    const record = aRecord();
    const api = await serve();
    await push(api, [record, { ...record, text: "second" }]);
    expect(await stored(`webhook:tickets/${record.id}`)).toMatchObject([{ text: "second" }]);
    await push(api, [{ ...record, text: "newest", updatedAt: "2026-03-01T11:00:00Z" }]);
    await push(api, [{ ...record, text: "overtaken", updatedAt: "2026-03-01T10:00:00Z" }]);
    expect(await stored(`webhook:tickets/${record.id}`)).toMatchObject([{ text: "newest" }]);
  });

  test("of one source never touches what another brought under the same id", async () => {
    const api = await serve();
    const record = aRecord();
    await push(api, [record]);
    await push(api, [{ ...record, text: "Said on the phone" }], { source: "calls" });
    const both = [`webhook:calls/${record.id}`, `webhook:tickets/${record.id}`];
    expect((await stored(...both)).map(({ source }) => source)).toEqual(["calls", "tickets"]);
    await push(api, [{ kind: "delete", id: record.id }], { source: "calls" });
    expect((await stored(...both)).map(({ source }) => source)).toEqual(["tickets"]);
    const stranger = await push(api, [{ kind: "delete", id: record.id }], { secret: SECRETS.calls });
    expect(stranger.status).toBe(401);
    expect(await stored(...both)).toHaveLength(1);
  });

  test("keeps only what its trackers' queries match where the source is set so", async () => {
    const [matching, other] = [aRecord({ text: "Parcels late" }), aRecord({ text: "Fine weather" })];
    const answer = await push(await serve(), [matching, other], { source: "reviews" });
    expect(answer.json).toEqual({ accepted: 1, deleted: 0, skipped: 1, rejected: [] });
    expect(await stored(`shop:reviews/${matching.id}`, `shop:reviews/${other.id}`)).toHaveLength(1);
  });

  test("with bad records is answered 207: the good are stored, the bad are dead letters, once", async () => {
    const api = await serve();
    const before = (await rowsOf("dead_letters", "calls")).length;
    const good = aRecord();
    const body = [aRecord({ publishedAt: "yesterday" }), good, { id: "lonely" }, "text", aRecord({ id: {} })];
    for (const time of ["first", "again"]) {
      const answer = await push(api, body, { source: "calls" });
      expect([time, answer.status]).toEqual([time, 207]);
      expect(answer.json).toMatchObject({ accepted: 1, deleted: 0, skipped: 0 });
      const rejected = answer.json["rejected"] as {
        index: number;
        id?: string;
        code: string;
        reason: string;
      }[];
      expect(rejected.map(({ index, id }) => [index, id])).toEqual([
        [0, (body[0] as { id: string }).id],
        [2, "lonely"],
        [3, undefined],
        [4, undefined],
      ]);
      expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(["record_invalid"]));
      expect(rejected[0]?.reason).toContain("publishedAt");
    }
    expect(await stored(`webhook:calls/${good.id}`)).toHaveLength(1);
    expect(await rowsOf("dead_letters", "calls")).toHaveLength(before + 4);
  });

  test("shows in the health of its source as a report that covers no time", async () => {
    const [before] = [(await rowsOf("poll_rows", "calls")).length];
    await push(await serve(), [aRecord(), { id: "bad" }], { source: "calls" });
    expect(await rowsOf("poll_rows", "calls")).toHaveLength(before + 1);
    expect(await health("calls")).toMatchObject({
      state: "connected",
      code: "",
      failures: 0,
      heard_until: null,
      not_before: null,
    });
    expect((await health("calls"))?.last_polled_at).toMatch(/^2026-03-02/);
  });
});

describe("who may push", () => {
  test.each<[string, Pushed]>([
    ["a wrong secret", { secret: "tickets-secret-4f1d" }],
    ["another source's secret", { secret: SECRETS.calls }],
    ["a signature that is too old", { offset: -301 }],
    ["a signature from the future", { offset: 301 }],
    ["no signature", { headers: { "x-earshot-signature": "" } }],
    ["a token instead", { secret: "?", headers: { authorization: "Bearer admin" } }],
  ])("not whoever has %s", async (_what, options) => {
    const record = aRecord();
    const answer = await push(await serve(), [record], options);
    expect([answer.status, answer.json["code"]]).toEqual([401, "unauthorized"]);
    expect(answer.headers["www-authenticate"]).toBe("Earshot-Signature");
    expect(await stored(`webhook:tickets/${record.id}`)).toEqual([]);
  });

  test("a stranger learns of no source, and writes nothing into its health", async () => {
    const api = await serve();
    const before = (await rowsOf("poll_rows", "tickets")).length;
    for (const path of ["nothing", "__proto__", "constructor", "%2e%2e", "tickets%00", "TICKETS"]) {
      const body = JSON.stringify([aRecord()]);
      const answer = await post(
        api,
        `/v1/ingest/${path}`,
        body,
        signPush(body, SECRETS.tickets, now / 1_000),
      );
      expect([path, answer.status]).toEqual([path, 404]);
      expect(JSON.stringify(answer.json)).not.toMatch(/tickets|calls|reviews/);
    }
    await push(api, [aRecord()], { secret: "wrong" });
    expect(await rowsOf("poll_rows", "tickets")).toHaveLength(before);
  });

  test("a request seen on the way and sent again changes nothing, and soon not even gets in", async () => {
    const api = await serve();
    const record = aRecord();
    const body = JSON.stringify([record]);
    const headers = signPush(body, SECRETS.tickets, Math.floor(now / 1_000));
    const first = await post(api, "/v1/ingest/tickets", body, headers);
    const again = await post(api, "/v1/ingest/tickets", body, headers);
    expect([first.status, again.status, again.json]).toEqual([202, 202, first.json]);
    expect(await stored(`webhook:tickets/${record.id}`)).toHaveLength(1);
    now += 301_000;
    expect((await post(api, "/v1/ingest/tickets", body, headers)).status).toBe(401);
  });

  test("the signature is enough where the API needs tokens", async () => {
    const auth: Access = { tokens: [], required: true, allowedHosts: [] };
    const api = await serve({ auth });
    const headers = { host: "earshot.example", origin: "https://helpdesk.example" };
    expect((await push(api, [aRecord()], { headers })).status).toBe(202);
    expect((await push(api, [aRecord()], { secret: "wrong", headers })).status).toBe(401);
  });

  test("a foreign Host or Origin is refused where only this machine is meant to ask", async () => {
    const api = await serve();
    for (const headers of [{ host: "evil.example" }, { host: "localhost", origin: "https://evil.example" }]) {
      const answer = await push(api, [aRecord()], { headers });
      expect([answer.status, answer.json["code"]]).toEqual([403, "forbidden"]);
    }
    const behindProxy = await serve({ auth: { ...OPEN, allowedHosts: ["earshot.example"] } });
    const headers = { host: "earshot.example" };
    expect((await push(behindProxy, [aRecord()], { headers })).status).toBe(202);
  });
});

describe("an idempotency key", () => {
  const key = (name: string) => ({ headers: { "idempotency-key": name } });

  test("gets the same body the same answer without storing it again, though signed anew", async () => {
    const api = await serve();
    const body = [aRecord(), { id: "bad" }];
    const before = (await rowsOf("poll_rows", "tickets")).length;
    const first = await push(api, body, key("a"));
    const again = await push(api, body, { ...key("a"), offset: -1 });
    expect([first.status, again.status, again.json]).toEqual([207, 207, first.json]);
    expect(await rowsOf("poll_rows", "tickets")).toHaveLength(before + 1);
    await push(api, body, key("b"));
    expect(await rowsOf("poll_rows", "tickets")).toHaveLength(before + 2);
  });

  test("sent twice at the same time stores once", async () => {
    const api = await serve();
    const body = [aRecord()];
    const before = (await rowsOf("poll_rows", "tickets")).length;
    const both = await Promise.all([push(api, body, key("twins")), push(api, body, key("twins"))]);
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    expect(await rowsOf("poll_rows", "tickets")).toHaveLength(before + 1);
  });

  test("with another body is refused, and is another source's own", async () => {
    const api = await serve();
    await push(api, [aRecord()], key("a"));
    const other = aRecord();
    const refused = await push(api, [other], key("a"));
    expect([refused.status, refused.json["code"]]).toEqual([409, "request_invalid"]);
    expect(await stored(`webhook:tickets/${other.id}`)).toEqual([]);
    expect((await push(api, [other], { ...key("a"), source: "calls" })).status).toBe(202);
  });

  test("is nobody's who cannot sign, and is forgotten after a day", async () => {
    const api = await serve();
    const [one, two] = [aRecord(), aRecord()];
    await push(api, [one], key("a"));
    expect((await push(api, [one], { ...key("a"), secret: "wrong" })).status).toBe(401);
    now += 24 * 60 * 60_000 - 10_000;
    expect((await push(api, [two], key("a"))).status).toBe(409);
    now += 20_000;
    expect((await push(api, [two], key("a"))).status).toBe(202);
  });

  test("has a length", async () => {
    const answer = await push(await serve(), [aRecord()], key("k".repeat(256)));
    expect([answer.status, answer.json["code"]]).toEqual([400, "request_invalid"]);
  });
});

describe("too much, or hostile", () => {
  test("a body above a megabyte is refused unread, with its length and without", async () => {
    const api = await serve();
    const large = JSON.stringify([aRecord({ text: "x".repeat(1_100_000) })]);
    for (const headers of [{}, { "transfer-encoding": "chunked" }]) {
      const answer = await push(api, large, { headers });
      expect([answer.status, answer.json["code"]]).toEqual([413, "request_invalid"]);
    }
    const just = JSON.stringify([aRecord()]);
    expect((await push(api, just + " ".repeat(1_000_000 - just.length))).status).toBe(202);
    expect((await push(api, just + " ".repeat(1_000_001 - just.length))).status).toBe(413);
  });

  test("501 records are refused, 500 are stored", async () => {
    const api = await serve();
    const records = Array.from({ length: 501 }, (_, at) => aRecord({ id: `many-${at}` }));
    const refused = await push(api, records);
    expect([refused.status, refused.json["code"]]).toEqual([400, "request_invalid"]);
    expect((await push(api, records.slice(1))).json).toMatchObject({ accepted: 500, rejected: [] });
  });

  test.each<[string, string | Uint8Array]>([
    ["no JSON", "hello"],
    ["deep arrays", `[{"id":${"[".repeat(400_000)}${"]".repeat(400_000)}}]`],
    ["deep objects", `${'{"items":'.repeat(90_000)}[]${"}".repeat(90_000)}`],
    ["random bytes", randomBytes(100_000)],
    ["nothing", ""],
  ])("a body of %s is the sender's mistake, not ours", async (_what, body) => {
    const answer = await push(await serve(), body);
    expect([answer.status, answer.json["code"]]).toEqual([400, "request_invalid"]);
  });

  test("a record of hostile names and lengths costs itself alone", async () => {
    const api = await serve();
    const good = aRecord();
    const manyKeys = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]));
    const rest = [aRecord({ text: "x".repeat(300_000) }), aRecord(manyKeys), good];
    const body = `[{"__proto__":{"byUs":true,"id":"p"},"id":"p","text":"x","publishedAt":"${PUBLISHED}"},
      ${JSON.stringify(rest).slice(1)}`;
    const answer = await push(api, body);
    expect([answer.status, answer.json["accepted"]]).toEqual([207, 1]);
    const rejected = answer.json["rejected"] as { index: number; reason: string }[];
    expect(rejected.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const { reason } of rejected) expect(reason.length).toBeLessThanOrEqual(300);
    expect(({} as { byUs?: boolean }).byUs).toBeUndefined();
    expect(await stored(`webhook:tickets/${good.id}`)).toHaveLength(1);
  });
});

describe("when it cannot be stored", () => {
  test("a store that is away is 503 with a time to come again, and nothing is taken for stored", async () => {
    const gone = await openClickHouse(
      {
        locate: async () => ({ url: "http://127.0.0.1:1", user: "w", password: "w", database: "default" }),
      },
      context,
    );
    const away = openPushes(anApp(gone), SOURCES);
    const api = await serve({ push: away.push });
    const body = [aRecord(), { id: "bad" }];
    const options = { headers: { "idempotency-key": "again" } };
    for (const time of ["first", "again"]) {
      const answer = await push(api, body, options);
      expect([time, answer.status, answer.json["code"]]).toEqual([time, 503, "sink_unavailable"]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      expect(JSON.stringify(answer.json)).not.toContain("127.0.0.1");
    }
    expect((await push(api, body, { secret: "wrong" })).status).toBe(401);
    await gone.close();
  });

  test("without sources that are pushed to there is nothing at the address", async () => {
    const none = openPushes(anApp(opened.store), []);
    expect((await push(await serve({ push: none.push }), [aRecord()])).status).toBe(404);
  });
});

test("with Kafka a push is answered once its topic has it", async () => {
  const written: { topic: string; records: readonly unknown[] }[] = [];
  const unused = async () => {
    throw new Error("a push only writes");
  };
  const broker: Broker = {
    topic: <T>({ name }: TopicSpec<T>) => ({
      name,
      write: async (records: readonly T[]) => void written.push({ topic: name, records }),
      check: async () => {},
      close: async () => {},
    }),
    consume: unused,
    share: unused,
    createTopics: unused,
    lag: unused,
    rewind: unused,
    check: async () => {},
    close: async () => {},
  };
  const published = openPushes(anApp(opened.store, broker), SOURCES);
  const record = aRecord();
  const answer = await push(await serve({ push: published.push }), [record, { id: "bad" }]);
  expect([answer.status, answer.json["accepted"]]).toEqual([207, 1]);
  expect(written.map(({ topic, records }) => [topic, records.length])).toEqual([
    ["mentions", 1],
    ["dead-letters", 1],
  ]);
  expect(await stored(`webhook:tickets/${record.id}`)).toEqual([]);
});

test("no secret came into an answer, a log line or the store, and no author or text into the log", async () => {
  expect(answered.length).toBeGreaterThan(40);
  expect(logged.some((line) => line.includes("pushed"))).toBe(true);
  expect(logged.some((line) => line.includes("a push was refused"))).toBe(true);
  const rows = await Promise.all(
    Object.keys(SECRETS).flatMap((source) =>
      (["mention_rows", "poll_rows", "dead_letters"] as const).map((table) => rowsOf(table, source)),
    ),
  );
  const kept = rows.flat().map(({ row }) => row);
  expect(kept.some((row) => row.includes(WRITER))).toBe(true);
  for (const secret of Object.values(SECRETS)) {
    for (const line of [...answered, ...logged, ...kept]) expect(line).not.toContain(secret);
  }
  const aboveDebug = logged.filter((line) => !line.startsWith("debug"));
  for (const line of aboveDebug) expect(line).not.toMatch(/Wilhelmina|never arrived/);
});
