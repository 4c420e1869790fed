import { describe, expect, it } from "vitest";
import { chooseQuotes, type Quotable } from "../../processors/choose-quotes.ts";

/** A text whose meaning is a direction in a plane. */
function text(id: string, degrees: number, fields: Partial<Quotable> = {}): Quotable {
  const angle = (degrees * Math.PI) / 180;
  return { id, vector: Float32Array.of(Math.cos(angle), Math.sin(angle)), length: 80, voice: id, ...fields };
}

const idsOf = (texts: readonly Quotable[]) => texts.map(({ id }) => id);

describe("quotes of an issue", () => {
  it("begin with the most typical text", () => {
    expect(idsOf(chooseQuotes([text("left", 60), text("middle", 2), text("right", -60)], 1))).toEqual([
      "middle",
    ]);
  });

  it("go on with what is typical too, and says something else", () => {
    const texts = [
      text("typical", 0),
      text("the same again", 1),
      text("another side", 50),
      text("its mirror", -50),
    ];
    expect(idsOf(chooseQuotes(texts, 2))).toEqual(["typical", "another side"]);
  });

  it("give nobody two of them", () => {
    const texts = [
      text("a", 0, { voice: "ann" }),
      text("b", 40, { voice: "ann" }),
      text("c", -10, { voice: "bob" }),
    ];
    expect(idsOf(chooseQuotes(texts, 3))).toEqual(["a", "c"]);
  });

  it("prefer what can be read at a glance to a word or a page", () => {
    const texts = [
      text("a word", 0, { length: 4 }),
      text("a page", 0, { length: 2_000 }),
      text("a sentence", 20),
    ];
    expect(idsOf(chooseQuotes(texts, 1))).toEqual(["a sentence"]);
  });

  it("are none where there are no texts", () => {
    expect(chooseQuotes([], 3)).toEqual([]);
  });
});
