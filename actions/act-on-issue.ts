import type { IssueEvent } from "../schemas/issue.ts";
import { mergeIssues } from "./merge-issues.ts";
import { moveMention } from "./move-mention.ts";
import { noteIssue } from "./note-issue.ts";
import type { IssueAct } from "./open-issue.ts";
import { splitIssue } from "./split-issue.ts";
import { undoIssueEvent } from "./undo-issue-event.ts";

/**
 * Does with an issue what a person asks for. It holds at once; the clusters of the issue stay its own from then on, and
 * later mentions that are like them follow.
 * @returns what was recorded
 * @throws {EarshotError} not_found, request_invalid, sink_unavailable
 */
export async function actOnIssue(act: IssueAct, signal: AbortSignal): Promise<IssueEvent> {
  const { request } = act;
  switch (request.kind) {
    case "merge":
      return mergeIssues({ ...act, request }, signal);
    case "split":
      return splitIssue({ ...act, request }, signal);
    case "move":
      return moveMention({ ...act, request }, signal);
    case "undo":
      return undoIssueEvent({ ...act, request }, signal);
    case "rename":
    case "own":
    case "relook":
    case "isolate":
    case "decide":
    case "register":
    case "answer":
    case "dismiss":
      return noteIssue({ ...act, request }, signal);
  }
}
