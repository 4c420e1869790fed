import { clearSource } from "../actions/clear-source.ts";
import { ingest, type IngestProgress } from "../core/ingest.ts";
import { demoIngestor } from "../ingestors/demo/index.ts";
import type { App } from "./app.ts";
import { directSink, pipelineFor } from "./pipeline.ts";
import { deadLetterRows } from "../schemas/rows.ts";

/** Name of the source the demo story is stored under, so that it can be told from real voices and taken out again. */
const DEMO_SOURCE = "demo";

/**
 * Loads the invented story, up to today, through the same loops as any source. An earlier telling is taken out first:
 * it ended on another day.
 */
export async function loadDemo(
  app: App,
  signal: AbortSignal,
  onProgress: (progress: IngestProgress) => void = () => {},
): Promise<IngestProgress> {
  await clearDemo(app);
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
      config: demoIngestor.config.parse({}),
      onProgress,
    },
    signal,
  );
}

/** Takes every mention of the story out again. */
export async function clearDemo(app: App): Promise<void> {
  await clearSource(app.store, DEMO_SOURCE);
}
