import type { Processor } from "../core/contracts.ts";
import type { Complaint } from "../schemas/enrichment.ts";
import type { Span } from "../schemas/reading.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { bestCueAt, toFound, type CueMatch, type CueTable, type FoundCue } from "./cues.ts";
import { COMPLAINT_CLASSES, complaintSignals } from "./complaint-signals.ts";
import { likelyByWords, weighWords } from "./complaint-words.ts";
import type { HashFeaturesAdds } from "./hash-features.ts";
import { ENGLISH_CUES, OTHER_CUES } from "./lexicons/complaint-cues.ts";
import { addSums, probabilities, sumsOf, type LinearModel } from "./linear-model/linear-model.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence } from "./read-text.ts";
import type { ScoreSentimentAdds } from "./score-sentiment/index.ts";
import { HIGH_SHARE, LOW_SHARE, starShare } from "./star-share.ts";
import { strongestSpans } from "./strongest-spans.ts";

export interface DetectComplaintAdds {
  readonly complaint: Complaint;
}

/** Models of complaints: one of English, one of what single words say in the other languages that are read. */
export interface ComplaintModels {
  readonly english?: LinearModel | undefined;
  readonly others?: LinearModel | undefined;
}

type Needs = ReadMention & ReadTextAdds & DetectLanguageAdds & HashFeaturesAdds & ScoreSentimentAdds;

/**
 * Gives the step that tells whether a mention states a failed expectation, whatever its polarity: by cues in title and
 * text ("never arrived", "still waiting", "charged twice") or by a rating of at most two stars of five. In English the
 * cues are signals of a trained model that also weighs the words themselves; in other languages a text is one by its
 * cues or by its words, which a model was taught through English. Where there is no model, the cues decide alone.
 * Praise that denies a failure ("no complaints") counts against it. What we wrote ourselves is never a complaint. Where
 * the language has no cues and there is no low rating, confidence 0 says that it is not known. Evidence refers to `text`.
 */
export function detectComplaint(models: ComplaintModels): Processor<Needs, DetectComplaintAdds> {
  return perMention("detect_complaint", (mention) => ({ complaint: judge(mention, models) }));
}

/** Points from which it is a complaint: less than one strong cue (2) only when several weak ones (½ each) agree. */
const COMPLAINT_FROM = 1.5;

/** However many weak cues there are, they count no more than this. */
const MOST_WEAK_POINTS = 1.5;
/** "No complaints", "problem solved": counts once, as does plain praise and thanks (−1). */
const DENIAL_POINTS = -2;

/** Points of a strongly negative text; never given to one without any cue. */
const ANGER_POINTS = 0.5;
const ANGRY_BELOW = -0.4;
const HIGH_RATING_POINTS = -1;

const LOW_RATING_CONFIDENCE = 0.85;

function judge(mention: Needs, models: ComplaintModels): Complaint {
  if (mention.byUs) return { isComplaint: false, confidence: 1, evidence: [] };
  const table = mention.language === "en" ? ENGLISH_CUES : OTHER_CUES.get(mention.language);
  const rated = starShare(mention);
  const isLowRated = rated !== undefined && rated <= LOW_SHARE;
  if (table === undefined) {
    return { isComplaint: isLowRated, confidence: isLowRated ? LOW_RATING_CONFIDENCE : 0, evidence: [] };
  }
  const inText = mention.reading.sentences.flatMap((sentence) => findWeightyCues(sentence, table));
  const inTitle = mention.reading.title.flatMap((sentence) => findWeightyCues(sentence, table));
  const cues = [...inTitle, ...inText];
  const said = say(mention, cues, rated, models);
  const isComplaint = isLowRated || said.isComplaint;
  return {
    isComplaint,
    confidence: isLowRated
      ? Math.max(LOW_RATING_CONFIDENCE, said.isComplaint ? said.confidence : 0)
      : said.confidence,
    evidence: isComplaint ? evidenceOf(inText, mention, models) : [],
  };
}

/** What the words say, and how sure that is. */
type Said = Pick<Complaint, "isComplaint" | "confidence">;

function say(
  mention: Needs,
  cues: readonly FoundCue<number>[],
  rated: number | undefined,
  { english, others }: ComplaintModels,
): Said {
  const isEnglish = mention.language === "en";
  if (isEnglish && english !== undefined) {
    return sayByModel(likelyComplaint(english, mention, cues), cues, mention, rated);
  }
  const byCues = sayByCues(cues, mention, rated);
  if (isEnglish || others === undefined) return byCues;
  return either(byCues, sayByWords(others, mention, cues, rated));
}

/** How likely it must be: more so where stars or words speak against it, hardly where a failure is told as one. */
const LIKELY_FROM = 0.5;
const LIKELY_FROM_IF_DENIED = 0.7;
const LIKELY_FROM_IF_TOLD = 0.1;
const BLAME_FROM = 0.5;
const PRAISE_FROM = 0.5;

function sayByModel(
  likely: number,
  cues: readonly FoundCue<number>[],
  { polarity }: ScoreSentimentAdds,
  rated: number | undefined,
): Said {
  const isTold = cues.some(({ value }) => value >= STRONG_POINTS);
  const isDenied = cues.some(({ value }) => value <= DENIAL_POINTS);
  const isPraised = rated !== undefined && rated >= HIGH_SHARE;
  const isBlame = (polarity.likely?.negative ?? 0) > BLAME_FROM;
  const from =
    isPraised || (isDenied && !isTold)
      ? LIKELY_FROM_IF_DENIED
      : isTold && !isDenied && isBlame
        ? LIKELY_FROM_IF_TOLD
        : LIKELY_FROM;
  const isComplaint = likely >= from;
  return { isComplaint, confidence: round(Math.max(0.5, isComplaint ? likely : 1 - likely)) };
}

