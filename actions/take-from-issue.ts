import { EarshotError } from "../core/errors.ts";
import { assignedMentions } from "../queries/assigned-mentions.ts";
import { issueAssignmentRows } from "../schemas/issue-rows.ts";
import type { IssueAssignment } from "../schemas/issue.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { fromColumnTime } from "../schemas/rows.ts";
import type { ActionableIssue, IssueAct } from "./open-issue.ts";

/** A mention that was taken from one cluster into another: what it takes to undo it. */
export interface Taken {
  readonly mention: string;
  readonly from: string;
  readonly to: string;
}

type Assigned = Omit<IssueAssignment, "by" | "at"> & { readonly issueId: string; readonly putAt: Timestamp };

/** Ids of one statement; they are written into it. */
const IDS_AT_ONCE = 100;
const MOST_NAMED = 3;

/** Where mentions and those that repeat them were put, each once, ordered by id within a hundred. */
export async function readAssigned(
  { store, tracker }: Pick<IssueAct, "store" | "tracker">,
  ids: readonly string[],
): Promise<readonly Assigned[]> {
  const found = new Map<string, Assigned>();
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const statement = assignedMentions.statement({ tracker, ids: ids.slice(at, at + IDS_AT_ONCE) });
    for (const row of await store.query(statement, assignedMentions.row)) {
      found.set(row.mention_id, {
        tracker,
        mentionId: row.mention_id,
        clusterId: row.cluster_id,
        similarity: row.similarity,
        voice: row.voice,
        copyOf: row.copy_of,
        copyBy: row.copy_by,
        modelVersion: row.model_version,
        issueId: row.issue_id,
        putAt: fromColumnTime(row.assigned_at),
      });
    }
  }
  return [...found.values()];
}

/** What an event takes from an issue, before anything is written. */
export interface Taking {
  readonly taken: readonly Taken[];
  /** The clusters they are put into, each once. */
  readonly clusters: readonly string[];
  /** When the latest of them was put where it is. */
  readonly putAt: Timestamp;
  /** Mentions that stay in the issue. */
  readonly left: number;
  /** Puts the mentions there. */
  write(at: Timestamp, signal: AbortSignal): Promise<void>;
}

/**
 * Finds mentions of an issue, and those of it that repeat them, to put them into clusters of an event's own.
 * @throws {EarshotError} not_found for mentions that are not of the issue
 */
export async function takeFromIssue(
  act: IssueAct,
  issue: ActionableIssue,
  ids: readonly string[],
  eventId: string,
): Promise<Taking> {
  const suffix = `~${eventId}`;
  const all = await readAssigned(act, ids);
  // where it was cut off before they are taken already
  const isTaken = ({ clusterId }: Assigned) => clusterId.endsWith(suffix);
  const ours = all.filter((one) => one.issueId === issue.id || isTaken(one));
  const known = new Set(ours.map((one) => one.mentionId));
  const missing = [...new Set(ids)].filter((id) => !known.has(id));
  if (missing.length > 0) {
    const named = missing.slice(0, MOST_NAMED).map((id) => id.slice(0, 200));
    const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : "";
    throw new EarshotError(
      "not_found",
      `${named.join(", ")}${more}: not of issue ${issue.id}; the query issue_mentions has the ids of its mentions.`,
    );
  }
  const fromOf = (one: Assigned) => (isTaken(one) ? one.clusterId.slice(0, -suffix.length) : one.clusterId);
  const taken = ours.map((one) => ({
    mention: one.mentionId,
    from: fromOf(one),
    to: `${fromOf(one)}${suffix}`,
  }));
  return {
    taken,
    clusters: [...new Set(taken.map(({ to }) => to))],
    putAt: ours.reduce(
      (latest, { putAt }) => (putAt > latest ? putAt : latest),
      ours[0]?.putAt ?? issue.lastAt,
    ),
    left: issue.mentions - ours.filter((one) => !isTaken(one)).length,
    write: (at, signal) =>
      putMentions(
        act,
        at,
        ours.map((one) => ({ ...one, clusterId: `${fromOf(one)}${suffix}` })),
        signal,
      ),
  };
}

/** Puts mentions into the clusters they name in one write, by a person. */
export async function putMentions(
  { store, by }: Pick<IssueAct, "store" | "by">,
  at: Timestamp,
  mentions: readonly Assigned[],
  signal: AbortSignal,
): Promise<void> {
  const rows = mentions.map((one): IssueAssignment => ({ ...one, by, at }));
  await store.table(issueAssignmentRows).write(rows, signal);
}
