import { parse as referenceCsv } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonRecord } from "../../ingestors/file/parse-json.ts";
import { MAX_RECORD_LENGTH, type RecordSplitter } from "../../ingestors/file/plan.ts";
import { csvSplitter } from "../../ingestors/file/split-csv.ts";
import { jsonSplitter } from "../../ingestors/file/split-json.ts";
import { jsonlSplitter } from "../../ingestors/file/split-lines.ts";

const comma = { delimiter: ",", isQuoted: true, lineBreak: "\n" } as const;

/** Feeds a text in pieces of the given length. */
function split(splitter: RecordSplitter, text: string, pieceLength = text.length || 1) {
  const records = [];
  for (let at = 0; at < text.length; at += pieceLength) {
    records.push(...splitter.push(text.slice(at, at + pieceLength)));
  }
  return [...records, ...splitter.end()];
}

/** Rows by line: their cells, or the word that tells their fault. */
function csvRows(text: string, shape: Parameters<typeof csvSplitter>[0] = comma, pieceLength?: number) {
  return split(csvSplitter(shape), text, pieceLength).map(({ line, cells, fault }) => [
    line,
    cells ?? /cells|never closed|inside a quoted|longer/.exec(fault ?? "")?.[0],
  ]);
}

describe("CSV rows", () => {
  it("are read with quotes, doubled quotes, and line breaks inside quotes", () => {
    expect(csvRows('a,b\n1,"x, ""y"""\n2,"one\r\ntwo\n\nthree"\r\n3,5" pipe\n')).toEqual([
      [1, ["a", "b"]],
      [2, ["1", 'x, "y"']],
      [3, ["2", "one\ntwo\n\nthree"]],
      [7, ["3", '5" pipe']],
    ]);
  });

  it("end with CRLF, with CR alone, or with the file", () => {
    expect(csvRows("a,b\r\n1,2\r\n\r\n3,4")).toEqual([
      [1, ["a", "b"]],
      [2, ["1", "2"]],
      [4, ["3", "4"]],
    ]);
    expect(csvRows("a,b\r1,2\r3,4", { ...comma, lineBreak: "\r" })).toEqual([
      [1, ["a", "b"]],
      [2, ["1", "2"]],
      [3, ["3", "4"]],
    ]);
  });

  it("are skipped when blank, and may have empty cells too many", () => {
    expect(csvRows("a,b\n\n  \n,\n1,2,,\n")).toEqual([
      [1, ["a", "b"]],
      [5, ["1", "2"]],
    ]);
  });

  it("lose only the one with an unclosed quote", () => {
    expect(csvRows('a,b\n1,"open\n2,fine\n3,"fine"\n4,fine')).toEqual([
      [1, ["a", "b"]],
      [2, "inside a quoted"],
      [3, ["2", "fine"]],
      [4, ["3", "fine"]],
      [5, ["4", "fine"]],
    ]);
    expect(csvRows('a,b\n1,fine\n2,"open\n3,fine\n4,fine')).toEqual([
      [1, ["a", "b"]],
      [2, ["1", "fine"]],
      [3, "never closed"],
      [4, ["3", "fine"]],
      [5, ["4", "fine"]],
    ]);
  });

  it("lose only the one whose unclosed quote swallows the next and then fits no header", () => {
    expect(csvRows('a,b,c\n1,"open,x\n2,fine",y\n3,"fine",z')).toEqual([
      [1, ["a", "b", "c"]],
      [2, ["1", "open,x\n2,fine", "y"]],
      [4, ["3", "fine", "z"]],
    ]);
    expect(csvRows('a,b,c\n1,"open,x\n2,fine,y"\n3,"fine",z')).toEqual([
      [1, ["a", "b", "c"]],
      [2, "cells"],
      [3, ["2", "fine", 'y"']],
      [4, ["3", "fine", "z"]],
    ]);
  });

  it("with too many or too few cells are faults", () => {
    expect(csvRows("a,b\n1\n1,2,3\n1,2")).toEqual([
      [1, ["a", "b"]],
      [2, "cells"],
      [3, "cells"],
      [4, ["1", "2"]],
    ]);
  });

  it("take quotes for text where they mean nothing", () => {
    expect(csvRows('a\tb\n1\t"half\n', { delimiter: "\t", isQuoted: false, lineBreak: "\n" })).toEqual([
      [1, ["a", "b"]],
      [2, ["1", '"half']],
    ]);
  });

  it("longer than a record may be are faults, and reading goes on with the next line", () => {
    const long = "x".repeat(MAX_RECORD_LENGTH);
    const rows = csvRows(`a,b\n1,${long}\n2,fine\n3,"${long}\n4,"fine"\n5,fine`, comma, 1_000_000);
    expect(rows).toEqual([
      [1, ["a", "b"]],
      [2, "longer"],
      [3, ["2", "fine"]],
      [4, "longer"],
      [5, ["4", "fine"]],
      [6, ["5", "fine"]],
    ]);
  });

  it("read the same whatever the chunks, and as csv-parse reads them", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", "😀", " ", ",", '"', "\n", ";"), maxLength: 8 });
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((columns) =>
        fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
      )
      .map((rows) => rows.map((row) => row.map((value, index) => (index === 0 ? `x${value}` : value))));
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 7 }), (rows, pieceLength) => {
        const text = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","))
          .join("\n");
        const read = split(csvSplitter(comma), text, pieceLength).map(({ cells }) => cells);
        expect(read).toEqual(rows);
        expect(read).toEqual(referenceCsv(text));
      }),
      { numRuns: 500 },
    );
  });

  it("account for every line of arbitrary text, whatever the chunks", () => {
    const text = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " "), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (body, pieceLength) => {
        const whole = split(csvSplitter(comma), `h,i\n${body}`);
        expect(split(csvSplitter(comma), `h,i\n${body}`, pieceLength)).toEqual(whole);
        const covered = new Set(
          whole.flatMap(({ line, text: lines }) => lines.split("\n").map((_, at) => line + at)),
        );
        const missing = `h,i\n${body}`
          .split("\n")
          .filter((line, at) => /[^\s,"]/.test(line) && !covered.has(at + 1));
        expect(missing).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Items by number: their text, or the beginning of their fault. */
function jsonItems(text: string, pieceLength?: number) {
  return split(jsonSplitter(), text, pieceLength).map(({ line, text: item, fault }) => [
    line,
    fault === undefined ? item.slice(0, 1_000) : `! ${fault.slice(0, 40)}`,
  ]);
}

const CUT = "! The file ends before its JSON does: what";

describe("JSON items", () => {
  it("are those of a list", () => {
    const text = ' [ {"a":"]},{\\"["} , {"a":[{"b":1},2]},3 ,]\n';
    expect(jsonItems(text)).toEqual([
      [1, '{"a":"]},{\\"["}'],
      [2, '{"a":[{"b":1},2]}'],
      [3, "3"],
    ]);
  });

  it.each([
    ['{"reviews":[{"a":1},{"a":2}]}'],
    ['{"meta":{"tags":["x","y"],"n":[]},"data":{"reviews":[{"a":1},{"a":2}],"next":null},"more":[{"b":1}]}'],
    ['{"columns":["a"],"matrix":[[{"no":1}]],"rows":[\n{"a":1},\n{"a":2}\n]}'],
  ])("are those of the first list of objects in %s", (text) => {
    expect(jsonItems(text)).toEqual([
      [1, '{"a":1}'],
      [2, '{"a":2}'],
    ]);
  });

  it("are the object itself where it has no list of objects", () => {
    expect(jsonItems('{"text":"fine","tags":["a"]}')).toEqual([[1, '{"text":"fine","tags":["a"]}']]);
  });

  it("before a break are kept, and the break is told", () => {
    expect(jsonItems('[{"a":1},{"a":2},{"a":')).toEqual([
      [1, '{"a":1}'],
      [2, '{"a":2}'],
      [3, CUT],
    ]);
    expect(jsonItems('[{"a":1}')).toEqual([
      [1, '{"a":1}'],
      [2, CUT],
    ]);
    expect(jsonItems('[{"a":1},{"a":"x')).toEqual([
      [1, '{"a":1}'],
      [2, CUT],
    ]);
    expect(jsonItems('{"data":[{"a":1}]')).toEqual([
      [1, '{"a":1}'],
      [2, CUT],
    ]);
  });

  it("of a file that is no JSON, or goes on after its end, are one fault", () => {
    expect(jsonItems("rubbish [1] {}")).toEqual([[1, "! This is no JSON: a list or an object sho"]]);
    expect(jsonItems("[{}] and [more]")).toEqual([
      [1, "{}"],
      [2, "! There is text after the end of the JSON "],
    ]);
    expect(jsonItems(" \n ")).toEqual([]);
    expect(jsonItems("[]")).toEqual([]);
  });

  it("longer than a record may be are faults, and reading goes on with the next item", () => {
    const long = "x".repeat(MAX_RECORD_LENGTH);
    expect(jsonItems(`[{"a":1},{"a":"${long}"},{"a":3}]`, 1_000_000)).toEqual([
      [1, '{"a":1}'],
      [2, expect.stringMatching(/^! This record is longer/)],
      [3, '{"a":3}'],
    ]);
  });

  it("are the same whatever the chunks, and as JSON.parse reads them", () => {
    const list = fc.array(fc.dictionary(fc.string(), fc.jsonValue()));
    const wrapped = list.map((items) => ({ meta: { tags: ["a"] }, data: items }));
    fc.assert(
      fc.property(
        fc.oneof(list, wrapped),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 2),
        (value, pieceLength, indent) => {
          const items = Array.isArray(value) ? value : value.data;
          fc.pre(Array.isArray(value) || items.length > 0);
          const read = split(jsonSplitter(), JSON.stringify(value, null, indent), pieceLength);
          expect(read.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
            JSON.parse(JSON.stringify(items)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("of arbitrary brackets never hang and never differ by chunk", () => {
    const text = fc.string({
      unit: fc.constantFrom("[", "]", "{", "}", ",", '"', "\\", "a", " ", ":"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 3 }), (body, pieceLength) => {
        expect(jsonItems(body, pieceLength)).toEqual(jsonItems(body));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("JSON lines", () => {
  it("are split at their ends alone, without the blank ones", () => {
    const records = split(jsonlSplitter("\n"), '{"a":1}\r\n\n  \n{"a":"\u2028"}\n{"a":3}', 3);
    expect(records).toEqual([
      { line: 1, text: '{"a":1}' },
      { line: 4, text: '{"a":"\u2028"}' },
      { line: 5, text: '{"a":3}' },
    ]);
  });
});

describe("one JSON record", () => {
  it("keeps whole numbers too long for a double as they are written", () => {
    const record = parseJsonRecord(
      '{"id":570306133677760513,"n":[-12345678901234567890,1.5,12],"t":"a, 570306133677760513,"}',
    );
    expect(record).toEqual({
      id: "570306133677760513",
      n: ["-12345678901234567890", 1.5, 12],
      t: "a, 570306133677760513,",
    });
  });

  it("reads Python's NaN as null, and leaves the word alone in texts", () => {
    expect(parseJsonRecord('{"rating":NaN,"x":-Infinity,"t":"NaN, or : NaN"}')).toEqual({
      rating: null,
      x: null,
      t: "NaN, or : NaN",
    });
  });

  it.each([
    "",
    "{",
    '{"a":}',
    "[1]",
    '"text"',
    "12",
    "null",
    `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
    '{"a":NaN,}',
  ])("is record_invalid when it is %.20s", (text) => {
    expect(() => parseJsonRecord(text)).toThrow(expect.objectContaining({ code: "record_invalid" }) as Error);
  });

  it("may have __proto__ for a key, which changes no prototype", () => {
    const record = parseJsonRecord('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
