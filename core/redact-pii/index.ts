import { isIPv6 } from "node:net";
import { redactAddresses } from "./addresses.ts";
import { redactIbans } from "./ibans.ts";
import { redactNumbers } from "./numbers.ts";

/**
 * Gives the text with personal data replaced by what it was: `[email]`, `[phone]`, `[card]`, `[iban]`, `[ip]`, `[ssn]`
 * (US social security numbers), `[address]` (only street, number and postcode together). Text it marks once it never
 * marks again; where it marks something, digits of other scripts and fullwidth signs become ASCII. Linear in the text's
 * length.
 *
 * Numbers that could be anything (ten digits in a row, `612 345 678`) are phone numbers only where the words before
 * them say so ("call me on"), and never where they name an order, a case or a parcel. In links only e-mail addresses
 * and numbers to call are looked for. Out of reach, because nothing in the text proves them: names of people, handles,
 * other identity numbers, places described in words. It makes the data poorer, not anonymous.
 */
export function redactPii(text: string): string {
  const plain = inPlainSigns(text);
  const redacted = redactPlain(plain);
  return redacted === plain ? text : redacted;
}

/** Digits people write with besides 0-9, from their zero; fullwidth ones are among {@link FULLWIDTH}. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef]/g;
const ZEROES = [0x09e6, 0x0966, 0x06f0, 0x0660];
/** `０３－１２３４`, `＠`: ASCII at the width of a Chinese character. */
const FULLWIDTH = /[\uff01-\uff5e]/g;
/** Signs without a width of their own, which copying leaves within numbers and addresses. */
const UNSEEN = /(?<=[\w@.+() -])\p{Cf}+(?=[\w@.+() -])/gu;
const NOT_PLAIN = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\uff01-\uff5e]|\p{Cf}/u;

/** The text with digits and signs as the rules know them. */
function inPlainSigns(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  return text
    .replace(OTHER_DIGITS, (digit) => {
      const code = digit.charCodeAt(0);
      return String(code - (ZEROES.find((zero) => zero <= code) ?? code));
    })
    .replace(FULLWIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(UNSEEN, "");
}

function redactPlain(text: string): string {
  if (!mayHavePii(text)) return text;
  const unmailed = redactEmails(text);
  let redacted = "";
  let end = 0;
  for (const { index, 0: link } of unmailed.matchAll(LINK)) {
    redacted += redactWords(unmailed.slice(end, index)) + link.replace(NUMBER_TO_CALL, "$1[phone]");
    end = index + link.length;
  }
  return redacted + redactWords(unmailed.slice(end));
}

/** And whole fediverse handles (`@ann@social.example`). */
const LINK = /(?:https?:\/\/|(?<![\p{L}\p{N}@._-])www\.|@[\p{L}\p{M}\p{N}.%'+_-]+(?:@|%40))\S+/giu;

/** Most texts have neither an e-mail address nor seven digits. */
function mayHavePii(text: string): boolean {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 48 && unit <= 57) {
      if (++digits === FEWEST_DIGITS) return true;
    } else if (unit === 64) return true;
  }
  return text.includes("%40") || WRITTEN_AT.test(text) || IPV6_HINT.test(text);
}

/** An IPv4 address may have four digits. */
const FEWEST_DIGITS = 4;
const IPV6_HINT = /:[\da-f]{0,4}:/i;

function redactWords(text: string): string {
  if (!/\d/.test(text)) return text;
  let redacted = redactIbans(redactIpv6(redactAddresses(text)));
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = redacted;
    redacted = redactNumbers(before);
    if (redacted === before) break;
  }
  return redacted;
}

/** A number that stood before another may show as one only once that is gone. */
const MOST_PASSES = 3;

/** A chat link, or a parameter that names itself. */
const NUMBER_TO_CALL = /(\/\/wa\.me\/|[?&](?:phone|tel|telephone|mobile|msisdn)=)(?:\+|%2B)?\d{7,15}(?!\d)/gi;

