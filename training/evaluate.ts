import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../cli/package.ts";
import { modelFolder } from "../cli/reading.ts";
import type { ChainAdds } from "../core/process.ts";
import { loadModels, type ReadingModels } from "../processors/models.ts";
import { FEEDBACK_CLASSES } from "../processors/classify-feedback.ts";
import { categoryVerdicts } from "./categories.ts";
import { complaintExamples, ENGLISH_COMPLAINTS } from "./complaint.ts";
import { complaintFolds, sentimentFolds, type Fold } from "./cross-validate.ts";
import { ENGLISH_SENTIMENT, sentimentExamples } from "./sentiment.ts";
import { trainLinear } from "./train-linear.ts";
import { feedbackVerdicts } from "./feedback.ts";
import { alertSections } from "./judge-alerts.ts";
import { issueSections } from "./judge-issues.ts";
import { spreadSections } from "./judge-spread.ts";
import { correlation, macroF1, short, told, weightedKappa, withInterval, type Verdict } from "./metrics.ts";
import { judgeCorrections } from "./judge-corrections.ts";
import { plainComplaints } from "./plain-complaints.ts";
import { readAll } from "./read-rows.ts";
import { loadRivals } from "./rivals.ts";
import { readSet, textIn, type Row } from "./sets.ts";
import { table } from "./table.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: join(packageRoot, "..", "shared", "data") },
    out: { type: "string", default: join(packageRoot, "docs", "quality.md") },
    corrections: { type: "string" },
  },
});
const models = loadModels(modelFolder);
const rivals = loadRivals();

const LABELS = ["negative", "neutral", "positive"] as const;
const LANGUAGES = { spanish: "es", german: "de", french: "fr", portuguese: "pt", italian: "it" } as const;

/** A row and what was read in it. */
interface Judged {
  readonly row: Row;
  readonly read: ChainAdds;
}

function rowsOf(name: string): readonly Row[] {
  const rows = readSet(options.data, name);
  if (rows === undefined) throw new Error(`${options.data} has no ${name}; name the folder with --data.`);
  return rows;
}

const writtenIn = (row: Row, language = "en") => {
  const title = textIn(row, "title");
  return { text: textIn(row, "text"), title: title === "None" ? "" : title, language };
};

async function judge(rows: readonly Row[], language = "en", by = models): Promise<Judged[]> {
  const read = await readAll(
    by,
    rows.map((row) => writtenIn(row, language)),
  );
  return read.map((reading, index) => ({ row: rows[index] ?? {}, read: reading }));
}

async function judgeFolds(folds: readonly Fold[], languageOf: (row: Row) => string = () => "en") {
  const judged: Judged[] = [];
  for (const fold of folds) {
    const byLanguage = new Map<string, Row[]>();
    for (const row of fold.rows) {
      const language = languageOf(row);
      byLanguage.set(language, [...(byLanguage.get(language) ?? []), row]);
    }
    for (const [language, rows] of byLanguage) judged.push(...(await judge(rows, language, fold.models)));
  }
  return judged;
}

const labelVerdicts = (judged: readonly Judged[], column: string): Verdict<string>[] =>
  judged.map(({ row, read }) => [String(row[column]), read.sentiment.label]);

function rivalLabels(rows: readonly Row[], column: string, { score, from }: (typeof rivals)[number]) {
  return rows.map((row): Verdict<string> => {
    const value = score(textIn(row, "text"));
    return [String(row[column]), value >= from ? "positive" : value <= -from ? "negative" : "neutral"];
  });
}

const macro = (verdicts: readonly Verdict<string>[]) => macroF1(verdicts, LABELS);
const blamed = (verdicts: readonly Verdict<string>[]) => told(verdicts, "negative").recall;

async function englishSentiment(): Promise<string> {
  const sets = [
    ["tweeteval_val", "label", "TweetEval, validation part"],
    ["airline", "airline_sentiment", "tweets to airlines, never trained on"],
  ] as const;
  const lines: string[][] = [];
  for (const [name, column, what] of sets) {
    const rows = rowsOf(name);
    const ours = labelVerdicts(await judge(rows), column);
    lines.push([what, "**Earshot**", withInterval(ours, macro), withInterval(ours, blamed)]);
    for (const rival of rivals) {
      const verdicts = rivalLabels(rows, column, rival);
      lines.push([what, rival.name, withInterval(verdicts, macro), withInterval(verdicts, blamed)]);
    }
  }
  return table(["set", "reader", "macro-F1", "recall on negative"], lines);
}

