import type { Processor } from "../core/contracts.ts";
import type { Threat } from "../schemas/reading.ts";
import { findCues, hasWord, type CueTable, type FoundCue } from "./cues.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { saysFailure, saysPraise } from "./lexicons/failure-words.ts";
import { DENIALS, OTHERS, SELF, THREAT_CUES, type ThreatSign } from "./lexicons/threat-cues.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence, Token } from "./read-text.ts";
import { HIGH_SHARE, starShare } from "./star-share.ts";

export interface DetectThreatsAdds {
  readonly threats: Threat[];
}

/** More are not kept. */
const MAX_THREATS = 20;

/**
 * Gives the step that finds what the author warns of or has begun: leaving, law, danger to people, going public, misuse
 * of their data; in the order of the text, 20 at most. What is denied ("I won't sue") or is another's plan ("people
 * should sue") is none. A title has no place to point to and is not read.
 */
export function detectThreats(): Processor<
  ReadMention & ReadTextAdds & DetectLanguageAdds,
  DetectThreatsAdds
> {
  return perMention("detect_threats", (mention) => ({ threats: threatsOf(mention) }));
}

function threatsOf(mention: ReadMention & ReadTextAdds & DetectLanguageAdds): Threat[] {
  const { byUs, language, reading } = mention;
  const table = THREAT_CUES.get(language);
  if (byUs || table === undefined) return [];
  const { sentences } = reading;
  const isPraised = (starShare(mention) ?? 0) >= HIGH_SHARE;
  return sentences
    .flatMap((sentence, index) => threatsIn(sentence, sentences[index - 1], table, isPraised))
    .slice(0, MAX_THREATS);
}

function threatsIn(
  sentence: Sentence,
  before: Sentence | undefined,
  table: CueTable<ThreatSign>,
  isPraised: boolean,
): Threat[] {
  const threats: Threat[] = [];
  const { tokens } = sentence;
  const fails = (near: Sentence | undefined) => near !== undefined && saysFailure(near.tokens, 0, FURTHEST);
  const found = findCues(sentence, table);
  const isBack = found.length > 0 && hasWord(tokens, 0, tokens.length, RETURNS);
  for (const cue of found) {
    const { kind, type } = cue.value;
    if (kind === "none") continue;
    if (type === "fact" ? isDenied(tokens, cue.at) : !isOwn(tokens, cue)) continue;
    if (kind === "churn" && isBack) continue;
    if (type === "vague" && !fails(sentence) && !fails(before)) continue;
    // what ended well is no danger, and whom a high rating praises was not left
    if (kind === "safety" && (isPraised || saysPraise(tokens, 0, FURTHEST)) && !fails(sentence)) continue;
    if (kind === "churn" && isPraised && !fails(sentence)) continue;
    threats.push({ kind, span: { start: cue.start, end: cue.end } });
  }
  return threats;
}

/** What stands further on in a long sentence is about something else. */
const FURTHEST = 60;

/** Who reinstalls has not left. */
const RETURNS = new Set(
  "reinstall reinstalled reinstalling redownload redownloaded redownloading".split(" "),
);

const FACT_REACH = 3;
const INTENT_REACH = 6;
const CLAUSE_END = /^[.,!?;:()…"“”]/;
const CLAUSE_STARTS = new Set("but if because so unless otherwise before until or".split(" "));

function isDenied(tokens: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= Math.max(0, at - FACT_REACH); index--) {
    const { text = "", kind } = tokens[index] ?? {};
    if (kind === "punctuation" && CLAUSE_END.test(text)) return false;
    if (CLAUSE_STARTS.has(text)) return false;
    if (DENIALS.has(text) && tokens[index + 1]?.text !== "only") return true;
  }
  return false;
}

/** Whether a plan is the author's and not denied: the nearest subject before it in its clause decides, if there is one. */
function isOwn(tokens: readonly Token[], { at }: FoundCue<ThreatSign>): boolean {
  let denied = false;
  for (let index = at - 1; index >= Math.max(0, at - INTENT_REACH); index--) {
    const { text = "", kind } = tokens[index] ?? {};
    if (kind === "punctuation" && CLAUSE_END.test(text)) break;
    if (CLAUSE_STARTS.has(text)) break;
    if (DENIALS.has(text) && tokens[index + 1]?.text !== "only") denied = true;
    if (SELF.has(text)) {
      // "I don't want to sue" stands right after its subject
      return !denied;
    }
    if (OTHERS.has(text)) return isForced(tokens, index);
  }
  return !denied;
}

const FORCING = new Set("made make making forced forcing makes lost losing".split(" "));

/** "You made me switch" is the author's move after all. */
function isForced(tokens: readonly Token[], at: number): boolean {
  for (let index = at + 1; index <= at + 4; index++) {
    if (FORCING.has(tokens[index]?.text ?? "")) return true;
  }
  return false;
}
