import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../core/config.ts";
import { generatedFiles } from "../docs/generate.ts";
import { ingestors } from "../ingestors/index.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("documentation", () => {
  it.each([...generatedFiles()])("%s is what npm run docs writes", (path, content) => {
    expect(existsSync(join(root, path)), `${path} is missing; run npm run docs`).toBe(true);
    expect(read(path)).toBe(content);
  });

  it("ships an example config that is right", () => {
    const example: unknown = parse(read("earshot.example.yaml"));
    expect(parseConfig(example, ingestors, {}, "earshot.example.yaml").sources).toHaveLength(1);
  });

  it.each(["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md"])(
    "%s points only at files there are",
    (page) => {
      const folder = page.includes("/") ? "docs" : ".";
      const targets = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? "");
      expect(targets.filter((target) => !existsSync(join(root, folder, target)))).toEqual([]);
    },
  );

  it("uses only commands of package.json and of the program in the README", () => {
    const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
    const used = [
      ...read("README.md").matchAll(/npm (?:run )?(start|test|run [\w:]+|bench|trials|docs)/g),
    ].map((m) => m[1] ?? "");
    expect(used.length).toBeGreaterThan(2);
    expect(used.filter((name) => !scripts.includes(name.replace("run ", "")))).toEqual([]);
  });
});
