import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

interface Lock {
  readonly packages: Record<
    string,
    { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }
  >;
}

const root = resolve(import.meta.dirname, "..");
const { packages } = JSON.parse(readFileSync(resolve(root, "package-lock.json"), "utf8")) as Lock;

describe("package-lock.json", () => {
  it("holds the engine for every platform, or npm ci refuses it on all of them", () => {
    const wanted = Object.entries(packages["node_modules/chdb"]?.optionalDependencies ?? {});
    expect(wanted.length).toBeGreaterThan(1);
    const held = wanted.map(([name]) => [name, packages[`node_modules/${name}`]?.version]);
    expect(held).toEqual(wanted);
  });

  it("names no registry, so that everyone's own is used", () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});
