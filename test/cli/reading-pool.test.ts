import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { BroadcastChannel } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { openReading, type Reading } from "../../cli/reading-pool.ts";
import { EarshotError } from "../../core/errors.ts";
import { toStored } from "../../core/process.ts";
import { MODEL_VERSION } from "../../processors/model-version.ts";
import type { Mention } from "../../schemas/mention.ts";
import { mentionRows } from "../../schemas/rows.ts";
import { HOSTILE_TEXTS } from "../contracts/processor.ts";
import { aContext, aMention } from "../support/builders.ts";
import { ROOT } from "../support/cli.ts";
import { valuesOf } from "../support/outcomes.ts";

const BUILT = pathToFileURL(join(ROOT, "dist", "cli", "reading-pool.js")).href;
const FIXTURES = join(ROOT, "test", "fixtures", "reading-worker");

const neverAborted = new AbortController().signal;
/** The time that {@link aContext} says it is. */
const NOW = "2026-03-02T10:00:00.000Z";

const opened: Reading[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((reading) => reading.close()));
});

function open(threads: number, worker = "odd.mjs"): Reading {
  const reading = openReading({ aspects: {}, reading: { threads } }, aContext(), join(FIXTURES, worker));
  opened.push(reading);
  return reading;
}

/** The readers as they are built, in two threads and in none. */
async function openBuilt() {
  expect(existsSync(join(ROOT, "dist")), "run it through npm test, which builds first").toBe(true);
  const built = (await import(/* @vite-ignore */ BUILT)) as { openReading: typeof openReading };
  const openIn = (threads: number) => {
    const reading = built.openReading({ aspects: {}, reading: { threads } }, aContext());
    opened.push(reading);
    return reading;
  };
  return { inThreads: openIn(2), here: openIn(0) };
}

/** Enough to be read in a thread; the title tells the odd worker what to do. */
function aBatch(title = "", count = 100): Mention[] {
  return Array.from({ length: count }, (_, index) => aMention({ title, text: `${index}`.padEnd(60, ".") }));
}

/** The same, of which the odd worker cannot read the fourth mention and drops the fifth. */
function aMixedBatch(): Mention[] {
  return aBatch().map((mention, index) =>
    index === 3 ? { ...mention, text: "dead" } : index === 4 ? { ...mention, text: "drop" } : mention,
  );
}

function run(reading: Reading, batch: readonly Mention[], signal = neverAborted) {
  return reading.chain.run(batch, signal);
}

/** Resolves when the odd worker has begun with a batch of this title. */
function begun(title: string): Promise<void> {
  const channel = new BroadcastChannel("odd-reading-worker");
  return new Promise((resolve) => {
    channel.onmessage = (event) => {
      if ((event as { data: unknown }).data !== title) return;
      channel.close();
      resolve();
    };
  });
}

const TEXTS = [
  ...HOSTILE_TEXTS,
  "My parcel never arrived and nobody answers, this is the third time I ask!",
  "Das Paket ist wieder nicht angekommen. Eine Frechheit, ich kündige.",
  "Le livreur était très gentil, merci beaucoup pour tout.",
  "Please add a dark mode 🙏 I would love to have it",
  "La app se cierra sola desde ayer y me cobraron dos veces",
  "They promised delivery on Monday. It is Friday. I will call my lawyer.",
  "late again ".repeat(60),
];

function mixedMentions(count: number): Mention[] {
  return Array.from({ length: count }, (_, index) => {
    const text = TEXTS[index % TEXTS.length] ?? "";
    const stars = index % 6;
    return {
      ...aMention({
        text: "x",
        title: index % 3 === 0 ? "Never again" : "",
        kind: index % 2 === 0 ? "review" : "post",
        byUs: index % 11 === 0,
        ...(stars === 0 ? {} : { rating: stars, ratingMax: 5 }),
        ...(index % 7 === 0 ? { languageHint: "de" } : {}),
      }),
      text,
    };
  });
}

