import Snoowrap from "snoowrap";
import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Answer } from "../ask.ts";
import { rateLimitHeaders, type RateLimit } from "../rate-limit.ts";
import { userAgentOf, type RedditConfig } from "./config.ts";
import { restUntil } from "./listings.ts";

/** Reddit's API, asked for what one account, or one app, may read: one request at a time. */
export interface RedditApi {
  /**
   * The answer to a GET, as Reddit sent it.
   * @param explain a better reading of a failed answer than its status gives
   * @throws {EarshotError} source_unavailable, source_rate_limited, source_unauthorized, source_changed, budget_spent
   */
  get(
    path: string,
    query: Readonly<Record<string, string>>,
    explain?: (answer: Answer) => EarshotError | undefined,
  ): Promise<unknown>;
  /** What the last answer said of the limits. */
  limit(): RateLimit;
}

/** What snoowrap asks its transport for. */
const Request = z.object({
  method: z.string().default("get"),
  uri: z.string(),
  qs: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  form: z.record(z.string(), z.string().optional()).optional(),
  auth: z.union([
    z.object({ bearer: z.string() }),
    z
      .object({ user: z.string(), pass: z.string() })
      .transform(({ user, pass }) => ({ basic: `${user}:${pass}` })),
  ]),
});

const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.number(),
  scope: z.string(),
});

const KEYS = "check clientId, clientSecret, and username and password, or refreshToken, of this source";
const readLimit = rateLimitHeaders("x-ratelimit-remaining", "x-ratelimit-reset", "seconds");

/**
 * Opens Reddit's API with the keys of a source. snoowrap sees to tokens; the requests it makes go out through
 * {@link ask}: they are charged, limited in time and size, end with the signal, and their errors carry no token.
 * @see https://github.com/reddit-archive/reddit/wiki/OAuth2
 * @see https://support.reddithelp.com/hc/en-us/articles/16160319875092-Reddit-Data-API-Wiki
 */
export function openReddit(run: RereadRun<RedditConfig>): RedditApi {
  const { config, context } = run;
  let limit: RateLimit = {};
  let explain: ((answer: Answer) => EarshotError | undefined) | undefined;

  async function send(options: unknown): Promise<unknown> {
    const request = Request.parse(options);
    const isLogin = "basic" in request.auth;
    const base = isLogin ? config.site : config.endpoint;
    const url = new URL(`${base.replace(/\/+$/, "")}/${request.uri.replace(/^\/+/, "")}`);
    for (const [name, value] of Object.entries(request.qs)) url.searchParams.set(name, String(value));
    const form = Object.entries(request.form ?? {}).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const answer = await ask(
      {
        platform: "Reddit",
        url,
        method: request.method.toUpperCase() === "POST" ? "POST" : "GET",
        headers: {
          // snoowrap forgets it when an app logs in without an account
          "user-agent": userAgentOf(config),
          authorization:
            "basic" in request.auth
              ? `Basic ${Buffer.from(request.auth.basic).toString("base64")}`
              : `Bearer ${request.auth.bearer}`,
          ...(form.length === 0 ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        },
        ...(form.length === 0 ? {} : { body: new URLSearchParams(form).toString() }),
        timeoutMs: config.timeoutMs,
        rateLimit: readLimit,
        whenRefused: KEYS,
        explain: isLogin ? refusedLogin : (failed) => explain?.(failed),
      },
      run,
    );
    if (isLogin) return readToken(answer);
    limit = answer.rateLimit;
    return {
      statusCode: answer.status,
      headers: {},
      body: answer.json(),
      request: { uri: { href: url.href } },
    };
  }

  class Client extends Snoowrap {
    override rawRequest(options: unknown): Promise<unknown> {
      return send(options);
    }

    /** snoowrap makes objects of every answer that ask for more of themselves; here an answer stays as it came. */
    _populate(body: unknown): unknown {
      return body;
    }
  }

  let client: Snoowrap | undefined;
  return {
    limit: () => limit,
    async get(path, query, explained) {
      const rest = restUntil(limit);
      if (rest !== undefined) throw spent(rest, context.now());
      client ??= await open(Client, config);
      explain = explained;
      const answer: unknown = await client.oauthRequest({ uri: path, qs: { ...query } });
      return answer;
    },
  };
}

async function open(Client: typeof Snoowrap, config: RedditConfig): Promise<Snoowrap> {
  const { clientId, clientSecret, username, password, refreshToken } = config;
  const userAgent = userAgentOf(config);
  if (clientId === undefined || clientSecret === undefined) {
    throw new EarshotError("config_invalid", "Reddit's API needs clientId and clientSecret.");
  }
  const app = { userAgent, clientId, clientSecret };
  const isAppOnly = refreshToken === undefined && password === undefined;
  const client = isAppOnly
    ? await Client.fromApplicationOnlyAuth({ ...app, grantType: "client_credentials" })
    : new Client({
        ...app,
        ...(refreshToken === undefined ? {} : { refreshToken }),
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
      });
  // pauses, retries and limits are ours (no error of `ask` has a status it would retry): snoowrap sleeps deaf to the signal
  client.config({ requestDelay: 0, continueAfterRatelimitError: false, warnings: false, proxies: false });
  return client;
}

function spent(until: Date, now: Date): EarshotError {
  return new EarshotError(
    "source_rate_limited",
    "Reddit's limit of requests is used up; it is asked again when the limit is renewed.",
    { retryAfterMs: Math.max(0, until.getTime() - now.getTime()) },
  );
}

function refusedLogin({ status }: Answer): EarshotError | undefined {
  if (status !== 400) return undefined;
  return new EarshotError("source_unauthorized", `Reddit refused to log us in (${status}); ${KEYS}.`);
}

/** A wrong password is answered with 200 and an error inside. */
function readToken(answer: Answer): z.infer<typeof Token> {
  const body = answer.json();
  const token = Token.safeParse(body);
  if (token.success) return token.data;
  if (z.object({ error: z.unknown() }).safeParse(body).success) {
    throw new EarshotError("source_unauthorized", `Reddit refused to log us in; ${KEYS}.`);
  }
  throw new EarshotError(
    "source_changed",
    "Reddit answered a login with no token; its API may have changed.",
  );
}
