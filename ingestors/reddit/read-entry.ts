import type { Parsed } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { htmlToText } from "../html-to-text.ts";
import type { FeedEntry } from "../rss/feed-item.ts";
import { timesOf } from "../rss/read-item.ts";
import { idOf, isRemovedText } from "./read-thing.ts";

/**
 * The mention an entry of a Reddit feed is. Feeds show neither scores nor who answers whom.
 * @throws {EarshotError} record_invalid
 * @see https://www.reddit.com/wiki/rss
 */
export function readEntry(entry: FeedEntry, byUs: boolean, observedAt: Timestamp): Parsed {
  const { id } = entry;
  if (/^t[25]_/.test(id)) return { type: "skip", reason: "neither a post nor a comment" };
  const { publishedAt, revision } = timesOf(entry, observedAt);
  if (!/^t[13]_\w+$/.test(id) || publishedAt === undefined) {
    throw new EarshotError(
      "record_invalid",
      "This is not an entry as Reddit's feeds have them: no id, or no date.",
    );
  }
  const isComment = id.startsWith("t1_");
  if (isRemovedEntry(entry)) return { type: "delete", id: idOf(id), reason: "deleted or removed" };
  const url = entry.links.find(({ rel }) => rel === "alternate")?.href ?? "";
  const thread = /\/comments\/(\w+)\//.exec(url)?.[1];
  return {
    type: "upsert",
    mention: {
      platform: "reddit",
      nativeId: id,
      revision,
      kind: isComment ? "comment" : "post",
      byUs,
      authorHandle: handleOf(entry),
      // the title of a comment's entry is its author and the title of the post
      title: isComment ? "" : titleOf(entry),
      text: textOf(entry),
      url,
      threadId: isComment ? (thread === undefined ? "" : idOf(`t3_${thread}`)) : idOf(id),
      publishedAt,
    },
  };
}

/** Who wrote an entry, without `/u/`; empty when Reddit does not say. */
export function handleOf({ author }: FeedEntry): string {
  const name = author.replace(/^\/?u\//, "");
  return name === "[deleted]" ? "" : name;
}

/** Whether an entry is there in name only. */
export function isRemovedEntry(entry: FeedEntry): boolean {
  return isRemovedText(textOf(entry));
}

/** Feeds escape titles twice. */
function titleOf({ title }: FeedEntry): string {
  return htmlToText(title.value).replace(/\s+/g, " ").trim();
}

/** What the author wrote; around it Reddit says who submitted what to where. Empty for a post that is only a link. */
function textOf({ id, texts }: FeedEntry): string {
  const html = texts[0]?.value ?? "";
  const written = /<!-- SC_OFF -->(.*)<!-- SC_ON -->/s.exec(html)?.[1];
  return htmlToText(written ?? (id.startsWith("t1_") ? html : ""));
}
