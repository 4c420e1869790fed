import { BY_LINK, checkAct } from "../actions/act-on-alert.ts";
import { openAlert, type OpenAlert } from "../actions/open-alert.ts";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError, ERROR_CODES } from "../core/errors.ts";
import { alerts } from "../queries/alerts.ts";
import type { AlertRequest } from "../schemas/alert.ts";
import { limitBody, type Exchange, type HttpApp } from "./http.ts";
import { escapeHtml, htmlPage } from "./page.ts";
import { LINK_PATH, linkSigner, type DoingAction } from "./sign-links.ts";

export interface AlertLinkOptions {
  /** Signs the links in messages. Absent: there are none. */
  readonly alertLinks?: {
    readonly key: string;
    /** Where people reach this Earshot. */
    readonly publicUrl: string;
  };
  readonly actOnAlert?: (alertId: string, request: AlertRequest, by: string | undefined) => Promise<unknown>;
  readonly store: Pick<Store, "query">;
  readonly trackers: readonly { readonly id: string; readonly name: string }[];
  readonly context: Context;
}

const SNOOZE_HOURS = 4;
/** The button sends nothing. */
const MAX_BODY_BYTES = 1_000;

/** Stricter than the rest: nothing is loaded, no script runs, and the button goes nowhere else. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const WORDS: Readonly<Record<DoingAction, { readonly verb: string; readonly done: string }>> = {
  acknowledge: {
    verb: "Acknowledge",
    done: "Acknowledged. Whoever else is told sees that somebody is on it.",
  },
  false_alarm: {
    verb: "Call it a false alarm",
    done: "Called a false alarm. It is closed, and counts against the rule that raised it.",
  },
  known: {
    verb: "Say it is known",
    done: "Marked as known. Nobody is told again unless it gets much worse.",
  },
  snooze: {
    verb: `Snooze for ${SNOOZE_HOURS} hours`,
    done: `Snoozed for ${SNOOZE_HOURS} hours, unless it gets much worse.`,
  },
};

/**
 * Adds the page that the links in messages lead to. Looking at it does nothing, for mail scanners follow links; only its
 * button does. The signature in the address is the credential, so it works where nobody has a token, from any site and under
 * any host name; without a right one nothing is told and nothing done.
 */
export function addAlertLinks(app: HttpApp, options: AlertLinkOptions): void {
  const { alertLinks, actOnAlert, context } = options;
  if (alertLinks === undefined || actOnAlert === undefined) return;
  const signer = linkSigner(alertLinks.key, alertLinks.publicUrl);
  const open = (alertId: string) => signer.link(alertId, "open", context.now());

  const answering =
    (answer: (c: Exchange, alertId: string, action: DoingAction) => Promise<Response>) =>
    async (c: Exchange): Promise<Response> => {
      const asked = signer.check(new URL(c.req.url).searchParams, context.now());
      if (asked.state === "wrong") {
        return page(c, 403, {
          title: "This link is not right",
          text: "It was cut off or changed on its way, or the key that signs links is another one by now. Open Earshot and do it there.",
        });
      }
      const { alertId, action } = asked;
      if (asked.state === "expired") {
        return page(c, 410, {
          title: "This link has expired",
          text: "Links in messages work for two weeks. Open the alert and do it there.",
          open: open(alertId),
        });
      }
      try {
        return await answer(c, alertId, action);
      } catch (error) {
        return failed(c, error, open(alertId), context);
      }
    };

  app.get(
    LINK_PATH,
    answering(async (c, alertId, action) => {
      const { title, sentence } = await describe(options, alertId);
      const alert = await openAlert(options.store, alertId);
      const said = { title, sentence, open: open(alertId) };
      const why = whyNot(alert, action, context.now());
      return page(
        c,
        200,
        why === undefined ? { ...said, button: WORDS[action].verb } : { ...said, text: why },
      );
    }),
  );
  app.post(
    LINK_PATH,
    limitBody(MAX_BODY_BYTES, "The button of this page sends nothing.", context),
    answering(async (c, alertId, action) => {
      const { title, sentence } = await describe(options, alertId);
      const said = { title, sentence, open: open(alertId) };
      const why = whyNot(await openAlert(options.store, alertId), action, context.now());
      if (why !== undefined) return page(c, 200, { ...said, text: why });
      await actOnAlert(alertId, requestOf(action, context.now()), BY_LINK);
      return page(c, 200, { ...said, text: WORDS[action].done });
    }),
  );
}

