import { z } from "zod";
import { Slug } from "../schemas/primitives.ts";
import { AspectDictionary } from "../schemas/aspect-dictionary.ts";
import { TRACKER_KINDS } from "../schemas/tracker.ts";
import { alertFaults, alertsSchema, type AlertsConfig } from "./alerts/config.ts";
import { AskModel } from "./ask-model.ts";
import { BudgetLimits } from "./budget.ts";
import { changeFaults, ChangesConfig } from "./changes-config.ts";
import type { Ingestor, ReceiverKind } from "./contracts.ts";
import { EarshotError } from "./errors.ts";
import { parseQuery } from "./query/parse-query.ts";

/** What a bearer token may do: viewer reads, analyst also runs SQL, admin also changes things. */
export const Role = z.enum(["viewer", "analyst", "admin"]);
export type Role = z.infer<typeof Role>;

const ApiToken = z.strictObject({
  name: z.string().min(1).max(100).describe("Who or what uses this token."),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be the 64 hex digits `earshot token` prints")
    .describe("SHA-256 of the token in hex, as `earshot token` prints it."),
  role: Role.describe("viewer, analyst or admin."),
});

const Tracker = z.strictObject({
  id: Slug.describe("Short name used in filters and SQL: acme."),
  name: z.string().min(1).max(200).describe("Name people read: Acme Parcels."),
  kind: z
    .enum(TRACKER_KINDS)
    .default("brand")
    .describe("Ours or not: share of voice compares brands with competitors."),
  query: z
    .string()
    .optional()
    .describe(
      'What to look for, docs/query-language.md: `acme AND (parcel* OR "late again")`. Absent: all its sources bring.',
    ),
});
export type Tracker = z.infer<typeof Tracker>;

const ImportPlan = z.strictObject({
  platform: Slug.optional().describe("Platform the rows come from."),
  trackers: z.array(Slug).default([]).describe("Trackers every row belongs to."),
  map: z.record(z.string(), z.string()).describe("Mention field → column, `text: review`."),
  timezone: z.string().optional().describe("Zone of dates that name none, IANA. Default UTC."),
  dateFormat: z.string().optional().describe("Format of the dates when it cannot be guessed, Luxon tokens."),
  ratingMax: z.number().positive().optional().describe("Best possible rating when it cannot be guessed."),
});

const ClickHouse = z.strictObject({
  url: z.url().optional().describe("HTTP address of a ClickHouse server. Absent: the embedded store."),
  user: z.string().default("default").describe("User Earshot writes as."),
  password: z.string().default("").describe("Its password; refer to a variable: ${CLICKHOUSE_PASSWORD}."),
  readUser: z
    .string()
    .optional()
    .describe("Read-only user for the dashboard and `earshot sql`. Default: user."),
  readPassword: z.string().optional().describe("Its password."),
  database: z.string().default("default").describe("Database to use; it must exist."),
  cluster: z.string().optional().describe("Cluster to create tables on, replicated."),
});

const Api = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Address to listen on. Anything but loopback needs tokens."),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(4180)
    .describe("Port of the web page and the API; 0 = any free one."),
  allowedHosts: z
    .array(z.string())
    .default([])
    .describe("Further Host names the API answers to, for a reverse proxy."),
  tokens: z.array(ApiToken).default([]).describe("Who may use the API. Required off loopback."),
});

const KafkaTls = z.strictObject({
  caFile: z.string().optional().describe("PEM file of the authority that signed the brokers' certificates."),
  certFile: z.string().optional().describe("PEM file of our own certificate, where brokers ask for one."),
  keyFile: z.string().optional().describe("PEM file of its key."),
});

const KafkaSasl = z.strictObject({
  mechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]).describe("How to log in."),
  username: z.string().min(1).describe("User Earshot reads and writes as."),
  password: z.string().min(1).describe("Its password; refer to a variable: ${KAFKA_PASSWORD}."),
});

/** How Kafka is reached and its topics are made. */
export const KafkaConfig = z.strictObject({
  brokers: z
    .array(z.string().regex(/^[^\s:]+:\d{1,5}$|^\[[^\s\]]+\]:\d{1,5}$/, "must be host:port"))
    .min(1)
    .describe("Brokers to start from, host:port. With this key Earshot is distributed."),
  clientId: z.string().min(1).max(100).default("earshot").describe("Name shown in the brokers' logs."),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,60}$/, "must be of A-Z, a-z, 0-9, dot, _ and -")
    .default("")
    .describe("Put before every topic and group name: several Earshots can share a cluster."),
  tls: z.union([z.boolean(), KafkaTls]).default(false).describe("Encrypt; true, or the files to trust."),
  sasl: KafkaSasl.optional().describe("How to log in. Absent: nobody asks."),
  createTopics: z.boolean().default(true).describe("Create missing topics at start."),
  partitions: z
    .int()
    .min(1)
    .max(1_000)
    .default(12)
    .describe("Partitions of topics Earshot creates: the most workers of one kind that share the work."),
  replication: z.int().min(1).max(9).default(1).describe("Copies of topics Earshot creates; 3 on a cluster."),
  retentionDays: z.number().positive().default(7).describe("How long `mentions` can be replayed."),
  maxMessageBytes: z
    .int()
    .min(100_000)
    .max(90_000_000)
    .default(32_000_000)
    .describe("Largest message; larger records become dead letters, larger dead letters lose their payload."),
});
export type KafkaConfig = z.infer<typeof KafkaConfig>;

