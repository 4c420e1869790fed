import { describe, expect, it } from "vitest";
import { withRevision } from "../../sinks/embedded-clickhouse/native-revision.ts";

const REVISION = 54_460;
const INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const FLAG = Buffer.from([0]);

const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const varint = (value: number): Buffer =>
  Buffer.from(value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);
const text = (value: string): Buffer => Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]);

interface Column {
  readonly name: string;
  readonly type: string;
  readonly data: Buffer;
}

function blockOf(rows: number, columns: readonly Column[], info: Buffer, flag: Buffer): Buffer {
  const parts = columns.flatMap(({ name, type, data }) => [text(name), text(type), flag, data]);
  return Buffer.concat([info, varint(columns.length), varint(rows), ...parts]);
}

const NONE = Buffer.alloc(0);
const fromEngine = (rows: number, columns: readonly Column[]): Buffer => blockOf(rows, columns, NONE, NONE);
const forClient = (rows: number, columns: readonly Column[]): Buffer => blockOf(rows, columns, INFO, FLAG);

async function through(chunks: readonly Buffer[], revision = REVISION): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of withRevision(chunks, revision)) parts.push(part);
  return Buffer.concat(parts);
}

const zeros = (count: number): Buffer => Buffer.alloc(count);
const dictionary = (pointerSize: number, keys: readonly string[], pointers: readonly number[]): Buffer =>
  Buffer.concat([
    Buffer.from([Math.log2(pointerSize), 6, 0, 0, 0, 0, 0, 0]),
    uint64(keys.length),
    ...keys.map(text),
    uint64(pointers.length),
    ...pointers.map((pointer) => Buffer.from([pointer, ...zeros(pointerSize - 1)])),
  ]);

const two: readonly Column[] = [
  { name: "id", type: "UInt64", data: zeros(16) },
  { name: "text", type: "String", data: Buffer.concat([text("é".repeat(100)), text("")]) },
  { name: "maybe", type: "Nullable(Decimal(10, 2))", data: zeros(2 + 16) },
  {
    name: "tags",
    type: "Array(LowCardinality(Nullable(String)))",
    data: Buffer.concat([uint64(1), uint64(2), uint64(3), dictionary(2, ["", "a", "b"], [1, 2, 0])]),
  },
  {
    name: "nested",
    type: "Map(String, Tuple(a UInt16, `b ,)\\`` Array(FixedString(3))))",
    data: Buffer.concat([uint64(0), uint64(1), text("key"), zeros(2), uint64(2), zeros(6)]),
  },
  { name: "kind", type: "Enum8('x''),(\\'' = 1)", data: zeros(2) },
  { name: "end", type: "UInt8", data: Buffer.from([8, 9]) },
];

describe("Native for a protocol revision", () => {
  it("is what the engine wrote with info before blocks and flags behind types, however it is cut", async () => {
    const blocks = [fromEngine(2, two), fromEngine(0, [{ name: "x", type: "String", data: NONE }])];
    const input = Buffer.concat([...blocks, fromEngine(2, two)]);
    const expected = Buffer.concat([
      forClient(2, two),
      forClient(0, [{ name: "x", type: "String", data: NONE }]),
      forClient(2, two),
    ]);
    for (let cut = 0; cut <= input.length; cut++) {
      const output = await through([input.subarray(0, cut), input.subarray(cut)]);
      expect([cut, output.equals(expected)]).toEqual([cut, true]);
    }
    const bytes = Array.from(input, (_, index) => input.subarray(index, index + 1));
    expect((await through(bytes)).equals(expected)).toBe(true);
  });

  it("is untouched below the revision that brought the flags", async () => {
    const input = fromEngine(2, two);
    expect(await through([input], 54_453)).toEqual(input);
    expect(await through([input], 0)).toEqual(input);
    expect(await through([input], Number.NaN)).toEqual(input);
    expect(await through([])).toEqual(NONE);
  });

  it("keeps no more than the chunk at hand", async () => {
    const rows = 1 << 20;
    let given = 0;
    let taken = 0;
    const chunks = function* (): Generator<Buffer> {
      const head = Buffer.concat([varint(1), varint(64 * rows), text("x"), text("UInt64")]);
      for (const chunk of [head, ...Array.from({ length: 512 }, () => zeros(rows))]) {
        // everything given before was passed on
        expect(taken - given).toBeOneOf([0, INFO.length + FLAG.length]);
        given += chunk.length;
        yield chunk;
      }
    };
    for await (const part of withRevision(chunks(), REVISION)) taken += part.length;
    expect(taken).toBe(given + INFO.length + FLAG.length);
  });

  it.each([
    ["JSON"],
    ["Dynamic"],
    ["Variant(UInt8, String)"],
    ["AggregateFunction(sum, UInt8)"],
    ["Array(Nullable(JSON(max_dynamic_paths=8)))"],
    ["Tuple(a UInt8, b Dynamic)"],
    ["constructor"],
    ["Array(Tuple(`a String"],
    ["FixedString(x)"],
    [""],
  ])("refuses a column of type %j by name", async (type) => {
    await expect(through([fromEngine(1, [{ name: "odd", type, data: zeros(9) }])])).rejects.toMatchObject({
      code: 48,
      codeName: "NOT_IMPLEMENTED",
      message: expect.stringContaining(`the column 'odd' of type ${type}`) as string,
    });
  });

  it.each([
    ["ends inside a block", fromEngine(2, two).subarray(0, -1)],
    [
      "claims more rows than it has",
      Buffer.concat([varint(1), varint(99), text("x"), text("String"), zeros(9)]),
    ],
    ["has a size beyond 2^53", Buffer.concat([Buffer.from([1, ...zeros(8).fill(255), 1])])],
    ["has a name of 200 MB", Buffer.concat([varint(1), varint(1), varint(200_000_000), zeros(100)])],
    [
      "has an array of 2^63 elements",
      fromEngine(1, [{ name: "x", type: "Array(UInt8)", data: zeros(8).fill(255) }]),
    ],
  ])("says that it cannot be read when it %s", async (_, input) => {
    await expect(through([input])).rejects.toMatchObject({ code: 33, codeName: "CANNOT_READ_ALL_DATA" });
  });
});
