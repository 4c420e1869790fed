import { describe, expect, it } from "vitest";
import type { Gap } from "../../core/contracts.ts";
import { hoursHeard, hoursUnheard } from "../../core/coverage.ts";

const at = (time: string) => `2026-03-02T${time}:00.000Z`;

function heard(from: string, to: string, coveredFrom: string, gaps: readonly Gap[] = [], isFirst = false) {
  const window = { from: at(from), to: at(to) };
  const rows = hoursHeard({
    source: "feed",
    window,
    coveredFrom: at(coveredFrom),
    gaps,
    isFirst,
    at: at(to),
  });
  return rows.map(({ hour, state, reason }) => `${hour.slice(11, 13)} ${state} ${reason}`.trim());
}

const gap = (from: string, to: string, more: Partial<Gap> = {}): Gap => ({
  from: at(from),
  to: at(to),
  reason: "lost",
  ...more,
});

describe("hours that were heard", () => {
  it("are complete when they are over, and partial while they are not", () => {
    expect(heard("10:20", "12:10", "08:00")).toEqual([
      "10 complete",
      "11 complete",
      "12 partial This hour is not over yet.",
    ]);
  });

  it("are partial where listening began, and nothing is said of those before", () => {
    expect(heard("10:20", "10:20", "10:20", [], true)).toEqual([
      "10 partial It was not listened to from the start of this hour.",
    ]);
    expect(heard("10:20", "11:10", "10:20")).toEqual(["11 partial This hour is not over yet."]);
  });

  it("are none where a gap fills them, partial where it touches them, complete beside it", () => {
    expect(heard("10:20", "15:30", "08:00", [gap("11:30", "14:10")])).toEqual([
      "10 complete",
      "11 partial lost",
      "12 none lost",
      "13 none lost",
      "14 partial lost",
      "15 partial This hour is not over yet.",
    ]);
  });

  it("are partial throughout a gap of which something was heard", () => {
    expect(heard("10:00", "12:00", "08:00", [gap("10:00", "12:00", { isPartial: true })])).toEqual([
      "10 partial lost",
      "11 partial lost",
      "12 partial This hour is not over yet.",
    ]);
  });

  it("keep the reason an earlier gap gave them", () => {
    expect(heard("11:40", "12:10", "11:30")).toEqual(["12 partial This hour is not over yet."]);
  });
});

it("hours that could not be listened to are none, but for the one that was heard in part", () => {
  const rows = hoursUnheard("feed", { from: at("10:20"), to: at("12:10") }, "502", at("12:10"));
  expect(rows.map(({ hour, state, reason }) => [hour.slice(11, 13), state, reason])).toEqual([
    ["10", "partial", "502"],
    ["11", "none", "502"],
    ["12", "none", "502"],
  ]);
});
