import { recordGrouper } from "../cli/group-records.ts";
import { toMention } from "../core/mention.ts";
import type { MeaningModel } from "../processors/embed-text/meaning-model.ts";
import { notHeardFrom } from "../processors/judge-recurrence/not-heard.ts";
import { makeStream } from "./issue-streams.ts";
import { scoreVerdicts, type VerdictScore } from "./judge-verdicts.ts";
import { drawSettings } from "./stream-settings.ts";
import type { StreamTexts } from "./stream-texts.ts";

/** Streams may be of any time. */
const AFTER_ALL = "2299-12-31T00:00:00.000Z";

/** Makes a stream for each seed, has it grouped and judged as `earshot group` does, and scores what it says. */
export async function groupStreams(
  texts: StreamTexts,
  seeds: readonly number[],
  model: MeaningModel,
): Promise<VerdictScore[]> {
  const scores: VerdictScore[] = [];
  for (const seed of seeds) {
    const stream = makeStream(texts, drawSettings(seed), seed);
    const grouper = recordGrouper(model, new AbortController().signal);
    await grouper.add(
      stream.mentions.map(({ id, text, time, author, channel, thread, repost_of: repostOf }) => ({
        id,
        mention: toMention(
          { platform: "eval", nativeId: id, kind: "post", text, publishedAt: time },
          { source: "eval", trackers: [], observedAt: AFTER_ALL },
        ),
        at: Date.parse(time),
        author: author ?? undefined,
        channel,
        thread: thread ?? undefined,
        repostOf: repostOf ?? undefined,
        issue: undefined,
      })),
    );
    const { lines, issues } = grouper.finish(
      stream.asOf,
      notHeardFrom(stream.coverage, (source) => source),
    );
    scores.push(
      scoreVerdicts(stream.mentions, {
        issueOf: new Map(lines.map(({ id, issue }) => [id, issue])),
        verdictOf: new Map(issues.map(({ issue, verdict }) => [issue, verdict])),
      }),
    );
  }
  return scores;
}
