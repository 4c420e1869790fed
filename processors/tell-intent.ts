import type { Processor } from "../core/contracts.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Intent } from "../schemas/reading.ts";
import type { DetectComplaintAdds } from "./detect-complaint.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import type { DetectRequestAdds } from "./detect-request.ts";
import type { FlagSpamAdds } from "./flag-spam.ts";
import { perMention } from "./per-mention.ts";
import type { ReadTextAdds, Sentence, Token } from "./read-text.ts";
import type { ScoreSentimentAdds } from "./score-sentiment/index.ts";

export interface TellIntentAdds {
  readonly intent: Intent;
}

type Needs = Mention &
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

function intentOf({ byUs, spam, complaint, request, sentiment, kind, reading }: Needs): Intent {
  if (byUs) return "other";
  if (spam.isSpam) return "spam";
  if (complaint.isComplaint) return "complaint";
  if (request.isRequest) return "request";
  if (asks(reading.sentences) || asks(reading.title)) return "question";
  if (sentiment.label === "positive" && (sentiment.score ?? 0) >= PRAISE_FROM) return "praise";
  return kind === "article" ? "news" : "other";
}

/** Questions without a question mark begin so. */
const QUESTION_WORDS = new Set(
  (
    "what when where who whom whose which why how can could does do did is are will would " +
    "qué cuándo dónde quién cuál cómo was wann wo wer warum wie wieso quand où qui pourquoi comment quel quelle " +
    "quando onde quem qual como cosa dove chi perché quale"
  ).split(" "),
);
/** A long sentence that begins so tells more often than it asks. */
const MOST_WORDS_UNMARKED = 12;

function asks(sentences: readonly Sentence[]): boolean {
  return sentences.some(({ tokens }) => {
    if (tokens.some(({ kind, text }) => kind === "punctuation" && text.includes("?"))) return true;
    const words = tokens.filter(({ kind }: Token) => kind === "word");
    return words.length > 2 && words.length <= MOST_WORDS_UNMARKED && QUESTION_WORDS.has(words[0]?.text ?? "")
      ? !tokens.some(({ text }) => text.startsWith("!"))
      : false;
  });
}
