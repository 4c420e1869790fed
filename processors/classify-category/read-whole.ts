import { createReader, READ_LENGTH, type Sentence } from "../read-text.ts";

/** A text as it was read, and what it means: a direction of unit length, or all zeros. */
export interface ReadWhole {
  readonly sentences: readonly Sentence[];
  readonly meaning: Float32Array;
}

/** Says what a text means, as a direction of unit length; all zeros where it says nothing. */
export type Encode = (text: string) => Float32Array;

/** What a title and a text mean together, as far as they are read. */
export function meaningOf(title: string, text: string, encode: Encode): Float32Array {
  const whole = title === "" ? text : `${title}\n${text}`;
  return encode(whole.slice(0, READ_LENGTH));
}

/** Gives a function that reads title and text of an example. */
export function wholeReader(encode: Encode): (title: string, text: string) => ReadWhole {
  const reader = createReader();
  return (title, text) => ({
    sentences: [...reader(title), ...reader(text)],
    meaning: meaningOf(title, text, encode),
  });
}
