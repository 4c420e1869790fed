import { existsSync } from "node:fs";
import { join } from "node:path";
import { actOnAlert } from "../actions/act-on-alert.ts";
import { actOnIssue } from "../actions/act-on-issue.ts";
import { correctMention } from "../actions/correct-mention.ts";
import { recordChange, removeChange } from "../actions/record-change.ts";
import { recordExposures } from "../actions/record-exposures.ts";
import { endSilence, silenceAlerts } from "../actions/silence-alerts.ts";
import { accessAt } from "../api/access.ts";
import type { ApiOptions } from "../api/app.ts";
import { openApi } from "../api/server.ts";
import { EarshotError } from "../core/errors.ts";
import { DEMO_TRACKERS } from "../ingestors/demo/index.ts";
import { summary } from "../queries/summary.ts";
import { linkSigning } from "./alert/link-signing.ts";
import type { App, Service } from "./app.ts";
import { findFixed } from "./find-fixed.ts";
import { localUser } from "./local-user.ts";
import { packageRoot, packageVersion } from "./package.ts";
import { loadDemo } from "./demo.ts";
import { openPushes } from "./push.ts";
import { ended, runTogether } from "./run-together.ts";
import { isPushed, toSource } from "./sources.ts";

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** What runs beside the page: the loops of this process. */
  readonly workers: readonly ((signal: AbortSignal) => Promise<void>)[];
}

/** Serves the page and API, and runs the workers, until the app is told to stop; then drains. */
export async function serve(app: App & Service, { host, port, workers }: ServeOptions): Promise<void> {
  const { config, context, signal, monitoring } = app;
  const webDir = join(packageRoot, "dist", "web");
  const demo = demoLoader(app);
  const pushed = config.sources.filter(isPushed);
  const pushes = openPushes(
    app,
    pushed.map((entry) => toSource(config, entry)),
  );
  const alertLinks = await linkSigning(config);
  const api = await openApi({
    host,
    port,
    store: app.dashboard,
    actions: demo,
    push: pushes.push,
    ...told(app),
    ...(alertLinks === undefined ? {} : { alertLinks }),
    exposureMeasure: config.exposureMeasure,
    trackers: config.trackers,
    knownTrackers: DEMO_TRACKERS,
    version: packageVersion,
    auth: accessAt(host, config.api),
    ...(existsSync(webDir) ? { webDir } : {}),
    monitoring,
    context,
  });
  try {
    await runTogether([() => announce(app, api.url), ended, ...workers], signal);
  } finally {
    await demo.settled();
    await api.close();
    await pushes.settled();
    context.log.info({}, "stopped");
  }
}

/** What people tell over HTTP; on this machine without a token it is who runs this program. */
function told(app: App) {
  const { store, context, signal } = app;
  const origin = "api";
  const me = localUser();
  return {
    correct: (mentionId, request, by = me) =>
      correctMention({ store, mentionId, request, by, context }, signal),
    actOnIssue: (tracker, issueId, request, by = me) =>
      actOnIssue({ store, tracker, issueId, request, by, context }, signal),
    actOnAlert: (alertId, request, by = me) => actOnAlert({ store, alertId, request, by, context }, signal),
    silenceAlerts: (request, by = me) => silenceAlerts({ store, request, by, context }, signal),
    endSilence: (silence) => endSilence({ store, silence, context }, signal),
    recordChange: async (told, by = me) => {
      const change = { ...told, fixes: await findFixed(app, told.fixes, told.tracker) };
      return recordChange({ store, change, origin, by, context }, signal);
    },
    removeChange: (id, by = me) => removeChange({ store, id, origin, by, context }, signal),
    recordExposures: (exposures, by = me) => recordExposures({ store, exposures, by, context }, signal),
  } satisfies Partial<ApiOptions>;
}

async function announce(app: App, url: string): Promise<void> {
  const { sources } = app.config;
  const lines = [`Earshot is listening: ${url}`];
  const mentions = await countMentions(app);
  if (mentions === 0) {
    lines.push(
      "",
      "The store is empty. Three ways to fill it:",
      "  look around       npx earshot demo          (an invented story, six weeks)",
      "  your reviews      npx earshot import reviews.csv",
      "  a feed            add it under sources: in earshot.yaml, see README.md",
    );
  } else {
    lines.push(`${mentions ?? "?"} mentions stored, ${sources.length} sources configured.`);
  }
  lines.push("", "Ctrl-C stops it.", "");
  process.stderr.write(lines.join("\n"));
}

/** A store that is busy for a moment is no reason not to start. */
async function countMentions(app: App): Promise<number | undefined> {
  try {
    const [found] = await app.ask(summary, summary.params.parse({}));
    return found?.mentions ?? 0;
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    app.context.log.warn({ reason: error.message }, "the mentions could not be counted");
    return undefined;
  }
}

function demoLoader(app: App) {
  let state: "idle" | "loading" | "loaded" = "idle";
  let progress = 0;
  let running: Promise<void> = Promise.resolve();
  return {
    loadDemo(): "started" | "running" {
      if (state === "loading") return "running";
      state = "loading";
      progress = 0;
      running = loadDemo(app, app.signal, (done) => (progress = done.progress ?? progress)).then(
        () => {
          state = "loaded";
          progress = 1;
        },
        (error: unknown) => {
          state = "idle";
          const reason = error instanceof Error ? error.message : String(error);
          app.context.log.error({ reason }, "the demo could not be loaded");
        },
      );
      return "started";
    },
    demoProgress: () => ({ state, progress }),
    settled: () => running,
  };
}
