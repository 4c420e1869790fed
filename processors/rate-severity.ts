import type { Processor } from "../core/contracts.ts";
import { findCues } from "./cues.ts";
import type { DetectComplaintAdds } from "./detect-complaint.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import type { DetectRepetitionAdds } from "./detect-repetition/index.ts";
import type { DetectThreatsAdds } from "./detect-threats.ts";
import { ANGRY_EMOJI, HARM_CUES, HEAT_CUES, type Harm } from "./lexicons/severity-cues.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence } from "./read-text.ts";
import { starShare } from "./star-share.ts";

export interface RateSeverityAdds {
  /** How bad what happened is for the customer: 0 no complaint, 1 a nuisance … 4 danger, or loss beyond repair. */
  readonly severity: 0 | 1 | 2 | 3 | 4;
  /** How heated the words are, whatever happened: 0 calm … 3 furious. */
  readonly anger: 0 | 1 | 2 | 3;
}

type Needs = ReadMention &
  ReadTextAdds &
  DetectLanguageAdds &
  DetectComplaintAdds &
  DetectRepetitionAdds &
  DetectThreatsAdds;

/**
 * Gives the step that rates how bad what happened is for the customer, and apart from it how heated the words are: a
 * polite catastrophe has anger 0. Severity is 0 where there is neither a complaint nor a danger to people or data. What
 * we wrote ourselves has neither.
 */
export function rateSeverity(): Processor<Needs, RateSeverityAdds> {
  return perMention("rate_severity", (mention) => {
    if (mention.byUs) return { severity: 0, anger: 0 };
    const sentences =
      mention.reading.title.length === 0
        ? mention.reading.sentences
        : [...mention.reading.title, ...mention.reading.sentences];
    return { severity: severityOf(mention, sentences), anger: angerOf(mention, sentences) };
  });
}

const LONG_WAIT_DAYS = 7;
const VERY_LONG_WAIT_DAYS = 60;
const OFTEN = 3;
/** So many at once are as bad. */
const MANY_AGGRAVATIONS = 3;
/** One star of five. */
const LOWEST_SHARE = 0.2;

function severityOf(
  { language, complaint, repetition, threats, rating, ratingMax }: Needs,
  sentences: readonly Sentence[],
): RateSeverityAdds["severity"] {
  if (threats.some(({ kind }) => kind === "safety")) return 4;
  const isExposed = threats.some(({ kind }) => kind === "data");
  if (!complaint.isComplaint) return isExposed ? 3 : 0;
  const harms = harmsOf(sentences, language);
  const waited = repetition.daysWaiting ?? 0;
  const isOften = waited >= LONG_WAIT_DAYS || (repetition.count ?? 0) >= OFTEN;
  let points = 1;
  if (harms.has("failure") || repetition.isRepeated) points = 2;
  if (harms.has("gross") || harms.has("total") || harms.has("loss") || harms.has("abandoned")) points = 3;
  if (isOften || threats.length > 0) points = Math.max(points, 3);
  const aggravations =
    Number(harms.has("loss")) +
    Number(harms.has("abandoned")) +
    Number(harms.has("total")) +
    Number(isOften) +
    Number(threats.length > 0);
  // a loss that nobody makes good is beyond repair; a long wait without an answer is not yet
  const isLost = harms.has("loss") && aggravations > 1;
  if (harms.has("beyond") || isLost || waited >= VERY_LONG_WAIT_DAYS || aggravations >= MANY_AGGRAVATIONS) {
    points = 4;
  }
  if ((starShare({ rating, ratingMax }) ?? 1) <= LOWEST_SHARE) points = Math.max(points, 2);
  if (harms.has("mended")) points = Math.max(1, points - 1);
  return toLevel(points);
}

function toLevel(points: number): RateSeverityAdds["severity"] {
  return points >= 4 ? 4 : points >= 3 ? 3 : points >= 2 ? 2 : 1;
}

function harmsOf(sentences: readonly Sentence[], language: string): ReadonlySet<Harm> {
  const harms = new Set<Harm>();
  const table = HARM_CUES.get(language);
  if (table === undefined) return harms;
  for (const sentence of sentences) for (const { value } of findCues(sentence, table)) harms.add(value);
  return harms;
}

const SHOUTED_FROM = 3;
const SHOUTED_A_LOT = 8;
const EXCLAIMED_FROM = 2;
const EXCLAIMED_A_LOT = 5;
const FURIOUS_FROM = 4;
const ANGRY_FROM = 2;

function angerOf({ language, complaint }: Needs, sentences: readonly Sentence[]): RateSeverityAdds["anger"] {
  const table = HEAT_CUES.get(language);
  let points = 0;
  let shouted = 0;
  let exclaimed = 0;
  for (const sentence of sentences) {
    if (table !== undefined) for (const { value } of findCues(sentence, table)) points += value;
    for (const { kind, text, isShouted } of sentence.tokens) {
      if (isShouted) shouted++;
      else if (kind === "punctuation" && text.startsWith("!")) exclaimed += text.length;
      else if (kind === "emoji" && ANGRY_EMOJI.has(text)) points++;
    }
  }
  // joy shouts as well
  if (points > 0 || complaint.isComplaint) {
    points += Number(shouted >= SHOUTED_FROM) + Number(shouted >= SHOUTED_A_LOT);
    points += Number(exclaimed >= EXCLAIMED_FROM) + Number(exclaimed >= EXCLAIMED_A_LOT);
  }
  return points >= FURIOUS_FROM ? 3 : points >= ANGRY_FROM ? 2 : points > 0 ? 1 : 0;
}
