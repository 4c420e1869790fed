import { z } from "zod";
import type { BudgetLeft } from "../schemas/poll.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { Context } from "./context.ts";
import type { Budget, Cost } from "./contracts.ts";
import { EarshotError } from "./errors.ts";

/** What can be limited, and in which windows. All of them begin at a whole minute, hour, day or month in UTC. */
export const BudgetLimits = z.strictObject({
  requestsPerMinute: z.int().positive().optional().describe("Most requests a minute."),
  requestsPerHour: z.int().positive().optional().describe("Most requests an hour."),
  requestsPerDay: z.int().positive().optional().describe("Most requests a day."),
  itemsPerDay: z
    .int()
    .positive()
    .optional()
    .describe("Most items read a day, where the platform bills them."),
  unitsPerDay: z.int().positive().optional().describe("Most of the platform's own units a day (YouTube)."),
  usdPerDay: z
    .number()
    .positive()
    .optional()
    .describe("Most US dollars a day, at the platform's list prices."),
  usdPerMonth: z.number().positive().optional().describe("Most US dollars a calendar month."),
});
export type BudgetLimits = z.infer<typeof BudgetLimits>;

type Resource = keyof Cost;
type Span = BudgetLeft["per"];

const WINDOWS: Readonly<Record<keyof BudgetLimits, readonly [Resource, Span]>> = {
  requestsPerMinute: ["requests", "minute"],
  requestsPerHour: ["requests", "hour"],
  requestsPerDay: ["requests", "day"],
  itemsPerDay: ["items", "day"],
  unitsPerDay: ["units", "day"],
  usdPerDay: ["usd", "day"],
  usdPerMonth: ["usd", "month"],
};

/** What was spent at some time before. */
export interface Spending extends Cost {
  readonly at: Date;
}

/** A budget that keeps account of itself. */
export interface LedgerBudget extends Budget {
  /** What was spent since this was last asked. */
  takeSpent(): Required<Cost>;
  /** What may still be spent, limit by limit. */
  left(): BudgetLeft[];
}

/** A budget without limits, for what nobody bills. */
export const NO_LIMITS: Budget = { allow() {}, spend() {} };

const NOTHING: Required<Cost> = { requests: 0, items: 0, usd: 0, units: 0 };

/** Room for sums of dollars that are not whole numbers. */
const EPSILON = 1e-9;

/**
 * A budget with limits; what was spent before in windows that still run counts.
 * @param source name of the source, for messages
 */
export function openBudget(
  source: string,
  limits: BudgetLimits,
  before: readonly Spending[],
  context: Context,
): LedgerBudget {
  const spent: Spending[] = [...before];
  let untold = { ...NOTHING };

  const used = (resource: Resource, since: number) =>
    spent.reduce((sum, entry) => (entry.at.getTime() >= since ? sum + (entry[resource] ?? 0) : sum), 0);

  return {
    allow(cost) {
      const now = context.now();
      for (const [name, [resource, span]] of Object.entries(WINDOWS)) {
        const limit = limits[name as keyof BudgetLimits];
        if (limit === undefined || (cost[resource] ?? 0) === 0) continue;
        const { start, end } = windowAt(now, span);
        const asked = cost[resource] ?? 0;
        if (used(resource, start) + asked <= limit + EPSILON) continue;
        const message =
          asked > limit + EPSILON
            ? `The budget of ${source} is too small for a single request: it may cost ${asked} ${resource}, and ${name} is ${limit}; raise budget.${name}.`
            : `The budget of ${source} is spent: ${name} ${limit}. It goes on at ${new Date(end).toISOString()}; raise budget.${name} to hear all.`;
        throw new EarshotError("budget_spent", message, { retryAfterMs: end - now.getTime() });
      }
    },
    spend(cost) {
      const now = context.now();
      const oldest = windowAt(now, "month").start;
      const last = spent.at(-1);
      // windows begin at whole minutes, so one entry a minute tells them all apart
      if (last !== undefined && sameMinute(last.at, now)) {
        spent[spent.length - 1] = { ...plus(last, cost), at: last.at };
      } else spent.push({ ...cost, at: now });
      while ((spent[0]?.at.getTime() ?? oldest) < oldest) spent.shift();
      untold = plus(untold, cost);
    },
    takeSpent() {
      const taken = untold;
      untold = { ...NOTHING };
      return taken;
    },
    left() {
      const now = context.now();
      return Object.entries(WINDOWS).flatMap(([name, [resource, per]]) => {
        const allowed = limits[name as keyof BudgetLimits];
        if (allowed === undefined) return [];
        const { start, end } = windowAt(now, per);
        const remaining = Math.max(0, withoutDust(allowed - used(resource, start)));
        return [{ resource, per, remaining, allowed, resetsAt: new Date(end).toISOString() }];
      });
    },
  };
}

/** Sums of dollars leave 0.30000000000000004. */
function withoutDust(amount: number): number {
  return Number(amount.toFixed(6));
}

function plus(a: Cost, b: Cost): Required<Cost> {
  return {
    requests: (a.requests ?? 0) + (b.requests ?? 0),
    items: (a.items ?? 0) + (b.items ?? 0),
    usd: (a.usd ?? 0) + (b.usd ?? 0),
    units: (a.units ?? 0) + (b.units ?? 0),
  };
}

function sameMinute(a: Date, b: Date): boolean {
  return Math.floor(a.getTime() / 60_000) === Math.floor(b.getTime() / 60_000);
}

/** From when on spending counts in the longest window: the start of the calendar month. */
export function spendingCountsFrom(now: Date): Timestamp {
  return new Date(windowAt(now, "month").start).toISOString();
}

/** The window a time lies in, ms since 1970. */
function windowAt(now: Date, span: Span): { start: number; end: number } {
  const at = now.getTime();
  if (span === "month") {
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
  }
  const length = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[span];
  const start = Math.floor(at / length) * length;
  return { start, end: start + length };
}
