import { createClient, TupleParam, type ClickHouseClient } from "@clickhouse/client";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attachEmbedded, type EmbeddedAttachment } from "../../sinks/embedded-clickhouse/attach.ts";
import { loadCredentials } from "../../sinks/embedded-clickhouse/credentials.ts";
import { createLeases } from "../../sinks/embedded-clickhouse/leases.ts";
import { openEmbeddedServer, type EmbeddedServer } from "../../sinks/embedded-clickhouse/server.ts";
import { readShape } from "../../sinks/embedded-clickhouse/sql-text.ts";
import { aContext } from "../support/builders.ts";

const WRITER = { name: "writer", password: "w-secret", access: "write" } as const;
const READER = { name: "reader", password: "r-secret", access: "read" } as const;

const hexOf = (text: string): string => Buffer.from(text).toString("hex");

/** Resolves when `probe` gives something other than undefined. */
async function eventually<T>(probe: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    await delay(25);
  }
}

describe("the embedded store over HTTP", () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let writer: ClickHouseClient;
  let reader: ClickHouseClient;

  const clientOf = (user: { name: string; password: string }, options: object = {}): ClickHouseClient =>
    createClient({
      url: server.url,
      username: user.name,
      password: user.password,
      log: { level: 127 },
      ...options,
    });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "earshot-embedded-"));
    server = await openEmbeddedServer(
      {
        dataDir,
        port: 0,
        users: [WRITER, READER],
        limits: {
          maxBodyBytes: 8_000_000,
          memoryBodyBytes: 500_000,
          concurrentReads: 2,
          concurrentWrites: 2,
          read: { maxExecutionSeconds: 20, maxResultRows: 1_000_000 },
        },
      },
      aContext(),
    );
    writer = clientOf(WRITER);
    reader = clientOf(READER);
    await writer.command({
      query: "CREATE TABLE notes (id UInt32, body String, tags Array(String)) ENGINE MergeTree ORDER BY id",
    });
  });

  afterAll(async () => {
    await writer.close();
    await reader.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const post = (
    user: { name: string; password: string },
    search: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`${server.url}/${search}`, {
      method: "POST",
      headers: { "X-ClickHouse-User": user.name, "X-ClickHouse-Key": user.password, ...headers },
      ...(body === undefined ? {} : { body }),
    });

  async function rowsOf<T>(client: ClickHouseClient, query: string, options: object = {}): Promise<T[]> {
    const result = await client.query({ query, format: "JSONEachRow", ...options });
    return result.json<T>();
  }

  async function scalar(query: string): Promise<string> {
    return (await (await post(WRITER, "", query)).text()).trim();
  }

  async function refusal(user: typeof READER | typeof WRITER, sql: string, search = ""): Promise<string> {
    const response = await post(user, search, sql);
    await response.text();
    return `${response.status} ${response.headers.get("X-ClickHouse-Exception-Code")}`;
  }

  const running = (part: string): Promise<string> =>
    scalar(
      `SELECT count() FROM system.processes WHERE query LIKE '%${part}%' AND query NOT LIKE '%system.processes%'`,
    );

  describe("as ClickHouse's HTTP interface", () => {
    it("answers /ping and / without asking who is there", async () => {
      for (const path of ["/ping", "/"]) {
        const answer = await fetch(server.url + path);
        expect([answer.status, await answer.text()]).toEqual([200, "Ok.\n"]);
        expect((await fetch(server.url + path, { method: "HEAD" })).status).toBe(200);
      }
    });

    it("takes the statement from the URL, from the body, or from both", async () => {
      const url = await fetch(
        `${server.url}/?query=SELECT+1&user=${WRITER.name}&password=${WRITER.password}`,
      );
      expect(await url.text()).toBe("1\n");
      expect(await (await post(WRITER, "", "SELECT 2")).text()).toBe("2\n");
      expect(await (await post(WRITER, "?query=SELECT+3", "+ 4")).text()).toBe("7\n");
    });

    it("takes the rows of an INSERT from the body, with the statement in the URL or in front of them", async () => {
      await post(WRITER, "", "CREATE TABLE rows_in (a UInt32, b String) ENGINE MergeTree ORDER BY a");
      await post(
        WRITER,
        "?query=INSERT+INTO+rows_in+FORMAT+JSONEachRow",
        '{"a":1,"b":"x;y"}\n{"a":2,"b":"z"}',
      );
      await post(WRITER, "", 'INSERT INTO rows_in FORMAT CSV\n3,"quo;ted"\n4,plain\n');
      await post(WRITER, "?query=INSERT+INTO+rows_in+VALUES", "(5, 'it''s'), (6, 'six')");
      await post(WRITER, "", "INSERT INTO rows_in (b, a) VALUES ('seven', 7)");
      const typed = Buffer.concat([
        Buffer.from("INSERT INTO rows_in FORMAT RowBinary\n"),
        Buffer.from([10, 0, 0, 0, 1, 59]),
      ]);
      await post(WRITER, "", typed);
      await post(WRITER, "?query=INSERT+INTO+rows_in(a,b)", "8\teight\n", { "X-ClickHouse-Format": "TSV" });
      expect(await scalar("SELECT groupArray((a, b)) FROM (SELECT * FROM rows_in ORDER BY a)")).toBe(
        "[(1,'x;y'),(2,'z'),(3,'quo;ted'),(4,'plain'),(5,'it\\'s'),(6,'six'),(7,'seven'),(8,'eight'),(10,';')]",
      );
    });

    it.each(["Native", "Parquet", "RowBinaryWithNamesAndTypes", "ArrowStream", "TSVWithNames", "CSV"])(
      "gives back in %s what it takes in it",
      async (format) => {
        const table = `round_${format.toLowerCase()}`;
        await post(WRITER, "", `CREATE TABLE ${table} (a UInt64, s String) ENGINE MergeTree ORDER BY a`);
        const out = await post(
          WRITER,
          "",
          `SELECT number AS a, concat('\t"', toString(number)) AS s FROM numbers(70000) FORMAT ${format}`,
        );
        const rows = Buffer.from(await out.arrayBuffer());
        const answer = await post(WRITER, `?query=INSERT+INTO+${table}+FORMAT+${format}`, rows);
        expect(JSON.parse(answer.headers.get("X-ClickHouse-Summary") ?? "{}")).toMatchObject({
          written_rows: "70000",
        });
        expect(
          await scalar(`SELECT count(), sum(a), countIf(s != concat('\t"', toString(a))) FROM ${table}`),
        ).toBe("70000\t2449965000\t0");
      },
    );

    it("takes an INSERT of no rows for granted", async () => {
      expect((await post(WRITER, "?query=INSERT+INTO+notes+FORMAT+JSONEachRow", "")).status).toBe(200);
    });

    it("never runs rows as SQL", async () => {
      await post(WRITER, "", "CREATE TABLE kept (a UInt32, b String) ENGINE MergeTree ORDER BY a");
      await post(WRITER, "?query=INSERT+INTO+kept+VALUES", "(1,'x'); DROP TABLE kept");
      await post(WRITER, "?query=INSERT+INTO+kept+FORMAT+CSV", "1,x\n;\nDROP TABLE kept");
      await post(WRITER, "?query=INSERT+INTO+kept+FORMAT+JSONEachRow", '{"a":1};DROP TABLE kept;');
      await post(WRITER, "?query=INSERT+INTO+kept&default_format=Values", "(1,'x'); DROP TABLE kept");
      await post(WRITER, "?query=INSERT+INTO+kept+FORMAT+JSONEachRow", '{"a":1}\n\nDROP TABLE kept');
      await post(WRITER, "", 'INSERT INTO kept FORMAT CSV\n1,"x\n\nDROP TABLE kept; --"\n');
      expect(await scalar("EXISTS TABLE kept")).toBe("1");
    });

    it("takes rows with blank lines in and between them", async () => {
      await post(WRITER, "", "CREATE TABLE gaps (a UInt64, b String) ENGINE MergeTree ORDER BY a");
      await post(WRITER, "?query=INSERT+INTO+gaps+FORMAT+CSV", '1,"x\n\ny"\n2,z\n');
      await post(WRITER, "?query=INSERT+INTO+gaps+FORMAT+JSONEachRow", '\n\n{"a":3}\n\n{"a":4}\n\n');
      expect(await scalar("SELECT groupArray((a, b)) FROM (SELECT * FROM gaps ORDER BY a)")).toBe(
        "[(1,'x\\n\\ny'),(2,'z'),(3,''),(4,'')]",
      );
      // 0x0a0a is a number, too
      for (const format of ["Native", "RowBinary"]) {
        const rows = await post(
          WRITER,
          "",
          `SELECT number AS a, 'x' AS b FROM numbers(2600) FORMAT ${format}`,
        );
        await post(WRITER, `?query=INSERT+INTO+gaps+FORMAT+${format}`, Buffer.from(await rows.arrayBuffer()));
      }
      expect(await scalar("SELECT count() FROM gaps")).toBe("5204");
      expect(await readdir(join(dataDir, "clickhouse", "spool"))).toEqual([]);
    });

    it("refuses rows through input(), which the engine would lose", async () => {
      const sql = "INSERT INTO notes (id) SELECT x FROM input('x UInt32') FORMAT CSV";
      expect((await post(WRITER, `?query=${encodeURIComponent(sql)}`, "1\n")).status).toBe(501);
    });

    it("changes nothing by GET", async () => {
      const get = (sql: string): Promise<Response> =>
        fetch(`${server.url}/?query=${encodeURIComponent(sql)}`, {
          headers: { Authorization: `Basic ${btoa(`${WRITER.name}:${WRITER.password}`)}` },
        });
      expect((await get("DROP TABLE notes")).headers.get("X-ClickHouse-Exception-Code")).toBe("164");
      expect(
        (await get("INSERT INTO notes (id) VALUES (1)")).headers.get("X-ClickHouse-Exception-Code"),
      ).toBe("164");
      expect(await (await get("SELECT 1")).text()).toBe("1\n");
    });

    it("names the query, the format, the time zone and what was done in its headers", async () => {
      const answer = await post(
        WRITER,
        "?query_id=my-id&default_format=JSONCompact",
        "SELECT sum(number) FROM numbers(1000)",
      );
      const summary = JSON.parse(answer.headers.get("X-ClickHouse-Summary") ?? "{}") as Record<
        string,
        unknown
      >;
      expect(answer.headers.get("X-ClickHouse-Query-Id")).toBe("my-id");
      expect(answer.headers.get("X-ClickHouse-Format")).toBe("JSONCompact");
      expect(answer.headers.get("X-ClickHouse-Timezone")).not.toBeNull();
      expect(answer.headers.get("X-ClickHouse-Server-Display-Name")).not.toBeNull();
      expect(answer.headers.get("Content-Type")).toContain("application/json");
      expect(summary["result_rows"]).toBe("1");
      expect(Object.values(summary).every((value) => typeof value === "string")).toBe(true);
      const other = await post(WRITER, "", "SELECT 1", { "X-ClickHouse-Format": "CSVWithNames" });
      expect(other.headers.get("X-ClickHouse-Query-Id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(await other.text()).toBe('"1"\n1\n');
      expect(await (await post(WRITER, "?default_format=JSON", "SELECT 1 AS x FORMAT CSV")).text()).toBe(
        "1\n",
      );
    });

    it("allows no other origin", async () => {
      const answer = await post(WRITER, "?add_http_cors_header=1", "SELECT 1", {
        Origin: "https://elsewhere.example",
      });
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
    });

    it.each([
      ["SELECT * FROM nowhere", 404, "60", "UNKNOWN_TABLE"],
      ["SELECT * FROM nowhere.nothing", 404, "81", "UNKNOWN_DATABASE"],
      ["SELECT nothing", 404, "47", "UNKNOWN_IDENTIFIER"],
      ["SELEC 1", 400, "62", "SYNTAX_ERROR"],
      ["SELECT toInt32('x')", 400, "6", "CANNOT_PARSE_TEXT"],
      ["SELECT 1 FORMAT Nonsense", 404, "73", "UNKNOWN_FORMAT"],
      ["SELECT {missing:String}", 500, "456", "UNKNOWN_QUERY_PARAMETER"],
      ["SELECT 1; SELECT 2", 400, "62", "SYNTAX_ERROR"],
      ["SELECT 1 INTO OUTFILE '/tmp/x'", 500, "243", "INTO_OUTFILE_NOT_ALLOWED"],
      ["", 400, "62", "SYNTAX_ERROR"],
    ])("answers %j with status %i and code %s", async (sql, status, code, name) => {
      const answer = await post(WRITER, "", sql);
      expect([answer.status, answer.headers.get("X-ClickHouse-Exception-Code")]).toEqual([status, code]);
      expect(await answer.text()).toMatch(
        new RegExp(`^Code: ${code}\\. DB::Exception: [^]*\\(${name}\\)\\n$`),
      );
    });

    it("answers 404 elsewhere and 405 to other methods", async () => {
      expect((await fetch(`${server.url}/elsewhere`)).status).toBe(404);
      expect((await fetch(`${server.url}/?query=SELECT+1`, { method: "DELETE" })).status).toBe(405);
    });

    it("refuses a Host that is not loopback", async () => {
      const sent = httpRequest(`${server.url}/ping`, { headers: { Host: "rebound.example" } }).end();
      const [response] = (await once(sent, "response")) as [{ statusCode: number; resume(): void }];
      response.resume();
      expect(response.statusCode).toBe(403);
    });

    it("knows users by header, by Basic and by URL, and nobody else", async () => {
      const basic = (user: string, password: string): Promise<Response> =>
        fetch(`${server.url}/?query=SELECT+1`, {
          headers: { Authorization: `Basic ${btoa(`${user}:${password}`)}` },
        });
      expect((await basic(WRITER.name, WRITER.password)).status).toBe(200);
      for (const [user, password] of [
        [WRITER.name, "wrong"],
        [WRITER.name, ""],
        ["nobody", WRITER.password],
        [WRITER.name, READER.password],
      ] as const) {
        const answer = await basic(user, password);
        expect([answer.status, answer.headers.get("X-ClickHouse-Exception-Code")]).toEqual([403, "516"]);
      }
      expect((await fetch(`${server.url}/?query=SELECT+1`)).status).toBe(403);
    });

    it.each([
      ["gzip", gzipSync],
      ["deflate", deflateSync],
      ["br", brotliCompressSync],
    ] as const)("undoes %s in requests and uses it in answers when asked to", async (encoding, compress) => {
      const answer = await post(
        WRITER,
        "?enable_http_compression=1",
        compress("SELECT number FROM numbers(100000)"),
        {
          "Content-Encoding": encoding,
          "Accept-Encoding": encoding,
        },
      );
      expect(answer.headers.get("Content-Encoding")).toBe(encoding);
      expect((await answer.text()).split("\n")).toHaveLength(100_001);
      const plain = await post(WRITER, "", "SELECT 1", { "Accept-Encoding": encoding });
      expect(plain.headers.get("Content-Encoding")).toBeNull();
    });

    it("undoes zstd through the engine", async () => {
      const packed = join(dataDir, "packed.zst");
      const plain = "INSERT INTO notes (id, body) FORMAT JSONEachRow\n" + '{"id":900,"body":"zstd"}\n';
      await post(
        WRITER,
        "",
        `INSERT INTO FUNCTION file('${packed}', 'RawBLOB', 'b String', 'zstd') SELECT '${plain}'`,
      );
      const answer = await post(WRITER, "", await readFile(packed), { "Content-Encoding": "zstd" });
      expect(answer.status).toBe(200);
      expect(await scalar("SELECT body FROM notes WHERE id = 900")).toBe("zstd");
    });

    it("says so to clients that can only read what it cannot write", async () => {
      expect(await refusal(WRITER, "SELECT 1", "?compress=1")).toBe("501 48");
      expect(await refusal(WRITER, "SELECT 1", "?decompress=1")).toBe("501 48");
    });

    it("refuses a body that is not what its Content-Encoding says, and an encoding it does not know", async () => {
      expect((await post(WRITER, "", "SELECT 1", { "Content-Encoding": "gzip" })).status).toBe(500);
      expect((await post(WRITER, "", "SELECT 1", { "Content-Encoding": "compress" })).status).toBe(415);
    });

    it("keeps large bodies in a file, refuses larger ones, and leaves nothing behind", async () => {
      const line = `${JSON.stringify({ id: 1, body: "b".repeat(1_000) })}\n`;
      await post(WRITER, "", "CREATE TABLE bulky (id UInt32, body String) ENGINE MergeTree ORDER BY id");
      const url = "?query=INSERT+INTO+bulky+SETTINGS+max_insert_threads=1+FORMAT+JSONEachRow";
      expect((await post(WRITER, url, line.repeat(2_000))).status).toBe(200);
      expect(
        (
          await post(WRITER, "", gzipSync(`INSERT INTO bulky FORMAT JSONEachRow\n${line.repeat(2_000)}`), {
            "Content-Encoding": "gzip",
          })
        ).status,
      ).toBe(200);
      expect(
        await (await post(WRITER, url, gzipSync(line.repeat(9_000)), { "Content-Encoding": "gzip" })).text(),
      ).toContain("TOO_MANY_BYTES");
      expect(await scalar("SELECT count(), sum(length(body)) FROM bulky")).toBe("4000\t4000000");
      expect(await readdir(join(dataDir, "clickhouse", "spool"))).toEqual([]);
    });
  });

  describe("for clickhouse-go, which asks for Native of a protocol revision", () => {
    const asked = "?default_format=Native&client_protocol_version=54460";
    const info = "010002ffffffff00";

    async function bytesOf(sql: string): Promise<string> {
      const answer = await post(READER, asked, sql);
      expect(answer.status).toBe(200);
      return Buffer.from(await answer.arrayBuffer()).toString("hex");
    }

    it("puts block info before each block and a flag behind each type", async () => {
      // 1 column, 1 row, its name, its type, the flag, the value
      expect(await bytesOf("SELECT 7 AS x")).toBe(`${info}0101017805${hexOf("UInt8")}0007`);
      expect(await bytesOf("EXISTS TABLE nowhere")).toBe(
        `${info}010106${hexOf("result")}05${hexOf("UInt8")}0000`,
      );
      expect(await bytesOf("SELECT 7 AS x WHERE 0")).toBe("");
      const many = await bytesOf("SELECT number FROM numbers(200000)");
      expect(many.split(`${info}01`).length).toBeGreaterThan(3);
    });

    it("walks every type the engine writes to the end of its column", async () => {
      const columns = [
        "toInt128(-1)",
        "toUInt256(1)",
        "toFloat32(1)",
        "toBFloat16(1)",
        "true",
        "toDate('2026-01-02')",
        "toDate32('2026-01-02')",
        "toDateTime('2026-01-02 03:04:05', 'Asia/Tokyo')",
        "toDateTime64('2026-01-02 03:04:05', 3, 'UTC')",
        "toDecimal32(1, 2)",
        "toDecimal64(1, 2)",
        "toDecimal128(1, 2)",
        "toDecimal256(1, 2)",
        "CAST('b', 'Enum8(\\'a)(,\\\\\\'\\' = 1, \\'b\\' = 2)')",
        "CAST('b', 'Enum16(\\'b\\' = 300)')",
        "generateUUIDv4()",
        "toIPv4('1.2.3.4')",
        "toIPv6('::1')",
        "toFixedString('abc', 5)",
        "repeat('long', 1000)",
        "NULL",
        "[]",
        "map()",
        "tuple()",
        "[NULL, 'x']",
        "[[1], [], [2, 3]]",
        "toLowCardinality(toNullable('v'))",
        "[toLowCardinality('x'), toLowCardinality('y')]",
        "CAST([], 'Array(LowCardinality(String))')",
        "map(toLowCardinality('k'), [toLowCardinality('v')])",
        "CAST((1, 'x', [('y', 2)]), 'Tuple(a UInt8, `b, \\\\`(c` String, d Nested(e LowCardinality(String), f UInt16))')",
        "CAST([[[(1., 2.)]]], 'MultiPolygon')",
        "CAST([(1., 2.)], 'LineString')",
        "INTERVAL 1 DAY",
        "CAST(1, 'SimpleAggregateFunction(sum, UInt64)')",
        "CAST('12:34:56', 'Time')",
        "CAST('12:34:56', 'Time64(3)')",
      ];
      const end = `03${hexOf("end")}05${hexOf("UInt8")}00`;
      for (const column of columns) {
        const bytes = await bytesOf(`SELECT ${column} AS c, 9 AS end FROM numbers(3)`);
        expect([column, bytes.startsWith(info), bytes.endsWith(`${end}090909`)]).toEqual([
          column,
          true,
          true,
        ]);
      }
      const all = columns.map((column, index) => `${column} AS c${index}`).join(", ");
      expect(await bytesOf(`SELECT ${all}, 9 AS end`)).toMatch(new RegExp(`${end}09$`));
    });

    it("says which column it cannot send, and what to do", async () => {
      for (const column of ["'{}'::JSON", "1::Dynamic", "1::Variant(UInt8, String)", "sumState(1)"]) {
        const answer = await post(WRITER, asked, `SELECT 1 AS fine, ${column} AS odd`);
        expect(answer.status).toBe(501);
        expect(await answer.text()).toContain("cannot send the column 'odd' of type");
      }
    });

    it("takes a reader's own deadline for a wish", async () => {
      const answer = await post(READER, "?max_execution_time=65", "SELECT getSetting('max_execution_time')");
      expect(await answer.text()).toBe("20\n");
    });
  });

  describe("for @clickhouse/client", () => {
    it.each([
      ["plain", {}],
      ["compressed", { compression: { request: true, response: true } }],
    ])("inserts and reads, %s", async (name, options) => {
      const client = clientOf(WRITER, options);
      const id = name === "plain" ? 100 : 200;
      expect(await client.ping()).toEqual({ success: true });
      expect(await client.ping({ select: true })).toEqual({ success: true });
      const body = `it's "${name}" \\ \n\t\0 é 😀`;
      await client.insert({
        table: "notes",
        values: [{ id, body, tags: ["a'b", "\\"] }],
        format: "JSONEachRow",
      });
      await client.insert({
        table: "notes",
        values: [[id + 1, body]],
        columns: ["id", "body"],
        format: "JSONCompactEachRow",
      });
      expect(await rowsOf(client, `SELECT * FROM notes WHERE id IN (${id}, ${id + 1}) ORDER BY id`)).toEqual([
        { id, body, tags: ["a'b", "\\"] },
        { id: id + 1, body, tags: [] },
      ]);
      await expect(client.query({ query: "SELECT * FROM nowhere" })).rejects.toMatchObject({
        code: "60",
        type: "UNKNOWN_TABLE",
      });
      await expect(
        client.insert({ table: "notes", values: [{ id: "x" }], format: "JSONEachRow" }),
      ).rejects.toMatchObject({
        code: "27",
      });
      await client.close();
    });

    it("binds parameters of every kind without reading them as SQL", async () => {
      const text = "it's \\ \"quoted\" \n\t\r\0 \\N é 😀 {x:String} '); DROP TABLE notes --";
      const [row] = await rowsOf(
        writer,
        `SELECT {text:String} AS text, {list:Array(String)} AS list, {none:Nullable(String)} AS none, {flag:Bool} AS flag,
           {map:Map(String, UInt8)} AS map, {at:DateTime64(3)} AS at, {pair:Tuple(UInt8, String)} AS pair,
           {column:Identifier} AS column, toString({big:UInt64}) AS big FROM (SELECT 7 AS seven)`,
        {
          query_params: {
            text,
            list: [text, "", "\\"],
            none: null,
            flag: true,
            map: { "k'": 1 },
            at: new Date("2026-01-02T03:04:05.678Z"),
            pair: new TupleParam([1, text]),
            column: "seven",
            big: 9007199254740993n,
          },
        },
      );
      expect(row).toEqual({
        text,
        list: [text, "", "\\"],
        none: null,
        flag: true,
        map: { "k'": 1 },
        at: "2026-01-02 03:04:05.678",
        pair: [1, text],
        column: 7,
        big: "9007199254740993",
      });
    });

    it("binds parameters too long for a URL", async () => {
      const list = Array.from({ length: 15_000 }, (_, index) => `value '${index}'\n`);
      const rows = await rowsOf(
        writer,
        "SELECT length({list:Array(String)}) AS n, {list:Array(String)}[-1] AS last",
        {
          query_params: { list },
          use_multipart_params: true,
        },
      );
      expect(rows).toEqual([{ n: 15_000, last: "value '14999'\n" }]);
    });

    it.each(["JSON", "JSONCompact", "JSONStrings", "JSONColumnsWithMetadata", "JSONObjectEachRow"] as const)(
      "gives %s as one document, however many blocks the result has",
      async (format) => {
        const result = await writer.query({ query: "SELECT number AS n FROM numbers(150000)", format });
        const found: unknown = await result.json();
        const rows = (found as { data?: unknown[]; rows?: number }).data ?? found;
        expect(Array.isArray(rows) ? rows.length : Object.keys(rows as object).length).toBeOneOf([
          150_000, 1,
        ]);
      },
    );

    it.each([
      ["CSVWithNames", 1],
      ["TabSeparatedWithNamesAndTypes", 2],
      ["JSONCompactEachRowWithNamesAndTypes", 2],
      ["JSONEachRow", 0],
      ["CSV", 0],
    ])("writes the head of %s once", async (format, heads) => {
      const text = await (
        await post(WRITER, "", `SELECT number FROM numbers(150000) FORMAT ${format}`)
      ).text();
      expect(text.trimEnd().split("\n")).toHaveLength(150_000 + heads);
    });

    it("frames totals and arrays of rows as one document", async () => {
      const totals = await post(
        WRITER,
        "",
        "SELECT number % 2 AS k, count() FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k FORMAT TSV",
      );
      expect(await totals.text()).toBe("0\t5\n1\t5\n\n0\t10\n");
      const array = await post(
        WRITER,
        "?output_format_json_array_of_rows=1",
        "SELECT number AS n FROM numbers(150000) FORMAT JSONEachRow",
      );
      expect(JSON.parse(await array.text())).toHaveLength(150_000);
    });

    it("tells of an error behind rows that are already sent", async () => {
      const sql = "SELECT throwIf(number = 300000, 'too far') AS x FROM numbers(500000)";
      await expect(rowsOf(writer, sql)).rejects.toMatchObject({ code: "395" });
      const raw = await post(WRITER, "", `${sql} FORMAT CSV`);
      expect(raw.status).toBe(200);
      await expect(raw.text()).rejects.toThrow();
      expect((await post(WRITER, "", `${sql} FORMAT JSON`)).status).toBe(500);
    });
  });

  describe("settings and sessions", () => {
    const threads = "SELECT getSetting('max_threads') AS n";

    it("keeps a request's settings to that request", async () => {
      const before = await rowsOf<{ n: number }>(writer, threads);
      expect(await rowsOf(writer, threads, { clickhouse_settings: { max_threads: 3 } })).toEqual([{ n: 3 }]);
      await writer.command({ query: "SET max_threads = 5" });
      expect(await rowsOf(writer, threads)).toEqual(before);
    });

    it("keeps a deduplication token to its INSERT", async () => {
      await writer.command({
        query:
          "CREATE TABLE once_only (a UInt32) ENGINE MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100",
      });
      const insert = (token: string | undefined): Promise<unknown> =>
        writer.insert({
          table: "once_only",
          values: [{ a: 1 }],
          format: "JSONEachRow",
          clickhouse_settings: token === undefined ? {} : { insert_deduplication_token: token },
        });
      for (const token of ["one", "one", "two"]) await insert(token);
      expect(await scalar("SELECT count() FROM once_only")).toBe("2");
    });

    it("selects the database of the URL or the header for one request", async () => {
      expect(await (await post(WRITER, "?database=system", "SELECT currentDatabase()")).text()).toBe(
        "system\n",
      );
      const header = await post(WRITER, "", "SELECT currentDatabase()", {
        "X-ClickHouse-Database": "system",
      });
      expect(await header.text()).toBe("system\n");
      expect(await scalar("SELECT currentDatabase()")).toBe("default");
      expect((await post(WRITER, "?database=nowhere", "SELECT 1")).status).toBe(404);
    });

    it("refuses a setting nobody knows", async () => {
      expect(await refusal(WRITER, "SELECT 1", "?no_such_setting=1")).toBe("404 115");
      expect(await refusal(WRITER, "SELECT 1", "?max_threads%60=1")).toBe("404 115");
    });

    it("keeps SET and temporary tables in a session, and a request's own settings out of it", async () => {
      const session = { session_id: "mine" };
      await writer.command({ query: "CREATE TEMPORARY TABLE scratch (a UInt8)", ...session });
      await writer.insert({ table: "scratch", values: [{ a: 9 }], format: "JSONEachRow", ...session });
      await writer.command({ query: "SET max_threads = 5", ...session });
      expect(await rowsOf(writer, "SELECT a FROM scratch", session)).toEqual([{ a: 9 }]);
      expect(await rowsOf(writer, threads, { ...session, clickhouse_settings: { max_threads: 3 } })).toEqual([
        { n: 3 },
      ]);
      expect(await rowsOf(writer, threads, session)).toEqual([{ n: 5 }]);
      await expect(rowsOf(writer, "SELECT a FROM scratch")).rejects.toMatchObject({ code: "60" });
      expect(await refusal(WRITER, "SELECT 1", "?session_id=unknown&session_check=1")).toBe("500 372");
      expect(await (await post(READER, "?session_id=theirs", "SELECT 1")).text()).toBe("1\n");
    });

    it("refuses a second query under the id of one that runs", async () => {
      const first = post(WRITER, "?query_id=twin", "SELECT sleep(1)");
      await eventually(async () => ((await running("sleep(1)")) === "0" ? undefined : true));
      expect(await refusal(WRITER, "SELECT 1", "?query_id=twin")).toBe("500 216");
      expect((await first).status).toBe(200);
    });
  });

  describe("the read user", () => {
    it("reads tables, and learns about them", async () => {
      for (const sql of [
        "SELECT count() FROM notes",
        "WITH 1 AS x SELECT x FORMAT JSON",
        "SHOW TABLES",
        "DESCRIBE notes",
        "SHOW CREATE TABLE notes",
        "EXISTS notes",
        "EXPLAIN SELECT 1",
        "SELECT 1 /* a comment; with */ -- INTO OUTFILE\n;",
        "SELECT 'file(''/etc/passwd'')' AS `my file`",
      ]) {
        expect([sql, (await post(READER, "", sql)).status]).toEqual([sql, 200]);
      }
      expect(await rowsOf(reader, "SELECT {x:Array(String)} AS x", { query_params: { x: ["a'b"] } })).toEqual(
        [{ x: ["a'b"] }],
      );
    });

    it.each([
      "INSERT INTO notes (id) VALUES (1)",
      'INSERT INTO notes (id) FORMAT JSONEachRow {"id":1}',
      "INSERT INTO FUNCTION file('/tmp/x', 'CSV') SELECT 1",
      "CREATE TABLE mine (a Int8) ENGINE Memory",
      "CREATE TEMPORARY TABLE mine (a Int8)",
      "ALTER TABLE notes DELETE WHERE 1",
      "DROP TABLE notes",
      "OPTIMIZE TABLE notes",
      "KILL QUERY WHERE 1",
      "SYSTEM SHUTDOWN",
      "SET readonly = 0",
      "SET ROLE NONE",
      "SELECT 1 INTO OUTFILE '/tmp/earshot-stolen'",
      "SELECT 1 SETTINGS readonly = 0",
      "SELECT 1 SETTINGS max_execution_time = 100000",
      "SELECT * FROM url('http://127.0.0.1:1/')",
      "SELECT * FROM s3('http://127.0.0.1:1/bucket/key.csv')",
      "SELECT * FROM remote('127.0.0.1', system.one)",
      "SELECT * FROM executable('x', 'TSV', 'a String')",
      "DESCRIBE TABLE url('http://127.0.0.1:1/x.csv', CSVWithNames)",
      "DESCRIBE url('file:///etc/passwd', CSVWithNames)",
      "DESCRIBE `url` ('http://127.0.0.1:1/x.csv')",
      "DESCRIBE (SELECT * FROM s3('http://127.0.0.1:1/bucket/key.csv'))",
      "DESCRIBE remote('127.0.0.1:1', system.one)",
      "DESCRIBE odbc('DSN=x', 'y')",
      "EXPLAIN SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
      "SELECT * FROM sqlite('/tmp/x', 't')",
      "SELECT * FROM deltaLakeLocal('/tmp')",
      "SELECT * FROM `/etc/passwd`",
      "BACKUP TABLE notes TO File('/tmp/x')",
    ])("may not: %s", async (sql) => {
      expect(await refusal(READER, sql)).toBe("500 164");
    });

    it.each([
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      "SELECT file('/etc/passwd')",
      "SELECT arrayMap(file, ['/etc/passwd'])",
      "SELECT * APPLY(file) FROM (SELECT '/etc/passwd')",
      "SELECT * APPLY file FROM (SELECT '/etc/passwd')",
      "SELECT `fi\\x6ce`('/etc/passwd')",
      "SELECT 'it\\'s' AS a, \"file\" /* ' */ ('/etc/passwd')",
      "SELECT $x$'$x$, file('/etc/passwd')",
      "EXPLAIN SELECT file('/etc/passwd')",
      "DESCRIBE TABLE file('/etc/passwd', 'LineAsString')",
      "SELECT * FROM eval('SELECT 1')",
      "SELECT aiGenerate('x', 'y')",
    ])("may not read the machine's files: %s", async (sql) => {
      expect(await refusal(READER, sql)).toBe("403 497");
    });

    it("may not name a function in a parameter", async () => {
      const sql = "SELECT arrayMap({f:Identifier}, ['/etc/passwd'])";
      expect(await refusal(READER, sql, "?param_f=file")).toBe("403 497");
      expect(await refusal(READER, sql, "?param_f=fi%5Cx6ce")).toBe("403 497");
    });

    it("may not run two statements, nor hide a format", async () => {
      expect(await refusal(READER, "SELECT 1; DROP TABLE notes")).toBe("400 62");
      expect(await refusal(READER, "SELECT 1", "?default_format=JSON+SETTINGS+readonly=0")).toBe("404 73");
      expect(await refusal(READER, "SELEC 1")).toBe("400 62");
    });

    it("may lower limits and shape the output, and change nothing else", async () => {
      for (const search of [
        "?max_execution_time=5",
        "?max_result_rows=10",
        "?output_format_json_quote_64bit_integers=0",
        "?readonly=1",
        "?log_comment=x",
      ]) {
        expect([search, (await post(READER, search, "SELECT 1")).status]).toEqual([search, 200]);
      }
      for (const search of [
        "?max_execution_time=0",
        "?max_memory_usage=900000000000",
        "?max_result_rows=99999999",
        "?readonly=0",
        "?format_template_row=/etc/passwd",
        "?format_schema=/etc/passwd",
        "?output_format_schema=/tmp/x",
        "?allow_experimental_eval_table_function=1",
        "?allow_introspection_functions=1",
      ]) {
        expect([search, await refusal(READER, "SELECT 1", search)]).toEqual([search, "500 164"]);
      }
    });

    it("is stopped at its limits of time, memory and rows", async () => {
      expect(await refusal(READER, "SELECT number FROM numbers(2000000) FORMAT Null")).toBe("500 396");
      expect(await refusal(READER, "SELECT length(groupArray(number)) FROM numbers(500000000)")).toBe(
        "500 241",
      );
      const slow = "SELECT sleepEachRow(0.5) FROM numbers(40) FORMAT JSON";
      expect(await refusal(READER, slow, "?max_execution_time=1&max_block_size=1")).toBe("408 159");
    });

    it("waits behind other readers and never holds up the writer", async () => {
      const stop = new AbortController();
      const slow = Array.from({ length: 6 }, () =>
        reader
          .query({
            query: "SELECT sum(sleepEachRow(0.1)) FROM numbers(150)",
            clickhouse_settings: { max_block_size: "1" },
            abort_signal: stop.signal,
          })
          .catch(() => undefined),
      );
      await eventually(async () => ((await running("sum(sleepEachRow")) === "2" ? true : undefined));
      await writer.insert({ table: "notes", values: [{ id: 500 }], format: "JSONEachRow" });
      expect(await running("sum(sleepEachRow")).toBe("2");
      stop.abort();
      await Promise.all(slow);
      await eventually(async () => ((await running("sum(sleepEachRow")) === "0" ? true : undefined));
    });
  });

  describe("results larger than memory should hold", () => {
    it("stops a stream when the client goes away", async () => {
      const result = await writer.exec({
        query: "SELECT number, repeat('x', 1000) AS endless FROM system.numbers FORMAT JSONEachRow",
      });
      for await (const chunk of result.stream) {
        expect((chunk as Buffer).length).toBeGreaterThan(0);
        break;
      }
      await eventually(async () => ((await running("endless")) === "0" ? true : undefined));
    });

    it("sends no faster than the client reads", async () => {
      const response = await post(
        WRITER,
        "",
        "SELECT number, repeat('y', 1000) AS patient FROM numbers(400000) FORMAT JSONEachRow",
      );
      const body = response.body?.getReader();
      await body?.read();
      const before = process.memoryUsage().rss;
      await delay(500);
      expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
      await body?.cancel();
      await eventually(async () => ((await running("patient")) === "0" ? true : undefined));
    });
  });
});

describe("closing the store", () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "earshot-closing-"));
  });

  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const openServer = (more: object = {}): Promise<EmbeddedServer> =>
    openEmbeddedServer({ dataDir, port: 0, users: [WRITER], ...more }, aContext());

  function ask(server: EmbeddedServer, sql: string): Promise<string> {
    const headers = { "X-ClickHouse-User": WRITER.name, "X-ClickHouse-Key": WRITER.password };
    return fetch(server.url, { method: "POST", body: sql, headers }).then((answer) => answer.text());
  }

  async function whenRunning(server: EmbeddedServer, part: string): Promise<void> {
    const sql = `SELECT count() FROM system.processes WHERE query LIKE '%${part}%' AND query NOT LIKE '%system.processes%'`;
    await eventually(async () => ((await ask(server, sql)) === "1\n" ? true : undefined));
  }

  it("lets running statements finish, takes no new ones, and keeps what was written", async () => {
    const server = await openServer();
    await ask(server, "CREATE TABLE kept (a UInt8) ENGINE MergeTree ORDER BY a");
    const slow = ask(server, "INSERT INTO kept SELECT 1 + sleep(1)");
    await whenRunning(server, "1 + sleep(1)");
    const closing = server.close();
    await expect(ask(server, "SELECT 1")).rejects.toThrow();
    expect(await slow).toBe("");
    await Promise.all([closing, server.close(), server.closed]);
    const again = await openServer();
    expect(await ask(again, "SELECT count() FROM kept")).toBe("1\n");
    await again.close();
  });

  it("kills what does not finish in time", async () => {
    const server = await openServer({ limits: { drainMs: 100 } });
    const endless = ask(server, "SELECT max(number) AS endless FROM system.numbers FORMAT JSON").catch(
      () => "cut",
    );
    await whenRunning(server, "AS endless");
    await server.close();
    expect(await endless).toBe("cut");
  });

  it("happens by itself when nobody has come, or everybody has gone", async () => {
    const unused = await openServer({ exitWhenUnleased: true, limits: { firstLeaseMs: 50 } });
    await unused.closed;
    const used = await openServer({
      exitWhenUnleased: true,
      limits: { firstLeaseMs: 5_000, lastLeaseMs: 50 },
    });
    const hold = new AbortController();
    await fetch(`${used.url}/earshot/lease?holder=me&user=${WRITER.name}&password=${WRITER.password}`, {
      signal: hold.signal,
    });
    hold.abort();
    await used.closed;
  });

  it("frees the directory when the port cannot be had", async () => {
    const stranger = createServer();
    await new Promise<void>((settle) => stranger.listen(0, "127.0.0.1", settle));
    const { port } = stranger.address() as AddressInfo;
    await expect(openServer({ port })).rejects.toMatchObject({ code: "sink_unavailable" });
    await new Promise((settle) => stranger.close(settle));
    const server = await openServer({ port });
    expect(await ask(server, "SELECT 1")).toBe("1\n");
    await server.close();
  });
});

