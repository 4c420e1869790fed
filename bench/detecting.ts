import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { App } from "../cli/app.ts";
import { BATCH, openDetector } from "../cli/detect/detect-issues.ts";
import { openContext } from "../cli/log.ts";
import { meaningModelFile, openReadChain } from "../cli/reading.ts";
import { openStores } from "../cli/stores.ts";
import { parseConfig } from "../core/config.ts";
import { toMention } from "../core/mention.ts";
import { toEnrichment } from "../core/process.ts";
import { ingestors } from "../ingestors/index.ts";
import { MODEL_VERSION } from "../processors/model-version.ts";
import { readMeaningModel, type MeaningModel } from "../processors/embed-text/meaning-model.ts";
import { mentionRows } from "../schemas/rows.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";

const TRACKER = "acme";
/** Complaints of one issue on average; the odd word makes some of them issues of their own. */
const PER_ISSUE = 2.2;
const DAYS = 90;
const DAY_MS = 86_400_000;
const WRITTEN_TOGETHER = 5_000;

/**
 * Prints how long it takes to put complaints into issues, to judge them all, and to take them up again after a restart,
 * over the embedded store, beside storing the same mentions.
 * @param mentions invented complaints of rather more than half as many issues
 */
export async function benchDetecting(mentions: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  const context = openContext({ level: "warn", isPretty: false });
  const config = parseConfig({ dataDir }, ingestors, {}, "bench");
  const stores = await openStores(config, { holder: "earshot bench" }, context);
  try {
    const { store } = stores;
    const ask: App["ask"] = (query, params) => store.query(query.statement(params), query.row);
    const { signal } = new AbortController();
    const model = readMeaningModel(meaningModelFile);
    const events = await complaints(mentions, model, context.now().getTime());
    const stored = await secondsOf(async () => {
      for (let from = 0; from < events.length; from += WRITTEN_TOGETHER)
        await store.table(mentionRows).write(events.slice(from, from + WRITTEN_TOGETHER), signal);
    });
    const open = () => openDetector({ tracker: TRACKER, app: { ask, store, context }, model });
    const detector = await open();
    let judged = 0;
    const assigning = await secondsOf(async () => {
      for (;;) {
        const round = await detector.round(signal);
        judged += round.judged;
        if (round.assigned < BATCH) break;
      }
    });
    const restart = await secondsOf(open);
    const again = await open();
    const judging = await secondsOf(() => again.round(signal));
    const idle = await secondsOf(() => again.round(signal));
    const [counts] = await store.query(
      { sql: "SELECT count() AS issues, countIf(voices > 1) AS shared FROM issues", params: {} },
      z.object({ issues: z.coerce.number(), shared: z.coerce.number() }),
    );
    process.stdout.write(
      `${mentions} complaints, ${counts?.issues ?? 0} issues, ${counts?.shared ?? 0} of several people, ${judged} judged\n` +
        `stored in ${stored.toFixed(1)} s; put into issues and judged in ${assigning.toFixed(1)} s ` +
        `(${Math.round(mentions / assigning)}/s, ${(stored / assigning).toFixed(2)}× of storing)\n` +
        `taken up after a restart in ${restart.toFixed(1)} s; judged again in ${judging.toFixed(1)} s; ` +
        `a round with nothing new ${Math.round(idle * 1_000)} ms\n`,
    );
  } finally {
    await stores.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1_000;
}

/** A word as people write it, not a piece of one. */
const WORD = /^[a-z]{4,12}$/;

/**
 * Invented complaints: four words an issue of all that the model knows, so that there are as many issues as asked for; some
 * noise around them, everyone another person. The same every time.
 */
async function complaints(
  count: number,
  { vocabulary }: Pick<MeaningModel, "vocabulary">,
  now: number,
): Promise<StoredEvent[]> {
  const words = [...vocabulary.keys()].filter((one) => WORD.test(one));
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const word = () => words[Math.floor(random() * words.length)] ?? "";
  const issues = Array.from({ length: Math.round(count / PER_ISSUE) }, () => [
    word(),
    word(),
    word(),
    word(),
  ]);
  const mentions = Array.from({ length: count }, (_, nth) => {
    const [what, whose, is, and] = issues[Math.floor(random() * issues.length)] ?? [];
    const at = new Date(now - random() * DAYS * DAY_MS).toISOString();
    return toMention(
      {
        platform: "bench",
        nativeId: String(nth),
        kind: "post",
        authorId: String(nth),
        text: `my ${what} ${word()} the ${whose} is ${is} and ${and} ${word()}`,
        publishedAt: at,
      },
      { source: "bench", trackers: [TRACKER], observedAt: at },
    );
  });
  const [complained] = await openReadChain({ aspects: {} }).run(
    mentions.slice(0, 1),
    new AbortController().signal,
  );
  if (complained?.kind !== "ok") throw new Error("The first complaint could not be read.");
  const read = toEnrichment(complained.value, MODEL_VERSION, new Date(now).toISOString());
  const enrichment = { ...read, complaint: { ...read.complaint, isComplaint: true } };
  return mentions.map((mention): StoredEvent => ({ type: "upsert", mention, enrichment }));
}