async function ratedByPeople(folds: readonly Judged[]): Promise<string> {
  const lines = ["vader_tweets", "vader_amazon", "vader_nyt", "vader_movies"].flatMap((name) => {
    const judged = folds.filter(({ row }) => row["set"] === name);
    const ours = judged.map(({ row, read }): Verdict<number> => [
      Number(row["rating"]),
      read.sentiment.score ?? 0,
    ]);
    const others = rivals.map(({ name: rival, score }) => [
      name,
      rival,
      withInterval(
        judged.map(({ row }): Verdict<number> => [Number(row["rating"]), score(textIn(row, "text"))]),
        correlation,
      ),
    ]);
    return [[name, "**Earshot**", withInterval(ours, correlation)], ...others];
  });
  return table(["set", "reader", "r with 20 people"], lines);
}

async function starred(folds: readonly Judged[]): Promise<string> {
  const trustpilot = await judge(rowsOf("trustpilot"));
  const fintech = folds.filter(({ row }) => row["set"] === "fintech_apps");
  const lines = [
    ["trustpilot, never trained on", trustpilot, "rating"],
    ["fintech_apps", fintech, "score"],
  ] as const;
  return table(
    ["set", "F1 on one and two stars", "recall"],
    lines.map(([what, judged, column]) => {
      const verdicts = judged.map(({ row, read }): Verdict<boolean> => [
        Number(row[column]) <= 2,
        read.sentiment.label === "negative",
      ]);
      return [
        what,
        withInterval(verdicts, (some) => told(some, true).f1),
        withInterval(verdicts, (some) => told(some, true).recall),
      ];
    }),
  );
}

async function otherLanguages(): Promise<string> {
  const languageOf = ({ set }: Row) => LANGUAGES[String(set).slice("xlmt_".length) as keyof typeof LANGUAGES];
  const judged = await judgeFolds(sentimentFolds(options.data, "others", models), languageOf);
  return table(
    ["language", "macro-F1", "recall on negative"],
    Object.keys(LANGUAGES).map((name) => {
      const verdicts = labelVerdicts(
        judged.filter(({ row }) => row["set"] === `xlmt_${name}`),
        "label",
      );
      return [name, withInterval(verdicts, macro), withInterval(verdicts, blamed)];
    }),
  );
}

async function complaints(): Promise<string> {
  const partings = [
    ["five parts", (_row: Row, index: number) => index % 5],
    ["each industry by a model that saw none of it", ({ domain }: Row) => String(domain)],
  ] as const;
  const lines: string[][] = [];
  for (const [what, partOf] of partings) {
    const judged = await judgeFolds(complaintFolds(options.data, models, partOf));
    const isOfCompanies = ({ row }: Judged) => !String(row["domain"]).startsWith("random");
    const counted = what === "five parts" ? judged : judged.filter(isOfCompanies);
    const verdicts = counted.map(({ row, read }): Verdict<boolean> => [
      Number(row["severity"]) > 0,
      read.complaint.isComplaint,
    ]);
    const { precision, recall } = told(verdicts, true);
    lines.push([
      what,
      withInterval(verdicts, (some) => told(some, true).f1),
      short(precision),
      short(recall),
      withInterval(verdicts, (some) => macroF1(some, [true, false])),
    ]);
    if (what !== "five parts") continue;
    const negative = counted.map(({ row, read }): Verdict<boolean> => [
      Number(row["severity"]) > 0,
      read.sentiment.label === "negative",
    ]);
    const bySentiment = told(negative, true);
    lines.push([
      "five parts, if negative meant complaint",
      short(bySentiment.f1),
      short(bySentiment.precision),
      short(bySentiment.recall),
      short(macroF1(negative, [true, false])),
    ]);
    const graded = counted.map(({ row, read }): Verdict<number> => [Number(row["severity"]), read.severity]);
    lines.push([
      `five parts, severity 0–4: weighted kappa ${withInterval(graded, (some) => weightedKappa(some, 5))}`,
      "",
      "",
      "",
      "",
    ]);
  }
  return table(["tweets to companies", "F1 on complaints", "precision", "recall", "macro-F1"], lines);
}

async function requests(): Promise<string> {
  const sets = [
    ["suggestionsA", "software forum", ({ suggestion }: Row) => suggestion === 1],
    ["suggestionsB_trial", "hotel reviews", ({ suggestion }: Row) => suggestion === 1],
    ["app_maalej2016", "app reviews, “Feature”", ({ label }: Row) => label === "Feature"],
  ] as const;
  const lines: string[][] = [];
  for (const [name, what, isRequest] of sets) {
    const judged = await judge(rowsOf(name));
    const verdicts = judged.map(({ row, read }): Verdict<boolean> => [
      isRequest(row),
      read.request.isRequest,
    ]);
    const { precision, recall } = told(verdicts, true);
    lines.push([
      what,
      withInterval(verdicts, (some) => told(some, true).f1),
      short(precision),
      short(recall),
    ]);
  }
  return table(["set", "F1", "precision", "recall"], lines);
}

async function feedback(): Promise<string> {
  const verdicts = await feedbackVerdicts(options.data, models);
  return toldApart("app reviews, in five parts, copies kept together", verdicts, FEEDBACK_CLASSES);
}

