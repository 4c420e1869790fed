import { describe, expect, it } from "vitest";
import { z } from "zod";
import { copiesByTracker, isFirstCopy } from "../../schemas/enriched-event.ts";
import { topics } from "../../schemas/topics.ts";
import { fromWire, toWire, wireName } from "../../schemas/wire.ts";
import { planTopic } from "../../sinks/kafka/topics.ts";
import { aMention, anEnrichment } from "../support/builders.ts";

const HOUR_MS = 3_600_000;

describe.each([...topics])("topic $name", ({ name, record, examples, retention }) => {
  it("has examples its own schema accepts, unchanged by the way through a topic", () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(record.parse(fromWire(JSON.parse(JSON.stringify(toWire(example)))))).toEqual(example);
    }
  });

  it("lets no deleted text outlive the strictest platform's day", () => {
    const settings = { partitions: 12, retentionHours: 24 * 30, maxMessageBytes: 1_000_000 };
    const { config } = planTopic({ name, retention }, settings);
    if (name === "dead-letters") return expect(config["cleanup.policy"]).toBe("delete");
    const gone =
      config["max.compaction.lag.ms"] ?? Number(config["retention.ms"]) + Number(config["segment.ms"]);
    expect(Number(gone)).toBeLessThan(24 * HOUR_MS);
  });
});

/** Every property name of a schema, at any depth. */
function namesOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties } = schema as { properties?: object };
  const own = properties === undefined ? [] : Object.keys(properties);
  return [...own, ...Object.values(schema).flatMap(namesOf)];
}

it("every name of every record survives the way to snake_case and back", () => {
  const names = topics.flatMap(({ record }) => namesOf(z.toJSONSchema(record, { unrepresentable: "any" })));
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    expect(wireName(name)).toMatch(/^[a-z0-9_]+$/);
    expect(fromWire({ [wireName(name)]: 1 })).toEqual({ [name]: 1 });
  }
});

it("an event goes once to each of its trackers, and is stored from one copy alone", () => {
  const event = (trackers: string[]) =>
    ({ type: "upsert", mention: aMention({ trackers }), enrichment: anEnrichment() }) as const;
  expect(copiesByTracker(event(["acme", "rival"])).map(({ tracker }) => tracker)).toEqual(["acme", "rival"]);
  expect(copiesByTracker(event(["acme", "rival"])).filter(isFirstCopy)).toHaveLength(1);
  expect(copiesByTracker(event([])).map(({ tracker }) => tracker)).toEqual([""]);
  expect(copiesByTracker(event([])).filter(isFirstCopy)).toHaveLength(1);
});
