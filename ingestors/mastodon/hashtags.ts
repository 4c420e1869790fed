import { EarshotError } from "../../core/errors.ts";
import type { QueryNode } from "../../core/query/query.ts";
import type { Run } from "./server.ts";

/**
 * The hashtags to follow, without `#`, in lower case, each once.
 * @throws {EarshotError} config_invalid when there are none
 */
export function hashtagsFor({ config, queries }: Pick<Run, "config" | "queries">): readonly string[] {
  const words =
    config.hashtags.length > 0 ? config.hashtags : queries.flatMap(({ query }) => hashtagsOf(query.root));
  const tags = new Set(words.map((word) => word.replace(/^#/, "").toLowerCase()));
  if (tags.size > 0) return [...tags];
  throw new EarshotError(
    "config_invalid",
    "Mastodon is listened to by hashtags, and there are none; put #words into the query of a tracker of this source, " +
      "or set hashtags.",
  );
}

function hashtagsOf(node: QueryNode): readonly string[] {
  switch (node.type) {
    case "and":
    case "or":
      return node.nodes.flatMap(hashtagsOf);
    case "near":
      return [...hashtagsOf(node.left), ...hashtagsOf(node.right)];
    case "phrase":
      return node.words.filter(isHashtag);
    case "word":
      return [node.text].filter(isHashtag);
    case "not":
    case "field":
    case "number":
      return [];
  }
}

function isHashtag(word: string): boolean {
  return /^#[\p{L}\p{M}\p{N}_]+$/u.test(word);
}
