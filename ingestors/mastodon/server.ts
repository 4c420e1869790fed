import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Answer } from "../ask.ts";
import { rateLimitHeaders } from "../rate-limit.ts";

/** What a Mastodon source is configured with. */
export const Config = z.strictObject({
  servers: z
    .array(
      z.strictObject({
        endpoint: z.url({ protocol: /^https?$/ }).describe("Address of the server: https://mastodon.social."),
        token: z
          .string()
          .min(1)
          .optional()
          .describe(
            "Access token (scope read) of an account there; refer to a variable: ${MASTODON_TOKEN}. Only for servers " +
              "that show hashtag timelines to their users alone.",
          ),
      }),
    )
    .min(1)
    .default([{ endpoint: "https://mastodon.social" }])
    .describe("Servers to listen through; each knows the posts of its own users and of those they follow."),
  hashtags: z
    .array(z.string().regex(/^#?[\p{L}\p{M}\p{N}_]+$/u, "must be one hashtag, letters and digits"))
    .default([])
    .describe("Hashtags to follow. Empty: the #words in the queries of the source's trackers."),
  ownAccounts: z
    .array(z.string().regex(/^@?[\w.-]+@[^@\s/]+$/, "must be like acme@mastodon.social"))
    .default([])
    .describe(
      "Your own accounts, with their servers: what they write is read, hashtag or not, and marked as yours.",
    ),
  lookbackDays: z.int().min(1).max(3_650).default(7).describe("How far back the first poll reads."),
});
export type Config = z.infer<typeof Config>;

export type Run = RereadRun<Config>;

/** What a status answers. */
export interface ParentStatus {
  readonly uri: string;
  /** The account that wrote it, `user@server` in lower case. */
  readonly handle: string;
  /** Whether the conversation begins with it. */
  readonly isRoot: boolean;
}

/** One server of the Fediverse, asked over Mastodon's HTTP API. */
export interface Server {
  readonly host: string;
  /** When the limit that is used up now is lifted. */
  readonly usedUpUntil: Date | undefined;
  /** The domain of its accounts, where that is another one than its own. */
  domain(): Promise<string>;
  /**
   * The same, after a look at what it shows us: where it hides hashtag timelines, it answers with empty ones.
   * @throws {EarshotError} source_unauthorized when it shows none
   */
  check(): Promise<string>;
  /** At most forty statuses of a hashtag, those that follow `minId`, newest first. */
  timeline(tag: string, minId: bigint): Promise<readonly unknown[]>;
  /** The same of what an account, `user@server`, has written; nothing when the server does not know it. */
  statusesBy(handle: string, minId: bigint): Promise<readonly unknown[]>;
  /** What it shows of statuses by its own ids; nothing where it cannot be asked for several (before Mastodon 4.3). */
  parents(ids: readonly string[], domain: string): Promise<ReadonlyMap<string, ParentStatus>>;
  /** A status by the server's own id, undefined when it is gone. */
  status(id: string): Promise<unknown>;
}

const PAGE_SIZE = 40;
/** Windows are five minutes long. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** Mastodon refuses more. */
const STATUSES_AT_ONCE = 20;

/** @see https://docs.joinmastodon.org/api/rate-limits/ */
const readRateLimit = rateLimitHeaders("x-ratelimit-remaining", "x-ratelimit-reset", "iso");

export interface ServerOptions {
  readonly endpoint: string;
  readonly token?: string | undefined;
  readonly timeoutMs?: number;
  /** When its limit is used up: `fail`, so that it is read on in a later poll, or `wait`, where there is no later. */
  readonly whenUsedUp?: "fail" | "wait";
}

/** A server to be asked. */
export function openServer(options: ServerOptions, run: Run): Server {
  const { endpoint, token, timeoutMs, whenUsedUp = "fail" } = options;
  const { host } = new URL(endpoint);
  const whenRefused =
    token === undefined
      ? "set token of this server if it listens to its users only"
      : "check token of this server";
  // how Mastodon asks for a login where it has none to refuse
  const refusal = new EarshotError("source_unauthorized", `${host} refused us (422); ${whenRefused}.`);
  let usedUpUntil: Date | undefined;

  async function respectLimit(): Promise<void> {
    const waitMs = (usedUpUntil?.getTime() ?? 0) - run.context.now().getTime();
    if (waitMs <= 0) return;
    if (whenUsedUp === "wait" && waitMs <= LONGEST_WAIT_MS) {
      await sleep(waitMs, undefined, { signal: run.signal });
      usedUpUntil = undefined;
      return;
    }
    throw new EarshotError(
      "source_rate_limited",
      `${host} allows no more requests for now; it is read on when it does. Follow fewer hashtags to hear all at once.`,
      { retryAfterMs: waitMs },
    );
  }

  async function get(path: string, accept: readonly number[]): Promise<Answer> {
    await respectLimit();
    const answer = await ask(
      {
        platform: host,
        url: new URL(`${endpoint.replace(/\/+$/, "")}/api/${path}`),
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        rateLimit: readRateLimit,
        accept,
        whenRefused,
        explain: ({ status }) => (status === 422 ? refusal : undefined),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
      run,
    );
    const { remaining, resetAt } = answer.rateLimit;
    usedUpUntil = remaining === 0 ? resetAt : undefined;
    return answer;
  }

  async function instance(): Promise<Instance | undefined> {
    const answer = await get("v2/instance", [404]);
    // Mastodon before 4.0
    if (answer.status === 404) return undefined;
    const found = Instance.safeParse(answer.json());
    if (found.success) return found.data;
    throw changed(host, "what it says of itself");
  }

  async function statusesAt(path: string): Promise<readonly unknown[]> {
    const statuses = z.array(z.unknown()).safeParse((await get(path, [])).json());
    if (statuses.success) return statuses.data;
    throw changed(host, "a list of posts");
  }

  /** By handle, this server's own. */
  const accountIds = new Map<string, string>();

  async function lookUp(handle: string): Promise<string | undefined> {
    const answer = await get(`v1/accounts/lookup?acct=${encodeURIComponent(handle)}`, [404]);
    const account = answer.status === 404 ? undefined : Identified.safeParse(answer.json()).data;
    if (account === undefined) {
      run.context.log.warn({ server: host, account: handle }, "this server does not know one of ownAccounts");
    }
    return account?.id;
  }

  return {
    host,
    get usedUpUntil() {
      return usedUpUntil;
    },
    domain: async () => (await instance())?.domain ?? host,
    async check() {
      const known = await instance();
      const feeds = known?.configuration?.timelines_access?.hashtag_feeds;
      const access = feeds === undefined ? [] : [feeds.local, feeds.remote];
      if (token === undefined && access.length > 0 && !access.includes("public")) {
        throw new EarshotError(
          "source_unauthorized",
          access.includes("authenticated")
            ? `${host} shows hashtag timelines to its users only; set token of this server.`
            : `${host} has switched its hashtag timelines off; listen through another server.`,
        );
      }
      const usable = token === undefined ? ["public"] : ["public", "authenticated"];
      if (feeds !== undefined && !access.every((level) => usable.includes(level))) {
        run.context.log.warn({ server: host, ...feeds }, "this server does not show all posts of a hashtag");
      }
      return known?.domain ?? host;
    },
    timeline: (tag, minId) =>
      statusesAt(`v1/timelines/tag/${encodeURIComponent(tag)}?limit=${PAGE_SIZE}&min_id=${minId}`),
    async statusesBy(handle, minId) {
      const id = accountIds.get(handle) ?? (await lookUp(handle));
      if (id === undefined) return [];
      accountIds.set(handle, id);
      const path = `v1/accounts/${encodeURIComponent(id)}/statuses?exclude_reblogs=true`;
      return statusesAt(`${path}&limit=${PAGE_SIZE}&min_id=${minId}`);
    },
    async parents(ids, domain) {
      const found = new Map<string, ParentStatus>();
      for (let at = 0; at < ids.length; at += STATUSES_AT_ONCE) {
        const some = ids.slice(at, at + STATUSES_AT_ONCE).map((id) => `id[]=${encodeURIComponent(id)}`);
        const answer = await get(`v1/statuses?${some.join("&")}`, [400, 401, 403, 404, 410, 422]);
        const statuses =
          answer.status === 200 ? z.array(z.unknown()).safeParse(answer.json()).data : undefined;
        if (statuses === undefined) return found;
        for (const status of statuses) {
          const known = parentOf(status, domain);
          if (known !== undefined) found.set(known.id, known.parent);
        }
      }
      return found;
    },
    async status(id) {
      const answer = await get(`v1/statuses/${encodeURIComponent(id)}`, [404, 410]);
      if (answer.status === 200) return answer.json();
      // whatever stands before the server may answer 404 too, and a deletion is for good
      if (Missing.safeParse(answer.json()).success) return undefined;
      throw changed(host, "a status that is gone");
    },
  };
}

const Access = z.string().default("public");
const Instance = z.object({
  domain: z.string().regex(/^[^\s/@]+$/),
  configuration: z
    .object({
      timelines_access: z
        .object({ hashtag_feeds: z.object({ local: Access, remote: Access }).optional() })
        .optional(),
    })
    .optional(),
});

type Instance = z.infer<typeof Instance>;

const Identified = z.object({ id: z.string() });

const Missing = z.object({ error: z.string() });

const Known = z.object({
  id: z.string(),
  uri: z.string(),
  in_reply_to_id: z.string().nullish(),
  account: z.object({ acct: z.string() }),
});

/** What a status says to those that answer it. */
export function parentOf(
  status: unknown,
  domain: string,
): { readonly id: string; readonly parent: ParentStatus } | undefined {
  const { data } = Known.safeParse(status);
  if (data === undefined) return undefined;
  const isRoot = (data.in_reply_to_id ?? null) === null;
  return { id: data.id, parent: { uri: data.uri, handle: handleOf(data.account.acct, domain), isRoot } };
}

/** An account as everybody may call it, `user@server`: a server leaves its own name out. Lower case. */
export function handleOf(acct: string, domain: string): string {
  return (acct.includes("@") ? acct : `${acct}@${domain}`).replace(/^@/, "").toLowerCase();
}

function changed(host: string, what: string): EarshotError {
  return new EarshotError(
    "source_changed",
    `${host} answered for ${what} with something else; check that it is a Mastodon server.`,
  );
}
