import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { issueEvents } from "../queries/issue-events.ts";
import { IssueRequest, type IssueEvent } from "../schemas/issue.ts";
import {
  eventIdOf,
  openIssue,
  putClusters,
  record,
  timeAfter,
  type ActionableIssue,
  type IssueAct,
  type RequestOf,
} from "./open-issue.ts";

/** What is noted of an issue and moves nothing. */
export type Note = RequestOf<
  "rename" | "own" | "relook" | "isolate" | "decide" | "register" | "answer" | "dismiss"
>;

/**
 * Notes what a person says of an issue: its name, its owner, when to look again, that it is isolated, what was decided …
 * @throws {EarshotError} not_found, request_invalid
 */
export async function noteIssue(act: IssueAct<Note>, signal: AbortSignal): Promise<IssueEvent> {
  const { issueId, context } = act;
  const request = cleaned(act.request);
  const issue = await openIssue(act);
  checkDay(request, context.now());
  if (request.kind === "isolate") checkIsolated(issue);
  if (request.kind === "dismiss") await checkProposed(act, request.event);
  const at = timeAfter(context, [issue.lastAt]);
  await putClusters(act, at, [{ issue: issueId, clusters: issue.clusters }], signal);
  const { kind, note, ...said } = request;
  const isCounted = kind === "isolate" || kind === "decide";
  const payload = isCounted ? { ...said, voices: issue.voices } : said;
  return record(act, { id: eventIdOf(act, issue), issueId, kind, payload, note, at }, signal);
}

/** @throws {EarshotError} request_invalid when nothing is left of a text that has to be there */
function cleaned(request: Note): Note {
  const texts = Object.entries(request).map(([name, value]) => [
    name,
    typeof value === "string" ? cleanText(value) : (value as unknown),
  ]);
  const parsed = IssueRequest.safeParse(Object.fromEntries(texts));
  if (parsed.success) return parsed.data as Note;
  const names = parsed.error.issues.map(({ path }) => path.join("."));
  throw new EarshotError("request_invalid", `There is nothing to read in ${names.join(", ")}.`);
}

function checkDay(request: Note, now: Date): void {
  const today = now.toISOString().slice(0, 10);
  const day = dayOf(request);
  if (day === undefined || day > today) return;
  throw new EarshotError("request_invalid", `${day} is not to come: today is ${today}.`);
}

/** The day something is to be looked at again. */
function dayOf(request: Note): string | undefined {
  if (request.kind === "relook") return request.on;
  if (request.kind === "isolate") return request.until;
  return request.kind === "decide" ? request.reviewOn : undefined;
}

function checkIsolated({ id, verdict, voices }: ActionableIssue): void {
  if (verdict !== "recurring" && verdict !== "escalating") return;
  throw new EarshotError(
    "request_invalid",
    `Issue ${id} is ${verdict}, ${voices} people say so: a call that it is isolated would not hold. ` +
      "Split off what does not belong to it, or decide what becomes of it.",
  );
}

async function checkProposed({ store, tracker, issueId }: IssueAct, event: string): Promise<void> {
  const ask = async (params: { event?: string[]; kind?: ["dismiss"]; standing: true; limit: number }) =>
    store.query(issueEvents.statement({ tracker: [tracker], issue: [issueId], ...params }), issueEvents.row);
  const [proposed] = await ask({ event: [event], standing: true, limit: 1 });
  if (proposed?.kind !== "propose_merge" && proposed?.kind !== "propose_split") {
    throw new EarshotError(
      "not_found",
      `Nothing that is proposed for issue ${issueId} has the id ${event}; \`earshot issues proposals\` and the query issue_proposals have the ids.`,
    );
  }
  const dismissals = await ask({ kind: ["dismiss"], standing: true, limit: 1_000 });
  if (dismissals.some(({ payload }) => (JSON.parse(payload) as { event?: unknown }).event === event)) {
    throw new EarshotError("request_invalid", `The proposal ${event} was dismissed before.`);
  }
}
