import { EngineError } from "./engine.ts";

// ClickHouse's DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION: from here on a flag follows the type of each column.
const CUSTOM_SERIALIZATION_REVISION = 54_454;
// field 1 (is_overflows) = 0, field 2 (bucket_num) = -1, end
const BLOCK_INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const DEFAULT_SERIALIZATION = Buffer.from([0]);
const MAX_TEXT_BYTES = 1 << 24;

/**
 * Native blocks as files have them (revision 0, all the engine writes), as the blocks of a protocol revision.
 *
 * Bytes pass through as they come, in chunks cut anywhere; only headers are put between them, so no more than a
 * chunk is in memory. A column's length is not in its header: its type tells how to walk over it.
 *
 * @param revision what the client understands; below 54454 everything stays as it is, for clickhouse-connect asks for
 *   54405, takes revision 0 as well, and so gets every type
 * @throws {EngineError} code 48 for a column of a type that cannot be walked, code 33 for bytes that are not Native
 * @see https://clickhouse.com/docs/native-protocol/server#block
 */
export async function* withRevision(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  revision: number,
): AsyncGenerator<Buffer, void, void> {
  if (!(revision >= CUSTOM_SERIALIZATION_REVISION)) {
    yield* source;
    return;
  }
  const tape = createTape();
  const walker = walkBlocks(tape);
  walker.next();
  for await (const chunk of source) {
    tape.feed(chunk);
    walker.next();
    yield tape.take();
  }
  if (!tape.isAtBlock()) throw notNative("it ends inside a block");
}

/** How to find the end of a column: what it takes per row, or what its parts take. */
type Layout =
  | { readonly kind: "fixed"; readonly size: number }
  | { readonly kind: "string" }
  | { readonly kind: "array"; readonly of: Layout }
  | { readonly kind: "sequence"; readonly of: readonly Layout[] }
  /** LowCardinality: distinct values, and numbers that point to them. */
  | { readonly kind: "dictionary"; readonly of: Layout };

/** A generator that stops wherever the chunk at hand ends, and goes on in the next. */
type Walk<T = void> = Generator<void, T, void>;

type Tape = ReturnType<typeof createTape>;

function createTape() {
  let chunk: Buffer = Buffer.alloc(0);
  let at = 0;
  let copied = 0;
  let out: Buffer[] = [];
  let isBetween = true;

  function* byte(): Walk<number> {
    for (;;) {
      const value = chunk[at];
      if (value !== undefined) {
        at++;
        return value;
      }
      yield;
    }
  }

  function* skip(count: number): Walk {
    let left = count;
    while (left > chunk.length - at) {
      left -= chunk.length - at;
      at = chunk.length;
      yield;
    }
    at += left;
  }

  function* varint(): Walk<number> {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const next = yield* byte();
      value += (next & 127) * scale;
      if (next < 128 && value <= Number.MAX_SAFE_INTEGER) return value;
    }
    throw notNative("a size is too large");
  }

  function* uint64(): Walk<number> {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 56; scale *= 256) value += (yield* byte()) * scale;
    if (value > Number.MAX_SAFE_INTEGER) throw notNative("a size is too large");
    return value;
  }

  return {
    byte,
    skip,
    varint,
    uint64,

    *text(): Walk<string> {
      const length = yield* varint();
      if (length > MAX_TEXT_BYTES) throw notNative("a name is too long");
      const bytes: Buffer[] = [];
      for (let left = length; left > 0;) {
        const part = chunk.subarray(at, at + left);
        // the chunk is gone when the walk goes on
        bytes.push(Buffer.from(part));
        left -= part.length;
        at += part.length;
        if (left > 0) yield;
      }
      return Buffer.concat(bytes).toString("utf8");
    },

    *strings(rows: number): Walk {
      for (let row = 0; row < rows; row++) {
        const length = chunk[at];
        // most strings are short and whole: no generator for them
        if (length !== undefined && length < 128 && at + length < chunk.length) at += 1 + length;
        else yield* skip(yield* varint());
      }
    },

    /** Waits for the first byte of a block: only then is there one. */
    *begin(): Walk {
      isBetween = true;
      while (at >= chunk.length) yield;
      isBetween = false;
    },

    insert(bytes: Buffer): void {
      out.push(chunk.subarray(copied, at), bytes);
      copied = at;
    },

    feed(next: Buffer): void {
      chunk = next;
      at = 0;
      copied = 0;
    },

    /** What was fed, with what was inserted. */
    take(): Buffer {
      const taken = out.length === 0 ? chunk : Buffer.concat([...out, chunk.subarray(copied)]);
      out = [];
      return taken;
    },

    isAtBlock: (): boolean => isBetween,
  };
}

function* walkBlocks(tape: Tape): Walk {
  for (;;) {
    yield* tape.begin();
    tape.insert(BLOCK_INFO);
    const columns = yield* tape.varint();
    const rows = yield* tape.varint();
    for (let column = 0; column < columns; column++) {
      const name = yield* tape.text();
      const type = yield* tape.text();
      const layout = layoutOf(type);
      if (layout === undefined) {
        throw new EngineError(
          48,
          "NOT_IMPLEMENTED",
          `The embedded store cannot send the column '${name.slice(0, 100)}' of type ${type.slice(0, 100)} to this client; ` +
            "select it as text (toString, toJSONString), or ask for another format, such as JSONEachRow.",
        );
      }
      tape.insert(DEFAULT_SERIALIZATION);
      if (rows === 0) continue;
      yield* tape.skip(prefixOf(layout));
      yield* walkColumn(tape, layout, rows);
    }
  }
}

