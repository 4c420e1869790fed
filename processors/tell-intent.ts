import type { Processor } from "../core/contracts.ts";
import type { Intent } from "../schemas/reading.ts";
import type { DetectComplaintAdds } from "./detect-complaint.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import type { DetectRequestAdds } from "./detect-request.ts";
import type { FlagSpamAdds } from "./flag-spam.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence } from "./read-text.ts";
import type { ScoreSentimentAdds } from "./score-sentiment/index.ts";
import { HIGH_SHARE, starShare } from "./star-share.ts";

export interface TellIntentAdds {
  readonly intent: Intent;
}

type Needs = ReadMention &
  ReadTextAdds &
  DetectLanguageAdds &
  ScoreSentimentAdds &
  DetectComplaintAdds &
  DetectRequestAdds &
  FlagSpamAdds;

/**
 * Gives the step that says in one word what a mention is for: the first that holds of spam, complaint, request,
 * question, praise, news, and else `other`. A complaint that also asks stays a complaint. What we wrote ourselves is
 * `other`.
 */
export function tellIntent(): Processor<Needs, TellIntentAdds> {
  return perMention("tell_intent", (mention) => ({ intent: intentOf(mention) }));
}

/** Praise is said outright; a faint smile is none. */
const PRAISE_FROM = 0.35;
/** Of so many sentences of a review with many stars one that asks is a manner of speaking. */
const SENTENCES_PER_QUESTION = 4;

function intentOf(mention: Needs): Intent {
  const { byUs, spam, complaint, request, sentiment, kind, language, reading } = mention;
  if (byUs) return "other";
  if (spam.isSpam) return "spam";
  if (complaint.isComplaint) return "complaint";
  if (request.isRequest) return "request";
  const isPraise = sentiment.label === "positive" && (sentiment.score ?? 0) >= PRAISE_FROM;
  const sentences = [...reading.title, ...reading.sentences];
  const questions = sentences.filter((sentence) => asks(sentence, language)).length;
  const isAside =
    (starShare(mention) ?? 0) >= HIGH_SHARE && sentences.length >= questions * SENTENCES_PER_QUESTION;
  if (questions > 0 && !(isPraise && isAside)) return "question";
  if (isPraise) return "praise";
  return kind === "article" ? "news" : "other";
}

const setOf = (words: string) => new Set(words.split(" "));

/** English words that ask where a verb follows: "what is", not "what a day". */
const QUESTION_WORDS = setOf("what when where who whom which why how");
const QUESTION_VERBS = setOf(
  "is are do does did can could would will should has have don't doesn't didn't isn't aren't can't won't much many long soon come",
);
const JOINED = setOf("what's whats where's wheres when's who's how's");
/** English verbs that ask where one they are asked of follows: "is it", not "is great". */
const OPENING_VERBS = setOf(
  "is are do does did can could would will should has have am isn't aren't can't don't",
);
const ASKED_OF = setOf("i you u ya we they it he she there this that anyone anybody someone somebody any");
/** Words that ask by themselves, in other languages. */
const OTHER_QUESTIONS = setOf("cuándo dónde wann warum wieso weshalb cadê dov'è");
/** A long sentence that begins so tells more often than it asks. */
const MOST_WORDS_UNMARKED = 12;

function asks({ tokens }: Sentence, language: string): boolean {
  if (tokens.some(({ kind, text }) => kind === "punctuation" && text.includes("?"))) return true;
  const words = tokens.filter(({ kind }) => kind === "word");
  if (words.length < 3 || words.length > MOST_WORDS_UNMARKED) return false;
  if (tokens.some(({ text }) => text.startsWith("!"))) return false;
  const [first = "", second = ""] = words.map(({ text }) => text);
  if (language !== "en") return OTHER_QUESTIONS.has(first);
  return (
    JOINED.has(first) ||
    (QUESTION_WORDS.has(first) && QUESTION_VERBS.has(second)) ||
    (OPENING_VERBS.has(first) && ASKED_OF.has(second))
  );
}
