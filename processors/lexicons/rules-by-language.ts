import type { VocabularyLanguage } from "../read-text.ts";
import { ENGLISH } from "./english.ts";
import type { LanguageRules } from "./language-rules.ts";
import { FRENCH, GERMAN, ITALIAN, PORTUGUESE, SPANISH } from "./other-languages.ts";

/** Languages whose words are read. In any other only emoji, emoticons and the rating count. */
export const RULES_BY_LANGUAGE: Readonly<Record<VocabularyLanguage, LanguageRules>> = {
  en: ENGLISH,
  es: SPANISH,
  de: GERMAN,
  fr: FRENCH,
  pt: PORTUGUESE,
  it: ITALIAN,
};
