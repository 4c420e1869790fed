import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { ChainAdds } from "../core/process.ts";
import { readChain } from "../processors/index.ts";
import type { Mention } from "../schemas/mention.ts";
import { SHARED_DATA } from "./corpus.ts";
import { asMention, textOf } from "./reading.ts";

type Row = Readonly<Record<string, unknown>>;
type Read = Mention & ChainAdds;

const THREE_WAY = [
  ["tweeteval_val", "label"],
  ["airline", "airline_sentiment"],
  ["xlmt_spanish", "label"],
  ["xlmt_german", "label"],
  ["xlmt_french", "label"],
  ["xlmt_portuguese", "label"],
  ["xlmt_italian", "label"],
] as const;
const RATED_BY_PEOPLE = ["vader_tweets", "vader_amazon", "vader_movies", "vader_nyt"] as const;
const STARRED = [
  ["trustpilot", "rating"],
  ["fintech_apps", "score"],
] as const;
const LANGUAGES = [
  ["airline", "en"],
  ["tweeteval_val", "en"],
  ["xlmt_spanish", "es"],
  ["xlmt_german", "de"],
  ["xlmt_french", "fr"],
  ["xlmt_portuguese", "pt"],
  ["xlmt_italian", "it"],
  ["xlmt_arabic", "ar"],
] as const;

/** Prints how well the chain reads the labelled development sets beside the checkout; sets that are absent are named. */
export async function reportReadingAccuracy(): Promise<void> {
  for (const [name, column] of THREE_WAY) {
    await report(name, (rows, read) => {
      const pairs = rows.map(
        (row, index) => [String(row[column]), read[index]?.sentiment.label ?? ""] as const,
      );
      const f1 = ["negative", "neutral", "positive"].map((label) => judge(pairs, label));
      const macro = f1.reduce((sum, { f1: value }) => sum + value, 0) / f1.length;
      return `sentiment macro-F1 ${macro.toFixed(3)}, recall on negatives ${(f1[0]?.recall ?? 0).toFixed(3)}`;
    });
  }
  for (const name of RATED_BY_PEOPLE) {
    await report(name, (rows, read) => {
      const people = rows.map((row) => Number(row["rating"]));
      return `r with people ${correlation(
        people,
        read.map(({ sentiment }) => sentiment.score ?? 0),
      ).toFixed(3)}`;
    });
  }
  for (const [name, column] of STARRED) {
    await report(name, (rows, read) => {
      const pairs = rows.map(
        (row, index) =>
          [Number(row[column]) <= 2 ? "negative" : "other", read[index]?.sentiment.label ?? ""] as const,
      );
      const { f1, recall } = judge(pairs, "negative");
      return `one and two stars told from the text alone: F1 ${f1.toFixed(3)}, recall ${recall.toFixed(3)}`;
    });
  }
  for (const [name, language] of LANGUAGES) {
    await report(name, (_, read) => {
      const share = (test: (said: string) => boolean) =>
        (read.filter((mention) => test(mention.language)).length / read.length).toFixed(3);
      return `language right ${share((said) => said === language)}, und ${share((said) => said === "und")}`;
    });
  }
  await report("complaints", (rows, read) => {
    const pairs = rows.map(
      (row, index) => [String(row["complaint"] === 1), String(read[index]?.complaint.isComplaint)] as const,
    );
    // cues were written with a look at the even rows alone
    const halves = [0, 1].map((rest) => pairs.filter((_, index) => index % 2 === rest));
    const [seen = "", unseen = ""] = halves.map((half) => {
      const { f1, precision, recall } = judge(half, "true");
      const macro = (f1 + judge(half, "false").f1) / 2;
      return `F1 ${f1.toFixed(3)} (P ${precision.toFixed(3)}, R ${recall.toFixed(3)}), macro-F1 ${macro.toFixed(3)}`;
    });
    return `complaint: seen half ${seen}; unseen half ${unseen}`;
  });
}

async function report(
  name: string,
  judgement: (rows: readonly Row[], read: readonly Read[]) => string,
): Promise<void> {
  const path = resolve(SHARED_DATA, `${name}.jsonl.gz`);
  if (!existsSync(path)) {
    process.stdout.write(`${name.padEnd(18)} absent\n`);
    return;
  }
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as Row);
  const mentions = rows.map((row, index) => ({
    ...asMention(unescaped(textOf(row)), index),
    title: typeof row["title"] === "string" ? row["title"] : "",
  }));
  const outcomes = await readChain().run(mentions, new AbortController().signal);
  const read = outcomes.flatMap((outcome) => (outcome.kind === "ok" ? [outcome.value] : []));
  if (read.length !== rows.length)
    throw new Error(`${rows.length - read.length} rows of ${name} could not be read.`);
  process.stdout.write(`${name.padEnd(18)} ${judgement(rows, read)}\n`);
}

/** Undoes what dumping did to the sets; an ingestor hands on plain text. */
function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function judge(pairs: readonly (readonly [truth: string, said: string])[], label: string) {
  const truths = pairs.filter(([truth]) => truth === label).length;
  const said = pairs.filter(([, claim]) => claim === label).length;
  const both = pairs.filter(([truth, claim]) => truth === label && claim === label).length;
  return {
    precision: both / (said || 1),
    recall: both / (truths || 1),
    f1: (2 * both) / (truths + said || 1),
  };
}

/** Pearson's r. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  a.forEach((value, index) => {
    const [x, y] = [value - meanA, (b[index] ?? 0) - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  });
  return both / Math.sqrt(squareA * squareB);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await reportReadingAccuracy();
