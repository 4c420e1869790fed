import { z } from "zod";
import {
  defineIngestor,
  type Page,
  type PollRun,
  type Reread,
  type TimeWindow,
} from "../../core/contracts.ts";
import { Heard, resume } from "../overlap.ts";
import { rereadEach, type RereadOne } from "../reread-each.ts";
import { Config } from "./config.ts";
import { idOf, parseItem, timeOf, whyGone } from "./parse-item.ts";
import { askFor, searchesFor, slices, under, type Run } from "./search.ts";

const Cursor = z.strictObject({
  searches: z.record(z.string(), Heard).describe("How far each search was heard."),
});
type Cursor = z.infer<typeof Cursor>;

/** The index takes in some items late. */
const OVERLAP_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Stories and comments of Hacker News by full-text search, newest first, cut into slices of time where one answer
 * cannot hold all. What became of an item (deleted, killed, its points) is read from Hacker News itself.
 * @see https://hn.algolia.com/api
 * @see https://github.com/HackerNews/API
 */
export const hackerNewsIngestor = defineIngestor({
  name: "hacker_news",
  summary: "Stories and comments on Hacker News, found by full-text search.",
  source: { mode: "poll", schedule: "*/2 * * * *", scope: "query" },
  config: Config,
  cursor: Cursor,
  poll,
  parse: parseItem,
  position: (item) => idOf(item) ?? "",
  reread,
  backfill,
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const now = run.context.now();
  const before = run.cursor?.searches ?? {};
  const searches = searchesFor(run);
  const heard: Record<string, Heard> = {};
  for (const { name } of searches) if (before[name] !== undefined) heard[name] = before[name];

  const given = new Set<string>();
  for (const search of searches) {
    const overlap = resume(before[search.name], OVERLAP_MS, now);
    const from = overlap.since ?? now.getTime() - run.config.lookbackDays * DAY_MS;
    for await (const { hits, gap } of slices(run, search, { from, to: undefined })) {
      const news = hits.filter((hit) => {
        const isNews = overlap.isNews(timeOf(hit), idOf(hit) ?? hit);
        return isNews && isFirst(given, hit);
      });
      yield { items: news.map((hit) => asItem(hit, run.config)), ...(gap === undefined ? {} : { gap }) };
    }
    const reached = overlap.atEnd();
    if (reached !== undefined) heard[search.name] = reached;
    const isChanged = JSON.stringify(reached) !== JSON.stringify(before[search.name]);
    if (isChanged) yield { items: [], cursor: { searches: { ...heard } } };
  }
}

async function* backfill(window: TimeWindow, run: Run): AsyncIterable<Page<never>> {
  const given = new Set<string>();
  const between = { from: Date.parse(window.from), to: Date.parse(window.to) };
  for (const search of searchesFor(run)) {
    for await (const { hits, gap } of slices(run, search, between)) {
      const items = hits.filter((hit) => isFirst(given, hit)).map((hit) => asItem(hit, run.config));
      yield { items, ...(gap === undefined ? {} : { gap }) };
    }
  }
}

/** Two searches may find the same. */
function isFirst(given: Set<string>, hit: unknown): boolean {
  const id = idOf(hit);
  if (id === undefined) return true;
  const { size } = given;
  return given.add(id).size > size;
}

/** Highlights repeat the whole text. */
const LEFT_OUT = new Set(["_highlightResult", "_snippetResult", "byUs"]);

function asItem(hit: unknown, config: Config): unknown {
  if (typeof hit !== "object" || hit === null || Array.isArray(hit)) return hit;
  const kept = Object.fromEntries(Object.entries(hit).filter(([name]) => !LEFT_OUT.has(name)));
  const author: unknown = kept["author"] ?? kept["by"];
  const isOurs = config.ownAccounts.some((account) => account === author);
  return isOurs ? { ...kept, byUs: true } : kept;
}

async function reread(ids: readonly string[], run: Run): Promise<Reread> {
  return rereadEach(ids, async (id): Promise<RereadOne> => {
    if (!/^\d{1,15}$/.test(id)) return undefined;
    const answer = await askFor(run, under(run.config.itemEndpoint, `item/${id}.json`));
    const item = answer.json();
    // some that everybody can read have always been null there
    if (item === null && (await inIndex(id, run)) !== undefined) return undefined;
    const gone = whyGone(item);
    if (gone !== undefined) return { gone };
    const comment = Comment.safeParse(item);
    if (!comment.success) return { item: asItem(item, run.config) };
    return { item: asItem({ ...comment.data, story_id: await storyOf(id, run) }, run.config) };
  });
}

const Comment = z.looseObject({ type: z.literal("comment") });
const Indexed = z.object({ story_id: z.int().nullish() });

/** Hacker News itself says only what a comment answers, not under which story it stands. */
async function storyOf(id: string, run: Run): Promise<number | undefined> {
  return Indexed.safeParse(await inIndex(id, run)).data?.story_id ?? undefined;
}

/** An item as the search index has it, undefined when it does not know it. */
async function inIndex(id: string, run: Run): Promise<unknown> {
  const answer = await askFor(run, under(run.config.endpoint, `items/${id}`), [404]);
  return answer.status === 404 ? undefined : answer.json();
}
