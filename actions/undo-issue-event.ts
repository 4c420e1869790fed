import { z } from "zod";
import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { issueEvents } from "../queries/issue-events.ts";
import type { IssueEvent } from "../schemas/issue.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import {
  eventIdOf,
  putClusters,
  readIssue,
  record,
  timeAfter,
  type ActionableIssue,
  type IssueAct,
  type RequestOf,
} from "./open-issue.ts";
import { putMentions, readAssigned } from "./take-from-issue.ts";

type Done = z.infer<typeof issueEvents.row>;
type Undo = IssueAct<RequestOf<"undo">>;

const MergeDone = z.object({ into: z.string(), clusters: z.array(z.string()) });
const TakingDone = z
  .object({
    into: z.string().optional(),
    newIssue: z.string().optional(),
    mentions: z.array(z.object({ mention: z.string(), from: z.string(), to: z.string() })),
  })
  .transform(({ into, newIssue, mentions }) => ({ mentions, target: into ?? newIssue ?? "" }));

/**
 * Takes back what a person did with an issue. What was moved goes back, as far as it is still where it was moved to.
 * @throws {EarshotError} not_found, request_invalid
 */
export async function undoIssueEvent(act: Undo, signal: AbortSignal): Promise<IssueEvent> {
  const { issueId, request, context } = act;
  const done = await findDone(act);
  const issue = await readIssue(act, issueId);
  const back = await planBack(act, done);
  const at = timeAfter(context, [issue.lastAt, done.at, ...back.after]);
  const clusters = [...new Set([...issue.clusters, ...back.clusters])];
  await putClusters(act, at, [{ issue: issueId, clusters }], signal);
  await putMentions(act, at, back.mentions, signal);
  const event = { id: eventIdOf(act, issue), issueId, kind: "undo", undoes: done.id } as const;
  return record(act, { ...event, payload: { event: done.id }, note: cleanText(request.note), at }, signal);
}

async function findDone({ store, tracker, issueId, request }: Undo): Promise<Done> {
  const id = request.event;
  const statement = issueEvents.statement({ tracker: [tracker], event: [id], limit: 1 });
  const [done] = await store.query(statement, issueEvents.row);
  const refuse = (message: string) => new EarshotError("request_invalid", message);
  if (done === undefined || done.issue_id !== issueId) {
    const where = done === undefined ? "" : ` It is one of issue ${done.issue_id}.`;
    throw new EarshotError(
      "not_found",
      `There is no event ${id} of issue ${issueId}.${where} \`earshot issues show\` and the query issue_events have the ids.`,
    );
  }
  if (done.kind === "undo") throw refuse(`Event ${id} is an undo itself; do again what it took back.`);
  if (done.by === "") throw refuse(`Event ${id} is what the machine proposes; dismiss it.`);
  if (!done.is_standing) throw refuse(`Event ${id} was undone before.`);
  return done;
}

interface Back {
  readonly clusters: readonly string[];
  readonly mentions: Awaited<ReturnType<typeof readAssigned>>;
  /** When what goes back was put where it is. */
  readonly after: readonly Timestamp[];
}

async function planBack(act: Undo, done: Done): Promise<Back> {
  const payload: unknown = JSON.parse(done.payload);
  if (done.kind === "merge") {
    const { into, clusters } = MergeDone.parse(payload);
    const target = await openMovedTo(act, into);
    const there = new Set(target.clusters);
    return { clusters: clusters.filter((id) => there.has(id)), mentions: [], after: [target.lastAt] };
  }
  if (done.kind === "split" || done.kind === "move") {
    const { mentions, target } = TakingDone.parse(payload);
    const { lastAt } = await openMovedTo(act, target);
    const places = new Map(mentions.map((one) => [one.mention, one]));
    const assigned = await readAssigned(act, [...places.keys()]);
    const there = assigned.flatMap((one) => {
      const place = places.get(one.mentionId);
      const isThere = place !== undefined && one.clusterId === place.to && one.issueId === target;
      return isThere ? [{ ...one, clusterId: place.from }] : [];
    });
    return { clusters: [], mentions: there, after: [lastAt, ...there.map(({ putAt }) => putAt)] };
  }
  return { clusters: [], mentions: [], after: [] };
}

/** @throws {EarshotError} request_invalid when the issue was merged on */
async function openMovedTo(act: Undo, id: string): Promise<ActionableIssue> {
  const target = await readIssue(act, id);
  if (target.mergedInto === "") return target;
  throw new EarshotError(
    "request_invalid",
    `Issue ${id} was merged into ${target.mergedInto} since; undo event ${target.mergeEvent} of ${id} first.`,
    { details: { issue: id, event: target.mergeEvent } },
  );
}
