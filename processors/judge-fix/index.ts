import { exposureClock, type DayExposure, type NotHeard } from "../judge-recurrence/exposure-clock.ts";
import { normalTail } from "../judge-recurrence/distributions.ts";
import { unevennessOf } from "../judge-recurrence/growth.ts";
import { baselineOf, isFallingBefore, spanOf } from "./choose-baseline.ts";
import { compareWindows, isHeard, type ComparedSetting, type Comparison } from "./compare-windows.ts";
import { daysLeft, HALF, SHORTEST_AFTER_DAYS } from "./count-days-left.ts";
import {
  hearingOf,
  isVersion,
  sidesOf,
  withoutFix,
  type FixMention,
  type Sides,
  type Window,
} from "./count-sides.ts";
import { findMove, type FixMove } from "./find-move.ts";
import { findReturn } from "./find-return.ts";
import { chanceOfMore } from "./rate-ratio.ts";
import { sentenceOf } from "./sentence.ts";

export const FIX_VERDICTS = ["fell", "held", "moved", "too_early", "came_back"] as const;
/**
 * What became of the issue. `fell`: surely fewer report it than would have without the fix, by a quarter or more. `held`: it goes
 * on; a fall by half is ruled out. `moved`: it fell, and a similar issue rose by about as much. `came_back`: it had fallen, and
 * returned. `too_early`: none of these can be told yet.
 */
export type FixVerdict = (typeof FIX_VERDICTS)[number];

/** A change that should have mended an issue. */
export interface Fix {
  readonly id: string;
  /** When customers got it, ms since 1970. */
  readonly at: number;
  /** The first version that has it, where people get it only with a version. */
  readonly version?: string;
}

/** Another issue of the tracker. */
export interface OtherIssue {
  readonly issue: string;
  readonly mentions: readonly FixMention[];
  /** Complaints may move here from the issue; it is no control. */
  readonly isSimilar?: boolean;
  /** It was changed itself at about that time; it is no control. */
  readonly isTouched?: boolean;
}

export interface FixSetting {
  readonly fix: Fix;
  readonly mentions: readonly FixMention[];
  readonly others: readonly OtherIssue[];
  /** The time to judge at, ms since 1970; later mentions are left out. */
  readonly asOf: number;
  /** Since when the tracker is listened to; since the first mention where undefined. */
  readonly since?: number;
  readonly exposures?: readonly DayExposure[];
  readonly notHeard?: readonly NotHeard[];
}

/** What the verdict was counted from. Times are ms since 1970. */
export interface FixCount {
  readonly from: number;
  readonly to: number;
  /** Of the channels the issue lives on, weighed. */
  readonly heardDays: number;
  readonly people: number;
}

/** How the issue changed beside what was to be expected: −.72 is a fall by 72 %. With a 95 % interval. */
export interface FixEffect {
  readonly change: number;
  readonly low: number;
  readonly high: number;
  /** The chance of so few people or fewer, had nothing changed. */
  readonly p: number;
}

