import type { Processor } from "../core/contracts.ts";
import type { Spam } from "../schemas/reading.ts";
import { bestCueAt, isLonger } from "./cues.ts";
import type { DetectComplaintAdds } from "./detect-complaint.ts";
import { SPAM_CUES } from "./lexicons/spam-cues.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence, Token } from "./read-text.ts";

export interface FlagSpamAdds {
  readonly spam: Spam;
}

type Reason = Spam["reasons"][number];

/**
 * Gives the step that marks what is likely no customer's voice: promotions, giveaways, link bait, hashtag stuffing,
 * text pasted over and over, generated filler. It marks and never drops. A complaint is marked only where spam is
 * beyond doubt, for it must not be lost for a link, a hashtag or a voucher code in it. What we wrote ourselves is
 * never marked. `score` is at least .5 where it is spam. Reasons come in the order of their weight.
 */
export function flagSpam(): Processor<ReadMention & ReadTextAdds & DetectComplaintAdds, FlagSpamAdds> {
  return perMention("flag_spam", (mention) => ({ spam: judge(mention) }));
}

/** Points from which it is spam, for a text of a few sentences. */
const SPAM_FROM = 3;
/** A long text brings more words that could be cues. */
const FREE_WORDS = 80;
const WORDS_PER_POINT = 40;

/** An address gives a call to buy or to look something to act on. */
const LINK_POINTS = 1;
/** Who tells of themselves and links to nothing is a customer until more speaks against it. */
const OWN_VOICE_POINTS = -1;
const COMPLAINT_POINTS = -4;
/** What a text is made of, found by counting. */
const STRUCTURE_POINTS = 4;
/** Cues of so many points settle it. */
const SETTLING_POINTS = 4;

function judge(mention: ReadMention & ReadTextAdds & DetectComplaintAdds): Spam {
  if (mention.byUs) return NO_SPAM;
  const { title, sentences } = mention.reading;
  const signs: Signs = { points: new Map(), seen: new Set() };
  for (const sentence of title) addCues(signs, sentence);
  const counts: TokenCounts = { words: [], links: 0, handles: 0, hashtags: [], isOwnVoice: false };
  for (const sentence of sentences) {
    addCues(signs, sentence);
    countTokens(counts, sentence);
  }
  if (isLinkList(counts)) add(signs, "link_bait", STRUCTURE_POINTS);
  if (isRepeated(counts.words)) add(signs, "repeated_text", STRUCTURE_POINTS);
  if (isTemplate(mention.text)) add(signs, "generated", STRUCTURE_POINTS);
  const ofTags = tagPoints(counts, signs.points.size > 0);
  if (ofTags > 0) add(signs, "many_tags", ofTags);
  return signs.points.size === 0 ? NO_SPAM : verdictOf(signs.points, counts, mention.complaint.isComplaint);
}

const NO_SPAM: Spam = { isSpam: false, score: 0, reasons: [] };

interface Signs {
  readonly points: Map<Reason, number>;
  /** Cues that were met: said twice they are no more. */
  readonly seen: Set<string>;
}

function add({ points }: Signs, reason: Reason, more: number): void {
  points.set(reason, (points.get(reason) ?? 0) + more);
}

function verdictOf(points: ReadonlyMap<Reason, number>, counts: TokenCounts, isComplaint: boolean): Spam {
  const cued = [...points.values()].reduce((sum, each) => sum + each, 0);
  const isLuring =
    cued >= 2 && ["promotion", "giveaway", "link_bait"].some((reason) => points.has(reason as Reason));
  const total =
    cued +
    (isLuring && counts.links > 0 ? LINK_POINTS : 0) +
    (counts.isOwnVoice && counts.links === 0 ? OWN_VOICE_POINTS : 0) +
    (isComplaint ? COMPLAINT_POINTS : 0);
  const from = SPAM_FROM + Math.max(0, counts.words.length - FREE_WORDS) / WORDS_PER_POINT;
  if (total <= 0) return NO_SPAM;
  const isSpam = total >= from;
  const score = (total * total) / (total * total + from * from);
  const reasons = [...points].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
  return { isSpam, score, reasons: isSpam ? reasons : [] };
}

/** Before a call to the reader none of these stand: there the author tells of what they or others do. */
const NO_CALL_AFTER = new Set(
  (
    "i we they he she it you who to not never don't dont can't cant cannot couldn't didn't didnt doesn't won't wouldn't " +
    "can could would should did do does when if after before my our your his her their the this that an a was were is " +
    "tried trying i'll i'd we'll they'll will let lets may might must ich wir je tu nous on yo eu io non no pas nicht não um per zu"
  ).split(" "),
);

