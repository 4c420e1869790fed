import type { DigitGroup, NumberStart } from "./numbers.ts";
import { namesAnOrder, namesAPhone } from "./what-is-named.ts";

/**
 * How many groups of digits are one phone number: international (`+44 20 7946 0958`, `0049 …`), North American,
 * national with a leading zero, in a grouping no other number has, or any grouping where the words before say so.
 */
export function countPhone(start: NumberStart): number {
  const { groups, before, opening } = start;
  const first = groups[0];
  if (first === undefined) return 0;
  if (opening.includes("+")) return countInternational(groups, "");
  // "1,555…", "0.0123456789": the rest of a longer number
  if (/[\d\]][.,:'’]$/u.test(before) || isInner(groups)) return 0;
  const isNamed = namesAPhone(before);
  if (!isNamed && namesAnOrder(before)) return 0;
  const prefixed = first.digits.startsWith("00") ? countInternational(groups, "00") : 0;
  if (prefixed > 0) return prefixed;
  if (continues(start)) return 0;
  return (
    countNorthAmerican(start, isNamed) || countNational(start, isNamed) || (isNamed ? countNamed(groups) : 0)
  );
}

/** Groups of one number are joined alike; one that is joined alike to digits before is no first group. */
function isInner([first, second]: readonly DigitGroup[]): boolean {
  if (first?.joint === undefined) return false;
  return second === undefined || /[./-]/.test(first.joint) || first.joint === second.joint;
}

/** `555-123-4567-89` is longer than any phone number written with dashes. */
function continues({ groups, after }: NumberStart): boolean {
  const dashed = groups.findIndex(
    (group, index) => index > 0 && !/^[-./\u2010-\u2013]$/.test(group.joint ?? ""),
  );
  const count = dashed < 0 ? groups.length : dashed;
  return (
    count >= 3 &&
    (digitsOf(groups.slice(0, count)).length > 12 || /^[-./\u2010-\u2013][[\d]/.test(after(count - 1)))
  );
}

const COUNTRY_CODE =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?:2[1-69]|3[578]|42|5[09]|6[7-9]|8[0578]|9[679])\d)/;
const NORTH_AMERICAN = /^[2-9]\d{2}[2-9]\d{6}$/;

function countInternational(groups: readonly DigitGroup[], prefix: string): number {
  const fewest = prefix === "" ? 9 : 10;
  for (let count = groups.length; count > 0; count--) {
    const digits = digitsOf(groups.slice(0, count)).slice(prefix.length);
    if (digits.length > 15 || digits.length < fewest || !COUNTRY_CODE.test(digits)) continue;
    // "+500 000 000 views"
    if (/0{6}$/.test(digits)) continue;
    if (digits.startsWith("1") && !NORTH_AMERICAN.test(digits.slice(1))) continue;
    return count;
  }
  return 0;
}

function countNorthAmerican({ groups, opening }: NumberStart, isNamed: boolean): number {
  const withCode = groups[0]?.digits === "1" ? 1 : 0;
  const own = groups.slice(withCode);
  const sizes = sizesOf(own);
  const isSplit = /^3 3 4(?: |$)/.test(sizes) || (opening === "(" && /^3 7(?: |$)/.test(sizes));
  if (isSplit) {
    const count = sizes.startsWith("3 3") ? 3 : 2;
    return NORTH_AMERICAN.test(digitsOf(own.slice(0, count))) ? withCode + count : 0;
  }
  const whole = groups[0]?.digits ?? "";
  return isNamed && NORTH_AMERICAN.test(whole.replace(/^1(?=\d{10}$)/, "")) ? 1 : 0;
}

/** Groupings no other number has: `(11) 98765-4321`, `138 0013 8000`. */
const OWN_GROUPINGS: readonly (readonly [sizes: string, digits: RegExp])[] = [
  ["2 5 4", /^[1-9]{2}9\d{8}$/],
  ["3 4 4", /^1[3-9]\d{9}$/],
];

/** National numbers of countries that write a leading zero, and groupings that speak for themselves. */
function countNational({ groups }: NumberStart, isNamed: boolean): number {
  for (const [sizes, form] of OWN_GROUPINGS) {
    const own = groups.slice(0, 3);
    if (sizesOf(own) === sizes && form.test(digitsOf(own))) return 3;
  }
  if (!/^0[1-9]/.test(digitsOf(groups.slice(0, 2))) || isDate(groups)) return 0;
  for (let count = Math.min(groups.length, 5); count > 0; count--) {
    const own = groups.slice(0, count);
    const digits = digitsOf(own);
    const longest = /^01[567]/.test(digits) ? 12 : 11;
    if (digits.length < 9 || digits.length > longest || !areJoinedAlike(own)) continue;
    // digits in a row are shorter or longer where they are something else
    if (count === 1 && digits.length < 10 && !isNamed) continue;
    return count;
  }
  return 0;
}

/** Any grouping: the words before it say what it is. */
function countNamed(groups: readonly DigitGroup[]): number {
  if (isDate(groups)) return 0;
  const whole = groups[0]?.digits ?? "";
  if (whole.length > 10) return whole.length <= 12 ? 1 : 0;
  for (let count = Math.min(groups.length, 5); count > 0; count--) {
    const own = groups.slice(0, count);
    const { length } = digitsOf(own);
    if (length < 7 || length > 10 || (count > 1 && own.some(({ digits }) => digits.length < 2))) continue;
    return count;
  }
  return 0;
}

/** All but the first joint are the same: `030/123 456 78`, not `01.02.2023 12`. */
function areJoinedAlike(groups: readonly DigitGroup[]): boolean {
  const joints = groups.slice(2).map(({ joint }) => joint);
  return (
    joints.every((joint) => joint === joints[0]) &&
    (groups.length < 4 || groups[1]?.joint !== "." || joints[0] === ".")
  );
}

function isDate(groups: readonly DigitGroup[]): boolean {
  const [first = "", second = "", third = ""] = groups.map(({ digits }) => digits);
  const whole = /^(?:(19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:\d{4}|\d{6})?$/;
  if (whole.test(first)) return true;
  const sizes = `${first.length} ${second.length} ${third.length}`;
  if (/^4 [12] [12]$/.test(sizes)) return /^(?:19|20)/.test(first) && isDayAndMonth(second, third);
  return /^[12] [12] 4$/.test(sizes) && /^(?:19|20)/.test(third) && isDayAndMonth(first, second);
}

function isDayAndMonth(one: string, other: string): boolean {
  const [low = 0, high = 0] = [Number(one), Number(other)].sort((a, b) => a - b);
  return low >= 1 && low <= 12 && high <= 31;
}

function digitsOf(groups: readonly DigitGroup[]): string {
  return groups.map(({ digits }) => digits).join("");
}

function sizesOf(groups: readonly DigitGroup[]): string {
  return groups.map(({ digits }) => digits.length).join(" ");
}