const Monitor = z.strictObject({
  host: z
    .string()
    .default("127.0.0.1")
    .describe(
      "Address each worker answers /healthz and /metrics on. Anything but loopback needs api.tokens.",
    ),
  port: z.int().min(0).max(65_535).default(0).describe("Its port; 0 = any free one, named in the log."),
});

const Reading = z.strictObject({
  threads: z
    .int()
    .min(0)
    .max(256)
    .optional()
    .describe(
      "Threads that read mentions in bulk, beside the main one; 0 = none, the main one reads. Absent: one less than there are cores, at least one.",
    ),
  stronger: AskModel.optional().describe(
    "A language model that reads sentiment, complaint and aspects again; docs/stronger-reader.md. Absent: none does.",
  ),
});

/**
 * The schema of `earshot.yaml`, built from the ingestors and receivers there are, so that a new one is configurable at once.
 */
export function configSchema(ingestors: readonly Ingestor[], receivers: readonly ReceiverKind[] = []) {
  const sources = ingestors
    .filter((ingestor) => ingestor.source.mode !== "import")
    .map((ingestor) =>
      z
        .strictObject({
          type: z.literal(ingestor.name),
          id: Slug.describe("Name of this source; owns its cursor, so do not rename it lightly."),
          trackers: z.array(Slug).default([]).describe("Trackers its mentions belong to."),
          schedule: z
            .string()
            .default(ingestor.source.schedule)
            .describe("When to poll, as a cron expression in UTC."),
          matching: z
            .enum(["query", "all"])
            .default(ingestor.source.scope)
            .describe(
              "`query`: keep what a tracker's query matches. `all`: keep everything, for all its trackers.",
            ),
          keepDays: z
            .int()
            .positive()
            .optional()
            .describe("Days after its publication a mention is removed for good. Absent: it is kept."),
          rereadPerHour: z
            .int()
            .nonnegative()
            .max(100_000)
            .default(ingestor.source.rereadPerHour ?? 600)
            .describe(
              "Most mentions read again an hour, where the platform allows it: counters, edits, deletions. 0 = none.",
            ),
          budget: BudgetLimits.prefault({}).describe("What it may spend; it pauses when that is spent."),
          ...ingestor.config.shape,
        })
        .describe(ingestor.summary),
    );
  const [first, ...rest] = sources;
  const source = first === undefined ? z.never() : z.discriminatedUnion("type", [first, ...rest]);
  return z
    .strictObject({
      dataDir: z.string().min(1).default("./data").describe("Folder of the embedded store."),
      trackers: z.array(Tracker).default([]).describe("What you follow: brands, products, competitors."),
      sources: z.array(source).default([]).describe("What is listened to."),
      aspects: AspectDictionary.default({}),
      redactPii: z
        .strictObject({
          key: z
            .string()
            .min(16)
            .describe(
              "Makes pseudonyms of authors' ids; keep it secret and never change it: ${PSEUDONYM_KEY}.",
            ),
        })
        .optional()
        .describe(
          "Replace e-mail addresses, phone numbers, cards, IBANs and the like by marks, and authors by pseudonyms, " +
            "before anything is stored. Absent: everything is kept as it was said.",
        ),
      reading: Reading.prefault({}).describe("How mentions are read: sentiment, complaints and the rest."),
      imports: z
        .record(Slug, ImportPlan)
        .default({})
        .describe("Named mappings for `earshot import --mapping`."),
      changes: ChangesConfig.prefault({}).describe(
        "What you did that customers could notice; docs/changes.md.",
      ),
      exposureMeasure: Slug.optional().describe(
        "The imported exposure every rate is per, where several are imported: orders; `voices`: people heard, whatever is imported. " +
          "Absent: the one of the most days.",
      ),
      alerts: alertsSchema(receivers)
        .prefault({})
        .describe("Who is told when something happens; docs/alerts.md."),
      clickhouse: ClickHouse.prefault({}).describe("Where everything is stored."),
      kafka: KafkaConfig.optional().describe("Topics between processes. Absent: everything runs in one."),
      api: Api.prefault({}).describe("The web page and HTTP API."),
      monitor: Monitor.prefault({}).describe("Health and metrics of the worker processes."),
      logLevel: z.enum(["debug", "info", "warn", "error"]).default("info").describe("What is logged."),
    })
    .superRefine((config, context) => {
      const known = new Set(config.trackers.map((tracker) => tracker.id));
      config.trackers.forEach(({ query }, index) => {
        const fault = query === undefined ? undefined : faultOf(query);
        if (fault !== undefined) {
          context.addIssue({ code: "custom", path: ["trackers", index, "query"], message: fault });
        }
      });
      for (const { path, message } of changeFaults(config.changes, known)) {
        context.addIssue({ code: "custom", path: ["changes", ...path], message });
      }
      for (const { path, message } of alertFaults(config.alerts, known, receivers)) {
        context.addIssue({ code: "custom", path: ["alerts", ...path], message });
      }
      const { publicUrl, signingKey } = config.alerts;
      if (publicUrl !== undefined && signingKey === undefined && config.clickhouse.url !== undefined) {
        context.addIssue({
          code: "custom",
          path: ["alerts", "signingKey"],
          message:
            "is needed with publicUrl where the store is not the embedded one: 32 characters or more, the same for all processes",
        });
      }
      const ids = new Set<string>();
      config.sources.forEach((entry, index) => {
        const found = entry as SourceConfig;
        if (ids.has(found.id)) {
          context.addIssue({
            code: "custom",
            path: ["sources", index, "id"],
            message: `${found.id} is used twice`,
          });
        }
        ids.add(found.id);
        const ingestor = ingestors.find(({ name }) => name === found.type);
        // what keys mean together is known to the ingestor's own schema alone
        for (const { path, message } of ingestor === undefined ? [] : faultsOf(ingestor, found)) {
          context.addIssue({ code: "custom", path: ["sources", index, ...path], message });
        }
        found.trackers.forEach((tracker, position) => {
          if (known.has(tracker)) return;
          const path = ["sources", index, "trackers", position];
          context.addIssue({ code: "custom", path, message: `no tracker ${tracker} under trackers:` });
        });
      });
    });
}

