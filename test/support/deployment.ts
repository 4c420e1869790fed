import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { parseConfig, requireTokens } from "../../core/config.ts";
import { ingestors } from "../../ingestors/index.ts";
import { ROOT } from "./cli.ts";

const PATHS = {
  compose: "docker-compose.yml",
  dockerfile: "Dockerfile",
  dockerignore: ".dockerignore",
  env: ".env.example",
  config: "deploy/earshot.yaml",
  reader: "deploy/clickhouse-reader.xml",
  prometheus: "deploy/prometheus.yml",
  datasources: "deploy/grafana/datasources.yaml",
  dashboard: "deploy/grafana/dashboard.json",
} as const;

/** The text of every file a deployment is made of, so that a test can plant a fault in any of them. */
export type Deployment = Readonly<Record<keyof typeof PATHS, string>>;

export function readDeployment(): Deployment {
  const texts = Object.entries(PATHS).map(([name, path]) => [name, readFileSync(join(ROOT, path), "utf8")]);
  return Object.fromEntries(texts) as Deployment;
}

const Duration = z.string().regex(/^\d+[smh]$/);
const Tag = z
  .string()
  .regex(/^[\w./-]+:v?\d+(\.\d+)+(-[\w.-]+)?$/, "is not pinned to a version; say name:1.2.3");
const Port = z
  .string()
  .regex(
    /^(127\.0\.0\.1|\$\{BIND_ADDRESS:-127\.0\.0\.1\}):\$\{[A-Z_]+_PORT:-\d+\}:\d+$/,
    "is not bound to 127.0.0.1, or has no variable for its port",
  );
const Bind = z.strictObject({
  type: z.literal("bind"),
  source: z.string(),
  target: z.string().startsWith("/"),
  read_only: z.literal(true),
  bind: z.strictObject({ create_host_path: z.literal(false) }),
});

/**
 * The keys of a service that we use, and no others: so a misspelt key is found, and so is a container_name or a fixed
 * host port on a worker, with which it could not be scaled.
 * @see https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
const Service = z.strictObject({
  image: Tag,
  build: z.literal(".").optional(),
  profiles: z.array(z.enum(["tools", "observability"])).optional(),
  command: z.array(z.string()).optional(),
  restart: z.enum(["no", "unless-stopped"]),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string().startsWith("/")).optional(),
  cap_drop: z.array(z.literal("ALL")).optional(),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]),
  mem_limit: z.string().regex(/^\d+[mg]$/),
  stop_grace_period: Duration.optional(),
  ulimits: z.strictObject({ nofile: z.int() }).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.literal(false) })).optional(),
  secrets: z.array(z.string()).default([]),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(["service_healthy", "service_completed_successfully"]) }),
    )
    .default({}),
  ports: z.array(Port).default([]),
  volumes: z.array(z.union([z.string().regex(/^[^:]+:\/[^:]+(:ro)?$/), Bind])).default([]),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.enum(["CMD", "CMD-SHELL"])], z.string()),
      interval: Duration,
      timeout: Duration,
      retries: z.int(),
      start_period: Duration,
    })
    .optional(),
});
type Service = z.infer<typeof Service>;

const ComposeFile = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.strictObject({ environment: z.string() })),
  volumes: z.record(z.string(), z.null()),
  "x-earshot": z.unknown(),
  "x-worker": z.unknown(),
});
type ComposeFile = z.infer<typeof ComposeFile>;

const PrometheusFile = z.object({
  scrape_configs: z.array(
    z.object({
      authorization: z.object({ credentials_file: z.string() }),
      dns_sd_configs: z.array(z.object({ names: z.array(z.string()), port: z.int() })),
    }),
  ),
});

const DataSources = z.object({
  datasources: z.array(
    z.object({
      uid: z.string(),
      type: z.string(),
      url: z.string().optional(),
      jsonData: z.looseObject({
        host: z.string().optional(),
        port: z.int().optional(),
        username: z.string().optional(),
        defaultDatabase: z.string().optional(),
      }),
    }),
  ),
});

const DataSource = z.object({ type: z.string(), uid: z.string() });
const Dashboard = z.object({
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      datasource: DataSource.optional(),
      targets: z
        .array(
          z.object({
            datasource: DataSource,
            rawSql: z.string().optional(),
            expr: z.string().optional(),
            legendFormat: z.string().optional(),
          }),
        )
        .default([]),
    }),
  ),
});

/** The ClickHouse statements of the dashboard, each with the title of its panel. */
export function dashboardStatements({ dashboard }: Deployment): (readonly [title: string, sql: string])[] {
  return Dashboard.parse(JSON.parse(dashboard)).panels.flatMap(({ title, targets }) =>
    targets.flatMap(({ rawSql }) => (rawSql === undefined ? [] : [[title, rawSql] as const])),
  );
}

