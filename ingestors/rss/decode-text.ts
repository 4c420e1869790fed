import { decodeWindows1252 } from "../windows-1252.ts";

/**
 * The text of a feed's bytes. The charset is the byte order mark's, else the Content-Type header's, else the XML
 * declaration's, else UTF-8. A claim the bytes contradict is passed over: servers announce the charset they are
 * configured with, whatever the document is written in.
 * @see https://www.rfc-editor.org/rfc/rfc7303#section-3
 */
export function decodeText(bytes: Uint8Array, contentType = ""): string {
  const marked = byteOrderMark(bytes) ?? wideXml(bytes);
  if (marked !== undefined) return decode(bytes, marked);
  const isValidUtf8 = decodes(bytes, "utf-8");
  const isAscii = isValidUtf8 && bytes.every((byte) => byte < 0x80);
  for (const charset of claims(bytes, contentType)) {
    // UTF-16 without zero bytes is no UTF-16; the declaration could not have been read if it were.
    if (charset.startsWith("utf-16")) continue;
    if (charset === "utf-8" && !isValidUtf8 && !isMostlyUtf8(bytes)) continue;
    // windows-1252 (and iso-8859-1, which means the same) is what servers say when nobody told them.
    if (charset === "windows-1252" && isValidUtf8 && !isAscii) continue;
    return decode(bytes, charset);
  }
  return decode(bytes, isValidUtf8 || isMostlyUtf8(bytes) ? "utf-8" : "windows-1252");
}

function decode(bytes: Uint8Array, charset: string): string {
  return charset === "windows-1252" ? decodeWindows1252(bytes) : new TextDecoder(charset).decode(bytes);
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

/** UTF-16 without a mark, recognised by its first `<`. */
function wideXml(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0x00) return "utf-16le";
  if (bytes[0] === 0x00 && bytes[1] === 0x3c) return "utf-16be";
  return undefined;
}

/** The charsets header and declaration claim, in that order, by the names TextDecoder gives them. */
function claims(bytes: Uint8Array, contentType: string): string[] {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 512));
  const header = /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1];
  const declaration = /<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/i.exec(start)?.[1];
  return [header, declaration].flatMap((label) => {
    try {
      return label === undefined ? [] : [new TextDecoder(label).encoding];
    } catch {
      return [];
    }
  });
}

function decodes(bytes: Uint8Array, charset: string): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** UTF-8 with a few bad bytes, as opposed to another charset: it has no more faults than characters. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  let characters = 0;
  let faults = 0;
  for (const character of new TextDecoder().decode(bytes)) {
    if (character === "\ufffd") faults++;
    else if (character > "\u007f") characters++;
  }
  return characters > 0 && characters >= faults;
}
