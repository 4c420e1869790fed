import { z } from "zod";
import type { Query } from "../core/contracts.ts";
import { alertPaths } from "./alert-routes.ts";
import { changePaths } from "./change-routes.ts";
import { correctionPaths } from "./correction-route.ts";
import { answer, errorBody, jsonSchema, withErrors, type Schema } from "./describe.ts";
import { issuePaths } from "./issue-routes.ts";
import { pushPaths } from "./push-route.ts";
import { whyPaths } from "./why-routes.ts";

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
      ...correctionPaths(),
      ...issuePaths(),
      ...alertPaths(),
      ...whyPaths(),
      ...changePaths(),
      ...pushPaths(),
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