/** Labels that Prometheus adds to everything it reads, `service` by our own rule. */
const SCRAPE_LABELS = ["job", "instance", "service"];

/** Services that let in whoever reaches them, so that no variable may open them to other machines. */
const ASKS_NOBODY = ["kafka", "kafka-ui", "prometheus"];

/** What the program offers: its commands (`topics create`), and its metrics with their labels. */
export interface Known {
  readonly commands: readonly string[];
  readonly metrics: ReadonlyMap<string, readonly string[]>;
}

/** Everything wrong with a deployment that can be told without Docker, one sentence each. */
export function faultsOf(files: Deployment, { commands, metrics }: Known): string[] {
  const raw: unknown = parseYaml(files.compose, { merge: true });
  const parsed = ComposeFile.safeParse(raw);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => `compose ${path.join(".")}: ${message}`);
  }
  const compose = parsed.data;
  return [
    ...faultsOfVariables(files, raw, compose),
    ...Object.entries(compose.services).flatMap(([name, service]) => [
      ...faultsOfService(name, service, compose),
      ...(isOurs(service) ? faultsOfOurs(name, service, commands) : []),
    ]),
    ...faultsOfVolumes(compose),
    ...faultsOfConfig(files, compose),
    ...faultsOfMonitoring(files, compose),
    ...faultsOfDashboard(files, metrics),
    ...faultsOfImage(files),
  ];
}

const isOurs = (service: Service) => service.build !== undefined;
const resolveDefault = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, "$1");

/** `${NAME}` references in every value, comments left out. */
function references(value: unknown): { name: string; operator: string; word: string }[] {
  if (typeof value === "string") {
    return [...value.matchAll(/(?<!\$)\$\{(\w+)(?:(:?[-?+])([^}]*))?\}/g)].map(
      ([, name = "", operator = "", word = ""]) => ({ name, operator, word }),
    );
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(references) : [];
}

