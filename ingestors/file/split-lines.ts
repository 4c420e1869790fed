import { EXCERPT_LENGTH, MAX_RECORD_LENGTH, type RawRecord, type RecordSplitter } from "./plan.ts";

/** One physical line without its end. When it is longer than a record may be, `text` is only its beginning. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly isTooLong: boolean;
}

export interface LineSplitter {
  push(chunk: string): Line[];
  end(): Line[];
}

/** Cuts text into lines ending in `\n`, `\r\n`, or `\r` in files that know no other. Numbers start at 1. */
export function lineSplitter(lineBreak: "\n" | "\r"): LineSplitter {
  let number = 0;
  let pending: string[] = [];
  let pendingLength = 0;
  let isTooLong = false;

  function keep(piece: string): void {
    pendingLength += piece.length;
    if (pendingLength > MAX_RECORD_LENGTH && !isTooLong) {
      isTooLong = true;
      pending = [[...pending, piece].join("").slice(0, EXCERPT_LENGTH)];
    }
    if (!isTooLong) pending.push(piece);
  }

  function finish(): Line {
    const joined = pending.length === 1 ? (pending[0] ?? "") : pending.join("");
    const text = joined.endsWith("\r") ? joined.slice(0, -1) : joined;
    const line = { number: ++number, text, isTooLong };
    pending = [];
    pendingLength = 0;
    isTooLong = false;
    return line;
  }

  return {
    push(chunk) {
      const lines: Line[] = [];
      let start = 0;
      for (let at = chunk.indexOf(lineBreak); at >= 0; at = chunk.indexOf(lineBreak, start)) {
        keep(chunk.slice(start, at));
        lines.push(finish());
        start = at + 1;
      }
      if (start < chunk.length) keep(chunk.slice(start));
      return lines;
    },
    end: () => (pendingLength > 0 ? [finish()] : []),
  };
}

/** What is said of a record nobody could have meant. */
export const TOO_LONG = `This record is longer than ${MAX_RECORD_LENGTH / 1024 / 1024} MiB; a quote or bracket may never be closed.`;

/** Records of a JSON-lines file: its lines, without the blank ones. */
export function jsonlSplitter(lineBreak: "\n" | "\r"): RecordSplitter {
  const lines = lineSplitter(lineBreak);
  const toRecords = (cut: readonly Line[]): RawRecord[] => {
    const records: RawRecord[] = [];
    for (const { number: line, text, isTooLong } of cut) {
      if (isTooLong) records.push({ line, text, fault: TOO_LONG });
      else if (!isBlank(text)) records.push({ line, text });
    }
    return records;
  };
  return { push: (chunk) => toRecords(lines.push(chunk)), end: () => toRecords(lines.end()) };
}

/** Every line as a record of one cell, blank ones too. */
export function plainSplitter(lineBreak: "\n" | "\r"): RecordSplitter {
  const lines = lineSplitter(lineBreak);
  const toRecord = ({ number: line, text, isTooLong }: Line): RawRecord =>
    isTooLong ? { line, text, fault: TOO_LONG } : { line, text, cells: [text] };
  return { push: (chunk) => lines.push(chunk).map(toRecord), end: () => lines.end().map(toRecord) };
}

/** Whether a line has nothing but white space in it. */
export function isBlank(text: string): boolean {
  return text.length === 0 || !/\S/.test(text);
}
