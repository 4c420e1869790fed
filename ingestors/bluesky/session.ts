import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Answer, type Ask } from "../ask.ts";
import { accepted, xrpc } from "./api.ts";

/** How one logs in. */
export const userShape = {
  identifier: z.string().min(1).describe("Handle or e-mail address of your Bluesky account."),
  appPassword: z
    .string()
    .min(1)
    .describe(
      "An app password of it, never the account's own; refer to a variable: ${BLUESKY_APP_PASSWORD}.",
    ),
  service: z
    .url({ protocol: /^https?$/ })
    .default("https://bsky.social")
    .describe("Address of the server your account is on."),
} as const;

type User = z.infer<z.ZodObject<typeof userShape>>;

const Session = z.object({ accessJwt: z.string(), refreshJwt: z.string() });
type Session = z.infer<typeof Session>;

/**
 * Sessions of this process by the config they are for. A login counts against 300 a day and a session lasts for hours,
 * so it outlives a poll; it is never written down, since cursors lie where analysts read.
 */
const sessions = new WeakMap<User, Session>();

const REFUSED = "check identifier and appPassword of this source";

/**
 * Asks as the configured user: logs in when nobody has, and renews a session that has run out.
 * @throws {EarshotError} as `ask`; cursor_lost when a page token is not known any more
 * @see https://docs.bsky.app/docs/api/com-atproto-server-create-session
 */
export async function askAsUser(
  request: Pick<Ask, "platform" | "url" | "rateLimit">,
  run: RereadRun<User>,
): Promise<Answer> {
  const known = sessions.get(run.config);
  const asUser = ({ accessJwt }: Session) =>
    ask(
      {
        ...request,
        headers: { authorization: `Bearer ${accessJwt}` },
        whenRefused: REFUSED,
        explain: (answer) => explained(answer, request.url),
      },
      run,
    );
  if (known === undefined) return asUser(await logIn(run));
  try {
    return await asUser(known);
  } catch (error) {
    if (!(error instanceof EarshotError) || error.code !== "source_unauthorized") throw error;
  }
  return asUser((await renew(known, run)) ?? (await logIn(run)));
}

async function logIn(run: RereadRun<User>): Promise<Session> {
  const { identifier, appPassword, service } = run.config;
  const answer = await ask(
    {
      ...xrpc(service, "com.atproto.server.createSession"),
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ identifier: identifier.replace(/^@/, ""), password: appPassword }),
      whenRefused: REFUSED,
    },
    run,
  );
  return kept(answer, run);
}

/** A longer life of the session; undefined when it has none left. */
async function renew({ refreshJwt }: Session, run: RereadRun<User>): Promise<Session | undefined> {
  const answer = await ask(
    {
      ...xrpc(run.config.service, "com.atproto.server.refreshSession"),
      method: "POST",
      headers: { authorization: `Bearer ${refreshJwt}` },
      whenRefused: REFUSED,
      accept: [400, 401],
    },
    run,
  );
  return answer.status === 200 ? kept(answer, run) : undefined;
}

function kept(answer: Answer, { config }: RereadRun<User>): Session {
  const session = accepted(Session, answer.json());
  sessions.set(config, session);
  return session;
}

const Failure = z.object({ error: z.string().default(""), message: z.string().default("") });

/** Bluesky answers 400 for a session that has run out, and for a page it does not know. */
function explained({ status, text }: Answer, url: URL): EarshotError | undefined {
  if (status !== 400) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { error = "", message = "" } = Failure.safeParse(body).data ?? {};
  if (/ExpiredToken|InvalidToken/.test(error)) {
    return new EarshotError("source_unauthorized", `The session with Bluesky has run out; ${REFUSED}.`);
  }
  if (url.searchParams.has("cursor") && /cursor/i.test(message)) {
    return new EarshotError("cursor_lost", "Bluesky does not know the page to go on with any more.");
  }
  return undefined;
}
