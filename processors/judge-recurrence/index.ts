import {
  aliveChance,
  expectedReports,
  fitDeathModel,
  nextChance,
  type DeathModel,
  type ReportHistory,
} from "./buy-till-you-die.ts";
import { falseDiscoveryRates, poissonInterval } from "./distributions.ts";
import { exposureClock, type DayExposure, type IssueClock, type NotHeard } from "./exposure-clock.ts";
import { growthTests, unevennessOf, type GrowthTest } from "./growth.ts";
import {
  independentReports,
  type DatedMention,
  type Evidence,
  type IssueMention,
} from "./independent-reports.ts";
import type { Figures, Flag, Growth, Rate, RecurrenceJudgement, Verdict } from "./judgement.ts";
import { sentenceOf } from "./sentence.ts";

const DAY_MS = 86_400_000;

/** An issue with its mentions, in any order. */
export interface IssueHistory {
  readonly issue: string;
  readonly mentions: readonly IssueMention[];
}

export interface RecurrenceSetting {
  /** All issues of one tracker: what issues are like, and how much is heard, is learned from them. */
  readonly issues: readonly IssueHistory[];
  /** The time to judge at, ms since 1970; later mentions are left out. */
  readonly asOf: number;
  /** How much could have complained each day; the tracker's voices unless told. Days that miss are taken to be like those around. */
  readonly exposures?: readonly DayExposure[];
  readonly notHeard?: readonly NotHeard[];
}

const FEWEST_REPORTS = 3;
const FEWEST_DAYS = 3;
const SHORTEST_SPAN_DAYS = 7;
/** Below, an issue is taken for dead. */
const ALIVE_FROM = 0.3;
/** So likely must another report be within the horizon, were the issue alive. */
const COMES_AGAIN_FROM = 0.8;
const HORIZON_DAYS = 30;
/** What was reported so often and so long may have a slower pace. */
const REPORTS_OF_SLOW = 4;
const SPAN_OF_SLOW_DAYS = 28;
const SLOW_HORIZON_DAYS = 90;

const WATCHED_FROM = 0.5;
const EMERGING_DAYS = 14;

const VIRAL_MENTIONS = 8;
const VIRAL_AMPLIFIED = 0.5;
const VIRAL_WITHIN_MS = 3 * DAY_MS;
const VIRAL_SHARE = 0.6;
const COORDINATED_COPIES = 5;
const COORDINATED_WITHIN_MS = 7 * DAY_MS;

/** False discoveries among growing issues. */
const GROWTH_Q = 0.1;
/** Issues of fewer reports are not tested for growth: their number in all says nothing of its course. */
const FEWEST_TESTED = 5;
const RATE_DAYS = 28;
const HEARD_WELL = 0.9;

/** Times further back are errors of a platform. */
const OLDEST_MS = 20 * 365 * DAY_MS;

/**
 * Judges each issue of a tracker: whether it is a single voice, to be watched, recurring or escalating, and why. Pure: the
 * same mentions and the same `asOf` give the same verdicts, whatever was judged before; the order of issues and mentions
 * does not matter. Evidence is independent reports, never mentions. The chances that an issue is alive and comes again are
 * those of the MBG/NBD model fitted over all issues, on a clock that runs with exposure and stands still where nothing was
 * heard. Growth is tested fast (last week beside eight) and slow (trend over twelve), with the false-discovery rate held at
 * 10 % over all issues. Safety, money and data make one voice recurring. No verdict depends on how other issues rank.
 * @returns one judgement per issue, in their order
 * @see {@link fitDeathModel}, {@link growthTests}, {@link exposureClock}, {@link independentReports} for sources
 */
export function judgeRecurrence({
  issues,
  asOf,
  exposures,
  notHeard,
}: RecurrenceSetting): RecurrenceJudgement[] {
  const gathered = issues.map((issue) => gather(issue, asOf));
  const clocks = exposureClock({
    issues: gathered.map(({ evidence }) => evidence.reports),
    asOf,
    exposures,
    notHeard,
  });
  const timed = gathered.map((issue) => {
    const clock = clocks.of(issue.evidence.reports);
    return { ...issue, clock, history: historyOf(issue.evidence, clock, asOf) };
  });
  const byFirst = timed.filter(({ history }) => history !== undefined).sort(byAge);
  const model = fitDeathModel(byFirst.flatMap(({ history }) => history ?? []));
  const unevenness = unevennessOf(
    byFirst.map(({ evidence, clock }) => ({ reports: evidence.reports, clock })),
    asOf,
  );
  const tested = timed.map(({ evidence, clock }) =>
    evidence.reports.length < FEWEST_TESTED
      ? []
      : growthTests({ reports: evidence.reports, clock, model, unevenness, asOf }),
  );
  const qs = falseDiscoveryRates(tested.flatMap((tests) => tests.map(({ p }) => p)));
  const expectedAt = rememberedExpectation(model);
  let passed = 0;
  return timed.map((issue, index) => {
    const tests = (tested[index] ?? []).map((test) => ({ ...test, q: qs[passed++] ?? 1 }));
    return judge(issue, tests, model, expectedAt, asOf);
  });
}

