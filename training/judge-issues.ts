import { meaningModelFile } from "../cli/reading.ts";
import { readMeaningModel } from "../processors/embed-text/meaning-model.ts";
import { fixTable, rightShare, suffices, tryFixes } from "./fix-trials.ts";
import { groupStreams } from "./group-streams.ts";
import { judgeStreams, type VerdictScore } from "./judge-verdicts.ts";
import { short } from "./metrics.ts";
import { namedFixes, placeboFixes, placeboTable } from "./real-fixes.ts";
import { readStreamTexts } from "./stream-texts.ts";
import { table } from "./table.ts";

/** What is measured of issues: sections of the report, each a title and Markdown. */
export async function issueSections(data: string): Promise<[title: string, body: string][]> {
  return [
    ["Recurring or anecdotal, on streams of real texts", await recurring(data)],
    ["Did the fix work, on simulated series", fixes()],
    ["Did the fix work, on real complaints", realFixes(data)],
  ];
}

const STREAMS = Array.from({ length: 20 }, (_, index) => index + 9_001);

/** Which issues recur, on streams made of real texts whose truth is known. */
async function recurring(data: string): Promise<string> {
  const texts = readStreamTexts(data);
  if (texts === undefined) throw new Error(`${data} lacks the texts of streams.`);
  const known = judgeStreams(texts, STREAMS);
  const grouped = await groupStreams(texts, STREAMS, readMeaningModel(meaningModelFile));
  const mean = (figure: (score: VerdictScore) => number) =>
    short(grouped.reduce((sum, score) => sum + figure(score), 0) / grouped.length);
  return table(
    [
      `${STREAMS.length} streams`,
      "F1 on recurring",
      "precision",
      "recall",
      "one-offs said to recur",
      "issues shown for one",
    ],
    [
      [
        "true issues",
        `${short(known.f1.mean)} (worst ${short(known.f1.least)})`,
        short(known.precision.mean),
        short(known.recall.mean),
        short(known.falseRecurring.mean),
        "1",
      ],
      [
        "issues as `earshot group` finds them; its model has seen these kinds of issues",
        `${mean(({ f1 }) => f1)} (worst ${short(Math.min(...grouped.map(({ f1 }) => f1)))})`,
        mean(({ precision }) => precision),
        mean(({ recall }) => recall),
        mean(({ falseRecurring }) => falseRecurring),
        mean(({ shownPerTrue }) => shownPerTrue),
      ],
    ],
  );
}

const SERIES_PER_STORY = 60;
/** Effects as large as this are to be told. */
const TO_BE_TOLD = 0.5;

/** Fixes whose truth is known: counts drawn day by day, with control issues, outages of sources and slow roll-outs. */
function fixes(): string {
  const trials = tryFixes(SERIES_PER_STORY);
  const enough = trials.filter((trial) => suffices(trial) && trial.effect >= TO_BE_TOLD);
  const down = trials.filter(({ story }) => story === "all_down");
  const fooled = down.filter(({ verdict }) => verdict === "fell").length;
  return (
    `Where the effect is 50 % or more and there is enough to tell, ${short(rightShare(enough))} of ${enough.length} verdicts are right. ` +
    `Of ${down.length} series whose sources were down, ${fooled} were said to have fallen.\n\n${fixTable(trials)}`
  );
}

/** Complaints of real customers: fixes that companies told of, and days on which nothing was fixed. */
function realFixes(data: string): string {
  const named = namedFixes(data);
  const placebos = placeboFixes(data);
  if (named === undefined || placebos === undefined) throw new Error(`${data} lacks complaints of apps.`);
  return `Fixes that companies told of:\n\n${named}\n\nDays drawn at random, on which nothing was fixed:\n\n${placeboTable(placebos)}`;
}
