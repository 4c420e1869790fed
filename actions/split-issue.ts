import { EarshotError } from "../core/errors.ts";
import { issueIdOf } from "../core/issue-ids.ts";
import { cleanText } from "../core/mention.ts";
import type { IssueEvent } from "../schemas/issue.ts";
import {
  eventIdOf,
  openIssue,
  putClusters,
  record,
  timeAfter,
  type IssueAct,
  type RequestOf,
} from "./open-issue.ts";
import { takeFromIssue } from "./take-from-issue.ts";

/**
 * Makes mentions of an issue another issue, and so what comes later and is like them. What repeats them goes with them.
 * @throws {EarshotError} not_found, request_invalid
 */
export async function splitIssue(
  act: IssueAct<RequestOf<"split">>,
  signal: AbortSignal,
): Promise<IssueEvent> {
  const { tracker, issueId, request, context } = act;
  const issue = await openIssue(act);
  const id = eventIdOf(act, issue);
  const newIssue = issueIdOf(tracker, id);
  const taking = await takeFromIssue(act, issue, request.mentions, id);
  if (taking.left === 0) {
    throw new EarshotError(
      "request_invalid",
      `Nothing of issue ${issueId} would be left; to call it something else, rename it.`,
    );
  }
  const at = timeAfter(context, [issue.lastAt, taking.putAt]);
  await putClusters(
    act,
    at,
    [
      { issue: issueId, clusters: issue.clusters },
      { issue: newIssue, clusters: taking.clusters },
    ],
    signal,
  );
  await taking.write(at, signal);
  const title = cleanText(request.title);
  if (title !== "") {
    const rename = { id: `${id}~title`, issueId: newIssue, kind: "rename", payload: { title } } as const;
    await record(act, { ...rename, note: "", at }, signal);
  }
  const payload = { mentions: taking.taken, newIssue, title };
  return record(act, { id, issueId, kind: "split", payload, note: cleanText(request.note), at }, signal);
}
