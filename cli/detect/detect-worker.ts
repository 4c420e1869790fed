import { parentPort, workerData } from "node:worker_threads";
import { readMeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { openContext } from "../log.ts";
import { meaningModelFile } from "../reading.ts";
import { openStores } from "../stores.ts";
import type { DetectOrder, DetectReport, DetectThreadData } from "./detect-thread.ts";
import { followTrackers } from "./follow-trackers.ts";

const { config, isPretty } = workerData as DetectThreadData;
const report = (what: DetectReport) => parentPort?.postMessage(what);
const context = openContext({
  level: config.logLevel,
  isPretty,
  observe: (observation) => report({ observation }),
});
const followed = new Map<number, { readonly stopping: AbortController; readonly done: Promise<void> }>();
let isEnding = false;

const opening = open();

async function open() {
  const stores = await openStores(config, { holder: `earshot detect, pid ${process.pid}` }, context);
  const app = {
    store: stores.store,
    context,
    config,
    ask: (query, params) => stores.store.query(query.statement(params), query.row),
  } satisfies Parameters<typeof followTrackers>[1];
  return { app, stores, model: readMeaningModel(meaningModelFile) };
}

parentPort?.on("message", (order: DetectOrder) => {
  if (order.order === "follow") {
    const stopping = new AbortController();
    // what fails here ends the thread, which is started again
    const done = opening.then(({ app, model }) =>
      followTrackers(order.followed, app, model, stopping.signal),
    );
    followed.set(order.number, { stopping, done });
    return;
  }
  if (order.order === "leave") return void leave(order.number);
  return void end();
});

async function leave(number: number): Promise<void> {
  const left = followed.get(number);
  left?.stopping.abort();
  await left?.done;
  followed.delete(number);
  report({ left: number });
}

async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await Promise.all([...followed.keys()].map(leave));
  await (await opening).stores.close();
  parentPort?.close();
}
