import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { retrying } from "../../core/retry.ts";
import { textEncoder } from "../../processors/embed-text/index.ts";
import type { MeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { MODEL_VERSION } from "../../processors/index.ts";
import { openIssues, type IssueKeeper } from "../../processors/keep-issues.ts";
import { countPhrases, phrasesOf } from "../../processors/name-issue.ts";
import { createReader } from "../../processors/read-text.ts";
import {
  lastAssigned,
  recordedClusters,
  taughtSince,
  unassignedMentions,
} from "../../queries/detect-mentions.ts";
import { issueEvents } from "../../queries/issue-events.ts";
import {
  issueAssignmentRows,
  issueClusterRows,
  issueEventRows,
  issueJudgementRows,
} from "../../schemas/issue-rows.ts";
import type { App } from "../app.ts";
import { openJudge, type IssueJudge } from "./judge-issues.ts";

export interface DetectOptions {
  readonly tracker: string;
  readonly app: Pick<App, "ask" | "store" | "context">;
  readonly model: MeaningModel;
}

/** One round of a detector: what it found to do. */
export interface Round {
  readonly assigned: number;
  /** Issues of which something new was said. */
  readonly judged: number;
}

/** What follows the issues of one tracker. Only one process may follow a tracker at a time. */
export interface Detector {
  /** Learns what people said, puts what is new into issues, and judges where it is time to. */
  round(signal: AbortSignal): Promise<Round>;
}

/** Mentions put into issues in one piece: a round that finds fewer has found all. */
export const BATCH = 2_000;
/** What was processed so long before the last look may yet come to be seen: clocks differ, and stores are away. */
const OVERLAP_MS = 10 * 60_000;
/** How often everything is looked through for what was missed, and judged again though nothing came: of what stands,
 * something may have been corrected, edited or deleted. */
const SWEEP_EVERY_MS = 10 * 60_000;
/** Judging takes at most this share of the time, and is done no more often than this. */
const JUDGING_SHARE = 0.1;
const JUDGE_EVERY_MS = 5_000;
/** Everything is looked at again before it is judged where so large a share of it is new. */
const NEW_SHARE = 0.02;
/** Texts of a cluster that say where it lies. */
const SAMPLES = 5;
/** How far back copies are known after a restart. */
const RECENT_DAYS = 14;
const MOST_RECENT = 50_000;
/** Texts that phrases are counted in after a restart. */
const COUNTED = 10_000;
const DAY_MS = 86_400_000;

const IDLE_MS = 2_000;

const Merge = z.looseObject({ into: z.string() });

/** Follows a tracker until the signal aborts. A store that is away is waited for. */
export async function detectIssues(options: DetectOptions, signal: AbortSignal): Promise<void> {
  const { tracker, app } = options;
  const { context } = app;
  let detector: Detector | undefined;
  while (!signal.aborted) {
    try {
      const { assigned } = await retrying(
        async () => {
          detector ??= await openDetector(options);
          return detector.round(signal);
        },
        { what: `follow the issues of ${tracker}` },
        signal,
        context,
      );
      if (assigned < BATCH) await sleep(IDLE_MS, undefined, { signal }).catch(() => {});
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EarshotError)) throw error;
      context.log.error(
        { tracker, reason: error.message },
        "issues cannot be followed; tried again in a minute",
      );
      detector = undefined;
      await sleep(60_000, undefined, { signal }).catch(() => {});
    }
  }
}

