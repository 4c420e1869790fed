import { describe, expect, it } from "vitest";
import { openBudget, type BudgetLimits, type Spending } from "../../core/budget.ts";
import { aContext } from "../support/builders.ts";

function aBudget(limits: BudgetLimits, before: readonly Spending[] = [], start = "2026-03-02T10:30:20.000Z") {
  let now = new Date(start);
  const budget = openBudget("x-search", limits, before, { ...aContext(), now: () => now });
  return { budget, at: (time: string) => (now = new Date(time)) };
}

describe("a budget", () => {
  it("lets through what fits and refuses what does not, with the time it goes on", () => {
    const { budget, at } = aBudget({ requestsPerMinute: 2 });
    for (let request = 0; request < 2; request++) {
      budget.allow({ requests: 1 });
      budget.spend({ requests: 1 });
    }
    expect(() => budget.allow({ requests: 1 })).toThrow(
      expect.objectContaining({ code: "budget_spent", retryAfterMs: 40_000 }) as Error,
    );
    expect(() => budget.allow({ requests: 1 })).toThrow(
      /requestsPerMinute 2.*10:31:00.*budget\.requestsPerMinute/,
    );
    at("2026-03-02T10:31:00.000Z");
    budget.allow({ requests: 1 });
  });

  it("refuses before it is overdrawn: what a call may cost at most has to fit", () => {
    const { budget } = aBudget({ usdPerDay: 1 });
    budget.spend({ usd: 0.6 });
    expect(() => budget.allow({ usd: 0.5 })).toThrow("budget of x-search is spent");
    budget.allow({ usd: 0.4 });
  });

  it("does not promise to go on when no request will ever fit", () => {
    const { budget } = aBudget({ usdPerDay: 0.3 });
    expect(() => budget.allow({ usd: 0.5 })).toThrow(/may cost 0.5 usd.*usdPerDay is 0.3; raise/);
  });

  it("knows hours, days and months, each from its start in UTC", () => {
    const { budget, at } = aBudget({ requestsPerHour: 1, usdPerMonth: 1, itemsPerDay: 10, unitsPerDay: 10 });
    budget.spend({ requests: 1, usd: 1, items: 10, units: 10 });
    at("2026-03-02T11:00:00.000Z");
    budget.allow({ requests: 1 });
    expect(() => budget.allow({ items: 1 })).toThrow("itemsPerDay");
    expect(() => budget.allow({ units: 1 })).toThrow("unitsPerDay");
    at("2026-03-03T00:00:00.000Z");
    budget.allow({ items: 10, units: 10 });
    expect(() => budget.allow({ usd: 0.01 })).toThrow("usdPerMonth");
    at("2026-04-01T00:00:00.000Z");
    budget.allow({ usd: 1 });
  });

  it("goes on from what was spent before it was opened", () => {
    const before = [
      { at: new Date("2026-03-01T10:00:00.000Z"), usd: 3 },
      { at: new Date("2026-03-02T09:00:00.000Z"), usd: 0.5 },
    ];
    const { budget } = aBudget({ usdPerDay: 1, usdPerMonth: 4 }, before);
    expect(() => budget.allow({ usd: 0.6 })).toThrow("usdPerDay");
    budget.allow({ usd: 0.5 });
    budget.spend({ usd: 0.5 });
    expect(() => budget.allow({ usd: 0.01 })).toThrow("spent");
  });

  it("tells what is left of each limit, and until when", () => {
    const { budget, at } = aBudget({ requestsPerHour: 3, usdPerMonth: 0.5 });
    budget.spend({ requests: 1, usd: 0.1 });
    budget.spend({ requests: 1, usd: 0.2 });
    const ofMonth = { resource: "usd", per: "month", allowed: 0.5, resetsAt: "2026-04-01T00:00:00.000Z" };
    const ofHour = { resource: "requests", per: "hour", allowed: 3 };
    expect(budget.left()).toEqual([
      { ...ofHour, remaining: 1, resetsAt: "2026-03-02T11:00:00.000Z" },
      { ...ofMonth, remaining: 0.2 },
    ]);
    at("2026-03-02T11:00:00.000Z");
    // what a call has cost is known only afterwards
    budget.spend({ requests: 4, usd: 1 });
    expect(budget.left()).toEqual([
      { ...ofHour, remaining: 0, resetsAt: "2026-03-02T12:00:00.000Z" },
      { ...ofMonth, remaining: 0 },
    ]);
    expect(aBudget({}).budget.left()).toEqual([]);
  });

  it("tells what was spent since it was last asked", () => {
    const { budget } = aBudget({});
    budget.spend({ requests: 1, items: 20, usd: 0.1 });
    budget.spend({ requests: 1 });
    expect(budget.takeSpent()).toEqual({ requests: 2, items: 20, usd: 0.1, units: 0 });
    expect(budget.takeSpent()).toEqual({ requests: 0, items: 0, usd: 0, units: 0 });
  });
});
