import { RULES_BY_LANGUAGE } from "../lexicons/rules-by-language.ts";
import { vocabularyOf, type Sentence, type VocabularyLanguage } from "../read-text.ts";
import { turnMockPraise } from "./sarcasm.ts";
import { compileLexicon, scoreEmoji, scoreSentence, type Hit, type Lexicon } from "./score-sentence.ts";

/** Gives what is known of each language that is read: natural's vocabulary with our own words and rules. */
export function compileLexicons(): ReadonlyMap<string, Lexicon> {
  const lexicons = new Map<string, Lexicon>();
  for (const language of Object.keys(RULES_BY_LANGUAGE) as VocabularyLanguage[]) {
    const rules = RULES_BY_LANGUAGE[language];
    const polarity = new Map<string, number>();
    for (const [word, value] of vocabularyOf(language)) polarity.set(word, value * rules.vocabularyWeight);
    for (const [word, value] of rules.words) {
      if (value === 0) polarity.delete(word);
      else polarity.set(word, value);
    }
    lexicons.set(language, compileLexicon(rules, polarity));
  }
  return lexicons;
}

/** The words of polarity in a text, by sentence; its emoji and emoticons alone where the language is not read. */
export function findHits(sentences: readonly Sentence[], lexicon: Lexicon | undefined): Hit[][] {
  if (lexicon === undefined) return sentences.map(scoreEmoji);
  const hits = sentences.map((sentence) => scoreSentence(sentence, lexicon));
  turnMockPraise(sentences, hits, lexicon);
  return hits;
}
