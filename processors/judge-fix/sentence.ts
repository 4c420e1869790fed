import type { Fix, FixControls, FixJudgement, NotYet } from "./index.ts";

/** What the sentence of a fix verdict is made of. */
export interface SpokenFix extends Omit<FixJudgement, "sentence"> {
  readonly fix: Fix;
  readonly byVersion: boolean;
  readonly notYet: NotYet | undefined;
}

/** The verdict in one sentence: `fell by 72 % (55–83 %) since 2026-03-03; 41 people before in 28 days, 9 after in 21; controls unchanged`. */
export function sentenceOf(spoken: SpokenFix): string {
  const { fix, byVersion, effect, before, after, controls, cautions, leftOut } = spoken;
  const parts = [headOf(spoken)];
  if (before !== null && after !== null)
    parts.push(
      `${people(before.people)} before in ${days(before.heardDays)}, ${after.people} after in ${days(after.heardDays)}`,
    );
  if (controls !== null && effect !== null) parts.push(controlsText(controls));
  if (byVersion && fix.version !== undefined)
    parts.push(
      `after counts only who has ${fix.version}; left out: ${leftOut.oldVersion} on older versions, ${leftOut.unknownVersion} unknown`,
    );
  else if (leftOut.oldVersion > 0) parts.push(`left out: ${leftOut.oldVersion} on older versions`);
  return [...parts, ...cautions].join("; ");
}

function headOf({
  verdict,
  effect,
  fix,
  movedTo,
  cameBack,
  moreDays,
  notYet,
  heardShare,
}: SpokenFix): string {
  const since = `since ${dayOf(fix.at)}`;
  if (verdict === "fell") return `fell ${by(effect)} ${since}`;
  if (verdict === "moved" && movedTo !== null)
    return `moved: fell ${by(effect)} ${since}, while ${movedTo.issue} rose from ${Math.round(movedTo.expected)} expected to ${people(movedTo.after)}`;
  if (verdict === "came_back" && cameBack !== null)
    return `came back on ${dayOf(cameBack.from)}: had fallen ${by(effect)} ${since}; ${people(cameBack.people)} in ${days(cameBack.heardDays)} since, ${share(1 + cameBack.change)} of what it would have been`;
  if (verdict === "held")
    return effect !== null && effect.low > 0
      ? `held: rose by ${share(effect.change)} (${share(effect.low)}–${share(effect.high)}) ${since}`
      : `held: goes on as before ${since} (${signed(effect?.change ?? 0)}, ${signed(effect?.low ?? 0)} to ${signed(effect?.high ?? 0)})`;
  if (notYet === "not_heard")
    return heardShare === 0
      ? `too early: nothing that can be compared was heard ${since}; a source that is down says nothing`
      : `too early: only ${share(heardShare)} of it could be heard ${since}`;
  if (notYet === "roll_out_unknown")
    return `too early: too few people are known to have ${fix.version ?? "the fix"} yet`;
  const far =
    effect === null
      ? ""
      : ` (so far ${signed(effect.change)}, ${signed(effect.low)} to ${signed(effect.high)})`;
  if (moreDays === null && notYet === "bursts")
    return `too early: it comes in bursts, and that one ended is no sign of a fix${far}`;
  if (moreDays === null)
    return `too early: too few people report it for a fall by half to be told at all${far}`;
  return notYet === "between"
    ? `too early: between no change and a fall by half, ${moreDays} more days may tell${far}`
    : `too early: ${moreDays} more ${moreDays === 1 ? "day" : "days"} for a fall by half to show in 9 of 10 cases${far}`;
}

function by(effect: FixJudgement["effect"]): string {
  if (effect === null) return "";
  const [least, most] = [Math.max(0, -effect.high), -effect.low];
  return `by ${share(-effect.change)} (${Math.round(100 * least)}–${Math.round(100 * most)} %)`;
}

function controlsText({ issues, change, low, high }: FixControls): string {
  if (change === null || low === null || high === null) return "no controls";
  const who = `${issues} control ${issues === 1 ? "issue" : "issues"}`;
  const isSame = low <= 0 && high >= 0;
  return isSame
    ? `${who} unchanged (${signed(change)})`
    : `${who} ${change < 0 ? "down" : "up"} by ${share(Math.abs(change))}`;
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}

function days(count: number): string {
  const rounded = count < 1 ? Math.round(10 * count) / 10 : Math.round(count);
  return rounded === 1 ? "1 day" : `${rounded} days`;
}

function share(value: number): string {
  return `${Math.round(100 * value)} %`;
}

function signed(value: number): string {
  const rounded = Math.round(100 * value);
  return rounded < 0 ? `−${-rounded} %` : `+${rounded} %`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
