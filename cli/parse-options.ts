import type { z } from "zod";
import { EarshotError } from "../core/errors.ts";

/**
 * The options of a command as a schema has them; what was not given is left out.
 * @throws {EarshotError} request_invalid, naming each option that is wrong
 */
export function parseOptions<S extends z.ZodType>(
  schema: S,
  options: Readonly<Record<string, unknown>>,
): z.infer<S> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${optionOf(path)}${message}`);
  throw new EarshotError("request_invalid", `This cannot be asked for. ${faults.join("; ")}.`);
}

/** `endsAt` is written --ends-at. */
function optionOf([name]: readonly PropertyKey[]): string {
  return name === undefined
    ? ""
    : `--${String(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: `;
}
