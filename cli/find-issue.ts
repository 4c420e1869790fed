import { EarshotError } from "../core/errors.ts";
import { foundIssues } from "../queries/found-issues.ts";
import { issueEvents } from "../queries/issue-events.ts";
import type { App } from "./app.ts";

/** Names an issue. */
export interface IssueName {
  readonly tracker: string;
  readonly issueId: string;
}

/** So much of an id has to be given. */
const SHORTEST_ID = 4;

/**
 * The issue that somebody means: by its id, or as much of its beginning as no other issue has.
 * @param tracker where it is; needed only where several have such an issue
 * @throws {EarshotError} not_found, request_invalid with the issues it may mean
 */
export async function findIssue(
  { ask }: Pick<App, "ask">,
  given: string,
  tracker?: string,
): Promise<IssueName> {
  const id = given.trim().toLowerCase();
  if (id.length < SHORTEST_ID || id.length > 100) {
    throw new EarshotError(
      "request_invalid",
      `Give the id of an issue, or at least its first ${SHORTEST_ID} characters; \`earshot issues list\` has them.`,
    );
  }
  const found = await ask(foundIssues, { id, ...(tracker === undefined ? {} : { tracker }) });
  const same = found.filter((issue) => issue.issue_id === id);
  const meant = same.length > 0 ? same : found;
  const [one] = meant;
  if (one === undefined) {
    const where = tracker === undefined ? "" : ` of ${tracker}`;
    throw new EarshotError(
      "not_found",
      `There is no issue ${id}${where}; \`earshot issues list\` has the ids.`,
    );
  }
  if (meant.length === 1) return { tracker: one.tracker, issueId: one.issue_id };
  const named = meant.map((issue) => `${issue.issue_id} of ${issue.tracker} "${issue.title.slice(0, 60)}"`);
  const hint = same.length > 0 ? "say which with --tracker" : "give more of its id";
  throw new EarshotError("request_invalid", `${id} may be any of these, ${hint}: ${named.join(", ")}.`, {
    details: { issues: meant },
  });
}

/**
 * The issue that something was done with, or that the machine proposes something for.
 * @param id of the event, whole
 * @throws {EarshotError} not_found
 */
export async function findEvent({ ask }: Pick<App, "ask">, id: string): Promise<IssueName> {
  const [found] = await ask(issueEvents, { event: [id], limit: 1 });
  if (found !== undefined) return { tracker: found.tracker, issueId: found.issue_id };
  throw new EarshotError(
    "not_found",
    `Nothing was done that has the id ${id.slice(0, 100)}; \`earshot issues show\` has the ids of what was.`,
  );
}
