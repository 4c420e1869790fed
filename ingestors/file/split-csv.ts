import { MAX_RECORD_LENGTH, type RawRecord, type RecordSplitter } from "./plan.ts";
import { isBlank, lineSplitter, TOO_LONG, type Line } from "./split-lines.ts";

export interface CsvShape {
  readonly delimiter: string;
  /** False where quotes are text like any other, as in tab-separated dumps. */
  readonly isQuoted: boolean;
  readonly lineBreak: "\n" | "\r";
  /** Whether a row of blank cells is a row, for whoever answers row by row. A blank line never is. */
  readonly keepsBlankRows?: boolean;
}

/**
 * Lines one row may go over. A rejected row gives its other lines back to be read anew, so each one rejected for its
 * length halves the patience with the next, until a row is whole again: a file of open quotes is read in linear time.
 */
const MAX_ROW_LINES = 1_000;
const MIN_ROW_LINES = 16;

/** A row whose last line has not come yet. */
interface OpenRow {
  readonly lines: Line[];
  readonly cells: string[];
  /** The quoted cell read so far; undefined between cells. */
  quoted: string | undefined;
  length: number;
}

/**
 * Cuts a CSV into rows (RFC 4180), the header among them as the first; blank rows are left out unless they are asked for. The header sets how many
 * cells a row has. A row that breaks the rules is a fault of its first line alone, and reading goes on with the line
 * after it: this is why rows are not cut by a library, which gives up on all that follows an unclosed quote.
 */
export function csvSplitter(shape: CsvShape): RecordSplitter {
  const lines = lineSplitter(shape.lineBreak);
  let columns: number | undefined;
  let open: OpenRow | undefined;
  let patience = MAX_ROW_LINES;

  function finish(row: OpenRow): RawRecord | undefined {
    const line = row.lines[0]?.number ?? 0;
    const text =
      row.lines.length === 1 ? (row.lines[0]?.text ?? "") : row.lines.map((one) => one.text).join("\n");
    const { cells } = row;
    const isDropped = columns === undefined || shape.keepsBlankRows !== true;
    if (isDropped && cells.every((cell) => isBlank(cell))) return undefined;
    columns ??= cells.length;
    while (cells.length > columns && isBlank(cells.at(-1) ?? "")) cells.pop();
    if (cells.length === columns) return { line, text, cells };
    const fault = `This row has ${cells.length} cells and the header ${columns}; quote cells that hold the delimiter or a line break.`;
    return { line, text, fault };
  }

  function read(fresh: readonly Line[], isEnd: boolean): RawRecord[] {
    const records: RawRecord[] = [];
    const queue: Line[] = [...fresh].reverse();
    /** Rejects the first line of a row and gives the others back to be read anew. */
    const reject = (row: OpenRow, fault: string): void => {
      const [first, ...others] = row.lines;
      if (first !== undefined) records.push({ line: first.number, text: first.text, fault });
      while (others.length > 0) queue.push(others.pop() as Line);
      open = undefined;
    };
    for (;;) {
      const line = queue.pop();
      if (line === undefined) {
        if (!isEnd || open === undefined) return records;
        reject(open, "A quote opens in this row and is never closed.");
        continue;
      }
      if (open === undefined) {
        if (line.isTooLong) {
          records.push({ line: line.number, text: line.text, fault: TOO_LONG });
          continue;
        }
        if (isBlank(line.text) || (line.number === 1 && /^"?sep=.?"?$/i.test(line.text))) continue;
      }
      const row: OpenRow = (open ??= { lines: [], cells: [], quoted: undefined, length: 0 });
      row.lines.push(line);
      row.length += line.text.length + 1;
      if (line.isTooLong || row.length > MAX_RECORD_LENGTH) {
        patience = Math.max(MIN_ROW_LINES, patience >> 1);
        reject(row, TOO_LONG);
        continue;
      }
      if (row.lines.length > patience) {
        patience = Math.max(MIN_ROW_LINES, patience >> 1);
        reject(row, "A quote opens in this row and is not closed in the lines that follow.");
        continue;
      }
      const state = readLine(row, line.text, shape);
      if (state === "malformed") {
        reject(row, "A quote stands inside a quoted cell; write it twice, or quote the cell properly.");
      } else if (state === "complete") {
        const record = finish(row);
        if (record?.fault !== undefined && row.lines.length > 1) reject(row, record.fault);
        else if (record !== undefined) {
          records.push(record);
          patience = MAX_ROW_LINES;
        }
        open = undefined;
      }
    }
  }

  return {
    push: (chunk) => read(lines.push(chunk), false),
    end: () => read(lines.end(), true),
  };
}

/** Reads one more physical line into a row. */
function readLine(row: OpenRow, text: string, shape: CsvShape): "complete" | "open" | "malformed" {
  const { delimiter, isQuoted } = shape;
  const { cells } = row;
  let at = 0;
  if (row.quoted !== undefined) row.quoted += "\n";
  for (;;) {
    if (row.quoted === undefined) {
      if (isQuoted && text[at] === '"') {
        row.quoted = "";
        at++;
      } else {
        const end = text.indexOf(delimiter, at);
        cells.push(end < 0 ? text.slice(at) : text.slice(at, end));
        if (end < 0) return "complete";
        at = end + 1;
        continue;
      }
    }
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      row.quoted += text.slice(at);
      return "open";
    }
    row.quoted += text.slice(at, quote);
    const next = text[quote + 1];
    at = quote + 2;
    if (next === '"') {
      row.quoted += '"';
    } else if (next === undefined || next === delimiter) {
      cells.push(row.quoted);
      row.quoted = undefined;
      if (next === undefined) return "complete";
    } else {
      return "malformed";
    }
  }
}
