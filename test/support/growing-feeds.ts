import { startStubServer } from "./stub-server.ts";

/** RSS feeds on this machine that have one entry more each time they are asked. */
export interface GrowingFeeds {
  /** Entries of all feeds so far. */
  entries(): number;
  /** When a feed was asked, oldest first, by the clock of `performance.now()`. */
  askedAt(name: string): readonly number[];
  /** From now on they stay as they are. */
  freeze(): void;
  /** They as they stand under `sources:` in a config, polled as often as it goes, for the tracker acme. */
  readonly sources: readonly Record<string, unknown>[];
  close(): Promise<void>;
}

/** How long a feed takes to answer, in milliseconds: two who ask it at a time would be seen. */
export const ANSWER_MS = 300;

/** Starts a feed for each name. */
export async function growingFeeds(names: readonly string[]): Promise<GrowingFeeds> {
  const server = await startStubServer();
  const asked = new Map<string, number[]>(names.map((name) => [name, []]));
  const lengths = new Map<string, number>(names.map((name) => [name, 0]));
  let isFrozen = false;
  for (const name of names) {
    server.on(`/${name}`, () => {
      asked.get(name)?.push(performance.now());
      const length = (lengths.get(name) ?? 0) + (isFrozen ? 0 : 1);
      lengths.set(name, length);
      const entries = Array.from({ length }, (_, index) => {
        const at = new Date(Date.UTC(2026, 1, 1, 10, index)).toUTCString();
        return `<item><guid>${name}-${index}</guid><title>The pump leaks, ${name} ${index}</title><pubDate>${at}</pubDate></item>`;
      });
      return {
        delayMs: ANSWER_MS,
        headers: { "content-type": "application/rss+xml" },
        body: `<rss version="2.0"><channel><title>t</title>${entries.join("")}</channel></rss>`,
      };
    });
  }
  return {
    entries: () => [...lengths.values()].reduce((sum, length) => sum + length, 0),
    askedAt: (name) => asked.get(name) ?? [],
    freeze: () => (isFrozen = true),
    sources: names.map((id) => ({
      type: "rss",
      id,
      url: `${server.url}/${id}`,
      trackers: ["acme"],
      schedule: "* * * * * *",
      allowPrivateHosts: true,
    })),
    close: () => server.close(),
  };
}
