import { describe, expect, test } from "vitest";
import {
  choiceList,
  Count,
  Flag,
  Instant,
  SlugList,
  TextList,
  Time,
  wholeNumber,
} from "../../queries/values.ts";

describe("an instant in a parameter", () => {
  test.each([
    ["2026-03-02", "2026-03-02T00:00:00.000Z"],
    ["2026-03-02T10:00Z", "2026-03-02T10:00:00.000Z"],
    ["2026-03-02T10:00:00.5Z", "2026-03-02T10:00:00.500Z"],
    ["2026-03-02T10:00:00+05:30", "2026-03-02T04:30:00.000Z"],
  ])("%s is read as %s", (given, expected) => {
    expect(Instant.parse(given)).toBe(expected);
  });

  test.each([
    "yesterday",
    "2026-03-02T10:00:00",
    "2026-02-30T99:00:00Z",
    "1066-10-14",
    "2299-01-01",
    "",
    "12",
  ])("%s is refused", (given) => {
    expect(Instant.safeParse(given).success).toBe(false);
  });
});

describe("a list in a parameter", () => {
  test("takes text with commas, and an array as it is", () => {
    expect(TextList.parse("a, b,,c")).toEqual(["a", "b", "c"]);
    expect(TextList.parse(["a,b", "c"])).toEqual(["a,b", "c"]);
  });

  test("takes an escaped comma as part of a value", () => {
    expect(TextList.parse("reviews\\, march.csv,other")).toEqual(["reviews, march.csv", "other"]);
  });

  test("refuses what is no slug, no choice, or too many", () => {
    expect(SlugList.safeParse("acme,Bad Slug").success).toBe(false);
    expect(choiceList(["a", "b"]).safeParse("a,c").success).toBe(false);
    expect(TextList.safeParse("x,".repeat(101)).success).toBe(false);
  });
});

test("whole numbers come as text or numbers, within bounds, and never from empty text", () => {
  expect(wholeNumber(1, 200).parse("50")).toBe(50);
  expect(wholeNumber(1, 200).parse(50)).toBe(50);
  for (const bad of ["", "0", "201", "1.5", "1e2", " 5", 1.5, Number.NaN, null]) {
    expect(wholeNumber(1, 200).safeParse(bad).success).toBe(false);
  }
});

test("flags come as text or booleans", () => {
  expect([Flag.parse("true"), Flag.parse("false"), Flag.parse(true)]).toEqual([true, false, true]);
  expect(Flag.safeParse("1").success).toBe(false);
});

test("columns of any time type become ISO instants", () => {
  expect(Time.parse("2026-03-02")).toBe("2026-03-02T00:00:00.000Z");
  expect(Time.parse("2026-03-02 10:00:00")).toBe("2026-03-02T10:00:00.000Z");
  expect(Time.parse("2026-03-02 10:00:00.123")).toBe("2026-03-02T10:00:00.123Z");
});

test("counts are numbers even where the server quotes them, and null is no count", () => {
  expect([Count.parse(3), Count.parse("12345678901")]).toEqual([3, 12345678901]);
  expect(Count.safeParse(null).success).toBe(false);
});
