import { z } from "zod";
import { Slug, Timestamp } from "./primitives.ts";

export const CHANGE_KINDS = ["release", "fix", "price", "campaign", "policy", "outage"] as const;

/** Something we did, as somebody gives it. */
export const ChangeRequest = z.strictObject({
  id: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("Names it for good: told again with the same id it is corrected. Absent: one is made."),
  tracker: z
    .union([z.literal(""), Slug])
    .default("")
    .describe("Whom it concerns; empty: every tracker."),
  kind: z.enum(CHANGE_KINDS),
  at: Timestamp.describe("When it began to be there for customers."),
  endsAt: Timestamp.optional().describe("When it was over: of outages and campaigns."),
  title: z.string().trim().min(1).max(300),
  description: z.string().trim().max(10_000).default(""),
  url: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
  version: z.string().trim().max(100).default(""),
  platform: z.string().trim().max(100).default(""),
  country: z.string().trim().max(100).default(""),
  product: z.string().trim().max(200).default(""),
  fixes: z
    .array(z.string().min(1).max(600))
    .max(1_000)
    .default([])
    .describe("Issues it is meant to mend, or mentions that tell of them, by id."),
});
export type ChangeRequest = z.infer<typeof ChangeRequest>;

/** Something we did that customers could notice. The latest with an id holds. */
export const Change = z.strictObject({
  ...ChangeRequest.shape,
  id: z.string().min(1).max(200),
  endsAt: Timestamp.nullable(),
  origin: z.string().max(200).describe("Where it was told: cli, api, config, demo, or the feed's name."),
  by: z.string().max(100),
  recordedAt: Timestamp,
  isRemoved: z.boolean(),
});
export type Change = z.infer<typeof Change>;

/** How much could have complained on a day. The latest of a tracker, measure, version and day holds. */
export const Exposure = z.strictObject({
  tracker: Slug,
  measure: Slug.describe("What is counted: orders, active_users, installs."),
  version: z.string().max(100).default("").describe("Of one version alone; empty: of all together."),
  day: z.iso.date().describe("UTC."),
  count: z.number().nonnegative(),
  by: z.string().max(100),
  recordedAt: Timestamp,
});
export type Exposure = z.infer<typeof Exposure>;
