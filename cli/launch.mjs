#!/usr/bin/env node
// Starts Earshot from a clone: installs what is missing, builds what has changed, then hands over to the built program.
// Plain JavaScript with no dependency, since it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const PROGRAM_ROOMS = [
  "schemas",
  "core",
  "ingestors",
  "processors",
  "sinks",
  "queries",
  "actions",
  "api",
  "cli",
];
/** Rooms only tasks need, in files of their own. */
const TASK_ROOMS = ["bench", "training", "docs"];

/**
 * What `npm test` and its kin run once everything is installed and built, one command after the other; those of a list
 * run side by side.
 */
const TASKS = {
  test: [
    [
      ["eslint", "--max-warnings", "0", "."],
      ["prettier", "--check", "--log-level", "warn", "."],
      ["tsc", "-p", "tsconfig.json"],
      ["tsc", "-p", "web/tsconfig.json"],
    ],
    // what waits much of the time leaves the processor to what opens stores; as long together as those are
    [
      ["vitest", "run", "--passWithNoTests", "--project", "store"],
      ["vitest", "run", "--passWithNoTests", "--project", "waiting", "--project", "pure"],
    ],
  ],
  bench: [["node", join("dist", "bench", "main.js")]],
  trials: [["node", join("dist", "bench", "trials.js")]],
  docs: [["node", join("dist", "docs", "generate.js")]],
  train: [["node", join("dist", "training", "train.js")]],
  eval: [["node", join("dist", "training", "evaluate.js")]],
  "kafka:dev": [["node", join("dist", "bench", "kafka-dev.js")]],
};

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/** Progress goes to stderr: stdout belongs to the command (`earshot sql … --json | jq`). */
function run(what, command, args) {
  process.stderr.write(`${what} …\n`);
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: root, stdio: ["inherit", 2, "inherit"] });
  if (result.status !== 0) fail(`${what} failed (${command} ${args.join(" ")}); see the lines above.`);
  process.stderr.write(`${what}: done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

function bin(name) {
  return name === "node" ? process.execPath : join(root, "node_modules", ".bin", name);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      `Earshot needs Node 20.19 or newer; this is ${process.version}. Install one from https://nodejs.org.`,
      2,
    );
  }
}

function ensureInstalled() {
  const lock = join(root, "package-lock.json");
  if (!existsSync(lock)) return;
  const wanted = createHash("sha256").update(readFileSync(lock)).digest("hex");
  const stamp = join(root, "node_modules", ".earshot-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  run("Installing packages (about 900 MB, most of it the ClickHouse engine)", "npm", [
    "ci",
    "--no-audit",
    "--no-fund",
  ]);
  writeFileSync(stamp, wanted);
}

/** Newest change below these folders, in ms; 0 where there are none, as in an installed package. */
function newestChange(names) {
  let newest = 0;
  for (const name of names) {
    const path = join(root, name);
    if (!existsSync(path)) continue;
    const stats = statSync(path);
    if (!stats.isDirectory()) newest = Math.max(newest, stats.mtimeMs);
    else
      newest = Math.max(
        newest,
        stats.mtimeMs,
        newestChange(readdirSync(path).map((entry) => join(name, entry))),
      );
  }
  return newest;
}

function ensureBuilt(what, names, stampName, command, args) {
  const stamp = join(dist, stampName);
  const newest = newestChange(names);
  if (existsSync(stamp) && Number(readFileSync(stamp, "utf8")) >= newest) return;
  if (newest === 0) return;
  run(what, bin(command), args);
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, String(newest));
}

function prepare(isTask) {
  requireNode();
  ensureInstalled();
  const program = [...PROGRAM_ROOMS, "package-lock.json"];
  const quietly = ["--logLevel", "warn"];
  ensureBuilt("Building the program", [...program, "vite.config.ts"], ".built", "vite", [
    "build",
    ...quietly,
  ]);
  const page = ["web", "schemas", "package-lock.json"];
  ensureBuilt("Building the web page", page, ".built-web", "vite", ["build", "web", ...quietly]);
  if (!isTask) return;
  const settings = "tsconfig.build.json";
  const tools = [...program, ...TASK_ROOMS, "tsconfig.json", settings];
  // types are checked by the task `test`
  ensureBuilt("Building the tools", tools, ".built-tools", "tsc", ["-p", settings, "--noCheck"]);
}

/** Runs a command and gives its exit code; what one beside another says is shown once it is over. */
function finished([command, ...args], isShown) {
  return new Promise((resolve) => {
    const child = spawn(bin(command), args, {
      cwd: root,
      stdio: isShown ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => said.push(chunk));
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}

const [first, second, ...others] = process.argv.slice(2);
prepare(first === "--run");
if (first === "--run") {
  const steps = TASKS[second];
  if (steps === undefined) fail(`There is no task ${second}; there are ${Object.keys(TASKS).join(", ")}.`, 2);
  // a task stops in its own way, and its end is waited for
  process.on("SIGINT", () => {});
  for (const [index, step] of steps.entries()) {
    const given = index === steps.length - 1 ? others : [];
    const beside = Array.isArray(step[0]) ? step : [step];
    const codes = await Promise.all(
      beside.map((command, nth) => finished([...command, ...given], nth === 0)),
    );
    const failed = codes.find((code) => code !== 0);
    if (failed !== undefined) process.exit(failed);
  }
} else {
  const main = join(dist, "program", "main.js");
  await import(pathToFileURL(main).href);
}
