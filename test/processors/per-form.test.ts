import { describe, expect, it } from "vitest";
import { perForm } from "../../processors/per-form.ts";
import { createReader } from "../../processors/read-text.ts";

const read = createReader();
const tokensOf = (text: string) => read(text).flatMap(({ tokens }) => tokens);

function counted() {
  const asked: string[] = [];
  const look = perForm(({ text }) => {
    asked.push(text);
    return text.startsWith("n") ? undefined : text.length;
  });
  return { asked, look };
}

describe("what is the same wherever a word stands", () => {
  it("is looked up once for each way to write it, nothing found as well", () => {
    const { asked, look } = counted();
    const answers = tokensOf("slow nope slow nope Slow").map(look);
    expect(answers).toEqual([4, undefined, 4, undefined, 4]);
    expect(asked).toEqual(["slow", "nope", "slow"]);
  });

  it("is looked up each time for what has no number of its own", () => {
    const { asked, look } = counted();
    const handles = tokensOf("@someone @someone");
    expect(handles.map(({ form }) => form)).toEqual([0, 0]);
    expect(handles.map(look)).toEqual([8, 8]);
    expect(asked).toHaveLength(2);
  });

  it("is kept apart from what another asks", () => {
    const long = perForm(({ text }) => text.length > 3);
    const first = perForm(({ text }) => text[0]);
    const words = tokensOf("late or never");
    expect(words.map(long)).toEqual([true, false, true]);
    expect(words.map(first)).toEqual(["l", "o", "n"]);
    expect(words.map(long)).toEqual([true, false, true]);
  });
});
