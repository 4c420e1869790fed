import { z } from "zod";
import type { Reread } from "../../core/contracts.ts";
import { rereadInTurn } from "../reread-each.ts";
import { list, type Run } from "./api.ts";
import { IDS_AT_ONCE, readVideos } from "./search.ts";
import { readThread, toItem, type ThreadFacts } from "./threads.ts";

/** Reads comments and videos again, fifty at a time; two units for fifty comments, one for fifty videos. */
export async function reread(ids: readonly string[], run: Run): Promise<Reread> {
  const comments = ids.filter((id) => /^[\w-]{12,}(?:\.[\w-]+)?$/.test(id));
  const videos = ids.filter((id) => /^[\w-]{11}$/.test(id));
  return rereadInTurn([
    ...batchesOf(comments).map((batch) => async () => told(batch, await readComments(batch, run))),
    ...batchesOf(videos).map((batch) => async () => told(batch, await videosOf(batch, run))),
  ]);
}

function batchesOf(ids: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) batches.push(ids.slice(at, at + IDS_AT_ONCE));
  return batches;
}

function told(ids: readonly string[], found: ReadonlyMap<string, unknown>): Reread {
  const gone = ids.filter((id) => !found.has(id));
  return {
    items: ids.flatMap((id) => found.get(id) ?? []),
    gone: gone.map((id) => ({ id, reason: "YouTube shows it no more." })),
  };
}

async function videosOf(ids: readonly string[], run: Run): Promise<ReadonlyMap<string, unknown>> {
  const videos = await readVideos(ids, run);
  return new Map([...videos].map(([id, { item }]) => [id, item]));
}

const Comment = z.object({ id: z.string(), snippet: z.object({ parentId: z.string().nullish() }) });

/** Comments as items, by their ids. */
async function readComments(ids: readonly string[], run: Run): Promise<ReadonlyMap<string, unknown>> {
  const comments = await commentsOf(ids, run);
  const threads = await factsOf([...new Set([...comments.keys()].map(threadOf))], run);
  const items = [...comments].map(([id, comment]) => {
    const isReply = (Comment.safeParse(comment).data?.snippet.parentId ?? "") !== "";
    return [
      id,
      toItem(comment, threads.get(threadOf(id)) ?? { isOurs: false }, isReply, run.config),
    ] as const;
  });
  return new Map(items);
}

/**
 * One that is gone may make YouTube refuse to tell about the others asked for with it: then they are asked for apart. And
 * an answer may leave out some that are there: the rest is asked for again, until an answer tells of none of it.
 */
async function commentsOf(ids: readonly string[], run: Run): Promise<Map<string, unknown>> {
  const listed = await list(run, "comments", { part: "snippet", textFormat: "plainText", id: ids.join(",") });
  if ("missing" in listed) {
    if (ids.length === 1) return new Map();
    const half = Math.ceil(ids.length / 2);
    const first = await commentsOf(ids.slice(0, half), run);
    return new Map([...first, ...(await commentsOf(ids.slice(half), run))]);
  }
  const found = new Map(
    listed.items.flatMap((comment) => {
      const { data } = Comment.safeParse(comment);
      return data === undefined ? [] : [[data.id, comment] as const];
    }),
  );
  const rest = ids.filter((id) => !found.has(id));
  if (rest.length === 0 || rest.length === ids.length) return found;
  return new Map([...found, ...(await commentsOf(rest, run))]);
}

const Identified = z.object({ id: z.string() });

/** A comment tells neither its video nor how many replies it has; its thread does. */
async function factsOf(threadIds: readonly string[], run: Run): Promise<ReadonlyMap<string, ThreadFacts>> {
  const facts = new Map<string, ThreadFacts>();
  if (threadIds.length === 0) return facts;
  const listed = await list(run, "commentThreads", {
    part: "snippet",
    textFormat: "plainText",
    id: threadIds.join(","),
  });
  if ("missing" in listed) return facts;
  for (const item of listed.items) {
    const { data } = Identified.safeParse(item);
    const thread = readThread(item, run.config);
    if (data !== undefined && thread !== undefined) facts.set(data.id, thread.facts);
  }
  return facts;
}

/** The id of a reply begins with that of its thread. */
function threadOf(id: string): string {
  return id.replace(/\..*$/, "");
}
