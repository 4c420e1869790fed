import type { ChangeRow } from "../issue-rows.ts";

/** A statement that figures were counted from. */
export interface Statement {
  readonly query: string;
  readonly sql: string;
}

/** Why an issue is there, as far as figures tell. */
export interface Explanation {
  readonly onset: { readonly onset: object | null; readonly reason: string };
  readonly drivers: {
    readonly drivers: readonly { readonly sentence: string; readonly explained_by?: object }[];
    readonly tested: readonly object[];
    readonly refused: readonly {
      readonly dimension: string;
      readonly value?: string;
      readonly reason: string;
    }[];
  };
  /** Words that set it apart, the surest first. */
  readonly terms: readonly { readonly term: string; readonly people: number; readonly others: number }[];
  readonly co_moving: readonly {
    readonly issue: string;
    readonly title: string;
    readonly correlation: number;
    readonly lag_days: number;
  }[];
  readonly causes: {
    readonly candidates: readonly { readonly change: Pick<ChangeRow, "id">; readonly sentence: string }[];
    readonly reason: string;
  };
  readonly impact:
    | { readonly refused: string }
    | {
        readonly issue_people: number;
        readonly other_people: number;
        readonly issue_mean: number;
        readonly others_mean: number;
        readonly difference: number;
        readonly low: number;
        readonly high: number;
      };
  /** Names of the questions each part was counted from. */
  readonly counted_from: Readonly<Record<string, readonly string[]>>;
  readonly statements: readonly Statement[];
}

/** What became of an issue after a change. */
export type FixVerdict = "fell" | "held" | "moved" | "too_early" | "came_back";

/** What became of an issue that a change should have mended. */
export interface FixJudged {
  readonly change: Pick<ChangeRow, "id" | "title" | "at" | "kind">;
  readonly verdict: FixVerdict;
  readonly sentence: string;
  readonly cautions: readonly string[];
  readonly moved_to: { readonly issue: string; readonly title: string } | null;
  readonly statements: readonly Statement[];
}

/** A question of the sheet with what is known of it. */
export interface SheetAnswer {
  readonly key: string;
  readonly section: "what" | "why" | "different";
  readonly question: string;
  readonly is_yes_no: boolean;
  readonly state: "known" | "unknown";
  /** Of questions of yes or no. */
  readonly holds: "yes" | "no" | "unknown" | null;
  readonly text: string;
  /** What the machine says beside a person's answer; empty where that is `text` itself. */
  readonly computed: string;
  readonly by: { readonly name: string; readonly at: string } | null;
  readonly citations: readonly {
    readonly mention: string;
    readonly platform: string;
    readonly url: string;
    /** Day it was published, UTC. */
    readonly on: string;
    readonly quote: string;
  }[];
}

interface AnswerRate {
  readonly known: number;
  readonly all: number;
}

/** The WHAT / WHY / DIFFERENT sheet of an issue. */
export interface Sheet {
  readonly answers: readonly SheetAnswer[];
  readonly answer_rate: AnswerRate & Readonly<Record<SheetAnswer["section"], AnswerRate>>;
  /** Questions somebody has to find the answer to. */
  readonly tasks: readonly { readonly key: string; readonly department: string }[];
  readonly statements: readonly Statement[];
}
