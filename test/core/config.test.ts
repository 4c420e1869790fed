import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isLoopback, parseConfig, requireTokens } from "../../core/config.ts";
import { defineIngestor } from "../../core/contracts.ts";

const feed = defineIngestor({
  name: "feed",
  summary: "A feed.",
  source: { mode: "poll", schedule: "*/15 * * * *", scope: "all" },
  config: z
    .strictObject({ url: z.url(), token: z.string().optional(), user: z.string().optional() })
    .refine(({ user, token }) => user === undefined || token !== undefined, {
      path: ["token"],
      message: "goes with user",
    }),
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

  it("knows what keys of a source mean together, and where a tracker's query is wrong", () => {
    const source = { type: "feed", id: "news", url: "https://example.com/feed", user: "ines" };
    expect(faultOf({ sources: [source] })).toContain("sources[0].token: goes with user");
    const fault = faultOf({ trackers: [{ id: "acme", name: "Acme", query: "acme AND (parcel OR" }] });
    expect(fault).toContain("trackers[0].query");
    expect(parse({ trackers: [{ id: "acme", name: "Acme", query: "acme" }] }).trackers[0]).toMatchObject({
      kind: "brand",
      query: "acme",
    });
  });

  it("keeps everything of a source, or what its trackers' queries match, as its ingestor is", () => {
    const url = "https://example.com/feed";
    const { sources } = parse({
      sources: [
        { type: "feed", id: "a", url },
        { type: "feed", id: "b", url, matching: "query", keepDays: 30, budget: { usdPerDay: 2 } },
      ],
    });
    expect(sources).toMatchObject([
      { matching: "all", rereadPerHour: 600, budget: {} },
      { matching: "query", keepDays: 30, budget: { usdPerDay: 2 } },
    ]);
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
