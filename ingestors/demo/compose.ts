import { FOREIGN } from "./phrases/foreign.ts";
import { CLOSERS, OPENERS, SLOTS, type Language, type Tone } from "./phrases/slots.ts";
import type { Random } from "./random.ts";
import type { Platform } from "./world.ts";

/** What can be said on a theme. `[a|b]` is a choice (it may nest), `{slot}` a value. */
export interface Phrases {
  readonly tone: Tone;
  readonly titles: readonly string[];
  /** The point: every text has one. */
  readonly cores: readonly string[];
  /** Further points, made once the theme has turned (`turnsOn` of the theme). */
  readonly afterwards?: readonly string[];
  /** What it led to, or how it came about. */
  readonly effects: readonly string[];
}

/** Values the story gives to `{brand}`, `{rival}` and `{version}`. */
export type Names = Readonly<Record<"brand" | "rival" | "version", string>>;

/** Replaces choices and slots of a template by draws. */
export function fill(template: string, names: Names, random: Random): string {
  let text = template;
  for (let inner = /\[([^[\]]*)\]/; inner.test(text);) {
    text = text.replace(inner, (_, choices: string) => random.pick(choices.split("|")));
  }
  return text
    .replace(/\{(\w+)\}/g, (whole, slot: string) => {
      if (slot === "brand" || slot === "rival" || slot === "version") return names[slot];
      const values = SLOTS[slot];
      return values === undefined ? whole : random.pick(values);
    })
    .replace(/ {2,}/g, " ")
    .replace(/ ([.?,!])(?=\s|$)/g, "$1")
    .trim();
}

/** How many sentences people write on each platform beside the point: lowest and highest. */
const LENGTH: Readonly<Record<Platform, readonly [number, number]>> = {
  x: [0, 2],
  reddit: [1, 4],
  app_store: [0, 2],
  google_play: [0, 2],
  trustpilot: [2, 4],
  news: [1, 2],
  zendesk: [1, 3],
  survey: [0, 1],
};

export interface Request {
  readonly theme: string;
  readonly phrases: Phrases;
  readonly language: Language;
  readonly platform: Platform;
  readonly names: Names;
}

/** A text on a theme, as some customer on that platform would type it. */
export function compose(request: Request, random: Random): string {
  return inRegister(request.platform, request.language, draft(request, random), random);
}

/** Remembers what was written, so that people do not repeat each other. */
export class Written {
  readonly #texts = new Set<string>();

  /** The first new text of a dozen attempts; then a repeated one, which a large scale makes unavoidable. */
  fresh(attempt: () => string): string {
    let text = attempt();
    for (let tries = 0; tries < 12 && this.#texts.has(text); tries++) text = attempt();
    this.#texts.add(text);
    return text;
  }
}

function draft(request: Request, random: Random): string {
  const { phrases, language, platform, names } = request;
  const cores = language === "en" ? phrases.cores : (FOREIGN[request.theme]?.[language] ?? phrases.cores);
  const openers = OPENERS[language][phrases.tone];
  const closers = CLOSERS[language][phrases.tone];
  const effects = language === "en" ? phrases.effects : [];
  const [low, high] = LENGTH[platform];
  const extra = random.int(low, high);

  const core = random.pick(cores);
  const parts = [core];
  let opener: string | undefined;
  let closer: string | undefined;
  for (let i = 0; i < extra; i++) {
    const kind = random.index([3, 4, 3, 1.5]);
    if (kind === 0 && openers.length > 0) opener ??= random.pick(openers);
    else if (kind === 1 && effects.length > 0) addOther(parts, effects, random);
    else if (kind === 2 && closers.length > 0) closer ??= random.pick(closers);
    else if (platform !== "x") addOther(parts, cores, random);
  }
  const all = [opener, ...parts, closer].filter((part) => part !== undefined);
  const text = joinSentences(all.map((part) => fill(part, names, random)));
  return phrases.tone === "none"
    ? text
    : text.replace(/(^|[.!?] )(\p{Ll})/gu, (start) => start.toUpperCase());
}

function addOther(parts: string[], from: readonly string[], random: Random): void {
  const other = random.pick(from);
  if (!parts.includes(other)) parts.push(other);
}

/** Sentences with a stop between them; after a comma or conjunction the next goes on in lower case. */
function joinSentences(sentences: readonly string[]): string {
  let text = "";
  for (const sentence of sentences) {
    if (text === "") {
      text = sentence;
    } else if (/(,|\bbut|\band)$/.test(text)) {
      text += ` ${goingOn(sentence)}`;
    } else {
      const stop = /[.!?:…]['’]?$|\p{Extended_Pictographic}$/u.test(text) ? "" : ".";
      text += `${stop} ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
    }
  }
  return /[\p{L}\p{N}]$/u.test(text) ? `${text}.` : text;
}

/** The sentence as it goes on after a comma: in lower case, unless it starts with a name, capitals or "I". */
export function goingOn(sentence: string): string {
  const keepsCapital = /^(I\b|[A-ZÄÖÜ]{2}|Lumbert|Trundlow|Pakvorn)/.test(sentence);
  return keepsCapital ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

const ANGRY_EMOJI = ["😡", "🤬", "🙄", "😤", "🤦", "💀", "👎", "🤡"];
const HAPPY_EMOJI = ["😍", "🙌", "❤️", "😊", "👍", "🥕", "🎉", "🚚"];

/** The same words as someone else would type them: lower case, capitals, typos, emoji, no full stop. */
function inRegister(platform: Platform, language: Language, text: string, random: Random): string {
  const formal = platform === "news" || platform === "zendesk" || platform === "trustpilot";
  let typed = text;
  if (random.chance(formal ? 0.05 : 0.14)) typed = mistype(typed, random);
  if (!formal && random.chance(0.22)) typed = typed.toLowerCase();
  else if (!formal && typed.length < 120 && random.chance(0.05)) typed = typed.toUpperCase();
  if (!formal && random.chance(0.35)) typed = typed.replace(/\.$/, "");
  if (!formal && language === "en" && random.chance(0.06))
    typed = typed.replace(/\b(so|no|why|love|still)\b/i, stretch);
  return typed;
}

/** A fitting emoji at the end, now and then. */
export function withEmoji(text: string, tone: Tone, random: Random): string {
  if (tone === "neutral" || tone === "none" || !random.chance(0.16)) return text;
  const emoji = random.pick(tone === "angry" ? ANGRY_EMOJI : HAPPY_EMOJI);
  return `${text} ${random.chance(0.2) ? emoji.repeat(3) : emoji}`;
}

function stretch(word: string): string {
  return `${word}${word.slice(-1).repeat(3)}`;
}

/** Swaps or drops a letter inside one long word; names and addresses stay as they are. */
function mistype(text: string, random: Random): string {
  const words = text.split(" ");
  const long = words.flatMap((word, at) => (/^[a-zäöüéèñ]{6,}$/.test(word) ? [at] : []));
  if (long.length === 0) return text;
  const at = random.pick(long);
  const word = words[at] ?? "";
  const letter = random.int(1, word.length - 3);
  const [left, a, b, right] = [
    word.slice(0, letter),
    word.charAt(letter),
    word.charAt(letter + 1),
    word.slice(letter + 2),
  ];
  words[at] = random.chance(0.5) ? `${left}${b}${a}${right}` : `${left}${b}${right}`;
  return words.join(" ");
}
