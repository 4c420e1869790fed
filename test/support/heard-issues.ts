import { clusterIdOf, voiceIdOf } from "../../core/issue-ids.ts";
import type { MentionFields } from "../../core/contracts.ts";
import type { Enrichment } from "../../schemas/enrichment.ts";
import {
  issueAssignmentRows,
  issueClusterRows,
  issueEventRows,
  issueJudgementRows,
} from "../../schemas/issue-rows.ts";
import type { IssueAssignment, IssueEvent, IssueJudgement } from "../../schemas/issue.ts";
import { mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import type { ClickHouseStore } from "../../sinks/clickhouse.ts";
import { aJudgement, aMention, anAssignment, anEnrichment } from "./builders.ts";

/** What was heard: of an issue where one is named, else of none. */
export interface HeardMention extends Partial<MentionFields> {
  readonly source?: string;
  readonly observedAt?: string;
  readonly issue?: string;
  readonly copyOf?: string;
  readonly enrichment?: Partial<Enrichment>;
}

const signal = new AbortController().signal;
const NOW = "2026-03-02T10:00:00.000Z";

/** Writes mentions and puts those of an issue into it, as the detector would have. */
export async function hear(
  store: ClickHouseStore,
  tracker: string,
  heard: readonly HeardMention[],
): Promise<void> {
  const events: StoredEvent[] = [];
  const assignments: IssueAssignment[] = [];
  const issues = new Set<string>();
  for (const { issue, copyOf = "", enrichment = {}, ...fields } of heard) {
    const mention = aMention({ trackers: [tracker], ...fields });
    const isPraise = issue === undefined;
    const read = isPraise
      ? { complaint: { isComplaint: false, confidence: 0.9, evidence: [] }, intent: "praise" as const }
      : {};
    events.push({ type: "upsert", mention, enrichment: anEnrichment({ ...read, ...enrichment }) });
    if (issue === undefined) continue;
    issues.add(issue);
    assignments.push(
      anAssignment({
        tracker,
        mentionId: mention.id,
        clusterId: clusterIdOf(tracker, issue),
        voice: voiceIdOf(tracker, `author:${mention.platform} ${mention.authorId}`),
        copyOf,
        copyBy: copyOf === "" ? "" : "text",
      }),
    );
  }
  await store.table(mentionRows).write(events, signal);
  await store.table(issueAssignmentRows).write(assignments, signal);
  await store.table(issueClusterRows).write(
    [...issues].map((issueId) => ({
      tracker,
      clusterId: clusterIdOf(tracker, issueId),
      issueId,
      by: "",
      at: NOW,
    })),
    signal,
  );
}

/** Writes what the detector would have judged of an issue; say only what the test is about. */
export async function judge(
  store: ClickHouseStore,
  fields: Partial<IssueJudgement> & Pick<IssueJudgement, "issueId">,
): Promise<void> {
  const judged = { title: fields.issueId, verdict: "recurring", mentions: 10, voices: 10, ...fields };
  await store.table(issueJudgementRows).write([aJudgement(judged)], signal);
}

let events = 0;

/** Writes what somebody did with an issue. */
export async function tell(
  store: ClickHouseStore,
  fields: Pick<IssueEvent, "tracker" | "issueId" | "kind" | "payload"> & Partial<IssueEvent>,
): Promise<void> {
  await store
    .table(issueEventRows)
    .write([{ id: `event-${++events}`, undoes: "", note: "", by: "ann", at: NOW, ...fields }], signal);
}
