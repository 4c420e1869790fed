import type { Processor } from "../core/contracts.ts";
import type { Expectation, Span } from "../schemas/reading.ts";
import { findCues, hasWord, type CueTable, type FoundCue } from "./cues.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { CLAIM_CUES, CLAIM_ENDS, OUTCOME_STARTS, type ClaimSign } from "./lexicons/expectation-cues.ts";
import { NEGATORS, saysFailure, saysPraise } from "./lexicons/failure-words.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence, Token } from "./read-text.ts";
import { starShare } from "./star-share.ts";

export interface DetectExpectationAdds {
  readonly expectation: Expectation;
}

/**
 * Gives the step that finds a claim of ours the author says was not kept: what they were promised or told, what is
 * advertised, what was ordered or due; with the words of the claim. "You promised" says by itself that it was not kept,
 * "your website says" only beside a failure or a "but", "I was told" only of what holds something out; "as promised"
 * never, and who gives the best rating there is misses nothing. Of several claims the first in the text gives source and
 * claim. Spans refer to `text`.
 */
export function detectExpectation(): Processor<
  ReadMention & ReadTextAdds & DetectLanguageAdds,
  DetectExpectationAdds
> {
  return perMention("detect_expectation", (mention) => ({ expectation: judge(mention) }));
}

const NOTHING: Expectation = { isBroken: false, source: "none", claim: null, evidence: [] };
const MAX_SPANS = 20;

interface BrokenClaim extends Span {
  readonly source: Expectation["source"];
  readonly claim: Span | null;
}

function judge(mention: ReadMention & ReadTextAdds & DetectLanguageAdds): Expectation {
  const { byUs, language, reading } = mention;
  const table = CLAIM_CUES.get(language);
  if (byUs || table === undefined || starShare(mention) === 1) return NOTHING;
  const inText = brokenClaimsOf(reading.sentences, table, language);
  const [first] = inText;
  if (first === undefined) {
    const [titled] = reading.title.length === 0 ? [] : brokenClaimsOf(reading.title, table, language);
    return titled === undefined ? NOTHING : { ...NOTHING, isBroken: true, source: titled.source };
  }
  const { source } = first;
  return {
    isBroken: true,
    source,
    claim: inText.find((found) => found.claim !== null && found.source === source)?.claim ?? null,
    evidence: inText.slice(0, MAX_SPANS).map(({ start, end }) => ({ start, end })),
  };
}

function brokenClaimsOf(
  sentences: readonly Sentence[],
  table: CueTable<ClaimSign>,
  language: string,
): BrokenClaim[] {
  return sentences.flatMap((sentence, index) => {
    const cues = findCues(sentence, table);
    return cues.flatMap((cue) => brokenClaim(cue, sentence, sentences[index + 1], language) ?? []);
  });
}

function brokenClaim(
  { start, end, at, value: { source, type } }: FoundCue<ClaimSign>,
  { tokens }: Sentence,
  next: Sentence | undefined,
  language: string,
): BrokenClaim | undefined {
  if (type === "none") return undefined;
  if (type === "bare") return { start, end, source, claim: null };
  if (isDenied(tokens, at)) return undefined;
  if (source === "agreed" && hasWord(tokens, at - BILL_REACH, at, BILLS)) return undefined;
  let from = at;
  while ((tokens[from]?.end ?? Infinity) <= end) from++;
  const claimFrom = keptBack(tokens, from);
  const claim = claimAt(tokens, claimFrom);
  const isBroken =
    type === "broken"
      ? !isKept(tokens, at, claim.to, next)
      : !isQuestion(tokens) &&
        (type !== "told" || language !== "en" || holdsOut(tokens, from - 1, claim.to)) &&
        isClaim(tokens, from, claim, source) &&
        isUnkept(tokens, at, claim, next, source, language);
  if (!isBroken) return undefined;
  const said = claimFrom < from ? (tokens[claimFrom - 1]?.end ?? end) : end;
  return { start, end: said, source, claim: spanOf(tokens, claim) };
}

/** "You never promised". */
function isDenied(tokens: readonly Token[], at: number): boolean {
  return hasWord(tokens, at - 2, at - 1, NEGATORS);
}

/** What customers themselves are due with: "my payment was due on Monday". */
const BILLS = new Set(
  "pay owed payment payments bill bills loan rent balance installment instalment mortgage tax taxes premium debt".split(
    " ",
  ),
);
const BILL_REACH = 8;

