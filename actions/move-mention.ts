import { EarshotError } from "../core/errors.ts";
import { issueIdOf } from "../core/issue-ids.ts";
import { cleanText } from "../core/mention.ts";
import type { IssueEvent } from "../schemas/issue.ts";
import {
  eventIdOf,
  openIssue,
  openTarget,
  putClusters,
  record,
  timeAfter,
  type IssueAct,
  type RequestOf,
} from "./open-issue.ts";
import { takeFromIssue } from "./take-from-issue.ts";

/**
 * Takes a mention out of an issue it does not belong to, into another one or an issue of its own, and so what comes later
 * and is like it. What repeats it goes with it.
 * @throws {EarshotError} not_found, request_invalid
 */
export async function moveMention(
  act: IssueAct<RequestOf<"move">>,
  signal: AbortSignal,
): Promise<IssueEvent> {
  const { tracker, issueId, request, context } = act;
  const { mention, into } = request;
  if (into === issueId) {
    throw new EarshotError("request_invalid", `The mention belongs to issue ${issueId} already.`);
  }
  const issue = await openIssue(act);
  const target = into === undefined ? undefined : await openTarget(act, into);
  const id = eventIdOf(act, issue);
  const taking = await takeFromIssue(act, issue, [mention], id);
  if (target === undefined && taking.left === 0) {
    throw new EarshotError("request_invalid", `The mention is all there is of issue ${issueId} already.`);
  }
  const to = target?.id ?? issueIdOf(tracker, id);
  const at = timeAfter(context, [
    issue.lastAt,
    taking.putAt,
    ...(target === undefined ? [] : [target.lastAt]),
  ]);
  await putClusters(
    act,
    at,
    [
      { issue: issueId, clusters: issue.clusters },
      { issue: to, clusters: [...new Set([...taking.clusters, ...(target?.clusters ?? [])])] },
    ],
    signal,
  );
  await taking.write(at, signal);
  const payload = {
    mention,
    ...(target === undefined ? { newIssue: to } : { into: to }),
    mentions: taking.taken,
  };
  return record(act, { id, issueId, kind: "move", payload, note: cleanText(request.note), at }, signal);
}
