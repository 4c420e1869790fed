import { toMention } from "../core/mention.ts";
import type { ChainAdds } from "../core/process.ts";
import { readChain } from "../processors/index.ts";
import type { ReadingModels } from "../processors/models.ts";

/** What is known of a text besides itself. */
export interface Written {
  readonly text: string;
  readonly title?: string;
  readonly language?: string;
}

const AT = "2026-03-01T00:00:00.000Z";

/** What the whole chain reads in texts, in their order. @throws {Error} one that cannot be read */
export async function readAll(models: ReadingModels, written: readonly Written[]): Promise<ChainAdds[]> {
  const mentions = written.map(({ text, title = "", language = "" }, index) =>
    toMention(
      {
        platform: "eval",
        nativeId: String(index),
        kind: "post",
        text,
        // a mention has a text or a title
        title: text === "" && title === "" ? "-" : title,
        languageHint: language,
        publishedAt: AT,
      },
      { source: "eval", trackers: [], observedAt: AT },
    ),
  );
  const outcomes = await readChain(models, {}, undefined).run(mentions, new AbortController().signal);
  return outcomes.map((outcome, index) => {
    if (outcome.kind === "ok") return outcome.value;
    throw new Error(`Text ${index} was not read.`);
  });
}
