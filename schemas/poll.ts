import { z } from "zod";
import { Timestamp } from "./primitives.ts";

export const POLL_OUTCOMES = ["ok", "failed", "stopped", "asked"] as const;
export type PollOutcomeKind = (typeof POLL_OUTCOMES)[number];

export const BUDGET_RESOURCES = ["requests", "items", "units", "usd"] as const;
export const BUDGET_WINDOWS = ["minute", "hour", "day", "month"] as const;

/** What is left of one limit of a budget in the window that runs, UTC. */
export const BudgetLeft = z.strictObject({
  resource: z.enum(BUDGET_RESOURCES),
  per: z.enum(BUDGET_WINDOWS),
  remaining: z.number().nonnegative(),
  allowed: z.number().positive().describe("The limit."),
  resetsAt: Timestamp.describe("When the window ends and all of it may be spent again."),
});
export type BudgetLeft = z.infer<typeof BudgetLeft>;

/**
 * How one poll of a source ended and what it cost; a stream reports itself like this every minute. The latest one of a
 * source is its state, but for those that a person asked for: they cost, and say nothing of how it is.
 */
export const Poll = z.strictObject({
  source: z.string().min(1).max(300),
  startedAt: Timestamp,
  at: Timestamp.describe("When it ended."),
  outcome: z
    .enum(POLL_OUTCOMES)
    .describe(
      "ok; failed: tried again; stopped: a person must change something; asked: a person asked for the past.",
    ),
  code: z.string().max(50).describe("Error code; empty when ok."),
  reason: z.string().max(500).describe("What was wrong and what to do; empty when ok."),
  mentions: z.int().nonnegative().describe("New, edited or met again."),
  deletions: z.int().nonnegative(),
  unmatched: z.int().nonnegative().describe("Items that no tracker's query matches."),
  deadLetters: z.int().nonnegative(),
  requests: z.number().nonnegative().describe("Requests made."),
  items: z.number().nonnegative().describe("Items the platform bills."),
  usd: z.number().nonnegative().describe("US dollars at the platform's list prices."),
  units: z.number().nonnegative().describe("The platform's own units."),
  failures: z.int().nonnegative().describe("Polls in a row that were not ok."),
  coveredFrom: Timestamp.nullable().describe("Everything since then, up to heardUntil, was heard."),
  heardUntil: Timestamp.nullable().describe("Up to when the source was heard; null = never."),
  notBefore: Timestamp.nullable().describe("It is not polled again before this time."),
  nextPollAt: Timestamp.nullable().describe(
    "When the schedule asks it next; null: it is listened to as it is written, or pushed to.",
  ),
  budget: z.array(BudgetLeft).describe("One entry for each limit; empty when it has none."),
});
export type Poll = z.infer<typeof Poll>;

/** What of a poll goes without saying: it was not wrong, brought and cost nothing, and says nothing of the time. */
const NOTHING = {
  code: "",
  reason: "",
  mentions: 0,
  deletions: 0,
  unmatched: 0,
  deadLetters: 0,
  requests: 0,
  items: 0,
  usd: 0,
  units: 0,
  failures: 0,
  coveredFrom: null,
  heardUntil: null,
  notBefore: null,
  nextPollAt: null,
  budget: [],
} satisfies Partial<Poll>;

/** A poll of which only what there is to say is said. */
export function toPoll(said: Pick<Poll, "source" | "startedAt" | "at" | "outcome"> & Partial<Poll>): Poll {
  return { ...NOTHING, ...said };
}