function sayByCues(
  cues: readonly FoundCue<number>[],
  { sentiment }: ScoreSentimentAdds,
  rated: number | undefined,
): Said {
  const points = pointsOf(cues, (sentiment.score ?? 0) < ANGRY_BELOW, rated);
  const isComplaint = points >= COMPLAINT_FROM;
  return { isComplaint, confidence: confidenceOf(points, isComplaint) };
}

/** How likely it must be by the words alone of another language than English. */
const LIKELY_FROM_WORDS = 0.55;

/** What single words say together: never a complaint against stars, praise or a denial. */
function sayByWords(
  model: LinearModel,
  { reading, polarity }: Needs,
  cues: readonly FoundCue<number>[],
  rated: number | undefined,
): Said {
  const isDenied = cues.some(({ value }) => value <= DENIAL_POINTS);
  const isPraise = (rated ?? 0) >= HIGH_SHARE || (polarity.likely?.positive ?? 0) > PRAISE_FROM;
  const likely = likelyByWords(model, weighWords(model, [...reading.title, ...reading.sentences]));
  const isComplaint = likely >= LIKELY_FROM_WORDS && !isDenied && !isPraise;
  return { isComplaint, confidence: round(Math.max(0.5, isComplaint ? likely : 1 - likely)) };
}

/** A complaint where one of two says so, and as sure as the surer; none as sure as the less sure. */
function either(one: Said, other: Said): Said {
  const saying = [one, other].filter(({ isComplaint }) => isComplaint).map(({ confidence }) => confidence);
  if (saying.length > 0) return { isComplaint: true, confidence: Math.max(...saying) };
  return { isComplaint: false, confidence: Math.min(one.confidence, other.confidence) };
}

function likelyComplaint(model: LinearModel, mention: Needs, cues: readonly FoundCue<number>[]): number {
  const { title, sentences } = mention.features;
  const sums = addSums(
    [...title, ...sentences].map((features) => sumsOf(model, features)),
    COMPLAINT_CLASSES.length,
  );
  const signals = complaintSignals(
    [...mention.reading.title, ...mention.reading.sentences],
    cues.map(({ value }) => value),
    mention.polarity.likely,
  );
  return probabilities(model, sums, signals)[1] ?? 0;
}

const STRONG_POINTS = 2;

function pointsOf(cues: readonly FoundCue<number>[], isAngry: boolean, rated: number | undefined): number {
  let strong = 0;
  let weak = 0;
  let denial = 0;
  let praise = 0;
  for (const { value: points } of cues) {
    if (points <= DENIAL_POINTS) denial = DENIAL_POINTS;
    else if (points < 0) praise = points;
    else if (points >= STRONG_POINTS) strong += points;
    else weak += points;
  }
  if (strong + weak === 0) return 0;
  return (
    strong +
    Math.min(MOST_WEAK_POINTS, weak) +
    denial +
    // the praise of an angry text is mock or beside the point
    (isAngry ? ANGER_POINTS : praise) +
    (rated !== undefined && rated >= HIGH_SHARE ? HIGH_RATING_POINTS : 0)
  );
}

/** How often the answer is right, by points, measured on public tweets to companies. */
function confidenceOf(points: number, isComplaint: boolean): number {
  if (!isComplaint) return points > 0 ? 0.6 : 0.88;
  if (points < 2) return 0.6;
  return points < 3 ? 0.8 : 0.9;
}

/** More words than these say no more of why, and lighter ones do not say it. */
const MOST_WORDS = 3;
const LIGHTEST_WORD = 1;

/** The cues that say it, strongest first; where there are none, the words that say it most, or else those of blame. */
function evidenceOf(
  cues: readonly FoundCue<number>[],
  { language, polarity, reading }: Needs,
  { others }: ComplaintModels,
): Span[] {
  const saying = cues.filter(({ value }) => value > 0);
  if (saying.length > 0) return strongestSpans(saying);
  const words = language === "en" || others === undefined ? [] : weighWords(others, reading.sentences);
  const telling = words.filter(({ value }) => value >= LIGHTEST_WORD);
  if (telling.length > 0) return strongestSpans(telling).slice(0, MOST_WORDS);
  return strongestSpans(polarity.hits.sentences.flat().filter(({ value }) => value < 0));
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** The cues of one sentence in order, the weightiest at each word; what a strong cue covers is not read twice. */
export function findWeightyCues({ tokens }: Sentence, table: CueTable<number>): FoundCue<number>[] {
  const found: FoundCue<number>[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const match = bestCueAt(tokens, at, table, outweighs);
    if (match === undefined) continue;
    found.push(toFound(tokens, at, match));
    if (Math.abs(match.cue.value) >= STRONG_POINTS) at = match.end;
  }
  return found;
}

/** The weightier cue holds; of two equal ones the praise, for it is the longer look at the same words. */
function outweighs({ cue: { value } }: CueMatch<number>, { cue: other }: CueMatch<number>): boolean {
  const difference = Math.abs(value) - Math.abs(other.value);
  return difference > 0 || (difference === 0 && value < other.value);
}
