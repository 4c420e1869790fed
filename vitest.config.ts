import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Rooms whose files take longest, the longest first: begun last, they would run alone at the end. */
const LONG_ROOMS = ["e2e/kafka", "e2e", "integration", "sinks"];

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONG_ROOMS.findIndex((room) => moduleId.includes(`/test/${room}`));
      return found < 0 ? LONG_ROOMS.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/kafka-setup.ts"],
    // chdb binds one data directory per process, so every test file gets a process of its own
    pool: "forks",
    isolate: true,
    maxWorkers: 2,
    sequence: { sequencer: LongFilesFirst },
    testTimeout: 60_000,
    hookTimeout: 90_000,
    reporters: ["default"],
  },
});