const WRITTEN_AT = /[[({]\s?at\s?[\])}]/i;
const WRITTEN_EMAIL =
  /(?<![\w.+-])[a-z\d](?:[\w.+-]{0,62}\w)?\s?[[({]\s?at\s?[\])}]\s?[a-z\d-]{1,63}(?:\s?(?:\.|[[({]\s?dot\s?[\])}]|\sdot\s)\s?[a-z\d-]{1,63}){0,3}\s?(?:\.|[[({]\s?dot\s?[\])}]|\sdot\s)\s?[a-z]{2,24}(?![\w-])/gi;

function redactEmails(text: string): string {
  const written = WRITTEN_AT.test(text) ? text.replace(WRITTEN_EMAIL, "[email]") : text;
  let redacted = "";
  let end = 0;
  for (const { index: at, 0: sign } of written.matchAll(AT)) {
    if (at < end) continue;
    const start = startOfLocalPart(written, at, end);
    // of `@alice@social.example` the fediverse handle is public
    if (start === at || (start > 0 && written[start - 1] === "@")) continue;
    const after = endOfDomain(written, at + sign.length);
    if (after < 0) continue;
    redacted += written.slice(end, start) + "[email]";
    end = after;
  }
  return redacted + written.slice(end);
}

/** Without the signs that are allowed but never used, `/` and `=` among them: in links they stand before addresses. */
const LOCAL_PART = /[\p{L}\p{M}\p{N}.%'+_-]/u;
/** Twice what mail allows, since links write some characters as three: `%40` over and over must not cost its square. */
const LONGEST_LOCAL_PART = 128;
/** As it is, or as links write it. */
const AT = /@|%40/g;
const LOCAL_START = /[\p{L}\p{M}\p{N}_+]/u;
const DOMAIN = /[\p{L}\p{M}\p{N}.-]/u;

function startOfLocalPart(text: string, at: number, from: number): number {
  let start = at;
  const earliest = Math.max(from, at - LONGEST_LOCAL_PART);
  while (start > earliest && LOCAL_PART.test(text.charAt(start - 1))) start--;
  while (start < at && !LOCAL_START.test(text.charAt(start))) start++;
  return start;
}

const TOP_LEVEL = /^(?:xn--[a-z\d-]{2,58}|\p{L}[\p{L}\p{M}]{1,23})(?![\p{L}\p{M}\p{N}])/iu;
const LONGEST_LABEL = 63;
/** `logo@2x.png` */
const PIXEL_DENSITY = /^[1-4]x\.(?:avif|gif|heic|ico|jpe?g|png|svg|webp)(?![\p{L}\p{N}])/iu;

/** Where the domain after the `@` ends; −1 when there is none. */
function endOfDomain(text: string, from: number): number {
  let end = from;
  // an empty label ends it
  while (DOMAIN.test(text.charAt(end)) && !(text[end] === "." && (end === from || text[end - 1] === ".")))
    end++;
  const domain = text.slice(from, end);
  if (PIXEL_DENSITY.test(domain)) return -1;
  for (let dot = domain.lastIndexOf("."); dot > 0; dot = domain.lastIndexOf(".", dot - 1)) {
    const topLevel = TOP_LEVEL.exec(domain.slice(dot + 1, dot + 1 + LONGEST_LABEL));
    if (topLevel !== null) return from + dot + 1 + topLevel[0].length;
  }
  return -1;
}

const IPV6 = /(?<![\w:.])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])/gi;

function redactIpv6(text: string): string {
  if (!IPV6_HINT.test(text)) return text;
  return text.replace(IPV6, (found) => {
    const groups = found.split(":").filter(Boolean);
    // fewer groups may be a time of day or a word of code
    return groups.length >= 3 && /\d/.test(found) && isIPv6(found) ? "[ip]" : found;
  });
}
