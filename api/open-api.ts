import { z } from "zod";
import type { Query } from "../core/contracts.ts";
import { Correction, CorrectionRequest } from "../schemas/correction.ts";
import { wireName } from "../schemas/wire.ts";

type Schema = Readonly<Record<string, unknown>>;

const errorBody = z.strictObject({
  code: z.string().describe("Error code; see the error table in the documentation."),
  message: z.string().describe("What happened, to what, and what to do."),
  details: z.unknown().describe("Structured facts, or null."),
});

export const healthBody = z.strictObject({
  status: z
    .enum(["ok", "waiting", "failed"])
    .describe("waiting: something is away and tried again. failed: the store does not answer."),
  waiting: z
    .array(
      z.strictObject({
        what: z.string().describe("What cannot go on."),
        reason: z.string().describe("Why, at the latest try."),
        since: z.string().describe("Time of the first try that failed, UTC."),
      }),
    )
    .optional()
    .describe("What is waited for. Only for those who may read the API."),
});

export const statusBody = z.strictObject({
  version: z.string().describe("Version of Earshot."),
  is_empty: z.boolean().describe("True when nothing is stored yet."),
  mentions: z.int().nonnegative().describe("Mentions stored, our own included."),
  demo: z.strictObject({ state: z.string(), progress: z.number() }).describe("Loading of the demo data."),
  trackers: z
    .array(z.strictObject({ id: z.string(), name: z.string() }))
    .describe("What is followed or was imported."),
  now: z.string().describe("The server's time, UTC."),
});

export const pushBody = z.strictObject({
  accepted: z.int().nonnegative().describe("Mentions stored: new, edited or met again."),
  deleted: z.int().nonnegative().describe("Deletions stored."),
  skipped: z.int().nonnegative().describe("Records that no tracker's query matches."),
  rejected: z
    .array(
      z.strictObject({
        index: z.int().nonnegative().describe("Place among the records of the push, from 0."),
        id: z.string().optional().describe("The record's own id, when it has one."),
        code: z.string().describe("Error code."),
        reason: z.string().describe("What is wrong with it."),
      }),
    )
    .readonly()
    .describe("Records that could not be stored; each is kept as a dead letter."),
});

export const correctionBody = z.strictObject(
  Object.fromEntries(Object.entries(Correction.shape).map(([name, type]) => [wireName(name), type])),
);

const queryList = z.strictObject({
  queries: z.array(z.strictObject({ name: z.string(), summary: z.string() })),
});

/** The OpenAPI 3.1 document of the whole API; each query is a path of its own, with its parameters and row. */
export function openApiDocument(
  queries: readonly Query<z.ZodObject, z.ZodObject>[],
  version: string,
): Schema {
  const ofQueries = queries.map((query) => [`/api/v1/queries/${query.name}`, { get: queryOperation(query) }]);
  return {
    openapi: "3.1.0",
    info: {
      title: "Earshot",
      version,
      description:
        "Named questions to what Earshot has heard. Every answer carries the SQL that gives the same rows.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    // the second alternative: on loopback no token is needed
    security: [{ bearer: [] }, {}],
    paths: {
      "/healthz": {
        get: {
          operationId: "healthz",
          summary: "Whether Earshot and its store answer, and nothing is waited for.",
          security: [{}],
          responses: {
            200: answer("It does.", healthBody),
            503: answer("Something is away; it is tried again.", z.union([healthBody, errorBody])),
          },
        },
      },
      "/metrics": {
        get: {
          operationId: "metrics",
          summary: "What this process counts, as Prometheus reads it.",
          responses: withErrors({
            200: {
              description: "The metrics.",
              content: { "text/plain": { schema: { type: "string" } } },
            },
          }),
        },
      },
      "/api/v1/status": {
        get: {
          operationId: "status",
          summary: "What this installation is and holds.",
          responses: withErrors({ 200: answer("The status.", statusBody) }),
        },
      },
      "/api/v1/queries": {
        get: {
          operationId: "queries",
          summary: "The questions that can be asked.",
          responses: withErrors({ 200: answer("Names and summaries.", queryList) }),
        },
      },
      ...(Object.fromEntries(ofQueries) as Schema),
      "/api/v1/demo": {
        post: {
          operationId: "load_demo",
          summary: "Starts loading the demo data; needs the role admin. Progress is in the status.",
          responses: withErrors({
            202: answer(
              "It has started, or was running.",
              z.strictObject({ state: z.enum(["started", "running"]) }),
            ),
          }),
        },
      },
      "/api/v1/mentions/{id}/corrections": { post: correctOperation() },
      "/v1/ingest/{source}": { post: pushOperation() },
      "/api/v1/openapi.json": {
        get: {
          operationId: "openapi",
          summary: "This document.",
          responses: withErrors({ 200: answer("The document.", z.record(z.string(), z.unknown())) }),
        },
      },
    },
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A token made with `earshot token`." },
      },
      responses: { Error: answer("What went wrong.", errorBody) },
    },
  };
}

