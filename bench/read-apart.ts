import { parentPort, workerData } from "node:worker_threads";
import { openReaders, readAll } from "./read-mentions.ts";
import { asMention } from "./reading.ts";

/** A thread that shares nothing with others: it reads so many of the texts it was started with as it is told. */
const texts = workerData as readonly string[];
const mentions = texts.map((text, index) => asMention(text, index));
const reading = openReaders(0);

parentPort?.on("message", (count: number) => {
  void readAll(reading, mentions, count).then(() => parentPort?.postMessage("read"));
});
