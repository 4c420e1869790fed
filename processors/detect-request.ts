import type { Processor } from "../core/contracts.ts";
import type { Request, Span } from "../schemas/reading.ts";
import { bestCueAt, isLonger, toFound, type CueMatch, type FoundCue } from "./cues.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { ENGLISH_CUES, OTHER_CUES, type RequestCues } from "./lexicons/request-cues.ts";
import { perForm } from "./per-form.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence, Token } from "./read-text.ts";

export interface DetectRequestAdds {
  readonly request: Request;
}

/**
 * Gives the step that tells whether a mention asks for something that is not there, or for something to be done
 * differently ("please add …", "it would be nice if …", "there should be …"), or advises other customers ("ask for a
 * room at the back"). A question, a plea for help and a call to repair what is broken are none. What we wrote
 * ourselves is never a request. Confidence 0 says that the language has no cues. Evidence refers to `text`, in its
 * order: from the words that ask to the end of their clause.
 * @see https://aclanthology.org/S19-2215/ suggestions by rules, in forums and reviews alike
 */
export function detectRequest(): Processor<
  ReadMention & ReadTextAdds & DetectLanguageAdds,
  DetectRequestAdds
> {
  return perMention("detect_request", (mention) => ({ request: judge(mention) }));
}

/** Points from which a sentence asks: those of one sure cue. */
const REQUEST_FROM = 2;

/** Points of a cue that is part of the evidence, unless there are fainter ones only. */
const EVIDENCE_FROM = 1;

const MAX_SPANS = 20;

/** Cues with what tells the words that matter: most of a text matter to none of them. */
interface IndexedCues extends RequestCues {
  readonly matters: (token: Token) => boolean;
}

const CUES = new Map(
  [["en", ENGLISH_CUES] as const, ...OTHER_CUES].map(([language, cues]) => [language, indexed(cues)]),
);

function indexed(cues: RequestCues): IndexedCues {
  const tables = [cues.anywhere, cues.openings, cues.advice];
  const matters = perForm(
    (token) =>
      token.kind !== "word" ||
      tables.some(({ startingWith }) => startingWith(token) !== undefined) ||
      [cues.pleas, cues.leads, cues.conditions].some((words) => words.has(token.text)),
  );
  return { ...cues, matters };
}

function judge(mention: ReadMention & ReadTextAdds & DetectLanguageAdds): Request {
  if (mention.byUs) return { isRequest: false, confidence: 1, evidence: [] };
  const cues = CUES.get(mention.language);
  if (cues === undefined) return { isRequest: false, confidence: 0, evidence: [] };
  const evidence: Span[] = [];
  let points = 0;
  for (const sentence of mention.reading.title) {
    points = Math.max(points, pointsOf(findRequestCues(sentence, cues)));
  }
  for (const sentence of mention.reading.sentences) {
    const found = findRequestCues(sentence, cues);
    const said = pointsOf(found);
    points = Math.max(points, said);
    if (said >= REQUEST_FROM && evidence.length < MAX_SPANS) evidence.push(...evidenceOf(found, sentence));
  }
  const isRequest = points >= REQUEST_FROM;
  return { isRequest, confidence: confidenceOf(points, isRequest), evidence: evidence.slice(0, MAX_SPANS) };
}

function pointsOf(found: readonly FoundCue<number>[]): number {
  let points = 0;
  for (const { value } of found) points += value;
  return points;
}

/** How often the answer is right, by points, measured on public suggestions in forums and reviews. */
function confidenceOf(points: number, isRequest: boolean): number {
  if (!isRequest) return points < 1 ? 0.9 : 0.7;
  return points < 2.5 ? 0.7 : 0.83;
}

/** The cues of one sentence in order; what a sure cue or a denied one covers is not read twice. */
function findRequestCues({ tokens }: Sentence, cues: IndexedCues): readonly FoundCue<number>[] {
  const found: FoundCue<number>[] = [];
  let hasPleaded = false;
  const opensWithCondition = cues.conditions.has(tokens[0]?.text ?? "");
  let isClauseStart = true;
  let isToReader = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (!cues.matters(token)) {
      isClauseStart = false;
      continue;
    }
    const match = cueAt(tokens, at, cues, isClauseStart, isToReader && at > 1);
    // who says "please" twice is polite
    const isPlea = match?.end === at && cues.pleas.has(token.text);
    if (match !== undefined && !(isPlea && hasPleaded)) found.push(toFound(tokens, at, match));
    hasPleaded ||= isPlea;
    if (match !== undefined && (match.cue.value >= REQUEST_FROM || match.cue.value === 0)) at = match.end;
    else isToReader ||= cues.conditions.has(token.text) && cues.readers.has(tokens[at + 1]?.text ?? "");
    isClauseStart = startsClauseAfter(
      tokens,
      at,
      cues,
      isClauseStart && match === undefined,
      opensWithCondition || isToReader,
    );
  }
  return found;
}

function cueAt(
  tokens: readonly Token[],
  at: number,
  cues: RequestCues,
  isClauseStart: boolean,
  isAfterCondition: boolean,
): CueMatch<number> | undefined {
  const anywhere = bestCueAt(tokens, at, cues.anywhere, isLonger);
  if (!isClauseStart) return anywhere;
  const opening =
    bestCueAt(tokens, at, cues.openings, isLonger) ??
    (isAfterCondition ? bestCueAt(tokens, at, cues.advice, isLonger) : undefined);
  if (anywhere === undefined || opening === undefined) return anywhere ?? opening;
  return opening.end >= anywhere.end || anywhere.cue.value < REQUEST_FROM ? opening : anywhere;
}

const CLAUSE_BREAK = /^(?:[-–—:;(]|\.\.|…)/;

function startsClauseAfter(
  tokens: readonly Token[],
  at: number,
  cues: RequestCues,
  wasClauseStart: boolean,
  isConditional: boolean,
): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  const { kind, text, start } = token;
  if (kind === "word") return cues.pleas.has(text) || (wasClauseStart && cues.leads.has(text));
  // the hyphen of "no-go"
  if (text === "-" && tokens[at - 1]?.end === start) return wasClauseStart;
  return wasClauseStart || (isConditional && text === ",") || CLAUSE_BREAK.test(text);
}

const CLAUSE_END = /^[.,!?;:()…–—]/;

/** Most words of a clause that are shown. */
const CLAUSE_WORDS = 25;

/** From each cue to the end of its clause; what touches is one span. */
function evidenceOf(found: readonly FoundCue<number>[], { tokens }: Sentence): Span[] {
  const spans: Span[] = [];
  const least = found.some(({ value }) => value >= EVIDENCE_FROM) ? EVIDENCE_FROM : Number.MIN_VALUE;
  for (const cue of found) {
    if (cue.value < least) continue;
    const end = cue.value >= REQUEST_FROM ? clauseEnd(tokens, cue) : cue.end;
    const last = spans.at(-1);
    if (last !== undefined && cue.start <= last.end + 1) last.end = Math.max(last.end, end);
    else spans.push({ start: cue.start, end });
  }
  return spans;
}

function clauseEnd(tokens: readonly Token[], { at, end }: FoundCue<number>): number {
  let until = end;
  for (let index = at; index < Math.min(tokens.length, at + CLAUSE_WORDS); index++) {
    const token = tokens[index];
    if (token === undefined || (token.end > end && token.kind !== "word" && CLAUSE_END.test(token.text)))
      break;
    until = Math.max(until, token.end);
  }
  return until;
}
