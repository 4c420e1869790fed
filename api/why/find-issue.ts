import type { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { issues } from "../../queries/issues.ts";
import type { Ask } from "./asking.ts";

/** An issue as the question `issues` gives it. */
export type IssueRow = z.infer<typeof issues.row>;

const LONGEST_ID = 100;

/**
 * Gives one issue as it stands.
 * @param tracker of any tracker where undefined
 * @throws {EarshotError} not_found where there is none, or it was merged into another
 */
export async function findIssue(ask: Ask, issue: string, tracker?: string): Promise<IssueRow> {
  const isId = issue.length > 0 && issue.length <= LONGEST_ID;
  const [found] = isId
    ? await ask(
        issues,
        issues.params.parse({ issue: [issue], ...(tracker === undefined ? {} : { tracker: [tracker] }) }),
      )
    : [];
  if (found !== undefined) return found;
  const where = tracker === undefined ? "" : ` of ${tracker}`;
  throw new EarshotError(
    "not_found",
    `There is no issue ${issue.slice(0, LONGEST_ID)}${where}; it may have been merged into another. Issues are listed by \`earshot issues\`.`,
  );
}

/** Issues of a tracker by id: these, at most a hundred, or without ids its thousand largest. */
export async function issuesById(
  ask: Ask,
  tracker: string,
  ids?: readonly string[],
): Promise<ReadonlyMap<string, IssueRow>> {
  if (ids?.length === 0) return new Map();
  const which = ids === undefined ? { limit: 1_000, order: "voices" } : { issue: ids.slice(0, 100) };
  const rows = await ask(issues, issues.params.parse({ tracker: [tracker], ...which }));
  return new Map(rows.map((row) => [row.issue_id, row]));
}
