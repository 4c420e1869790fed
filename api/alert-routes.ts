import { SilenceRequest } from "../actions/silence-alerts.ts";
import { EarshotError } from "../core/errors.ts";
import { AlertEvent, AlertRequest, AlertSilence } from "../schemas/alert.ts";
import { toWire } from "../schemas/wire.ts";
import { checkAccess, claimsOf, neededRole, type Access } from "./access.ts";
import { addAlertLinks, type AlertLinkOptions } from "./alert-links.ts";
import {
  answer,
  ERROR_ANSWER,
  pathParameter,
  requestBody,
  withErrors,
  wireRecord,
  type Schema,
} from "./describe.ts";
import { limitBody, type Exchange, type HttpApp } from "./http.ts";
import { readBody } from "./read-body.ts";
import { LINK_PATH } from "./sign-links.ts";

export interface AlertRouteOptions extends AlertLinkOptions {
  /**
   * Does with an alert what a person asks for. Without it nothing can be done with alerts.
   * @param by name of their token, `link` by a link in a message; undefined on this machine without one
   * @throws {EarshotError} not_found, request_invalid, sink_unavailable
   */
  readonly actOnAlert?: (
    alertId: string,
    request: AlertRequest,
    by: string | undefined,
  ) => Promise<AlertEvent>;
  /** @throws {EarshotError} request_invalid, sink_unavailable */
  readonly silenceAlerts?: (request: SilenceRequest, by: string | undefined) => Promise<AlertSilence>;
  /** @throws {EarshotError} not_found, request_invalid, sink_unavailable */
  readonly endSilence?: (silence: string) => Promise<AlertSilence>;
  readonly auth: Access;
}

const MAX_REQUEST_BYTES = 20_000;

/** Adds what people do with alerts: acknowledge, snooze, judge, assign, note; silence some; and the links in messages. */
export function addAlertRoutes(app: HttpApp, options: AlertRouteOptions): void {
  const { auth, context } = options;
  const limited = limitBody(MAX_REQUEST_BYTES, `A request has at most ${MAX_REQUEST_BYTES} bytes.`, context);
  const byOf = (c: Exchange) => checkAccess(claimsOf(c.req.raw), auth, neededRole(c.req));

  app.post("/api/v1/alerts/:alert/events", limited, async (c) => {
    if (options.actOnAlert === undefined) throw nothing("be done with alerts");
    const by = byOf(c);
    const request = readBody(AlertRequest, await c.req.text(), "request");
    return c.json(toWire(await options.actOnAlert(c.req.param("alert"), request, by)) as object, 201);
  });
  app.post("/api/v1/alert-silences", limited, async (c) => {
    if (options.silenceAlerts === undefined) throw nothing("be silenced");
    const by = byOf(c);
    const request = readBody(SilenceRequest, await c.req.text(), "silence");
    return c.json(toWire(await options.silenceAlerts(request, by)) as object, 201);
  });
  app.delete("/api/v1/alert-silences/:silence", async (c) => {
    if (options.endSilence === undefined) throw nothing("be silenced");
    return c.json(toWire(await options.endSilence(c.req.param("silence"))) as object);
  });
  addAlertLinks(app, options);
}

function nothing(what: string): EarshotError {
  return new EarshotError("not_found", `Nothing can ${what} here.`);
}

/** Describes them for OpenAPI. */
export function alertPaths(): Schema {
  return {
    "/api/v1/alerts/{alert}/events": {
      post: {
        operationId: "act_on_alert",
        summary:
          "Does with an alert what `kind` says; needs the role analyst. Sent again it is the same event.",
        parameters: [
          pathParameter("alert", "The alert: its id, its number A-3F9C2B, or the beginning of its id."),
        ],
        requestBody: requestBody(AlertRequest),
        responses: withErrors({
          201: answer("What was recorded.", wireRecord(AlertEvent)),
          404: ERROR_ANSWER,
          413: ERROR_ANSWER,
        }),
      },
    },
    "/api/v1/alert-silences": {
      post: {
        operationId: "silence_alerts",
        summary:
          "Tells nobody of the alerts that match, for a while; needs the role analyst. They are raised and listed all the same.",
        requestBody: requestBody(SilenceRequest),
        responses: withErrors({ 201: answer("The silence.", wireRecord(AlertSilence)), 413: ERROR_ANSWER }),
      },
    },
    "/api/v1/alert-silences/{silence}": {
      delete: {
        operationId: "end_silence",
        summary: "Ends a silence before its time; needs the role analyst.",
        parameters: [pathParameter("silence", "Id of the silence, or the beginning of it.")],
        responses: withErrors({
          200: answer("The silence as it was.", wireRecord(AlertSilence)),
          404: ERROR_ANSWER,
        }),
      },
    },
    [LINK_PATH]: {
      get: {
        operationId: "alert_link",
        summary:
          "The page a link in a message leads to, with one button. The signature is the credential; looking does nothing.",
        security: [{}],
        parameters: linkParameters(),
        responses: withErrors(PAGES),
      },
      post: {
        operationId: "follow_alert_link",
        summary: "What the button of that page does.",
        security: [{}],
        parameters: linkParameters(),
        responses: withErrors(PAGES),
      },
    },
  };
}

const HTML: Schema = { "text/html": { schema: { type: "string" } } };
const PAGES: Schema = {
  200: { description: "What can be done, was done, or was done before.", content: HTML },
  403: { description: "The link is not right.", content: HTML },
  404: { description: "There is no such alert.", content: HTML },
  409: { description: "Somebody else was faster.", content: HTML },
  410: { description: "The link has expired.", content: HTML },
};

function linkParameters(): readonly Schema[] {
  return ["alert", "action", "until", "sig"].map((name) => ({
    name,
    in: "query",
    required: true,
    description: "As it stands in the link.",
    schema: { type: "string" },
  }));
}
