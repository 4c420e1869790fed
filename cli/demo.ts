import { clearSource } from "../actions/clear-source.ts";
import { clearTold } from "../actions/clear-told.ts";
import { recordChanges } from "../actions/record-change.ts";
import { recordExposures } from "../actions/record-exposures.ts";
import { ingest, type IngestProgress } from "../core/ingest.ts";
import { demoIngestor, tellDeeds, tellOrders, usualStory } from "../ingestors/demo/index.ts";
import type { App } from "./app.ts";
import { directSink, pipelineFor } from "./pipeline.ts";
import { deadLetterRows } from "../schemas/rows.ts";

/**
 * Name of the source the demo story is stored under, and of the origin of its changes, so that it can be told from real
 * voices and taken out again.
 */
const DEMO_SOURCE = "demo";

/**
 * Loads the invented story, up to today, through the same loops as any source, and what was done and ordered meanwhile.
 * An earlier telling is taken out first: it ended on another day.
 */
export async function loadDemo(
  app: App,
  signal: AbortSignal,
  onProgress: (progress: IngestProgress) => void = () => {},
): Promise<IngestProgress> {
  await clearDemo(app);
  const { store, context } = app;
  const story = usualStory(`${context.now().toISOString().slice(0, 10)}T00:00:00.000Z`);
  await recordChanges({ store, context, origin: DEMO_SOURCE, by: "", changes: tellDeeds(story) }, signal);
  await recordExposures({ store, context, by: DEMO_SOURCE, exposures: tellOrders(story) }, signal);
  // an invented story is nothing to hand to other teams, so it goes past the topics
  const deadLetters = app.store.table(deadLetterRows);
  return ingest(
    {
      ...pipelineFor(app, DEMO_SOURCE),
      events: directSink(app, deadLetters),
      deadLetters,
      source: DEMO_SOURCE,
      belonging: { trackers: [] },
      redactKey: undefined,
      ingestor: demoIngestor,
      config: story,
      onProgress,
    },
    signal,
  );
}

/** Takes every mention of the story out again, with its changes and orders. */
export async function clearDemo(app: App): Promise<void> {
  await clearSource(app.store, DEMO_SOURCE);
  await clearTold(app.store, DEMO_SOURCE);
}
