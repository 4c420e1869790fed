import type { z } from "zod";
import type { Driver } from "../../processors/find-drivers/index.ts";
import type { LevelChange, OnsetJudgement } from "../../processors/find-onset/index.ts";
import { falseDiscoveryRates } from "../../processors/judge-recurrence/distributions.ts";
import {
  lagsByKind,
  matchChanges,
  type CandidateCause,
  type Change,
  type MatchSetting,
} from "../../processors/match-changes/index.ts";
import type { changes } from "../../queries/changes.ts";
import type { CausePart, CausesPart } from "./explanation.ts";
import { told } from "./read-contrast.ts";
import { isoOf } from "./read-past.ts";
import { many } from "./wording.ts";

/** A change this close by chance tells nothing. */
const TELLING_P = 0.1;
/** Of fewer issues nothing is said of how long a kind of change takes. */
const FEWEST_ONSETS = 3;

export interface CausesSetting {
  /** Id of the issue. */
  readonly issue: string;
  /** The changes recorded of the tracker. */
  readonly known: readonly z.infer<typeof changes.row>[];
  readonly judged: OnsetJudgement;
  readonly drivers: readonly Driver[];
  /** The tracker's other issues. */
  readonly others: readonly { readonly issue: string; readonly judged: OnsetJudgement }[];
  /** ms since 1970. */
  readonly asOf: number;
}

/** Which changes an issue may come from: a place to look, no proof. */
export function causesOf({ issue, known, judged, drivers, others, asOf }: CausesSetting): CausesPart {
  const recorded = known.map(toChange);
  const since = Math.min(asOf, ...recorded.map(({ at }) => at));
  const matching = { changes: recorded, since, asOf };
  const meant = remedies(known);
  const candidates = candidatesOf(judged, { ...matching, drivers }).filter(
    ({ change }) => meant.get(issue)?.has(change.id) !== true,
  );
  const firsts = others.flatMap((other) => {
    const { onset } = other.judged;
    const causes = onset === undefined ? [] : matchChanges({ ...matching, onset });
    const first = causes.find(
      ({ change, lagDays }) => lagDays >= 0 && meant.get(other.issue)?.has(change.id) !== true,
    );
    return first === undefined || (first.p ?? 1) > TELLING_P ? [] : [first];
  });
  return {
    candidates,
    recorded: recorded.length,
    since: recorded.length === 0 ? null : isoOf(since),
    reason: causesReason(judged.onset, recorded.length, candidates.length),
    lags: lagsByKind(firsts).filter(({ onsets }) => onsets >= FEWEST_ONSETS),
  };
}

/** The changes that were meant to mend each issue: these came because of it, not before it. */
function remedies(known: CausesSetting["known"]): ReadonlyMap<string, ReadonlySet<string>> {
  const meant = new Map<string, Set<string>>();
  for (const { id, fixes } of known)
    for (const issue of fixes) meant.set(issue, (meant.get(issue) ?? new Set()).add(id));
  return meant;
}

/** Whether a change came at or before the likeliest day, and is rare, or touches what stands out. */
export function isTelling({ lagDays, p, shares }: CausePart): boolean {
  return lagDays >= 0 && ((p !== null && p <= TELLING_P) || shares.length > 0);
}

/**
 * Changes before each beginning or rise since it last fell: a second rise is no reason to forget the first. A change that
 * came before several is told of the one it is closest before.
 */
function candidatesOf(
  { onset, changes: levels }: OnsetJudgement,
  matching: Omit<MatchSetting, "onset">,
): CausePart[] {
  if (onset === undefined) return [];
  const last = levels.indexOf(onset);
  const fell = levels.findLastIndex(({ kind }, index) => index < last && kind === "fell");
  const rises = levels.slice(fell + 1, last + 1);
  const distance = ({ lagDays }: CandidateCause) => (lagDays < 0 ? 100 - lagDays : lagDays);
  const closest = new Map<string, CandidateCause & { readonly onset: LevelChange }>();
  for (const rise of rises)
    for (const cause of matchChanges({ ...matching, onset: rise })) {
      const known = closest.get(cause.change.id);
      if (known === undefined || distance(cause) < distance(known))
        closest.set(cause.change.id, { ...cause, onset: rise });
    }
  const found = [...closest.values()];
  const qs = falseDiscoveryRates(found.flatMap(({ p }) => (p === null ? [] : [p])));
  let passed = 0;
  return found
    .map((cause): CausePart => {
      const { change, onset: rise, sentence } = cause;
      const on = isoOf(rise.at);
      return {
        ...cause,
        change: { ...change, at: isoOf(change.at) },
        onset: on,
        q: cause.p === null ? null : (qs[passed++] ?? 1),
        sentence: rises.length === 1 ? sentence : `${sentence} (of ${on.slice(0, 10)}, when it ${rise.kind})`,
      };
    })
    .sort(
      (a, b) =>
        Number(a.lagDays < 0) - Number(b.lagDays < 0) ||
        b.shares.length - a.shares.length ||
        (a.p ?? 1) - (b.p ?? 1) ||
        Math.abs(a.lagDays) - Math.abs(b.lagDays) ||
        (a.change.id < b.change.id ? -1 : 1),
    );
}

function causesReason(onset: LevelChange | undefined, recorded: number, found: number): string {
  if (onset === undefined) return "no onset is known, so nothing can have come just before it";
  if (recorded === 0) return "no changes are recorded; tell of them with `earshot changes add`";
  if (found === 0) return `no change came within four weeks before it, of ${recorded} recorded`;
  return `${many(found, "change")} of ${recorded} recorded came within four weeks before it; that is no proof`;
}

function toChange(row: z.infer<typeof changes.row>): Change {
  const { id, kind, title, version, platform, country, product } = row;
  return {
    id,
    kind,
    at: Date.parse(row.at),
    title,
    ...told("version", version),
    ...told("platform", platform),
    ...told("country", country),
    ...told("product", product),
  };
}
