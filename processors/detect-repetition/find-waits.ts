import type { Span } from "../../schemas/reading.ts";
import { hasWord, type FoundCue } from "../cues.ts";
import { saysFailure } from "../lexicons/failure-words.ts";
import type { RepetitionSign, RepetitionWords } from "../lexicons/repetition-cues.ts";
import type { Sentence, Token } from "../read-text.ts";
import { BEFORE_DATE, dateAt } from "./days-since.ts";

/** What one sentence says. */
export interface Said {
  readonly sentence: Sentence;
  readonly cues: readonly FoundCue<RepetitionSign>[];
  /** Something is owed or still waited for. */
  readonly isOpen: boolean;
}

/** A repetition or a wait that was found. */
export interface Finding extends Span {
  readonly count?: number | undefined;
  readonly days?: number | undefined;
}

/** Who has waited longer exaggerates: the wait counts, its length does not. */
const LONGEST_BELIEVED = 3_650;

const NUMBER = /^(\d{1,3}(?:[.,]\d{3})+|\d{1,6})(?:[.,](\d{1,2}))?(?!\d)/;

/** The number a token is, in digits or a word. */
export function numberOf({ kind, text }: Token, words: RepetitionWords): number | undefined {
  if (kind === "number") {
    const [, whole, part = "0"] = NUMBER.exec(text) ?? [];
    return whole === undefined ? undefined : Number(`${whole.replace(/[.,]/g, "")}.${part}`);
  }
  return words.numbers.get(text);
}

/** Time spans and dates of a sentence that say how long something has been waited for. */
export function waitsOf(
  said: readonly Said[],
  index: number,
  words: RepetitionWords,
  publishedAt: string,
): Finding[] {
  const here = said[index];
  if (here === undefined) return [];
  const { tokens } = here.sentence;
  const findings: Finding[] = [];
  let context: WaitContext | undefined;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (!words.saysTime(token)) continue;
    const isSince = words.since.has(token.text);
    context ??= contextOf(said, index, tokens, words);
    if (isSince) {
      const finding = waitSince(context, at, publishedAt);
      if (finding !== undefined) findings.push(finding);
    }
    const span = timeSpanEndingAt(context, at);
    const finding = span === undefined ? undefined : waitFor(context, span);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function contextOf(
  said: readonly Said[],
  index: number,
  tokens: readonly Token[],
  words: RepetitionWords,
): WaitContext {
  const around = [said[index], said[index - 1], said[index + 1]];
  let fails: boolean | undefined;
  return {
    tokens,
    words,
    isOwed: () => around.some((near) => near?.isOpen === true),
    isFailing: () =>
      (fails ??= around.some((near) => near !== undefined && (near.isOpen || sentenceFails(near.sentence)))),
  };
}

/** A failure further on in a long sentence is about something else. */
const SENTENCE_REACH = 60;

/** Whether something failed in a sentence. */
export function sentenceFails({ tokens }: Sentence): boolean {
  return saysFailure(tokens, 0, Math.min(tokens.length, SENTENCE_REACH));
}

interface WaitContext {
  readonly tokens: readonly Token[];
  readonly words: RepetitionWords;
  /** Something is owed or waited for in this sentence or next to it. */
  readonly isOwed: () => boolean;
  /** The same, or something failed there. */
  readonly isFailing: () => boolean;
}

/** A number with its unit: tokens `from` to `to`. */
interface TimeSpan {
  readonly from: number;
  readonly to: number;
  readonly days: number;
}

const BETWEEN_NUMBER_AND_UNIT = new Set(
  "full whole long more solid business working + of good straight different calendar entire bloody damn freaking fucking".split(
    " ",
  ),
);
const GLUED_UNIT = /^(\d{1,4}(?:\.\d{1,2})?)(\p{L}+)$/u;

function timeSpanEndingAt({ tokens, words }: WaitContext, at: number): TimeSpan | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === "number") {
    const [, digits, unit] = GLUED_UNIT.exec(token.text) ?? [];
    const days = unit === undefined ? undefined : words.units.get(unit);
    return days === undefined ? undefined : { from: at, to: at, days: Number(digits) * days };
  }
  const unit = words.units.get(token.text);
  if (unit === undefined) return undefined;
  let from = at - 1;
  for (let skipped = 0; skipped < 2 && BETWEEN_NUMBER_AND_UNIT.has(tokens[from]?.text ?? ""); skipped++)
    from--;
  const counting = tokens[from];
  let count = counting === undefined ? undefined : numberOf(counting, words);
  if (tokens[from - 1]?.text === "/") {
    // "4 1/2 hours"
    const whole = tokens[from - 3];
    from -= whole?.kind === "number" ? 3 : 2;
    count = (whole?.kind === "number" ? (numberOf(whole, words) ?? 0) : 0) + 0.5;
  }
  // "wait a minute" asks for attention
  if (count === undefined || (count === 1 && unit < SHORTEST_SINGLE)) return undefined;
  const isHalf = tokens[from - 1]?.text === "half" && counting?.kind === "word";
  return { from, to: at, days: (isHalf ? 0.5 : count) * unit };
}

