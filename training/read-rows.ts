import type { Chain } from "../core/chain.ts";
import { toMention } from "../core/mention.ts";
import type { ChainAdds } from "../core/process.ts";
import type { Mention } from "../schemas/mention.ts";
import { readChain } from "../processors/index.ts";
import type { ReadingModels } from "../processors/models.ts";

/** What is known of a text besides itself. */
export interface Written {
  readonly text: string;
  readonly title?: string;
  readonly language?: string;
  readonly rating?: number | null;
  readonly ratingMax?: number | null;
}

const AT = "2026-03-01T00:00:00.000Z";

/** Texts as mentions, in their order. */
function toMentions(written: readonly Written[]): Mention[] {
  return written.map(({ text, title = "", language = "", rating = null, ratingMax = null }, index) =>
    toMention(
      {
        platform: "eval",
        nativeId: String(index),
        kind: "post",
        text,
        // a mention has a text or a title
        title: text === "" && title === "" ? "-" : title,
        languageHint: language,
        rating,
        ratingMax,
        publishedAt: AT,
      },
      { source: "eval", trackers: [], observedAt: AT },
    ),
  );
}

/** What the whole chain reads in texts, in their order. @throws {Error} one that cannot be read */
export async function readAll(models: ReadingModels, written: readonly Written[]): Promise<ChainAdds[]> {
  return readBy(readChain(models, {}, undefined), written);
}

/** What a chain reads in texts, in their order. @throws {Error} one that cannot be read */
export async function readBy<Read extends object>(
  chain: Chain<Mention, Read>,
  written: readonly Written[],
): Promise<Read[]> {
  const outcomes = await chain.run(toMentions(written), new AbortController().signal);
  return outcomes.map((outcome, index) => {
    if (outcome.kind === "ok") return outcome.value;
    throw new Error(`Text ${index} was not read.`);
  });
}
