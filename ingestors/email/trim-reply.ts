import { plainText } from "../html-to-text.ts";

const QUOTED = /^\s*>/;
/** What mail programs write above the mail they answer. */
const ORIGINAL =
  /^\s*[-_]{3,}\s*(?:original message|original appointment|ursprüngliche nachricht|message d.origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig meddelelse|ursprungligt meddelande)\s*[-_]{3,}\s*$/i;
const HEADER =
  /^\s*\*?(?:from|von|de|da|van|fra|från|sent|gesendet|envoyé|enviado|inviato|verzonden|sendt|date|datum|to|an|à|para|a|aan|til|till|cc|subject|betreff|objet|asunto|oggetto|onderwerp|emne|ämne)\s?:/i;
const FROM = /^\s*\*?(?:from|von|de|da|van|fra|från)\s?:.*[@\w]/i;
const FORWARD = /^\s*(?:fwd?|wg|tr|rv|i|enc|vs|doorst)\s*:/i;
const SIGNATURE = /^-- ?$/;
const MAX_SIGNATURE_LINES = 12;
const ADVERT =
  /^(?:sent from (?:my|the|yahoo|mail|outlook)|get outlook for|von meinem .{2,40} gesendet|envoyé de(?:puis)? mon|enviado desde mi|inviato da(?:l mio)?|verzonden (?:vanaf|met)|skickat från min|sendt fra min)\b.{0,80}$/i;

/**
 * The words of a mail without the mail it answers, at its end, and without a signature. In doubt, such as for answers
 * written between quoted lines, all of it is kept.
 */
export function trimReply(
  written: string,
  { isReply, subject }: { isReply: boolean; subject: string },
): string {
  const text = plainText(written);
  if (FORWARD.test(subject)) return text;
  const lines = text.split("\n");
  // a signature may stand above the other mail or below it
  const unsigned = orAll(withoutSignature(lines), lines);
  if (!isReply) return plainText(unsigned.join("\n"));
  const own = orAll(withoutQuote(withoutOriginal(unsigned)), unsigned);
  return plainText(orAll(withoutSignature(own), own).join("\n"));
}

/** What would leave nothing is left alone. */
function orAll(trimmed: readonly string[], all: readonly string[]): readonly string[] {
  return trimmed.some((line) => line.trim() !== "") ? trimmed : all;
}

/** As Outlook answers: the other mail stands below, unmarked, under its headers. */
function withoutOriginal(lines: readonly string[]): readonly string[] {
  const at = lines.findIndex((line, index) => ORIGINAL.test(line) || beginsHeaders(lines, index));
  if (at <= 0) return lines;
  const isRuled = /^\s*_{5,}\s*$/.test(lines[at - 1] ?? "");
  return lines.slice(0, isRuled ? at - 1 : at);
}

/** Three headers in a row, the first of them the sender. */
function beginsHeaders(lines: readonly string[], at: number): boolean {
  return FROM.test(lines[at] ?? "") && [1, 2].every((next) => HEADER.test(lines[at + next] ?? ""));
}

/** As others answer: quoted lines to the end, and above them who wrote them when. */
function withoutQuote(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && (QUOTED.test(lines[end - 1] ?? "") || lines[end - 1]?.trim() === "")) end--;
  const rest = lines.slice(0, end);
  if (end === lines.length || rest.some((line) => QUOTED.test(line))) return lines;
  // long ones are wrapped onto a second or third line
  for (const length of [1, 2, 3]) {
    const head = rest.slice(-length);
    if (head.some((line) => line.trim() === "")) break;
    const line = head.join(" ").trim();
    const isAttribution = /:$/.test(line) && /\d/.test(line) && /@|\d{4}|\d{1,2}[:.]\d{2}/.test(line);
    if (isAttribution && line.length < 300) return rest.slice(0, -length);
  }
  return rest;
}

function withoutSignature(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line) => SIGNATURE.test(line));
  if (at > 0 && lines.length - at <= MAX_SIGNATURE_LINES + 1) return lines.slice(0, at);
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return ADVERT.test(lines[last]?.trim() ?? "") ? lines.slice(0, last) : lines;
}