const REFUSALS = new Set(
  (
    "error errors need must should wait hold call contact sorry denied expired unauthorized unavailable locked blocked " +
    "frozen closed invalid incorrect incomplete declined rejected pending processing already longer unlikely late penalty"
  ).split(" "),
);

/** Words that hold something out: what will be, what one gets, by when. */
const PROSPECTS = new Set(
  (
    "will would 'll i'll i'd it'll it'd you'll you'd they'll they'd we'll we'd he'll she'll that'll can could going gonna " +
    "within tomorrow tonight soon guaranteed guarantee free refunded unlimited included includes covered covers " +
    "eligible approved delivered arriving arrived shipped mailed sent fixed resolved activated deactivated " +
    "cancelled canceled waived credited available instant instantly immediately next zero no"
  ).split(" "),
);
const CHANCES = new Set(["can", "could", "would", "will", "it'll", "it'd"]);
const BURDENS = new Set("take only cost charge increase".split(" "));

/** "They told me it was lost", "it can take weeks" are news, and bad ones. */
function holdsOut(tokens: readonly Token[], from: number, to: number): boolean {
  for (let index = Math.max(0, from); index < to; index++) {
    const text = tokens[index]?.text ?? "";
    if (!PROSPECTS.has(text)) continue;
    const after = tokens[index + 2]?.text;
    const isBurden = CHANCES.has(text) && BURDENS.has(tokens[index + 1]?.text ?? "") && after !== "care";
    if (!isBurden || isDated(tokens, index, to)) return true;
  }
  return false;
}

/** "It would take 3 days" is one to count on, "it can take weeks" is none. */
function isDated(tokens: readonly Token[], at: number, to: number): boolean {
  const text = tokens[at]?.text ?? "";
  if (text === "can" || text === "could" || tokens[at + 1]?.text !== "take") return false;
  return tokens.slice(at, to).some(({ kind }) => kind === "number");
}
/** "No fees", "not be charged" are claims that deny. */
const DENIED_COSTS = new Set(
  "fee fees charge charges charged cost costs extra hidden additional commitment contract interest".split(
    " ",
  ),
);

const FEES = new Set("fee fees charge charges charged penalty".split(" "));
const HAVING = new Set(["have", "has", "had", "having", "am", "was"]);

/** "That I have to pay first". */
function obliges(tokens: readonly Token[], from: number, to: number): boolean {
  for (let index = from; index + 1 < to; index++) {
    if (HAVING.has(tokens[index]?.text ?? "") && tokens[index + 1]?.text === "to") return true;
  }
  return false;
}

/** A refusal, an instruction or bad news is nothing to count on: "I was told to wait", "it says it isn't available". */
function isClaim(
  tokens: readonly Token[],
  after: number,
  { from, to }: Stretch,
  source: Expectation["source"],
): boolean {
  if (source === "agreed") return to > from;
  if (source === "promised" && (tokens[after]?.text === "to" || tokens[after - 1]?.text === "to"))
    return false;
  if (hasWord(tokens, from, to - 1, REFUSALS) || obliges(tokens, from, to + 3)) return false;
  const denies = hasWord(tokens, from, to - 1, NEGATORS) || saysFailure(tokens, from, to - 1);
  if (!denies && hasWord(tokens, from, to - 1, FEES)) return false;
  return to > from && (!denies || hasWord(tokens, from, to - 1, DENIED_COSTS));
}

/** Tokens `from` up to, not including, `to`. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Words of a cue that belong to the claim as well: "it says next-day delivery". */
const CLAIM_STARTS = new Set(
  "it i we they you my the a an there would will by within next same free no all everything this to delivery shipping refund delivered available out arriving unlimited two extra express priority premium for at arrived been come received".split(
    " ",
  ),
);
const OF_THE_CUE = new Set(["to", "for", "at"]);

function keptBack(tokens: readonly Token[], from: number): number {
  const last = tokens[from - 1]?.text ?? "";
  return CLAIM_STARTS.has(last) && !OF_THE_CUE.has(last) ? from - 1 : from;
}

