import { z } from "zod";
import type { RuleKind } from "../../schemas/alert.ts";
import { SEVERITIES, type Severity } from "../../schemas/notification.ts";
import { Slug } from "../../schemas/primitives.ts";
import { THREAT_KINDS } from "../../schemas/reading.ts";

/** What counts may be taken apart by. */
const GROUPS = ["tracker", "issue", "platform", "country"] as const;

const Severities = z
  .strictObject({
    warning: z.number().positive().default(1),
    high: z.number().positive().default(2),
    critical: z.number().positive().default(4),
  })
  .prefault({})
  .describe("Score each severity begins at; 1 is the threshold.");

const common = {
  id: Slug.describe("Name of the rule; alerts are told apart by it, so do not rename it lightly."),
  trackers: z.array(Slug).default([]).describe("Trackers it watches. Empty: all."),
  isEnabled: z.boolean().default(true).describe("false: it is not watched."),
  owner: z.string().max(100).default("").describe("Who is suggested to see to it."),
  severity: z.enum(SEVERITIES).optional().describe("One severity whatever the score. Absent: by the score."),
  severities: Severities,
  clearBelow: z.number().min(0).max(1).default(0.5).describe("It is over when the score stays below this …"),
  clearForMinutes: z.number().nonnegative().default(60).describe("… for so long."),
  cooldownHours: z
    .number()
    .nonnegative()
    .default(24)
    .describe("Crossed again so soon after people were told, it is the same alert and nobody is told again."),
  escalateRatio: z
    .number()
    .min(1.1)
    .default(2)
    .describe("Told again when the score is so many times what was told last."),
};

const where = {
  where: z
    .strictObject({
      complaint: z.boolean().optional().describe("true: complaints alone."),
      platform: z.array(Slug).default([]).describe("Of any of these platforms. Empty: all."),
      country: z.array(z.string()).default([]).describe("Of any of these countries. Empty: all."),
      language: z.array(z.string()).default([]).describe("In any of these languages. Empty: all."),
    })
    .prefault({})
    .describe("What is counted."),
  by: z.array(z.enum(GROUPS)).min(1).default(["tracker"]).describe("What is counted apart: one alert each."),
};

const VolumeSpike = z
  .strictObject({
    kind: z.literal("volume_spike"),
    ...common,
    ...where,
    forMinutes: z
      .number()
      .nonnegative()
      .default(10)
      .describe("The threshold has to be crossed for so long, unless twice over."),
    minCount: z.int().min(1).default(20).describe("Fewer in an hour never fire."),
    minAuthors: z.int().min(1).default(10).describe("Fewer people in an hour never fire."),
    maxCopyShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .describe("With a larger share of reposts and copies it is told as coordinated."),
    minHistoryDays: z.number().nonnegative().default(2).describe("Until then the cold start holds."),
    coldStart: z
      .strictObject({
        minCount: z.int().min(1).default(30),
        ratioToPeers: z.number().positive().default(5),
      })
      .prefault({})
      .describe(
        "Without history: so many in an hour, and so many times the usual hour of those counted beside it.",
      ),
  })
  .describe("Far more is said than is usual at that hour, and than in the bursts of the last weeks.");

const VolumeDrop = z
  .strictObject({
    kind: z.literal("volume_drop"),
    ...common,
    ...where,
    windowHours: z.number().positive().max(168).default(6),
    below: z.number().positive().max(0.9).default(0.25).describe("Share of what is expected."),
    minExpected: z.number().positive().default(30).describe("Where less is expected it never fires."),
  })
  .describe("Far less is said than is usual, though everything was listened to.");

const ShareShift = z
  .strictObject({
    kind: z.literal("share_shift"),
    ...common,
    ...where,
    of: z.enum(["complaint", "negative"]).default("complaint").describe("Whose share of all mentions."),
    windowHours: z.number().positive().max(168).default(24),
    baselineDays: z.number().min(1).max(90).default(14),
    minCount: z.int().min(1).default(50).describe("With fewer mentions in the window it never fires."),
    factor: z
      .number()
      .min(1.01)
      .default(1.5)
      .describe("The share is at least so many times the usual one, with a confidence of 97.5 %."),
  })
  .describe("A larger share of what is said are complaints, whatever the volume.");

