import { once } from "node:events";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startKafka } from "./kafka-broker.ts";

const USAGE = `npm run kafka:dev -- [--port 9092] [--fresh]
  --port   where Kafka listens on 127.0.0.1; its controller takes the next port
  --fresh  forget what earlier runs left in data/kafka`;

/** A Kafka for people to develop with; its data outlives it. */
async function main(): Promise<void> {
  const { port, isFresh } = readArguments();
  const dataDir = resolve("data", "kafka");
  process.stderr.write("Starting Kafka (the first time its jars are fetched, 45 MB) …\n");
  const broker = await startKafka({ port, dataDir, isFresh });
  // heard before anyone is told of it: who reads that Ctrl-C stops it may press it at once
  const asked = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(() => "asked");
  process.stdout.write(
    `Kafka ${broker.version} answers on ${broker.brokers.join()}; its data and broker.log are in ${relative(".", dataDir)}.

In earshot.yaml:
  kafka:
    brokers: ["${broker.brokers.join()}"]

For tests and trials: KAFKA_BROKERS=${broker.brokers.join()}
Ctrl-C stops it.
`,
  );
  const how = await Promise.race([asked, broker.untilExit().then(() => "ended")]);
  await broker.stop();
  if (how === "ended") throw new Error(`Kafka ended by itself; see ${dataDir}/broker.log.`);
  process.stderr.write("Kafka is stopped.\n");
}

function readArguments(): { port: number; isFresh: boolean } {
  const options = {
    port: { type: "string", default: "9092" },
    fresh: { type: "boolean", default: false },
  } as const;
  const { values } = parseArgs({ options });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_534) {
    throw new Error(`--port ${values.port} is no port; give one from 1 to 65534.\n${USAGE}`);
  }
  return { port, isFresh: values.fresh };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
