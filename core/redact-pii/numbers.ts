import { countPhone } from "./phones.ts";
import { namesAnOrder } from "./what-is-named.ts";

/** Digits in a row. `joint` is what stands between them and the digits before, where that may be within one number. */
export interface DigitGroup {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly joint: string | undefined;
}

/** Where a number may start: the groups from there on that may belong to it, and what stands around them. */
export interface NumberStart {
  /** The first has the joint to whatever number stands before it. */
  readonly groups: readonly DigitGroup[];
  /** What opens it: `+`, `(`, `(+`, `+(` or nothing. */
  readonly opening: string;
  /** The text before it, redacted, up to {@link LOOK_BACK}. */
  readonly before: string;
  /** What follows the group at an index. */
  readonly after: (index: number) => string;
}

/** A rule gives how many groups from the start are such a number; 0 when none. It looks back freely, ahead hardly. */
type Rule = (start: NumberStart) => number;

/** Of what was written before a number this much is read, in UTF-16 units. */
const LOOK_BACK = 48;
const MOST_GROUPS = 8;
const LOOK_AHEAD = 3;

/**
 * The text with IPv4 addresses, payment cards, US social security numbers and phone numbers replaced by their marks.
 * It goes from left to right and decides by what was redacted before, so that doing it twice changes nothing.
 */
export function redactNumbers(text: string): string {
  const groups = digitGroups(text);
  let redacted = "";
  let end = 0;
  let tail = "";
  for (let at = 0; at < groups.length; at++) {
    const first = groups[at];
    if (first === undefined) break;
    const opening = openingOf(text, first.start, end);
    const start = first.start - opening.length;
    const found = findNumber({
      groups: joinedFrom(groups, at, end),
      opening,
      before: (
        (end > start - LOOK_BACK ? tail : "") + text.slice(Math.max(end, start - LOOK_BACK), start)
      ).slice(-LOOK_BACK),
      after: (index) => {
        const last = groups[at + index]?.end ?? text.length;
        return text.slice(last, last + LOOK_AHEAD);
      },
    });
    if (found === undefined) continue;
    const last = groups[at + found.count - 1] ?? first;
    const mark = `[${found.kind}]`;
    const kept = text.slice(end, start);
    redacted += kept + mark;
    tail = (tail + kept.slice(-LOOK_BACK) + mark).slice(-LOOK_BACK);
    end = last.end + (opening.includes("(") && last === first && text.charAt(last.end) === ")" ? 1 : 0);
    at += found.count - 1;
  }
  return redacted + text.slice(end);
}

const DIGITS = /\d+/g;
const JOINT = /^[ \t\u00a0\u2009\u202f./()\u2010-\u2013-]{1,3}$/;

function digitGroups(text: string): DigitGroup[] {
  const groups: DigitGroup[] = [];
  let end = -1;
  for (const { index, 0: digits } of text.matchAll(DIGITS)) {
    const between = end < 0 || index - end > 3 ? "" : text.slice(end, index);
    groups.push({
      start: index,
      end: index + digits.length,
      digits,
      joint: JOINT.test(between) ? between : undefined,
    });
    end = index + digits.length;
  }
  return groups;
}

function joinedFrom(groups: readonly DigitGroup[], at: number, end: number): DigitGroup[] {
  const joined: DigitGroup[] = [];
  for (let i = at; i < groups.length && joined.length < MOST_GROUPS; i++) {
    const group = groups[i];
    if (group === undefined || (i > at && group.joint === undefined)) break;
    // what was replaced is no neighbour
    const isFreed = i === at && end > 0 && (groups[i - 1]?.start ?? 0) < end;
    joined.push(isFreed ? { ...group, joint: undefined } : group);
  }
  return joined;
}

