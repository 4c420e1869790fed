import type { Processor } from "../core/contracts.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Repetition, Span } from "../schemas/reading.ts";
import { findCues, type FoundCue } from "./cues.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { saysFailure, saysPraise } from "./lexicons/failure-words.ts";
import { REPETITION_WORDS, type RepetitionSign, type RepetitionWords } from "./lexicons/repetition-cues.ts";
import { perMention } from "./per-mention.ts";
import type { ReadTextAdds, Sentence, Token } from "./read-text.ts";

export interface DetectRepetitionAdds {
  readonly repetition: Repetition;
}

/**
 * Gives the step that reads what the author says of having told it before ("third time", "already emailed you",
 * "down again") and of how long they have waited ("still no reply", "waiting 3 weeks", "since 3 March"), reckoned from
 * `publishedAt`. Whether "again" or "still" is repeat pressure is told by the failure or praise beside it. Nothing is
 * read of what we wrote ourselves or of a language without cues. Evidence refers to `text`, in its order.
 */
export function detectRepetition(): Processor<
  Mention & ReadTextAdds & DetectLanguageAdds,
  DetectRepetitionAdds
> {
  return perMention("detect_repetition", (mention) => ({ repetition: judge(mention) }));
}

const NOTHING: Repetition = { isRepeated: false, count: null, daysWaiting: null, evidence: [] };
const MAX_SPANS = 20;
const MAX_COUNT = 1_000;
const MAX_DAYS = 36_500;

/** What one sentence says. */
interface Said {
  readonly sentence: Sentence;
  readonly cues: readonly FoundCue<RepetitionSign>[];
  /** Something is owed or still waited for. */
  readonly isOpen: boolean;
}

/** A repetition or a wait that was found. */
interface Finding extends Span {
  readonly count?: number | undefined;
  readonly days?: number | undefined;
}

function judge(mention: Mention & ReadTextAdds & DetectLanguageAdds): Repetition {
  const words = REPETITION_WORDS.get(mention.language);
  if (mention.byUs || words === undefined) return NOTHING;
  const { title, sentences } = mention.reading;
  const inText = findingsOf(sentences, words, mention.publishedAt);
  const inTitle = title.length === 0 ? [] : findingsOf(title, words, mention.publishedAt);
  if (inText.length + inTitle.length === 0) return NOTHING;
  const all = [...inTitle, ...inText];
  return {
    isRepeated: true,
    count: largest(all.map(({ count }) => count)),
    daysWaiting: largest(all.map(({ days }) => days)),
    evidence: withoutOverlap(inText),
  };
}

function largest(values: readonly (number | undefined)[]): number | null {
  return values.reduce<number | null>(
    (most, value) => (value === undefined || (most !== null && most >= value) ? most : value),
    null,
  );
}

function withoutOverlap(findings: readonly Finding[]): Span[] {
  const spans: Span[] = [];
  for (const { start, end } of [...findings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = spans.at(-1);
    if (last !== undefined && start < last.end) {
      spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    } else spans.push({ start, end });
  }
  return spans.slice(0, MAX_SPANS);
}

function findingsOf(sentences: readonly Sentence[], words: RepetitionWords, publishedAt: string): Finding[] {
  const said = sentences.map((sentence): Said => {
    const cues = findCues(sentence, words.cues);
    return { sentence, cues, isOpen: cues.some(({ value }) => value === "open" || value === "waiting") };
  });
  const findings: Finding[] = [];
  said.forEach(({ sentence, cues }, index) => {
    for (const cue of cues) {
      const finding = findingOf(cue, sentence, said[index - 1]?.sentence, words);
      if (finding !== undefined) findings.push(finding);
    }
    findings.push(...waitsOf(said, index, words, publishedAt));
  });
  return findings;
}

function findingOf(
  { start, end, at, value }: FoundCue<RepetitionSign>,
  { tokens }: Sentence,
  before: Sentence | undefined,
  words: RepetitionWords,
): Finding | undefined {
  if (value === "none" || value === "open") return undefined;
  if (value === "waiting") return { start, end };
  const last = lastBefore(tokens, at, end);
  if (value === "again") {
    // "Lost my bag. Again!"
    const isAlone = tokens.length <= ALONE_TOKENS && before !== undefined && sentenceFails(before);
    return isAlone || saysFailure(tokens, at - FAILURE_REACH, last + FAILURE_REACH)
      ? { start, end }
      : undefined;
  }
  const from = at - PRAISE_REACH;
  const to = last + PRAISE_REACH;
  if (saysPraise(tokens, from, to) && !saysFailure(tokens, from, to)) return undefined;
  if (value === "repeated") return { start, end };
  const count = countOf(tokens, at, last, words);
  // "called a few times" is no reproach by itself
  return count === undefined && !saysFailure(tokens, from, to) ? undefined : { start, end, count };
}

const FAILURE_REACH = 6;
const ALONE_TOKENS = 3;
const PRAISE_REACH = 12;

/** Index of the last token that ends by `end`. */
function lastBefore(tokens: readonly Token[], at: number, end: number): number {
  let last = at;
  while ((tokens[last + 1]?.end ?? Infinity) <= end) last++;
  return last;
}

const VAGUE = new Set(["few", "several", "couple", "many"]);

function countOf(
  tokens: readonly Token[],
  from: number,
  to: number,
  words: RepetitionWords,
): number | undefined {
  for (let index = from; index <= to; index++) {
    const token = tokens[index];
    const count = token === undefined || VAGUE.has(token.text) ? undefined : numberOf(token, words);
    if (count !== undefined && Number.isInteger(count) && count > 1 && count <= MAX_COUNT) return count;
  }
  return undefined;
}

const LEADING_NUMBER = /^\d{1,6}(?:\.\d{1,3})?/;

function numberOf({ kind, text }: Token, words: RepetitionWords): number | undefined {
  if (kind === "number") {
    const [digits] = LEADING_NUMBER.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits);
  }
  return words.numbers.get(text);
}

