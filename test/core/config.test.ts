import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isLoopback, parseConfig, requireTokens } from "../../core/config.ts";
import { defineIngestor } from "../../core/contracts.ts";

const feed = defineIngestor({
  name: "feed",
  summary: "A feed.",
  source: { mode: "poll", schedule: "*/15 * * * *", scope: "all" },
  config: z.strictObject({ url: z.url(), token: z.string().optional() }),
  cursor: z.object({}),
  async *poll() {},
  parse: () => ({ type: "skip", reason: "test" }),
});

function parse(raw: unknown, variables: Record<string, string> = {}) {
  return parseConfig(raw, [feed], variables, "earshot.yaml");
}

function faultOf(raw: unknown): string {
  try {
    parse(raw);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("config", () => {
  it("works with nothing in it", () => {
    expect(parse(null)).toMatchObject({
      dataDir: "./data",
      sources: [],
      api: { host: "127.0.0.1", port: 4180 },
    });
  });

  it("gives a source its ingestor's keys and schedule", () => {
    const config = parse({ sources: [{ type: "feed", id: "news", url: "https://example.com/feed" }] });
    expect(config.sources[0]).toMatchObject({
      id: "news",
      schedule: "*/15 * * * *",
      url: "https://example.com/feed",
    });
  });

  it("names the path of every fault at once", () => {
    const message = faultOf({
      trackrs: [],
      api: { port: "high" },
      sources: [{ type: "feed", id: "news", url: "https://example.com/feed", colour: "red" }],
    });
    expect(message).toMatch(/trackrs/);
    expect(message).toMatch(/api\.port/);
    expect(message).toMatch(/sources\[0\].*colour/);
  });

  it("refuses a source type there is not", () => {
    expect(faultOf({ sources: [{ type: "fax", id: "a" }] })).toMatch(/sources\[0\]\.type/);
  });

  it("refuses two sources of one id and a tracker nobody declared", () => {
    const source = { type: "feed", id: "news", url: "https://example.com/feed" };
    expect(faultOf({ sources: [source, source] })).toMatch(/used twice/);
    expect(faultOf({ sources: [{ ...source, trackers: ["acme"] }] })).toMatch(/no tracker acme/);
  });

  it("takes secrets from variables and lists all that are missing", () => {
    const source = { type: "feed", id: "news", url: "https://example.com/feed", token: "${FEED_TOKEN}" };
    expect(parse({ sources: [source] }, { FEED_TOKEN: "secret" }).sources[0]).toMatchObject({
      token: "secret",
    });
    expect(faultOf({ dataDir: "${HOME_OF_IT}", sources: [source] })).toMatch(/HOME_OF_IT, FEED_TOKEN/);
  });

  it("listens beyond this machine only with a token", () => {
    const closed = { tokens: [], allowedHosts: [] };
    expect(() => requireTokens("0.0.0.0", closed)).toThrow(/needs at least one token/);
    expect(() => requireTokens("127.0.0.1", closed)).not.toThrow();
    expect(() => requireTokens("127.0.0.1", { ...closed, allowedHosts: ["earshot.example"] })).toThrow(
      /token/,
    );
    const tokens = [{ name: "ops", sha256: "a".repeat(64), role: "admin" }];
    expect(() => requireTokens("0.0.0.0", parse({ api: { tokens } }).api)).not.toThrow();
  });

  it.each([
    ["127.0.0.1", true],
    ["127.1.2.3", true],
    ["localhost", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["192.168.1.4", false],
    ["127.0.0.1.example.com", false],
  ])("knows whether %s is loopback", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