function openingOf(text: string, start: number, from: number): string {
  return /[+(＋]{1,2}$/.exec(text.slice(Math.max(from, start - 2), start))?.[0] ?? "";
}

function findNumber(start: NumberStart): { readonly kind: string; readonly count: number } | undefined {
  if (/[\p{L}\p{N}_@]$/u.test(start.before) && !start.opening.includes("+")) return undefined;
  for (const [kind, rule] of RULES) {
    const count = rule(start);
    if (count > 0 && !/^[\p{L}_]/u.test(start.after(count - 1).replace(/^x\d/i, ""))) return { kind, count };
  }
  return undefined;
}

const RULES: readonly (readonly [kind: string, rule: Rule])[] = [
  ["ip", countIpv4],
  ["card", countCard],
  ["ssn", countSsn],
  ["phone", countPhone],
];

const NAMES_IP =
  /(?<!\p{L})(?:ips?|ipv4|ping|pinging|dns|gateway|server|host|router)[^\p{L}\d[\]]{1,3}(?:\p{L}{1,12} ){0,3}$/iu;
const NAMES_VERSION =
  /(?<!\p{L})(?:v|ver|versions?|version|versión|versione|versão|build|release|firmware|update|updated|app|ios|android|chrome|software|patch|driver|os)[^\p{L}\d[\]]{0,3}(?:\p{L}{1,12} ){0,2}$/iu;

/** Versions have four parts too: small numbers are an address only where the words say so. */
function countIpv4({ groups, before, after }: NumberStart): number {
  const octets = groups.slice(0, 4);
  const digits = octets.reduce((sum, group) => sum + group.digits.length, 0);
  const isAddress =
    octets.length === 4 &&
    octets.every(({ digits: octet }) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255) &&
    octets.slice(1).every(({ joint }) => joint === ".") &&
    octets[0]?.joint !== "." &&
    !/^(?:\.\d|\.\[)/.test(after(3));
  if (!isAddress || NAMES_VERSION.test(before)) return 0;
  return digits >= 8 || NAMES_IP.test(before) ? 4 : 0;
}

/** First digits and lengths by network. */
const NETWORKS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}|(?:6011|64[4-9]\d|65\d{2}|62\d{2}|35(?:2[89]|[3-8]\d))\d{12,15}|3(?:0[0-5]|[689]\d)\d{11}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,15})$/;
const CARD_GROUPS = /^(?:\d+|(?:4 ){2,4}[1-4]|4 6 [45])$/;

function countCard({ groups, before, opening }: NumberStart): number {
  let digits = "";
  for (const [index, group] of groups.entries()) {
    if (index > 0 && !/^[ \u00a0-]$/.test(group.joint ?? "")) return 0;
    digits += group.digits;
    if (digits.length > 19 || opening.includes("+")) return 0;
    if (digits.length < 13 || !NETWORKS.test(digits) || !passesLuhn(digits)) continue;
    const sizes = groups.slice(0, index + 1).map((each) => each.digits.length);
    if (!CARD_GROUPS.test(sizes.join(" "))) continue;
    // the middle of a longer number
    const isInner = groups[0]?.joint !== undefined && groups[0].joint === groups[1]?.joint;
    if (isInner || groups[0]?.joint === ".") continue;
    if (index === 0 && namesAnOrder(before)) continue;
    return index + 1;
  }
  return 0;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const weighed = i % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

const NAMES_SSN = /(?<!\p{L})(?:ssn|social security(?: number| no\.?)?)[^\p{L}\d[\]]{1,3}(?:is |was )?$/iu;
const SSN = /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/;

function countSsn({ groups, before, after }: NumberStart): number {
  const isNamed = NAMES_SSN.test(before);
  const [first, second, third] = groups;
  if (isNamed && first?.digits.length === 9) return SSN.test(first.digits) ? 1 : 0;
  if (first === undefined || second === undefined || third === undefined) return 0;
  const parts = [first, second, third].map(({ digits }) => digits);
  if (parts.map(({ length }) => length).join(" ") !== "3 2 4" || !SSN.test(parts.join(""))) return 0;
  if (isNamed) return 3;
  const isDashed = second.joint === "-" && third.joint === "-";
  return isDashed && first.joint !== "-" && !/^-[\d[]/.test(after(2)) && !namesAnOrder(before) ? 3 : 0;
}
