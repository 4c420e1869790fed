import { canonicalUrl } from "./canonical-url.ts";
import { recentMap } from "../recent-map.ts";
import { createNearDuplicates, FEWEST_WORDS, jaccard, wordPairs, type WordPairs } from "./near-duplicates.ts";

/** A mention as far as it tells whose voice it is. */
export interface Utterance {
  readonly id: string;
  /** Its words in lower case, without handles and addresses; without them they are read from `text`. */
  readonly tokens?: readonly string[];
  readonly text?: string;
  /** Who wrote it, named so that no two people of two platforms share a name. Without it: a person of their own. */
  readonly author?: string;
  /** The mention's own address, not one it links to. */
  readonly url?: string;
  /** Id of the mention that the platform says it passes on. */
  readonly repostOf?: string;
  /** When it was published, ms since 1970. Without it: when the one before it was. */
  readonly at?: number;
}

/** How a mention repeats another: the platform says so, same page, the same words of somebody else or of oneself. */
export type CopyBy = "repost" | "link" | "text" | "self";

/** Whose voice a mention is. A copy is linked to what it repeats and never dropped. */
export interface HeardVoice {
  readonly id: string;
  /** The first mention it repeats; that one is itself no copy, as far as it was heard. */
  readonly copyOf: string | undefined;
  readonly copyBy: CopyBy | undefined;
  /** The person heard: for a copy who said it first. Equal for two mentions only where one person is heard in both. */
  readonly voice: string;
}

/** Reads mentions one by one, in the order of time or of a file. */
export interface VoiceFinder {
  read(utterance: Utterance): HeardVoice;
  /** How many texts are remembered. */
  readonly size: number;
}

export interface VoiceFinderOptions {
  /** How long a text is remembered after it was last said, ms; 14 days unless told. */
  readonly windowMs?: number;
  /** How many texts of one window are remembered at most; 500,000 unless told. */
  readonly mostRemembered?: number;
}

const DAY_MS = 86_400_000;
/** Two mentions at one address are one page where their texts are at least so much alike; a page has many reviews. */
const SAME_PAGE_JACCARD = 0.3;

interface Original {
  readonly id: string;
  readonly voice: string;
  readonly author: string | undefined;
  readonly pairs: WordPairs;
  readonly short: string | undefined;
}

/**
 * Gives a reader that tells whose voice each mention is and what it repeats: a repost, the same page, or a near-duplicate
 * (pairs of words: Jaccard ≥ .6, or ≥ .9 of the shorter text within the other; texts of five words or more) of what was
 * said within 14 days. What many say in their own words ("my card has not arrived") is no copy: what is shared must be
 * unusual among the texts heard. A text that goes on being repeated goes on being remembered. Deterministic; about 30,000 mentions
 * a second; to go on after a restart, read the last 14 days again.
 */
export function openVoices(options: VoiceFinderOptions = {}): VoiceFinder {
  const { windowMs = 14 * DAY_MS, mostRemembered = 500_000 } = options;
  const texts = createNearDuplicates<Original>(windowMs, mostRemembered);
  const byId = recentMap<Original>(mostRemembered);
  const byUrl = recentMap<Original>(mostRemembered);
  let now = Number.NEGATIVE_INFINITY;

  const find = (utterance: Utterance, said: Original, at: number, url: string | undefined) => {
    const { repostOf } = utterance;
    if (repostOf !== undefined && repostOf !== utterance.id) {
      // what is passed on may never have been heard itself
      const original = byId.get(repostOf) ?? {
        ...said,
        id: repostOf,
        voice: `mention:${repostOf}`,
        author: undefined,
      };
      return { original, by: "repost" as const };
    }
    const page = url === undefined ? undefined : byUrl.get(url);
    if (page !== undefined && page.id !== said.id && isSamePage(page, said))
      return { original: page, by: "link" as const };
    const isLong = said.pairs.length >= FEWEST_WORDS - 1;
    const original = isLong ? texts.find(said.pairs, at) : undefined;
    if (original === undefined || original.id === said.id) return undefined;
    const isOwn = utterance.author !== undefined && utterance.author === original.author;
    return { original, by: isOwn ? ("self" as const) : ("text" as const) };
  };

  return {
    read(utterance) {
      const { id, author, repostOf } = utterance;
      const at = utterance.at ?? (now === Number.NEGATIVE_INFINITY ? 0 : now);
      now = Math.max(now, at);
      const words = utterance.tokens ?? wordsOf(utterance.text ?? "");
      const url = utterance.url === undefined ? undefined : canonicalUrl(utterance.url);
      const voice = author === undefined ? `mention:${id}` : `author:${author}`;
      const said: Original = { id, voice, author, pairs: wordPairs(words), short: shortText(words) };
      const found = find(utterance, said, at, url);
      const original = found?.original ?? said;
      byId.set(id, original);
      if (repostOf !== undefined && found?.by === "repost") byId.set(repostOf, original);
      if (url !== undefined && byUrl.get(url) === undefined) byUrl.set(url, original);
      const isNew = found === undefined || (found.by === "repost" && original.pairs === said.pairs);
      if (isNew && said.pairs.length >= FEWEST_WORDS - 1) texts.remember(said.pairs, at, original);
      return { id, copyOf: found?.original.id, copyBy: found?.by, voice: original.voice };
    },
    get size() {
      return texts.size;
    },
  };
}

/** Whose voice each of some mentions is, in their order. @see openVoices */
export function findVoices(utterances: Iterable<Utterance>): HeardVoice[] {
  const voices = openVoices();
  return Array.from(utterances, (utterance) => voices.read(utterance));
}

function isSamePage(page: Original, said: Original): boolean {
  return (
    (page.short !== undefined && page.short === said.short) ||
    jaccard(page.pairs, said.pairs) >= SAME_PAGE_JACCARD
  );
}

/** A text too short to be compared by its pairs; undefined for others. */
function shortText(words: readonly string[]): string | undefined {
  return words.length < FEWEST_WORDS ? words.join(" ") : undefined;
}

const PASSED_ON = /^\s*rt\s+@\S+\s*/i;
const ADDRESS_OR_HANDLE = /https?:\/\/\S+|www\.\S+|(?<![\p{L}\p{N}_])@[\p{L}\p{N}_]+/gu;
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;
/** Of a longer text no more is read. */
const READ_LENGTH = 5000;

/** Words in lower case, without addresses and handles: those differ between copies. */
function wordsOf(text: string): string[] {
  const read = text.slice(0, READ_LENGTH).toLowerCase();
  const plain = read.includes("@") || read.includes("http") || read.includes("www.");
  const bare = plain ? read.replace(PASSED_ON, "").replace(ADDRESS_OR_HANDLE, " ") : read;
  return bare.match(WORD) ?? [];
}