/** One entry of `sources:`; beside these keys it holds those of its ingestor's own config. */
export interface SourceConfig {
  readonly type: string;
  readonly id: string;
  readonly trackers: readonly string[];
  readonly schedule: string;
  readonly matching: "query" | "all";
  readonly keepDays?: number | undefined;
  readonly rereadPerHour: number;
  readonly budget: BudgetLimits;
  readonly [key: string]: unknown;
}

export type Config = Omit<z.infer<ReturnType<typeof configSchema>>, "sources" | "alerts"> & {
  readonly sources: readonly SourceConfig[];
  readonly alerts: AlertsConfig;
};

/** What is wrong with a query; undefined when nothing is. */
function faultOf(query: string): string | undefined {
  try {
    parseQuery(query);
    return undefined;
  } catch (error) {
    if (error instanceof EarshotError) return error.message;
    throw error;
  }
}

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** @throws {EarshotError} config_invalid when the address can be reached from other machines and nobody needs a token */
export function requireTokens(host: string, api: Pick<Config["api"], "tokens" | "allowedHosts">): void {
  if (api.tokens.length > 0) return;
  if (isLoopback(host) && api.allowedHosts.length === 0) return;
  const opened = isLoopback(host) ? `Answering to ${api.allowedHosts.join(", ")}` : `Listening on ${host}`;
  throw new EarshotError(
    "config_invalid",
    `${opened} needs at least one token under api.tokens; make one with: earshot token NAME`,
  );
}

/**
 * Checks a config as read from YAML, with `${NAME}` references replaced from `variables`. Pure.
 * @param origin what to call the config in messages, usually its path
 * @throws {EarshotError} config_invalid listing every fault with its path, all missing variables at once
 */
export function parseConfig(
  raw: unknown,
  ingestors: readonly Ingestor[],
  variables: Readonly<Record<string, string | undefined>>,
  origin: string,
  receivers: readonly ReceiverKind[] = [],
): Config {
  const missing = new Set<string>();
  const resolved = resolveReferences(raw ?? {}, variables, missing);
  if (missing.size > 0) {
    const names = [...missing].join(", ");
    throw new EarshotError(
      "config_invalid",
      `${origin} refers to variables that are not set: ${names}. Set them (or put them in .env).`,
    );
  }
  const parsed = configSchema(ingestors, receivers).safeParse(resolved);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${formatPath(issue.path)}: ${issue.message}`);
  throw new EarshotError("config_invalid", `${origin} is not right:\n${faults.join("\n")}`, {
    details: parsed.error.issues,
  });
}

/** The part of a source entry its ingestor's own schema knows. */
export function ingestorConfig(ingestor: Ingestor, source: SourceConfig): unknown {
  return ingestor.config.parse(ownKeys(ingestor, source));
}

function ownKeys(ingestor: Ingestor, source: SourceConfig): Record<string, unknown> {
  const own = Object.keys(ingestor.config.shape).filter((key) => source[key] !== undefined);
  return Object.fromEntries(own.map((key) => [key, source[key]]));
}

function faultsOf(ingestor: Ingestor, source: SourceConfig): readonly z.core.$ZodIssue[] {
  return ingestor.config.safeParse(ownKeys(ingestor, source)).error?.issues ?? [];
}

function resolveReferences(
  value: unknown,
  variables: Readonly<Record<string, string | undefined>>,
  missing: Set<string>,
): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_reference, name: string) => {
      const found = variables[name];
      if (found === undefined) missing.add(name);
      return found ?? "";
    });
  }
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, variables, missing));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolveReferences(item, variables, missing)]),
    );
  }
  return value;
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "(top)";
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}
