import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { cutText } from "../../core/mention.ts";
import { askX, type XRun } from "./client.ts";

const PATH = "tweets/search/stream/rules";
/** Rules with another tag are another program's. */
const TAG = "earshot";

const Rules = z.object({
  data: z.array(z.object({ id: z.string(), value: z.string(), tag: z.string().nullish() })).default([]),
  meta: z.object({ sent: z.string() }),
});
const Added = z.object({
  errors: z
    .array(
      z.object({
        type: z.string().default(""),
        title: z.string().default(""),
        value: z.string().default(""),
        details: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

/**
 * Makes the rules of X's filtered stream those wanted. Rules stay with the app at X; only our own are ever removed.
 * @throws {EarshotError} as `askX`; source_changed for a rule X does not take
 * @see https://docs.x.com/x-api/posts/filtered-stream/introduction
 */
export async function setRules(wanted: readonly string[], run: XRun): Promise<void> {
  const { body } = await askX({ path: PATH }, run);
  const known = Rules.safeParse(body).data;
  if (known === undefined) {
    throw new EarshotError("source_changed", "X answered with something that is no list of stream rules.");
  }
  const values = new Set(known.data.map(({ value }) => value));
  const stale = known.data.filter(({ tag, value }) => tag === TAG && !wanted.includes(value));
  const foreign = known.data.filter(({ tag, value }) => tag !== TAG && !wanted.includes(value));
  if (foreign.length > 0) {
    run.context.log.warn(
      { rules: foreign.length },
      "the stream of this X app has rules of others; X bills them too",
    );
  }
  if (stale.length > 0) {
    await askX({ path: PATH, body: { delete: { ids: stale.map(({ id }) => id) } } }, run);
  }
  const missing = wanted.filter((value) => !values.has(value));
  if (missing.length === 0) return;
  const answer = await askX(
    { path: PATH, body: { add: missing.map((value) => ({ value, tag: TAG })) } },
    run,
  );
  const refused = Added.safeParse(answer.body).data?.errors.find(({ title }) => !/duplicate/i.test(title));
  if (refused === undefined) return;
  const why = [refused.title, ...refused.details].join(": ");
  throw new EarshotError(
    "source_changed",
    `X does not take the stream rule ${cutText(refused.value, 100)} (${cutText(why, 200)}); correct the query.`,
  );
}
