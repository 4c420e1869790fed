import { LogLevel, WebAPIPlatformError, WebAPIRequestError, WebClient } from "@slack/web-api";
import type { Context } from "../../core/context.ts";
import type { Receipt } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Notification } from "../../schemas/notification.ts";
import { post } from "./post-json.ts";
import { codeOf, messageOf, replyOf, type SlackMessage } from "./slack-blocks.ts";

/** Slack means that a later try may succeed. @see https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const PASSING =
  /^(rate_?limited|internal_error|fatal_error|service_unavailable|request_timeout|ekm_access_denied)$/;
/** The message of the alert can no longer be changed: it was deleted, or the workspace does not allow it. */
const LOST =
  /^(message_not_found|thread_not_found|cant_update_message|edit_window_closed|cant_broadcast_message)$/;
const TOKEN = /auth|token|account_inactive|org_login_required|team_/;
const CHANNEL = /channel|archived|not_in|restricted/;

/** One delivery to Slack. */
export interface SlackRun {
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly context: Context;
  readonly signal: AbortSignal;
}

/** Writes as a bot: one message per alert that shows its newest state, and below it what changed. */
export async function byBot(
  notification: Notification,
  earlier: Receipt | undefined,
  { token, channel }: { readonly token: string; readonly channel: string },
  run: SlackRun,
): Promise<Receipt> {
  const client = clientOf(token, run);
  const message = messageOf(notification);
  const plain = { parse: "none", link_names: false } as const;

  async function say(text: SlackMessage, thread: string | undefined) {
    const answer = await called(run, () =>
      client.chat.postMessage({
        channel,
        ...text,
        ...plain,
        unfurl_links: false,
        unfurl_media: false,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      }),
    );
    if (answer.ts === undefined) throw unreadable();
    return answer.ts;
  }

  const standsAlone = notification.kind === "digest" || notification.kind === "test";
  const root = standsAlone || earlier?.["channel"] !== channel ? undefined : earlier["ts"];
  if (root !== undefined) {
    try {
      await called(run, () => client.chat.update({ channel, ts: root, ...message, ...plain }));
      // last, so that a try that failed half way repeats nothing people see
      await say(replyOf(notification, earlier?.["since"]), root);
      return { ...earlier, notification: notification.id };
    } catch (error) {
      if (!(error instanceof LostMessage)) throw error;
    }
  }
  const ts = await say(message, undefined);
  return standsAlone && earlier !== undefined
    ? earlier
    : { channel, ts, since: notification.at, notification: notification.id };
}

/** Slack's client for one delivery: ours are the retries, the limits of time and size, and the wording of failures. */
function clientOf(token: string, { endpoint, timeoutMs, context, signal }: SlackRun): WebClient {
  return new WebClient(token, {
    slackApiUrl: endpoint,
    retryConfig: { retries: 0 },
    logger: SILENT,
    fetch: async (url, { headers, body } = {}) => {
      const request = {
        service: "Slack",
        url: String(url),
        body: typeof body === "string" ? body : "",
        timeoutMs,
        secrets: [token],
      };
      const whenRefused = "check endpoint of this receiver";
      const taken = await post({ ...request, headers: headers ?? {}, whenRefused }, context, signal);
      return new Response(taken.body, { status: 200, headers: { "content-type": "application/json" } });
    },
  });
}

const silent = () => {};
/** What the client would log holds addresses and texts. */
const SILENT = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  setName: silent,
  getLevel: () => LogLevel.ERROR,
};

class LostMessage extends Error {}

async function called<T>({ signal }: SlackRun, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WebAPIRequestError && error.original instanceof EarshotError) throw error.original;
    if (error instanceof WebAPIPlatformError) throw platformError(error.data.error);
    throw error;
  }
}

function platformError(answer: unknown): Error {
  const code = codeOf(typeof answer === "string" ? answer : "");
  if (code === undefined) return unreadable();
  if (LOST.test(code)) return new LostMessage(code);
  if (PASSING.test(code)) {
    return new EarshotError(
      "sink_unavailable",
      `Slack cannot take the message now (${code}); it will be tried again.`,
    );
  }
  const advice = code.includes("scope")
    ? "give the app the scope chat:write and install it again"
    : CHANNEL.test(code)
      ? "check channelId, and invite the bot to that channel"
      : TOKEN.test(code)
        ? "check botToken"
        : "https://docs.slack.dev/reference/methods/chat.postMessage#errors says what it means";
  return new EarshotError("sink_rejected", `Slack refused the message (${code}); ${advice}.`);
}

function unreadable(): EarshotError {
  return new EarshotError(
    "sink_unavailable",
    "Slack gave an answer that cannot be read; it will be tried again. If that lasts, check endpoint of this receiver.",
  );
}
