import { NO_LIMITS } from "../../core/budget.ts";
import type { IssueAssignment, IssueJudgement } from "../../schemas/issue.ts";
import type { MentionFields, PollRun } from "../../core/contracts.ts";
import type { Context } from "../../core/context.ts";
import { toMention } from "../../core/mention.ts";
import type { Enrichment } from "../../schemas/enrichment.ts";
import type { Mention } from "../../schemas/mention.ts";
import { toPoll, type Poll } from "../../schemas/poll.ts";

/** A clock that stands still and a log that keeps quiet. */
export function aContext(at = "2026-03-02T10:00:00.000Z"): Context {
  const silent = () => {};
  return {
    now: () => new Date(at),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    observe: silent,
  };
}

/** What an ingestor is polled with; say only what the test is about. */
export function aPollRun(run: Partial<PollRun<unknown, unknown>> = {}): PollRun<unknown, unknown> {
  return {
    config: {},
    cursor: undefined,
    queries: [],
    budget: NO_LIMITS,
    signal: new AbortController().signal,
    context: aContext(),
    ...run,
  };
}

let count = 0;

/** A plausible mention; say only what the test is about. */
export function aMention(
  fields: Partial<MentionFields> & { source?: string; observedAt?: string } = {},
): Mention {
  const { source = "test", observedAt = "2026-03-02T10:00:00.000Z", ...rest } = fields;
  return toMention(
    {
      platform: "x",
      nativeId: String(++count),
      kind: "post",
      text: "The parcel never arrived",
      publishedAt: "2026-03-01T09:00:00.000Z",
      authorId: `author-${count}`,
      trackers: ["acme"],
      ...rest,
    },
    { source, trackers: [], observedAt },
  );
}

export function anEnrichment(fields: Partial<Enrichment> = {}): Enrichment {
  return {
    language: "en",
    languageConfidence: 0.9,
    sentiment: {
      score: -0.5,
      label: "negative",
      confidence: 0.8,
      spans: [{ start: 0, end: 3 }],
      sentences: [],
    },
    complaint: { isComplaint: true, confidence: 0.7, evidence: [{ start: 4, end: 10 }] },
    intent: "complaint",
    request: { isRequest: false, confidence: 0.9, evidence: [] },
    feedback: { kind: "unknown", confidence: 0 },
    aspects: [],
    stage: { brokeAt: "unknown", complainedAt: "unknown" },
    severity: 2,
    anger: 0,
    repetition: { isRepeated: false, count: null, daysWaiting: null, evidence: [] },
    expectation: { isBroken: false, source: "none", claim: null, evidence: [] },
    threats: [],
    spam: { isSpam: false, score: 0, reasons: [] },
    modelVersion: "test",
    processedAt: "2026-03-02T10:00:01.000Z",
    ...fields,
  };
}

/** A poll that went well and brought nothing; say only what the test is about. */
export function aPoll(fields: Partial<Poll> & Pick<Poll, "source" | "at">): Poll {
  return toPoll({ startedAt: fields.at, outcome: "ok", ...fields });
}

/** The fact that a mention was put with others. */
export function anAssignment(
  fields: Partial<IssueAssignment> & Pick<IssueAssignment, "mentionId">,
): IssueAssignment {
  return {
    tracker: "acme",
    clusterId: "cluster",
    similarity: 1,
    voice: `voice of ${fields.mentionId}`,
    copyOf: "",
    copyBy: "",
    modelVersion: "test",
    by: "",
    at: "2026-03-02T10:00:00.000Z",
    ...fields,
  };
}

/** What the machine says of an issue of one voice. */
export function aJudgement(
  fields: Partial<IssueJudgement> & Pick<IssueJudgement, "issueId">,
): IssueJudgement {
  const at = "2026-03-01T09:00:00.000Z";
  return {
    tracker: "acme",
    judgedAt: "2026-03-02T10:00:00.000Z",
    title: "The parcel never arrived",
    terms: [],
    coverage: 0,
    quotes: [],
    newestId: "",
    aspects: [],
    stages: [],
    languages: [],
    verdict: "single",
    flags: [],
    reason: "single: 1 person, 1 day, 1 channel since 1 Mar",
    complaints: 1,
    requests: 0,
    mentions: 1,
    voices: 1,
    reports: 1,
    days: 1,
    channels: 1,
    firstAt: at,
    lastAt: at,
    expected: null,
    alive: null,
    p30: null,
    heardShare: null,
    rate: null,
    growth: null,
    modelVersion: "test",
    ...fields,
  };
}
