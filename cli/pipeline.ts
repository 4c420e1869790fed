import type { Sink } from "../core/contracts.ts";
import type { IngestOptions } from "../core/ingest.ts";
import { processingSink } from "../core/process.ts";
import { MODEL_VERSION, readChain } from "../processors/index.ts";
import type { DeadLetter } from "../schemas/dead-letter.ts";
import { coverageRows, deadLetterRows, mentionRows } from "../schemas/rows.ts";
import type { App } from "./app.ts";

/** The ends an ingest loop writes to. In the direct topology its events are processed and stored in this process. */
export type Pipeline = Pick<IngestOptions, "events" | "deadLetters" | "coverage" | "cursors" | "context">;

/** The direct topology: the ingest loop's sink is "process, then store". */
export function directPipeline(app: App, deadLetters = deadLetterSink(app)): Pipeline {
  const { store, context, cursors } = app;
  return {
    events: processingSink({
      chain: readChain(),
      modelVersion: MODEL_VERSION,
      store: store.table(mentionRows),
      deadLetters,
      context,
    }),
    deadLetters,
    coverage: store.table(coverageRows),
    cursors,
    context,
  };
}

export function deadLetterSink(app: App): Sink<DeadLetter> {
  return app.store.table(deadLetterRows);
}
