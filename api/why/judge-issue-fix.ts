import type { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import {
  judgeFix,
  type FixCount,
  type FixJudgement,
  type OtherIssue,
} from "../../processors/judge-fix/index.ts";
import { changes } from "../../queries/changes.ts";
import { issueEvents } from "../../queries/issue-events.ts";
import { rememberingAsk, type Ask, type AskedStatement } from "./asking.ts";
import { findIssue, intoOf, issuesById, type IssueRow } from "./find-issue.ts";
import { isoOf, readPast, type PastRead } from "./read-past.ts";

const DAY_MS = 86_400_000;
/** The longest time before a fix that it is compared with. */
const DAYS_BEFORE = 84;
const MOST_SIMILAR = 10;

/** {@link FixCount} with times in ISO 8601. */
export interface ShownCount extends Omit<FixCount, "from" | "to"> {
  readonly from: string;
  readonly to: string;
}

/** What became of an issue that a change should have mended. */
export interface IssueFixVerdict extends Omit<FixJudgement, "before" | "after" | "cameBack" | "movedTo"> {
  readonly tracker: string;
  readonly issue: string;
  readonly title: string;
  readonly asOf: string;
  readonly change: {
    readonly id: string;
    readonly kind: string;
    readonly title: string;
    readonly at: string;
    readonly version: string;
    readonly url: string;
  };
  readonly before: ShownCount | null;
  readonly after: ShownCount | null;
  readonly cameBack: (ShownCount & { readonly change: number }) | null;
  readonly movedTo: (NonNullable<FixJudgement["movedTo"]> & { readonly title: string }) | null;
  /** What exposure is counted in; null: days that were heard. */
  readonly measure: string | null;
  readonly read: PastRead;
  readonly statements: readonly AskedStatement[];
}

export interface FixAsked {
  readonly ask: Ask;
  /** Of any tracker where undefined. */
  readonly tracker?: string;
  readonly issue: string;
  /** Id of the change; the latest that is meant to mend the issue where undefined. */
  readonly change?: string;
  readonly asOf: Date;
  /** The imported exposure to take where there are several; by default the one of the most days. */
  readonly exposureMeasure?: string | undefined;
}

type ChangeRow = z.infer<typeof changes.row>;

/**
 * Judges whether a change mended an issue: people per exposure before and after, by when they wrote and which version they
 * had, beside issues nobody fixed; what was not heard counts for nothing. Never `fell` because a source was silent.
 * @throws {EarshotError} not_found where no change is known, request_invalid of a change yet to come, sink_unavailable
 * @see docs/why.md
 */
export async function judgeIssueFix(asked: FixAsked): Promise<IssueFixVerdict> {
  const { ask, statements } = rememberingAsk(asked.ask);
  const row = await findIssue({ ...asked, ask });
  const { tracker, issue_id: issue } = row;
  const asOf = asked.asOf.getTime();
  const known = await ask(changes, changes.params.parse({ tracker: [tracker], limit: 10_000 }));
  const change = chooseChange(known, issue, asked.change, asOf);
  const at = Date.parse(change.at);
  const from = at - DAYS_BEFORE * DAY_MS;
  const past = await readPast({ ask, tracker, issue, from, to: asOf, measure: asked.exposureMeasure });
  const named = await issuesById(ask, tracker);
  const proposals = await ask(
    issueEvents,
    issueEvents.params.parse({ tracker: [tracker], kind: ["propose_merge"], standing: true, limit: 1_000 }),
  );
  const similar = similarIssues(row, named, proposals);
  const touched = new Set(
    known.filter((other) => Date.parse(other.at) >= from).flatMap(({ fixes }) => fixes),
  );
  const others = [...past.byIssue].flatMap(([id, mentions]): OtherIssue[] =>
    id === issue ? [] : [{ issue: id, mentions, isSimilar: similar.has(id), isTouched: touched.has(id) }],
  );
  const judged = judgeFix({
    fix: { id: change.id, at, ...(change.version === "" ? {} : { version: change.version }) },
    mentions: past.byIssue.get(issue) ?? [],
    others,
    asOf,
    since: past.since,
    notHeard: past.notHeard,
    ...(past.exposure === undefined ? {} : { exposures: past.exposure.days }),
  });
  const { before, after, cameBack, movedTo, cautions, sentence, ...rest } = judged;
  const { id, kind, title, version, url } = change;
  const narrow = narrowness(change);
  return {
    tracker,
    issue,
    title: row.title,
    asOf: isoOf(asOf),
    change: { id, kind, title, at: change.at, version, url },
    ...rest,
    cautions: [...cautions, ...narrow],
    sentence: [sentence, ...narrow].join("; "),
    before: shownCount(before),
    after: shownCount(after),
    cameBack: cameBack === null ? null : { ...shownTimes(cameBack), change: cameBack.change },
    movedTo: movedTo === null ? null : { ...movedTo, title: named.get(movedTo.issue)?.title ?? "" },
    measure: past.exposure?.measure ?? null,
    read: past.read,
    statements,
  };
}

/** Mentions of everywhere are counted, whatever part of the customers a change was for. */
function narrowness({ platform, country, product }: ChangeRow): string[] {
  const parts = [platform, country, product].filter((part) => part !== "");
  return parts.length === 0
    ? []
    : [`it was for ${parts.join(", ")} alone, and people of everywhere are counted`];
}

function chooseChange(
  known: readonly ChangeRow[],
  issue: string,
  id: string | undefined,
  asOf: number,
): ChangeRow {
  const meant = known.filter(({ fixes }) => fixes.includes(issue));
  const found =
    id === undefined
      ? (meant.find(({ at }) => Date.parse(at) <= asOf) ?? meant.at(-1))
      : known.find((change) => change.id === id);
  if (found === undefined) {
    throw new EarshotError(
      "not_found",
      id === undefined
        ? `No change is known that should have mended issue ${issue}. Tell of it: earshot changes add --kind fix --fixes ${issue} --title "what was done" --at <time>.`
        : `There is no change ${id.slice(0, 200)} of this tracker; earshot changes lists those there are.`,
    );
  }
  if (Date.parse(found.at) > asOf) {
    throw new EarshotError(
      "request_invalid",
      `The change ${found.id} only comes on ${found.at.slice(0, 10)}; ask again after it.`,
    );
  }
  return found;
}

/** Issues to which complaints may have moved: told by the same words, first of all judged aspects, or proposed as the same. */
function similarIssues(
  row: IssueRow,
  named: ReadonlyMap<string, IssueRow>,
  proposals: readonly { readonly issue_id: string; readonly payload: string }[],
): ReadonlySet<string> {
  const proposed = new Set(
    proposals.flatMap(({ issue_id, payload }) => {
      const into = intoOf(payload);
      return issue_id === row.issue_id ? [into] : into === row.issue_id ? [issue_id] : [];
    }),
  );
  const likeness = (other: IssueRow) =>
    (proposed.has(other.issue_id) ? 100 : 0) +
    other.terms.filter((term) => row.terms.includes(term)).length +
    (other.aspects[0] !== undefined && other.aspects[0] === row.aspects[0] ? 1 : 0);
  const alike = [...named.values()]
    .filter((other) => other.issue_id !== row.issue_id && likeness(other) > 0)
    .sort((a, b) => likeness(b) - likeness(a) || b.voices - a.voices || (a.issue_id < b.issue_id ? -1 : 1));
  return new Set(alike.slice(0, MOST_SIMILAR).map(({ issue_id }) => issue_id));
}

function shownCount(count: FixCount | null): ShownCount | null {
  return count === null ? null : shownTimes(count);
}

function shownTimes({ from, to, heardDays, people }: FixCount): ShownCount {
  return { from: isoOf(from), to: isoOf(to), heardDays, people };
}
