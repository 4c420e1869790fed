import type { Command } from "commander";
import type { Broker } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { topics } from "../../schemas/topics.ts";
import { openRuntime } from "../app.ts";
import { openBroker, requireBroker } from "../broker.ts";
import type { GlobalOptions } from "../config-file.ts";
import { toTable } from "../table.ts";
import { GROUPS } from "../groups.ts";

export function addTopics(program: Command): void {
  const group = program.command("topics").summary("look at the Kafka topics, create them, read them again");
  group
    .command("list")
    .summary("what each topic holds and how far its readers are")
    .action(async (_options: object, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withBroker(globals, (broker) => list(broker, globals));
    });
  group
    .command("create")
    .summary("create the topics that are missing")
    .action(async (_options: object, command: Command) => {
      await withBroker(command.optsWithGlobals<GlobalOptions>(), async (broker) => {
        const created = await broker.createTopics(topics);
        const said = created.length === 0 ? "Every topic is there." : `Created ${created.join(", ")}.`;
        process.stdout.write(`${said}\n`);
      });
    });
  group
    .command("replay")
    .summary("let the readers of a topic read it again; stop them first")
    .argument("<topic>", topics.map(({ name }) => name).join(", "))
    .option("--since <time>", "from this time on, such as 2026-03-01; default: all that is retained")
    .action(async (topic: string, options: { since?: string }, command: Command) => {
      await withBroker(command.optsWithGlobals<GlobalOptions>(), (broker) =>
        replay(broker, topic, options.since),
      );
    });
}

async function withBroker(globals: GlobalOptions, run: (broker: Broker) => Promise<void>): Promise<void> {
  const broker = requireBroker(await openBroker(await openRuntime(globals)), "topics");
  try {
    await run(broker);
  } finally {
    await broker.close();
  }
}

async function list(broker: Broker, globals: GlobalOptions): Promise<void> {
  const lags = await broker.lag(Object.values(GROUPS));
  const rows = Object.values(GROUPS).map(({ group, topic }) => {
    const partitions = lags.filter((lag) => lag.group === group);
    const sum = (of: "retained" | "lag" | "expired") =>
      partitions.reduce((total, partition) => total + partition[of], 0);
    return {
      topic,
      partitions: partitions.length,
      retained: sum("retained"),
      group,
      lag: sum("lag"),
      expired: sum("expired"),
    };
  });
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const columns = ["topic", "partitions", "retained", "read by", "lag", "expired unread"];
  process.stdout.write(toTable(columns, rows.map(Object.values)));
}

async function replay(broker: Broker, topic: string, since: string | undefined): Promise<void> {
  const found = Object.values(GROUPS).find((candidate) => candidate.topic === topic);
  if (found === undefined) {
    const names = Object.values(GROUPS).map((candidate) => candidate.topic);
    throw new EarshotError("request_invalid", `There is no topic ${topic}; there are ${names.join(", ")}.`);
  }
  const from = since === undefined ? undefined : new Date(since);
  if (from !== undefined && Number.isNaN(from.getTime())) {
    throw new EarshotError("request_invalid", `--since ${since ?? ""} is no time; write it like 2026-03-31.`);
  }
  await broker.rewind(found.group, topic, from);
  const lags = await broker.lag([found]);
  const records = lags.reduce((total, { lag }) => total + lag, 0);
  process.stdout.write(`${found.group} will read ${records} records of ${topic} again when it runs.\n`);
}
