import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../core/config.ts";
import { lintQuery } from "../core/query/lint-query.ts";
import { MAX_NEAR_DISTANCE, MAX_QUERY_LENGTH, MAX_QUERY_TERMS } from "../core/query/lex-query.ts";
import { parseQuery } from "../core/query/parse-query.ts";
import { QUERY_FIELDS, QUERY_NUMBERS } from "../core/query/query.ts";
import { ingestors } from "../ingestors/index.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const pages = readdirSync(join(root, "docs/sources")).filter((name) => name.endsWith(".md"));

/** Blocks of YAML in a page, as they are and with their commented keys. */
function configsIn(text: string): unknown[] {
  return [...text.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, yaml = ""]) => parse(yaml) as unknown);
}

/** A value for every variable, in the form its key asks for. */
function variablesIn(text: string): Record<string, string> {
  const account = JSON.stringify({ client_email: "a@b.example", private_key: "-----BEGIN PRIVATE KEY-----" });
  const names = [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name = ""]) => name);
  return Object.fromEntries(
    names.map((name) => [name, name === "PLAY_SERVICE_ACCOUNT" ? account : "0123456789abcdef"]),
  );
}

/** Examples may leave out the trackers they name. */
function withTrackers(config: unknown): unknown {
  const { sources = [], ...rest } = config as { sources?: { trackers?: string[] }[]; trackers?: unknown };
  if (rest.trackers !== undefined) return config;
  const ids = new Set(sources.flatMap(({ trackers = [] }) => trackers));
  return { ...rest, sources, trackers: [...ids].map((id) => ({ id, name: id })) };
}

describe("pages about sources", () => {
  const listened = ingestors.filter(({ source }) => source.mode !== "import").map(({ name }) => name);

  it.each(listened)("there is one with an example of %s, and the README leads to it", (name) => {
    const page = pages.find((path) =>
      configsIn(read(`docs/sources/${path}`)).some((config) =>
        ((config as { sources?: { type: string }[] }).sources ?? []).some(({ type }) => type === name),
      ),
    );
    const own = page ?? pages.find((path) => read(`docs/sources/${path}`).split("\n")[0]?.includes(name));
    expect(own, `no page of docs/sources is about ${name}`).toBeDefined();
    expect(read("README.md")).toContain(`docs/sources/${own}`);
  });

  it.each(pages)("%s has examples that the config takes", (page) => {
    const text = read(`docs/sources/${page}`);
    const configs = configsIn(text);
    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) {
      expect(() => parseConfig(withTrackers(config), ingestors, variablesIn(text), page)).not.toThrow();
    }
  });

  it.each(pages)("%s names the terms its platform has", (page) => {
    const text = read(`docs/sources/${page}`);
    const types = configsIn(text).flatMap((config) =>
      ((config as { sources?: { type: string }[] }).sources ?? []).map(({ type }) => type),
    );
    const terms = ingestors.flatMap(({ name, source }) =>
      types.includes(name) && source.duty !== undefined ? source.duty.terms : [],
    );
    expect(terms.filter((address) => !text.includes(address))).toEqual([]);
  });

  it.each(pages)("%s points only at files there are", (page) => {
    const targets = [...read(`docs/sources/${page}`).matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    const missing = targets
      .map(([, path = ""]) => path)
      .filter((path) => !existsSync(join(root, "docs/sources", path)));
    expect(missing).toEqual([]);
  });
});

describe("the page about queries", () => {
  const text = read("docs/query-language.md");
  const section = (title: string) => text.split(`## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
  const queriesOf = (title: string) =>
    [...section(title).matchAll(/^\| ((?:`[^`]+` ?)+) *\|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, query = ""]) => query),
    );

  it.each([...queriesOf("What can be written"), ...queriesOf("Fields"), ...queriesOf("Examples")])(
    "shows %s, which is a query",
    (query) => {
      expect(() => parseQuery(query)).not.toThrow();
    },
  );

  it("has eight examples or more, with nothing wrong about them", () => {
    const examples = queriesOf("Examples");
    expect(examples.length).toBeGreaterThanOrEqual(8);
    const platforms = ingestors.map(({ name }) => name);
    expect(examples.flatMap((query) => lintQuery(parseQuery(query), { platforms }))).toEqual([]);
  });

  it("names every field, and the limits there are", () => {
    const fields = queriesOf("Fields").map((query) => /^[a-z]+/.exec(query)?.[0]);
    expect(fields).toEqual([...QUERY_FIELDS, ...QUERY_NUMBERS]);
    expect(text).toContain(
      `${MAX_QUERY_LENGTH.toLocaleString("en")}\ncharacters and ${MAX_QUERY_TERMS} words`,
    );
    expect(text).toContain(`(1 to ${MAX_NEAR_DISTANCE})`);
  });

  it("has a config that is right", () => {
    for (const config of configsIn(text))
      expect(() => parseConfig(config, ingestors, {}, "page")).not.toThrow();
  });
});