function requestOf(action: DoingAction, now: Date): AlertRequest {
  switch (action) {
    case "acknowledge":
      return { kind: "acknowledge", note: "" };
    case "false_alarm":
      return { kind: "judge", verdict: "false", note: "" };
    case "known":
      return { kind: "judge", verdict: "known", note: "" };
    case "snooze": {
      const until = new Date(now.getTime() + SNOOZE_HOURS * 3_600_000).toISOString();
      return { kind: "snooze", until, note: "" };
    }
  }
}

/** Why there is nothing left to do; undefined when there is. */
function whyNot(alert: OpenAlert, action: DoingAction, now: Date): string | undefined {
  const { state } = alert;
  const request = requestOf(action, now);
  if (request.kind === "judge" && state.verdict === request.verdict) {
    return `This was done already: the alert is marked as ${request.verdict === "false" ? "a false alarm" : "known"}.`;
  }
  if (request.kind === "acknowledge" && state.status === "acknowledged") {
    return `This was done already: ${state.acknowledgedBy === BY_LINK ? "somebody, by such a link," : state.acknowledgedBy || "somebody"} acknowledged it.`;
  }
  if (request.kind === "snooze" && (state.snoozedUntil ?? 0) > now.getTime()) {
    return `This was done already: it is snoozed until ${new Date(state.snoozedUntil ?? 0).toISOString().slice(0, 16).replace("T", " ")} UTC.`;
  }
  try {
    checkAct(alert, request, now);
    return undefined;
  } catch (error) {
    if (error instanceof EarshotError && error.code === "request_invalid") return error.message;
    throw error;
  }
}

/** What an alert is called, and what changed. */
async function describe({ store, trackers }: AlertLinkOptions, alertId: string) {
  const asked = alerts.params.parse({
    alert: [alertId],
    status: ["firing", "acknowledged", "resolved", "pending", "withdrawn"],
    limit: 1,
  });
  const [row] = await store.query(alerts.statement(asked), alerts.row);
  if (row === undefined) return { title: "An alert", sentence: "" };
  const tracker = trackers.find(({ id }) => id === row.tracker)?.name ?? row.tracker;
  const about = row.issue_title === "" ? row.rule.replace(/[-_]+/g, " ") : row.issue_title;
  const { sentence } = JSON.parse(row.payload) as { sentence?: unknown };
  return {
    title: `${row.number}: ${[tracker, about].filter((part) => part !== "").join(": ")}`,
    sentence: typeof sentence === "string" ? sentence : "",
  };
}

interface Said {
  readonly title: string;
  readonly sentence?: string;
  readonly text?: string;
  /** Label of the one button. */
  readonly button?: string;
  /** Address of the alert. */
  readonly open?: string;
}

function page(c: Exchange, status: 200 | 403 | 404 | 409 | 410 | 500 | 503, said: Said): Response {
  const { title, sentence = "", text = "", button, open } = said;
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    sentence === "" ? "" : `<p>${escapeHtml(sentence)}</p>`,
    text === "" ? "" : `<p class="known">${escapeHtml(text)}</p>`,
    button === undefined
      ? ""
      : `<form method="post"><button type="submit">${escapeHtml(button)}</button></form>`,
    open === undefined ? "" : `<p><a href="${escapeHtml(open)}">Open the alert in Earshot</a></p>`,
  ];
  c.header("Cache-Control", "no-store");
  c.header("Referrer-Policy", "no-referrer");
  c.header("X-Robots-Tag", "noindex");
  c.header("Content-Security-Policy", POLICY);
  return c.html(htmlPage(title, parts.filter((part) => part !== "").join("\n")), status);
}

function failed(c: Exchange, error: unknown, open: string, context: Context): Response {
  if (!(error instanceof EarshotError)) {
    context.log.error({ err: error, path: c.req.path }, "a request failed unexpectedly");
    return page(c, 500, {
      title: "That did not work",
      text: "Earshot made a mistake; its log says more.",
      open,
    });
  }
  if (error.code === "not_found") {
    return page(c, 404, {
      title: "There is no such alert",
      text: "What it told of may have been deleted since, or this Earshot has another store by now.",
    });
  }
  // somebody else was faster
  if (error.code === "request_invalid") {
    return page(c, 409, { title: "There is nothing left to do", text: error.message, open });
  }
  const status = ERROR_CODES[error.code].httpStatus;
  if (status >= 500) context.log.warn({ err: error, path: c.req.path }, "a request could not be answered");
  return page(c, status === 503 ? 503 : 500, {
    title: "That did not work",
    text: `${error.message} Try again in a moment.`,
    open,
  });
}
