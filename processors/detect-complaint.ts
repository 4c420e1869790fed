import type { Processor } from "../core/contracts.ts";
import type { Complaint, Span } from "../schemas/enrichment.ts";
import type { Mention } from "../schemas/mention.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { bestCueAt, toFound, type CueMatch, type CueTable, type FoundCue } from "./cues.ts";
import { ENGLISH_CUES, OTHER_CUES } from "./lexicons/complaint-cues.ts";
import { perMention } from "./per-mention.ts";
import type { ReadTextAdds, Sentence } from "./read-text.ts";
import type { ScoreSentimentAdds } from "./score-sentiment/index.ts";

export interface DetectComplaintAdds {
  readonly complaint: Complaint;
}

/**
 * Gives the step that tells whether a mention states a failed expectation, whatever its polarity: by cues in title and
 * text ("never arrived", "still waiting", "charged twice") or by a rating of at most two stars of five. Praise that
 * denies a failure ("no complaints") counts against it. What we wrote ourselves is never a complaint. Where the
 * language has no cues and there is no low rating, confidence 0 says that it is not known. Evidence refers to `text`.
 */
export function detectComplaint(): Processor<
  Mention & ReadTextAdds & DetectLanguageAdds & ScoreSentimentAdds,
  DetectComplaintAdds
> {
  return perMention("detect_complaint", (mention) => ({ complaint: judge(mention) }));
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

const LOW_RATING = 0.4;
const HIGH_RATING = 0.8;
const LOW_RATING_CONFIDENCE = 0.85;

const MAX_SPANS = 20;

function judge(mention: Mention & ReadTextAdds & DetectLanguageAdds & ScoreSentimentAdds): Complaint {
  if (mention.byUs) return { isComplaint: false, confidence: 1, evidence: [] };
  const table = mention.language === "en" ? ENGLISH_CUES : OTHER_CUES.get(mention.language);
  const rated = ratingShare(mention);
  const isLowRated = rated !== undefined && rated <= LOW_RATING;
  if (table === undefined) {
    return { isComplaint: isLowRated, confidence: isLowRated ? LOW_RATING_CONFIDENCE : 0, evidence: [] };
  }
  const inText = mention.reading.sentences.flatMap((sentence) => findWeightyCues(sentence, table));
  const inTitle = mention.reading.title.flatMap((sentence) => findWeightyCues(sentence, table));
  const isAngry = (mention.sentiment.score ?? 0) < ANGRY_BELOW;
  const points = pointsOf([...inTitle, ...inText], isAngry, rated);
  const isComplaint = isLowRated || points >= COMPLAINT_FROM;
  return {
    isComplaint,
    confidence: isLowRated
      ? Math.max(LOW_RATING_CONFIDENCE, confidenceOf(points, true))
      : confidenceOf(points, isComplaint),
    evidence: isComplaint ? evidenceOf(inText) : [],
  };
}

function ratingShare({ rating, ratingMax }: Mention): number | undefined {
  if (rating === null || ratingMax === null || !(ratingMax > 0) || !Number.isFinite(rating)) return undefined;
  return rating / ratingMax;
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
    (rated !== undefined && rated >= HIGH_RATING ? HIGH_RATING_POINTS : 0)
  );
}

/** How often the answer is right, by points, measured on public tweets to companies. */
function confidenceOf(points: number, isComplaint: boolean): number {
  if (!isComplaint) return points > 0 ? 0.6 : 0.88;
  if (points < 2) return 0.6;
  return points < 3 ? 0.8 : 0.9;
}

function evidenceOf(cues: readonly FoundCue<number>[]): Span[] {
  return cues
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.start - b.start)
    .slice(0, MAX_SPANS)
    .map(({ start, end }) => ({ start, end }));
}

/** The cues of one sentence in order, the weightiest at each word; what a strong cue covers is not read twice. */
function findWeightyCues({ tokens }: Sentence, table: CueTable<number>): FoundCue<number>[] {
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