const PostSpread = z
  .strictObject({
    kind: z.literal("post_spread"),
    ...common,
    complaint: z.boolean().default(true).describe("true: only complaints; false: whatever spreads."),
    target: z.int().min(10).default(500).describe("It will be shared so often."),
    minShares: z.int().min(1).default(20).describe("Before it was shared so often it never fires."),
    urgentShare: z
      .number()
      .min(0.1)
      .max(1)
      .default(0.6)
      .describe(
        "So much of the target is enough while nobody of us has answered, where the author has complained before.",
      ),
    reach: z
      .int()
      .min(1_000)
      .default(100_000)
      .describe("What an author with so many followers says is told at once, shared or not."),
    maxAgeHours: z.number().positive().default(48).describe("Older posts are not watched."),
  })
  .describe("One mention is being shared so fast that very many will see it.");

const IssueEscalating = z
  .strictObject({
    kind: z.literal("issue_escalating"),
    ...common,
    minVoices: z.int().min(1).default(3).describe("Issues of fewer people never fire."),
  })
  .describe("An issue grows beyond chance: its verdict is escalating.");

const IssueNew = z
  .strictObject({
    kind: z.literal("issue_new"),
    ...common,
    minVoices: z.int().min(2).default(5).describe("Once so many people have said so …"),
    withinDays: z.number().positive().default(7).describe("… within so many days of the first."),
  })
  .describe("An issue nobody knew of is shared by several people.");

const KeywordCritical = z
  .strictObject({
    kind: z.literal("keyword_critical"),
    ...common,
    threats: z
      .array(z.enum(THREAT_KINDS))
      .default(["safety", "data"])
      .describe("Threats it watches, as they are read."),
    query: z.string().max(2_000).optional().describe("Or what matches this: docs/query-language.md."),
    minAuthors: z.int().min(1).default(1).describe("As soon as so many people say so …"),
    windowHours: z.number().positive().max(720).default(24).describe("… within so many hours."),
  })
  .describe("Somebody tells of danger, lost data or what else cannot wait.");

const SourceSilent = z
  .strictObject({
    kind: z.literal("source_silent"),
    ...common,
    afterMinutes: z.number().positive().default(60).describe("Since it could be heard, or was to be."),
  })
  .describe("A source is not heard: it is refused, fails, or brings nothing where it used to.");

const FixRegressed = z
  .strictObject({ kind: z.literal("fix_regressed"), ...common })
  .describe("What was mended came back.");

/** A rule of `alerts.rules`. */
export const AlertRule = z.discriminatedUnion("kind", [
  VolumeSpike,
  VolumeDrop,
  ShareShift,
  PostSpread,
  IssueEscalating,
  IssueNew,
  KeywordCritical,
  SourceSilent,
  FixRegressed,
]);
export type AlertRule = z.infer<typeof AlertRule>;
export type RuleOf<K extends RuleKind> = Extract<AlertRule, { readonly kind: K }>;

/** What is watched where the config names no rules: useful alerts with no YAML at all. */
export const DEFAULT_RULES: readonly z.input<typeof AlertRule>[] = [
  { kind: "keyword_critical", id: "danger", severity: "critical" },
  { kind: "post_spread", id: "spreading" },
  { kind: "volume_spike", id: "complaint-spike", where: { complaint: true } },
  { kind: "volume_spike", id: "issue-spike", where: { complaint: true }, by: ["tracker", "issue"] },
  { kind: "share_shift", id: "complaint-share" },
  { kind: "issue_escalating", id: "issue-escalating" },
  { kind: "issue_new", id: "issue-new" },
  { kind: "fix_regressed", id: "came-back", severity: "high" },
  { kind: "volume_drop", id: "gone-quiet" },
  { kind: "source_silent", id: "not-heard" },
];

/** Score each severity of a rule begins at, mildest first. */
export function severitiesOf({
  severity,
  severities,
}: Pick<AlertRule, "severity" | "severities">): (readonly [number, Severity])[] {
  if (severity !== undefined) return [[0, severity]];
  const { warning, high, critical } = severities;
  return [
    [0, "info"],
    [warning, "warning"],
    [high, "high"],
    [critical, "critical"],
  ];
}
