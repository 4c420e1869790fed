/**
 * Records as other programs see them in a topic: snake_case, like the columns of the store. Together with `rows.ts`
 * the only place that maps names.
 */

const WIRE_NAMES = new Map<string, string>();

/** The value with the keys of every object in snake_case. */
export function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== "object" || value === null) return value;
  const renamed: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) renamed[wireName(name)] = toWire(inner);
  return renamed;
}

/** `publishedAt` → `published_at`. */
export function wireName(name: string): string {
  let found = WIRE_NAMES.get(name);
  if (found === undefined) {
    found = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    WIRE_NAMES.set(name, found);
  }
  return found;
}

/** Deeper than any record; what lies below is not looked at, so that no message can exhaust the stack. */
const MAX_DEPTH = 20;

/** The value with the keys of every object in camelCase. What came from outside is checked by the record's schema next. */
export function fromWire(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((inner) => fromWire(inner, depth + 1));
  // without a prototype `__proto__` is a name like any other
  const renamed = Object.create(null) as Record<string, unknown>;
  for (const [name, inner] of Object.entries(value)) renamed[recordName(name)] = fromWire(inner, depth + 1);
  return renamed;
}

/** Names that others make up are not remembered without end. */
const MAX_NAMES = 1_000;
const RECORD_NAMES = new Map<string, string>();

function recordName(name: string): string {
  let found = RECORD_NAMES.get(name);
  if (found === undefined) {
    found = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (RECORD_NAMES.size < MAX_NAMES) RECORD_NAMES.set(name, found);
  }
  return found;
}
