import type { Processor } from "../core/contracts.ts";
import { STAGES, type Stage, type Stages } from "../schemas/reading.ts";
import { bestCueAt, type CueMatch, type CueTable } from "./cues.ts";
import type { DetectComplaintAdds } from "./detect-complaint.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { ENGLISH } from "./lexicons/english.ts";
import { negates } from "./lexicons/language-rules.ts";
import { ENGLISH_STAGES, OTHER_STAGES, type StageCue } from "./lexicons/stage-cues.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds, Sentence } from "./read-text.ts";
import { HIGH_SHARE, starShare } from "./star-share.ts";

export interface LocateStageAdds {
  readonly stage: Stages;
}

/**
 * Gives the step that tells where in the customer's journey it broke and where they were when they complained, by what
 * title and text say went wrong ("never arrived", "charged twice", "hung up on me"). What happened first broke; asking
 * for help, a refund or a cancellation comes after, so "ordered weeks ago, nothing arrived, support hangs up" broke at
 * delivery and complained at support. Both `unknown` where nothing failed, where it cannot be told, for languages
 * without cues, and for what we wrote ourselves.
 */
export function locateStage(): Processor<
  ReadMention & ReadTextAdds & DetectLanguageAdds & DetectComplaintAdds,
  LocateStageAdds
> {
  return perMention("locate_stage", (mention) => ({ stage: locate(mention) }));
}

const UNKNOWN: Stages = { brokeAt: "unknown", complainedAt: "unknown" };

/** How long a text may be for its cues to count although it is no complaint. */
const MOST_PLAIN_SENTENCES = 2;

/** Of what is said to have broken, a stage said more rarely is an aside. */
const LEAST_SHARE = 0.2;

/** Stages one comes to because something broke before; late ones last. */
const CONSEQUENCES: readonly Stage[] = ["support", "return", "cancellation"];

function locate(mention: ReadMention & ReadTextAdds & DetectLanguageAdds & DetectComplaintAdds): Stages {
  const table = mention.language === "en" ? ENGLISH_STAGES : OTHER_STAGES.get(mention.language);
  if (mention.byUs || table === undefined) return UNKNOWN;
  const said = newTally();
  for (const sentence of mention.reading.title) count(sentence, table, said);
  for (const sentence of mention.reading.sentences) count(sentence, table, said);
  const isPraised = (starShare(mention) ?? 0) >= HIGH_SHARE;
  const isComplaint = mention.complaint.isComplaint && !isPraised;
  // a long text of praise tells of many things that went wrong elsewhere, or once; plain cues need a complaint
  const isTrusted = mention.language === "en" && mention.reading.sentences.length <= MOST_PLAIN_SENTENCES;
  if (!isComplaint && !isTrusted) return UNKNOWN;
  const brokeAt = rootOf(said.broke) ?? (isComplaint ? onlyOne(said.topic) : undefined);
  if (brokeAt === undefined && !isComplaint) return UNKNOWN;
  return { brokeAt: brokeAt ?? "unknown", complainedAt: latestOf(said, brokeAt) };
}

type Counts = Map<Stage, number>;

type Tally = Readonly<Record<StageCue["says"], Counts>>;

function newTally(): Tally {
  return { broke: new Map(), there: new Map(), topic: new Map() };
}

/**
 * In how many sentences each stage is said. Cues may overlap: each word is looked at, and of the cues that start there
 * the longest counts.
 */
function count({ tokens }: Sentence, table: CueTable<StageCue>, said: Tally): void {
  const seen = new Set<StageCue>();
  for (let at = 0; at < tokens.length; at++) {
    const match = bestCueAt(tokens, at, table, isClearer);
    if (match === undefined) continue;
    const cue = match.cue.value;
    if (seen.has(cue)) continue;
    // "no delays", "never had a crash": the cue's own denial is within it, not before it
    if (cue.says === "broke" && negates(tokens, at, DENIALS)) continue;
    seen.add(cue);
    said[cue.says].set(cue.stage, (said[cue.says].get(cue.stage) ?? 0) + 1);
  }
}

const DENIALS = {
  negators: new Set("no never without nor zero hardly haven't havent hasn't hasnt hadn't".split(" ")),
  negationWindow: 3,
  contrasts: ENGLISH.contrasts,
};

function isClearer(match: CueMatch<StageCue>, than: CueMatch<StageCue>): boolean {
  const rank = RANKS[match.cue.value.says] - RANKS[than.cue.value.says];
  return rank !== 0 ? rank > 0 : match.end > than.end;
}

const RANKS: Readonly<Record<StageCue["says"], number>> = { broke: 2, there: 1, topic: 0 };

/** What broke first: the stage most said to have failed, of those that follow from another one only where there is no other. */
function rootOf(broke: Counts): Stage | undefined {
  let total = 0;
  for (const times of broke.values()) total += times;
  const isSaidEnough = (stage: Stage) => (broke.get(stage) ?? 0) >= LEAST_SHARE * total;
  return (
    mostOf(broke, (stage) => !CONSEQUENCES.includes(stage) && isSaidEnough(stage)) ??
    mostOf(broke, () => true)
  );
}

function mostOf(counts: Counts, isMeant: (stage: Stage) => boolean): Stage | undefined {
  let most: Stage | undefined;
  // the first said wins where two are said as often
  for (const [stage, times] of counts) {
    if (isMeant(stage) && (most === undefined || times > (counts.get(most) ?? 0))) most = stage;
  }
  return most;
}

/** The one stage a complaint speaks of; none where it speaks of several. */
function onlyOne(topics: Counts): Stage | undefined {
  return topics.size === 1 ? [...topics.keys()][0] : undefined;
}

/** Asking for a refund or calling support says where they are, not what broke. */
function latestOf({ broke, there }: Tally, brokeAt: Stage | undefined): Stage {
  const later = CONSEQUENCES.filter((stage) => broke.has(stage) || there.has(stage));
  const latest = later.findLast(
    (stage) => brokeAt === undefined || STAGES.indexOf(stage) > STAGES.indexOf(brokeAt),
  );
  return latest ?? brokeAt ?? "unknown";
}
