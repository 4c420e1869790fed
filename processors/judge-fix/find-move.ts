import type { Comparison } from "./compare-windows.ts";
import type { Sides, Window } from "./count-sides.ts";
import type { Compare } from "./find-return.ts";
import { TAIL } from "./rate-ratio.ts";

/** A move is believed of a rise this sure, over all issues that are similar, that makes up for so much of the fall. */
const RISE_P = 0.02;
const RISE_OF_FALL = 0.5;
const RISE_OF_FALL_AT_MOST = 2.5;

/** Where an issue went: people there before and after, and how many were to be expected after. */
export interface FixMove {
  readonly issue: string;
  readonly before: number;
  readonly after: number;
  readonly expected: number;
}

/** The similar issue that rose by about as much as the issue fell; the one that makes up best for it where several did. */
export function findMove(
  own: Sides,
  similar: readonly { readonly issue: string; readonly sides: Sides }[],
  whole: Comparison,
  after: Window,
  compare: Compare,
): FixMove | null {
  const fall = whole.expected.mean - whole.peopleAfter;
  const found = similar.flatMap(({ issue, sides }) => {
    const other = compare(sides, after);
    if (other === undefined || other.pMore > RISE_P / similar.length) return [];
    const rise = other.peopleAfter - other.expected.mean;
    if (rise < RISE_OF_FALL * fall || rise > RISE_OF_FALL_AT_MOST * fall) return [];
    const both = compare(together(own, sides), after);
    // together they must not have fallen, or it is only a part that moved
    if (both === undefined || both.pFewer <= TAIL) return [];
    const { peopleBefore, peopleAfter, expected } = other;
    return [
      {
        issue,
        before: peopleBefore,
        after: peopleAfter,
        expected: expected.mean,
        off: Math.abs(rise - fall),
      },
    ];
  });
  const [best] = found.sort((a, b) => a.off - b.off || (a.issue < b.issue ? -1 : 1));
  return best === undefined
    ? null
    : { issue: best.issue, before: best.before, after: best.after, expected: best.expected };
}

function together(one: Sides, other: Sides): Sides {
  const joined = (side: "before" | "after") => [...one[side], ...other[side]].sort((a, b) => a.at - b.at);
  return { before: joined("before"), after: joined("after") };
}
