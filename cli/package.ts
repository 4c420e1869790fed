import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Folder of the package: where the DDL and the built page are found, from sources and from dist/ alike. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(from: string): string {
  if (existsSync(join(from, "package.json"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error("package.json was not found above the program");
  return findPackageRoot(parent);
}

/** Where the built program and the code of its threads lie. */
export function programFile(name: "main" | "reading-worker" | "enrich-worker" | "detect-worker"): string {
  return join(packageRoot, "dist", "program", `${name}.js`);
}

const Manifest = z.object({ version: z.string() });

/** Version of this program, from package.json. */
export const packageVersion = Manifest.parse(
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")),
).version;
