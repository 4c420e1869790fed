import { EarshotError } from "../../core/errors.ts";
import type { FileRecord } from "./mapping.ts";

/** Deepest nesting read. Deeper records are attacks, and writing them as a dead letter would overflow the stack. */
const MAX_DEPTH = 200;

/**
 * The object a JSON text says. Whole numbers too long for a double (ids of tweets) come as strings, `NaN` as null.
 * @throws {EarshotError} record_invalid
 */
export function parseJsonRecord(text: string): FileRecord {
  if (text.length > MAX_DEPTH && nestsDeeper(text, MAX_DEPTH)) {
    throw new EarshotError("record_invalid", `This record nests deeper than ${MAX_DEPTH} levels.`);
  }
  const value = parseLeniently(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as FileRecord;
  throw new EarshotError(
    "record_invalid",
    'This is no JSON object; each record must be one, like {"text": …}.',
  );
}

function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(/\d{16}/.test(text) ? quoteLongNumbers(text) : text);
  } catch (cause) {
    if (/\b(?:NaN|Infinity)\b/.test(text)) {
      try {
        return JSON.parse(nullNotNumbers(quoteLongNumbers(text)));
      } catch {
        // the first complaint is about what the file really says
      }
    }
    const detail = cause instanceof Error ? cause.message : String(cause);
    // the message quotes the record, which may be a megabyte of someone's text
    throw new EarshotError("record_invalid", `This is no valid JSON (${detail.slice(0, 160)}).`, { cause });
  }
}

/** Strings are matched first, so that what they say is never taken for a number. */
function quoteLongNumbers(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/gs, (found) =>
    found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"${found}"`,
  );
}

function nullNotNumbers(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|(?<!\w)-?(?:NaN|Infinity)\b/gs, (found) =>
    found.startsWith('"') ? found : "null",
  );
}

function nestsDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      do at = text.indexOf('"', at + 1);
      while (at > 0 && isEscaped(text, at));
      if (at < 0) return false;
    } else if (code === 91 || code === 123) {
      if (++depth > limit) return true;
    } else if (code === 93 || code === 125) {
      depth--;
    }
  }
  return false;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
  return slashes % 2 === 1;
}
