import type { PushOptions } from "../api/push-route.ts";
import { EarshotError } from "../core/errors.ts";
import { openPushSource } from "../core/push-source.ts";
import { pollRows } from "../schemas/rows.ts";
import type { App } from "./app.ts";
import { deadLetterSink, pipelineFor } from "./pipeline.ts";
import type { Source } from "./sources.ts";

/** The sources of this installation that others push to. */
export interface Pushes {
  readonly push: NonNullable<PushOptions["push"]>;
  /** Resolves when no push is under way any more, or those that are have had their time. */
  settled(): Promise<void>;
}

/** Opens sources that others push to: what is pushed goes the way of what is polled. */
export function openPushes(app: App, sources: readonly Source[]): Pushes {
  const { context, store } = app;
  const opened = new Map(
    sources.map((source) => [
      source.source,
      openPushSource({
        ...source,
        context,
        openEvents: (deadLetters) => pipelineFor(app, source.source, deadLetters).events,
        deadLetters: deadLetterSink(app),
        polls: store.table(pollRows),
      }),
    ]),
  );
  return {
    async push(id, push, idempotencyKey) {
      const source = opened.get(id);
      if (source === undefined) {
        throw new EarshotError("not_found", "There is no source here that can be pushed to; check its id.");
      }
      try {
        return await source.push(push, idempotencyKey);
      } catch (error) {
        if (error instanceof EarshotError && error.code === "unauthorized") {
          context.log.warn({ source: id, reason: error.message }, "a push was refused");
        }
        throw error;
      }
    },
    async settled() {
      await Promise.all([...opened.values()].map((source) => source.settled()));
    },
  };
}
