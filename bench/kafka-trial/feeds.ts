import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FeedEntry } from "./input.ts";

/** Atom feeds that grow and change, served on loopback. An entry never leaves its feed, so that no poll can miss it. */
export interface FeedServer {
  /** Address of each feed, in order. */
  readonly urls: readonly string[];
  /** Adds an entry, or replaces the one with its id. */
  put(entry: FeedEntry): void;
  /** What a cursor holds of a feed once its newest state was read. */
  stateOf(feed: number): { readonly etag: string; readonly entries: number };
  close(): Promise<void>;
}

interface Feed {
  readonly entries: Map<string, FeedEntry>;
  version: number;
  document: string | undefined;
}

/** Starts a server of so many empty feeds. */
export async function startFeeds(count: number): Promise<FeedServer> {
  const feeds = Array.from({ length: count }, (): Feed => ({
    entries: new Map(),
    version: 0,
    document: undefined,
  }));
  const server = createServer((request, response) => {
    const feed = feeds[Number(/^\/feed-(\d+)$/.exec(request.url ?? "")?.[1] ?? -1)];
    if (feed === undefined) response.writeHead(404).end();
    else answer(response, feed, request.headers["if-none-match"]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  function feedOf(index: number): Feed {
    const feed = feeds[index];
    if (feed === undefined) throw new RangeError(`There is no feed ${index}.`);
    return feed;
  }

  return {
    urls: feeds.map((_, index) => `http://127.0.0.1:${port}/feed-${index}`),
    put(entry) {
      const feed = feedOf(entry.feed);
      feed.entries.set(entry.id, entry);
      feed.version++;
      feed.document = undefined;
    },
    stateOf(index) {
      const feed = feedOf(index);
      return { etag: etagOf(feed), entries: feed.entries.size };
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function etagOf({ version }: Feed): string {
  return `"v${version}"`;
}

function answer(response: ServerResponse, feed: Feed, known: string | undefined): void {
  const etag = etagOf(feed);
  if (known === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  feed.document ??= toAtom([...feed.entries.values()].reverse());
  response.writeHead(200, { etag, "content-type": "application/atom+xml; charset=utf-8" }).end(feed.document);
}

function toAtom(entries: readonly FeedEntry[]): string {
  const written = entries.map(
    ({ id, title, text, publishedAt, updatedAt }) =>
      `<entry><id>${id}</id><title>${escapeXml(title)}</title><published>${publishedAt}</published>` +
      `<updated>${updatedAt}</updated><content type="text">${escapeXml(text)}</content></entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:trial:feed</id><title>Trial</title>
<updated>2025-03-01T00:00:00Z</updated>
${written.join("\n")}
</feed>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
