import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { retrying } from "../../core/retry.ts";
import { textEncoder } from "../../processors/embed-text/index.ts";
import type { MeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { MODEL_VERSION } from "../../processors/model-version.ts";
import { openIssues, type IssueKeeper } from "../../processors/keep-issues.ts";
import { countPhrases, phrasesOf } from "../../processors/name-issue.ts";
import { createReader } from "../../processors/read-text.ts";
import {
  assignedUnjudged,
  lastAssigned,
  leftBehind,
  newMentions,
  proposedBefore,
  recordedClusters,
  sampleTexts,
  standingMerges,
  taughtSince,
  unassignedMentions,
} from "../../queries/detect-mentions.ts";
import {
  issueAssignmentRows,
  issueClusterRows,
  issueClusterSumRows,
  issueEventRows,
  issueJudgementRows,
} from "../../schemas/issue-rows.ts";
import type { IssueCluster } from "../../schemas/issue.ts";
import { askAboutIds, type App } from "../app.ts";
import { openJudge } from "./judge-issues.ts";

export interface DetectOptions {
  readonly tracker: string;
  readonly app: Pick<App, "ask" | "store" | "context"> & {
    readonly config?: Pick<App["config"], "exposureMeasure">;
  };
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
/** Mentions asked for in one piece: to find them, all that are stored are looked through. Also sums written in one piece. */
const ASKED_TOGETHER = 10 * BATCH;
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
/** Texts of a cluster that say where it lies where its sum is not known. */
const SAMPLES = 5;
/** How far back copies are known after a restart. */
const RECENT_DAYS = 14;
const MOST_RECENT = 50_000;
/** Texts that phrases are counted in after a restart. */
const COUNTED = 10_000;
const DAY_MS = 86_400_000;
const LONG_AGO = new Date(0).toISOString();

/** Rounds follow each other after so long, and where nothing happens less and less often. */
const IDLE_MS = 2_000;
const LONGEST_IDLE_MS = 10_000;
const FAILED_MS = 60_000;
/** What people put back into an issue that was merged stays there so long: they may be at undoing that. */
const UNDOING_MS = 60_000;

type Taught = z.infer<typeof taughtSince.row>;

/**
 * Follows a tracker until the signal aborts. A store that is away is waited for; whatever else is wrong stops this tracker
 * alone, and it is tried again.
 */
export async function detectIssues(options: DetectOptions, signal: AbortSignal): Promise<void> {
  const { tracker, app } = options;
  const { context } = app;
  let detector: Detector | undefined;
  let idleMs = IDLE_MS;
  const round = async (): Promise<Round> => {
    detector ??= await openDetector(options);
    const running = detector;
    // what was not written is in its memory and nowhere else: after an error only what is stored holds
    detector = undefined;
    const done = await running.round(signal);
    detector = running;
    return done;
  };
  while (!signal.aborted) {
    try {
      const { assigned, judged } = await retrying(
        round,
        { what: `follow the issues of ${tracker}` },
        signal,
        context,
      );
      if (assigned === BATCH) continue;
      idleMs = assigned + judged > 0 ? IDLE_MS : Math.min(LONGEST_IDLE_MS, idleMs * 1.5);
      await sleep(idleMs, undefined, { signal }).catch(() => {});
    } catch (error) {
      if (signal.aborted) return;
      const isForeseen = error instanceof EarshotError;
      context.log.error(
        { tracker, ...(isForeseen ? { reason: error.message } : { err: error }) },
        "issues cannot be followed; tried again in a minute",
      );
      await sleep(FAILED_MS, undefined, { signal }).catch(() => {});
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
  const proposed = new Set((await ask(proposedBefore, { tracker })).map(({ id }) => id));
  /** What people said, as far as it was taken up. */
  const learned = new Set((await taughtFrom(LONG_AGO)).map(keyOf));
  let learnedUntil = context.now().getTime();
  let hasFollowed = false;
  /** Mentions that the keeper holds, and those of them that came since it looked at everything. */
  let held = 0;
  let fresh = (await ask(assignedUnjudged, { tracker }))[0]?.mentions ?? 0;
  /** When the machine moved a cluster last. */
  let movedAt = 0;
  const opening = openJudge({
    tracker,
    ask,
    encode,
    phrasesIn,
    counts,
    modelVersion: MODEL_VERSION,
    exposureMeasure: app.config?.exposureMeasure,
  });
  const [restored, judge] = await Promise.all([restore(true), opening]);
  let keeper: IssueKeeper = restored;
  let waiting: z.infer<typeof unassignedMentions.row>[] = [];
  let sweptAt = Number.NEGATIVE_INFINITY;
  let seenUntil = context.now().getTime();
  let isChanged = true;
  let judgedAt = Number.NEGATIVE_INFINITY;
  let judgingMs = 0;

  async function restore(isCounting = false): Promise<IssueKeeper> {
    const [clusters, merges, recent] = await Promise.all([
      ask(recordedClusters, { tracker, model: model.id, samples: SAMPLES }),
      ask(standingMerges, { tracker }),
      ask(lastAssigned, {
        tracker,
        since: new Date(context.now().getTime() - RECENT_DAYS * DAY_MS).toISOString(),
        limit: MOST_RECENT,
      }),
    ]);
    const samples = clusters.flatMap(({ samples: ids }) => ids);
    const texts = new Map(
      (await askAboutIds({ ask }, sampleTexts, samples)).map(({ id, said }) => [id, said]),
    );
    held = 0;
    for (const { size, is_taught, moved_at } of clusters) {
      held += size;
      if (!is_taught) movedAt = Math.max(movedAt, moved_at);
    }
    if (isCounting) for (const said of recent.slice(0, COUNTED)) counts.add(phrasesIn(said));
    return openIssues(
      {
        tracker,
        encode,
        width: model.dimensions,
        meaningModel: model.id,
        modelVersion: MODEL_VERSION,
      },
      {
        clusters: clusters.map(({ cluster_id, issue_id, is_taught, size, sum, samples: ids }) => ({
          clusterId: cluster_id,
          issueId: issue_id,
          isTaught: is_taught,
          size,
          sum,
          texts: ids.flatMap((id) => texts.get(id) ?? []),
        })),
        recent: recent.reverse().map(({ amplifies_id, cluster_id, ...said }) => ({
          ...said,
          amplifiesId: amplifies_id,
          clusterId: cluster_id,
        })),
        mergedAway: merges.map(({ issue_id }) => issue_id),
      },
    );
  }

  /** A time to write facts with: later than all before, also where the clock before was ahead, since the latest holds. */
  function stamp(): string {
    movedAt = Math.max(context.now().getTime(), movedAt + 1);
    return new Date(movedAt).toISOString();
  }

  function taughtFrom(since: string): Promise<Taught[]> {
    return ask(taughtSince, { tracker, since });
  }

  /** What people said since the last look; where they moved mentions, everything is taken up anew. */
  async function learn(isSweep: boolean, signal: AbortSignal): Promise<void> {
    const since = isSweep ? LONG_AGO : new Date(learnedUntil - OVERLAP_MS).toISOString();
    learnedUntil = context.now().getTime();
    const news = (await taughtFrom(since)).filter((one) => !learned.has(keyOf(one)));
    if (news.length === 0 && hasFollowed && !isSweep) return;
    const clusters = news.filter(({ cluster_id }) => cluster_id !== "");
    let isMoved = clusters.length < news.length;
    if (isMoved) keeper = await restore();
    else isMoved = keeper.teach(clusters.map(toPlace));
    const left = await followMerges();
    if (left.length > 0) {
      await store.table(issueClusterRows).write(left, signal);
      keeper.teach(left);
    }
    hasFollowed = true;
    for (const one of news) learned.add(keyOf(one));
    if (!isMoved && left.length === 0) return;
    isChanged = true;
    judgedAt = Number.NEGATIVE_INFINITY;
  }

  /** Where what is left in issues that people merged into others is to go: as if it had gone there with the rest. */
  async function followMerges(): Promise<IssueCluster[]> {
    const merges = new Map((await ask(standingMerges, { tracker })).map((one) => [one.issue_id, one]));
    if (merges.size === 0) return [];
    const left = await ask(leftBehind, { tracker, issues: [...merges.keys()] });
    return left.flatMap(({ cluster_id, issue_id, by, moved_at }): IssueCluster[] => {
      let merge = merges.get(issue_id);
      if (merge === undefined) return [];
      const passed = new Set([issue_id]);
      for (let next = merges.get(merge.into); next !== undefined; next = merges.get(merge.into)) {
        if (passed.has(next.issue_id)) return [];
        passed.add(next.issue_id);
        merge = next;
      }
      const isPutBack = by !== "" && moved_at > merge.at;
      const putAt = Date.parse(moved_at);
      if (isPutBack && putAt > context.now().getTime() - UNDOING_MS) return [];
      const at = isPutBack ? new Date(putAt + 1).toISOString() : merge.at;
      return [{ tracker, clusterId: cluster_id, issueId: merge.into, by: merge.by, at }];
    });
  }

  async function findNew(now: number, isSweep: boolean): Promise<void> {
    const since = new Date(seenUntil - OVERLAP_MS).toISOString();
    const isAny = isSweep || (await ask(newMentions, { tracker, since })).length > 0;
    if (isAny)
      waiting = await ask(unassignedMentions, {
        tracker,
        limit: ASKED_TOGETHER,
        ...(!isSweep && { since }),
      });
    if (waiting.length === ASKED_TOGETHER) return;
    seenUntil = now;
    if (isSweep) sweptAt = now;
  }

  async function assignNew(signal: AbortSignal): Promise<number> {
    const found = waiting.splice(0, BATCH);
    if (found.length === 0) return 0;
    const facts = keeper.assign(
      found.map(({ amplifies_id, ...said }) => ({ ...said, amplifiesId: amplifies_id })),
      stamp(),
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

  /** Records what clusters mean; last, since whatever is lost of it is read out of texts again. */
  async function saveSums(signal: AbortSignal): Promise<void> {
    const sums = keeper.takeSums(stamp());
    for (let from = 0; from < sums.length; from += ASKED_TOGETHER)
      await store.table(issueClusterSumRows).write(sums.slice(from, from + ASKED_TOGETHER), signal);
  }

  async function consolidate(signal: AbortSignal): Promise<void> {
    fresh = 0;
    const { clusters, proposals } = keeper.consolidate(stamp());
    if (clusters.length > 0) await store.table(issueClusterRows).write(clusters, signal);
    const unheard = proposals.filter(({ id }) => !proposed.has(id));
    if (unheard.length > 0) await store.table(issueEventRows).write(unheard, signal);
    for (const { id } of unheard) proposed.add(id);
    context.log.info(
      { tracker, moved: clusters.length, proposals: unheard.length },
      "issues looked at again",
    );
  }

  async function judgeIfDue(signal: AbortSignal): Promise<number> {
    const now = context.now().getTime();
    const rest = Math.max(JUDGE_EVERY_MS, judgingMs / JUDGING_SHARE);
    const isDue = now - judgedAt >= (isChanged ? rest : SWEEP_EVERY_MS);
    // while much is waiting, verdicts are of half the story
    if (!isDue || waiting.length > 0) return 0;
    if (fresh > 0 && fresh >= held * NEW_SHARE) await consolidate(signal);
    const rows = await judge.judge(context.now());
    if (rows.length > 0) await store.table(issueJudgementRows).write(rows, signal);
    judgedAt = context.now().getTime();
    judgingMs = judgedAt - now;
    isChanged = false;
    return rows.length;
  }

  return {
    async round(signal) {
      const now = context.now().getTime();
      const isSweep = now - sweptAt >= SWEEP_EVERY_MS;
      await learn(isSweep, signal);
      if (waiting.length === 0) await findNew(now, isSweep);
      const assigned = await assignNew(signal);
      await saveSums(signal);
      if (assigned > 0) isChanged = true;
      if (keeper.isDue) await consolidate(signal);
      const judged = await judgeIfDue(signal);
      if (assigned > 0) context.log.info({ tracker, assigned, judged }, "mentions put into issues");
      return { assigned, judged };
    },
  };
}

function keyOf({ cluster_id, moved_at }: Taught): string {
  return `${cluster_id} ${moved_at}`;
}

function toPlace({ cluster_id, issue_id }: Taught): Pick<IssueCluster, "clusterId" | "issueId"> {
  return { clusterId: cluster_id, issueId: issue_id };
}
