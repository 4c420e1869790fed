import { z } from "zod";
import { Slug, Timestamp } from "./primitives.ts";

/** How a mention repeats another: the platform says so, same page, the same words of somebody else or of oneself. */
export const COPY_KINDS = ["", "repost", "link", "text", "self"] as const;

/** The fact that a mention was put with others that say the same, and whose voice it is. Later facts hold. */
export const IssueAssignment = z.strictObject({
  tracker: Slug,
  mentionId: z.string().min(1),
  clusterId: z.string().min(1).max(100),
  similarity: z.number().min(-1).max(1).describe("To what is there; 1 for the first of a cluster."),
  voice: z.string().min(1).describe("Hash of the person heard."),
  copyOf: z.string().describe("The mention it repeats; empty when none."),
  copyBy: z.enum(COPY_KINDS),
  modelVersion: z.string(),
  by: z.string().max(100).describe("The person who put it there; empty: the machine."),
  at: Timestamp,
});
export type IssueAssignment = z.infer<typeof IssueAssignment>;

/** The fact that a cluster belongs to an issue. What a person says stands over what the machine says, whenever. */
export const IssueCluster = z.strictObject({
  tracker: Slug,
  clusterId: z.string().min(1).max(100),
  issueId: z.string().min(1).max(100),
  by: z.string().max(100).describe("The person who put it there; empty: the machine."),
  at: Timestamp,
});
export type IssueCluster = z.infer<typeof IssueCluster>;

/** What the mentions of a cluster mean: what a restart would else have to read out of their texts again. */
export const IssueClusterSum = z.strictObject({
  tracker: Slug,
  clusterId: z.string().min(1).max(100),
  model: z.string().min(1).describe("Id of the model that says what a text means."),
  mentions: z.int().min(1).describe("So many are summed: it holds as long as the cluster has as many."),
  sum: z
    .custom<Float32Array>((value) => value instanceof Float32Array)
    .describe("Of the vectors of what they say, each of unit length."),
  at: Timestamp,
});
export type IssueClusterSum = z.infer<typeof IssueClusterSum>;

const CalendarDay = z.iso.date();
const Line = (most: number) => z.string().trim().min(1).max(most);
const Text = z.string().trim().max(2_000).default("");
const IssueId = z.string().min(1).max(100);
/** A person or a department. */
const Owner = z.string().trim().max(100);

export const DECISIONS = ["changing", "not_now", "will_not"] as const;
export const REGISTER_STATES = ["active", "retired"] as const;

