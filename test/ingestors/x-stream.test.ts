import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBudget } from "../../core/budget.ts";
import type { MentionFields, Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { parseQuery } from "../../core/query/parse-query.ts";
import { idOfTime } from "../../ingestors/x/snowflake.ts";
import { xStreamIngestor } from "../../ingestors/x/stream.ts";
import { searchListing } from "../../ingestors/x/walk.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { aPost } from "../support/fake-x.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const TOKEN = "AAAAbearer-of-the-test";
const twin = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../fixtures/x/stream-line.json"), "utf8"),
) as { data: { id: string } };

/** X with its stream in our hands: what it has to say on it, and when it ends. */
interface FakeStream {
  readonly url: string;
  /** Resolves when somebody listens. */
  listened(): Promise<ServerResponse>;
  /** Bodies of all changes to the rules. */
  readonly rulesAsked: unknown[];
  rules: object[];
  ruleErrors: object[];
  /** Why nobody may listen. */
  refusal: object | undefined;
  /** What search finds. */
  found: object[];
  readonly searches: URLSearchParams[];
  close(): Promise<void>;
}

async function startFakeStream(): Promise<FakeStream> {
  const streams: ServerResponse[] = [];
  const waiting = new Set<(response: ServerResponse) => void>();
  const answer = (response: ServerResponse, body: object) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "", "http://x");
    if (url.pathname === "/2/tweets/search/recent") {
      fake.searches.push(url.searchParams);
      const since = BigInt(url.searchParams.get("since_id") ?? 0);
      const data = fake.found.filter((post) => BigInt((post as { id: string }).id) > since);
      answer(response, { data, meta: { newest_id: (data[0] as { id?: string } | undefined)?.id } });
    } else if (url.pathname === "/2/tweets/search/stream/rules") {
      if (request.method === "POST") {
        fake.rulesAsked.push(JSON.parse(await text(request)));
        answer(response, { meta: { sent: NOW }, errors: fake.ruleErrors });
      } else answer(response, { data: fake.rules, meta: { sent: NOW } });
    } else if (fake.refusal !== undefined) {
      const limit = { limit: "50", remaining: "48", reset: String(Date.parse(NOW) / 1_000 + 900) };
      const headers = Object.entries(limit).map(([name, value]) => [`x-rate-limit-${name}`, value] as const);
      response.writeHead(429, { "content-type": "application/json", ...Object.fromEntries(headers) });
      response.end(JSON.stringify(fake.refusal));
    } else {
      response.writeHead(200, { date: new Date(NOW).toUTCString() });
      response.flushHeaders();
      streams.push(response);
      for (const resolve of waiting) resolve(response);
    }
  };
  const server = createServer((request, response) => void onRequest(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const fake: FakeStream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rulesAsked: [],
    rules: [{ id: "1", value: "acme", tag: "earshot" }],
    ruleErrors: [],
    refusal: undefined,
    found: [],
    searches: [],
    listened: () =>
      new Promise((resolve) => {
        const [stream] = streams;
        if (stream !== undefined) resolve(stream);
        else waiting.add(resolve);
      }),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}

describe("the x_stream ingestor", () => {
  let x: FakeStream;
  beforeEach(async () => {
    x = await startFakeStream();
  });
  afterEach(() => x.close());

  type Run = Parameters<typeof aPollRun>[0];
  const key = searchListing("acme", { usdPerPost: 0, usdPerUser: 0, readAuthors: true }).key;

  function poll(options: object = {}, run: Run = {}) {
    const config = xStreamIngestor.config.parse({
      token: TOKEN,
      endpoint: x.url,
      queries: ["acme"],
      repairAfterSeconds: 0,
      ...options,
    });
    return xStreamIngestor
      .poll(aPollRun({ config, context: aContext(NOW), signal: AbortSignal.timeout(20_000), ...run }))
      [Symbol.asyncIterator]() as AsyncIterator<Page<Cursor>>;
  }
  interface Cursor {
    readonly listings: Record<string, { since: string }>;
  }

  /** Reads on until a page says so. */
  async function readUntil(pages: AsyncIterator<Page<Cursor>>, isEnough: (page: Page<Cursor>) => boolean) {
    const read: Page<Cursor>[] = [];
    for (;;) {
      const { value, done } = (await pages.next()) as { value: Page<Cursor>; done?: boolean };
      if (done === true) return read;
      read.push(value);
      if (isEnough(value)) return read;
    }
  }
  const rest = (pages: AsyncIterator<Page<Cursor>>) => readUntil(pages, () => false);
  const idsOf = (pages: readonly Page<Cursor>[]) =>
    pages.flatMap(({ items }) => items.map((item) => asMention(item).nativeId));

  async function errorOf(promise: Promise<unknown>): Promise<EarshotError> {
    const error: unknown = await promise.catch((thrown: unknown) => thrown);
    if (error instanceof EarshotError) return error;
    throw new Error(`expected an EarshotError, got ${String(error)}`);
  }

  const line = (post: object) => `${JSON.stringify({ data: post })}\r\n`;

  it("brings posts as they are written, and closes the connection when nobody reads on", async () => {
    const pages = poll();
    const reading = readUntil(pages, ({ items }) => items.length > 0);
    const stream = await x.listened();
    stream.write(`\r\n${JSON.stringify(twin)}\r\n`);
    const [item] = (await reading).flatMap(({ items }) => items);
    expect(asMention(item)).toMatchObject({
      nativeId: twin.data.id,
      authorName: "Gül 🌼",
      authorFollowers: 2,
    });
    const closed = once(stream, "close");
    await pages.return?.();
    await closed;
  });

  it("keeps letters whole that arrive in two pieces", async () => {
    const pages = poll();
    const stream = await listenTo(pages);
    const send = (bytes: Uint8Array) => new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
    for (let number = 1; number <= 100; number++) {
      const bytes = Buffer.from(line(aPost(NOW, { id: String(number), text: "acme 🔥 größer" })));
      const at = bytes.indexOf(Buffer.from("🔥")) + 2;
      await send(bytes.subarray(0, at));
      await send(bytes.subarray(at));
    }
    stream.end();
    const texts = (await rest(pages)).flatMap(({ items }) => items.map((item) => asMention(item).text));
    expect(texts).toEqual(Array.from({ length: 100 }, () => "acme 🔥 größer"));
  });

  it("searches for what passed before it listened, and says how far it has heard since", async () => {
    const missed = aPost("2026-03-02T09:00:00.000Z");
    x.found = [missed];
    const since = idOfTime(Date.parse("2026-03-02T08:00:00.000Z"));
    const pages = poll({}, { cursor: { listings: { [key]: { since } } } });
    const heardUntil = idOfTime(Date.parse("2026-03-02T09:58:00.000Z"));
    const read = await readUntil(pages, ({ cursor }) => cursor?.listings[key]?.since === heardUntil);
    expect(idsOf(read)).toEqual([missed.id]);
    expect(x.searches.map((query) => query.get("since_id"))).toEqual([since]);
    expect(read.flatMap(({ cursor }) => cursor?.listings[key]?.since ?? [])).toEqual([missed.id, heardUntil]);
    await pages.return?.();
  });

  it("saves no cursor before the search, so that a crash in between loses nothing", async () => {
    const pages = poll({ repairAfterSeconds: 600 });
    const reading = readUntil(pages, ({ items }) => items.length > 0);
    (await x.listened()).write(line(aPost(NOW)));
    expect((await reading).flatMap(({ cursor }) => cursor ?? [])).toEqual([]);
    expect(x.searches).toEqual([]);
    await pages.return?.();
  });

  it("does not say it has heard what still waits to be read", async () => {
    let time = Date.parse(NOW);
    let asked = () => {};
    const context = {
      ...aContext(NOW),
      now() {
        asked();
        return new Date(time);
      },
    };
    const pages = poll({}, { context });
    const stream = await listenTo(pages);
    const arrived = new Promise<void>((resolve) => {
      let count = 0;
      asked = () => void (++count === 150 && resolve());
    });
    const posts = Array.from({ length: 150 }, (_, at) => aPost(NOW, { id: String(at + 1) }));
    stream.write(posts.map(line).join(""));
    await arrived;
    time += 3_600_000;
    const read = await readUntil(pages, ({ items }) => items.length === 50);
    const heard = read.map(({ items, cursor }) => [items.length, cursor?.listings[key]?.since]);
    expect(heard).toEqual([
      [100, idOfTime(Date.parse("2026-03-02T09:58:00.000Z"))],
      [50, idOfTime(Date.parse("2026-03-02T10:58:00.000Z"))],
    ]);
    await pages.return?.();
  });

  async function listenTo(pages: AsyncIterator<Page<Cursor>>) {
    await readUntil(pages, ({ cursor }) => cursor !== undefined);
    return x.listened();
  }

  it("ends when X ends the stream in an orderly way", async () => {
    const pages = poll();
    const stream = await listenTo(pages);
    stream.end(line(aPost(NOW)));
    expect(idsOf(await rest(pages))).toHaveLength(1);
  });

  it.each([
    ["breaks", (stream: ServerResponse) => stream.destroy(), /connection closed/],
    [
      "is ended by X with a reason",
      (stream: ServerResponse) =>
        stream.end(
          `${JSON.stringify({ errors: [{ title: "operational-disconnect", disconnect_type: "UpstreamOperationalDisconnect", detail: "This stream has been disconnected upstream for operational reasons." }] })}\r\n`,
        ),
      /operational reasons/,
    ],
    [
      "ends in the middle of a line",
      (stream: ServerResponse) => stream.write('{"data": {"id": "1\r\n'),
      /could not be read/,
    ],
  ])("gives what it has read when the stream %s, and is connected again later", async (_, end, message) => {
    const pages = poll();
    const stream = await listenTo(pages);
    stream.write(line(aPost(NOW)), () => end(stream));
    const read: Page<Cursor>[] = [];
    const error = await errorOf(
      (async () => {
        for (;;) {
          const { value, done } = (await pages.next()) as { value: Page<Cursor>; done?: boolean };
          if (done === true) return;
          read.push(value);
        }
      })(),
    );
    expect(error).toMatchObject({ code: "source_unavailable" });
    expect(error.message).toMatch(message);
    expect(idsOf(read)).toHaveLength(1);
  });

  it("gives the stream up when too much waits to be stored, rather than hold it all", async () => {
    const pages = poll();
    const stream = await listenTo(pages);
    const closed = once(stream, "close");
    for (let count = 0; count < 11_000; count++) stream.write(line(aPost(NOW, { id: String(count + 1) })));
    await closed;
    const error = await errorOf(rest(pages));
    expect(error).toMatchObject({ code: "source_unavailable" });
    expect(error.message).toMatch(/waited to be stored/);
  });

  it("charges what the stream brings, reads all that was billed, and stops when the budget is spent", async () => {
    const budget = openBudget("x", { usdPerDay: 0.1 }, [], aContext(NOW));
    const pages = poll({ usdPerPost: 0.01, usdPerUser: 0 }, { budget });
    const stream = await listenTo(pages);
    stream.write(Array.from({ length: 12 }, (_, at) => line(aPost(NOW, { id: String(at + 1) }))).join(""));
    const read: Page<Cursor>[] = [];
    const error = await errorOf(
      (async () => {
        for (;;) {
          const { value, done } = (await pages.next()) as { value: Page<Cursor>; done?: boolean };
          if (done === true) return;
          read.push(value);
        }
      })(),
    );
    expect(error).toMatchObject({ code: "budget_spent" });
    expect(idsOf(read)).toHaveLength(12);
    expect(budget.takeSpent()).toMatchObject({ items: 12, usd: expect.closeTo(0.12, 9) as number });
  });

  it("is not stopped by a payload that is no post", async () => {
    const pages = poll();
    const stream = await listenTo(pages);
    stream.end(`{"matching_rules":[]}\r\n${line(aPost(NOW))}`);
    const items = (await rest(pages)).flatMap((page) => page.items);
    expect(items).toHaveLength(2);
    expect(() => asMention(items[0])).toThrow(expect.objectContaining({ code: "record_invalid" }) as Error);
  });

  it("forgets how far it heard what nobody looks for any more, so that it is not taken for heard later", async () => {
    const since = idOfTime(Date.parse("2026-03-02T08:00:00.000Z"));
    const pages = poll({}, { cursor: { listings: { [key]: { since }, "of another search": { since } } } });
    const read = await readUntil(pages, ({ cursor }) => cursor !== undefined);
    expect(Object.keys(read.at(-1)?.cursor?.listings ?? {})).toEqual([key]);
    await pages.return?.();
  });

  it("comes back within a minute when X still counts the connection before", async () => {
    x.refusal = { title: "ConnectionException", type: "https://api.x.com/2/problems/streaming-connection" };
    expect(await errorOf(rest(poll()))).toMatchObject({ code: "source_rate_limited", retryAfterMs: 60_000 });
  });

  describe("setting its rules", () => {
    it("adds what is missing, takes away its own old ones, and leaves those of others", async () => {
      x.rules = [
        { id: "1", value: "acme old", tag: "earshot" },
        { id: "2", value: "zenith", tag: "somebody else" },
        { id: "3", value: "acme refund", tag: "earshot" },
      ];
      const query = parseQuery("(acme refund) OR acme OR acme refund");
      const pages = poll(
        { queries: [] },
        {
          queries: [
            { tracker: "acme", query: parseQuery("acme refund") },
            { tracker: "all", query },
          ],
        },
      );
      await listenTo(pages);
      expect(x.rulesAsked).toEqual([
        { delete: { ids: ["1"] } },
        { add: [{ value: "(acme refund) OR acme OR (acme refund)", tag: "earshot" }] },
      ]);
      await pages.return?.();
    });

    it("says which rule X does not take", async () => {
      x.rules = [];
      x.ruleErrors = [
        {
          title: "UnprocessableEntity",
          value: "acme",
          details: ["Rule is ambiguous"],
          type: "invalid-rules",
        },
      ];
      const error = await errorOf(rest(poll()));
      expect(error).toMatchObject({ code: "source_changed" });
      expect(error.message).toContain("acme (UnprocessableEntity: Rule is ambiguous)");
    });

    it("says so when there is nothing to look for", async () => {
      expect(await errorOf(rest(poll({ queries: [] })))).toMatchObject({ code: "config_invalid" });
    });
  });
});

function asMention(item: unknown): MentionFields {
  const parsed = xStreamIngestor.parse(item, NOW);
  if (parsed.type !== "upsert") throw new Error(`it is a ${parsed.type}`);
  return parsed.mention;
}
