import { it } from "vitest";
import { killTrial, outageTrial } from "../../bench/kafka-trial/index.ts";
import { describeOwnKafka } from "../support/kafka.ts";

/** What a trial told on its way, for the message of a failure. */
function listening() {
  const said: string[] = [];
  return { say: (line: string) => void said.push(line), story: () => said.join("\n") };
}

// side by side, since a trial mostly waits
describeOwnKafka("workers with Kafka between them (npm run trials has the long runs)", () => {
  it.concurrent(
    "lose nothing and count right through kills and a broker restart, also when all is replayed",
    async ({ expect }) => {
      const { say, story } = listening();
      const { faults, figures } = await killTrial({
        seed: 7,
        mentions: 2_000,
        perSecond: 250,
        feeds: 2,
        poison: 5,
        workers: { ingest: 1, process: 2, store: 2 },
        replayWorkers: { process: 1, store: 1 },
        kills: 4,
        storeKills: 0,
        brokerRestarts: 1,
        settleMs: 5_000,
        say,
      });
      expect(faults, story()).toEqual([]);
      expect(figures["mentions stored"]).toBeGreaterThan(1_500);
      expect(figures["mentions deleted"]).toBeGreaterThan(50);
    },
    600_000,
  );

  it.concurrent(
    "wait for a store that is away, say so, keep their memory, and catch up",
    async ({ expect }) => {
      const { say, story } = listening();
      const { faults, figures } = await outageTrial({
        seed: 7,
        perSecond: 100,
        feeds: 2,
        workers: { ingest: 1, process: 1, store: 1 },
        warmUpMs: 5_000,
        outageMs: 20_000,
        say,
      });
      expect(faults, story()).toEqual([]);
      expect(figures["mentions stored"]).toBeGreaterThan(1_000);
    },
    600_000,
  );
});
