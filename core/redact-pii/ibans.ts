/** Length of an IBAN by country. @see https://www.swift.com/standards/data-standards/iban-international-bank-account-number */
const LENGTHS = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 " +
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 " +
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const START = /(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?=[ \u00a0-]?[A-Za-z\d])/gu;

/** The text with `[iban]` for every International Bank Account Number whose check digits are right. */
export function redactIbans(text: string): string {
  let redacted = "";
  let end = 0;
  for (const { index, 0: head } of text.matchAll(START)) {
    const length = LENGTHS.get(head.slice(0, 2).toUpperCase());
    if (length === undefined || index < end) continue;
    const after = endOfIban(text, index, length);
    if (after < 0) continue;
    redacted += text.slice(end, index) + "[iban]";
    end = after;
  }
  return redacted + text.slice(end);
}

function endOfIban(text: string, start: number, length: number): number {
  let iban = "";
  let position = start;
  for (; iban.length < length; position++) {
    const character = text.charAt(position);
    if (/[A-Za-z\d]/.test(character)) iban += character.toUpperCase();
    else if (!/[ \u00a0-]/.test(character) || /[ \u00a0-]/.test(text.charAt(position - 1))) return -1;
  }
  if (/[\p{L}\p{N}]/u.test(text.charAt(position))) return -1;
  return hasRightCheckDigits(iban) ? position : -1;
}

/** ISO 7064, mod 97-10: letters as 10..35, the first four characters last. */
function hasRightCheckDigits(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
