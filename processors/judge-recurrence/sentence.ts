import type { Figures, Flag, Growth, Verdict } from "./judgement.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What a verdict's sentence is made of. */
export interface Spoken {
  readonly verdict: Verdict | null;
  readonly flags: readonly Flag[];
  readonly harms: readonly string[];
  readonly figures: Figures;
  readonly growth: Growth | undefined;
  readonly asOf: number;
}

/** The verdict in one sentence: `recurring: 14 people, 9 days, 3 channels since 2 Mar; expected 3`. */
export function sentenceOf({ verdict, flags, harms, figures, growth, asOf }: Spoken): string {
  const { mentions, voices, reports, days, channels, firstAt, lastAt, expected, heardShare } = figures;
  if (verdict === null) {
    const said = `no verdict: no mention has a time; ${many(mentions, "mention")} by ${people(voices)}`;
    return harms.length === 0 ? said : `${said}; severe: ${harms.join(", ")}`;
  }
  const who =
    reports === voices ? people(voices) : `${many(reports, "independent report")} of ${people(voices)}`;
  const when =
    firstAt === null ? "" : days === 1 ? ` on ${dayOf(firstAt, asOf)}` : ` since ${dayOf(firstAt, asOf)}`;
  const parts =
    reports === 1 ? [`${who}${when}`] : [`${who}, ${many(days, "day")}, ${many(channels, "channel")}${when}`];
  if (verdict === "escalating" && growth !== undefined) parts.push(grown(growth));
  else if (reports > 1 && expected !== null) parts.push(`expected ${count(expected)}`);
  if (harms.length > 0) parts.push(`severe: ${harms.join(", ")}`);
  if (flags.includes("quiet") && lastAt !== null) parts.push(`none since ${dayOf(lastAt, asOf)}`);
  if (flags.includes("emerging")) parts.push("emerging");
  if (flags.includes("viral")) parts.push(`viral: ${many(mentions, "mention")}`);
  if (flags.includes("coordinated")) parts.push("coordinated: the same words of many");
  if (flags.includes("partly_heard") && heardShare !== null)
    parts.push(`${Math.round(100 * (1 - heardShare))} % of that time not heard`);
  return `${verdict}: ${parts.join("; ")}`;
}

function grown({ test, reports, expected, factor, q }: Growth): string {
  const surely = q < 0.001 ? "q < .001" : `q = ${q.toFixed(3).slice(1)}`;
  return test === "surge"
    ? `${reports} in the last 7 days, expected ${count(expected)} (${surely})`
    : `${factor >= 10 ? "more than 10" : factor.toFixed(1)} times as often as at the start of these 12 weeks (${surely})`;
}

function people(voices: number): string {
  return voices === 1 ? "1 person" : `${voices} people`;
}

function many(number: number, word: string): string {
  return number === 1 ? `1 ${word}` : `${number} ${word}s`;
}

function count(expected: number): string {
  return expected < 1 ? "less than 1" : String(Math.round(expected));
}

function dayOf(at: number, asOf: number): string {
  const day = new Date(at);
  const named = `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()] ?? ""}`;
  return day.getUTCFullYear() === new Date(asOf).getUTCFullYear()
    ? named
    : `${named} ${day.getUTCFullYear()}`;
}
