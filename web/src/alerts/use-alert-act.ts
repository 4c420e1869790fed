import { createContext, useContext } from "react";
import { postTo } from "../api.ts";
import type { AlertAsked, AlertRow } from "./alert-rows.ts";

/**
 * Does something with an alert, and says so at the foot of the page.
 * @param said what was done, in the past tense: `Acknowledged`
 * @throws {ApiFailure}
 */
export type ActOnAlert = (alert: AlertRow, asked: AlertAsked, said: string) => Promise<void>;

/** Hands {@link ActOnAlert} down. */
export const AlertActContext = createContext<ActOnAlert>(() =>
  Promise.reject(new Error("Nothing can be done here.")),
);

/** What does things with alerts. */
export function useAlertAct(): ActOnAlert {
  return useContext(AlertActContext);
}

/** Sends what is asked of an alert. @throws {ApiFailure} */
export async function sendAsked({ alert_id }: AlertRow, asked: AlertAsked): Promise<void> {
  const named = Object.entries(asked).filter(([, value]) => value !== undefined);
  await postTo(
    `/api/v1/alerts/${encodeURIComponent(alert_id)}/events`,
    Object.fromEntries(
      // names as the API has them
      named.map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
    ),
  );
}