describe("leases", () => {
  async function aLeaseServer(): Promise<{ url: string; counts: number[]; close(): Promise<void> }> {
    const counts: number[] = [];
    const leases = createLeases((open) => counts.push(open));
    const server = createServer((message, response) => {
      leases.grant(message, response, new URL(message.url ?? "/", "http://localhost").searchParams);
    });
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      counts,
      close: async () => {
        leases.close();
        await new Promise((settle) => server.close(settle));
      },
    };
  }

  it("last as long as their connection, and only one is exclusive", async () => {
    const server = await aLeaseServer();
    const hold = new AbortController();
    const first = await fetch(`${server.url}?holder=first&exclusive=scheduler`, { signal: hold.signal });
    expect(first.status).toBe(200);
    const second = await fetch(`${server.url}?holder=second&exclusive=scheduler`);
    expect([second.status, await second.json()]).toEqual([409, { exclusive: "scheduler", holder: "first" }]);
    const other = new AbortController();
    await fetch(`${server.url}?holder=third`, { signal: other.signal });
    expect(server.counts).toEqual([1, 2]);
    hold.abort();
    await eventually(async () => (server.counts.at(-1) === 1 ? true : undefined));
    const again = new AbortController();
    const fourth = await fetch(`${server.url}?holder=fourth&exclusive=scheduler`, { signal: again.signal });
    expect(fourth.status).toBe(200);
    again.abort();
    other.abort();
    await eventually(async () => (server.counts.at(-1) === 0 ? true : undefined));
    await server.close();
  });
});