/** What a person may say of an issue, as they give it, told apart by `kind`. */
export const IssueRequest = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("rename"), title: Line(200), note: Text }),
  z.strictObject({
    kind: z.literal("merge"),
    into: IssueId.describe("The issue that stays; what belongs to this one follows it from now on."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("split"),
    mentions: z.array(z.string().min(1)).min(1).max(1_000).describe("Ids of what is another issue."),
    title: z.string().trim().max(200).default("").describe("What the new issue is called."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("move"),
    mention: z.string().min(1).describe("Id of the mention that does not belong here."),
    into: IssueId.optional().describe("Where it belongs; absent: an issue of its own."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("own"),
    owner: Owner.describe("Who sees to it; empty: nobody."),
    note: Text,
  }),
  z.strictObject({ kind: z.literal("relook"), on: CalendarDay.describe("When to look again."), note: Text }),
  z.strictObject({
    kind: z.literal("isolate"),
    reason: Line(1_000).describe("Why it is an isolated error."),
    until: CalendarDay.describe("When the call ends by itself."),
    untilVoices: z.int().min(1).max(10_000).default(3).describe("So many more people overturn it."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("decide"),
    decision: z.enum(DECISIONS),
    reason: Line(2_000).describe("Why; customers read it where the entry is public."),
    owner: Owner.default(""),
    reviewOn: CalendarDay.describe("When it is looked at again."),
    reviewAtVoices: z
      .int()
      .min(1)
      .max(100_000)
      .default(10)
      .describe("So many more people force the review before its day."),
    isPublic: z.boolean().default(false).describe("Whether the agenda that is published has it."),
    publicText: z
      .string()
      .trim()
      .max(2_000)
      .default("")
      .describe("What it is called there; empty: its title."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("register"),
    symptom: Line(1_000).describe("How customers notice it."),
    wording: Line(2_000).describe("What may be said to customers, word for word."),
    workaround: Text,
    mayPromise: Text,
    mustNotPromise: Text,
    status: z.enum(REGISTER_STATES).default("active"),
    expiresOn: CalendarDay.optional().describe("When the entry no longer holds."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("answer"),
    question: Line(60).describe("Key of a question of the WHAT / WHY / DIFFERENT sheet."),
    answer: z.string().trim().max(4_000).describe("Empty takes the answer back."),
    holds: z.enum(["yes", "no", "unknown"]).optional().describe("For questions of yes or no."),
    department: Owner.default("").describe("Who has to find out, while it is unknown."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("dismiss"),
    event: z.string().min(1).max(100).describe("Id of what the machine proposes and is not wanted."),
    note: Text,
  }),
  z.strictObject({
    kind: z.literal("undo"),
    event: z.string().min(1).max(100).describe("Id of what to undo."),
    note: Text,
  }),
]);
export type IssueRequest = z.infer<typeof IssueRequest>;

export const ISSUE_EVENT_KINDS = [
  "rename",
  "merge",
  "split",
  "move",
  "own",
  "relook",
  "isolate",
  "decide",
  "register",
  "answer",
  "undo",
  "propose_merge",
  "propose_split",
  "dismiss",
] as const;

/**
 * What somebody did with an issue, or the machine proposes. `payload` is the request without `kind` and `note`, and what
 * it takes to undo it.
 */
export const IssueEvent = z.strictObject({
  id: z.string().min(1).max(100),
  tracker: Slug,
  issueId: IssueId,
  kind: z.enum(ISSUE_EVENT_KINDS),
  payload: z.record(z.string(), z.unknown()),
  undoes: z.string().max(100).describe("Id of the event this takes back; empty for other kinds than undo."),
  note: z.string().max(2_000),
  by: z.string().max(100).describe("Who; empty: the machine."),
  at: Timestamp,
});
export type IssueEvent = z.infer<typeof IssueEvent>;

/** What the machine says of an issue at a time. Null: not known. @see docs/architecture.md, Verdicts */
export const IssueJudgement = z.strictObject({
  tracker: Slug,
  issueId: IssueId,
  judgedAt: Timestamp,
  title: z.string(),
  terms: z.array(z.string()).describe("Phrases many of its texts have and few others."),
  coverage: z.number().min(0).max(1).describe("Share of its texts that have any of them."),
  quotes: z.array(z.string()).describe("Ids of mentions, the most typical first."),
  newestId: z.string(),
  aspects: z.array(z.string()).describe("Judged badly by most people, first the commonest."),
  stages: z.array(z.string()),
  languages: z.array(z.string()),
  verdict: z.string().describe("single, watch, recurring, escalating; empty: times are unknown."),
  flags: z.array(z.string()),
  reason: z.string().describe("The sentence that says why."),
  complaints: z.int().nonnegative(),
  requests: z.int().nonnegative(),
  mentions: z.int().nonnegative(),
  voices: z.int().nonnegative(),
  reports: z.int().nonnegative().describe("Independent reports: what counts as evidence."),
  days: z.int().nonnegative(),
  channels: z.int().nonnegative(),
  firstAt: Timestamp.nullable(),
  lastAt: Timestamp.nullable(),
  expected: z.number().nullable().describe("Reports an issue of this tracker has on average at this age."),
  alive: z.number().nullable(),
  p30: z.number().nullable().describe("Chance of another report within 30 days."),
  heardShare: z.number().nullable().describe("Share of its time that was listened to."),
  rate: z
    .strictObject({
      reports: z.int(),
      exposure: z.number(),
      perThousand: z.number(),
      low: z.number(),
      high: z.number(),
    })
    .nullable()
    .describe("Reports of 28 days per thousand of exposure, with a 95 % interval."),
  growth: z
    .strictObject({
      test: z.string(),
      reports: z.number(),
      expected: z.number(),
      factor: z.number(),
      q: z.number().describe("False-discovery rate over all issues."),
    })
    .nullable(),
  modelVersion: z.string(),
});
export type IssueJudgement = z.infer<typeof IssueJudgement>;
