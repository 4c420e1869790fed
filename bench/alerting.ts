import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWatch } from "../cli/alert/watch-rules.ts";
import type { App } from "../cli/app.ts";
import { openContext } from "../cli/log.ts";
import { openReadChain } from "../cli/reading.ts";
import { openStores } from "../cli/stores.ts";
import { parseConfig } from "../core/config.ts";
import { toMention } from "../core/mention.ts";
import { toEnrichment } from "../core/process.ts";
import { ingestors } from "../ingestors/index.ts";
import { MODEL_VERSION } from "../processors/model-version.ts";
import { openVolumeMeter } from "../processors/measure-volume.ts";
import type { Enrichment } from "../schemas/enrichment.ts";
import { mentionRows } from "../schemas/rows.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const PAST_DAYS = 21;
const PER_SECOND = 500;
const LIVE_SECONDS = 60;
const WRITTEN_TOGETHER = 5_000;
const TRACKERS = 5;
const BUCKETS = 200_000;

/**
 * Prints what a look at all rules costs over the embedded store while mentions come at 500 a second, and how long after a
 * crisis crosses twice its threshold the alert is written; the detector of volumes alone beside a moving average.
 * @param mentions of the three weeks before
 */
export async function benchAlerting(mentions: number): Promise<void> {
  benchMeter();
  const dataDir = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  const context = openContext({ level: "warn", isPretty: false });
  const trackers = Array.from({ length: TRACKERS }, (_, nth) => ({ id: `t${nth}`, name: `Tracker ${nth}` }));
  const config = parseConfig({ dataDir, trackers }, ingestors, {}, "bench");
  const stores = await openStores(config, { holder: "earshot bench" }, context);
  try {
    const { store } = stores;
    const ask: App["ask"] = (query, params) => store.query(query.statement(params), query.row);
    const { signal } = new AbortController();
    const began = context.now().getTime();
    const sample = await complaint();
    let nth = 0;
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const heard = (at: number, tracker: string, author: string): StoredEvent => {
      const publishedAt = new Date(at).toISOString();
      const mention = toMention(
        {
          platform: "bench",
          nativeId: String(nth++),
          kind: "post",
          authorId: author,
          text: "It broke again",
          publishedAt,
        },
        { source: "bench", trackers: [tracker], observedAt: publishedAt },
      );
      const isComplaint = random() < 0.3;
      return {
        type: "upsert",
        mention,
        enrichment: { ...sample, complaint: { ...sample.complaint, isComplaint }, processedAt: publishedAt },
      };
    };
    const write = (events: StoredEvent[]) => store.table(mentionRows).write(events, signal);
    for (let from = 0; from < mentions; from += WRITTEN_TOGETHER) {
      const count = Math.min(WRITTEN_TOGETHER, mentions - from);
      await write(
        Array.from({ length: count }, () =>
          heard(
            began - HOUR - random() * PAST_DAYS * 24 * HOUR,
            `t${Math.floor(random() * TRACKERS)}`,
            `a${nth}`,
          ),
        ),
      );
    }
    const watch = await openWatch({ ask, store, context, config });
    const first = await millisecondsOf(() => watch.round(signal));
    const rounds: number[] = [];
    const delays = new Map<string, number>();
    const crisisAt = context.now().getTime();
    for (let second = 0; second < LIVE_SECONDS; second++) {
      const now = context.now().getTime();
      const events = Array.from({ length: PER_SECOND }, () => heard(now, "t0", `live-${nth}`));
      await write(events);
      if (second % 5 === 0) {
        const started = performance.now();
        for (const { kind, rule } of await watch.round(signal)) {
          if (kind === "fired" && !delays.has(rule))
            delays.set(rule, (context.now().getTime() - crisisAt) / SECOND);
        }
        rounds.push(performance.now() - started);
      }
      const ahead = crisisAt + (second + 1) * SECOND - context.now().getTime();
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
    }
    rounds.sort((a, b) => a - b);
    const told = [...delays].map(([rule, seconds]) => `${rule} after ${seconds.toFixed(1)} s`).join(", ");
    process.stdout.write(
      `${mentions} mentions of ${PAST_DAYS} days, then ${PER_SECOND} a second for ${LIVE_SECONDS} s\n` +
        `the first look at ${config.alerts.rules.length} rules ${Math.round(first)} ms; later median ` +
        `${Math.round(rounds[rounds.length >> 1] ?? 0)} ms, longest ${Math.round(rounds.at(-1) ?? 0)} ms\n` +
        `from the beginning of the crisis to the alert: ${told || "no alert"}\n`,
    );
  } finally {
    await stores.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The detector alone, beside the mean of the last twelve buckets. */
function benchMeter(): void {
  const counts = Array.from({ length: BUCKETS }, (_, nth) => 10 + ((nth * 7_919) % 13));
  const meter = openVolumeMeter({ bucketMs: 300_000 });
  const startedMeter = performance.now();
  counts.forEach((count, nth) => meter.take(nth * 300_000, count));
  const perBucket = ((performance.now() - startedMeter) * 1_000) / BUCKETS;
  const startedMean = performance.now();
  let sum = 0;
  let unusual = 0;
  counts.forEach((count, nth) => {
    sum += count - (counts[nth - 12] ?? 0);
    if (count > (3 * sum) / 12) unusual++;
  });
  const perMean = ((performance.now() - startedMean) * 1_000) / BUCKETS;
  process.stdout.write(
    `measure-volume ${perBucket.toFixed(2)} µs a bucket, ${(perBucket / perMean).toFixed(0)}× a moving average ` +
      `(${perMean.toFixed(3)} µs, ${unusual} unusual)\n`,
  );
}

async function millisecondsOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

async function complaint(): Promise<Enrichment> {
  const at = new Date().toISOString();
  const mention = toMention(
    { platform: "bench", nativeId: "sample", kind: "post", text: "It broke again", publishedAt: at },
    { source: "bench", trackers: [], observedAt: at },
  );
  const [read] = await openReadChain({ aspects: {} }).run([mention], new AbortController().signal);
  if (read?.kind !== "ok") throw new Error("The sample could not be read.");
  return toEnrichment(read.value, MODEL_VERSION, at);
}
