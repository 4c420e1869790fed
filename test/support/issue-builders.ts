import { voiceIdOf } from "../../core/issue-ids.ts";
import type { Store } from "../../core/contracts.ts";
import { issueAssignmentRows, issueClusterRows, issueJudgementRows } from "../../schemas/issue-rows.ts";
import type { IssueAssignment, IssueJudgement } from "../../schemas/issue.ts";
import { mentionRows } from "../../schemas/rows.ts";
import type { Enrichment } from "../../schemas/enrichment.ts";
import { aMention, anEnrichment } from "./builders.ts";

const AT = "2026-03-02T10:00:00.000Z";

/** What was judged of an issue; say only what the test is about. */
export function aJudgement(
  fields: Partial<IssueJudgement> & Pick<IssueJudgement, "issueId">,
): IssueJudgement {
  return {
    tracker: "acme",
    judgedAt: AT,
    title: `about ${fields.issueId}`,
    terms: [],
    coverage: 1,
    quotes: [],
    newestId: "",
    aspects: [],
    stages: [],
    languages: ["en"],
    verdict: "single",
    flags: [],
    reason: "One person said so.",
    complaints: 1,
    requests: 0,
    mentions: 1,
    voices: 1,
    reports: 1,
    days: 1,
    channels: 1,
    firstAt: "2026-03-01T09:00:00.000Z",
    lastAt: "2026-03-01T09:00:00.000Z",
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

/** One mention of an issue, by its native id; `copyOf` is the native id of what it repeats. */
export interface StoredMention {
  readonly nativeId: string;
  readonly cluster: string;
  readonly author?: string;
  readonly copyOf?: string;
  readonly text?: string;
  readonly publishedAt?: string;
}

/** Stores mentions as the detector would have put them: clusters are those of `issues`, by issue. */
export async function storeIssues(
  store: Store,
  issues: Readonly<Record<string, readonly string[]>>,
  mentions: readonly StoredMention[],
  { tracker = "acme", enrichment = {} }: { tracker?: string; enrichment?: Partial<Enrichment> } = {},
): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const made = mentions.map(({ nativeId, author = nativeId, text, publishedAt }) =>
    aMention({
      nativeId,
      authorId: author,
      trackers: [tracker],
      ...(text === undefined ? {} : { text }),
      ...(publishedAt === undefined ? {} : { publishedAt }),
    }),
  );
  await store.table(mentionRows).write(
    made.map((mention) => ({ type: "upsert" as const, mention, enrichment: anEnrichment(enrichment) })),
    signal,
  );
  await store.table(issueAssignmentRows).write(
    mentions.map(({ nativeId, cluster, author = nativeId, copyOf }): IssueAssignment => ({
      tracker,
      mentionId: `x:${nativeId}`,
      clusterId: cluster,
      similarity: 0.75,
      voice: voiceIdOf(tracker, author),
      copyOf: copyOf === undefined ? "" : `x:${copyOf}`,
      copyBy: copyOf === undefined ? "" : "repost",
      modelVersion: "test",
      by: "",
      at: AT,
    })),
    signal,
  );
  await store.table(issueClusterRows).write(
    Object.entries(issues).flatMap(([issueId, clusters]) =>
      clusters.map((clusterId) => ({ tracker, clusterId, issueId, by: "", at: AT })),
    ),
    signal,
  );
}

/** Stores judgements. */
export async function storeJudgements(store: Store, judgements: readonly IssueJudgement[]): Promise<void> {
  await store.table(issueJudgementRows).write(judgements, AbortSignal.timeout(60_000));
}