const SHORTEST_SINGLE = 1 / 24;

const FILLERS = new Set(
  "over more than almost nearly about around at least like literally the past last now well approximately approx already some good a an this these just-over close to roughly up".split(
    " ",
  ),
);
const WAITING_WORDS = new Set("waiting waited waits hold queue queuing queueing awaiting wasted".split(" "));
const OBLIGED = new Set("had made making been having forced".split(" "));
const SMALL = new Set("only just under within less until every each per next another first in".split(" "));
/** Before "for 3 years" these tell of use, not of a wait. */
const USED = new Set(
  (
    "work worked works lasted last used using use customer customers member members subscriber subscribed client user " +
    "users loyal owned own paid pay paying stay stayed staying booked live lived trip away traveled travelled traveling travelling flying shopping guarantee " +
    "guaranteed warranty valid free signed contract subscription charged charge bill billed holiday vacation went fan"
  ).split(" "),
);
const AFTER_NO_WAIT = new Set(
  "old delay delays flight flights layover drive trip ride period shift warranty guarantee trial free contract plan subscription window advance before early earlier in-store left apart".split(
    " ",
  ),
);
const ASKED = new Set(
  (
    "ordered order sent emailed mailed returned called complained requested applied paid contacted promised messaged " +
    "submitted filed reported cancelled canceled due supposed placed bought purchased dm'd dmed wrote raised asked " +
    "shipped posted opened told said"
  ).split(" "),
);
const OWNERS = new Set("my our his her their your its".split(" "));
const LOOK_BACK = 7;

function waitFor(context: WaitContext, span: TimeSpan): Finding | undefined {
  const { tokens, words } = context;
  if (span.days <= 0) return undefined;
  const next = tokens[span.to + 1]?.text ?? "";
  if (AFTER_NO_WAIT.has(next)) return undefined;
  // "seven years of my records"
  if (next === "of" && OWNERS.has(tokens[span.to + 2]?.text ?? "")) return undefined;
  const lead = leadOf(tokens, span.from);
  const isSmall = SMALL.has(tokens[lead]?.text ?? "");
  const waitingAt = waitingBefore(tokens, span.from);
  if (
    waitingAt >= 0 &&
    !SMALL.has(tokens[waitingAt - 1]?.text ?? "") &&
    (!isSmall || tokens[lead]?.text === "another")
  ) {
    return waited(tokens, waitingAt, span.to, span.days);
  }
  if (next === "ago") {
    return context.isOwed() && hasAsked(tokens)
      ? waited(tokens, span.from, span.to + 1, span.days)
      : undefined;
  }
  if (isSmall) return undefined;
  if (next === "overdue" || (next === "late" && span.days >= 1)) {
    return hasWord(tokens, span.from - OWN_REACH, span.to + OWN_REACH, OWN_DUTIES)
      ? undefined
      : waited(tokens, span.from, span.to + 1, span.days);
  }
  if (next === "wait" || next === "waiting") {
    return context.isFailing() || hasIntensity(tokens, span.from)
      ? waited(tokens, span.from, span.to + 1, span.days)
      : undefined;
  }
  if (next === "of" && WAITING_WORDS.has(tokens[span.to + 2]?.text ?? "")) {
    return waited(tokens, span.from, span.to + 2, span.days);
  }
  if (next === "without")
    return saysFailure(tokens, span.to + 1, span.to + 4)
      ? waited(tokens, span.from, span.to + 1, span.days)
      : undefined;
  const before = tokens[lead]?.text ?? "";
  if (words.since.has(before)) return undefined;
  const isLong = span.days >= LONG_DAYS;
  if (
    before === "for" &&
    !hasWord(tokens, lead - 5, lead - 1, USED) &&
    (isLong ? hasWord(tokens, lead - STRUGGLE_REACH, lead - 1, STRUGGLE) : context.isFailing())
  ) {
    return waited(tokens, lead, span.to, span.days);
  }
  if (
    (before === "been" ||
      before === "it's" ||
      before === "its" ||
      before === "taken" ||
      before === "taking") &&
    context.isFailing()
  ) {
    return waited(tokens, lead, span.to, span.days);
  }
  const isThenNothing =
    next === "later" ||
    next === "now" ||
    ((next === "and" || next === "&") && THEN_NOTHING.has(tokens[span.to + 2]?.text ?? ""));
  // "I have been with you for four years now"
  const isTenure = isLong && !hasWord(tokens, lead - STRUGGLE_REACH, lead - 1, STRUGGLE);
  if (isThenNothing && !isTenure && context.isOwed()) return waited(tokens, span.from, span.to, span.days);
  return undefined;
}

