import { EXCERPT_LENGTH, MAX_RECORD_LENGTH, type RawRecord, type RecordSplitter } from "./plan.ts";
import { TOO_LONG } from "./split-lines.ts";

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** How many objects may lie around the list of records: `{"data":{"reviews":[…]}}` has two. */
const MAX_OBJECTS_AROUND = 3;

/**
 * Cuts the items out of a JSON document: those of a list or, in an object, of its first list of objects. An object
 * without one is a single item. Only brackets and strings are looked at and each item is parsed by itself afterwards, so
 * a broken one costs no other and an endless one is never held. A record's `line` is the item's number from 1.
 */
export function jsonSplitter(): RecordSplitter {
  let phase: "before" | "searching" | "items" | "rest" | "after" | "failed" = "before";
  /** Text from the start of the current item on; while no list has been found, of the whole document. */
  let buffer = "";
  /** First character of `buffer` not looked at yet. */
  let at = 0;
  /** Beginning of an item too long to hold. */
  let head: string | undefined;
  let items = 0;
  let isInString = false;
  let depth = 0;
  let openLists = 0;
  /** True between the bracket of a list that may be the one and its first item, which decides. */
  let isListFound = false;
  /** Depth inside the list of records. */
  let listDepth = 0;

  function take(records: RawRecord[]): void {
    if (at > MAX_RECORD_LENGTH) head ??= buffer.slice(0, EXCERPT_LENGTH);
    const text = head ?? buffer.slice(0, at).trim();
    if (head !== undefined) records.push({ line: ++items, text, fault: TOO_LONG });
    else if (text !== "") records.push({ line: ++items, text });
    head = undefined;
  }

  function fail(records: RawRecord[], fault: string): void {
    records.push({ line: ++items, text: head ?? buffer.slice(0, EXCERPT_LENGTH), fault });
    phase = "failed";
    buffer = "";
  }

  /** Forgets what lies before `at`. */
  function cut(): void {
    buffer = buffer.slice(at);
    at = 0;
  }

  function begin(code: number, records: RawRecord[]): void {
    if (code !== OPEN_LIST && code !== OPEN_OBJECT) {
      fail(records, "This is no JSON: a list or an object should begin here.");
      return;
    }
    at++;
    depth = 1;
    if (code === OPEN_OBJECT) {
      phase = "searching";
    } else {
      phase = "items";
      listDepth = 1;
      cut();
    }
  }

  function search(code: number, records: RawRecord[]): void {
    if (isListFound && code === OPEN_OBJECT) {
      phase = "items";
      listDepth = depth;
      head = undefined;
      cut();
      read(code, records);
      return;
    }
    isListFound = code === OPEN_LIST && openLists === 0 && depth <= MAX_OBJECTS_AROUND;
    if (code === OPEN_LIST) openLists++;
    if (code === CLOSE_LIST) openLists--;
    advance(code);
    if (depth === 0) {
      take(records);
      phase = "after";
      cut();
    }
  }

  function read(code: number, records: RawRecord[]): void {
    if (depth !== listDepth || (code !== COMMA && !closes(code))) {
      advance(code);
      return;
    }
    take(records);
    advance(code);
    cut();
    if (code !== COMMA) phase = depth === 0 ? "after" : "rest";
  }

  function advance(code: number): void {
    at++;
    if (code === QUOTE) isInString = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
    else if (closes(code)) depth--;
  }

  /** Moves `at` behind the string it is in; false when the end of the string has not come yet. */
  function skipString(): boolean {
    for (;;) {
      const quote = buffer.indexOf('"', at);
      const end = quote < 0 ? buffer.length : quote;
      let slashes = 0;
      while (slashes < end - at && buffer.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
      const isEscaped = slashes % 2 === 1;
      if (quote < 0) {
        // the other half of an escape comes with the next chunk
        at = isEscaped ? end - 1 : end;
        return false;
      }
      at = quote + 1;
      if (!isEscaped) return true;
    }
  }

  function step(code: number, records: RawRecord[]): void {
    switch (phase) {
      case "before":
        return begin(code, records);
      case "searching":
        return search(code, records);
      case "items":
        return read(code, records);
      case "rest":
        advance(code);
        if (depth === 0) phase = "after";
        return;
      case "after":
        return fail(records, "There is text after the end of the JSON document.");
      case "failed":
        at++;
    }
  }

  /** Lets go of text nobody will ask for, and of an item longer than is held. */
  function release(): void {
    if (phase === "searching" || phase === "items") {
      if (buffer.length <= MAX_RECORD_LENGTH && head === undefined) return;
      head ??= buffer.slice(0, EXCERPT_LENGTH);
    }
    cut();
  }

  return {
    push(chunk) {
      const records: RawRecord[] = [];
      if (phase === "failed") return records;
      buffer += chunk;
      for (;;) {
        if (isInString) {
          if (!skipString()) break;
          isInString = false;
        }
        if (at >= buffer.length) break;
        const code = buffer.charCodeAt(at);
        if (code <= 32) at++;
        else step(code, records);
      }
      release();
      return records;
    },
    end() {
      const records: RawRecord[] = [];
      if (phase === "before" || phase === "after" || phase === "failed") return records;
      if (phase === "items" && depth === listDepth && !isInString) {
        take(records);
        cut();
      }
      fail(records, "The file ends before its JSON does: what came after this place is missing.");
      return records;
    },
  };
}

function closes(code: number): boolean {
  return code === CLOSE_LIST || code === CLOSE_OBJECT;
}
