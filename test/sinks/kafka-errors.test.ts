import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { fromKafka } from "../../sinks/kafka/errors.ts";

const PEER = { brokers: ["127.0.0.1:9092"], username: undefined };

type MakeAdmin = (options: object) => { listTopics(): Promise<string[]> };

describe("errors of Kafka", () => {
  it("are worth trying again where no broker answered and kafkajs stumbles over that", async () => {
    const makeAdmin = createRequire(import.meta.url)("kafkajs/src/admin/index.js") as MakeAdmin;
    const log = { namespace: () => log };
    const admin = makeAdmin({ logger: log, cluster: { metadata: () => Promise.resolve(null) } });
    const error = await admin.listTopics().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(fromKafka(error, PEER, "")).toMatchObject({ code: "sink_unavailable", retried: true });
  });

  it("leave faults of our own as they are", () => {
    const error = new TypeError("undefined is not a function");
    expect(fromKafka(error, PEER, "")).toBe(error);
  });
});
