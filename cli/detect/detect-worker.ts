import { parentPort, workerData } from "node:worker_threads";
import { readMeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { openContext } from "../log.ts";
import { meaningModelFile } from "../reading.ts";
import { openStores } from "../stores.ts";
import type { DetectThreadData, DetectThreadMessage } from "./detect-thread.ts";
import { followTrackers } from "./follow-trackers.ts";

const { config, followed, isPretty } = workerData as DetectThreadData;
const stopping = new AbortController();
parentPort?.once("message", () => stopping.abort());

const context = openContext({
  level: config.logLevel,
  isPretty,
  observe: (observation) => parentPort?.postMessage({ observation } satisfies DetectThreadMessage),
});
const stores = await openStores(config, { holder: `earshot detect, pid ${process.pid}` }, context);
try {
  const app = {
    store: stores.store,
    context,
    ask: (query, params) => stores.store.query(query.statement(params), query.row),
  } satisfies Parameters<typeof followTrackers>[1];
  await followTrackers(followed, app, readMeaningModel(meaningModelFile), stopping.signal);
} finally {
  await stores.close();
  parentPort?.close();
}
