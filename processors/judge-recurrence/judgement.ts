import type { GrowthTest } from "./growth.ts";

export const VERDICTS = ["single", "watch", "recurring", "escalating"] as const;
/**
 * `single`: one voice, or few long ago. `watch`: may come again. `recurring`: three or more independent reports on three or
 * more days over a week or more, and still alive. `escalating`: recurring, and growing faster than chance and customers.
 */
export type Verdict = (typeof VERDICTS)[number];

/**
 * `viral`: loud through others' reposts and answers. `coordinated`: the same words of many. `severe`: safety, money or data.
 * `emerging`: new and already of several. `quiet`: it recurred and seems to have died. `partly_heard`: a tenth or more of
 * its time was not heard.
 */
export type Flag = "viral" | "coordinated" | "severe" | "emerging" | "quiet" | "partly_heard";

/** The strongest sign of growth. `q`: the false-discovery rate over all tests of all issues. */
export interface Growth extends Omit<GrowthTest, "isLarge"> {
  readonly q: number;
}

/** Reports of the last 28 days beside exposure, with a 95 % interval. */
export interface Rate {
  readonly reports: number;
  /** Of what was imported, else voices of the tracker. */
  readonly exposure: number;
  readonly perThousand: number;
  readonly low: number;
  readonly high: number;
}

/** Figures of one issue. Null: not known, for want of times. Times are ms since 1970. */
export interface Figures {
  readonly mentions: number;
  readonly voices: number;
  /** Independent reports: what counts as evidence. */
  readonly reports: number;
  /** UTC days and channels of independent reports. */
  readonly days: number;
  readonly channels: number;
  readonly undated: number;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Reports that an issue of this tracker has on average at this age. */
  readonly expected: number | null;
  readonly alive: number | null;
  /** The chance of another report within 30 days. */
  readonly p30: number | null;
  /** Share of the time since the first report that was heard. */
  readonly heardShare: number | null;
  readonly rate: Rate | null;
}

export interface RecurrenceJudgement {
  readonly issue: string;
  readonly verdict: Verdict | null;
  /** In the order of their type. */
  readonly flags: readonly Flag[];
  readonly figures: Figures;
  readonly growth: Growth | undefined;
  readonly reason: string;
}
