import { z } from "zod";
import type { Context } from "../core/context.ts";
import type { Push } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import type { PushReport } from "../core/push-source.ts";
import { checkSite, claimsOf, type Access } from "./access.ts";
import { answer, ERROR_ANSWER, jsonSchema, pathParameter, withErrors, type Schema } from "./describe.ts";
import { answerError, limitBody, type HttpApp } from "./http.ts";

const pushBody = z.strictObject({
  accepted: z.int().nonnegative().describe("Mentions stored: new, edited or met again."),
  deleted: z.int().nonnegative().describe("Deletions stored."),
  skipped: z.int().nonnegative().describe("Records that no tracker's query matches."),
  rejected: z
    .array(
      z.strictObject({
        index: z.int().nonnegative().describe("Place among the records of the push, from 0."),
        id: z.string().optional().describe("The record's own id, when it has one."),
        code: z.string().describe("Error code."),
        reason: z.string().describe("What is wrong with it."),
      }),
    )
    .readonly()
    .describe("Records that could not be stored; each is kept as a dead letter."),
});

export interface PushOptions {
  /**
   * Stores what others push to a source; resolves when it is durable. Without it there is no such source.
   * @throws {EarshotError} not_found, unauthorized, request_invalid, sink_unavailable
   */
  readonly push?: (
    source: string,
    push: Push,
    idempotencyKey: string | undefined,
  ) => Promise<PushReport | "key_reused">;
  readonly auth: Access;
  readonly context: Context;
}

/** Largest body of a push, in bytes. */
const MAX_PUSH_BYTES = 1_000_000;

/** Adds the way in for what others push. */
export function addPushRoute(app: HttpApp, options: PushOptions): void {
  const { auth, context } = options;
  // no token: the signature, which the source checks, is the credential
  app.post(
    "/v1/ingest/:source",
    async (c, next) => {
      c.header("Cache-Control", "no-store");
      checkSite(claimsOf(c.req.raw), auth);
      await next();
    },
    limitBody(
      MAX_PUSH_BYTES,
      `A push has at most ${MAX_PUSH_BYTES} bytes; send it in smaller pieces.`,
      context,
    ),
    async (c) => {
      if (options.push === undefined) throw new EarshotError("not_found", "Nothing can be pushed here.");
      const body = new Uint8Array(await c.req.arrayBuffer());
      const push: Push = { headers: c.req.header(), body };
      const done = await options.push(c.req.param("source"), push, c.req.header("idempotency-key"));
      if (done !== "key_reused") {
        return c.json(done satisfies z.infer<typeof pushBody>, done.rejected.length === 0 ? 202 : 207);
      }
      const message = "This idempotency key came with another body before; give every push a key of its own.";
      return answerError(c, new EarshotError("request_invalid", message), context, 409);
    },
  );
}

/** Describes it for OpenAPI. */
export function pushPaths(): Schema {
  const record = z.record(z.string(), z.unknown()).describe("One mention, or one deletion.");
  const records = z.array(record).max(500);
  const body = z.union([records, z.strictObject({ items: records })]);
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: "header",
    required,
    description,
    schema: { type: "string" },
  });
  return {
    "/v1/ingest/{source}": {
      post: {
        operationId: "push",
        summary:
          "Pushes mentions to a source of the type webhook; docs/sources/webhook.md says what a record holds.",
        // the signature is the credential
        security: [{}],
        parameters: [
          pathParameter("source", "Id of the source."),
          header("X-Earshot-Timestamp", true, "Seconds since 1970 at the time of sending."),
          header(
            "X-Earshot-Signature",
            true,
            'v1=<hex HMAC-SHA256 of "<timestamp>.<body>" with the source\'s secret>.',
          ),
          header("Idempotency-Key", false, "The same key with the same body gets the same answer for a day."),
        ],
        requestBody: {
          required: true,
          description: "At most 1 MB and 500 records.",
          content: {
            "application/json": { schema: jsonSchema(body, "input") },
            "application/x-ndjson": { schema: { type: "string" } },
          },
        },
        responses: withErrors({
          202: answer("All of it is stored.", pushBody),
          207: answer("Some records are stored, those under `rejected` are not.", pushBody),
          401: ERROR_ANSWER,
          409: ERROR_ANSWER,
          413: ERROR_ANSWER,
          503: ERROR_ANSWER,
        }),
      },
    },
  };
}