function addCues(signs: Signs, { tokens }: Sentence): void {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const match = bestCueAt(tokens, at, SPAM_CUES, isLonger);
    if (token === undefined || match === undefined) continue;
    // "5 things you need" baits, "so many things you need" does not
    if (token.kind !== "number" && !SPAM_CUES.byText.has(token.text)) continue;
    const { reason, points, isCall = false } = match.cue.value;
    const key = `${reason} ${points} ${token.text}`;
    const isCounted =
      !signs.seen.has(key) &&
      (!isCall || isCallAt(tokens, at)) &&
      (reason !== "generated" || !isQuotedAt(tokens, at)) &&
      // a question is a customer's more often than not
      (points >= SETTLING_POINTS || tokens.at(-1)?.text.includes("?") !== true);
    if (isCounted) {
      signs.seen.add(key);
      add(signs, reason, points);
    }
    at = match.end;
  }
}

function isCallAt(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before?.kind !== "word" || !NO_CALL_AFTER.has(before.text);
}

/** What somebody tells that another said, a support bot for one. */
function isQuotedAt(tokens: readonly Token[], at: number): boolean {
  return /^[:"'“„«‘]$/.test(tokens[at - 1]?.text ?? "");
}

interface TokenCounts {
  /** And numbers. */
  readonly words: string[];
  readonly hashtags: string[];
  links: number;
  handles: number;
  /** Says "I", "my", "me". */
  isOwnVoice: boolean;
}

const OWN = new Set(
  "i my me mine i'm i've i'd im ich mein meine mir mich je mon ma j'ai yo mi mis eu meu minha io mio mia".split(
    " ",
  ),
);

function countTokens(counts: TokenCounts, { tokens }: Sentence): void {
  for (const { kind, text } of tokens) {
    if (kind === "number") counts.words.push(text);
    else if (kind === "word") {
      counts.words.push(text);
      if (text.length < 6 && !counts.isOwnVoice && OWN.has(text)) counts.isOwnVoice = true;
    } else if (kind === "hashtag") counts.hashtags.push(text);
    else if (kind === "url") counts.links++;
    else if (kind === "handle") counts.handles++;
  }
}

/** So many are nobody's way to speak; some are a sign beside others. */
const MANY_TAGS = 12;
const SOME_TAGS = 6;
const SOME_TAGS_POINTS = 1;
/** A rant in hashtags is a customer's, and so is a sentence written in them. */
const RANT =
  /fail|worst|never|hate|suck|boycott|scam|disappoint|refund|angry|terrible|horrible|shame|complain|rubbish|fraud|unhappy|annoy|bad/;
const SENTENCE_WORDS = new Set(
  "i my me is are the a of to and in not so ich ist der die das und nicht mit je est le la les et pas el que y no un il che di o e um não".split(
    " ",
  ),
);

function tagPoints({ words, hashtags }: TokenCounts, hasOtherSigns: boolean): number {
  if (hashtags.length < SOME_TAGS || hashtags.length < words.length) return 0;
  if (hashtags.some((tag) => RANT.test(tag) || SENTENCE_WORDS.has(tag))) return 0;
  if (hashtags.length >= MANY_TAGS) return STRUCTURE_POINTS;
  return hasOtherSigns ? SOME_TAGS_POINTS : 0;
}

const MANY_LINKS = 3;

function isLinkList({ words, links, handles }: TokenCounts): boolean {
  return links >= MANY_LINKS && words.length < links && handles === 0;
}

const FEWEST_REPEATED_WORDS = 24;
const RUN = 4;
const MOST_DISTINCT_SHARE = 0.34;
/** Fewer words over and over are a cry or a chant, not a paste. */
const FEWEST_DISTINCT_WORDS = 7;

/** Whether the text says the same about three times or more, by its distinct runs of four words. */
function isRepeated(words: readonly string[]): boolean {
  if (words.length < FEWEST_REPEATED_WORDS) return false;
  if (!recurs(words, 0) && !recurs(words, Math.floor(words.length / 2))) return false;
  const runs = new Set<string>();
  for (let i = 0; i + RUN <= words.length; i++) runs.add(words.slice(i, i + RUN).join(" "));
  return (
    runs.size <= (words.length - RUN + 1) * MOST_DISTINCT_SHARE &&
    new Set(words).size >= FEWEST_DISTINCT_WORDS
  );
}

/** Whether the run of words at a place is there at least twice more: cheap, and true of whatever is repeated. */
function recurs(words: readonly string[], at: number): boolean {
  let count = 0;
  for (let i = 0; i + RUN <= words.length && count < 3; i++) {
    let same = 0;
    while (same < RUN && words[i + same] === words[at + same]) same++;
    if (same === RUN) count++;
  }
  return count >= 3;
}

const SPINTAX = /\{[^{}|\n]{1,60}\|[^{}\n]{1,120}\}/g;

/** `{Great|Good} {service|support}`: a template somebody forgot to fill. */
function isTemplate(text: string): boolean {
  return text.includes("|") && (text.match(SPINTAX)?.length ?? 0) >= 2;
}
