import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  defineIngestor,
  type Page,
  type PollRun,
  type Reread,
  type RereadRun,
} from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { rereadReviews } from "../reread-reviews.ts";
import { markOf, siftSeen } from "../rss/seen-entries.ts";
import { findUnit, readPage, readReviewById } from "./ask-trustpilot.ts";
import { TrustpilotConfig } from "./config.ts";
import { idOf, itemsOf, positionOf, readTrustpilotItem, replyIdOf, versionOf } from "./read-review.ts";

const Marks = z.array(z.string());
const Cursor = z.strictObject({
  company: z.string().describe("Id or domain as configured: a cursor is worth nothing for another company."),
  id: z.string().describe("Trustpilot's id of the company."),
  seen: Marks.describe("Marks of the newest reviews met, oldest first."),
  walk: z
    .strictObject({
      page: z.int().positive().describe("Page to go on with."),
      newest: Marks.describe("Marks of the first page, as it was when the walk began."),
    })
    .optional()
    .describe("How far a walk over many pages has come."),
});
type Cursor = z.infer<typeof Cursor>;

/**
 * Reviews of a company on Trustpilot, and the company's replies to them. Polling hears new reviews, and edits of the
 * newest hundred and replies to them; what becomes of older ones is heard by reading them again.
 * @see https://developers.trustpilot.com/business-units-api
 * @see https://developers.trustpilot.com/service-reviews-api
 */
export const trustpilotIngestor = defineIngestor({
  name: "trustpilot",
  summary: "Reviews of a company on Trustpilot and the replies to them, with an API key.",
  source: {
    mode: "poll",
    schedule: "11 * * * *",
    scope: "all",
    duty: { terms: "https://developers.trustpilot.com/deletions-api" },
  },
  config: TrustpilotConfig,
  cursor: Cursor,
  poll,
  parse: readTrustpilotItem,
  position: positionOf,
  reread,
});

/**
 * Walks the pages, newest first, back to a review it knows. Each page is a checkpoint: new reviews push older ones to
 * later pages, so whoever goes on at a page misses none. A walk that was interrupted goes one page back, for the
 * reviews that were deleted meanwhile and drew others forward.
 */
async function* poll(run: PollRun<TrustpilotConfig, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config } = run;
  const company = config.businessUnitId ?? config.domain ?? "";
  const saved = run.cursor?.company === company ? run.cursor : undefined;
  const id = saved?.id ?? (await companyId(run));
  const seen = saved?.seen ?? [];
  let newest = saved?.walk?.newest;
  let previous: readonly string[] = [];
  for (let page = Math.max(1, (saved?.walk?.page ?? 1) - 1); ; page++) {
    const reviews = await readPage(id, page, run);
    const marks = reviews.map((review) => markOf(idOf(review), versionOf(review)));
    if (marks.length > 0 && isDeepStrictEqual(marks, previous)) throw sameAgain();
    previous = marks;
    newest ??= marks;
    const { isFresh, hasKnown } = siftSeen(seen, marks);
    const isLast = hasKnown || reviews.length === 0;
    const cursor: Cursor = isLast
      ? { company, id, seen: [...siftSeen(seen, newest.toReversed()).seen] }
      : { company, id, seen: [...seen], walk: { page: page + 1, newest: [...newest] } };
    yield {
      items: reviews
        .filter((_, at) => isFresh[at])
        .flatMap((review) => itemsOf(review, config.repliesAreOurs)),
      ...(isDeepStrictEqual(cursor, saved) ? {} : { cursor }),
    };
    if (isLast) return;
  }
}

function sameAgain(): EarshotError {
  return new EarshotError(
    "source_changed",
    "Trustpilot gives the same page again and again; its API may have changed.",
  );
}

async function companyId(run: RereadRun<TrustpilotConfig>): Promise<string> {
  return run.config.businessUnitId ?? (await findUnit(run.config.domain ?? "", run));
}

/** Asks for each review by its id, at one request of a yearly allowance. */
function reread(ids: readonly string[], run: RereadRun<TrustpilotConfig>): Promise<Reread> {
  let isSeeing = false;
  return rereadReviews({
    ids,
    reviewOf: (id) => /^([\w-]+)(?:\/reply)?$/.exec(id)?.[1],
    idOf: (review) => review,
    async read(id) {
      const review = await readReviewById(id, run);
      if (review === undefined) return undefined;
      isSeeing = true;
      const items = itemsOf(review, run.config.repliesAreOurs);
      return { items, replies: items.length > 1 ? [replyIdOf(id)] : [] };
    },
    // a 404 says something only where a review that is there can be read
    async confirm() {
      if (isSeeing) return;
      const [newest] = await readPage(await companyId(run), 1, run);
      if (newest !== undefined && (await readReviewById(idOf(newest), run)) === undefined) throw unseen();
    },
  });
}

function unseen(): EarshotError {
  return new EarshotError(
    "source_changed",
    "Trustpilot shows no review by its id, not even its newest; nothing is taken for deleted. Correct the endpoint.",
  );
}
