import { z } from "zod";
import { Slug, Timestamp } from "./primitives.ts";

/** How bad an alert is, mildest first. */
export const SEVERITIES = ["info", "warning", "high", "critical"] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

/** What made us write: an alert fires, grows, is taken on, is over, is still open; a digest of several; a trial run. */
export const NOTIFICATION_KINDS = [
  "fired",
  "escalated",
  "acknowledged",
  "resolved",
  "reminded",
  "digest",
  "test",
] as const;

/** Why a quote was chosen. */
export const QUOTE_ROLES = ["most_shared", "most_typical", "newest", "earlier"] as const;

const Quote = z.strictObject({
  role: z.enum(QUOTE_ROLES),
  text: z.string().max(2_000).describe("What was said, written by strangers: escape it."),
  author: z.string().max(200).describe("Name or handle, masked where it leaves the house; empty: unknown."),
  platform: Slug,
  url: z.string().nullable().describe("Where it stands and can be answered; http(s) only."),
  at: Timestamp,
  shares: z.int().nonnegative().nullable(),
});

const Action = z.strictObject({
  name: z.enum(["acknowledge", "false_alarm", "known", "snooze", "open"]),
  label: z.string().max(60),
  url: z.url({ protocol: /^https?$/ }),
});

/**
 * What people are told when an alert changes, ready for any receiver to lay out: text first, at most a screen. Texts of
 * mentions in it are written by strangers.
 */
export const Notification = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(255)
    .describe("Idempotency key, `alert:transition:receiver`: the same when sent again."),
  alertId: z.string().min(1).max(100),
  number: z.string().max(20).describe("What people call the alert: A-3F9C2B."),
  dedupeKey: z.string().min(1).max(255).describe("One for all notifications of an alert."),
  kind: z.enum(NOTIFICATION_KINDS),
  severity: Severity,
  rule: z.string().max(100),
  tracker: z.string().max(200).describe("Its name; empty: of no tracker."),
  at: Timestamp.describe("When the alert changed so."),
  title: z.string().min(1).max(300).describe("`Acme Parcels: parcels left in the rain`"),
  summary: z.string().max(1_000).describe("What changed against normal, in one sentence; people, not posts."),
  reasons: z.array(z.string().max(500)).max(12).describe("Why we think so."),
  facts: z
    .array(z.strictObject({ label: z.string().max(60), value: z.string().max(300) }))
    .max(12)
    .describe("Who and where: people, posts, platforms, countries, versions, reach."),
  quotes: z.array(Quote).max(5).describe("No two of the same words."),
  earlier: z
    .array(z.string().max(500))
    .max(5)
    .describe("What these people told us before, what we promised."),
  forecast: z.string().max(300).describe("How far it will spread; empty: not known."),
  replies: z.string().max(500).describe("What we have answered so far; empty: not known."),
  known: z
    .strictObject({
      wording: z.string().max(2_000),
      workaround: z.string().max(2_000),
      mustNotPromise: z.string().max(2_000),
    })
    .nullable()
    .describe("The entry of the known-issues register; null: it is no known issue."),
  owner: z.string().max(200).describe("Who should see to it; empty: nobody is named."),
  completeness: z.string().max(300).describe("What could not be heard; empty: all was."),
  actions: z.array(Action).max(5).describe("Empty where no public address is configured."),
});
export type Notification = z.infer<typeof Notification>;