/** Issues that nobody fixed, in the same windows. */
export interface FixControls {
  readonly issues: number;
  readonly before: number;
  readonly after: number;
  /** How their rate changed; null: too few to say. With a 95 % interval. */
  readonly change: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface FixJudgement {
  readonly verdict: FixVerdict;
  /** Null where nothing could be compared. Of a `came_back`, from before the fix to before the return. */
  readonly effect: FixEffect | null;
  readonly before: FixCount | null;
  readonly after: FixCount | null;
  /** How many people were to be expected after, had nothing changed. */
  readonly expected: number | null;
  readonly controls: FixControls | null;
  /** Heard days that are still needed; 0 where it can be told; null where no number of days would do, or nobody can say. */
  readonly moreDays: number | null;
  /** Where it went, of a `moved`. */
  readonly movedTo: FixMove | null;
  /** Since when it is back, of a `came_back`, and what it is now beside what it would have been. */
  readonly cameBack: (FixCount & { readonly change: number }) | null;
  /** Mentions that say nothing about the fix: of people who did not have it, or of whom nobody knows. */
  readonly leftOut: { readonly oldVersion: number; readonly unknownVersion: number };
  /** Share of what would have been heard of the issue after the fix that could be heard. */
  readonly heardShare: number;
  /** What to keep in mind, as sentences. */
  readonly cautions: readonly string[];
  readonly sentence: string;
}

/** However sure, less is no fix: the issue goes on. */
const LEAST_FALL = 0.25;
const Z_SIGNIFICANT = 1.959963985;
/** The standard error of the logarithm at which a fall by half shows so surely. */
const NEEDED_ERROR = Math.LN2 / (Z_SIGNIFICANT + 1.281551566);
/** However early, a fall this sure is said. */
const BEYOND_DOUBT = 0.005;
/** Where a part was not heard, silence must not look like a fall. */
const BEYOND_DOUBT_UNHEARD = 0.001;
const HEARD_WELL = 0.9;
/** Versions decide where so large a share of the people before have one. */
const VERSIONED_FROM = 0.5;
const FEWEST_VERSIONED = 10;

/**
 * Judges whether a fix worked, by when people wrote and which version they had, never by when it was ingested.
 *
 * People before and after are counted once each. What was to be expected after is the people before × what could be heard,
 * channel by channel (days or imported exposure; a source that was down is unknown, on both sides) × what happened to the
 * tracker's other issues meanwhile (difference in differences, as a ratio). The people seen after are set beside that as a
 * negative-binomial count, whose spread has the two counts, how unevenly the issue and the tracker's issues report from week
 * to week, and how much issues change that nobody fixed. Where the fix came with a version and most people's are known, only
 * those count who have it, in the issue as in the controls, so that a slow roll-out is neither for nor against it.
 *
 * The less is known of what it takes to see a fall by half in 9 of 10 cases, the surer a verdict has to be (O'Brien &
 * Fleming's bound, no stricter than .5 %; .1 % where a tenth or more was not heard), so that looking every day finds no fall
 * by chance. Less than half of the issue heard is always `too_early`. Pure; the order of mentions and issues does not matter.
 * @see O'Brien, Fleming, "A multiple testing procedure for clinical trials", Biometrics 35 (1979)
 * @see Card, Krueger, American Economic Review 84 (1994), for controls; {@link rateRatio} for the count
 */
export function judgeFix(setting: FixSetting): FixJudgement {
  const { mentions, others, asOf, exposures, notHeard = [] } = setting;
  const { version, ...anyone } = setting.fix;
  const fix: Fix = version !== undefined && isVersion(version) ? setting.fix : anyone;
  const span = spanOf(setting);
  const byVersion = judgesByVersion(fix, mentions, span);
  const whoCounts = {
    needsVersion: byVersion,
    ...(fix.version === undefined ? {} : { version: fix.version }),
  };
  const own = sidesOf(mentions, span, fix.at, whoCounts);
  const rest = others.map((other) => ({ ...other, sides: sidesOf(other.mentions, span, fix.at, whoCounts) }));
  const controls = rest
    .filter(({ isSimilar, isTouched }) => isSimilar !== true && isTouched !== true)
    .map(({ sides }) => sides);
  const hearing = hearingOf(span, exposures, notHeard);
  const before = baselineOf(own.before, span, fix.at, hearing);
  const everyone = { needsVersion: false };
  const compared: Omit<ComparedSetting, "after"> = {
    before,
    hearing,
    controls,
    noise: others.map((other) => sidesOf(other.mentions, span, fix.at, everyone)),
    unevenness: trackerUnevenness(own, controls, setting),
  };
  const compare = (sides: Sides, after: Window) => compareWindows(sides, { ...compared, after });
  const after: Window = { from: fix.at, to: Math.max(fix.at, asOf) };
  const whole = compare(own, after);
  const leftOut = withoutFix(mentions, after, fix.version);
  const heardShare = whole?.heardShare ?? 0;
  const cautions: string[] = [];
  const told = { leftOut, heardShare, cautions, movedTo: null, cameBack: null, fix, byVersion };
  const tooEarly = (moreDays: number | null, notYet: NotYet) =>
    finish({ ...told, verdict: "too_early", moreDays }, whole, notYet);
  if (whole === undefined || !isHeard(whole)) return tooEarly(null, "not_heard");

  if (heardShare < HEARD_WELL)
    cautions.push(`${Math.round(100 * (1 - heardShare))} % of the time after was not heard and is left out`);
  if (whole.silent.length > 0)
    cautions.push(`${whole.silent.join(", ")} fell silent for all issues and is taken for not heard`);
  if (!whole.drift.isKnown && exposures === undefined)
    cautions.push(
      "too few other issues to compare with: that customers are as many as before is taken for granted",
    );
  if (isFallingBefore(own.before, before, hearing)) cautions.push("it was falling before the fix already");
  if (byVersion && !whole.drift.isKnown) return tooEarly(null, "roll_out_unknown");

  const back = findReturn(
    own,
    after,
    compare,
    hearing,
    byVersion ? controls.flatMap((each) => each.after) : undefined,
  );
  if (back !== undefined) {
    const cameBack = { ...countOf(back.now, "after"), change: back.now.ratio - 1 };
    return finish({ ...told, verdict: "came_back", moreDays: 0, cameBack }, back.fallen, undefined);
  }
  const { expected, peopleAfter, daysAfter, pFewer, ratio } = whole;
  // how much is known of what has to be: squared standard errors, were half of the people left
  const information = NEEDED_ERROR ** 2 / (expected.spread + 1 / (HALF * expected.mean));
  const wellKnown = normalTail(Z_SIGNIFICANT / Math.sqrt(Math.min(1, information)));
  const doubt = heardShare < HEARD_WELL ? BEYOND_DOUBT_UNHEARD : Math.max(BEYOND_DOUBT, wellKnown);
  const isLong = daysAfter >= SHORTEST_AFTER_DAYS;
  if (isLong && pFewer <= doubt && ratio <= 1 - LEAST_FALL) {
    const similar = rest.filter(({ isSimilar }) => isSimilar === true);
    const movedTo = findMove(own, similar, whole, after, compare);
    return finish(
      { ...told, verdict: movedTo === null ? "fell" : "moved", moreDays: 0, movedTo },
      whole,
      undefined,
    );
  }
  if (isLong && chanceOfMore(peopleAfter, expected, HALF) <= doubt)
    return finish({ ...told, verdict: "held", moreDays: 0 }, whole, undefined);
  const { moreDays, isBetween } = daysLeft(whole);
  return tooEarly(moreDays, isBetween ? "between" : whole.comesInBursts ? "bursts" : "few");
}

/** Why it is too early. */
export type NotYet = "not_heard" | "roll_out_unknown" | "few" | "bursts" | "between";

interface Told extends Pick<
  FixJudgement,
  "verdict" | "moreDays" | "movedTo" | "cameBack" | "leftOut" | "heardShare" | "cautions"
> {
  readonly fix: Fix;
  readonly byVersion: boolean;
}

function finish(
  { fix, byVersion, ...told }: Told,
  comparison: Comparison | undefined,
  notYet: NotYet | undefined,
): FixJudgement {
  const figures =
    comparison === undefined
      ? { effect: null, before: null, after: null, expected: null, controls: null }
      : {
          effect: {
            change: comparison.ratio - 1,
            low: comparison.low - 1,
            high: comparison.high - 1,
            p: comparison.pFewer,
          },
          before: countOf(comparison, "before"),
          after: countOf(comparison, "after"),
          expected: comparison.expected.mean,
          controls: controlsOf(comparison),
        };
  const judgement = { ...told, ...figures };
  return { ...judgement, sentence: sentenceOf({ ...judgement, fix, byVersion, notYet }) };
}

function countOf(comparison: Comparison, side: "before" | "after"): FixCount {
  const isBefore = side === "before";
  return {
    ...comparison[side],
    heardDays: isBefore ? comparison.daysBefore : comparison.daysAfter,
    people: isBefore ? comparison.peopleBefore : comparison.peopleAfter,
  };
}

function controlsOf({ drift }: Comparison): FixControls {
  const { issues, before, after, ratio, variance, isKnown } = drift;
  const width = Math.exp(1.959963985 * Math.sqrt(variance));
  return isKnown
    ? { issues, before, after, change: ratio - 1, low: ratio / width - 1, high: ratio * width - 1 }
    : { issues, before, after, change: null, low: null, high: null };
}

function judgesByVersion(
  { at: fixedAt, version }: Fix,
  mentions: readonly FixMention[],
  span: Window,
): boolean {
  if (!isVersion(version)) return false;
  const before = mentions.filter(({ at }) => at !== undefined && at >= span.from && at < fixedAt);
  const known = before.filter((mention) => isVersion(mention.version)).length;
  return known >= FEWEST_VERSIONED && known >= VERSIONED_FROM * before.length;
}

function trackerUnevenness(own: Sides, controls: readonly Sides[], setting: FixSetting): number {
  const issues = [own.before, ...controls.map(({ before, after }) => [...before, ...after])];
  const { asOf, exposures, notHeard } = setting;
  const clocks = exposureClock({ issues, asOf, exposures, notHeard });
  return unevennessOf(
    issues.map((reports) => ({ reports, clock: clocks.of(reports) })),
    asOf,
  );
}