interface Gathered {
  readonly issue: string;
  readonly mentions: readonly IssueMention[];
  readonly dated: readonly DatedMention[];
  readonly evidence: Evidence;
}

interface Timed extends Gathered {
  readonly clock: IssueClock;
  readonly history: ReportHistory | undefined;
}

function gather({ issue, mentions }: IssueHistory, asOf: number): Gathered {
  const heard = mentions.filter(({ at }) => at === undefined || !(at > asOf));
  const dated = heard
    .filter((mention): mention is DatedMention => mention.at !== undefined && mention.at > asOf - OLDEST_MS)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return { issue, mentions: heard, dated, evidence: independentReports(dated) };
}

function byAge(a: Timed, b: Timed): number {
  const [first, second] = [a.evidence.reports[0]?.at ?? 0, b.evidence.reports[0]?.at ?? 0];
  return first - second || (a.issue < b.issue ? -1 : 1);
}

function historyOf({ reports }: Evidence, clock: IssueClock, asOf: number): ReportHistory | undefined {
  const [first, last] = [reports[0], reports.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const age = clock.between(first.at, asOf);
  return { repeats: reports.length - 1, last: Math.min(age, clock.between(first.at, last.at)), age };
}

/** Rounded to a day, young ones to a tenth, the integral need not be taken for every issue. */
function rememberedExpectation(model: DeathModel): (age: number) => number {
  const known = new Map<number, number>();
  return (age) => {
    const rounded = age < 10 ? Math.round(age * 10) / 10 : Math.round(age);
    const expected = known.get(rounded) ?? expectedReports(model, rounded);
    known.set(rounded, expected);
    return expected;
  };
}

type Tested = GrowthTest & { readonly q: number };

function judge(
  { issue, mentions, dated, evidence, clock, history }: Timed,
  tests: readonly Tested[],
  model: DeathModel,
  expectedAt: (age: number) => number,
  asOf: number,
): RecurrenceJudgement {
  const { reports } = evidence;
  const [first, last] = [reports[0], reports.at(-1)];
  const harms = [...new Set(mentions.flatMap(({ harm }) => harm ?? []))].sort();
  const voices = new Set(mentions.map(({ voice }) => voice)).size;
  const counted = { mentions: mentions.length, voices, undated: mentions.length - dated.length };
  if (first === undefined || last === undefined || history === undefined) {
    const figures: Figures = { ...counted, ...UNTIMED };
    const flags: Flag[] = harms.length > 0 ? ["severe"] : [];
    const reason = sentenceOf({ verdict: null, flags, harms, figures, growth: undefined, asOf });
    return { issue, verdict: null, flags, figures, growth: undefined, reason };
  }
  const ageDays = (asOf - first.at) / DAY_MS;
  const heardShare = ageDays === 0 ? 1 : Math.min(1, clock.heardDays(first.at, asOf) / ageDays);
  const pace = paceOf(clock, asOf);
  const figures: Figures = {
    ...counted,
    reports: reports.length,
    days: new Set(reports.map(({ at }) => Math.floor(at / DAY_MS))).size,
    channels: new Set(reports.map(({ channel }) => channel)).size,
    firstAt: first.at,
    lastAt: dated.at(-1)?.at ?? last.at,
    expected: expectedAt(history.age),
    alive: aliveChance(model, history),
    p30: nextChance(model, history, HORIZON_DAYS * pace),
    heardShare,
    rate: rateOf(evidence, clock, asOf),
  };
  const spanDays = (last.at - first.at) / DAY_MS;
  const growth = strongest(tests);
  const { verdict, flags: ofLife } = standing(figures, history, model, spanDays, ageDays, pace, growth);
  const isSevere = harms.length > 0;
  const raised = isSevere && verdict !== "escalating" ? "recurring" : verdict;
  const flags: Flag[] = [
    ...(isViral(dated, evidence) ? (["viral"] as const) : []),
    ...(isCoordinated(dated) ? (["coordinated"] as const) : []),
    ...(isSevere ? (["severe"] as const) : []),
    ...ofLife,
    ...(heardShare < HEARD_WELL ? (["partly_heard"] as const) : []),
  ];
  const shown = growth && { ...withoutSize(growth) };
  const reason = sentenceOf({ verdict: raised, flags, harms, figures, growth: shown, asOf });
  return { issue, verdict: raised, flags, figures, growth: shown, reason };
}

const UNTIMED = {
  reports: 0,
  days: 0,
  channels: 0,
  firstAt: null,
  lastAt: null,
  expected: null,
  alive: null,
  p30: null,
  heardShare: null,
  rate: null,
} as const;

function standing(
  { reports, days, alive, p30 }: Figures,
  history: ReportHistory,
  model: DeathModel,
  spanDays: number,
  ageDays: number,
  pace: number,
  growth: Tested | undefined,
): { verdict: Verdict; flags: Flag[] } {
  const living = alive ?? 0;
  const soon = p30 ?? 0;
  const isEstablished = reports >= FEWEST_REPORTS && days >= FEWEST_DAYS && spanDays >= SHORTEST_SPAN_DAYS;
  if (isEstablished) {
    const isSlow = reports >= REPORTS_OF_SLOW && spanDays >= SPAN_OF_SLOW_DAYS;
    const horizon = (isSlow ? SLOW_HORIZON_DAYS : HORIZON_DAYS) * pace;
    const comesAgain = nextChance(model, history, horizon) / (living || 1);
    if (living < ALIVE_FROM) return { verdict: "watch", flags: ["quiet"] };
    if (comesAgain < COMES_AGAIN_FROM) return { verdict: "watch", flags: [] };
    const grows = growth !== undefined && growth.isLarge && growth.q <= GROWTH_Q;
    return { verdict: grows ? "escalating" : "recurring", flags: [] };
  }
  const isEmerging =
    ageDays <= EMERGING_DAYS && reports >= FEWEST_REPORTS && days >= 2 && soon >= COMES_AGAIN_FROM;
  if (isEmerging) return { verdict: "watch", flags: ["emerging"] };
  return { verdict: reports >= 2 && soon >= WATCHED_FROM ? "watch" : "single", flags: [] };
}

/** How fast the issue's clock runs now beside its mean: the days to come are like the last four weeks. */
function paceOf(clock: IssueClock, asOf: number): number {
  const from = asOf - RATE_DAYS * DAY_MS;
  const days = clock.heardDays(from, asOf);
  return days < 1 ? 1 : clock.between(from, asOf) / days;
}

function rateOf({ reports }: Evidence, clock: IssueClock, asOf: number): Rate | null {
  const from = asOf - RATE_DAYS * DAY_MS;
  const exposure = clock.exposure(from, asOf);
  if (exposure <= 0) return null;
  const count = reports.filter(({ at }) => at > from).length;
  const [low, high] = poissonInterval(count);
  const per = (reported: number) => (1000 * reported) / exposure;
  return { reports: count, exposure, perThousand: per(count), low: per(low), high: per(high) };
}

/** What is large and significant before what is only one of both. */
function strongest(tests: readonly Tested[]): Tested | undefined {
  return tests.toSorted((a, b) => Number(b.isLarge) - Number(a.isLarge) || a.p - b.p)[0];
}

function withoutSize({ test, reports, expected, factor, p, q }: Tested): Growth {
  return { test, reports, expected, factor, p, q };
}

function isViral(dated: readonly DatedMention[], { amplified }: Evidence): boolean {
  const count = dated.length;
  if (count < VIRAL_MENTIONS || amplified < VIRAL_AMPLIFIED * count) return false;
  const within = Math.ceil(VIRAL_SHARE * count);
  return dated.some(({ at }, index) => {
    const end = dated[index + within - 1];
    return end !== undefined && end.at - at <= VIRAL_WITHIN_MS;
  });
}

function isCoordinated(dated: readonly DatedMention[]): boolean {
  const recent = new Map<string, number[]>();
  return dated.some(({ at, copyOf, copyBy }) => {
    if (copyOf === undefined || copyBy !== "text") return false;
    const times = recent.get(copyOf) ?? [];
    recent.set(copyOf, times);
    times.push(at);
    const before = times[times.length - COORDINATED_COPIES];
    return before !== undefined && at - before <= COORDINATED_WITHIN_MS;
  });
}
