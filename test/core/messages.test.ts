import { describe, expect, it } from "vitest";
import type { Poison, TopicSpec } from "../../core/contracts.ts";
import { rereadMessage, toMessage, toPoison, toRecord } from "../../core/messages.ts";
import { mentionsTopic } from "../../schemas/topics.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import { aMention } from "../support/builders.ts";

const topic: TopicSpec<MentionEvent> = mentionsTopic;
const event: MentionEvent = { type: "upsert", mention: aMention({ text: 'quotes " \u{1f600} naïve 漢字' }) };

function incoming(fields: { key?: string; value?: string | null; version?: string } = {}) {
  const { key, value, headers } = toMessage(topic, event);
  const body = fields.value === null ? null : fields.value === undefined ? value : Buffer.from(fields.value);
  const version = fields.version ?? headers["schema-version"] ?? "";
  return {
    offset: "7",
    key: Buffer.from(fields.key ?? key),
    value: body,
    headers: version === "none" ? {} : { "schema-version": Buffer.from(version) },
  };
}

describe("messages of a topic", () => {
  it("come back as the record they were made of", () => {
    expect(toRecord(topic, incoming())).toEqual(event);
  });

  it("are JSON in snake_case, keyed by the record's id", () => {
    const { key, value } = toMessage(topic, event);
    expect(key).toBe(event.type === "upsert" ? event.mention.id : "");
    const written = JSON.parse(value.toString()) as { mention: object };
    expect(Object.keys(written.mention)).toContain("published_at");
    expect(Object.keys(written.mention).join("")).not.toMatch(/[A-Z]/);
  });

  it.each([
    [
      "another version",
      incoming({ version: "2" }),
      /schema version 2; this program reads version 1.*upgrade/,
    ],
    ["no version", incoming({ version: "none" }), /no schema-version header/],
    ["no value", incoming({ value: null }), /no value.*type delete/],
    ["no JSON", incoming({ value: "{" }), /is not JSON/],
    ["a record of another shape", incoming({ value: '{"type":"upsert","mention":{}}' }), /mention\.id: /],
    ["a field nobody promised", incoming({ value: '{"type":"gone"}' }), /not what mentions promises/],
    ["a foreign key", incoming({ key: "x:other" }), /has the key "x:other"; it must be "x:/],
    [
      "an array of arrays",
      incoming({ value: `${"[".repeat(5000)}${"]".repeat(5000)}` }),
      /not what mentions promises/,
    ],
    ["a prototype", incoming({ value: '{"__proto__":{"type":"upsert"}}' }), /not what mentions promises/],
  ])("with %s are refused with a reason", (_what, message, reason) => {
    expect(() => toRecord(topic, message)).toThrowError(reason);
  });

  it("that are poison keep what is needed to read them again after an upgrade", () => {
    const message = incoming({ version: "2" });
    let poison: Poison | undefined;
    try {
      toRecord(topic, message);
    } catch (error) {
      poison = toPoison(topic.name, 3, message, error);
    }
    expect(poison).toMatchObject({ position: "mentions/3@7", payload: { schemaVersion: "2" } });
    if (poison === undefined) return;
    expect(rereadMessage({ ...topic, version: 2 }, poison.payload)).toEqual(event);
    expect(() => rereadMessage(topic, poison.payload)).toThrowError(/upgrade/);
  });

  it("do not hide a mistake of the program as poison", () => {
    expect(() => toPoison("mentions", 0, incoming(), new TypeError("a mistake"))).toThrowError(TypeError);
  });
});
