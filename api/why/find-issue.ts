import type { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { issueEvents } from "../../queries/issue-events.ts";
import { issues } from "../../queries/issues.ts";
import { judgedIssue } from "../../queries/judged-issue.ts";
import { Slug } from "../../schemas/primitives.ts";
import type { Ask } from "./asking.ts";

/** An issue as the question `issues` gives it. */
export type IssueRow = z.infer<typeof issues.row>;

export interface IssueAsked {
  readonly ask: Ask;
  /** Of any tracker where undefined. */
  readonly tracker?: string;
  readonly issue: string;
  /** As of this time: verdicts that were given later are not known yet. */
  readonly asOf: Date;
}

const LONGEST_ID = 100;

/**
 * Gives one issue with the verdict it had at a time; what people said of it is as it stands.
 * @throws {EarshotError} not_found where there is none, or it was merged into another
 */
export async function findIssue({ ask, issue, tracker, asOf }: IssueAsked): Promise<IssueRow> {
  const isAskable =
    issue.length > 0 &&
    issue.length <= LONGEST_ID &&
    (tracker === undefined || Slug.safeParse(tracker).success);
  const of = { issue: [issue], ...(tracker === undefined ? {} : { tracker: [tracker] }) };
  const [found] = isAskable ? await ask(issues, issues.params.parse(of)) : [];
  if (found !== undefined) return knownAt(ask, found, asOf);
  const events = isAskable
    ? await ask(issueEvents, issueEvents.params.parse({ ...of, kind: ["merge"], standing: true, limit: 1 }))
    : [];
  const into = events[0] === undefined ? "" : intoOf(events[0].payload);
  const where = tracker === undefined ? "" : ` of ${tracker.slice(0, LONGEST_ID)}`;
  throw new EarshotError(
    "not_found",
    into === ""
      ? `There is no issue ${issue.slice(0, LONGEST_ID)}${where}; \`earshot issues\` and the query issues list those there are.`
      : `Issue ${issue} was merged into ${into}; ask for that one.`,
  );
}

/** The issue with what was judged of it by then. */
async function knownAt(ask: Ask, row: IssueRow, asOf: Date): Promise<IssueRow> {
  const at = asOf.toISOString();
  if (row.judged_at <= at) return row;
  const [judged] = await ask(judgedIssue, { tracker: row.tracker, issue: row.issue_id, at });
  if (judged !== undefined) return { ...row, ...judged };
  return {
    ...row,
    verdict: "",
    flags: [],
    reason: `no verdict was given by ${at.slice(0, 10)}`,
    quotes: [],
    newest_id: "",
    first_at: row.first_at !== null && row.first_at < at ? row.first_at : null,
    last_at: row.last_at !== null && row.last_at < at ? row.last_at : null,
  };
}

/** Where the payload of a merge, done or proposed, leads; empty where it says nothing. */
export function intoOf(payload: string): string {
  const told: unknown = JSON.parse(payload);
  const into = typeof told === "object" && told !== null && "into" in told ? told.into : "";
  return typeof into === "string" ? into : "";
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
