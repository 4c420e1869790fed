import { z } from "zod";
import type { Context } from "../core/context.ts";
import { EarshotError } from "../core/errors.ts";
import { Change, type ChangeRequest } from "../schemas/change.ts";
import { toWire } from "../schemas/wire.ts";
import { WrittenChange } from "../schemas/written-change.ts";
import { WrittenExposure } from "../schemas/written-exposure.ts";
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

export interface ChangeRouteOptions {
  /**
   * Records something we did. Without it no change can be told of.
   * @param by name of their token; undefined on this machine without one
   * @throws {EarshotError} sink_unavailable
   */
  readonly recordChange?: (request: ChangeRequest, by: string | undefined) => Promise<Change>;
  /**
   * Takes a change back. Without it none can be.
   * @throws {EarshotError} not_found, sink_unavailable
   */
  readonly removeChange?: (id: string, by: string | undefined) => Promise<Change>;
  /**
   * Records how much could have complained. Without it nothing can be.
   * @throws {EarshotError} request_invalid, sink_unavailable
   */
  readonly recordExposures?: (exposures: readonly WrittenExposure[], by: string | undefined) => Promise<void>;
  readonly auth: Access;
  readonly context: Context;
}

/** Largest change, in bytes. */
const MAX_CHANGE_BYTES = 100_000;

/** Exposures that are told at once, and how many bytes they may be. */
const MAX_EXPOSURES = 10_000;
const MAX_EXPOSURES_BYTES = 4_000_000;

const ExposureList = z.array(WrittenExposure).min(1).max(MAX_EXPOSURES);

const exposuresBody = z.strictObject({ taken: z.int().nonnegative().describe("Rows recorded.") });

/** Adds what people tell of what we did, and of how many could have complained. */
export function addChangeRoutes(app: HttpApp, options: ChangeRouteOptions): void {
  const { auth, context } = options;
  app.post(
    "/api/v1/changes",
    limitBody(
      MAX_CHANGE_BYTES,
      `A change has at most ${MAX_CHANGE_BYTES} bytes; shorten its description.`,
      context,
    ),
    async (c) => {
      if (options.recordChange === undefined) {
        throw new EarshotError("not_found", "No changes can be told of here.");
      }
      const by = checkAccess(claimsOf(c.req.raw), auth, neededRole(c.req));
      const request = readBody(WrittenChange, await c.req.text(), "change");
      return c.json(toWire(await options.recordChange(request, by)) as object, 201);
    },
  );

  app.delete("/api/v1/changes/:id", async (c) => {
    if (options.removeChange === undefined) {
      throw new EarshotError("not_found", "No changes can be taken back here.");
    }
    const by = checkAccess(claimsOf(c.req.raw), auth, neededRole(c.req));
    return c.json(toWire(await options.removeChange(c.req.param("id"), by)) as object);
  });

  app.post(
    "/api/v1/exposures",
    limitBody(
      MAX_EXPOSURES_BYTES,
      `Exposures have at most ${MAX_EXPOSURES_BYTES} bytes; send fewer at a time.`,
      context,
    ),
    async (c) => {
      if (options.recordExposures === undefined) {
        throw new EarshotError("not_found", "No exposures can be recorded here.");
      }
      const by = checkAccess(claimsOf(c.req.raw), auth, neededRole(c.req));
      const exposures = readBody(ExposureList, await c.req.text(), "list of exposures");
      await options.recordExposures(exposures, by);
      return c.json({ taken: exposures.length } satisfies z.infer<typeof exposuresBody>, 201);
    },
  );
}

/** Describes them for OpenAPI. */
export function changePaths(): Schema {
  const change = wireRecord(Change);
  return {
    "/api/v1/changes": {
      post: {
        operationId: "record_change",
        summary:
          "Records something you did that customers could notice; needs the role analyst. With the id of a change that is " +
          "there it is corrected.",
        requestBody: requestBody(WrittenChange),
        responses: withErrors({ 201: answer("The change as it was recorded.", change), 413: ERROR_ANSWER }),
      },
    },
    "/api/v1/changes/{id}": {
      delete: {
        operationId: "remove_change",
        summary: "Takes a change back; needs the role analyst. Told again with its id it is back.",
        parameters: [pathParameter("id", "Id of the change, percent-encoded.")],
        responses: withErrors({ 200: answer("The change as it was.", change), 404: ERROR_ANSWER }),
      },
    },
    "/api/v1/exposures": {
      post: {
        operationId: "record_exposures",
        summary:
          "Records how many could have complained on days; needs the role analyst. What was recorded of the same tracker, " +
          "measure, version and day before is replaced. One row that is wrong, and none is recorded.",
        requestBody: requestBody(ExposureList),
        responses: withErrors({ 201: answer("They are recorded.", exposuresBody), 413: ERROR_ANSWER }),
      },
    },
  };
}
