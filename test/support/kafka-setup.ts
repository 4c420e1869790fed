import { existsSync, readFileSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { startKafka } from "../../bench/kafka-broker.ts";

/** The broker all tests of a run share. */
export interface SharedKafka {
  readonly brokers: string[];
  /** Why there is none; absent when there is one. */
  readonly reason?: string;
}

declare module "vitest" {
  interface ProvidedContext {
    kafka: SharedKafka;
  }
}

/**
 * Gives every test of the run the broker named by KAFKA_BROKERS, or one started for it.
 * @throws {Error} in CI, when none can be started
 */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env["KAFKA_BROKERS"];
  if (given !== undefined && given !== "") {
    project.provide("kafka", { brokers: given.split(",") });
    return undefined;
  }
  const isCi = Boolean(process.env["CI"]);
  if (!isCi && !(await wantsKafka(project))) {
    project.provide("kafka", { brokers: [], reason: "this run named no test that needs Kafka" });
    return undefined;
  }
  try {
    const broker = await startKafka();
    project.provide("kafka", { brokers: broker.brokers });
    return () => broker.stop();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isCi) throw new Error(`CI tests need Apache Kafka. ${reason}`, { cause: error });
    console.warn(`\n!! Tests that need Apache Kafka are LEFT OUT: ${reason}\n`);
    project.provide("kafka", { brokers: [], reason: "no Apache Kafka could be started" });
    return undefined;
  }
}

/** False where the command line names test files alone and none of them uses Kafka. */
async function wantsKafka(project: TestProject): Promise<boolean> {
  const named = process.argv.slice(2).filter((argument) => argument !== "run");
  if (named.length === 0 || !named.every((argument) => existsSync(argument))) return true;
  const { testFiles } = await project.globTestFiles(named);
  return testFiles.some((file) => readFileSync(file, "utf8").includes("support/kafka.ts"));
}
