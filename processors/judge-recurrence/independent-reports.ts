import type { CopyBy } from "../find-voices/index.ts";

/** A mention as far as a verdict needs it. */
export interface IssueMention {
  readonly id: string;
  /** When the platform says it was published, ms since 1970; undefined: unknown. Never when it was ingested. */
  readonly at?: number;
  /** The person heard. @see {@link ../find-voices/index.ts} */
  readonly voice: string;
  readonly channel: string;
  /** Id of the conversation; a mention without one begins its own, under its own id. */
  readonly thread?: string;
  readonly copyOf?: string;
  readonly copyBy?: CopyBy;
  readonly severity?: 0 | 1 | 2 | 3 | 4;
  /** What was endangered or taken. */
  readonly harm?: "safety" | "money" | "data";
}

export type DatedMention = IssueMention & { readonly at: number };

/** Evidence: somebody reports it who had it from nobody else in the issue, as far as is known. */
export interface IndependentReport {
  readonly at: number;
  readonly channel: string;
}

/** What counts as evidence in one issue, and what only made it louder. */
export interface Evidence {
  /** Oldest first. */
  readonly reports: readonly IndependentReport[];
  /** Mentions by others that repeat or answer a report. */
  readonly amplified: number;
}

/**
 * Tells independent reports from what repeats them: one for each author, thread and text, whichever joins two mentions.
 * What is joined to an earlier mention passes the link on to later ones, and a mention is a report where nothing joins it
 * to an earlier one. A link made later takes back no report: the answer to one mention may not merge two people who spoke
 * before it, and evidence never shrinks as time goes on.
 * @param mentions in the order of time
 */
export function independentReports(mentions: readonly DatedMention[]): Evidence {
  const known = new Map<string, string>();
  const reports: IndependentReport[] = [];
  let amplified = 0;
  for (const { id, at, voice, channel, thread, copyOf } of mentions) {
    const keys = [`voice ${voice}`, `thread ${thread ?? id}`, `text ${copyOf ?? id}`];
    const joined = keys.find((key) => known.has(key));
    const first = joined === undefined ? voice : (known.get(joined) ?? voice);
    if (joined === undefined) reports.push({ at, channel });
    else if (copyOf !== undefined || voice !== first) amplified++;
    for (const key of keys) if (!known.has(key)) known.set(key, first);
  }
  return { reports, amplified };
}
