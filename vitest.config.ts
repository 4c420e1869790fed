import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Rooms whose files take longest, the longest first: begun last, they would run alone at the end. */
const LONG_ROOMS = [
  "e2e/kafka",
  "e2e",
  "integration",
  "sinks",
  "actions",
  "training",
  "cli",
  "api",
  "queries",
];

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONG_ROOMS.findIndex((room) => moduleId.includes(`/test/${room}`));
      return found < 0 ? LONG_ROOMS.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/**
 * What waits much of the time: processes with a broker between them for one another, a purge for the engine. And what
 * measures how long it holds the processor, which takes a process whose memory nothing else has filled.
 */
const WAITING = [
  "test/e2e/kafka-*.test.ts",
  "test/integration/kafka-*.test.ts",
  "test/sinks/kafka.test.ts",
  "test/actions/purge-deleted.test.ts",
  "test/core/redact-pii.test.ts",
  "test/core/query/match-query.test.ts",
  "test/processors/index.test.ts",
];
/** What opens no store and starts no process. */
const PURE = ["test/{core,ingestors,processors,training}/**/*.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    sequence: { sequencer: LongFilesFirst },
    // what hangs, not what is slow: a busy machine takes five times as long as a free one
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "waiting",
          include: WAITING,
          globalSetup: ["test/support/kafka-setup.ts"],
          // each of them starts half a dozen processes
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      // chdb binds one data directory per process, so every test file gets a process of its own
      {
        extends: true,
        test: {
          name: "store",
          include: ["test/**/*.test.ts"],
          exclude: [...WAITING, ...PURE],
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "pure",
          include: PURE,
          exclude: WAITING,
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