describe("the shape of a statement", () => {
  it("finds the format and not what only looks like it", () => {
    expect(readShape("SELECT 1 FORMAT JSON").format?.name).toBe("JSON");
    expect(readShape("select 1 format JSON settings max_threads=1 ;").format?.name).toBe("JSON");
    expect(readShape("SELECT 1 AS format FROM t").format).toBeUndefined();
    expect(readShape("SELECT 'a FORMAT JSON'").format).toBeUndefined();
    expect(readShape("SELECT 1 -- FORMAT JSON").format).toBeUndefined();
    expect(readShape("SELECT 1 /* x */ FORMAT /* y */ CSV -- z\n").format?.name).toBe("CSV");
    expect(readShape("SELECT (SELECT 1 FORMAT Null)").format).toBeUndefined();
    expect(readShape("(SELECT 1) UNION ALL (SELECT 2) FORMAT TSV")).toMatchObject({
      verb: "SELECT",
      format: { name: "TSV" },
    });
  });

  it("finds where an INSERT's rows begin", () => {
    const head = "INSERT INTO format (a, `b;c`) SETTINGS x = 1 FORMAT JSONEachRow\n";
    expect(readShape(`${head}{"a": "FORMAT"}`).insert).toMatchObject({
      format: "JSONEachRow",
      dataStart: head.length,
      sourceAt: head.indexOf("SETTINGS"),
    });
    expect(readShape("INSERT INTO t VALUES (1)").insert?.format).toBe("Values");
    expect(readShape("INSERT INTO t (a, b)").insert?.format).toBeUndefined();
    expect(readShape("INSERT INTO t SELECT 1 FORMAT CSV").insert).toBeUndefined();
    expect(readShape("INSERT INTO t SELECT * FROM input('a Int8') FORMAT CSV").insert?.usesInput).toBe(true);
  });
});