function* walkColumn(tape: Tape, layout: Layout, rows: number): Walk {
  // nothing at all is written for no rows, not even the sizes of a dictionary
  if (rows === 0) return;
  switch (layout.kind) {
    case "fixed":
      yield* tape.skip(rows * layout.size);
      break;
    case "string":
      yield* tape.strings(rows);
      break;
    case "array":
      // where each row ends; where the last one ends is how many elements there are
      yield* tape.skip((rows - 1) * 8);
      yield* walkColumn(tape, layout.of, yield* tape.uint64());
      break;
    case "sequence":
      for (const part of layout.of) yield* walkColumn(tape, part, rows);
      break;
    case "dictionary": {
      const pointerSize = 2 ** ((yield* tape.byte()) & 3);
      yield* tape.skip(7);
      yield* walkColumn(tape, layout.of, yield* tape.uint64());
      yield* tape.skip((yield* tape.uint64()) * pointerSize);
    }
  }
}

/** Bytes in front of a column: a version for each dictionary in it, however deep. */
function prefixOf(layout: Layout): number {
  if (layout.kind === "dictionary") return 8;
  if (layout.kind === "array") return prefixOf(layout.of);
  return layout.kind === "sequence" ? layout.of.reduce((sum, part) => sum + prefixOf(part), 0) : 0;
}

const SIZES: Readonly<Record<string, number>> = {
  ...{ UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, UInt128: 16, UInt256: 32 },
  ...{ Int8: 1, Int16: 2, Int32: 4, Int64: 8, Int128: 16, Int256: 32 },
  ...{ Float32: 4, Float64: 8, BFloat16: 2, Bool: 1, Enum8: 1, Enum16: 2, UUID: 16, IPv4: 4, IPv6: 16 },
  ...{ Date: 2, Date32: 4, DateTime: 4, DateTime64: 8, Time: 4, Time64: 8, Nothing: 1 },
};
const SYNONYMS: Readonly<Record<string, string>> = {
  ...{ Point: "Tuple(Float64, Float64)", Ring: "Array(Point)", LineString: "Array(Point)" },
  ...{ Polygon: "Array(Ring)", MultiLineString: "Array(LineString)", MultiPolygon: "Array(Polygon)" },
};

function layoutOf(type: string): Layout | undefined {
  const [, name = "", inside] = /^(\w+)(?:\(([^]*)\))?$/.exec(type.trim()) ?? [];
  const fixed = (size: number): Layout => ({ kind: "fixed", size });
  const arrayOf = (of: Layout | undefined): Layout | undefined => of && { kind: "array", of };
  if (Object.hasOwn(SIZES, name)) return fixed(SIZES[name] ?? 0);
  if (/^Interval[A-Z][a-z]+$/.test(name)) return fixed(8);
  if (Object.hasOwn(SYNONYMS, name)) return layoutOf(SYNONYMS[name] ?? "");
  if (name === "String") return { kind: "string" };
  const parts = splitArguments(inside ?? "");
  const [first = "", second = ""] = parts;
  switch (name) {
    case "FixedString":
      return /^\d+$/.test(first) ? fixed(Number(first)) : undefined;
    case "Decimal": {
      const digits = Number(first);
      return fixed(digits <= 9 ? 4 : digits <= 18 ? 8 : digits <= 38 ? 16 : 32);
    }
    case "Nullable":
      return sequenceOf([fixed(1), layoutOf(first)]);
    case "LowCardinality": {
      const of = layoutOf(first.replace(/^Nullable\(([^]*)\)$/, "$1"));
      return of && { kind: "dictionary", of };
    }
    case "Array":
      return arrayOf(layoutOf(first));
    case "Map":
      return arrayOf(sequenceOf([layoutOf(first), layoutOf(second)]));
    case "Nested":
      return arrayOf(sequenceOf(parts.map((part) => layoutOf(withoutName(part)))));
    case "Tuple":
      return parts.length === 0 ? fixed(1) : sequenceOf(parts.map((part) => layoutOf(withoutName(part))));
    case "SimpleAggregateFunction":
      return layoutOf(second);
    default:
      return undefined;
  }
}

function sequenceOf(parts: readonly (Layout | undefined)[]): Layout | undefined {
  const of = parts.filter((part) => part !== undefined);
  return of.length === parts.length ? { kind: "sequence", of } : undefined;
}

/** `a UInt8` and `` `b c` UInt8 `` are UInt8. */
function withoutName(element: string): string {
  return element.replace(/^(?:\w+|`(?:[^`\\]|\\[^])*`) (?=\w)/, "");
}

/** The arguments of a type, cut at the commas that are in no quotes and no parentheses. */
function splitArguments(inside: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of inside.matchAll(/'(?:[^'\\]|\\[^])*'|`(?:[^`\\]|\\[^])*`|[(),]/g)) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (token === "," && depth === 0) {
      parts.push(inside.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = inside.slice(start).trim();
  return last === "" ? parts : [...parts, last];
}

function notNative(reason: string): EngineError {
  return new EngineError(33, "CANNOT_READ_ALL_DATA", `The engine's Native output cannot be read: ${reason}.`);
}
