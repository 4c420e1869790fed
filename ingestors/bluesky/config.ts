import { z } from "zod";
import type { ContentDuty, RereadRun, TrackerQuery } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { parseQuery } from "../../core/query/parse-query.ts";

/** What Bluesky asks of whoever keeps posts: what people delete is to be deleted. It names no time; a day is ours. */
export const DUTY: ContentDuty = {
  deleteWithinHours: 24,
  terms: "https://docs.bsky.app/docs/support/developer-guidelines",
};

/** What both ingestors of Bluesky are configured with. */
export const networkShape = {
  queries: z
    .array(z.string().refine(isQuery, "is no query; see docs/query-language.md"))
    .default([])
    .describe("What to look for, as in a tracker's query, instead of the trackers' queries."),
  apiEndpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://public.api.bsky.app")
    .describe("Address of the API that shows posts and authors without a login."),
  ownAccounts: z
    .array(
      z
        .string()
        .regex(/^(?:@?[\w.-]+\.[\w-]+|did:[a-z]+:\S+)$/, "must be a handle, acme.bsky.social, or a DID"),
    )
    .default([])
    .describe("Handles or DIDs of your own accounts: what they post is marked as yours."),
} as const;

function isQuery(text: string): boolean {
  try {
    parseQuery(text);
    return true;
  } catch (error) {
    if (error instanceof EarshotError) return false;
    throw error;
  }
}

/**
 * What is looked for: what the source says, else its trackers' queries.
 * @throws {EarshotError} config_invalid when that is nothing
 */
export function queriesOf({
  config,
  queries,
}: Pick<RereadRun<{ readonly queries: readonly string[] }>, "config" | "queries">): readonly TrackerQuery[] {
  const own = config.queries.map((text, at) => ({ tracker: String(at), query: parseQuery(text) }));
  const found = own.length > 0 ? own : queries;
  if (found.length > 0) return found;
  throw new EarshotError(
    "config_invalid",
    "There is nothing to look for on Bluesky: give a tracker of this source a query, or the source queries.",
  );
}

/** Own accounts as posts name them: handles in lower case, without @. */
export function ownNames({ ownAccounts }: { readonly ownAccounts: readonly string[] }): readonly string[] {
  return ownAccounts.map((name) => name.replace(/^@/, "").toLowerCase());
}
