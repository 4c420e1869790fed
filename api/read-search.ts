import type { z } from "zod";
import { refused } from "./read-body.ts";

/**
 * What a request asks for in its address: a name given once is text, a repeated one a list; an empty one was left blank in
 * a form and counts as absent.
 * @param message what is said where it cannot be asked for
 * @throws {EarshotError} request_invalid
 */
export function readSearch<S extends z.ZodObject>(schema: S, address: string, message: string): z.infer<S> {
  const search = new URL(address).searchParams;
  const given = [...new Set(search.keys())]
    .map((name) => [name, search.getAll(name).filter((value) => value !== "")] as const)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const);
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw refused(message, parsed.error);
}
