import { createContext, useContext } from "react";
import type { z } from "zod";
import type { IssueRequest } from "../../../schemas/issue.ts";
import { postTo } from "../api.ts";

/** Names an issue. */
export interface IssueRef {
  readonly tracker: string;
  readonly issue_id: string;
}

/** What a person asks to be done with an issue. */
export type IssueAsked = z.input<typeof IssueRequest>;

/** What was recorded of it, as the API tells it. */
export interface Recorded {
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Does what people ask for, and says so at the foot of the page. */
export interface Doing {
  /**
   * Does something with an issue; the foot of the page has a button that takes it back.
   * @param said what was done, in the past tense: `Renamed`
   * @throws {ApiFailure}
   */
  readonly act: (issue: IssueRef, asked: IssueAsked, said: string) => Promise<void>;
  /** Tells the API of something that is no part of an issue. @throws {ApiFailure} */
  readonly tell: (path: string, told: object, said: string) => Promise<void>;
}

const nothing = (): Promise<never> => Promise.reject(new Error("Nothing can be done here."));

/** Hands {@link Doing} down. */
export const DoingContext = createContext<Doing>({ act: nothing, tell: nothing });

/** What does things with issues. */
export function useDoing(): Doing {
  return useContext(DoingContext);
}

/** Sends what is asked of an issue. @throws {ApiFailure} */
export async function sendAsked({ tracker, issue_id }: IssueRef, asked: IssueAsked): Promise<Recorded> {
  const path = `/api/v1/issues/${encodeURIComponent(tracker)}/${encodeURIComponent(issue_id)}/events`;
  return postTo<Recorded>(path, inSnakeCase(asked));
}

/** Names as the API has them. */
function inSnakeCase(asked: IssueAsked): Record<string, unknown> {
  const named = Object.entries(asked).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    named.map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value as unknown,
    ]),
  );
}
