import { z } from "zod";

const Modified = z.looseObject({
  lastModified: z.looseObject({ seconds: z.union([z.string(), z.number()]), nanos: z.number().optional() }),
});
const Conversation = z.looseObject({
  comments: z.array(
    z.looseObject({ userComment: z.unknown().optional(), developerComment: z.unknown().optional() }),
  ),
});

/** The newest words of each side of a review as the Publisher API gives it. */
export function newestComments(review: unknown): { readonly user: unknown; readonly developer: unknown } {
  const comments = Conversation.safeParse(review).data?.comments ?? [];
  return {
    user: newest(comments.map(({ userComment }) => userComment)),
    developer: newest(comments.map(({ developerComment }) => developerComment)),
  };
}

/** When a comment was last modified, ms since 1970; undefined when it does not say. */
export function modifiedAt(comment: unknown): number | undefined {
  const at = Modified.safeParse(comment).data?.lastModified;
  const ms = Number(at?.seconds) * 1_000 + Math.floor((at?.nanos ?? 0) / 1_000_000);
  return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
}

function newest(comments: readonly unknown[]): unknown {
  return comments
    .filter((comment) => comment !== undefined)
    .sort((a, b) => (modifiedAt(b) ?? 0) - (modifiedAt(a) ?? 0))[0];
}