describe("processes around one data directory", () => {
  const root = resolve(import.meta.dirname, "../..");
  const main = join(root, "dist", "program", "main.js");
  const attachments: EmbeddedAttachment[] = [];
  const folders: string[] = [];

  beforeAll(() => {
    if (!existsSync(main))
      throw new Error("dist/ is missing; run these tests through npm test, which builds first");
  });

  afterAll(async () => {
    for (const attachment of attachments) await attachment.detach();
    for (const attachment of attachments)
      await eventually(async () => (isAlive(attachment.pid) ? undefined : true));
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  async function aDataDir(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "earshot-attach-"));
    folders.push(folder);
    return folder;
  }

  const childCommand = (dataDir: string): string[] => [
    process.execPath,
    main,
    "clickhouse",
    "--child",
    "--data",
    dataDir,
  ];

  async function attach(dataDir: string, holder: string, more: object = {}): Promise<EmbeddedAttachment> {
    const attachment = await attachEmbedded(
      { dataDir, holder, command: childCommand(dataDir), env: process.env, ...more },
      aContext(),
    );
    attachments.push(attachment);
    return attachment;
  }

  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  async function ask(attachment: EmbeddedAttachment, sql: string): Promise<string> {
    const { user, password } = attachment.write;
    const answer = await fetch(attachment.url, {
      method: "POST",
      body: sql,
      headers: { "X-ClickHouse-User": user, "X-ClickHouse-Key": password },
    });
    return (await answer.text()).trim();
  }

  it("share one store when they start at the same moment, and it ends after the last has gone", async () => {
    const dataDir = await aDataDir();
    const [first, second, third] = await Promise.all([
      attach(dataDir, "first", { exclusive: "scheduler" }),
      attach(dataDir, "second"),
      attach(dataDir, "third"),
    ]);
    expect(new Set([first.pid, second.pid, third.pid]).size).toBe(1);
    await ask(first, "CREATE TABLE kept (a Int8) ENGINE MergeTree ORDER BY a");
    await ask(second, "INSERT INTO kept VALUES (1)");
    await expect(attach(dataDir, "fourth", { exclusive: "scheduler" })).rejects.toMatchObject({
      code: "config_invalid",
      message: `Earshot already runs on ${dataDir} (first); stop it first or use --data.`,
    });
    let isLost = false;
    third.onLost(() => (isLost = true));
    for (const attachment of [first, second, third]) await attachment.detach();
    await eventually(async () => (isAlive(first.pid) ? undefined : true));
    expect(isLost).toBe(false);
    const again = await attach(dataDir, "again");
    expect(again.pid).not.toBe(first.pid);
    expect(again.url).toBe(first.url);
    expect(await ask(again, "SELECT count() FROM kept")).toBe("1");
  });

  it("learn that the store was killed, and find what was acknowledged in the next", async () => {
    const dataDir = await aDataDir();
    const first = await attach(dataDir, "first");
    await ask(first, "CREATE TABLE kept (a Int8) ENGINE MergeTree ORDER BY a");
    await ask(first, "INSERT INTO kept VALUES (1), (2)");
    const spool = join(dataDir, "clickhouse", "spool");
    await writeFile(join(spool, "left-behind"), "x");
    const lost = new Promise<void>((settle) => first.onLost(settle));
    process.kill(first.pid, "SIGKILL");
    await lost;
    const second = await attach(dataDir, "second");
    expect(second.pid).not.toBe(first.pid);
    expect(await ask(second, "SELECT count() FROM kept")).toBe("2");
    expect(await readdir(spool)).toEqual([]);
  });

  it("free the exclusive lease at once when its holder is killed", async () => {
    const dataDir = await aDataDir();
    const keeper = await attach(dataDir, "keeper");
    const script = `
      import { attachEmbedded } from ${JSON.stringify(join(root, "dist", "sinks", "embedded-clickhouse", "attach.js"))};
      const quiet = () => {};
      await attachEmbedded({ dataDir: ${JSON.stringify(dataDir)}, holder: "other", exclusive: "scheduler", command: ["false"], env: {} },
        { now: () => new Date(), log: { debug: quiet, info: quiet, warn: quiet, error: quiet }, observe: quiet });
      console.log("held");`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(other.stdout, "data");
    await expect(attach(dataDir, "next", { exclusive: "scheduler" })).rejects.toMatchObject({
      code: "config_invalid",
    });
    other.kill("SIGKILL");
    await once(other, "exit");
    const next = await eventually(() =>
      attach(dataDir, "next", { exclusive: "scheduler" }).catch(() => undefined),
    );
    expect(next.pid).toBe(keeper.pid);
  });

  it("send no password to another program on the port of a store that is gone", async () => {
    const dataDir = await aDataDir();
    const heard: (string | undefined)[] = [];
    const stranger = createServer((message, response) => {
      heard.push(message.headers.authorization, message.headers["x-clickhouse-key"] as string | undefined);
      response.end("Ok.\n");
    });
    await new Promise<void>((settle) => stranger.listen(0, "127.0.0.1", settle));
    const { port } = stranger.address() as AddressInfo;
    await mkdir(join(dataDir, "clickhouse"), { recursive: true });
    const stale = { pid: process.pid, port, startedAt: "2026-01-01T00:00:00.000Z", version: "3.4.0" };
    await writeFile(join(dataDir, "clickhouse", "endpoint.json"), JSON.stringify(stale));
    const attachment = await attach(dataDir, "first");
    expect(attachment.url).not.toContain(`:${port}`);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.every((header) => header === undefined)).toBe(true);
    await new Promise((settle) => stranger.close(settle));
  });

  it("say why a store did not start, with the end of its log", async () => {
    const dataDir = await aDataDir();
    const command = [process.execPath, "-e", "console.error('the disk is full'); process.exit(1)"];
    await expect(attach(dataDir, "first", { command })).rejects.toMatchObject({
      code: "sink_unavailable",
      message: expect.stringMatching(
        /did not start: its process ended with code 1[^]*the disk is full/,
      ) as string,
    });
  });

  it("agree on credentials that only their owner can read", async () => {
    const dataDir = await aDataDir();
    const all = await Promise.all(Array.from({ length: 20 }, () => loadCredentials(dataDir)));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(all[0]?.write.password).toMatch(/^[\w-]{43}$/);
    expect(all[0]?.write.password).not.toBe(all[0]?.read.password);
    const home = join(dataDir, "clickhouse");
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, "credentials.json"))).mode & 0o777).toBe(0o600);
    expect(await readdir(home)).toEqual(["credentials.json"]);
  });
});
