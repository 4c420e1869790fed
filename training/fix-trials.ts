import { FIX_VERDICTS, judgeFix, type FixVerdict } from "../processors/judge-fix/index.ts";
import { makeSeries, type FixSeries, type Story } from "./fix-series.ts";
import { table } from "./table.ts";

/** A power of 90 % at a two-sided 5 %: 1.96 + 1.28. */
const SUFFICES = 3.24;

/** One judged series. */
export interface Trial extends Pick<FixSeries, "story" | "effect" | "truth" | "strength"> {
  readonly verdict: FixVerdict;
  readonly sentence: string;
}

export const TRIED: readonly (readonly [story: Story, effect: number])[] = [
  ["plain", 0],
  ["plain", 0.3],
  ["plain", 0.5],
  ["plain", 0.8],
  ["moved", 0.8],
  ["came_back", 0.8],
  ["roll_out", 0],
  ["roll_out", 0.5],
  ["roll_out", 0.8],
  ["part_down", 0],
  ["part_down", 0.8],
  ["all_down", 0],
  ["all_down", 0.8],
  ["died", 0],
];

/** Judges series of all stories. @param seeds how many of each; from `first` on */
export function tryFixes(seeds: number, first = 1): Trial[] {
  return TRIED.flatMap(([story, effect]) =>
    Array.from({ length: seeds }, (_, nth): Trial => {
      const series = makeSeries(first + nth, story, effect);
      const { verdict, sentence } = judgeFix(series.setting);
      const { truth, strength } = series;
      return { story, effect, truth, strength, verdict, sentence };
    }),
  );
}

export function suffices({ strength }: Pick<Trial, "strength">): boolean {
  return strength >= SUFFICES;
}

/** The share of trials whose verdict is right. */
export function rightShare(trials: readonly Trial[]): number {
  return trials.filter(({ truth, verdict }) => truth.includes(verdict)).length / (trials.length || 1);
}

/** Verdicts by story and effect, apart for series with enough to tell and with too little, as Markdown. */
export function fixTable(trials: readonly Trial[]): string {
  const rows = TRIED.flatMap(([story, effect]) =>
    [true, false].flatMap((isEnough) => {
      const some = trials.filter(
        (trial) => trial.story === story && trial.effect === effect && suffices(trial) === isEnough,
      );
      if (some.length === 0) return [];
      const counts = FIX_VERDICTS.map((said) => some.filter(({ verdict }) => verdict === said).length);
      return [
        [
          story,
          `${100 * effect} %`,
          isEnough ? "yes" : "no",
          String(some.length),
          ...counts.map(String),
          isEnough ? rightShare(some).toFixed(3) : "",
        ],
      ];
    }),
  );
  return table(["story", "effect", "n suffices", "series", ...FIX_VERDICTS, "right"], rows);
}
