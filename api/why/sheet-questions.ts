import { EarshotError } from "../../core/errors.ts";

export const SHEET_SECTIONS = ["what", "why", "different"] as const;
export type SheetSection = (typeof SHEET_SECTIONS)[number];

/** A question of the sheet. */
export interface SheetQuestion {
  readonly key: string;
  readonly section: SheetSection;
  readonly question: string;
  /** Answered by yes or no. */
  readonly isYesNo: boolean;
}

function ask(section: SheetSection, key: string, question: string, isYesNo = false): SheetQuestion {
  return { key: `${section}_${key}`, section, question, isYesNo };
}

/** Every question of the WHAT / WHY / DIFFERENT sheet, in its order. Keys are what answers name; they never change. */
export const SHEET_QUESTIONS = [
  ask("what", "part", "Is it the entire product or service, or just part of it? Which part?"),
  ask("what", "stage", "When, between purchase and delivery and after it, does it break?"),
  ask("what", "reconcile", "When and how did customers try to have it put right?"),
  ask("what", "response", "What was our response?"),
  ask("what", "insufficient", "Why was that insufficient?"),
  ask("what", "who", "Who is affected, and how many?"),
  ask("why", "expectations", "Did we agree with customers on what to expect?", true),
  ask("why", "over_promised", "Did we promise more than we delivered?", true),
  ask("why", "verified", "Did we verify the product or service before customers had it?", true),
  ask("why", "responded", "Did we respond immediately?", true),
  ask("why", "not_responded", "If not, why not?"),
  ask("why", "told", "Had customers told us before?", true),
  ask("why", "grew", "Was it there, small, before it grew?", true),
  ask("why", "passed_on", "Did we pass customers on from one to the next?", true),
  ask("why", "changed", "Did a change of ours come just before it?", true),
  ask("why", "returned", "Had we mended it before, and it came back?", true),
  ask("why", "cause", "What is the root cause?"),
  ask("different", "endemic", "Has it become endemic?", true),
  ask("different", "decision", "What do we change, or why not?"),
  ask("different", "owner", "Who sees to it, and when is it looked at again?"),
  ask("different", "register", "What may customers be told of it?"),
  ask("different", "fix", "Did what we changed help?"),
  ask("different", "next_time", "How will we deal with it the next time it happens?"),
] as const;

/** @throws {EarshotError} request_invalid for a key that no question of the sheet has */
export function checkQuestion(key: string): void {
  if (SHEET_QUESTIONS.some((question) => question.key === key)) return;
  const keys = SHEET_QUESTIONS.map((question) => question.key).join(", ");
  throw new EarshotError("request_invalid", `The sheet has no question ${key}; there are ${keys}.`);
}