function ownCategories(): string {
  const rows = rowsOf("airline").flatMap((row) => {
    const category = textIn(row, "negativereason");
    if (category === "" || category === "Can't Tell") return [];
    return [{ text: textIn(row, "text"), author: textIn(row, "name"), category }];
  });
  const labels = [...new Set(rows.map(({ category }) => category))];
  return toldApart("tweets to airlines, in five parts by author", categoryVerdicts(rows), labels);
}

/** How well each of some classes is told, and all of them. */
function toldApart(what: string, verdicts: readonly Verdict<string>[], classes: readonly string[]): string {
  const lines = classes.map((of) => {
    const { precision, recall } = told(verdicts, of);
    const count = verdicts.filter(([truth]) => truth === of).length;
    return [
      of,
      String(count),
      withInterval(verdicts, (some) => told(some, of).f1),
      short(precision),
      short(recall),
    ];
  });
  const all = withInterval(verdicts, (some) => macroF1(some, classes));
  return table(
    [what, "texts", "F1", "precision", "recall"],
    [...lines, ["**macro-F1**", String(verdicts.length), all, "", ""]],
  );
}

async function spam(): Promise<string> {
  const names = ["airline", "trustpilot", "fintech_apps", "complaints", "tweeteval_val"];
  const lines: string[][] = [];
  for (const name of names) {
    const judged = await judge(rowsOf(name));
    const marked = judged.filter(({ read }) => read.spam.isSpam).length;
    lines.push([name, String(judged.length), String(marked)]);
  }
  return table(["set of customers' words", "texts", "marked as spam"], lines);
}

/** What the readers are without the two sets of tweets whose terms are mixed. */
async function withoutTweetSets(): Promise<string> {
  const sentiment = {
    english: trainLinear(ENGLISH_SENTIMENT, sentimentExamples(options.data, "english", true)),
    others: undefined,
  };
  const complaint = trainLinear(ENGLISH_COMPLAINTS, complaintExamples(options.data, sentiment.english));
  const permissive: ReadingModels = { ...models, sentiment, complaint: { english: complaint } };
  const labelled = async (name: string, column: string, language: string) =>
    labelVerdicts(await judge(rowsOf(name), language, permissive), column);
  const scored = [
    ["TweetEval, validation part", await labelled("tweeteval_val", "label", "en")],
    ["tweets to airlines", await labelled("airline", "airline_sentiment", "en")],
    ...(await Promise.all(
      Object.entries(LANGUAGES).map(
        async ([name, language]) =>
          [`${name}, by words alone`, await labelled(`xlmt_${name}`, "label", language)] as const,
      ),
    )),
  ] as const;
  const folds = complaintFolds(options.data, permissive, (_row, index) => index % 5);
  const complained = (await judgeFolds(folds)).map(({ row, read }): Verdict<boolean> => [
    Number(row["severity"]) > 0,
    read.complaint.isComplaint,
  ]);
  return table(
    ["set", "macro-F1"],
    [
      ...scored.map(([what, verdicts]) => [what, withInterval(verdicts, macro)]),
      ["complaints, in five parts", withInterval(complained, (some) => macroF1(some, [true, false]))],
    ],
  );
}

async function report(): Promise<string> {
  const folds = await judgeFolds(sentimentFolds(options.data, "english", models));
  const sections: readonly [string, string][] = [
    ["Sentiment, English", await englishSentiment()],
    ["Sentiment beside people's ratings, in five parts", await ratedByPeople(folds)],
    ["Blame told from the text alone, without the stars", await starred(folds)],
    ["Sentiment, other languages, in five parts", await otherLanguages()],
    ["Complaints", await complaints()],
    ["Complaints that state plain facts, other languages", await plainComplaints(options.data, models)],
    ["Requests and suggestions, by rules alone", await requests()],
    ["What app reviews give the makers", await feedback()],
    ["Categories of one's own, taught by examples", ownCategories()],
    ["Marked as spam", await spam()],
    ...(await issueSections(options.data)),
    ...alertSections(options.data),
    ...(await spreadSections(options.data)),
    ["Models trained without TweetEval and XLM-T (`--permissive`)", await withoutTweetSets()],
  ];
  const head =
    "# How well Earshot reads\n\n" +
    "Written by `npm run eval`. Brackets hold 95 % intervals from 300 resamplings. “In five parts” means that each row was " +
    "read by models trained without it; where nothing is said the models that ship were used, which never saw the set. " +
    "Libraries are judged in the same run, as their manuals say to use them. What the models are made of, and their " +
    "limits: [models.md](models.md).\n";
  return `${head}${sections.map(([title, body]) => `\n## ${title}\n\n${body}\n`).join("")}`;
}

if (options.corrections === undefined) {
  const written = await report();
  writeFileSync(options.out, written);
  process.stdout.write(written);
} else process.stdout.write(`${await judgeCorrections(models, readFileSync(options.corrections, "utf8"))}\n`);