const INTRODUCTIONS = new Set("that me us to you u : \" “ as for at que qu' dass che i'd".split(" "));
const MOST_CLAIM_TOKENS = 18;
const STOP = /^(?:[.!?;()…"“”]+|,|-|–|—)$/;

function claimAt(tokens: readonly Token[], after: number): Stretch {
  let from = after;
  while (from < after + 3 && INTRODUCTIONS.has(tokens[from]?.text ?? "")) from++;
  let to = from;
  for (; to < tokens.length && to < from + MOST_CLAIM_TOKENS; to++) {
    const { text = "", kind, start } = tokens[to] ?? {};
    if (kind === "url" || kind === "emoji" || kind === "handle") break;
    if (kind === "punctuation" && STOP.test(text) && !isHyphen(tokens, to, start)) break;
    if (CLAIM_ENDS.has(text)) break;
    if (isJoin(text) && OUTCOME_STARTS.has(tokens[to + 1]?.text ?? "")) break;
  }
  return { from, to };
}

function isJoin(text: string): boolean {
  return text === "and" || text === "&" || text === "y" || text === "und" || text === "et" || text === "e";
}

/** "next-day": the hyphen touches both neighbours. */
function isHyphen(tokens: readonly Token[], at: number, start: number | undefined): boolean {
  return (
    tokens[at]?.text === "-" && tokens[at - 1]?.end === start && tokens[at + 1]?.start === tokens[at]?.end
  );
}

function spanOf(tokens: readonly Token[], { from, to }: Stretch): Span | null {
  const first = tokens[from];
  const last = tokens[to - 1];
  return first === undefined || last === undefined || to <= from
    ? null
    : { start: first.start, end: last.end };
}

const KEPT = new Set("delivered did kept arrived came on-time indeed exactly true happened".split(" "));
const REACH = 14;
/** A failure further off in a long sentence is about something else. */
const FAILURE_REACH = 60;

/** A promise that was kept, or is praised, in what follows it. */
function isKept(tokens: readonly Token[], at: number, from: number, next: Sentence | undefined): boolean {
  const to = from + REACH;
  if (saysFailure(tokens, at - FAILURE_REACH, from + FAILURE_REACH)) return false;
  const isSaidKept = saysPraise(tokens, from, to) || hasWord(tokens, from, to, KEPT);
  return isSaidKept && !(next !== undefined && saysFailure(next.tokens, 0, REACH));
}

const CONTRASTS = new Set(
  "but yet however still instead although though except wrong pero sino aber doch jedoch mais pourtant mas porém ma però invece".split(
    " ",
  ),
);
const ARRIVALS = new Set(
  "got received given sent charged only came arrived delivered get gave charging put".split(" "),
);
const NOTHING_LEFT = new Set(
  "still no not nothing never now today hours days weeks months yet nobody".split(" "),
);
const DENIAL_REACH = 6;
const DENIALS = new Set(
  "no nunca nada sin nicht kein keine keinen nichts nie pas rien jamais aucune aucun toujours não nao nem non mai niente nessuna nulla".split(
    " ",
  ),
);

/** What was said is unkept where a "but" or a failure follows the claim, or comes before it in the sentence. */
function isUnkept(
  tokens: readonly Token[],
  at: number,
  claim: Stretch,
  next: Sentence | undefined,
  source: Expectation["source"],
  language: string,
): boolean {
  const { to } = claim;
  if (source === "agreed") {
    // "I paid for a window seat and got the middle"
    return (
      (CONTRASTS.has(tokens[to]?.text ?? "") || isJoin(tokens[to]?.text ?? "")) &&
      hasWord(tokens, to, to + 5, ARRIVALS)
    );
  }
  if (language !== "en") {
    return (
      !hasWord(tokens, claim.from, to - 1, DENIALS) &&
      (hasWord(tokens, to, to + DENIAL_REACH, DENIALS) ||
        (next !== undefined && hasWord(next.tokens, 0, DENIAL_REACH, DENIALS)))
    );
  }
  if (saysPraise(tokens, to, to + REACH) && !saysFailure(tokens, to, to + REACH)) return false;
  return (
    hasWord(tokens, to, to + 3, CONTRASTS) ||
    hasWord(tokens, to, to + 5, NEGATORS) ||
    saysFailure(tokens, to, to + REACH) ||
    saysFailure(tokens, Math.max(0, at - REACH), at - 1) ||
    (next !== undefined &&
      (saysFailure(next.tokens, 0, REACH) ||
        hasWord(next.tokens, 0, 4, NOTHING_LEFT) ||
        hasWord(next.tokens, 0, 2, CONTRASTS)))
  );
}

/** "Your site says free returns, is that right?" asks. */
function isQuestion(tokens: readonly Token[]): boolean {
  const { text = "" } = tokens.at(-1) ?? {};
  const { text: tail = "" } = tokens.at(-2) ?? {};
  return text.startsWith("?") && ASKING.has(tail);
}

const ASKING = new Set("right correct true accurate possible valid".split(" "));
