import { describe, expect, test } from "vitest";
import { openApiDocument } from "../../api/open-api.ts";
import { queries } from "../../queries/index.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: { readonly type?: string; readonly enum?: string[]; readonly default?: unknown };
  readonly style?: string;
  readonly explode?: boolean;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: Parameter[];
  readonly responses: Record<string, object>;
}

const document = openApiDocument(queries, "1.2.3");
const paths = document["paths"] as Record<string, Record<string, Operation>>;
const operations = Object.values(paths).flatMap((path) => Object.values(path));

function parameterOf(query: string, name: string): Parameter | undefined {
  return paths[`/api/v1/queries/${query}`]?.["get"]?.parameters?.find((parameter) => parameter.name === name);
}

describe("the OpenAPI document", () => {
  test("is OpenAPI 3.1 that survives JSON", () => {
    expect(document["openapi"]).toBe("3.1.0");
    expect(document["info"]).toMatchObject({ title: "Earshot", version: "1.2.3" });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  test("has every route, each with a name of its own and described answers", () => {
    for (const query of queries) expect(paths).toHaveProperty([`/api/v1/queries/${query.name}`, "get"]);
    for (const path of [
      "/healthz",
      "/api/v1/status",
      "/api/v1/queries",
      "/api/v1/demo",
      "/api/v1/openapi.json",
      "/v1/ingest/{source}",
      "/api/v1/mentions/{id}/corrections",
      "/api/v1/issues/{tracker}/{issue}/events",
      "/api/v1/issues/{tracker}/{issue}/why",
      "/api/v1/alerts/{alert}/events",
      "/api/v1/alert-silences",
      "/alerts/do",
      "/api/v1/changes",
      "/api/v1/exposures",
    ]) {
      expect(paths).toHaveProperty([path]);
    }
    expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
    for (const operation of operations) {
      expect(operation.summary).not.toBe("");
      expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
    }
  });

  test("describes every parameter of every query and requires only what it is about", () => {
    for (const query of queries) {
      const described = paths[`/api/v1/queries/${query.name}`]?.["get"]?.parameters ?? [];
      expect(described.map((parameter) => parameter.name)).toEqual(Object.keys(query.params.shape));
      for (const parameter of described) {
        expect(parameter.description, `${query.name} ${parameter.name}`).toMatch(/\.$/);
        expect(parameter.schema.type, `${query.name} ${parameter.name}`).toBeDefined();
      }
      const required = described.filter((parameter) => parameter.required).map(({ name }) => name);
      expect(["", "tracker,issue", "alert"], query.name).toContain(required.join());
    }
    expect(parameterOf("summary", "tracker")?.required).toBe(false);
  });

  test("says that lists are written with commas, which choices there are and what is the default", () => {
    expect(parameterOf("summary", "platform")).toMatchObject({
      in: "query",
      style: "form",
      explode: false,
      schema: { type: "array", items: { type: "string" } },
    });
    expect(parameterOf("mention_volume", "interval")?.schema).toMatchObject({
      enum: ["hour", "day", "week"],
      default: "day",
    });
    expect(parameterOf("latest_mentions", "limit")?.schema).toMatchObject({ type: "integer", maximum: 200 });
  });

  test("names what a request says in snake_case, as answers do", () => {
    const request = JSON.stringify(paths["/api/v1/issues/{tracker}/{issue}/events"]?.["post"]);
    expect(request).toContain('"until_voices"');
    expect(request).toContain('"required":["kind","reason","until"]');
    expect(request).not.toContain("untilVoices");
  });

  test("has no reference that leads nowhere", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path]) => path ?? "",
    );
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) expect(document).toHaveProperty(reference.split("/"));
  });
});
