import { describe, expect, it } from "vitest";
import { toMention } from "../../core/mention.ts";
import { fileIngestor, planImport } from "../../ingestors/file/index.ts";
import { aContext, aPollRun } from "../support/builders.ts";
import { sharedData } from "../support/shared-data.ts";

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";

/** Guesses, reads and parses a whole file. */
async function importAll(path: string) {
  const { config } = await planImport({ path });
  const ids = new Set<string>();
  const rejections = new Set<string>();
  let rows = 0;
  const run = aPollRun({ config, context: aContext(OBSERVED_AT) });
  for await (const page of fileIngestor.poll(run)) {
    for (const item of page.items) {
      rows++;
      try {
        const parsed = fileIngestor.parse(item, OBSERVED_AT);
        if (parsed.type !== "upsert") continue;
        ids.add(toMention(parsed.mention, { source: "file", trackers: [], observedAt: OBSERVED_AT }).id);
      } catch (error) {
        rejections.add(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { map: config.map, kind: config.kind, rows, mentions: ids.size, rejections: [...rejections] };
}

const dated = [
  [
    "airline.jsonl.gz",
    10_002,
    "post",
    {
      id: "tweet_id",
      text: "text",
      publishedAt: "tweet_created",
      authorHandle: "name",
      authorId: "name",
      shares: "retweet_count",
      product: "airline",
    },
  ],
  [
    "amazon_alexa.jsonl.gz",
    3_150,
    "review",
    { id: "id", text: "text", publishedAt: "date", rating: "rating" },
  ],
  ["cfpb.jsonl.gz", 2_891, "post", { id: "id", text: "narrative", publishedAt: "date", product: "product" }],
  [
    "fintech_apps.jsonl.gz",
    11_990,
    "review",
    {
      id: "id",
      text: "text",
      publishedAt: "at",
      rating: "score",
      product: "app",
      version: "version",
      likes: "thumbsUp",
      authorId: "author",
    },
  ],
  [
    "googleplay_moniepoint.jsonl.gz",
    5_000,
    "review",
    { id: "id", text: "text", publishedAt: "at", rating: "score", authorId: "author" },
  ],
  [
    "trustpilot.jsonl.gz",
    13_870,
    "review",
    {
      id: "id",
      text: "text",
      title: "title",
      publishedAt: "published",
      rating: "rating",
      product: "brand",
      likes: "likes",
    },
  ],
  [
    "youtube_reviews.jsonl.gz",
    1_289,
    "review",
    {
      id: "id",
      text: "text",
      title: "title",
      publishedAt: "date",
      rating: "rating",
      version: "version",
      country: "country",
    },
  ],
] as const;

for (const [name, rows, kind, map] of dated) {
  const path = sharedData(name);
  describe.skipIf(path === undefined)(`real rows of ${name} (skipped where ../shared/data is absent)`, () => {
    it("are all mentions under the guessed mapping", async () => {
      expect(await importAll(path ?? "")).toEqual({ map, kind, rows, mentions: rows, rejections: [] });
    });
  });
}

for (const name of ["vader_tweets", "vader_amazon", "vader_movies", "vader_nyt"]) {
  const path = sharedData(`${name}.jsonl.gz`);
  describe.skipIf(path === undefined)(
    `real rows of ${name}, which have no date (skipped where ../shared/data is absent)`,
    () => {
      it("are rejected for that alone, and no machine's score is taken for a rating", async () => {
        const { map, rejections } = await importAll(path ?? "");
        expect(map).toEqual({ text: "text", id: "id" });
        expect(rejections).toEqual([expect.stringMatching(/^There is no date:/)]);
      });
    },
  );
}