/** `NAME=value` lines of an env file; in ours a commented line of that form is read by the program, not by Compose. */
export function readEnv(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function faultsOfVariables(files: Deployment, raw: unknown, compose: ComposeFile): string[] {
  const example = readEnv(files.env);
  const used = references(raw);
  const names = new Set([
    ...used.map(({ name }) => name),
    ...Object.values(compose.secrets).map(({ environment }) => environment),
  ]);
  const given = (service: string) => Object.keys(compose.services[service]?.environment ?? {});
  const mounted = [
    ["earshot.yaml", references(parseYaml(files.config)).map(({ name }) => name), given("serve")],
    [
      "Grafana's data sources",
      references(parseYaml(files.datasources)).map(({ name }) => name),
      given("grafana"),
    ],
    [
      "clickhouse-reader.xml",
      [...files.reader.matchAll(/from_env="(\w+)"/g)].map(([, name = ""]) => name),
      given("clickhouse"),
    ],
  ] as const;
  return [
    ...[...names].filter((name) => !(name in example)).map((name) => `.env.example lacks ${name}`),
    ...Object.keys(example)
      .filter((name) => !names.has(name))
      .map((name) => `nothing reads ${name} of .env.example`),
    ...used.flatMap(({ name, operator, word }) => {
      const value = example[name] ?? "";
      if (operator === ":-") return value === word ? [] : [`${name} is ${word} by default, yet ${value}`];
      if (operator !== ":?") return [`${name} has no default and no message for its absence`];
      return value === "" ? [] : [`${name} must have no value that is known to everyone`];
    }),
    ...mounted.flatMap(([file, wanted, there]) =>
      wanted.filter((name) => !there.includes(name)).map((name) => `${file} refers to ${name}, not given`),
    ),
  ];
}

function faultsOfService(name: string, service: Service, { services, secrets }: ComposeFile): string[] {
  const { healthcheck, restart, depends_on, ports, environment } = service;
  const faults: string[] = [];
  if (restart === "unless-stopped" && healthcheck === undefined) faults.push("has no health check");
  const asked = [...(healthcheck?.test.join(" ").matchAll(/([\w.-]+):(\d{2,5})\b/g) ?? [])];
  if (healthcheck !== undefined && asked.length === 0) faults.push("has a health check that asks no port");
  const open = [
    ...ports.map((port) => port.split(":").at(-1)),
    ...[...String(environment["KAFKA_LISTENERS"] ?? "").matchAll(/:(\d+)/g)].map((match) => match[1]),
  ];
  for (const [, host = "", port] of asked) {
    if (host !== "127.0.0.1" && host !== name) faults.push(`has a health check that asks ${host}`);
    // what workers listen on is said in earshot.yaml
    if (open.length > 0 && !open.includes(port))
      faults.push(`has a health check on ${port}, which it does not open`);
  }
  for (const [other, { condition }] of Object.entries(depends_on)) {
    const found = services[other];
    if (found === undefined) faults.push(`depends on ${other}, which is not there`);
    else if (condition === "service_healthy" && found.healthcheck === undefined)
      faults.push(`waits for the health of ${other}, which has no check`);
    else if (condition === "service_completed_successfully" && found.restart !== "no")
      faults.push(`waits for the end of ${other}, which is restarted`);
  }
  if (ASKS_NOBODY.includes(name) && ports.some((port) => port.includes("BIND_ADDRESS")))
    faults.push("asks for no password and can be opened to other machines");
  faults.push(
    ...service.secrets.filter((secret) => !(secret in secrets)).map((secret) => `lacks secret ${secret}`),
  );
  // Compose copies such a secret into the container, which it refuses to do where the root is read-only
  if (service.secrets.length > 0 && service.read_only === true) faults.push("is read-only and has a secret");
  return faults.map((fault) => `${name} ${fault}`);
}

function faultsOfOurs(name: string, service: Service, commands: readonly string[]): string[] {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
  const command = (service.command ?? []).join(" ");
  const hardened =
    service.read_only === true &&
    service.init === true &&
    service.cap_drop?.includes("ALL") === true &&
    service.tmpfs?.includes("/tmp") === true;
  return [
    ...(service.image === `earshot:${version}`
      ? []
      : [`${name} is ${service.image}, not earshot:${version}`]),
    ...(commands.includes(command) ? [] : [`${name} runs \`earshot ${command}\`, which there is not`]),
    ...(hardened ? [] : [`${name} may write to its root or has capabilities`]),
    ...(service.stop_grace_period === undefined ? [`${name} has no time to drain`] : []),
    ...(name !== "serve" && service.ports.length > 0
      ? [`${name} has a fixed port and cannot be scaled`]
      : []),
  ];
}

function faultsOfVolumes({ services, volumes }: ComposeFile): string[] {
  const sources = Object.values(services).flatMap((service) =>
    service.volumes.map((volume) =>
      resolveDefault(typeof volume === "string" ? (volume.split(":")[0] ?? "") : volume.source),
    ),
  );
  const named = sources.filter((source) => !source.startsWith("."));
  return [
    ...sources
      .filter((source) => source.startsWith(".") && !existsSync(join(ROOT, source)))
      .map((source) => `${source} is mounted and not there`),
    ...named.filter((source) => !(source in volumes)).map((source) => `volume ${source} is not declared`),
    ...Object.keys(volumes)
      .filter((volume) => !named.includes(volume))
      .map((volume) => `volume ${volume} is mounted nowhere`),
  ];
}

/** The config of the containers under values such as make-env.sh fills in. */
function parseDeployed({ config, env }: Deployment) {
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(readEnv(env))) filled[name] = value || "a".repeat(64);
  return parseConfig(parseYaml(config), ingestors, filled, PATHS.config);
}