/** Time spans and dates of a sentence that say how long something has been waited for. */
function waitsOf(
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
    const isSince = words.since.has(token.text);
    if (!isSince && token.kind !== "number" && !words.units.has(token.text)) continue;
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

function sentenceFails({ tokens }: Sentence): boolean {
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
    "users loyal owned own paid pay paying stay stayed staying booked live lived trip away flying shopping guarantee " +
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
const LOOK_BACK = 7;

function waitFor(context: WaitContext, span: TimeSpan): Finding | undefined {
  const { tokens, words } = context;
  if (span.days <= 0 || span.days > MAX_DAYS) return undefined;
  const next = tokens[span.to + 1]?.text ?? "";
  if (AFTER_NO_WAIT.has(next)) return undefined;
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
    return waited(tokens, span.from, span.to + 1, span.days);
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
    !hasWord(tokens, lead - 5, lead, USED) &&
    (isLong ? hasWord(tokens, lead - 6, lead, STRUGGLE) : context.isFailing())
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
  if (isThenNothing && context.isOwed()) return waited(tokens, span.from, span.to, span.days);
  return undefined;
}

/** Over such a span things fail that nobody waits for: it counts only beside a word of struggle. */
const LONG_DAYS = 300;
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
  return hasWord(tokens, at - 4, at, INTENSE);
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
    if (WAITING_WORDS.has(text)) return index;
    if (text === "wait") return hasWord(tokens, index - 3, index, OBLIGED) ? index : -1;
  }
  return -1;
}

function hasWord(
  tokens: readonly Token[],
  from: number,
  before: number,
  words: ReadonlySet<string>,
): boolean {
  for (let index = Math.max(0, from); index < before; index++) {
    if (words.has(tokens[index]?.text ?? "")) return true;
  }
  return false;
}

function hasAsked(tokens: readonly Token[]): boolean {
  return hasWord(tokens, 0, Math.min(tokens.length, SENTENCE_REACH), ASKED);
}

function waited(tokens: readonly Token[], from: number, to: number, days: number): Finding {
  const start = tokens[from]?.start ?? 0;
  return { start, end: tokens[to]?.end ?? start, days: Math.round(days * 10_000) / 10_000 };
}

const DAY_MS = 86_400_000;
const BEFORE_DATE = new Set(
  "the on at last el la le den dem der am l' o a past about around early late of de du del di".split(" "),
);

/** "since 3 March", "seit zwei Wochen": a wait where something is owed or failed. */
function waitSince(context: WaitContext, at: number, publishedAt: string): Finding | undefined {
  const { tokens } = context;
  let from = at + 1;
  while (from - at <= 2 && BEFORE_DATE.has(tokens[from]?.text ?? "")) from++;
  const found = timeSpanFrom(context, from) ?? daysSinceDate(context, from, publishedAt);
  if (found === undefined || !(found.days >= 0) || found.days > MAX_DAYS) return undefined;
  if (hasWord(tokens, at - 4, at, USED) || !context.isFailing()) return undefined;
  return waited(tokens, at, found.to, found.days);
}

function timeSpanFrom(context: WaitContext, from: number): TimeSpan | undefined {
  for (let at = from; at <= from + 2; at++) {
    const span = timeSpanEndingAt(context, at);
    if (span !== undefined && span.from >= from - 1) return span;
  }
  return undefined;
}

const ISO_DATE = /^(\d{4})$/;

