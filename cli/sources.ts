import { belonging, type Belonging } from "../core/belonging.ts";
import { openBudget, spendingCountsFrom, type LedgerBudget } from "../core/budget.ts";
import { ingestorConfig, type Config, type SourceConfig } from "../core/config.ts";
import type { Ingestor, TrackerQuery } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { keepingSecrets } from "../core/keep-secrets.ts";
import { parseQuery } from "../core/query/parse-query.ts";
import { ingestors } from "../ingestors/index.ts";
import { sourceSpending } from "../queries/source-state.ts";
import type { App } from "./app.ts";

/** A configured source, ready to be asked. */
export interface Source {
  readonly source: string;
  readonly ingestor: Ingestor;
  /** Of the ingestor. */
  readonly config: unknown;
  readonly queries: readonly TrackerQuery[];
  readonly belonging: Belonging;
  readonly redactKey: string | undefined;
}

/** What an entry of `sources:` means, with the trackers' queries it looks for. */
export function toSource(
  { trackers, redactPii }: Pick<Config, "trackers" | "redactPii">,
  entry: SourceConfig,
): Source {
  const ingestor = ingestors.find((candidate) => candidate.name === entry.type);
  if (ingestor === undefined) throw new Error(`the config allowed an unknown source type ${entry.type}`);
  const queries = trackers.flatMap(({ id, query }) =>
    query === undefined ? [] : { tracker: id, query: parseQuery(query) },
  );
  const config = ingestorConfig(ingestor, entry);
  return {
    source: entry.id,
    ingestor: keepingSecrets(ingestor, config),
    config,
    queries: queries.filter(({ tracker }) => entry.trackers.includes(tracker)),
    belonging: belonging(entry.matching, entry.trackers, queries),
    redactKey: redactPii?.key,
  };
}

/** Whether others push to a source, so that there is nothing to poll. */
export function isPushed({ type }: Pick<SourceConfig, "type">): boolean {
  return ingestors.find(({ name }) => name === type)?.source.mode === "push";
}

/** The budget of a source, with what was spent of it before, by whichever process. */
export async function continueBudget(
  { ask, context }: Pick<App, "ask" | "context">,
  { id, budget }: SourceConfig,
): Promise<LedgerBudget> {
  const spent = await ask(sourceSpending, { source: id, since: spendingCountsFrom(context.now()) });
  const before = spent.map((hour) => ({ ...hour, at: new Date(hour.at) }));
  return openBudget(id, budget, before, context);
}

/** The configured source of that id. @throws {EarshotError} not_found, naming those there are */
export function findSource(
  config: Config,
  id: string,
): { readonly entry: SourceConfig; readonly source: Source } {
  const entry = config.sources.find((candidate) => candidate.id === id);
  if (entry !== undefined) return { entry, source: toSource(config, entry) };
  const known = config.sources.map((candidate) => candidate.id).join(", ") || "none";
  throw new EarshotError("not_found", `There is no source ${id} in the config; configured are: ${known}.`);
}