/** Opens a detector with what the store has recorded. */
export async function openDetector({ tracker, app, model }: DetectOptions): Promise<Detector> {
  const { ask, store, context } = app;
  const encode = textEncoder(model);
  const read = createReader();
  const counts = countPhrases();
  const phrasesIn = ({ title, text, language }: { title: string; text: string; language: string }) =>
    phrasesOf([...read(title), ...read(text)], language);
  const proposed = new Set<string>();
  const learned = new Set<string>();
  let hasLearned = false;
  let learnedUntil = context.now().getTime();
  /** Mentions that the keeper holds, and those of them that came since it looked at everything. */
  let held = 0;
  let fresh = 0;
  let keeper = await restore(true);
  const judge: IssueJudge = await openJudge({
    tracker,
    ask,
    encode,
    phrasesIn,
    counts,
    modelVersion: MODEL_VERSION,
  });
  for (const { id } of await ask(
    issueEvents,
    issueEvents.params.parse({ tracker, kind: ["propose_merge", "propose_split"], limit: 1_000 }),
  ))
    proposed.add(id);
  let sweptAt = Number.NEGATIVE_INFINITY;
  let seenUntil = context.now().getTime();
  let isChanged = true;
  let judgedAt = Number.NEGATIVE_INFINITY;
  let judgingMs = 0;

  async function restore(isCounting = false): Promise<IssueKeeper> {
    const [clusters, recent] = await Promise.all([
      ask(recordedClusters, { tracker, samples: SAMPLES }),
      ask(lastAssigned, {
        tracker,
        since: new Date(context.now().getTime() - RECENT_DAYS * DAY_MS).toISOString(),
        limit: MOST_RECENT,
      }),
    ]);
    held = clusters.reduce((sum, { size }) => sum + size, 0);
    if (isCounting) for (const said of recent.slice(0, COUNTED)) counts.add(phrasesIn(said));
    return openIssues(
      { tracker, encode, width: model.dimensions, modelVersion: MODEL_VERSION },
      {
        clusters: clusters.map(({ cluster_id, issue_id, is_taught, size, texts }) => ({
          clusterId: cluster_id,
          issueId: issue_id,
          isTaught: is_taught,
          size,
          texts,
        })),
        recent: recent.reverse().map(({ amplifies_id, cluster_id, ...said }) => ({
          ...said,
          amplifiesId: amplifies_id,
          clusterId: cluster_id,
        })),
      },
    );
  }

  /** What people said since the last look; where they moved mentions, everything is taken up anew. */
  async function learn(signal: AbortSignal): Promise<void> {
    const from = learnedUntil;
    learnedUntil = context.now().getTime();
    const taught = await ask(taughtSince, { tracker, since: new Date(from - OVERLAP_MS).toISOString() });
    const news = taught.filter(({ cluster_id, moved_at }) => !learned.has(`${cluster_id} ${moved_at}`));
    if (news.length === 0 && hasLearned) return;
    hasLearned = true;
    isChanged = true;
    judgedAt = Number.NEGATIVE_INFINITY;
    for (const { cluster_id, moved_at } of news) learned.add(`${cluster_id} ${moved_at}`);
    if (news.some(({ is_mention_moved }) => is_mention_moved)) keeper = await restore();
    else keeper.teach(news.map(({ cluster_id, issue_id }) => ({ clusterId: cluster_id, issueId: issue_id })));
    const left = keeper.follow(await mergedAway(), context.now().toISOString());
    if (left.length > 0) await store.table(issueClusterRows).write(left, signal);
  }

  /** Issues that people merged into others, and which. */
  async function mergedAway(): Promise<ReadonlyMap<string, string>> {
    const merges = await ask(
      issueEvents,
      issueEvents.params.parse({ tracker, kind: "merge", standing: true, limit: 1_000 }),
    );
    const into = new Map<string, string>();
    for (const { issue_id, payload } of merges.reverse())
      into.set(issue_id, Merge.parse(JSON.parse(payload)).into);
    return into;
  }

  async function assignNew(now: number, signal: AbortSignal): Promise<number> {
    const isSweep = now - sweptAt >= SWEEP_EVERY_MS;
    const found = await ask(unassignedMentions, {
      tracker,
      limit: BATCH,
      ...(!isSweep && { since: new Date(seenUntil - OVERLAP_MS).toISOString() }),
    });
    if (found.length < BATCH) {
      seenUntil = now;
      if (isSweep) sweptAt = now;
    }
    if (found.length === 0) return 0;
    const at = new Date(now).toISOString();
    const facts = keeper.assign(
      found.map(({ amplifies_id, ...said }) => ({ ...said, amplifiesId: amplifies_id })),
      at,
    );
    facts.assignments.forEach(({ copyOf }, index) => {
      const said = found[index];
      if (copyOf === "" && said !== undefined) counts.add(phrasesIn(said));
    });
    // a mention without its cluster would be in no issue, a cluster without mentions is nothing
    await store.table(issueClusterRows).write(facts.clusters, signal);
    await store.table(issueAssignmentRows).write(facts.assignments, signal);
    held += found.length;
    fresh += found.length;
    return found.length;
  }

  async function consolidate(now: number, signal: AbortSignal): Promise<void> {
    fresh = 0;
    const { clusters, proposals } = keeper.consolidate(new Date(now).toISOString());
    if (clusters.length > 0) await store.table(issueClusterRows).write(clusters, signal);
    const unheard = proposals.filter(({ id }) => !proposed.has(id));
    if (unheard.length > 0) await store.table(issueEventRows).write(unheard, signal);
    for (const { id } of unheard) proposed.add(id);
    context.log.info(
      { tracker, moved: clusters.length, proposals: unheard.length },
      "issues looked at again",
    );
  }

  async function judgeIfDue(isWaiting: boolean, signal: AbortSignal): Promise<number> {
    const now = context.now().getTime();
    const rest = Math.max(JUDGE_EVERY_MS, judgingMs / JUDGING_SHARE);
    const isDue = now - judgedAt >= (isChanged ? rest : SWEEP_EVERY_MS);
    // while much is waiting, verdicts are of half the story
    if (!isDue || isWaiting) return 0;
    if (fresh > 0 && fresh >= held * NEW_SHARE) await consolidate(now, signal);
    const rows = await judge.judge(context.now());
    if (rows.length > 0) await store.table(issueJudgementRows).write(rows, signal);
    judgedAt = context.now().getTime();
    judgingMs = judgedAt - now;
    isChanged = false;
    return rows.length;
  }

  return {
    async round(signal) {
      await learn(signal);
      const now = context.now().getTime();
      const assigned = await assignNew(now, signal);
      if (assigned > 0) isChanged = true;
      if (keeper.isDue) await consolidate(now, signal);
      const judged = await judgeIfDue(assigned === BATCH, signal);
      if (assigned > 0) context.log.info({ tracker, assigned, judged }, "mentions put into issues");
      return { assigned, judged };
    },
  };
}