describe("reading in threads", () => {
  it("gives for 2,000 mixed mentions what the main thread gives, in their order", async () => {
    const { inThreads, here } = await openBuilt();
    const mentions = mixedMentions(2_000);
    const read = valuesOf(await run(inThreads, mentions));
    expect(read).toEqual(valuesOf(await run(here, mentions)));
    expect(read[0]).not.toHaveProperty("reading");
    expect(new Set(read.map(({ language }) => language)).size).toBeGreaterThan(4);
  });

  it("gives the rows of 2,000 mixed mentions that their readings become, in their order", async () => {
    const { inThreads, here } = await openBuilt();
    const mentions = mixedMentions(2_000);
    const toEvent = toStored(MODEL_VERSION);
    const expected = valuesOf(await run(here, mentions)).map((read, index) => {
      const mention = mentions[index] ?? aMention();
      return { row: JSON.stringify(mentionRows.toRow(toEvent({ type: "upsert", mention }, read, NOW))) };
    });
    expect(valuesOf(await inThreads.rows.run(mentions, neverAborted))).toEqual(expected);
    expect(valuesOf(await here.rows.run(mentions, neverAborted))).toEqual(expected);
    expect(new Set(expected.map(({ row }) => row)).size).toBeGreaterThan(100);
  });

  it("hands on what became of each mention where rows are asked for", async () => {
    const batch = aMixedBatch();
    const outcomes = await open(2).rows.run(batch, neverAborted);
    expect(outcomes[0]).toEqual({ kind: "ok", value: { row: JSON.stringify([batch[0]?.text]) } });
    expect(outcomes[3]).toMatchObject({
      kind: "dead",
      error: { code: "processor_failed", message: "cannot read dead", cause: { message: "the reason" } },
    });
    expect(outcomes[4]).toEqual({ kind: "drop", reason: "drop" });
    expect(outcomes.filter(({ kind }) => kind === "ok")).toHaveLength(98);
  });

  it("hands on what became of each mention", async () => {
    const batch = aMixedBatch();
    const outcomes = await run(open(2), batch);
    const [first, , , dead] = outcomes;
    expect(first).toMatchObject({ kind: "ok", value: { language: batch[0]?.text } });
    expect(outcomes[4]).toEqual({ kind: "drop", reason: "drop" });
    if (dead?.kind !== "dead") throw new Error("expected a dead letter");
    expect(dead.error).toBeInstanceOf(EarshotError);
    expect(dead.error).toMatchObject({ code: "processor_failed", message: "cannot read dead" });
    expect(dead.error.cause).toMatchObject({ name: "TypeError", message: "the reason", cause: "something" });
    expect(outcomes.filter(({ kind }) => kind === "ok")).toHaveLength(98);
  });

  it("reads a share of a large batch in the main thread, and puts all of it in order", async () => {
    const batch = aBatch("", 300);
    const read = valuesOf(await run(open(1), batch));
    expect(read).toHaveLength(300);
    const byThread = read.map(({ language }, index) => language === batch[index]?.text);
    expect(byThread[0]).toBe(true);
    expect(byThread).toContain(false);
  });

  it("answers nothing for an empty batch", async () => {
    expect(await run(open(1, "unable-to-start.mjs"), [])).toEqual([]);
  });

  it("fails with what a step wants to be tried again", async () => {
    const failed = run(open(1), aBatch("retry"));
    await expect(failed).rejects.toThrow(EarshotError);
    await expect(failed).rejects.toMatchObject({
      code: "source_rate_limited",
      message: "too much",
      retryAfterMs: 17,
    });
  });

  it("reads one by one in the main thread where the chain itself broke in another", async () => {
    const outcomes = await run(open(1), aBatch("break"));
    expect(valuesOf(outcomes).map(({ language }) => language)).not.toContain("");
    expect(outcomes).toHaveLength(100);
  });

  it("reads a few mentions without a thread", async () => {
    const [read] = valuesOf(await run(open(2, "unable-to-start.mjs"), [aMention({ text: "Hello there" })]));
    expect(read?.sentiment.label).toBe("neutral");
  });

  it.each(["exit", "throw later", "eat memory"])(
    "fails alone, to be tried again, the batch whose thread ends (%s), and goes on with another",
    async (title) => {
      const reading = open(1);
      const [crashed, waiting] = await Promise.allSettled([
        run(reading, aBatch(title)),
        run(reading, aBatch()),
      ]);
      if (crashed.status !== "rejected") throw new Error("the batch should have failed");
      expect(crashed.reason).toBeInstanceOf(EarshotError);
      expect(crashed.reason).toMatchObject({ code: "sink_unavailable", retried: true });
      expect(waiting).toMatchObject({ status: "fulfilled" });
      expect(await run(reading, aBatch())).toHaveLength(100);
    },
  );

  it("fails, and does not wait, when no thread can start", async () => {
    const reading = open(2, "unable-to-start.mjs");
    for (let tries = 0; tries < 3; tries++) {
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => run(reading, aBatch())));
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "sink_unavailable" } });
      }
    }
  });

  it("stops when it is aborted, whatever a thread is at, and can be used again", async () => {
    const reading = open(1);
    const controller = new AbortController();
    const started = begun("spin");
    const running = run(reading, aBatch("spin"), controller.signal);
    const waiting = run(reading, aBatch(), controller.signal);
    const ended = Promise.allSettled([running, waiting]);
    await started;
    const reason = new Error("told to stop");
    controller.abort(reason);
    expect(await ended).toEqual([
      { status: "rejected", reason },
      { status: "rejected", reason },
    ]);
    await expect(run(reading, aBatch(), controller.signal)).rejects.toBe(reason);
    expect(await run(reading, aBatch())).toHaveLength(100);
  });

  it("fails what is under way when it is closed, as often as it is, and reads nothing after", async () => {
    const reading = open(1);
    const started = begun("spin");
    const running = Promise.allSettled([run(reading, aBatch("spin")), run(reading, aBatch())]);
    await started;
    await Promise.all([reading.close(), reading.close()]);
    const failed = { status: "rejected", reason: { code: "sink_unavailable" } };
    expect(await running).toMatchObject([failed, failed]);
    await expect(run(reading, aBatch())).rejects.toMatchObject({ code: "sink_unavailable" });
    await reading.close();
  });

  it("is closed before it was used", async () => {
    await open(2).close();
  });

  const program = (end: string) => `
    import { readdir } from "node:fs/promises";
    import { openReading } from ${JSON.stringify(BUILT)};
    const context = { now: () => new Date(0), log: console, observe() {} };
    const count = async () => (await readdir("/proc/self/task").catch(() => [])).length;
    await count();
    const before = await count();
    const reading = openReading(
      { aspects: {}, reading: { threads: 2 } }, context, ${JSON.stringify(join(FIXTURES, "odd.mjs"))});
    const batch = Array.from({ length: 400 }, () => ({ title: "", text: "x".repeat(60) }));
    const outcomes = await reading.chain.run(batch, new AbortController().signal);
    const during = await count();
    ${end}
    console.log(JSON.stringify({ read: outcomes.length, more: during - before, left: (await count()) - before }));`;

  async function runProgram(end: string): Promise<unknown> {
    const args = ["--input-type=module", "--eval", program(end)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
    return JSON.parse(stdout);
  }

  it("keeps no process alive that has nothing else to do", async () => {
    expect(await runProgram("")).toMatchObject({ read: 400 });
  });

  it.skipIf(process.platform !== "linux")(
    "leaves no thread behind (threads are counted on Linux)",
    async () => {
      expect(await runProgram("await reading.close();")).toEqual({ read: 400, more: 2, left: 0 });
    },
  );
});
