import type { z } from "zod";
import type { agenda } from "../../queries/agenda.ts";
import type { changes } from "../../queries/changes.ts";
import type { issueAnswers, issueProfile } from "../../queries/issue-profile.ts";
import type { IssueExplanation } from "./explanation.ts";
import type { IssueRow } from "./find-issue.ts";
import type { IssueFixVerdict } from "./judge-issue-fix.ts";

/** What the machine knows of a question. Ids of mentions are cited, the first three. */
export interface Finding {
  readonly state: "known" | "unknown";
  readonly holds?: "yes" | "no" | "unknown";
  readonly text: string;
  readonly cited?: readonly string[];
  /** Their claims are quoted, not the whole mentions. */
  readonly isClaim?: boolean;
}

/** Findings by key of the question; what nobody can compute is absent. */
export type Findings = Readonly<Record<string, Finding>>;

/** What answers are computed from. */
export interface SheetFacts {
  readonly row: IssueRow;
  readonly explanation: IssueExplanation;
  readonly profile: readonly z.infer<typeof issueProfile.row>[];
  readonly answers: z.infer<typeof issueAnswers.row>;
  /** What was decided; undefined: nothing. */
  readonly decided: z.infer<typeof agenda.row> | undefined;
  /** Changes meant to mend the issue, newest first. */
  readonly fixes: readonly z.infer<typeof changes.row>[];
  /** Undefined: no change is known that should have mended it. */
  readonly fix: IssueFixVerdict | undefined;
}
