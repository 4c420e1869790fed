import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A second implementation of Kafka's protocol, to check ours against: three brokers, kept in memory. */
export interface KafkaMock {
  readonly brokers: string[];
  stop(): Promise<void>;
}

const ARGUMENTS = ["-P", "-t", "warm-up", "-b", "unused:1", "-X", "test.mock.num.brokers=3", "-d", "mock"];

/**
 * Starts librdkafka's mock cluster, which lacks createTopics, transactions and describeGroups: topics come to be by use.
 * Gives undefined where there is no `kcat` to run it.
 * @throws {Error} in CI, where kcat has to be
 * @see https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h
 */
export async function startKafkaMock(): Promise<KafkaMock | undefined> {
  // it runs until its stdin closes, which it does with this process
  const kcat = spawn("kcat", ARGUMENTS, { stdio: ["pipe", "ignore", "pipe"] });
  try {
    await once(kcat, "spawn");
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent && !process.env["CI"]) return undefined;
    throw new Error("kcat does not start. Install it (Debian: apt-get install kcat).", { cause: error });
  }
  const exited = once(kcat, "exit");
  const lines = createInterface({ input: kcat.stderr });
  const address = new Promise<string>((settle, reject) => {
    lines.on("line", (line) => {
      const found = /bootstrap\.servers=(\S+)/.exec(line)?.[1];
      if (found !== undefined) settle(found);
    });
    lines.on("close", () => reject(new Error("kcat ended before it named its mock brokers.")));
  });
  return {
    brokers: (await address).split(","),
    stop: async () => {
      kcat.kill("SIGKILL");
      await exited;
    },
  };
}
