import { hashText } from "../processors/hash-text.ts";

/** Copies of a text are told by so much of their beginning, in characters. */
const BEGINNING = 60;

/**
 * The part of a set a text belongs to, 0..`folds` − 1: the same for texts that begin with the same words, so that no
 * model is judged on a copy of what it learned.
 */
export function foldOf(text: string, folds: number): number {
  const beginning = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ").slice(0, BEGINNING);
  const hash = hashText(beginning);
  // the low bits of such a hash say little by themselves
  return ((hash ^ (hash >>> 15)) >>> 0) % folds;
}
