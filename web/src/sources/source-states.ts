import { formatCount, formatLength } from "../format.ts";
import type { IconName } from "../icons.tsx";
import type { SourceHealthRow, SourceState } from "../query-rows.ts";

/** How a state is shown: always as a word and a drawing, never by colour alone. */
export interface StateLook {
  readonly word: string;
  readonly icon: IconName;
}

export const STATE_LOOKS: Readonly<Record<SourceState, StateLook>> = {
  unauthorized: { word: "Unauthorized", icon: "lock" },
  degraded: { word: "Degraded", icon: "warning" },
  silent: { word: "Silent", icon: "quiet" },
  connected: { word: "Connected", icon: "check" },
  unknown: { word: "Unknown", icon: "question" },
  removed: { word: "Removed", icon: "removed" },
};

const ORDER: readonly SourceState[] = [
  "unauthorized",
  "degraded",
  "silent",
  "connected",
  "unknown",
  "removed",
];

/** Whether somebody should look at a source. */
export function isTroubled({ state }: SourceHealthRow): boolean {
  return state === "unauthorized" || state === "degraded" || state === "silent";
}

/** Sources with problems first, the worst before the others; equal ones by name. */
export function byTrouble(rows: readonly SourceHealthRow[]): SourceHealthRow[] {
  return [...rows].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.source.localeCompare(b.source),
  );
}

/** `1 unauthorized, 3 connected`: how many sources are in each state, the worst first. */
export function countStates(rows: readonly SourceHealthRow[]): string {
  return ORDER.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  }).join(", ");
}

/** What is wrong with a source, in a sentence or two; empty when nothing is. */
export function reasonOf(row: SourceHealthRow, now: number): string {
  switch (row.state) {
    case "connected":
      return "";
    case "unknown":
      return "Never polled: an import, the demo, or something others write to.";
    case "removed":
      return "It was taken out of earshot.yaml and is not listened to any more. What it brought stays.";
    case "silent":
      return describeSilence(row, now);
    case "degraded":
    case "unauthorized": {
      const reason = row.reason === "" ? "Its last poll failed." : row.reason;
      return row.failures > 1 ? `${reason} (${formatCount(row.failures)} polls failed in a row.)` : reason;
    }
  }
}

function describeSilence({ last_published_at, usual_gap_s }: SourceHealthRow, now: number): string {
  if (last_published_at === null || usual_gap_s === null) return "It answers, but brings nothing.";
  const since = formatLength(now - Date.parse(last_published_at));
  return `It answers, but its last item is ${since} old. Its usual gap is ${formatLength(usual_gap_s * 1_000)}.`;
}

const ADVICE: Readonly<Record<string, string>> = {
  source_unavailable:
    "Nothing yet: it is tried again by itself. If it lasts, see whether the platform is up.",
  source_rate_limited: "Nothing: it goes on when the platform lets it. If it happens often, poll less.",
  source_changed:
    "Check its address. If that is right, the platform has changed what it sends: update Earshot.",
  budget_spent: "Nothing, or raise its budget in earshot.yaml and start Earshot again.",
  cursor_lost: "Nothing: it starts anew from what the platform still has.",
};

/** What to do about a source; empty when there is nothing to do. */
export function adviceOf({ state, code }: SourceHealthRow): string {
  switch (state) {
    case "connected":
    case "unknown":
    case "removed":
      return "";
    case "silent":
      return "See whether its address, query or account still fits. It may just be a quiet time.";
    case "unauthorized":
      return "Renew its key or its rights in earshot.yaml and start Earshot again; npx earshot check tries it.";
    case "degraded":
      return ADVICE[code] ?? "It is tried again by itself. If it lasts, npx earshot check says more.";
  }
}
