import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { meaningModelFile } from "../../cli/reading.ts";
import { textEncoder } from "../../processors/embed-text/index.ts";
import { readMeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { splitWords, wordPieces } from "../../processors/embed-text/split-words.ts";

const model = readMeaningModel(meaningModelFile);
const encode = textEncoder(model);

function cosine(one: string, other: string): number {
  const [a, b] = [encode(one), encode(other)];
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

describe("textEncoder", () => {
  it.each([
    ["the app crashes when I log in", "it crashes every time I try to sign in"],
    ["my parcel has not arrived", "where is my package, it still hasn't come"],
    ["I was charged twice", "you took the money two times"],
    ["your app wont open", "Your app won't open!"],
  ])("points nearer to the same in other words than to something else: %s", (text, paraphrase) => {
    const others = ["how do I change my address", "the new colours look lovely", "please add a dark theme"];
    expect(cosine(text, paraphrase)).toBeGreaterThan(0.4);
    for (const other of others) {
      expect(cosine(text, other)).toBeLessThan(cosine(text, paraphrase) - 0.2);
    }
  });

  it("is of unit length, and the same each time", () => {
    const vector = encode("the cap of the bottle leaks");
    expect(vector).toHaveLength(model.dimensions);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(textEncoder(model)("the cap of the bottle leaks")).toEqual(vector);
  });

  it.each(["", "   ", "😡😡😡", "@shop https://example.com/a", "5/5!!!", "???", "100%"])(
    "is all zeros where there is no word: %j",
    (text) => expect(encode(text).every((value) => value === 0)).toBe(true),
  );

  it.each([
    ["посылка опаздывает на неделю", "Посылки опаздывают уже неделю", "приложение вылетает при оплате"],
    ["荷物がまだ届かない", "荷物が届かない", "アプリが落ちる"],
    ["الطرد متأخر منذ أسبوع", "الطرد متأخر أسبوعا", "التطبيق يتوقف عند الدفع"],
  ])("tells a text of which no word is known by its words: %s", (said, same, other) => {
    const likeness = (one: string) =>
      encode(one).reduce((sum, value, at) => sum + value * (encode(said)[at] ?? 0), 0);
    expect(likeness(same)).toBeGreaterThan(0.4);
    expect(Math.abs(likeness(other))).toBeLessThan(0.25);
  });

  it.each([
    "It is SLOW, I can’t pay soon",
    "it is slow, i cannot pay soon",
    "@shop it is slow, I can't pay sooooon https://t.example/x",
  ])("does not care for case, apostrophes, links, handles and stretched letters: %s", (text) => {
    expect(encode(text)).toEqual(encode("it is slow, i can't pay soon"));
  });

  it("reads a text of any length in a moment", () => {
    const texts = [
      "a".repeat(200_000),
      "don't ".repeat(50_000),
      "@".repeat(100_000),
      "#Ab".repeat(50_000),
      "ﷺ".repeat(2_000),
    ];
    for (const text of texts) expect(encode(text).every(Number.isFinite)).toBe(true);
    expect(encode("slow ".repeat(50_000))).toEqual(encode("slow ".repeat(400)));
  });
});

describe("splitWords", () => {
  it("spells contractions out and cuts hashtags at their humps", () => {
    expect(splitWords("I can't, we're DONE! #NeverAgain")).toEqual([
      "i",
      "can",
      "not",
      "we",
      "are",
      "done",
      "!",
      "never",
      "again",
    ]);
  });

  it("leaves out links and handles, and stops after 128 words", () => {
    expect(splitWords("see https://a.example/b @someone www.x.example now")).toEqual(["see", "now"]);
    expect(splitWords("can't ".repeat(200))).toHaveLength(128);
  });
});

describe("wordPieces", () => {
  const vocabulary = new Map(["cafe", "un", "##lock", "##ed", "résumé"].map((word, row) => [word, row]));

  it("takes the whole word, else that without accents, else the longest pieces", () => {
    expect(wordPieces("résumé", vocabulary)).toEqual([4]);
    expect(wordPieces("café", vocabulary)).toEqual([0]);
    expect(wordPieces("unlocked", vocabulary)).toEqual([1, 2, 3]);
  });

  it("leaves out what it has no piece for", () => {
    expect(wordPieces("xyz", vocabulary)).toEqual([]);
    expect(wordPieces("unxlock", vocabulary)).toEqual([1, 2]);
  });
});

describe("readMeaningModel", () => {
  it("refuses a file that is missing, cut off or longer than it says", () => {
    const folder = mkdtempSync(join(tmpdir(), "earshot-model-"));
    const bytes = readFileSync(meaningModelFile);
    try {
      const broken = [
        Buffer.alloc(0),
        bytes.subarray(0, 20),
        bytes.subarray(0, -1),
        Buffer.concat([bytes, Buffer.alloc(1)]),
      ];
      broken.forEach((content, at) => writeFileSync(join(folder, `${at}.model`), content));
      for (const name of [...broken.keys(), "none"]) {
        expect(() => readMeaningModel(join(folder, `${name}.model`))).toThrow(
          expect.objectContaining({ code: "config_invalid" }),
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
