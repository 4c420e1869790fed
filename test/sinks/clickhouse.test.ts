import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openClickHouse } from "../../sinks/clickhouse.ts";
import { mentionRows } from "../../schemas/rows.ts";
import { migrate } from "../../sinks/migrate.ts";
import { storeContract } from "../contracts/store.ts";
import { aContext } from "../support/builders.ts";
import { DDL_DIRECTORY, openTestStore } from "../support/embedded-store.ts";

storeContract("embedded", openTestStore);

const serverUrl = process.env["CLICKHOUSE_URL"];
if (serverUrl === undefined) {
  console.warn(
    "SKIPPED: the store contract on a ClickHouse server; name one with CLICKHOUSE_URL=http://user:password@host:8123",
  );
} else {
  storeContract("server", async () => {
    const { username, password, origin } = new URL(serverUrl);
    const database = `earshot_test_${process.pid}`;
    const endpoint = { url: origin, user: username || "default", password };
    const admin = await openClickHouse(
      { locate: async () => ({ ...endpoint, database: "default" }) },
      aContext(),
    );
    await admin.command(`CREATE DATABASE ${database}`);
    const store = await openClickHouse({ locate: async () => ({ ...endpoint, database }) }, aContext());
    await migrate(store, { directory: DDL_DIRECTORY }, aContext());
    return {
      store,
      async close() {
        await store.close();
        await admin.command(`DROP DATABASE ${database}`);
        await admin.close();
      },
    };
  });
}

describe("ClickHouse client", () => {
  const closers: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closers) await close();
  });

  async function anUnhelpfulServer(status: number, exceptionCode: string, body: string): Promise<string> {
    const server = createServer((_request, response) => {
      response
        .writeHead(status, exceptionCode === "" ? {} : { "X-ClickHouse-Exception-Code": exceptionCode })
        .end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function codeFrom(url: string): Promise<unknown> {
    const locate = async () => ({ url, user: "u", password: "p", database: "default" });
    const store = await openClickHouse({ locate }, aContext());
    closers.push(() => store.close());
    return store.query({ sql: "SELECT 1", params: {} }, z.object({})).catch((error: unknown) => error);
  }

  it("calls an overloaded server unavailable, so that the batch waits", async () => {
    const url = await anUnhelpfulServer(
      500,
      "252",
      "Code: 252. DB::Exception: Too many parts. (TOO_MANY_PARTS)",
    );
    expect(await codeFrom(url)).toMatchObject({ code: "sink_unavailable" });
  });

  it.each([
    [503, "", "<html>upstream is away</html>"],
    [500, "243", "Code: 243. DB::Exception: Cannot reserve 1 MiB. (NOT_ENOUGH_SPACE)"],
    [500, "164", "Code: 164. DB::Exception: readonly. (READONLY)"],
  ])("lets a write wait when the store answers %i %s, and blames no row", async (status, code, body) => {
    const url = await anUnhelpfulServer(status, code, body);
    const locate = async () => ({ url, user: "u", password: "p", database: "default" });
    const store = await openClickHouse({ locate }, aContext());
    closers.push(() => store.close());
    const sink = store.table({ table: "t", columns: ["a"], toRow: (a: number) => [a] });
    await expect(sink.write([1], new AbortController().signal)).rejects.toMatchObject({
      code: "sink_unavailable",
    });
  });

  it("calls a refused password a config fault", async () => {
    const url = await anUnhelpfulServer(
      403,
      "516",
      "Code: 516. DB::Exception: u: Authentication failed. (AUTHENTICATION_FAILED)",
    );
    expect(await codeFrom(url)).toMatchObject({ code: "config_invalid" });
  });

  it("calls a closed port unavailable", async () => {
    expect(await codeFrom("http://127.0.0.1:1")).toMatchObject({ code: "sink_unavailable" });
  });

  it("asks for the address again after the connection is lost", async () => {
    const healthy = await anUnhelpfulServer(200, "", `{"n":1}\n`);
    const addresses = ["http://127.0.0.1:1", "http://127.0.0.1:1", healthy];
    const locate = async () => ({
      url: addresses.shift() ?? healthy,
      user: "u",
      password: "p",
      database: "default",
    });
    const store = await openClickHouse({ locate }, aContext());
    closers.push(() => store.close());
    const ask = () => store.query({ sql: "SELECT 1 AS n", params: {} }, z.object({ n: z.number() }));
    await expect(ask()).rejects.toMatchObject({ code: "sink_unavailable" });
    expect(await ask()).toEqual([{ n: 1 }]);
  });
});

describe("a store that is away", () => {
  it("says so through every check", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const store = await openClickHouse(
      {
        locate: async () => ({
          url: `http://127.0.0.1:${port}`,
          user: "u",
          password: "",
          database: "default",
        }),
      },
      aContext(),
    );
    await expect(store.check()).rejects.toMatchObject({ code: "sink_unavailable" });
    await expect(store.table(mentionRows).check()).rejects.toMatchObject({ code: "sink_unavailable" });
    await store.close();
  });
});
