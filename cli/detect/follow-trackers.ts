import { setTimeout as sleep } from "node:timers/promises";
import { EarshotError } from "../../core/errors.ts";
import type { MeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { heardTrackers } from "../../queries/detect-mentions.ts";
import { BATCH, detectIssues, openDetector, type DetectOptions } from "./detect-issues.ts";

/** What one owner follows: a tracker, or all that nobody is configured to follow. */
export type Followed = { readonly tracker: string } | { readonly allBut: readonly string[] };

type DetectApp = DetectOptions["app"];

const LOOK_EVERY_MS = 20_000;

/** Follows the issues of what it is told to until the signal aborts; of trackers heard of later too. */
export async function followTrackers(
  followed: Followed,
  app: DetectApp,
  model: MeaningModel,
  signal: AbortSignal,
): Promise<void> {
  if ("tracker" in followed) return detectIssues({ tracker: followed.tracker, app, model }, signal);
  const left = new Set(followed.allBut);
  const running: Promise<void>[] = [];
  while (!signal.aborted) {
    for (const tracker of await heardOf(app)) {
      if (left.has(tracker)) continue;
      left.add(tracker);
      running.push(detectIssues({ tracker, app, model }, signal));
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  await Promise.all(running);
}

/** Puts everything that is stored into issues, judges them, and ends. Nothing else may follow the same store meanwhile. */
export async function detectOnce(
  app: DetectApp,
  model: MeaningModel,
  signal: AbortSignal,
): Promise<{ readonly tracker: string; readonly assigned: number; readonly judged: number }[]> {
  const done = [];
  for (const { tracker } of await app.ask(heardTrackers, {})) {
    const detector = await openDetector({ tracker, app, model });
    let [assigned, judged] = [0, 0];
    for (;;) {
      const round = await detector.round(signal);
      assigned += round.assigned;
      judged += round.judged;
      if (round.assigned < BATCH) break;
    }
    done.push({ tracker, assigned, judged });
  }
  return done;
}

async function heardOf({ ask, context }: DetectApp): Promise<readonly string[]> {
  try {
    return (await ask(heardTrackers, {})).map(({ tracker }) => tracker);
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    context.log.warn(
      { reason: error.message },
      "could not ask which trackers there are; tried again shortly",
    );
    return [];
  }
}
