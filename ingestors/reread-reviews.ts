import type { Reread } from "../core/contracts.ts";
import { rereadInTurn } from "./reread-each.ts";

/** A review as the platform shows it now. */
export interface ShownReview {
  /** The review and the replies to it, as `poll` gives them. */
  readonly items: readonly unknown[];
  /** Native ids of those replies. */
  readonly replies: readonly string[];
}

/** How one platform is asked for single reviews. */
export interface RereadPlan {
  /** Native ids of reviews and of replies. */
  readonly ids: readonly string[];
  /** The platform's id of the review that an id belongs to; undefined when it cannot be asked for. */
  readonly reviewOf: (id: string) => string | undefined;
  /** Native id of a review. */
  readonly idOf: (review: string) => string;
  /** Undefined when the platform does not show it. */
  readonly read: (review: string) => Promise<ShownReview | undefined>;
  /** Throws when the platform shows nothing of the app at all, so that no review can be taken for gone. */
  readonly confirm: () => Promise<unknown>;
}

/**
 * Reads reviews again one by one, each with the replies to it. When the platform or the budget says no more, what was
 * learned until then counts, and the rest is left for another time.
 * @throws {EarshotError} what `read` and `confirm` throw before anything was learned, and what no waiting cures
 */
export async function rereadReviews({ ids, reviewOf, idOf, read, confirm }: RereadPlan): Promise<Reread> {
  const asked = new Map<string, string[]>();
  for (const id of ids) {
    const review = reviewOf(id);
    if (review !== undefined) asked.set(review, [...(asked.get(review) ?? []), id]);
  }
  let isConfirmed = false;
  const reads = [...asked].map(([review, of]) => async (): Promise<Reread> => {
    const shown = await read(review);
    if (shown === undefined && !isConfirmed) {
      await confirm();
      isConfirmed = true;
    }
    const ofNow = shown === undefined ? [] : [idOf(review), ...shown.replies];
    const reason = shown === undefined ? "The review is not shown any more." : "The reply was taken back.";
    const gone = of.filter((id) => !ofNow.includes(id)).map((id) => ({ id, reason }));
    return { items: shown?.items ?? [], gone };
  });
  return rereadInTurn(reads);
}
