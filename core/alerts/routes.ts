import { z } from "zod";
import { SEVERITIES } from "../../schemas/notification.ts";
import { Slug } from "../../schemas/primitives.ts";
import type { ReceiverKind } from "../contracts.ts";

/** What an alert has to be for a route or a silence to hold; what is absent matches all. */
export const AlertMatch = z.strictObject({
  tracker: z.string().max(100).optional(),
  issue: z.string().max(100).optional(),
  rule: z.string().max(100).optional(),
  platform: z.string().max(100).optional(),
  country: z.string().max(100).optional(),
});
export type AlertMatch = z.infer<typeof AlertMatch>;

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day: 09:00");

const Hours = z.strictObject({
  timezone: z.string().default("UTC").describe("IANA zone: Europe/Berlin."),
  days: z
    .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
    .min(1)
    .default(["mon", "tue", "wed", "thu", "fri"])
    .describe("Days somebody is there."),
  from: ClockTime.default("08:00"),
  to: ClockTime.default("18:00"),
});
export type Hours = z.infer<typeof Hours>;

const Route = z.strictObject({
  match: AlertMatch.extend({
    severity: z.enum(SEVERITIES).optional().describe("This bad, or worse."),
  })
    .prefault({})
    .describe("Which alerts take it; the first route that matches is taken."),
  to: z.array(Slug).min(1).describe("Receivers that are told."),
  groupBy: z
    .array(z.enum(["tracker", "issue", "rule", "platform", "country"]))
    .default(["tracker"])
    .describe("Alerts of one group that come together are told in one message."),
  groupWaitMinutes: z
    .number()
    .nonnegative()
    .max(120)
    .default(1)
    .describe(
      "How long a first alert waits for others of its group. What is twice the threshold never waits.",
    ),
  repeatHours: z
    .number()
    .positive()
    .default(4)
    .describe("An alert nobody acknowledged is told again after so long."),
  hours: Hours.optional().describe("When somebody is there. Absent: always."),
  offHoursTo: z
    .array(Slug)
    .default([])
    .describe("Who is told at other hours. Empty: it waits for the morning. Critical alerts never wait."),
});
export type Route = z.infer<typeof Route>;

const Escalation = z.strictObject({
  afterMinutes: z.number().positive().describe("Nobody has acknowledged it for so long …"),
  to: z.array(Slug).min(1).describe("… then these are told, too."),
  severity: z.enum(SEVERITIES).default("high").describe("Of alerts this bad, or worse."),
});

const CalendarEntry = z.strictObject({
  match: AlertMatch.prefault({}),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  multiplyExpected: z.number().positive().max(100).describe("So many times the usual is normal then."),
  reason: z.string().min(1).max(200).describe("A launch, a campaign, a match."),
});

const Silence = z.strictObject({
  match: AlertMatch,
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }),
  reason: z.string().min(1).max(1_000),
});

/** The parts of `alerts` that say who is told, given the kinds of receivers there are. */
export function routingShape(kinds: readonly ReceiverKind[]) {
  const receivers = kinds.map((kind) =>
    z
      .strictObject({
        type: z.literal(kind.name),
        id: Slug.describe("Name of this receiver, used in routes."),
        fallback: Slug.optional().describe("Receiver that is told instead when this one cannot be."),
        ...kind.config.shape,
      })
      .describe(kind.summary),
  );
  const [first, ...rest] = receivers;
  const receiver = first === undefined ? z.never() : z.discriminatedUnion("type", [first, ...rest]);
  return {
    receivers: z.array(receiver).default([]).describe("Where people are told; docs/receivers.md."),
    routes: z.array(Route).default([]).describe("Who is told of what. Empty: all receivers of all alerts."),
    escalation: z.array(Escalation).default([]).describe("Who is told when nobody acknowledges."),
    budgetPerWeek: z
      .int()
      .min(1)
      .default(30)
      .describe(
        "Most alerts a receiver is told of in seven days; what is beyond comes as a daily digest. High and critical ones always come.",
      ),
    silences: z.array(Silence).default([]).describe("When nobody is told of what."),
    calendar: z.array(CalendarEntry).default([]).describe("When more than usual is normal."),
  };
}

/** One entry of `alerts.receivers`; beside these keys it holds those of its kind's own config. */
export interface ReceiverConfig {
  readonly type: string;
  readonly id: string;
  readonly fallback?: string | undefined;
  readonly [key: string]: unknown;
}