function faultsOfConfig(files: Deployment, { services }: ComposeFile): string[] {
  const config = parseDeployed(files);
  requireTokens(config.api.host, config.api);
  requireTokens(config.monitor.host, config.api);
  const faults: string[] = [];
  for (const [name, { healthcheck, ports, build }] of Object.entries(services)) {
    if (build === undefined || healthcheck === undefined) continue;
    const { host, port } = name === "serve" ? config.api : config.monitor;
    if (!healthcheck.test.join(" ").includes(`http://127.0.0.1:${port}/healthz`))
      faults.push(`the health check of ${name} does not ask /healthz on ${port}`);
    if (ports.some((published) => !published.endsWith(`:${port}`)))
      faults.push(`${name} publishes another port than ${port}`);
    if (host !== "0.0.0.0") faults.push(`${name} listens on ${host}, where no other container reaches it`);
  }
  const { environment = {} } = services["kafka"] ?? {};
  for (const broker of config.kafka?.brokers ?? ["none"]) {
    if (!String(environment["KAFKA_ADVERTISED_LISTENERS"]).includes(`INTERNAL://${broker}`))
      faults.push(`no broker is at ${broker}`);
  }
  const server = services["clickhouse"]?.environment ?? {};
  const { url, user, database, readUser = "" } = config.clickhouse;
  if (url !== "http://clickhouse:8123") faults.push(`no ClickHouse is at ${url}`);
  if (user !== server["CLICKHOUSE_USER"]) faults.push(`ClickHouse has no user ${user}`);
  if (database !== server["CLICKHOUSE_DB"]) faults.push(`ClickHouse has no database ${database}`);
  if (!files.reader.includes(`<${readUser}>`)) faults.push(`clickhouse-reader.xml has no user ${readUser}`);
  if (!files.reader.includes(`ON ${database}.*`))
    faults.push(`clickhouse-reader.xml does not grant ${database}`);
  return faults;
}

function faultsOfMonitoring(files: Deployment, { services }: ComposeFile): string[] {
  const { api, monitor, clickhouse } = parseDeployed(files);
  const faults: string[] = [];
  const scraped = new Set<string>();
  for (const { authorization, dns_sd_configs } of PrometheusFile.parse(parseYaml(files.prometheus))
    .scrape_configs) {
    const secret = authorization.credentials_file.replace(/^\/run\/secrets\//, "");
    if (services["prometheus"]?.secrets.includes(secret) !== true)
      faults.push(`Prometheus has no ${authorization.credentials_file}`);
    for (const { names, port } of dns_sd_configs) {
      for (const name of names) {
        scraped.add(name);
        const expected = name === "serve" ? api.port : monitor.port;
        if (services[name] === undefined) faults.push(`Prometheus reads ${name}, which is not there`);
        else if (port !== expected) faults.push(`Prometheus reads ${name} on ${port}, not on ${expected}`);
      }
    }
  }
  for (const [name, service] of Object.entries(services)) {
    if (isOurs(service) && service.restart !== "no" && !scraped.has(name))
      faults.push(`Prometheus does not read ${name}`);
  }
  for (const { url, jsonData } of DataSources.parse(parseYaml(files.datasources)).datasources) {
    const { host, port, username, defaultDatabase } = jsonData;
    const address = url ?? `http://${host}:${port}`;
    if (services[new URL(address).hostname] === undefined) faults.push(`Grafana asks ${address}`);
    if (host === undefined) continue;
    if (address !== clickhouse.url) faults.push(`Grafana asks ClickHouse at ${address}`);
    if (username !== clickhouse.readUser) faults.push(`Grafana reads as ${username}`);
    if (defaultDatabase !== clickhouse.database) faults.push(`Grafana reads the database ${defaultDatabase}`);
  }
  const home = String(services["grafana"]?.environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]);
  if (services["grafana"]?.volumes.includes(`./${PATHS.dashboard}:${home}:ro`) !== true)
    faults.push(`Grafana opens ${home}, which is not mounted`);
  const plugin = String(services["grafana"]?.environment["GF_PLUGINS_PREINSTALL_SYNC"]);
  if (!/^grafana-clickhouse-datasource@\d+\.\d+\.\d+$/.test(plugin)) faults.push(`${plugin} is not pinned`);
  return faults;
}

