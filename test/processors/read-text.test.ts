import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type * as Reading from "../../processors/read-text.ts";
import {
  createReader,
  KNOWN_FORMS,
  READ_LENGTH,
  readText,
  vocabularyOf,
} from "../../processors/read-text.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";

const root = resolve(import.meta.dirname, "../..");
const read = createReader();

const tokensOf = (text: string) => read(text).flatMap(({ tokens }) => tokens);
const formsOf = (text: string) => tokensOf(text).map((token) => token.text);
const sentencesOf = (text: string) => read(text).map(({ start, end }) => text.slice(start, end));
const kindsOf = (text: string) => tokensOf(text).map(({ kind }) => kind);

processorContract("read_text", { make: readText, before: async (mentions) => mentions });

describe("tokens", () => {
  it("carry offsets of the very characters they were read from", () => {
    const text = "  Sooo “good”, isn’t it? 😡👍🏽 #Fail @acme http://t.co/x £5.99…";
    const tokens = tokensOf(text);
    expect(tokens.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text.replace(/\s/g, ""));
    expect(tokens.every(({ start, end }) => start < end)).toBe(true);
  });

  it("are lower case with straight apostrophes", () => {
    expect(formsOf("Isn’t DON'T can`t")).toEqual(["isn't", "don't", "can't"]);
  });

  it("lose stretched letters, but not those that belong", () => {
    expect(formsOf("Sooo goooood, neeever lovvve weeell")).toEqual([
      "so",
      "good",
      ",",
      "never",
      "love",
      "well",
    ]);
  });

  it("remember shouting and stretching", () => {
    const [never, again, so] = tokensOf("NEVER Again sooo");
    expect([never?.isShouted, again?.isShouted, so?.isStretched]).toEqual([true, false, true]);
  });

  it("know links, handles, hashtags, emoji, emoticons, numbers and punctuation", () => {
    expect(kindsOf("www.a.io @acme #fail 😡 :-( <3 10:30 word !?")).toEqual([
      "url",
      "handle",
      "hashtag",
      "emoji",
      "emoticon",
      "emoticon",
      "number",
      "word",
      "punctuation",
    ]);
  });

  it("take an emoji as one token, whatever its skin tone, flag or family", () => {
    expect(formsOf("👍🏽❤️🇩🇪👩‍👧")).toEqual(["👍", "❤", "🇩🇪", "👩‍👧"]);
  });

  it("do not take an address for a handle nor a time for an emoticon", () => {
    expect(kindsOf("me@site 10:30")).toEqual(["word", "punctuation", "word", "number"]);
  });

  it("carry the stem of an English word", () => {
    expect(tokensOf("arrived deliveries charging").map(({ stem }) => stem)).toEqual([
      "arriv",
      "deliveri",
      "charg",
    ]);
  });
});

describe("sentences", () => {
  it("end at full stops, marks and line breaks", () => {
    expect(sentencesOf("It broke. Why?! I want\nmy money… Now")).toEqual([
      "It broke.",
      "Why?!",
      "I want",
      "my money…",
      "Now",
    ]);
  });

  it("keep emoji and quotes after the full stop", () => {
    expect(sentencesOf("I hate this! 😡 Bye.” Ok")).toEqual(["I hate this! 😡", "Bye.”", "Ok"]);
  });

  it("do not end inside numbers, versions, links and after Mr.", () => {
    expect(sentencesOf("Mr. Smith paid 3.50 for v2.1 at shop.com today")).toHaveLength(1);
  });

  it("cover the first characters of a text too long to read, and no half character", () => {
    const text = "😡".repeat(READ_LENGTH);
    expect(read(text).at(-1)?.end).toBe(READ_LENGTH);
    expect(tokensOf(`a${text}`).every(({ end }) => end <= READ_LENGTH)).toBe(true);
  });
});

describe("natural", () => {
  it("brings vocabularies whose words are words only", () => {
    const english = vocabularyOf("en");
    expect(english.get("terrible")).toBe(-3);
    expect(english.get("constructor")).toBeUndefined();
    for (const language of ["en", "es", "pt", "de", "fr", "it"] as const) {
      const values = [...vocabularyOf(language).values()];
      expect(values.length).toBeGreaterThan(1_000);
      expect(values.every((value) => value >= -5 && value <= 5)).toBe(true);
    }
  });

  it("prints nothing on stdout when the parts in use are imported", () => {
    const source = readFileSync(resolve(root, "processors/read-text.ts"), "utf8");
    const parts = [...source.matchAll(/from "(natural[^"]*)"/g)].map((match) => match[1]);
    expect(parts.length).toBeGreaterThan(0);
    const script = parts.map((part) => `await import(${JSON.stringify(part)});`).join("");
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: root,
      encoding: "utf8",
    });
    expect(child).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });
});

describe("the form of a token", () => {
  const read = createReader();
  const formsOf = (text: string) => read(text).flatMap(({ tokens }) => tokens.map(({ form }) => form));

  it("is one number for all that is written alike, in any text", () => {
    const [late, , again, capitals] = formsOf("late, late LATE");
    expect(late).toBeGreaterThan(0);
    expect(again).toBe(late);
    expect(capitals).not.toBe(late);
    expect(formsOf("It came late")[2]).toBe(late);
  });

  it.each([
    ["what is long", "a".repeat(25)],
    ["a long number", "4711"],
    ["a link", "https://a.example"],
    ["a handle", "@late"],
    ["half a character", "\uD83D"],
  ])("is 0 for %s, of which there are too many to keep in mind", (_, text) => {
    expect(formsOf(`${text} ${text}`)).toEqual([0, 0]);
  });

  it("stays below a bound, and the same is read beyond it", async () => {
    // a memory of its own: the others that run in this process would find theirs full
    const another = "../../processors/read-text.ts?full";
    const { createReader: createOther } = (await import(another)) as typeof Reading;
    const readOther = createOther();
    const formOf = (text: string) => readOther(text)[0]?.tokens[0]?.form ?? 0;
    const known = formOf("unforgotten");
    let highest = 0;
    for (let index = 0; index < KNOWN_FORMS; index++) {
      highest = Math.max(highest, formOf(`w${index.toString(36)}`));
    }
    expect(highest).toBe(KNOWN_FORMS - 1);
    const [token] = readOther("ungeheuerlicheres")[0]?.tokens ?? [];
    expect(token).toMatchObject({ form: 0, kind: "word", text: "ungeheuerlicheres" });
    expect(formOf("unforgotten")).toBe(known);
    expect(formsOf("unforgettable")[0]).toBeGreaterThan(0);
  });
});

describe("what others said, quoted", () => {
  const said = async (text: string) => {
    const mention = { ...aMention({ text: "x" }), text };
    const [read] = valuesOf(await readText().process([mention], new AbortController().signal));
    return read?.reading.sentences.map(({ start, end }) => text.slice(start, end));
  };

  it("is left out where there is an answer", async () => {
    expect(
      await said("> It never came. Awful!\n> Never again.\nIt works for me.\n\n  > really?\nYes!"),
    ).toEqual(["It works for me.", "Yes!"]);
  });

  it("is read where there is nothing else", async () => {
    expect(await said("> It never came.")).toEqual(["> It never came."]);
  });

  it("is no emoticon, and no comparison", async () => {
    expect(await said(">:( still waiting")).toEqual([">:( still waiting"]);
    expect(await said("waiting > 3 days")).toEqual(["waiting > 3 days"]);
  });

  it("is left out however much there is of it", async () => {
    expect(await said(`${"> no\n".repeat(3_000)}yes`)).toEqual(["yes"]);
  });
});