/** Days from a date named at a token to the mention; of several such dates the last before it. */
function daysSinceDate(
  { tokens, words }: WaitContext,
  at: number,
  publishedAt: string,
): { days: number; to: number } | undefined {
  const published = Math.floor(Date.parse(publishedAt) / DAY_MS);
  const first = tokens[at];
  if (first === undefined || !Number.isFinite(published)) return undefined;
  const second = tokens[at + 1];
  const weekday = words.weekdays.get(first.text);
  if (weekday !== undefined && !words.months.has(second?.text ?? "")) {
    // 1970-01-01 was a Thursday
    const days = (published + 4 - weekday) % 7;
    return { days: days === 0 ? 7 : days, to: at };
  }
  const named = words.times.get(first.text);
  if (named !== undefined) return { days: named, to: at };
  const month = words.months.get(first.text);
  if (month !== undefined) return sinceMonth(tokens, at, month, published);
  const day = dayOf(first);
  if (day === undefined) return sinceNumbers(first, published, at);
  const monthAt = BEFORE_DATE.has(second?.text ?? "") ? at + 2 : at + 1;
  const monthAfter = words.months.get(tokens[monthAt]?.text ?? "");
  if (monthAfter !== undefined)
    return dated(yearAt(tokens, monthAt + 1), monthAfter, day, published, monthAt);
  if (second?.text === "/" || second?.text === "-" || second?.text === ".") {
    return sinceSlashes(tokens, at, day, published);
  }
  // "the 5th" is a day of this month or of the last
  return /\d(?:st|nd|rd|th)$/.test(first.text) ? sinceDay(day, published, at) : undefined;
}

function dayOf({ kind, text }: Token): number | undefined {
  const [, digits] = /^(\d{1,2})(?:st|nd|rd|th|er|º)?$/.exec(kind === "number" ? text : "") ?? [];
  const day = Number(digits);
  return day >= 1 && day <= 31 ? day : undefined;
}

function yearAt(tokens: readonly Token[], at: number): { year: number; at: number } | undefined {
  const index = tokens[at]?.text === "," ? at + 1 : at;
  const [, digits] = ISO_DATE.exec(tokens[index]?.text ?? "") ?? [];
  const year = Number(digits);
  return year >= 1970 && year <= 2200 ? { year, at: index } : undefined;
}

/** "March", "March 3rd", "March 2025", "March 3, 2025". */
function sinceMonth(tokens: readonly Token[], at: number, month: number, published: number) {
  const after = tokens[at + 1];
  const day = after === undefined ? undefined : dayOf(after);
  const dayAt = day === undefined ? at : at + 1;
  return dated(yearAt(tokens, dayAt + 1), month, day ?? 1, published, dayAt);
}

function dated(
  named: { year: number; at: number } | undefined,
  month: number,
  day: number,
  published: number,
  to: number,
): { days: number; to: number } | undefined {
  const daysFrom = (year: number) => published - Date.UTC(year, month, day) / DAY_MS;
  if (named !== undefined) {
    const days = daysFrom(named.year);
    return days < 0 ? undefined : { days, to: named.at };
  }
  const year = new Date(published * DAY_MS).getUTCFullYear();
  const thisYear = daysFrom(year);
  return { days: thisYear >= 0 ? thisYear : daysFrom(year - 1), to };
}

/** A bare year. */
function sinceNumbers({ text }: Token, published: number, at: number) {
  const [, digits] = ISO_DATE.exec(text) ?? [];
  const year = Number(digits);
  if (!(year >= 1970 && year <= 2200)) return undefined;
  const days = published - Date.UTC(year, 0, 1) / DAY_MS;
  return days < 0 ? undefined : { days, to: at };
}

/** "3/14" and "14/3" are told apart by the number above twelve; "3/4" is not. */
function sinceSlashes(tokens: readonly Token[], at: number, first: number, published: number) {
  const other = tokens[at + 2];
  const second = other === undefined ? undefined : dayOf(other);
  if (second === undefined) return undefined;
  if (first > 12 && second <= 12) return dated(undefined, second - 1, first, published, at + 2);
  if (second > 12 && first <= 12) return dated(undefined, first - 1, second, published, at + 2);
  return first === second ? dated(undefined, first - 1, second, published, at + 2) : undefined;
}

function sinceDay(day: number, published: number, at: number) {
  const today = new Date(published * DAY_MS).getUTCDate();
  const daysOfLastMonth = new Date(
    Date.UTC(new Date(published * DAY_MS).getUTCFullYear(), new Date(published * DAY_MS).getUTCMonth(), 0),
  ).getUTCDate();
  return { days: day <= today ? today - day : today + daysOfLastMonth - day, to: at };
}
