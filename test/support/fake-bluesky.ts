import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { WebSocketServer, type WebSocket } from "ws";
import type { Trouble } from "../contracts/ingestor.ts";

/** A post of the fake network. */
export interface FakePost {
  readonly did: string;
  readonly rkey: string;
  readonly timeUs: number;
  readonly record: Readonly<Record<string, unknown>>;
}

/** A request as the fake network was asked. */
export interface FakeRequest {
  readonly method: string;
  readonly params: URLSearchParams;
  readonly authorization: string;
  readonly body: string;
}

/** Bluesky on this machine: a Jetstream server, and the methods that show, find and log in. */
export interface FakeBluesky {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Address of its Jetstream. */
  readonly jetstream: string;
  /** Everything that ever happened, oldest first. */
  readonly events: object[];
  /** Posts the network shows, by address. */
  readonly posts: Map<string, FakePost>;
  /** What was asked, methods by their name, Jetstream as `subscribe`. */
  readonly requests: FakeRequest[];
  /** Whether a listener is kept when it has heard all there is; else it is let go in an orderly way. */
  isLive: boolean;
  /** Access tokens that are accepted. */
  readonly tokens: Set<string>;
  publish(count: number): string[];
  add(post: Partial<FakePost>): FakePost;
  /** Tells all who listen. */
  tell(event: object): void;
  trouble(trouble: Trouble | undefined): void;
  /** Answers to a method instead of its own. */
  readonly answers: Map<
    string,
    { readonly status: number; readonly body: string; readonly headers?: object }
  >;
  /** Resolves when that many requests have come. */
  asked(count: number): Promise<void>;
  /** Resolves with the first who listens. */
  listened(): Promise<WebSocket>;
  close(): Promise<void>;
}

const STATUS: Readonly<Record<Exclude<Trouble, "hang">, number>> = {
  garbage: 200,
  rate_limited: 429,
  unauthorized: 401,
  forbidden: 403,
  unavailable: 503,
};

/** Address of a post. */
export function uriOf({ did, rkey }: Pick<FakePost, "did" | "rkey">): string {
  return `at://${did}/app.bsky.feed.post/${rkey}`;
}

