import type { TrackerQuery } from "../../core/contracts.ts";
import { cleanText } from "../../core/mention.ts";
import { matcherOf } from "../../core/query/match-query.ts";
import type { QueryNode } from "../../core/query/query.ts";
import { searchesOf } from "../../core/query/searches.ts";
import type { Mention } from "../../schemas/mention.ts";

/** What is known of a post before anyone is asked about its author. */
export type PlainPost = Pick<Mention, "text" | "kind" | "languageHint">;

/**
 * Gives a test whether a post overheard may be looked for: sure for words, while what only the network can tell, handle,
 * name and followers of the author, is left for later.
 * @throws {EarshotError} config_invalid for a query that any post could meet
 */
export function prefilter(queries: readonly TrackerQuery[]): (post: PlainPost) => boolean {
  for (const { query } of queries) searchesOf(query);
  const open = queries.flatMap(({ tracker, query }) => {
    const root = widened(query.root, false);
    return root === undefined ? [] : [{ tracker, query: { text: query.text, root } }];
  });
  const trackersOf = matcherOf(open);
  return (post) => trackersOf({ ...BLANK, ...post, text: cleanText(post.text) }).length > 0;
}

/** The node, or its opposite, met by at least as many posts, with nothing in it that is not known yet; undefined: any. */
function widened(node: QueryNode, isNegated: boolean): QueryNode | undefined {
  switch (node.type) {
    case "not":
      return widened(node.node, !isNegated);
    case "and":
    case "or": {
      const isAnd = (node.type === "and") !== isNegated;
      const sides = node.nodes.map((side) => widened(side, isNegated));
      const known = sides.filter((side) => side !== undefined);
      const [first] = known;
      if (first === undefined || (!isAnd && known.length < sides.length)) return undefined;
      return known.length === 1 ? first : { type: isAnd ? "and" : "or", nodes: known };
    }
    case "field":
      if (node.name === "author" || node.name === "source" || node.name === "url") return undefined;
      break;
    case "number":
      if (node.name === "followers") return undefined;
      break;
    case "word":
    case "phrase":
    case "near":
      break;
  }
  return isNegated ? { type: "not", node } : node;
}

const BLANK: Mention = {
  id: "",
  platform: "bluesky",
  source: "",
  nativeId: "",
  revision: 0,
  kind: "post",
  trackers: [],
  authorId: "",
  authorName: "",
  authorHandle: "",
  authorFollowers: null,
  text: "",
  title: "",
  url: "",
  parentId: "",
  threadId: "",
  amplifiesId: "",
  inReplyToUs: false,
  byUs: false,
  rating: null,
  ratingMax: null,
  product: "",
  version: "",
  country: "",
  languageHint: "",
  publishedAt: "",
  observedAt: "",
  engagement: { likes: null, replies: null, shares: null, views: null },
  rawHash: "",
};