/** Over such a span things fail that nobody waits for: it counts only beside a word of struggle. */
const LONG_DAYS = 300;
/** What customers themselves are late with. */
const OWN_DUTIES = new Set(
  "payment payments pay paid paying rent bill bills fee installment mortgage i".split(" "),
);
const OWN_REACH = 8;
const OTHERS = new Set("they he she".split(" "));
const STRUGGLE_REACH = 6;
const STRUGGLE = new Set(
  "fighting trying tried waiting without asking asked chasing dealing going struggling no calling complaining complained arguing begging down broken unresolved".split(
    " ",
  ),
);
const THEN_NOTHING = new Set(
  "still no nothing nobody not counting haven't havent i'm no-one never yet they".split(" "),
);
const INTENSE = new Set("long whole ridiculous over had".split(" "));

function hasIntensity(tokens: readonly Token[], at: number): boolean {
  return hasWord(tokens, at - 4, at - 1, INTENSE);
}

/** Index of the first word before a time span that is no filler. */
function leadOf(tokens: readonly Token[], from: number): number {
  let lead = from - 1;
  for (let skipped = 0; skipped < 4 && FILLERS.has(tokens[lead]?.text ?? ""); skipped++) lead--;
  return lead;
}

/** Index of the word before a time span that says it was waited for; −1 where none does. */
function waitingBefore(tokens: readonly Token[], from: number): number {
  for (let index = from - 1; index >= Math.max(0, from - LOOK_BACK); index--) {
    const { text = "", kind } = tokens[index] ?? {};
    if (kind === "punctuation" && text !== "'" && text !== '"' && text !== "-") return -1;
    if (text === "ago") return -1;
    if (WAITING_WORDS.has(text)) return isOthers(tokens, index) ? -1 : index;
    if (text === "wait") return hasWord(tokens, index - 3, index - 1, OBLIGED) ? index : -1;
  }
  return -1;
}

/** "They waited three months to deny my claim". */
function isOthers(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.text === "waited" && OTHERS.has(tokens[at - 1]?.text ?? "");
}

function hasAsked(tokens: readonly Token[]): boolean {
  return hasWord(tokens, 0, SENTENCE_REACH - 1, ASKED);
}

function waited(tokens: readonly Token[], from: number, to: number, days: number | undefined): Finding {
  const start = tokens[from]?.start ?? 0;
  const end = tokens[to]?.end ?? start;
  if (days === undefined || days > LONGEST_BELIEVED) return { start, end };
  return { start, end, days: Math.round(days * 10_000) / 10_000 };
}

/** "since 3 March", "seit zwei Wochen": a wait where something is owed or failed. */
function waitSince(context: WaitContext, at: number, publishedAt: string): Finding | undefined {
  const { tokens } = context;
  let from = at + 1;
  while (from - at <= 2 && BEFORE_DATE.has(tokens[from]?.text ?? "")) from++;
  const found = timeSpanFrom(context, from) ?? dateAt(context.tokens, context.words, from, publishedAt);
  if (found === undefined || (found.days !== undefined && !(found.days >= 0))) return undefined;
  if (hasWord(tokens, at - 4, at - 1, USED)) return undefined;
  const isWaited =
    (found.days ?? 0) >= LONG_DAYS
      ? context.isOwed() || hasWord(tokens, at - STRUGGLE_REACH, at - 1, STRUGGLE)
      : context.isFailing();
  if (!isWaited) return undefined;
  return waited(tokens, at, found.to, found.days);
}

function timeSpanFrom(context: WaitContext, from: number): TimeSpan | undefined {
  for (let at = from; at <= from + 2; at++) {
    const span = timeSpanEndingAt(context, at);
    if (span !== undefined && span.from >= from - 1) return span;
  }
  return undefined;
}
