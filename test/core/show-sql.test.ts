import { describe, expect, it } from "vitest";
import { showSql } from "../../core/show-sql.ts";

describe("showing SQL", () => {
  it("writes parameters in as literals of their type", () => {
    const statement = {
      sql: "SELECT {n:UInt32}, {s:String}, {f:Float64}, {b:Bool}, {at:DateTime64(3, 'UTC')}, {l:Array(String)}, {x:Nullable(String)}",
      params: { n: 7, s: "a", f: 0.5, b: true, at: "2026-03-01 00:00:00.000", l: ["p", "q"], x: null },
    };
    expect(showSql(statement)).toBe(
      "SELECT 7, 'a', 0.5, true, CAST('2026-03-01 00:00:00.000', 'DateTime64(3, \\'UTC\\')'), CAST(['p', 'q'], 'Array(String)'), NULL",
    );
  });

  it("keeps a hostile term a string", () => {
    const term = "'; DROP TABLE mention_rows; -- \\' {n:UInt32} \0";
    expect(showSql({ sql: "SELECT {q:String}", params: { q: term, n: 1 } })).toBe(
      "SELECT '\\'; DROP TABLE mention_rows; -- \\\\\\' {n:UInt32} \\0'",
    );
  });
});
