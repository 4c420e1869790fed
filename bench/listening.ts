import { fileURLToPath } from "node:url";
import type { TrackerQuery } from "../core/contracts.ts";
import { toMention } from "../core/mention.ts";
import { matcherOf } from "../core/query/match-query.ts";
import { parseQuery } from "../core/query/parse-query.ts";
import { xIngestor } from "../ingestors/x/index.ts";
import { corpus } from "./corpus.ts";
import { asMention, rate, textOf } from "./reading.ts";

/** Queries as a company with brands and competitors has them. */
const QUERIES = [
  'united AND (delay* OR cancel* OR late) NOT "thank you"',
  '"lost bag" OR "lost luggage" OR (bag NEAR/4 lost)',
  "southwest AND (refund OR voucher)",
  "americanair (hold OR waiting) phone",
  "jetblue NOT (great OR love)",
  'usairways AND "customer service"',
  "virginamerica seat*",
];
const WORDS = [...new Set(QUERIES.flatMap((query) => query.match(/[a-z]{4,}/g) ?? []))];

/** Prints how many tweets are matched and parsed per second of processor time, beside what any program would need. */
export async function benchListening(): Promise<void> {
  const { name, rows } = await corpus();
  const mentions = rows.map((row, index) => asMention(textOf(row), index));
  const queries = QUERIES.map((text, index): TrackerQuery => ({
    tracker: `t${index}`,
    query: parseQuery(text),
  }));
  const match = matcherOf(queries);
  const anyWord = new RegExp(`\\b(?:${WORDS.join("|")})`, "gi");
  const posts = rows.map((row, index) => JSON.stringify(aPost(textOf(row), index)));
  const origin = { source: "bench", trackers: [], observedAt: AT };

  const matched = await rate(mentions, (batch) => batch.map((mention) => match(mention)));
  const searched = await rate(mentions, (batch) => batch.map(({ text }) => text.match(anyWord)));
  const parsed = await rate(posts, (batch) =>
    batch.map((post) => {
      const found = xIngestor.parse(JSON.parse(post), AT);
      return found.type === "upsert" ? toMention(found.mention, origin) : found;
    }),
  );
  const read = await rate(posts, (batch) => batch.map((post) => JSON.parse(post) as unknown));

  process.stdout.write(`${name}, ${mentions.length} texts, per second of processor time\n`);
  print(`${QUERIES.length} queries`, matched, "one regular expression of their words", searched);
  print("posts of X to mentions", parsed, "JSON.parse alone", read);
}

const AT = "2026-03-01T00:00:00.000Z";

/** A post as X's API gives it. */
function aPost(text: string, index: number): unknown {
  const id = String(1_700_000_000_000_000_000n + BigInt(index));
  return {
    post: {
      id,
      text,
      created_at: AT,
      author_id: String(index),
      conversation_id: id,
      edit_history_tweet_ids: [id],
      lang: "en",
      public_metrics: {
        like_count: 1,
        reply_count: 0,
        retweet_count: 0,
        quote_count: 0,
        impression_count: 10,
      },
    },
    author: { name: "A Customer", username: "a_customer", public_metrics: { followers_count: 10 } },
    ours: [],
  };
}

function print(what: string, perSecond: number, beside: string, other: number): void {
  const ratio = `${(perSecond / other).toFixed(2)}× ${beside} (${other.toFixed(0)})`;
  process.stdout.write(`${what.padEnd(24)} ${perSecond.toFixed(0).padStart(9)}  ${ratio}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchListening();
