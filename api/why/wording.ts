import { VOICES_MEASURE } from "../../schemas/written-exposure.ts";

const MOST_LISTED = 3;

/** `1 person`, `12 people`. */
export function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}

/** `1 change`, `12 changes`. */
export function many(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** `40 %`. */
export function share(some: number, all: number): string {
  return `${Math.round((100 * some) / all)} %`;
}

/** `a, b and c`. */
export function list(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** A decision as people say it. */
export function decisionWords(decision: string): string {
  return { changing: "changing", not_now: "not now", will_not: "will not" }[decision] ?? decision;
}

/** A name as people say it: `active users`, of `voices` `people heard`. */
export function words(name: string): string {
  return name === VOICES_MEASURE ? "people heard" : name.replaceAll("_", " ");
}

/** The commonest values with how many people have each, and how many more there are: `x (59), reddit (25) and 3 more`. */
export function counted(
  rows: readonly { readonly value: string; readonly voices: number }[],
  most = MOST_LISTED,
): string {
  const shown = rows.slice(0, most).map(({ value, voices }) => `${value} (${voices})`);
  const more = rows.length - shown.length;
  return list(more > 0 ? [...shown, `${more} more`] : shown);
}

/** `2026-03-02 10:30 UTC`. */
export function minuteOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** A text that begins with a capital. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A clause as a sentence of its own. */
export function sentence(text: string): string {
  const begun = capital(text);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
