import type { z } from "zod";
import { EarshotError } from "../core/errors.ts";
import { fromWire, wireName } from "../schemas/wire.ts";

/**
 * What a request says in its body, names in snake_case as in every answer; camelCase is taken too.
 * @param what the body should be, `correction`
 * @throws {EarshotError} request_invalid
 */
export function readBody<S extends z.ZodType>(schema: S, text: string, what: string): z.infer<S> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new EarshotError("request_invalid", `This is no ${what}: the body has to be JSON.`, { cause });
  }
  const parsed = schema.safeParse(fromWire(given));
  if (parsed.success) return parsed.data;
  throw refused(`This is no ${what}.`, parsed.error);
}

/** The error of what was asked for, told for programs and for people; names are those of the request. */
export function refused(message: string, error: z.ZodError): EarshotError {
  const details = error.issues.map(({ path, message: fault }) => ({
    path: path.map((part) => (typeof part === "string" ? wireName(part) : String(part))).join("."),
    message: fault,
  }));
  const said = details.map(({ path, message: fault }) => (path === "" ? fault : `${path}: ${fault}`));
  return new EarshotError("request_invalid", `${message} ${said.join("; ")}`, { cause: error, details });
}
