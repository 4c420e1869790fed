import type { Context } from "../core/context.ts";
import { EarshotError } from "../core/errors.ts";
import { Correction, CorrectionRequest } from "../schemas/correction.ts";
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

export interface CorrectionOptions {
  /**
   * Records what a person says of a mention. Without it nothing can be corrected.
   * @param by name of their token; undefined on this machine without one
   * @throws {EarshotError} not_found, sink_unavailable
   */
  readonly correct?: (
    mentionId: string,
    request: CorrectionRequest,
    by: string | undefined,
  ) => Promise<Correction>;
  readonly auth: Access;
  readonly context: Context;
}

/** Largest body of a correction, in bytes. */
const MAX_CORRECTION_BYTES = 20_000;

/** Adds what people say of mentions. */
export function addCorrectionRoute(app: HttpApp, options: CorrectionOptions): void {
  const { auth, context } = options;
  app.post(
    "/api/v1/mentions/:id/corrections",
    limitBody(
      MAX_CORRECTION_BYTES,
      `A correction has at most ${MAX_CORRECTION_BYTES} bytes; shorten its note.`,
      context,
    ),
    async (c) => {
      if (options.correct === undefined) {
        throw new EarshotError("not_found", "Nothing can be corrected here.");
      }
      const by = checkAccess(claimsOf(c.req.raw), auth, neededRole(c.req));
      const request = readBody(CorrectionRequest, await c.req.text(), "correction");
      return c.json(toWire(await options.correct(c.req.param("id"), request, by)) as object, 201);
    },
  );
}

/** Describes it for OpenAPI. */
export function correctionPaths(): Schema {
  return {
    "/api/v1/mentions/{id}/corrections": {
      post: {
        operationId: "correct_mention",
        summary:
          "Records what a person says of a mention instead of what was read; needs the role analyst. It holds at once.",
        parameters: [pathParameter("id", "Id of the mention, percent-encoded.")],
        requestBody: requestBody(CorrectionRequest),
        responses: withErrors({
          201: answer("The fact as it was recorded.", wireRecord(Correction)),
          404: ERROR_ANSWER,
          413: ERROR_ANSWER,
        }),
      },
    },
  };
}
