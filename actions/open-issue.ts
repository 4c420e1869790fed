import { createHash } from "node:crypto";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { actionableIssue } from "../queries/actionable-issue.ts";
import { foundIssues } from "../queries/found-issues.ts";
import { issueClusterRows, issueEventRows } from "../schemas/issue-rows.ts";
import type { IssueCluster, IssueEvent, IssueRequest } from "../schemas/issue.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { fromColumnTime } from "../schemas/rows.ts";

/** What somebody wants done with an issue. */
export interface IssueAct<R extends IssueRequest = IssueRequest> {
  readonly store: Store;
  readonly tracker: string;
  readonly issueId: string;
  readonly request: R;
  /** Who wants it. */
  readonly by: string;
  readonly context: Context;
}

/** A request of some kinds. */
export type RequestOf<K extends IssueRequest["kind"]> = Extract<IssueRequest, { readonly kind: K }>;

/** How an issue stands before something is done with it. */
export interface ActionableIssue {
  readonly id: string;
  readonly clusters: readonly string[];
  readonly mentions: number;
  readonly verdict: string;
  readonly voices: number;
  /** The issue it was merged into, and the event that did so; empty when it stands. */
  readonly mergedInto: string;
  readonly mergeEvent: string;
  readonly lastEvent: string;
  readonly lastAt: Timestamp;
}

/** How an issue stands, also when it was merged into another or there is none. */
export async function readIssue(
  { store, tracker }: Pick<IssueAct, "store" | "tracker">,
  id: string,
): Promise<ActionableIssue> {
  const [row] = await store.query(actionableIssue.statement({ tracker, issue: id }), actionableIssue.row);
  if (row === undefined) throw new Error("a question that always has one row had none");
  return {
    id,
    clusters: row.clusters,
    mentions: row.mentions,
    verdict: row.verdict,
    voices: row.voices,
    mergedInto: row.merged_into,
    mergeEvent: row.merge_event,
    lastEvent: row.last_event,
    lastAt: fromColumnTime(row.last_at),
  };
}

/**
 * An issue that stands, to do something with it.
 * @throws {EarshotError} not_found, request_invalid
 */
export async function openIssue(act: IssueAct): Promise<ActionableIssue> {
  const issue = await readIssue(act, act.issueId);
  checkStands(issue);
  if (issue.clusters.length > 0) return issue;
  throw notFound(act.tracker, act.issueId);
}

/**
 * The issue that something is moved into.
 * @throws {EarshotError} not_found, request_invalid
 */
export async function openTarget(act: IssueAct, id: string): Promise<ActionableIssue> {
  const target = await readIssue(act, id);
  checkStands(target);
  if (target.clusters.length > 0) return target;
  const elsewhere = await act.store.query(foundIssues.statement({ id }), foundIssues.row);
  const other = elsewhere.find((found) => found.issue_id === id && found.tracker !== act.tracker);
  if (other === undefined) throw notFound(act.tracker, id);
  throw new EarshotError(
    "request_invalid",
    `Issue ${id} is of the tracker ${other.tracker}, this one of ${act.tracker}; what they say stays apart.`,
  );
}

function checkStands({ id, mergedInto, mergeEvent }: ActionableIssue): void {
  if (mergedInto === "") return;
  throw new EarshotError(
    "request_invalid",
    `Issue ${id} was merged into ${mergedInto}; go on with that one, or undo event ${mergeEvent} of ${id} first.`,
    { details: { merged_into: mergedInto, event: mergeEvent } },
  );
}

function notFound(tracker: string, id: string): EarshotError {
  return new EarshotError(
    "not_found",
    `There is no issue ${id.slice(0, 100)} of ${tracker.slice(0, 100)}, or nothing is left of it; ` +
      "`earshot issues list` and the query issues have the ids.",
  );
}

/** Id of the event an act becomes: the same when what was cut off is done again, another after anything else was done. */
export function eventIdOf(
  { tracker, issueId, by, request }: IssueAct,
  { lastEvent }: Pick<ActionableIssue, "lastEvent">,
): string {
  const seed = JSON.stringify([tracker, issueId, by, request, lastEvent]);
  return createHash("sha256").update(seed).digest("hex").slice(0, 16);
}

/** Now, but later than what was done before: what is said later holds, also where a clock was ahead. */
export function timeAfter(context: Context, before: readonly Timestamp[]): Timestamp {
  const latest = Math.max(...before.map((at) => Date.parse(at)));
  return new Date(Math.max(context.now().getTime(), latest + 1)).toISOString();
}

/** Puts clusters into issues in one write. What a person put there the machine leaves there. */
export async function putClusters(
  { store, tracker, by }: Pick<IssueAct, "store" | "tracker" | "by">,
  at: Timestamp,
  places: readonly { readonly issue: string; readonly clusters: readonly string[] }[],
  signal: AbortSignal,
): Promise<void> {
  const rows = places.flatMap(({ issue, clusters }) =>
    clusters.map((clusterId): IssueCluster => ({ tracker, clusterId, issueId: issue, by, at })),
  );
  await store.table(issueClusterRows).write(rows, signal);
}

/** Writes down what was done. */
export async function record(
  act: Pick<IssueAct, "store" | "tracker" | "by">,
  event: Omit<IssueEvent, "tracker" | "by" | "undoes"> & { readonly undoes?: string },
  signal: AbortSignal,
): Promise<IssueEvent> {
  const { store, tracker, by } = act;
  const recorded: IssueEvent = { undoes: "", ...event, tracker, by };
  await store.table(issueEventRows).write([recorded], signal);
  return recorded;
}
