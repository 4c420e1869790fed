import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const BESIDE = ["schemas", "core"];

/** Who may import whom, beside themselves. */
const ROOMS: Record<string, readonly string[]> = {
  schemas: [],
  core: ["schemas"],
  ingestors: BESIDE,
  processors: BESIDE,
  sinks: BESIDE,
  queries: BESIDE,
  actions: [...BESIDE, "queries"],
  api: [...BESIDE, "processors", "queries", "actions"],
  web: ["schemas"],
  cli: [...BESIDE, "ingestors", "processors", "sinks", "queries", "actions", "api"],
  docs: [...BESIDE, "ingestors", "processors", "sinks", "queries", "actions", "api", "cli"],
  training: [...BESIDE, "processors", "cli"],
  bench: [...BESIDE, "ingestors", "processors", "sinks", "queries", "actions", "api", "cli", "training"],
};

/** Clients of an outside system live in one file each; these may be used anywhere. */
const FREE_PACKAGES = new Set(["zod", "react", "react-dom"]);
/** What every command is written with. */
const FREE_IN_CLI = new Set(["commander"]);

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx)$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;
  for (const match of text.matchAll(pattern)) {
    found.push({ file, target: match[2] ?? match[3] ?? "", isTypeOnly: match[1] !== undefined });
  }
  return found;
}

function isOwn(target: string): boolean {
  return target.startsWith(".");
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function resolved({ file, target }: Import): string {
  return relative(root, resolve(root, dirname(file), target));
}

function packageOf(target: string): string {
  return target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
}

function roomFaults(imports: readonly Import[]): string[] {
  return imports.flatMap((found) => {
    if (!isOwn(found.target)) return [];
    const from = roomOf(found.file);
    const to = roomOf(resolved(found));
    if (from === to || ROOMS[from]?.includes(to) === true) {
      const isWebValue = from === "web" && to === "schemas" && !found.isTypeOnly;
      return isWebValue ? [`${found.file} imports a value from ${to}; web takes types only`] : [];
    }
    return [`${found.file} imports ${resolved(found)}, but ${from} may not import ${to}`];
  });
}

function vendorFaults(imports: readonly Import[]): string[] {
  const users = new Map<string, Set<string>>();
  for (const { file, target } of imports) {
    if (isOwn(target) || target.startsWith("node:") || roomOf(file) === "bench") continue;
    const name = packageOf(target);
    if (FREE_PACKAGES.has(name) || (FREE_IN_CLI.has(name) && file.startsWith("cli/"))) continue;
    users.set(name, (users.get(name) ?? new Set()).add(file));
  }
  return [...users]
    .filter(([, files]) => files.size > 1)
    .map(([name, files]) => `${name} is imported by ${[...files].join(" and ")}`);
}

function cycles(imports: readonly Import[]): string[] {
  const edges = new Map<string, string[]>();
  for (const found of imports) {
    if (!isOwn(found.target) || found.isTypeOnly) continue;
    edges.set(found.file, [...(edges.get(found.file) ?? []), resolved(found)]);
  }
  const faults: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    if (path.includes(file)) faults.push([...path.slice(path.indexOf(file)), file].join(" → "));
    else if (!done.has(file)) {
      for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    }
  };
  for (const file of edges.keys()) walk(file, []);
  return faults;
}

function ambientFaults(file: string, text: string): string[] {
  const room = roomOf(file);
  const faults: string[] = [];
  if (!["cli", "bench", "docs", "web"].includes(room)) {
    if (/process\.env/.test(text)) faults.push(`${file} reads process.env`);
    if (/Date\.now\(|new Date\(\)/.test(text)) faults.push(`${file} reads the clock; take context.now()`);
  }
  if (room !== "cli" && room !== "bench" && room !== "docs" && /process\.exit/.test(text)) {
    faults.push(`${file} ends the process`);
  }
  return faults;
}

const files = Object.keys(ROOMS).flatMap(sourceFiles);
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const all = files.flatMap((file) => importsOf(file, texts.get(file) ?? ""));

describe("architecture", () => {
  it("sees every room's files", () => {
    expect(files.length).toBeGreaterThan(40);
    expect(all.length).toBeGreaterThan(100);
  });

  it("lets rooms import only what the table allows", () => {
    expect(roomFaults(all)).toEqual([]);
  });

  it("keeps each vendor in one file", () => {
    expect(vendorFaults(all)).toEqual([]);
  });

  it("has no import cycle", () => {
    expect(cycles(all)).toEqual([]);
  });

  it("reads the environment and the clock only at the edge", () => {
    expect(files.flatMap((file) => ambientFaults(file, texts.get(file) ?? ""))).toEqual([]);
  });

  it("has no room for leftovers", () => {
    const forbidden = /(^|\/)(utils|common|helpers|services|types)(\.ts$|\/)/;
    expect(files.filter((file) => forbidden.test(file))).toEqual([]);
  });

  it("finds planted violations", () => {
    const planted = (file: string, text: string) => importsOf(file, text);
    expect(roomFaults(planted("core/a.ts", 'import { x } from "../sinks/b.ts";'))).toHaveLength(1);
    expect(roomFaults(planted("sinks/a.ts", 'import { x } from "../queries/b.ts";'))).toHaveLength(1);
    expect(roomFaults(planted("web/src/a.ts", 'import { x } from "../../schemas/b.ts";'))).toHaveLength(1);
    expect(roomFaults(planted("api/a.ts", 'const x = await import("../cli/b.ts");'))).toHaveLength(1);
    const twice = [
      ...planted("sinks/a.ts", 'import x from "chdb";'),
      ...planted("cli/a.ts", 'import y from "chdb";'),
    ];
    expect(vendorFaults(twice)).toHaveLength(1);
    const loop = [...planted("core/a.ts", 'import "./b.ts";'), ...planted("core/b.ts", 'import "./a.ts";')];
    expect(cycles(loop)).toHaveLength(1);
    expect(ambientFaults("core/a.ts", "const t = Date.now(); process.env.X; process.exit(1)")).toHaveLength(
      3,
    );
  });
});
