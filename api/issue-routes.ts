import type { Context } from "../core/context.ts";
import { EarshotError } from "../core/errors.ts";
import { IssueEvent, IssueRequest } from "../schemas/issue.ts";
import { toWire } from "../schemas/wire.ts";
import { checkAccess, claimsOf, neededRole, type Access } from "./access.ts";
import {
  answer,
  ERROR_ANSWER,
  pathParameter,
  requestBody,
  withErrors,
  wireRecord,
  type Schema,
} from "./describe.ts";
import { limitBody, type HttpApp } from "./http.ts";
import { readBody } from "./read-body.ts";
import { checkQuestion } from "./why/sheet-questions.ts";

export interface IssueRouteOptions {
  /**
   * Does with an issue what a person asks for. Without it nothing can be done with issues.
   * @param by name of their token; undefined on this machine without one
   * @throws {EarshotError} not_found, request_invalid, sink_unavailable
   */
  readonly actOnIssue?: (
    tracker: string,
    issueId: string,
    request: IssueRequest,
    by: string | undefined,
  ) => Promise<IssueEvent>;
  readonly auth: Access;
  readonly context: Context;
}

/** Largest request, in bytes: a split names up to a thousand mentions. */
const MAX_REQUEST_BYTES = 500_000;

/** Adds what people do with issues: merge, split, rename, move, own, look again, decide …, and undo. */
export function addIssueRoutes(app: HttpApp, options: IssueRouteOptions): void {
  const { auth, context } = options;
  app.post(
    "/api/v1/issues/:tracker/:issue/events",
    limitBody(
      MAX_REQUEST_BYTES,
      `A request has at most ${MAX_REQUEST_BYTES} bytes; split off fewer mentions at a time.`,
      context,
    ),
    async (c) => {
      if (options.actOnIssue === undefined) {
        throw new EarshotError("not_found", "Nothing can be done with issues here.");
      }
      const by = checkAccess(claimsOf(c.req.raw), auth, neededRole(c.req));
      const request = readBody(IssueRequest, await c.req.text(), "request");
      if (request.kind === "answer") checkQuestion(request.question);
      const { tracker, issue } = c.req.param();
      return c.json(toWire(await options.actOnIssue(tracker, issue, request, by)) as object, 201);
    },
  );
}

/** Describes them for OpenAPI. */
export function issuePaths(): Schema {
  return {
    "/api/v1/issues/{tracker}/{issue}/events": {
      post: {
        operationId: "act_on_issue",
        summary:
          "Does with an issue what `kind` says; needs the role analyst. It holds at once, later mentions follow it, and undo takes it back.",
        parameters: [
          pathParameter("tracker", "Tracker of the issue."),
          pathParameter("issue", "Id of the issue, as in the query issues."),
        ],
        requestBody: requestBody(IssueRequest),
        responses: withErrors({
          201: answer("What was recorded; its id is what undo names.", wireRecord(IssueEvent)),
          404: ERROR_ANSWER,
          413: ERROR_ANSWER,
        }),
      },
    },
  };
}
