import { z } from "zod";
import { wireName } from "../schemas/wire.ts";

/** A piece of an OpenAPI document. */
export type Schema = Readonly<Record<string, unknown>>;

export const errorBody = z.strictObject({
  code: z.string().describe("Error code; see the error table in the documentation."),
  message: z.string().describe("What happened, to what, and what to do."),
  details: z.unknown().describe("Structured facts, or null."),
});

/** What every error is answered with, by reference. */
export const ERROR_ANSWER: Schema = { $ref: "#/components/responses/Error" };

/** An answer in JSON. */
export function answer(description: string, body: z.ZodType): Schema {
  return { description, content: { "application/json": { schema: jsonSchema(body) } } };
}

/** The answers of an operation, and what every error is answered with. */
export function withErrors(responses: Schema): Schema {
  return { ...responses, default: ERROR_ANSWER };
}

/** A part of a path. */
export function pathParameter(name: string, description: string): Schema {
  return { name, in: "path", required: true, description, schema: { type: "string" } };
}

/** What a request has to say in its body, names in snake_case. */
export function requestBody(body: z.ZodType, description?: string): Schema {
  return {
    required: true,
    ...(description === undefined ? {} : { description }),
    content: { "application/json": { schema: inWireNames(jsonSchema(body, "input")) } },
  };
}

/** The JSON schema of a type, without the dialect: that is said once, by the version of OpenAPI. */
export function jsonSchema(type: z.ZodType, io: "input" | "output" = "output"): Schema {
  const schema = z.toJSONSchema(type, { io });
  delete schema.$schema;
  return schema;
}

/** The record as other programs see it, see `toWire`. */
export function wireRecord(record: z.ZodObject): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(Object.entries(record.shape).map(([name, type]) => [wireName(name), type])),
  );
}

/** The schema with the names of all properties in snake_case. */
function inWireNames(schema: unknown): Schema {
  return renamed(schema) as Schema;
}

function renamed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(renamed);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, inner]: [string, unknown]) => {
      if (key === "required" && Array.isArray(inner))
        return [key, inner.map((name) => wireName(String(name)))];
      if (key !== "properties" || typeof inner !== "object" || inner === null) return [key, renamed(inner)];
      return [
        key,
        Object.fromEntries(Object.entries(inner).map(([name, of]) => [wireName(name), renamed(of)])),
      ];
    }),
  );
}
