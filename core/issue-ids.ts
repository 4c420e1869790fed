import { createHash } from "node:crypto";

/** Digits and letters that are not taken for one another: no i, l, o, u. @see https://www.crockford.com/base32.html */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ISSUE_LENGTH = 10;
const CLUSTER_LENGTH = 16;

/** The id of an issue of a tracker that begins with `seed`, a mention or what a person did: the same for the same seed. */
export function issueIdOf(tracker: string, seed: string): string {
  return shorten(`issue\n${tracker}\n${seed}`, ISSUE_LENGTH);
}

/** The id of the cluster of a tracker that a mention founds. It tells nothing of the mention, which may be deleted. */
export function clusterIdOf(tracker: string, mentionId: string): string {
  return shorten(`cluster\n${tracker}\n${mentionId}`, CLUSTER_LENGTH);
}

/** What stands for a person heard of a tracker, where no name may be kept. */
export function voiceIdOf(tracker: string, voice: string): string {
  return shorten(`voice\n${tracker}\n${voice}`, CLUSTER_LENGTH);
}

/** 5 bits a character. */
function shorten(text: string, length: number): string {
  const digest = createHash("sha256").update(text).digest();
  return Array.from(digest.subarray(0, length), (byte) => ALPHABET[byte & 31]).join("");
}