/** Starts a fake Bluesky whose posts are of the minutes before `now`. */
export async function startFakeBluesky(now = "2026-03-02T10:00:00.000Z"): Promise<FakeBluesky> {
  const startUs = (Date.parse(now) - 10 * 60_000) * 1_000;
  const sockets = new WebSocketServer({ noServer: true });
  const waiting = new Set<() => void>();
  const upgraded = new Set<Duplex>();
  let made = 0;
  let logins = 0;
  let trouble: Trouble | undefined;

  const changed = () => waiting.forEach((check) => check());
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!isTrue()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });

  const viewOf = (post: FakePost) => ({
    uri: uriOf(post),
    cid: "bafyreitest",
    author: { did: post.did, handle: handleOf(post.did), displayName: `Name of ${handleOf(post.did)}` },
    record: post.record,
    indexedAt: new Date(post.timeUs / 1_000).toISOString(),
    likeCount: 3,
    replyCount: 1,
    repostCount: 2,
    quoteCount: 1,
    viewer: { threadMuted: false },
    labels: [],
  });

  const methods: Record<string, (request: FakeRequest) => object> = {
    "app.bsky.feed.getPosts": ({ params }) => ({
      posts: params.getAll("uris").flatMap((uri) => {
        const post = fake.posts.get(uri);
        return post === undefined ? [] : [viewOf(post)];
      }),
    }),
    "app.bsky.actor.getProfiles": ({ params }) => ({
      profiles: params.getAll("actors").map((actor) => ({
        did: actor.startsWith("did:") ? actor : `did:plc:${actor.split(".")[0]}`,
        handle: handleOf(actor),
        followersCount: 40,
      })),
    }),
    "app.bsky.feed.searchPosts": ({ params }) => {
      const [since, until] = ["since", "until"].map((name) => params.get(name) ?? "");
      const at = (post: FakePost) => new Date(post.timeUs / 1_000).toISOString();
      const found = [...fake.posts.values()]
        .filter((post) => at(post) >= (since ?? "") && at(post) < (until ?? ""))
        .sort((a, b) => b.timeUs - a.timeUs);
      const start = Number(params.get("cursor") ?? 0);
      const end = start + Number(params.get("limit"));
      return {
        posts: found.slice(start, end).map(viewOf),
        ...(end < found.length ? { cursor: String(end) } : {}),
      };
    },
    "com.atproto.server.createSession": () => session(),
    "com.atproto.server.refreshSession": () => session(),
  };

  function session() {
    const accessJwt = `access-${++logins}`;
    fake.tokens.add(accessJwt);
    return { accessJwt, refreshJwt: `refresh-${logins}`, did: "did:plc:me", handle: "me.example" };
  }

  async function onRequest(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "", "http://bluesky");
    const method = url.pathname.replace("/xrpc/", "");
    const { authorization = "" } = incoming.headers;
    const request = { method, params: url.searchParams, authorization, body: await text(incoming) };
    fake.requests.push(request);
    changed();
    const send = (status: number, body: string, headers: object = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body);
    };
    const told = fake.answers.get(method);
    if (trouble === "hang") return;
    if (trouble !== undefined) send(STATUS[trouble], "<html>", { "retry-after": "120" });
    else if (told !== undefined) send(told.status, told.body, told.headers);
    else if (
      method === "app.bsky.feed.searchPosts" &&
      !fake.tokens.has(authorization.replace("Bearer ", ""))
    ) {
      send(400, JSON.stringify({ error: "ExpiredToken", message: "Token has expired" }));
    } else send(200, JSON.stringify(methods[method]?.(request) ?? {}));
  }

  function onUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(incoming.url ?? "", "http://bluesky");
    upgraded.add(socket);
    fake.requests.push({ method: "subscribe", params: url.searchParams, authorization: "", body: "" });
    changed();
    if (trouble === "hang") return;
    if (trouble !== undefined) {
      socket.end(
        `HTTP/1.1 ${STATUS[trouble]} Trouble\r\nretry-after: 120\r\ncontent-length: 6\r\n\r\n<html>`,
      );
      return;
    }
    sockets.handleUpgrade(incoming, socket, head, (listener) => {
      const from = Number(url.searchParams.get("cursor") ?? Infinity);
      for (const event of fake.events) {
        if ((event as { time_us: number }).time_us >= from) listener.send(JSON.stringify(event));
      }
      if (!fake.isLive) listener.close(1_000);
      changed();
    });
  }

  const server = createServer((request, response) => void onRequest(request, response));
  server.on("upgrade", onUpgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const fake: FakeBluesky = {
    url: `http://127.0.0.1:${port}`,
    jetstream: `ws://127.0.0.1:${port}/subscribe`,
    events: [],
    posts: new Map(),
    requests: [],
    isLive: false,
    tokens: new Set(),
    publish: (count) => Array.from({ length: count }, () => uriOf(fake.add({}))),
    add(more) {
      const number = ++made;
      const timeUs = more.timeUs ?? startUs + number * 1_000_000;
      const post: FakePost = {
        did: `did:plc:author${number % 7}`,
        rkey: `3mk${number}`,
        timeUs,
        ...more,
        record: {
          $type: "app.bsky.feed.post",
          text: `acme is late again, ${number}`,
          createdAt: new Date(timeUs / 1_000 - 800).toISOString(),
          langs: ["en"],
          ...more.record,
        },
      };
      fake.posts.set(uriOf(post), post);
      fake.events.push(createOf(post));
      return post;
    },
    tell: (event) => sockets.clients.forEach((listener) => listener.send(JSON.stringify(event))),
    trouble: (next) => void (trouble = next),
    answers: new Map(),
    asked: (count) => until(() => fake.requests.length >= count),
    async listened() {
      await until(() => sockets.clients.size > 0);
      const [listener] = sockets.clients;
      if (listener === undefined) throw new Error("nobody listens");
      return listener;
    },
    async close() {
      const closed = once(server, "close");
      for (const socket of upgraded) socket.destroy();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}

/** The event of a post having been written. */
export function createOf({ did, rkey, timeUs, record }: FakePost): object {
  const commit = {
    rev: "3m",
    operation: "create",
    collection: "app.bsky.feed.post",
    rkey,
    record,
    cid: "bafyreitest",
  };
  return { did, time_us: timeUs, kind: "commit", commit };
}

function handleOf(actor: string): string {
  return actor.startsWith("did:") ? `${actor.replace("did:plc:", "")}.example` : actor;
}
