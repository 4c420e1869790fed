import { expect, it } from "vitest";
import { sharing } from "../../cli/follow.ts";

/** How many are read again in a day when so many are always due, by whether a platform's terms ask for them. */
function readInADay(perHour: number, due: number, overdue: number) {
  const nextShare = sharing(perHour);
  const read = { followed: 0, asked: 0 };
  for (let look = 0, last = 0; look < 24 * 60; look++) {
    const { limit, isDuty } = nextShare(last);
    last = Math.min(limit, isDuty ? overdue : due);
    read[isDuty ? "asked" : "followed"] += last;
  }
  return read;
}

it.each([600, 10, 1, 90])(
  "reads at most %d mentions again an hour, half for a platform's terms",
  (perHour) => {
    const { followed, asked } = readInADay(perHour, 10_000, 10_000);
    expect(followed + asked).toBeLessThanOrEqual(perHour * 24 + perHour / 6);
    expect(followed + asked).toBeGreaterThan(perHour * 24 * 0.9);
    expect(asked).toBeGreaterThan(perHour * 24 * 0.4);
  },
);

it("leaves all to what spreads while no terms ask for anything", () => {
  expect(readInADay(600, 10_000, 0).followed).toBeGreaterThan(600 * 24 * 0.89);
});
