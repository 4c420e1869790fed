import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { issueEvents } from "../queries/issue-events.ts";
import type { IssueEvent } from "../schemas/issue.ts";
import {
  eventIdOf,
  openIssue,
  openTarget,
  putClusters,
  readIssue,
  record,
  timeAfter,
  type IssueAct,
  type RequestOf,
} from "./open-issue.ts";

type Merge = IssueAct<RequestOf<"merge">>;

/**
 * Makes an issue part of another one: what belongs to it goes there, and so does what comes later. Where it was cut off,
 * asking for it again finishes it.
 * @throws {EarshotError} not_found, request_invalid
 */
export async function mergeIssues(act: Merge, signal: AbortSignal): Promise<IssueEvent> {
  const { issueId, request, context } = act;
  const { into } = request;
  if (into === issueId) {
    throw new EarshotError("request_invalid", `Issue ${issueId} cannot be merged into itself.`);
  }
  const before = await readIssue(act, issueId);
  const isCutOff = before.mergedInto === into && before.clusters.length > 0;
  const { clusters, lastAt, ...issue } = isCutOff ? before : await openIssue(act);
  const target = await openTarget(act, into);
  const at = timeAfter(context, [lastAt, target.lastAt]);
  const id = eventIdOf(act, issue);
  const note = cleanText(request.note);
  // unlike elsewhere first of all: once the clusters are moved nothing else tells which were its own
  const event = isCutOff
    ? await readEvent(act, issue.mergeEvent)
    : await record(act, { id, issueId, kind: "merge", payload: { into, clusters }, note, at }, signal);
  await putClusters(act, at, [{ issue: into, clusters: [...clusters, ...target.clusters] }], signal);
  return event;
}

async function readEvent({ store, tracker, issueId }: Merge, id: string): Promise<IssueEvent> {
  const statement = issueEvents.statement({ tracker: [tracker], event: [id], limit: 1 });
  const [row] = await store.query(statement, issueEvents.row);
  if (row === undefined) throw new Error("an event that stands is not there");
  const { kind, payload, undoes, note, by, at } = row;
  const said = JSON.parse(payload) as Record<string, unknown>;
  return { id, tracker, issueId, kind, payload: said, undoes, note, by, at };
}
