import { idOfTime } from "../../ingestors/x/snowflake.ts";
import type { Trouble } from "../contracts/ingestor.ts";
import { startStubServer, type StubAnswer, type StubRequest, type StubServer } from "./stub-server.ts";

/** A post as X sends it; say only what the test is about. */
export interface FakePost {
  readonly id: string;
  readonly text: string;
  readonly author_id: string;
  readonly created_at: string;
  readonly [field: string]: unknown;
}

/** The API of X on this machine: recent and archive search, mentions, lookup, stream and its rules. */
export interface FakeX {
  readonly server: StubServer;
  /** Oldest first. */
  readonly posts: unknown[];
  publish(count: number): string[];
  /** What everyone who asks is answered from now on; undefined: all is well. */
  answerAll(answer: StubAnswer | undefined): void;
  /** Query parameters of all requests of a path so far, oldest first. */
  asked(path: string): Record<string, string>[];
}

const PAGE_SIZE = 100;

/** What X answers when something is wrong. */
export const X_TROUBLES: Readonly<Record<Trouble, StubAnswer>> = {
  garbage: { headers: { "content-type": "text/html" }, body: "<html>Something went wrong</html>" },
  rate_limited: aProblem(
    429,
    "Too Many Requests",
    {},
    { "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1772445720" },
  ),
  unauthorized: aProblem(401, "Unauthorized"),
  forbidden: aProblem(403, "Forbidden", { type: "https://api.x.com/2/problems/client-forbidden" }),
  unavailable: aProblem(503, "Service Unavailable"),
  hang: { hang: "before_headers" },
};

/** A failed answer of X. */
export function aProblem(
  status: number,
  title: string,
  more: object = {},
  headers: Record<string, string> = {},
): StubAnswer {
  return json({ title, detail: title, type: "about:blank", status, ...more }, status, headers);
}

/** An answer of X, with headers as X sends them. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): StubAnswer {
  return {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-rate-limit-limit": "450",
      "x-rate-limit-remaining": "449",
      "x-rate-limit-reset": "1772446500",
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

/** A post made at a time, the n-th of it. */
export function aPost(at: string, more: Partial<FakePost> = {}): FakePost {
  const id = more.id ?? idOfTime(Date.parse(at));
  return {
    id,
    text: `acme is late again, ${id}`,
    author_id: `8${id.slice(-4)}`,
    created_at: `${at.slice(0, 19)}.000Z`,
    conversation_id: id,
    edit_history_tweet_ids: [id],
    lang: "en",
    public_metrics: { retweet_count: 0, reply_count: 0, like_count: 1, quote_count: 0, impression_count: 9 },
    ...more,
  };
}

/** Starts a fake X whose posts are of the hours before `now`, and later ones after each other. */
export async function startFakeX(now = "2026-03-02T10:00:00.000Z"): Promise<FakeX> {
  const server = await startStubServer();
  const posts: unknown[] = [];
  const made: unknown[] = [];
  let answerAll: StubAnswer | undefined;
  const start = Date.parse(now) - 6 * 3_600_000;

  const idOf = (post: unknown) => (post as Partial<FakePost> | null)?.id ?? "0";
  const usersOf = (listed: readonly unknown[]) =>
    listed.map((post) => {
      const id = (post as Partial<FakePost>).author_id ?? "";
      return { id, name: `Author ${id}`, username: `author_${id}`, public_metrics: { followers_count: 7 } };
    });

  function list({ path }: StubRequest): StubAnswer {
    const query = new URL(path, server.url).searchParams;
    const since = BigInt(query.get("since_id") ?? "0");
    const until = BigInt(query.get("next_token") ?? query.get("pagination_token") ?? "9".repeat(19));
    const found = posts
      .filter((post) => BigInt(idOf(post)) > since && BigInt(idOf(post)) < until)
      .sort((a, b) => (BigInt(idOf(a)) < BigInt(idOf(b)) ? 1 : -1));
    const page = found.slice(0, Math.min(PAGE_SIZE, Number(query.get("max_results") ?? 10)));
    const ids = page.map(idOf);
    return json({
      ...(page.length === 0 ? {} : { data: page, includes: { users: usersOf(page) } }),
      meta: {
        result_count: page.length,
        ...(page.length === 0 ? {} : { newest_id: ids[0], oldest_id: ids.at(-1) }),
        ...(found.length > page.length ? { next_token: ids.at(-1) } : {}),
      },
    });
  }

  function lookUp({ path }: StubRequest): StubAnswer {
    const ids = new URL(path, server.url).searchParams.get("ids")?.split(",") ?? [];
    const found = ids.flatMap((id) => posts.filter((post) => idOf(post) === id));
    const errors = ids
      .filter((id) => !posts.some((post) => idOf(post) === id))
      .map((id) => ({
        value: id,
        resource_id: id,
        title: "Not Found Error",
        type: "https://api.x.com/2/problems/resource-not-found",
      }));
    return json({
      ...(found.length === 0 ? {} : { data: found, includes: { users: usersOf(found) } }),
      ...(errors.length === 0 ? {} : { errors }),
    });
  }

  const on = (path: string, program: (request: StubRequest) => StubAnswer) =>
    server.on(path, (request) => answerAll ?? program(request));
  on("/2/tweets/search/recent", list);
  on("/2/tweets/search/all", list);
  on("/2/users/77/mentions", list);
  on("/2/tweets", lookUp);
  on("/2/tweets/search/stream/rules", ({ method }) =>
    method === "POST"
      ? json({ meta: { sent: now } }, 201)
      : json({ data: [{ id: "1", value: "acme", tag: "earshot" }], meta: { sent: now } }),
  );
  on("/2/tweets/search/stream", () => ({ headers: { date: new Date(now).toUTCString() }, body: "" }));
  on("*", () => aProblem(404, "Not Found"));

  return {
    server,
    posts,
    publish(count) {
      const added = Array.from({ length: count }, (_, index) =>
        aPost(new Date(start + (made.length + index) * 1_000).toISOString()),
      );
      made.push(...added);
      posts.push(...added);
      return added.map(({ id }) => id);
    },
    answerAll: (answer) => void (answerAll = answer),
    asked: (path) =>
      server.requests
        .filter((request) => request.path.replace(/\?.*/s, "") === path)
        .map((request) => Object.fromEntries(new URL(request.path, server.url).searchParams)),
  };
}
