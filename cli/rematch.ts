import type { Sink } from "../core/contracts.ts";
import { parseQuery } from "../core/query/parse-query.ts";
import { matchQuery } from "../core/query/match-query.ts";
import { retrying } from "../core/retry.ts";
import { appliedTrackers, mentionsOfSources } from "../queries/stored-mentions.ts";
import type { Mention, MentionEvent } from "../schemas/mention.ts";
import { toStoredMention, trackerRows } from "../schemas/rows.ts";
import type { AppliedTracker } from "../schemas/tracker.ts";
import type { App } from "./app.ts";

const PAGE = 2_000;

type Matching = Pick<App, "store" | "context" | "ask"> & {
  readonly config: Pick<App["config"], "trackers" | "sources">;
};

/**
 * Matches the trackers whose query was changed with everything that is stored of their sources, so that figures from
 * before the change are those of the new query. Ends when it is through; starts over when it was interrupted.
 * @param events the way into the store
 */
export async function rematchChanged(
  app: Matching,
  events: Sink<MentionEvent>,
  signal: AbortSignal,
): Promise<void> {
  const { config, store, context, ask } = app;
  const applied = await retrying(
    () => ask(appliedTrackers, {}),
    { what: "load the trackers" },
    signal,
    context,
  );
  const before = new Map(applied.map((tracker) => [tracker.id, tracker]));
  const sink = store.table(trackerRows);
  for (const { id, name, kind, query = "" } of config.trackers) {
    const known = before.get(id);
    if (known !== undefined && known.name === name && known.kind === kind && known.query === query) continue;
    if (known !== undefined && known.query !== query) {
      const changed = await rematch(app, id, query, events, signal);
      context.log.info(
        { tracker: id, mentions: changed },
        "query changed; stored mentions were matched again",
      );
    }
    const row: AppliedTracker = { id, name, kind, query, appliedAt: context.now().toISOString() };
    await retrying(() => sink.write([row], signal), { what: "save the tracker" }, signal, context);
  }
}

async function rematch(
  { config, context, ask }: Matching,
  tracker: string,
  query: string,
  events: Sink<MentionEvent>,
  signal: AbortSignal,
): Promise<number> {
  const sources = config.sources
    .filter(({ matching, trackers }) => matching === "query" && (query !== "" || trackers.includes(tracker)))
    .map(({ id }) => id);
  if (sources.length === 0) return 0;
  const matches = query === "" ? () => true : matchQuery(parseQuery(query));
  let [changed, after] = [0, ""];
  for (;;) {
    const page = { sources, after, limit: PAGE };
    const label = { what: `match ${tracker} again` };
    const rows = await retrying(() => ask(mentionsOfSources, page), label, signal, context);
    const last = rows.at(-1);
    if (last === undefined) return changed;
    after = last.id;
    const again = rows
      .map(toStoredMention)
      .filter((mention) => !isAnswer(mention) && matches(mention) !== mention.trackers.includes(tracker))
      .map((mention) => ({ type: "upsert" as const, mention: toggled(mention, tracker) }));
    if (again.length > 0) await retrying(() => events.write(again, signal), label, signal, context);
    changed += again.length;
  }
}

/** What we answered belongs to all trackers of its source, whatever it says. */
function isAnswer({ byUs, parentId }: Mention): boolean {
  return byUs && parentId !== "";
}

/** With the tracker if it was without, without it if it was with it. */
function toggled(mention: Mention, tracker: string): Mention {
  const { trackers } = mention;
  return {
    ...mention,
    trackers: trackers.includes(tracker) ? trackers.filter((id) => id !== tracker) : [...trackers, tracker],
  };
}
