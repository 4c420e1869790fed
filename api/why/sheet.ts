import type { AskedStatement } from "./asking.ts";
import type { SheetQuestion, SheetSection } from "./sheet-questions.ts";

/** Words of somebody as evidence. */
export interface Citation {
  /** Id of the mention. */
  readonly mention: string;
  readonly platform: string;
  /** Where it can be read; empty where it cannot be linked to. */
  readonly url: string;
  /** Day it was published, UTC. */
  readonly on: string;
  readonly quote: string;
  /** Of our own accounts. */
  readonly isOurs: boolean;
}

/** What is known of one question, and where from. */
export interface SheetAnswer extends SheetQuestion {
  readonly state: "known" | "unknown";
  /** Of questions of yes or no; null of others. */
  readonly holds: "yes" | "no" | "unknown" | null;
  readonly text: string;
  /** What the machine says beside a person's answer; empty where that is `text` itself. */
  readonly computed: string;
  /** Who answered and when; null: the machine, from what was heard. */
  readonly by: { readonly name: string; readonly at: string } | null;
  /** At most three. */
  readonly citations: readonly Citation[];
}

/** A question somebody has to find the answer to. */
export interface SheetTask {
  readonly key: string;
  readonly question: string;
  /** Who has to; empty: nobody was named. */
  readonly department: string;
}

/** How much of the sheet is answered. */
export interface AnswerRate {
  readonly known: number;
  readonly all: number;
}

/** The WHAT / WHY / DIFFERENT sheet of an issue. */
export interface IssueSheet {
  readonly tracker: string;
  readonly issue: string;
  readonly title: string;
  readonly verdict: string;
  readonly reason: string;
  readonly asOf: string;
  readonly answers: readonly SheetAnswer[];
  readonly answerRate: AnswerRate & Readonly<Record<SheetSection, AnswerRate>>;
  readonly tasks: readonly SheetTask[];
  readonly statements: readonly AskedStatement[];
}
