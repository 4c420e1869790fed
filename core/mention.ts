import { createHash } from "node:crypto";
import { Mention, MentionDeletion } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { MentionFields } from "./contracts.ts";
import { EarshotError } from "./errors.ts";

/**
 * Completes the news of a deletion.
 * @throws {EarshotError} record_invalid when its id is none
 */
export function toDeletion(
  { id, reason }: { readonly id: string; readonly reason: string },
  { source, trackers, observedAt }: MentionOrigin,
): MentionDeletion {
  const deletion: MentionDeletion = {
    type: "delete",
    id: cleanText(id),
    source,
    trackers: [...trackers],
    reason: cutText(reason, 500),
    observedAt,
  };
  const checked = MentionDeletion.safeParse(deletion);
  if (checked.success) return deletion;
  throw new EarshotError(
    "record_invalid",
    `This deletion names no mention: ${checked.error.issues[0]?.message ?? ""}.`,
  );
}

/** Earliest and latest publication times a mention may have; the store keeps 1900-2299, nobody listened before 1970. */
const EARLIEST = "1970-01-01T00:00:00.000Z";
const FUTURE_TOLERANCE_MS = 24 * 60 * 60 * 1000;

export interface MentionOrigin {
  readonly source: string;
  readonly trackers: readonly string[];
  readonly observedAt: Timestamp;
}

/**
 * Completes what an ingestor knows into a mention: id, defaults for what the platform does not show, well-formed
 * text without control characters, a hash of the content.
 * @throws {EarshotError} record_invalid, naming every field that is wrong
 */
export function toMention(fields: MentionFields, origin: MentionOrigin): Mention {
  const mention: Mention = {
    id: cleanText(`${fields.platform}:${fields.nativeId}`),
    platform: fields.platform,
    source: origin.source,
    nativeId: cleanText(fields.nativeId),
    revision: fields.revision ?? 0,
    kind: fields.kind,
    trackers: mergeTrackers(fields.trackers, origin.trackers),
    authorId: cleanText(fields.authorId ?? ""),
    authorName: cleanText(fields.authorName ?? ""),
    authorHandle: cleanText(fields.authorHandle ?? ""),
    authorFollowers: fields.authorFollowers ?? null,
    text: cleanText(fields.text),
    title: cleanText(fields.title ?? ""),
    url: safeUrl(fields.url ?? ""),
    parentId: cleanText(fields.parentId ?? ""),
    threadId: cleanText(fields.threadId ?? ""),
    amplifiesId: cleanText(fields.amplifiesId ?? ""),
    inReplyToUs: fields.inReplyToUs ?? false,
    byUs: fields.byUs ?? false,
    rating: fields.rating ?? null,
    ratingMax: fields.ratingMax ?? null,
    product: cleanText(fields.product ?? ""),
    version: cleanText(fields.version ?? ""),
    country: cleanText(fields.country ?? ""),
    languageHint: cleanText(fields.languageHint ?? ""),
    publishedAt: fields.publishedAt,
    observedAt: fields.observedAt ?? origin.observedAt,
    engagement: fields.engagement ?? { likes: null, replies: null, shares: null, views: null },
    rawHash: createHash("sha256").update(JSON.stringify(fields)).digest("hex").slice(0, 32),
  };
  assertPlausibleTime(mention.publishedAt, origin.observedAt);
  const checked = Mention.safeParse(mention);
  if (!checked.success) {
    const faults = checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new EarshotError("record_invalid", `This is not a mention: ${faults.join("; ")}.`);
  }
  if (mention.text === "" && mention.title === "" && mention.rating === null) {
    throw new EarshotError(
      "record_invalid",
      "There is no text, title or rating in it; map the column that has it.",
    );
  }
  return mention;
}

const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** The text with lone surrogates replaced and control characters (NUL among them) removed; tab and newlines stay. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(CONTROL_CHARACTERS, "");
}

/** The text clean and cut to a length, never in the middle of a character. */
export function cutText(text: string, length: number): string {
  return cleanText(text).slice(0, length).toWellFormed();
}

/** The address when it is http(s), else empty: a `javascript:` link must never reach a page. */
function safeUrl(url: string): string {
  return /^https?:\/\//i.test(url) ? cleanText(url) : "";
}

function mergeTrackers(own: readonly string[] | undefined, ofSource: readonly string[]): string[] {
  return own === undefined ? [...ofSource] : [...new Set([...ofSource, ...own])];
}

function assertPlausibleTime(publishedAt: Timestamp, observedAt: Timestamp): void {
  const at = Date.parse(publishedAt);
  if (Number.isNaN(at)) throw new EarshotError("record_invalid", `There is no such time as ${publishedAt}.`);
  if (publishedAt < EARLIEST) {
    throw new EarshotError("record_invalid", `Published ${publishedAt}, before 1970; correct the date.`);
  }
  if (at > Date.parse(observedAt) + FUTURE_TOLERANCE_MS) {
    throw new EarshotError("record_invalid", `Published ${publishedAt}, in the future; correct the date.`);
  }
}
