import { getPath } from "../../api.ts";
import { useRequest, type Loaded } from "../../use-query.ts";
import type { IssueRef } from "../use-act.ts";

/** The path of something that is told of one issue. */
export function issuePath({ tracker, issue_id }: IssueRef, rest: string): string {
  return `/api/v1/issues/${encodeURIComponent(tracker)}/${encodeURIComponent(issue_id)}/${rest}`;
}

/**
 * What is told of one issue and takes a while to reckon: asked once, and again whenever `revision` changes. An
 * undefined path asks nothing.
 */
export function useIssuePart<T>(path: string | undefined, revision: number): Loaded<T> {
  return useRequest(path, revision, (asked, signal) => getPath<T>(asked, signal));
}
