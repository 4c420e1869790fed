import { describe, expect, it } from "vitest";
import {
  countPhrases,
  nameIssue,
  phrasesOf,
  type NamedText,
  type PhraseCounts,
} from "../../processors/name-issue.ts";
import { createReader } from "../../processors/read-text.ts";

const reader = createReader();
const shownIn = (text: string, language = "en") =>
  phrasesOf(reader(text), language).map(({ shown }) => shown);

function textsOf(...texts: readonly string[]): NamedText[] {
  return texts.map((text, index) => ({ phrases: phrasesOf(reader(text), "en"), voice: `voice ${index}` }));
}

function countsOf(...texts: readonly (readonly NamedText[])[]): PhraseCounts {
  const counts = countPhrases();
  for (const { phrases } of texts.flat()) counts.add(phrases);
  return counts;
}

describe("phrases of a text", () => {
  it("begin and end with words that carry meaning", () => {
    expect(shownIn("The refund of my order")).toEqual(["refund", "order"]);
    expect(shownIn("waiting for refund")).toEqual(["waiting", "waiting for refund", "refund"]);
  });

  it("keep a denial with what it denies", () => {
    expect(shownIn("it is not working")).toEqual(["not working"]);
    expect(shownIn("la tarjeta no funciona", "es")).toEqual([
      "tarjeta",
      "tarjeta no funciona",
      "no funciona",
    ]);
  });

  it("are one however they are written", () => {
    const [one, other] = ["Crashes!", "it crashed"].map((text) => phrasesOf(reader(text), "en")[0]?.key);
    expect(one).toBe(other);
  });

  it("do not reach over punctuation, links or the end of a sentence", () => {
    expect(shownIn("Parcel. Lost")).toEqual(["parcel", "lost"]);
    expect(shownIn("parcel https://a.example lost")).toEqual(["parcel", "lost"]);
  });

  it("are there in a language nobody listed words of", () => {
    expect(shownIn("paket förlorat", "sv")).toEqual(["paket", "paket förlorat", "förlorat"]);
  });
});

describe("the name of an issue", () => {
  const lost = textsOf(
    "my parcel is lost",
    "parcel lost again",
    "they lost the parcel",
    "where is the parcel, lost?",
  );
  const other = textsOf("the parcel came", "parcel was wet", "nice parcel", "parcel on time", "good parcel");

  it("is what its texts say and others do not", () => {
    expect(nameIssue(lost, countsOf(lost, other)).terms).toEqual(["lost"]);
  });

  it("says how many of its texts the terms are in", () => {
    const texts = [...lost, ...textsOf("it vanished")];
    expect(nameIssue(texts, countsOf(texts, other)).coverage).toBe(0.8);
  });

  it("is no phrase that one person repeats", () => {
    const angry = lost.map(({ phrases }, index) => ({ phrases, voice: index < 4 ? "one" : "another" }));
    const texts = [...angry, ...textsOf("it vanished", "gone it is", "no trace")];
    expect(nameIssue(texts, countsOf(texts, other)).terms).toEqual([]);
  });

  it("is shown as most people write it", () => {
    const texts = textsOf("it crashed", "crashes", "keeps on: crashes", "crashes!");
    expect(nameIssue(texts, countsOf(texts)).terms[0]).toBe("crashes");
  });

  it("names the same thing once", () => {
    const texts = textsOf("lost parcel", "a lost parcel", "my lost parcel", "oh, lost parcel");
    expect(nameIssue(texts, countsOf(texts)).terms).toHaveLength(1);
  });

  it("is empty where there is nothing to name", () => {
    expect(nameIssue([], countsOf())).toEqual({ terms: [], coverage: 0 });
    expect(nameIssue(textsOf("!!!", "...", "???"), countsOf())).toEqual({ terms: [], coverage: 0 });
  });
});