function faultsOfDashboard(files: Deployment, counted: Known["metrics"]): string[] {
  const sources = DataSources.parse(parseYaml(files.datasources)).datasources;
  const isKnown = (used: z.infer<typeof DataSource> | undefined) =>
    used === undefined || sources.some(({ uid, type }) => uid === used.uid && type === used.type);
  const { panels } = Dashboard.parse(JSON.parse(files.dashboard));
  return panels.flatMap(({ title, datasource, targets }) =>
    [
      ...[datasource, ...targets.map((target) => target.datasource)]
        .filter((used) => !isKnown(used))
        .map((used) => `asks the data source ${used?.uid}, which is not there`),
      ...targets.flatMap(({ rawSql, expr, legendFormat }) => [
        ...(rawSql === undefined ? [] : faultsOfSql(rawSql)),
        ...(expr === undefined ? [] : faultsOfPromQl(expr, legendFormat ?? "", counted)),
      ]),
    ].map((fault) => `panel ${title} ${fault}`),
  );
}

function faultsOfSql(sql: string): string[] {
  const guide = readFileSync(join(ROOT, "docs", "analyst.md"), "utf8");
  const views = new Set([...guide.matchAll(/^\| `(\w+)` +\|/gm)].map(([, view]) => view));
  const read = [...sql.matchAll(/\b(?:FROM|JOIN)\s+(\w+)/gi)].map(([, view = ""]) => view);
  return [
    ...(read.length === 0 ? ["reads nothing"] : []),
    ...read.filter((view) => !views.has(view)).map((view) => `reads ${view}, no documented view`),
    ...(/\bFINAL\b/i.test(sql) ? ["says FINAL"] : []),
  ];
}

function faultsOfPromQl(expr: string, legend: string, counted: Known["metrics"]): string[] {
  const grouped = [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/\s*,\s*/));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
  const filtered = [...expr.matchAll(/\b(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label);
  const bare = expr.replace(/\{[^}]*\}|\[[^\]]*\]|\bby\s*\([^)]*\)/g, "");
  const metrics = [...bare.matchAll(/\b[a-z_]\w*\b(?!\s*\()/g)].map(([name]) => name);
  const labels = [...SCRAPE_LABELS, ...metrics.flatMap((metric) => counted.get(metric) ?? [])];
  return [
    ...(metrics.length === 0 ? ["asks for no metric"] : []),
    ...metrics
      .filter((metric) => metric !== "up" && !counted.has(metric))
      .map((metric) => `asks for ${metric}, not counted`),
    ...[...grouped, ...shown, ...filtered]
      .filter((label) => !labels.includes(label))
      .map((label) => `uses the label ${label}, which ${metrics.join(", ")} lacks`),
  ];
}

function faultsOfImage({ dockerfile, dockerignore }: Deployment): string[] {
  const lines = dockerfile.split("\n");
  const stages = lines.flatMap((line) => /^FROM \S+ AS (\S+)/.exec(line)?.[1] ?? []);
  const bases = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
  const rules = dockerignore.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const admitted = rules.flatMap((rule) => (rule.startsWith("!") ? [rule.slice(1)] : []));
  const isAdmitted = (path: string) => admitted.some((rule) => path === rule || path.startsWith(`${rule}/`));
  const copied = lines.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(" ") ?? []);
  const { include } = z
    .object({ include: z.array(z.string()) })
    .parse(JSON.parse(readFileSync(join(ROOT, "tsconfig.build.json"), "utf8")));
  const ofTasks = ["bench", "training", "docs"];
  const needed = [
    ...include.filter((room) => !ofTasks.includes(room)),
    "web",
    "tsconfig.json",
    "vite.config.ts",
    ...copied.filter((path) => path !== "."),
  ];
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
  return [
    ...bases
      .filter((base) => !stages.includes(base) && !Tag.safeParse(base).success)
      .map((base) => `Dockerfile: ${base} is not pinned`),
    ...(rules[0] === "*" ? [] : [".dockerignore lets in what it does not name"]),
    ...admitted.filter((path) => !existsSync(join(ROOT, path))).map((path) => `.dockerignore names ${path}`),
    ...needed.filter((path) => !isAdmitted(path)).map((path) => `.dockerignore keeps out ${path}`),
    ...(last.includes("USER node") ? [] : ["Dockerfile: the image runs as root"]),
    ...(last.includes('ENTRYPOINT ["node", "dist/program/main.js"]')
      ? []
      : ["Dockerfile: starts something else"]),
    ...(last.some((line) => line.startsWith("RUN") || line === "COPY . .")
      ? ["Dockerfile: the last stage builds"]
      : []),
  ];
}
