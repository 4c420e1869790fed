import { describe, expect, it } from "vitest";
import { oneLine, withoutTurns } from "../../core/one-line.ts";

describe("a text as one line", () => {
  it("drives no terminal and begins no line", () => {
    expect(oneLine("late \u001b[31mparcels\r\nagain\u2028and\u009bagain")).toBe(
      "late  [31mparcels  again and again",
    );
  });

  it("turns nothing around, and leaves what a script needs", () => {
    expect(oneLine("invoice\u202efdp.exe\u2066!\u2069")).toBe("invoicefdp.exe!");
    const hebrew = "\u05d4\u05d7\u05d1\u05d9\u05dc\u05d4\u200f!";
    expect(withoutTurns(hebrew)).toBe(hebrew);
  });
});
