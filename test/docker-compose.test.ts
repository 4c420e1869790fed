import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openMonitoring } from "../cli/monitoring.ts";
import type { Observation } from "../core/context.ts";
import { coverageRows, deadLetterRows, mentionRows } from "../schemas/rows.ts";
import { aMention, anEnrichment } from "./support/builders.ts";
import { cliOutput, ROOT } from "./support/cli.ts";
import { dashboardStatements, faultsOf, readDeployment, readEnv, type Known } from "./support/deployment.ts";
import { openTestStore, type TestStore } from "./support/embedded-store.ts";
import { readMetrics } from "./support/read-metrics.ts";

const deployment = readDeployment();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-compose-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function commandNames(path: readonly string[]): Promise<string[]> {
  const help = await cliOutput([...path, "--help"]);
  const [, listed = ""] = help.split("\nCommands:\n");
  return [...listed.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => [...path, name].join(" "));
}

/** Every metric our processes count, with its labels, as they show them once each kind of thing has happened. */
async function metricLabels(): Promise<Map<string, string[]>> {
  const monitoring = openMonitoring(() => new Date(0));
  const where = { topic: "t", group: "g", partition: 0, lag: 1 };
  const observations: Observation[] = [
    { kind: "waiting", what: "w", reason: "" },
    { kind: "delivered", ...where, records: 1, poison: 1, seconds: 1 },
    { kind: "rebalanced", group: "g", partitions: [0] },
    { kind: "owned", group: "g", names: [] },
    { kind: "dead_letters", stage: "parse", count: 1 },
    { kind: "polled", source: "s", mentions: 1, deletions: 1 },
  ];
  observations.forEach(monitoring.observe);
  monitoring.readLagsWith(async () => [{ ...where, retained: 1, expired: 1 }]);
  const { samples } = readMetrics((await monitoring.metrics()).body);
  const labels = new Map<string, string[]>();
  for (const sample of samples.keys()) {
    const [name = ""] = sample.split("{");
    labels.set(
      name,
      [...sample.matchAll(/(\w+)="/g)].map(([, label = ""]) => label),
    );
  }
  return labels;
}

/** A copy of the deployment with one text in one file replaced, wherever it stands. */
function planted(file: keyof typeof deployment, from: string, to: string) {
  if (!deployment[file].includes(from)) throw new Error(`${file} has no ${from}`);
  return { ...deployment, [file]: deployment[file].replaceAll(from, to) };
}

describe("docker-compose.yml and the files it mounts", () => {
  let known: Known;

  beforeAll(async () => {
    const commands = [...(await commandNames([])), ...(await commandNames(["topics"]))];
    known = { commands, metrics: await metricLabels() };
  });

  it("have no fault", () => {
    expect(faultsOf(deployment, known)).toEqual([]);
  });

  it.each([
    ["a tag that moves", "compose", "prom/prometheus:v3.15.0", "prom/prometheus:latest", /not pinned/],
    ["no tag at all", "compose", "apache/kafka:4.3.1", "apache/kafka", /not pinned/],
    ["another version of ours", "compose", "earshot:0.1.0", "earshot:0.0.9", /not earshot:/],
    ["a port for everyone", "compose", "127.0.0.1:${KAFKA_PORT", "0.0.0.0:${KAFKA_PORT", /not bound to 127/],
    ["a port with no address", "compose", "127.0.0.1:${KAFKA_PORT", "${KAFKA_PORT", /not bound to 127/],
    ["another default address", "compose", "BIND_ADDRESS:-127.0.0.1", "BIND_ADDRESS:-0.0.0.0", /not bound/],
    [
      "Kafka open by a variable",
      "compose",
      '["127.0.0.1:${KAFKA_PORT',
      '["${BIND_ADDRESS:-127.0.0.1}:${KAFKA_PORT',
      /kafka asks for no password/,
    ],
    ["a misspelt key", "compose", "healthcheck:", "healtcheck:", /healtcheck/],
    [
      "a fixed name",
      "compose",
      "    command: [process]",
      "    container_name: p\n    command: [process]",
      /container_name/,
    ],
    ["a command there is not", "compose", "command: [process]", "command: [proces]", /earshot proces`/],
    ["a service waited for in vain", "compose", "\n  topics:\n", "\n  topic:\n", /depends on topics/],
    [
      "a service whose health nobody asks",
      "compose",
      "\n  ingest:\n",
      '\n  cache:\n    image: cache:1.0\n    restart: unless-stopped\n    mem_limit: 1g\n    security_opt: ["no-new-privileges:true"]\n\n  ingest:\n',
      /cache has no health check/,
    ],
    ["a check of another port", "compose", "127.0.0.1:4181/healthz", "127.0.0.1:4182/healthz", /on 4181/],
    [
      "a check of no such port",
      "compose",
      "127.0.0.1:9090/-",
      "127.0.0.1:9091/-",
      /9091, which it does not open/,
    ],
    [
      "a writable root",
      "compose",
      "read_only: true\n  tmpfs",
      "read_only: false\n  tmpfs",
      /may write to its root/,
    ],
    ["more rights", "compose", '["no-new-privileges:true"]', '["seccomp:unconfined"]', /security_opt/],
    [
      "a file that is not there",
      "compose",
      "./deploy/clickhouse-reader.xml",
      "./deploy/reader.xml",
      /not there/,
    ],
    ["an undeclared volume", "compose", "[kafka:/var", "[broker:/var", /volume broker is not declared/],
    ["a variable nobody lists", "compose", "${GRAFANA_PASSWORD:?", "${GRAFANA_PASS:?", /lacks GRAFANA_PASS$/],
    [
      "an optional password",
      "compose",
      "${GRAFANA_PASSWORD:?run sh deploy/make-env.sh first}",
      "${GRAFANA_PASSWORD}",
      /no default/,
    ],
    ["a variable nobody reads", "env", "KAFKA_PORT=", "BROKER_PORT=", /nothing reads BROKER_PORT/],
    ["two defaults", "env", "EARSHOT_PORT=4180", "EARSHOT_PORT=8080", /EARSHOT_PORT is 4180 by default/],
    ["a password for everyone", "env", "GRAFANA_PASSWORD=", "GRAFANA_PASSWORD=admin", /known to everyone/],
    [
      "a variable not handed on",
      "config",
      "${CLICKHOUSE_PASSWORD}",
      "${GRAFANA_PASSWORD}",
      /refers to GRAFANA_PASS/,
    ],
    ["another broker", "config", "kafka:19092", "kafka:9092", /no broker is at kafka:9092/],
    ["another user", "config", "earshot_reader", "analyst", /no user analyst/],
    [
      "a worker nobody reaches",
      "config",
      "monitor:\n  host: 0.0.0.0",
      "monitor:\n  host: 127.0.0.1",
      /no other container/,
    ],
    ["a grant elsewhere", "reader", "ON earshot.*", "ON default.*", /does not grant earshot/],
    ["a service not measured", "prometheus", "process, ", "", /does not read process/],
    ["the wrong port measured", "prometheus", "port: 4180", "port: 4181", /serve on 4181, not on 4180/],
    ["a token file nobody has", "prometheus", "metrics_token", "token", /has no \/run\/secrets\/token/],
    [
      "a data source not there",
      "datasources",
      "earshot-prometheus",
      "prometheus",
      /earshot-prometheus, which/,
    ],
    [
      "a home that is not mounted",
      "compose",
      "dashboards/earshot.json\n",
      "dashboards/home.json\n",
      /Grafana opens/,
    ],
    ["a metric not counted", "dashboard", "earshot_lag", "earshot_delay", /asks for earshot_delay/],
    ["a label not there", "dashboard", "by (stage)", "by (step)", /uses the label step/],
    [
      "a table behind the views",
      "dashboard",
      "FROM mentions\\n",
      "FROM mention_rows FINAL\\n",
      /reads mention_rows/,
    ],
    ["a base image that moves", "dockerfile", "20.20.2-bookworm-slim", "latest", /node:latest is not pinned/],
    ["an image of root", "dockerfile", "USER node\n", "", /runs as root/],
    ["a room kept out of the image", "dockerignore", "!queries\n", "", /keeps out queries/],
    ["an image with everything in it", "dockerignore", "*\n!package.json", "!package.json", /does not name/],
  ] as const)("are faulty with %s", (_what, file, from, to, fault) => {
    const faults = faultsOf(planted(file, from, to), known);
    expect(faults.join("\n")).toMatch(new RegExp(fault.source, "m"));
  });

  it("do not parse with a key the config does not know", () => {
    const faulty = planted("config", "brokers:", "broker:");
    expect(() => faultsOf(faulty, known)).toThrow(/kafka/);
  });

  const compose = spawnSync("docker", ["compose", "version"], { stdio: "ignore" });
  it.skipIf(compose.status !== 0)("please Docker Compose itself (skipped where it is not installed)", () => {
    const env = join(folder, "compose.env");
    execFileSync("sh", [join(ROOT, "deploy", "make-env.sh"), env]);
    const args = ["compose", "--env-file", env, "--profile", "*", "config", "--quiet"];
    const { status, stderr } = spawnSync("docker", args, { cwd: ROOT, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });
});

describe("deploy/make-env.sh", () => {
  it("writes every variable, readable by its owner alone, and prints the token whose hash it wrote", () => {
    const env = join(folder, "new.env");
    const said = execFileSync("sh", [join(ROOT, "deploy", "make-env.sh"), env], { encoding: "utf8" });
    const written = readEnv(readFileSync(env, "utf8"));
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(Object.keys(written)).toEqual(Object.keys(readEnv(deployment.env)));
    expect(Object.values(written)).not.toContain("");
    expect(new Set(Object.values(written)).size).toBe(Object.keys(written).length);
    expect(statSync(env).mode & 0o777).toBe(0o600);
    const token = /earshot_[0-9a-f]{64}/.exec(said)?.[0] ?? "";
    expect(written["EARSHOT_TOKEN_SHA256"]).toBe(sha256(token));
    expect(written["EARSHOT_METRICS_TOKEN_SHA256"]).toBe(sha256(written["EARSHOT_METRICS_TOKEN"] ?? ""));
  });

  it("leaves an .env alone that is there, for its passwords are those of the data", () => {
    const env = join(folder, "kept.env");
    writeFileSync(env, "CLICKHOUSE_PASSWORD=mine\n");
    const { status, stderr } = spawnSync("sh", [join(ROOT, "deploy", "make-env.sh"), env], {
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/is there already/);
    expect(readFileSync(env, "utf8")).toBe("CLICKHOUSE_PASSWORD=mine\n");
  });
});

describe("the reader of deploy/clickhouse-reader.xml, as the engine reads it", () => {
  const Answers = z.record(z.string(), z.string());
  let answers: z.infer<typeof Answers>;

  beforeAll(() => {
    // the engine runs statements as its user `default`, so that is what the reader is called here
    const users = deployment.reader
      .replace(/<password .*\/>/, "<password></password>")
      .replace("<earshot_reader>", "<default>")
      .replace("</earshot_reader>", "</default>")
      .replace("<profiles>", "<quotas><default/></quotas><profiles><default/>");
    writeFileSync(join(folder, "users.xml"), users);
    writeFileSync(
      join(folder, "config.xml"),
      `<clickhouse><users_config>${folder}/users.xml</users_config><user_directories><users_xml><path>${folder}/users.xml</path></users_xml></user_directories></clickhouse>`,
    );
    const loader = join(
      dirname(createRequire(import.meta.url).resolve("chdb/package.json")),
      "dist",
      "loader.js",
    );
    const script = `
      const [loader, folder, ...statements] = process.argv.slice(1);
      const engine = require(loader).loadNative();
      const connection = engine.CreateConnection(folder + "/store", ["--config-file=" + folder + "/config.xml"]);
      const ask = async (sql) => {
        try {
          return (await engine.QueryAsyncConnection(connection, sql, "TSV")).bytes.toString().trim();
        } catch (error) {
          return /\\(([A-Z_]+)\\)\\s*$/.exec(String(error.message))?.[1] ?? String(error.message);
        }
      };
      (async () => {
        const answers = {};
        for (const sql of statements) answers[sql] = await ask(sql);
        process.stdout.write(JSON.stringify(answers), () => process.exit());
      })();`;
    const statements = [...granted, ...refused.map(([sql]) => sql)];
    const output = execFileSync(process.execPath, ["--eval", script, loader, folder, ...statements]);
    answers = Answers.parse(JSON.parse(output.toString()));
  });

  const granted = [
    "SHOW GRANTS",
    "SELECT getSetting('readonly')",
    "SELECT 1 SETTINGS output_format_json_quote_64bit_integers = 1",
    "SELECT 1 SETTINGS max_execution_time = 55",
  ];
  const refused = [
    ["CREATE TABLE earshot.t (a UInt8) ENGINE = Memory", "ACCESS_DENIED"],
    ["CREATE TEMPORARY TABLE t (a UInt8) ENGINE = Memory", "ACCESS_DENIED"],
    ["INSERT INTO FUNCTION file('x.csv') SELECT 1", "ACCESS_DENIED"],
    ["SELECT * FROM file('/etc/passwd', 'LineAsString')", "ACCESS_DENIED"],
    ["SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')", "ACCESS_DENIED"],
    ["SELECT * FROM remote('127.0.0.1:1', system.one)", "ACCESS_DENIED"],
    ["SELECT * FROM system.users", "ACCESS_DENIED"],
    ["SELECT 1 SETTINGS readonly = 0", "READONLY"],
    ["SELECT 1 SETTINGS max_execution_time = 0", "SETTING_CONSTRAINT_VIOLATION"],
    ["SELECT 1 SETTINGS max_execution_time = 600", "SETTING_CONSTRAINT_VIOLATION"],
    ["SELECT 1 SETTINGS max_memory_usage = 0", "SETTING_CONSTRAINT_VIOLATION"],
    ["SELECT 1 SETTINGS max_result_rows = 0", "SETTING_CONSTRAINT_VIOLATION"],
    ["SELECT 1 SETTINGS max_concurrent_queries_for_user = 999", "SETTING_CONSTRAINT_VIOLATION"],
  ] as const;

  it("reads our database, and may send the settings that clients send", () => {
    expect(granted.map((sql) => answers[sql])).toEqual([
      "GRANT SHOW, SELECT ON earshot.* TO default",
      "2",
      "1",
      "1",
    ]);
  });

  it.each(refused)("is refused %s", (sql, code) => {
    expect(answers[sql]).toBe(code);
  });
});

describe("the dashboard's statements", () => {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    const signal = AbortSignal.timeout(30_000);
    const now = new Date().toISOString();
    const said = (platform: string, isComplaint: boolean, fields: Parameters<typeof aMention>[0] = {}) => ({
      type: "upsert" as const,
      mention: aMention({ platform, publishedAt: now, observedAt: now, ...fields }),
      enrichment: anEnrichment({
        complaint: { isComplaint, confidence: 1, evidence: [] },
        processedAt: now,
      }),
    });
    await opened.store
      .table(mentionRows)
      .write(
        [said("x", true), said("x", false), said("trustpilot", false), said("x", true, { byUs: true })],
        signal,
      );
    await opened.store
      .table(coverageRows)
      .write([{ source: "feed", hour: now, state: "none", reason: "it was down", recordedAt: now }], signal);
    const letter = {
      id: "d",
      source: "feed",
      ingestor: "rss",
      stage: "parse",
      code: "record_invalid",
    } as const;
    await opened.store.table(deadLetterRows).write(
      [
        {
          ...letter,
          reason: "no date",
          position: "",
          payload: "",
          isPayloadCut: false,
          state: "open",
          at: now,
        },
      ],
      signal,
    );
  });

  afterAll(() => opened.close());

  /** Rows of a panel as analysts' users read them, with Grafana's macro as its plugin writes it out. */
  async function rowsOf(title: string, days = 1) {
    const found = dashboardStatements(deployment).find(([panel]) => panel === title);
    const sql = (found?.[1] ?? "").replace(
      /\$__timeFilter\((\w+)\)/g,
      (_macro, column: string) =>
        `${column} >= toDateTime(now() - INTERVAL ${days} DAY) AND ${column} <= toDateTime(now() + 60)`,
    );
    return opened.reader.query({ sql, params: {} }, z.looseObject({}));
  }

  it.each(dashboardStatements(deployment))(
    "of panel %s run, and use no macro but $__timeFilter",
    async (title, sql) => {
      expect(sql.replace(/\$__timeFilter\(\w+\)/g, "")).not.toMatch(/\$/);
      expect((await rowsOf(title)).length).toBeGreaterThan(0);
    },
  );

  it("say what was stored, without what we wrote ourselves", async () => {
    expect(await rowsOf("Mentions")).toEqual([{ mentions: 3 }]);
    expect(await rowsOf("Share of complaints")).toEqual([{ share: expect.closeTo(1 / 3) as number }]);
    expect(await rowsOf("Open dead letters")).toEqual([{ open: 1 }]);
    expect(await rowsOf("Mentions per day by platform")).toMatchObject([
      { platform: "trustpilot", mentions: 1 },
      { platform: "x", mentions: 2 },
    ]);
    expect(await rowsOf("Top trackers")).toMatchObject([{ tracker: "acme", mentions: 3, complaints: 1 }]);
    expect(await rowsOf("Sources and the hours not heard")).toMatchObject([
      { source: "feed", silent_hours: 1 },
    ]);
    const [{ seconds } = {}] = await rowsOf("Since the last mention");
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(600);
  });

  it("say nothing, rather than something wrong, of a time with no mentions", async () => {
    expect(await rowsOf("Share of complaints", -1)).toEqual([{ share: null }]);
    expect(await rowsOf("Mentions per day by platform", -1)).toEqual([]);
  });
});