function correctOperation(): Schema {
  return {
    operationId: "correct_mention",
    summary:
      "Records what a person says of a mention instead of what was read; needs the role analyst. It holds at once.",
    parameters: [
      {
        name: "id",
        in: "path",
        required: true,
        description: "Id of the mention, percent-encoded.",
        schema: { type: "string" },
      },
    ],
    requestBody: {
      required: true,
      content: { "application/json": { schema: jsonSchema(CorrectionRequest, "input") } },
    },
    responses: withErrors({
      201: answer("The fact as it was recorded.", correctionBody),
      404: { $ref: "#/components/responses/Error" },
      413: { $ref: "#/components/responses/Error" },
    }),
  };
}

function pushOperation(): Schema {
  const record = z.record(z.string(), z.unknown()).describe("One mention, or one deletion.");
  const records = z.array(record).max(500);
  const body = z.union([records, z.strictObject({ items: records })]);
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: "header",
    required,
    description,
    schema: { type: "string" },
  });
  return {
    operationId: "push",
    summary:
      "Pushes mentions to a source of the type webhook; docs/sources/webhook.md says what a record holds.",
    // the signature is the credential
    security: [{}],
    parameters: [
      {
        name: "source",
        in: "path",
        required: true,
        description: "Id of the source.",
        schema: { type: "string" },
      },
      header("X-Earshot-Timestamp", true, "Seconds since 1970 at the time of sending."),
      header(
        "X-Earshot-Signature",
        true,
        'v1=<hex HMAC-SHA256 of "<timestamp>.<body>" with the source\'s secret>.',
      ),
      header("Idempotency-Key", false, "The same key with the same body gets the same answer for a day."),
    ],
    requestBody: {
      required: true,
      description: "At most 1 MB and 500 records.",
      content: {
        "application/json": { schema: jsonSchema(body, "input") },
        "application/x-ndjson": { schema: { type: "string" } },
      },
    },
    responses: withErrors({
      202: answer("All of it is stored.", pushBody),
      207: answer("Some records are stored, those under `rejected` are not.", pushBody),
      401: { $ref: "#/components/responses/Error" },
      409: { $ref: "#/components/responses/Error" },
      413: { $ref: "#/components/responses/Error" },
      503: { $ref: "#/components/responses/Error" },
    }),
  };
}

function queryOperation(query: Query<z.ZodObject, z.ZodObject>): Schema {
  const body = z.strictObject({
    query: z.string().describe("Name of the query."),
    params: query.params.describe("The parameters as they were understood."),
    sql: z.string().describe("The statement that gives these rows; run it with `earshot sql`."),
    rows: z.array(query.row),
  });
  return {
    operationId: query.name,
    summary: query.summary,
    parameters: Object.entries(query.params.shape).map(([name, schema]) =>
      parameter(name, schema as z.ZodType),
    ),
    responses: withErrors({ 200: answer("The rows.", body) }),
  };
}

function parameter(name: string, type: z.ZodType): Schema {
  // text is described as it is accepted; lists, numbers and flags as what their text means
  const read = jsonSchema(type);
  const { description, ...schema } = read["type"] === "string" ? jsonSchema(type, "input") : read;
  return {
    name,
    in: "query",
    required: !type.safeParse(undefined).success,
    description,
    schema,
    ...(schema["type"] === "array" ? { style: "form", explode: false } : {}),
  };
}

function answer(description: string, body: z.ZodType): Schema {
  return { description, content: { "application/json": { schema: jsonSchema(body) } } };
}

function withErrors(responses: Schema): Schema {
  return { ...responses, default: { $ref: "#/components/responses/Error" } };
}

function jsonSchema(type: z.ZodType, io: "input" | "output" = "output"): Schema {
  const schema = z.toJSONSchema(type, { io });
  // the dialect is said once, by the version of OpenAPI
  delete schema.$schema;
  return schema;
}
