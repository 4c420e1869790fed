import type { Change, Exposure } from "./change.ts";
import type { IssueAssignment, IssueCluster, IssueClusterSum, IssueEvent, IssueJudgement } from "./issue.ts";
import type { Timestamp } from "./primitives.ts";
import { toColumnTime } from "./rows.ts";

const toNullableColumnTime = (at: Timestamp | null) => (at === null ? null : toColumnTime(at));

/** A vector as a column holds it: base64 of its bytes, shorter than its numbers in JSON. */
function toColumnVector(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");
}

export function fromColumnVector(column: string): Float32Array {
  const bytes = Buffer.from(column, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Beyond any time in ms: added where a person speaks, so that the machine never has the last word. */
const PERSON_FIRST = 4_000_000_000_000_000;

function versionOf({ by, at }: { readonly by: string; readonly at: Timestamp }): number {
  return Date.parse(at) + (by === "" ? 0 : PERSON_FIRST);
}

export const issueAssignmentRows = {
  table: "issue_assignment_rows",
  columns: [
    "tracker",
    "mention_id",
    "cluster_id",
    "similarity",
    "voice",
    "copy_of",
    "copy_by",
    "model_version",
    "by",
    "assigned_at",
    "version",
  ],
  toRow: (a: IssueAssignment): readonly unknown[] => [
    a.tracker,
    a.mentionId,
    a.clusterId,
    a.similarity,
    a.voice,
    a.copyOf,
    a.copyBy,
    a.modelVersion,
    a.by,
    toColumnTime(a.at),
    versionOf(a),
  ],
};

export const issueClusterRows = {
  table: "issue_cluster_rows",
  columns: ["tracker", "cluster_id", "issue_id", "by", "moved_at", "version"],
  toRow: (c: IssueCluster): readonly unknown[] => [
    c.tracker,
    c.clusterId,
    c.issueId,
    c.by,
    toColumnTime(c.at),
    versionOf(c),
  ],
};

export const issueClusterSumRows = {
  table: "issue_cluster_sum_rows",
  columns: ["tracker", "cluster_id", "model", "mentions", "sum", "recorded_at"],
  toRow: (s: IssueClusterSum): readonly unknown[] => [
    s.tracker,
    s.clusterId,
    s.model,
    s.mentions,
    toColumnVector(s.sum),
    toColumnTime(s.at),
  ],
};

export const issueEventRows = {
  table: "issue_event_rows",
  columns: ["id", "tracker", "issue_id", "kind", "payload", "undoes", "note", "by", "at"],
  toRow: (e: IssueEvent): readonly unknown[] => [
    e.id,
    e.tracker,
    e.issueId,
    e.kind,
    JSON.stringify(e.payload),
    e.undoes,
    e.note,
    e.by,
    toColumnTime(e.at),
  ],
};

export const issueJudgementRows = {
  table: "issue_judgement_rows",
  columns: [
    "tracker",
    "issue_id",
    "judged_at",
    "title",
    "terms",
    "coverage",
    "quotes",
    "newest_id",
    "aspects",
    "stages",
    "languages",
    "verdict",
    "flags",
    "reason",
    "complaints",
    "requests",
    "mentions",
    "voices",
    "reports",
    "days",
    "channels",
    "first_at",
    "last_at",
    "expected",
    "alive",
    "p30",
    "heard_share",
    "rate_reports",
    "rate_exposure",
    "rate_per_thousand",
    "rate_low",
    "rate_high",
    "growth_test",
    "growth_reports",
    "growth_expected",
    "growth_factor",
    "growth_q",
    "model_version",
  ],
  toRow: (j: IssueJudgement): readonly unknown[] => [
    j.tracker,
    j.issueId,
    toColumnTime(j.judgedAt),
    j.title,
    j.terms,
    j.coverage,
    j.quotes,
    j.newestId,
    j.aspects,
    j.stages,
    j.languages,
    j.verdict,
    j.flags,
    j.reason,
    j.complaints,
    j.requests,
    j.mentions,
    j.voices,
    j.reports,
    j.days,
    j.channels,
    toNullableColumnTime(j.firstAt),
    toNullableColumnTime(j.lastAt),
    j.expected,
    j.alive,
    j.p30,
    j.heardShare,
    j.rate?.reports ?? null,
    j.rate?.exposure ?? null,
    j.rate?.perThousand ?? null,
    j.rate?.low ?? null,
    j.rate?.high ?? null,
    j.growth?.test ?? "",
    j.growth?.reports ?? null,
    j.growth?.expected ?? null,
    j.growth?.factor ?? null,
    j.growth?.q ?? null,
    j.modelVersion,
  ],
};

export const changeRows = {
  table: "change_rows",
  columns: [
    "id",
    "tracker",
    "kind",
    "at",
    "ends_at",
    "title",
    "description",
    "url",
    "version",
    "platform",
    "country",
    "product",
    "fixes",
    "origin",
    "by",
    "recorded_at",
    "is_removed",
  ],
  toRow: (c: Change): readonly unknown[] => [
    c.id,
    c.tracker,
    c.kind,
    toColumnTime(c.at),
    toNullableColumnTime(c.endsAt),
    c.title,
    c.description,
    c.url,
    c.version,
    c.platform,
    c.country,
    c.product,
    c.fixes,
    c.origin,
    c.by,
    toColumnTime(c.recordedAt),
    c.isRemoved ? 1 : 0,
  ],
};

export const exposureRows = {
  table: "exposure_rows",
  columns: ["tracker", "measure", "version", "day", "count", "by", "recorded_at"],
  toRow: (e: Exposure): readonly unknown[] => [
    e.tracker,
    e.measure,
    e.version,
    e.day,
    e.count,
    e.by,
    toColumnTime(e.recordedAt),
  ],
};
