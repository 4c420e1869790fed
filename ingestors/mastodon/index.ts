import { z } from "zod";
import { defineIngestor, type Page, type PollRun, type TimeWindow } from "../../core/contracts.ts";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import { Heard, resume } from "../overlap.ts";
import { hashtagsFor } from "./hashtags.ts";
import { parseItem } from "./parse-item.ts";
import { reread } from "./reread.ts";
import { Config, handleOf, openServer, type Run, type Server } from "./server.ts";
import { toItems } from "./to-items.ts";
import { isFirst, timelinesOf, timeOf, walk, wordingOf } from "./walk.ts";

const Cursor = z.strictObject({
  timelines: z
    .record(z.string(), Heard)
    .describe("How far each `server/hashtag` and `server/@account` was heard."),
});
type Cursor = z.infer<typeof Cursor>;

/**
 * Posts of other servers take their place by the time they were written, however late they come: while one of the two
 * servers is down or busy, the other tries again for hours.
 * @see https://github.com/mastodon/mastodon/pull/6298
 */
const OVERLAP_MS = 6 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Posts with a hashtag, as one or several Mastodon servers see them, walked from old to new. A post has the same id on
 * every server. The last six hours are read again each time: for what came late from other servers, and for edits. What
 * our own accounts write is read as well, since answers seldom have a hashtag.
 * @see https://docs.joinmastodon.org/methods/timelines/#tag
 * @see https://docs.joinmastodon.org/methods/statuses/
 * @see https://docs.joinmastodon.org/methods/accounts/#statuses
 */
export const mastodonIngestor = defineIngestor({
  name: "mastodon",
  summary: "Posts with a hashtag on Mastodon, through one or several servers.",
  source: { mode: "poll", schedule: "*/3 * * * *", scope: "query" },
  config: Config,
  cursor: Cursor,
  poll,
  parse: parseItem,
  position: (item) => Identity.safeParse(item).data?.status.uri ?? "",
  reread,
  backfill,
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, context } = run;
  const tags = hashtagsFor(run);
  const servers = config.servers.map((server) => openServer(server, run));
  const before = run.cursor?.timelines ?? {};
  const timelines = new Map(
    servers.map((server) => [server.host, timelinesOf(server, tags, accountsOn(server, config))]),
  );
  const followed = new Set([...timelines.values()].flat().map(({ name }) => name));
  const heard = Object.fromEntries(Object.entries(before).filter(([name]) => followed.has(name)));
  const given = new Set<string>();
  const lookback = context.now().getTime() - config.lookbackDays * DAY_MS;

  async function* hear(server: Server): AsyncIterable<Page<Cursor>> {
    const domain = await server.check();
    for (const timeline of timelines.get(server.host) ?? []) {
      const { name } = timeline;
      const overlap = resume(before[name], OVERLAP_MS, context.now());
      for await (const statuses of walk(timeline, overlap.since ?? lookback)) {
        const news = statuses.filter((status) => {
          const isNews = overlap.isNews(timeOf(status), ...wordingOf(status));
          return isNews && isFirst(given, status);
        });
        const items = await toItems(news, server, domain, config);
        const reached = overlap.soFar();
        if (reached === undefined || items.length === 0) continue;
        heard[name] = reached;
        yield { items, cursor: { timelines: { ...heard } } };
      }
      const reached = overlap.atEnd();
      if (reached === undefined || JSON.stringify(reached) === JSON.stringify(heard[name])) continue;
      heard[name] = reached;
      yield { items: [], cursor: { timelines: { ...heard } } };
    }
  }

  yield* hearEach(servers, hear, context, ({ host }) => {
    const newest = timelines.get(host)?.map(({ name }) => heard[name]?.newest ?? lookback) ?? [lookback];
    return { from: new Date(Math.min(...newest)).toISOString(), to: context.now().toISOString() };
  });
  const usedUp = servers.flatMap(({ usedUpUntil }) => usedUpUntil?.getTime() ?? []);
  if (usedUp.length > 0) yield { items: [], notBefore: new Date(Math.max(...usedUp)).toISOString() };
}

async function* backfill(window: TimeWindow, run: Run): AsyncIterable<Page<never>> {
  const tags = hashtagsFor(run);
  const given = new Set<string>();

  async function* hear(server: Server): AsyncIterable<Page<never>> {
    const domain = await server.check();
    for (const timeline of timelinesOf(server, tags, accountsOn(server, run.config))) {
      for await (const statuses of walk(timeline, Date.parse(window.from), Date.parse(window.to))) {
        const news = statuses.filter((status) => isFirst(given, status));
        yield { items: await toItems(news, server, domain, run.config) };
      }
    }
  }

  const servers = run.config.servers.map((server) => openServer({ ...server, whenUsedUp: "wait" }, run));
  yield* hearEach(servers, hear, run.context, () => window);
}

/** Our own accounts, each to be read on its own server where that is listened through, else on the first. */
function accountsOn({ host }: Server, { ownAccounts, servers }: Config): readonly string[] {
  const hosts = servers.map(({ endpoint }) => new URL(endpoint).host);
  const handles = new Set(ownAccounts.map((account) => handleOf(account, "")));
  return [...handles].filter((handle) => {
    const home = handle.replace(/^.*@/, "");
    return (hosts.includes(home) ? home : hosts[0]) === host;
  });
}

/**
 * What one server after the other gives. One that fails leaves a gap and does not disturb the rest.
 * @throws {EarshotError} budget_spent, and what the first threw when all failed
 */
async function* hearEach<C>(
  servers: readonly Server[],
  hear: (server: Server) => AsyncIterable<Page<C>>,
  context: Context,
  unheard: (server: Server) => TimeWindow,
): AsyncIterable<Page<C>> {
  const failures: { readonly server: Server; readonly error: EarshotError }[] = [];
  for (const server of servers) {
    try {
      yield* hear(server);
    } catch (error) {
      if (!(error instanceof EarshotError) || error.code === "budget_spent") throw error;
      failures.push({ server, error });
    }
  }
  const [first] = failures;
  if (first !== undefined && failures.length === servers.length) throw first.error;
  for (const { server, error } of failures) {
    context.log.warn({ server: server.host, code: error.code, reason: error.message }, "server not heard");
    yield { items: [], gap: { ...unheard(server), reason: error.message, isPartial: true } };
  }
}

const Identity = z.object({ status: z.object({ uri: z.string() }) });
