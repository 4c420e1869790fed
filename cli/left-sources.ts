import { hourLeft } from "../core/coverage.ts";
import { expectedSources } from "../queries/source-state.ts";
import { coverageRows } from "../schemas/rows.ts";
import type { App } from "./app.ts";

/**
 * Notes in the coverage ledger which sources were taken out of the config, so that nobody is said to have missed what
 * nobody wanted to hear any more. One that is put back accounts for the time between with its first poll.
 */
export async function noteLeftSources(
  {
    ask,
    context,
    store,
    config,
  }: Pick<App, "ask" | "context" | "store"> & {
    readonly config: Pick<App["config"], "sources">;
  },
  signal: AbortSignal,
): Promise<void> {
  const configured = new Set(config.sources.map(({ id }) => id));
  const expected = await ask(expectedSources, {});
  const left = expected.map(({ source }) => source).filter((source) => !configured.has(source));
  if (left.length === 0) return;
  const at = context.now().toISOString();
  await store.table(coverageRows).write(
    left.map((source) => hourLeft(source, at)),
    signal,
  );
  context.log.info({ sources: left }, "not in the config any more; not expected to be heard from now on");
}
