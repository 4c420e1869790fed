import { z } from "zod";
import { configSchema } from "../../../core/config.ts";
import type { Ingestor } from "../../../core/contracts.ts";
import { EarshotError } from "../../../core/errors.ts";

/** Keys of a source's entry in the config, beside `type`, `id` and `trackers`. */
export type Settings = Readonly<Record<string, unknown>>;

interface JsonSchema {
  readonly type?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

const NOT_SETTINGS = new Set(["type", "id", "trackers"]);

/**
 * What `key=value` sets, with the type the key has; `budget.usdPerMonth=10` sets a key of a key.
 * @throws {EarshotError} request_invalid for a key the source does not have, naming those it has
 */
export function withSetting(settings: Settings, ingestor: Ingestor, pair: string): Settings {
  const at = pair.indexOf("=");
  if (at < 1) throw new EarshotError("request_invalid", `--set ${pair} is not key=value.`);
  const path = pair.slice(0, at).split(".");
  let schema: JsonSchema | undefined = entrySchema(ingestor);
  for (const [depth, key] of path.entries()) {
    const known: JsonSchema | undefined = Object.hasOwn(schema?.properties ?? {}, key)
      ? schema?.properties?.[key]
      : undefined;
    if (known === undefined || (depth === 0 && NOT_SETTINGS.has(key))) {
      const names = Object.keys(schema?.properties ?? {}).filter((name) => !NOT_SETTINGS.has(name));
      throw new EarshotError(
        "request_invalid",
        `A source of type ${ingestor.name} has no ${path.join(".")} to set; it has ${names.join(", ")}.`,
      );
    }
    schema = known;
  }
  return withPath(settings, path, toValue(pair.slice(at + 1), schema));
}

function withPath(settings: Settings, [key = "", ...rest]: readonly string[], value: unknown): Settings {
  const before = settings[key];
  const inner = typeof before === "object" && before !== null ? (before as Settings) : {};
  return { ...settings, [key]: rest.length === 0 ? value : withPath(inner, rest, value) };
}

/** The value an answer means for a key. */
export function valueOf(ingestor: Ingestor, key: string, answer: string): unknown {
  return toValue(answer, entrySchema(ingestor).properties?.[key]);
}

function entrySchema(ingestor: Ingestor): JsonSchema {
  const { properties } = z.toJSONSchema(configSchema([ingestor]), {
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  const entry = properties?.["sources"]?.items ?? {};
  return entry.oneOf?.[0] ?? entry.anyOf?.[0] ?? entry;
}

/** What cannot be that type stays text, and the schema says what it should be. */
function toValue(text: string, schema: JsonSchema = {}): unknown {
  const { type } = schema;
  if (type === "integer" || type === "number") {
    return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  }
  if (type === "boolean") {
    return /^(?:true|yes|y)$/i.test(text) ? true : /^(?:false|no|n)$/i.test(text) ? false : text;
  }
  if (type === "array") {
    return asJson(text) ?? text.split(",").flatMap((part) => toItem(part.trim(), schema.items));
  }
  return type === "object" ? (asJson(text) ?? text) : text;
}

/** A list of things that need nothing but one key can be written as a list of its values. */
function toItem(text: string, schema: JsonSchema = {}): unknown[] {
  if (text === "") return [];
  const [key] = schema.required ?? [];
  return [schema.type === "object" && key !== undefined ? { [key]: text } : toValue(text, schema)];
}

function asJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
