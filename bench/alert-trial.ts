import { spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { programFile } from "../cli/package.ts";
import { readEndpoint } from "../sinks/embedded-clickhouse/credentials.ts";

const MAIN = programFile("main");
const SECRET = randomBytes(24).toString("hex");
const SECOND = 1_000;
const DAY = 86_400 * SECOND;

export interface AlertTrialOptions {
  /** One for each crisis. */
  readonly crises: number;
  /** Complaints of each tracker in the three weeks before, 500 at most. */
  readonly past: number;
  /** Mentions a second that are none of the crises'. */
  readonly perSecond: number;
  readonly secondsBetween: number;
  /** `kill -9` of the program, at random moments. */
  readonly kills: number;
  /** Share of the calls the receiver fails. */
  readonly failing: number;
}

export interface AlertTrialResult {
  readonly isExact: boolean;
  readonly sentence: string;
}

/** People and texts enough for twice the threshold, in this many seconds. */
const CRISIS_SECONDS = 10;
const CRISIS_PEOPLE = 80;
/** What was not told so long after it began is lost. */
const PATIENCE_MS = 300 * SECOND;

/**
 * Runs `earshot start` on the embedded store while crises break out in one tracker after another, and listens where Slack
 * would. Says how long after the beginning of each the message came, and whether each alert was told exactly once.
 */
export async function alertTrial(options: AlertTrialOptions): Promise<AlertTrialResult> {
  const { crises, kills } = options;
  const folder = await mkdtemp(join(tmpdir(), "earshot-trial-"));
  const slack = await openSlack(options.failing);
  const trackers = Array.from({ length: crises }, (_, nth) => `t${nth}`);
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  await writeFile(join(folder, "earshot.yaml"), configOf(folder, trackers, slack.url));
  const program = openProgram(folder, port);
  try {
    await program.isReady();
    for (const tracker of trackers) await pushPast(port, tracker, options.past);
    const began = new Map<string, number>();
    const end = Date.now() + crises * options.secondsBetween * SECOND;
    const killing = killSometimes(program, kills, end);
    const background = pushBackground(port, options.perSecond, () => Date.now() < end + 30 * SECOND);
    for (const tracker of trackers) {
      began.set(tracker, Date.now());
      await pushCrisis(port, tracker);
      await sleep(Math.max(0, options.secondsBetween - CRISIS_SECONDS) * SECOND);
    }
    await killing;
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline && trackers.some((tracker) => slack.toldOf(tracker).length === 0))
      await sleep(SECOND);
    await background;
    // what is told twice may come a little later
    await sleep(20 * SECOND);
    const open = JSON.parse(
      await run([
        "query",
        "alerts",
        "status=firing,acknowledged",
        "limit=1000",
        "--json",
        "--config",
        join(folder, "earshot.yaml"),
      ]),
    ) as { tracker: string }[];
    return resultOf(
      trackers,
      began,
      slack,
      open.map(({ tracker }) => tracker),
      options,
    );
  } finally {
    await program.close();
    slack.server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

function resultOf(
  trackers: readonly string[],
  began: ReadonlyMap<string, number>,
  slack: Slack,
  open: readonly string[],
  { kills, failing, perSecond }: AlertTrialOptions,
): AlertTrialResult {
  const delays = trackers
    .flatMap((tracker) => {
      const [first] = slack.toldOf(tracker);
      return first === undefined ? [] : [(first - (began.get(tracker) ?? first)) / SECOND];
    })
    .sort((a, b) => a - b);
  const lost = trackers.filter((tracker) => slack.toldOf(tracker).length === 0).length;
  const repeated = trackers.filter((tracker) => slack.toldOf(tracker).length > 1).length;
  const wrong = trackers.filter((tracker) => open.filter((one) => one === tracker).length !== 1).length;
  const at = (share: number) =>
    (delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? 0).toFixed(1);
  const isExact = lost === 0 && repeated === 0 && wrong === 0;
  return {
    isExact,
    sentence:
      `${isExact ? "exact" : "WRONG"}: ${trackers.length} crises at ${perSecond} other mentions a second, ${kills} kills, ` +
      `${slack.calls()} calls of which ${Math.round(100 * failing)} % were to fail: ${lost} lost, ${repeated} told twice, ` +
      `${wrong} without exactly one open alert; from the first complaint to the message p50 ${at(0.5)} s, p99 ${at(0.99)} s, ` +
      `longest ${at(1)} s`,
  };
}

function configOf(folder: string, trackers: readonly string[], url: string): string {
  return JSON.stringify({
    dataDir: join(folder, "data"),
    trackers: [...trackers, "noise"].map((id) => ({ id, name: id })),
    sources: [...trackers, "noise"].map((id) => ({ type: "webhook", id, trackers: [id], secret: SECRET })),
    alerts: {
      rules: [
        { kind: "volume_spike", id: "complaint-spike", where: { complaint: true }, trackers: [...trackers] },
      ],
      receivers: [{ type: "slack", id: "care", webhookUrl: url }],
      routes: [{ to: ["care"], groupWaitMinutes: 0 }],
      budgetPerWeek: 10_000,
    },
    logLevel: "warn",
  });
}

/** A tracker that is complained of now and then. */
async function pushPast(port: number, tracker: string, count: number): Promise<void> {
  const now = Date.now();
  const items = Array.from({ length: count }, (_, nth) => ({
    id: `past-${nth}`,
    text: "My parcel never arrived",
    publishedAt: new Date(now - 3_600 * SECOND - Math.random() * 21 * DAY).toISOString(),
    author: { id: `past-${nth}` },
  }));
  await push(port, tracker, items);
}

interface Slack {
  readonly server: Server;
  readonly url: string;
  readonly calls: () => number;
  /** When messages that an alert of a tracker fired were taken. */
  readonly toldOf: (tracker: string) => readonly number[];
}

async function openSlack(failing: number): Promise<Slack> {
  const told: { text: string; at: number }[] = [];
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls++;
      if (Math.random() < failing) {
        const isBusy = Math.random() < 0.5;
        response.writeHead(isBusy ? 429 : 500, isBusy ? { "Retry-After": "1" } : {}).end("no");
        return;
      }
      told.push({ text: Buffer.concat(chunks).toString("utf8"), at: Date.now() });
      response.writeHead(200).end("ok");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    server,
    url: `http://127.0.0.1:${port}/services/T0/B0/x`,
    calls: () => calls,
    toldOf: (tracker) =>
      told
        .filter(
          ({ text }) =>
            new RegExp(`\\b${tracker}\\b`).test(text) && !/Resolved|Escalated|Still open/i.test(text),
        )
        .map(({ at }) => at),
  };
}

/** `earshot start`, which may be killed and goes on. */
function openProgram(folder: string, port: number) {
  const start = (): ChildProcess =>
    spawn(
      process.execPath,
      [MAIN, "start", "--port", String(port), "--config", join(folder, "earshot.yaml")],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
  let program = start();
  return {
    async isReady(): Promise<void> {
      for (;;) {
        const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
        if (response?.ok === true) return;
        await sleep(100);
      }
    },
    async kill(): Promise<void> {
      const killed = program;
      killed.kill("SIGKILL");
      if (killed.exitCode === null && killed.signalCode === null) await once(killed, "exit");
      program = start();
    },
    async close(): Promise<void> {
      program.kill("SIGKILL");
      const endpoint = await readEndpoint(join(folder, "data"));
      if (endpoint === undefined) return;
      try {
        process.kill(endpoint.pid, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    },
  };
}

async function killSometimes(
  program: ReturnType<typeof openProgram>,
  kills: number,
  end: number,
): Promise<void> {
  for (let left = kills; left > 0; left--) {
    const each = Math.max(0, end - Date.now()) / left;
    await sleep((0.5 + Math.random()) * each);
    await program.kill();
    await program.isReady();
  }
}

/** Pushes until it is taken, as whoever pushes would. */
async function push(port: number, source: string, items: readonly object[]): Promise<void> {
  const body = JSON.stringify(items);
  for (;;) {
    const at = String(Math.floor(Date.now() / SECOND));
    const signature = createHmac("sha256", SECRET).update(`${at}.${body}`).digest("hex");
    const response = await fetch(`http://127.0.0.1:${port}/v1/ingest/${source}`, {
      method: "POST",
      headers: { "x-earshot-timestamp": at, "x-earshot-signature": `v1=${signature}` },
      body,
    }).catch(() => undefined);
    if (response?.ok === true) return;
    await sleep(200);
  }
}

async function pushCrisis(port: number, tracker: string): Promise<void> {
  const perSecond = CRISIS_PEOPLE / CRISIS_SECONDS;
  for (let second = 0; second < CRISIS_SECONDS; second++) {
    const started = Date.now();
    const items = Array.from({ length: perSecond }, (_, nth) => ({
      id: `crisis-${second}-${nth}`,
      text: `The app took my money twice and nobody answers, order ${second * 100 + nth}`,
      publishedAt: new Date(started).toISOString(),
      author: { id: `angry-${second}-${nth}` },
    }));
    await push(port, tracker, items);
    await sleep(Math.max(0, started + SECOND - Date.now()));
  }
}

let pushed = 0;

async function pushBackground(port: number, perSecond: number, goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    const started = Date.now();
    const items = Array.from({ length: perSecond }, () => ({
      id: String(++pushed),
      text: `Thank you for the quick delivery, it was here on day ${pushed % 7}`,
      publishedAt: new Date(started).toISOString(),
      author: { id: `happy-${pushed}` },
    }));
    await push(port, "noise", items);
    await sleep(Math.max(0, started + SECOND - Date.now()));
  }
}

async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`earshot ${args[0] ?? ""} ended with ${code ?? "a signal"}`);
  return output;
}
