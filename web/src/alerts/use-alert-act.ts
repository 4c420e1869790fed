import { createContext, useContext } from "react";
import { deleteAt, postTo } from "../api.ts";
import type { AlertAsked, AlertRow, SilenceAsked } from "./alert-rows.ts";

/** What a person can do with alerts; whatever is done is said at the foot of the page, in the past tense. */
export interface AlertActs {
  /** Does something with an alert. @throws {ApiFailure} */
  readonly act: (alert: AlertRow, asked: AlertAsked, said: string) => Promise<void>;
  /** Tells nobody of some alerts for a while. @throws {ApiFailure} */
  readonly silence: (asked: SilenceAsked) => Promise<void>;
  /** Ends a silence. @throws {ApiFailure} */
  readonly endSilence: (id: string) => Promise<void>;
}

const nothing = () => Promise.reject(new Error("Nothing can be done here."));

/** Hands {@link AlertActs} down. */
export const AlertActContext = createContext<AlertActs>({
  act: nothing,
  silence: nothing,
  endSilence: nothing,
});

/** What does things with alerts. */
export function useAlertAct(): AlertActs {
  return useContext(AlertActContext);
}

/**
 * Sends what is done with alerts to the API.
 * @param onDone told what was done, in the past tense: `Acknowledged`
 */
export function alertActs(onDone: (said: string) => void): AlertActs {
  return {
    act: async ({ alert_id: id }, asked, said) => {
      const named = Object.entries(asked).filter(([, value]) => value !== undefined);
      await postTo(
        `/api/v1/alerts/${encodeURIComponent(id)}/events`,
        Object.fromEntries(
          // names as the API has them
          named.map(([name, value]) => [
            name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
            value,
          ]),
        ),
      );
      onDone(said);
    },
    silence: async (asked) => {
      await postTo("/api/v1/alert-silences", asked);
      onDone("Silenced");
    },
    endSilence: async (id) => {
      await deleteAt(`/api/v1/alert-silences/${encodeURIComponent(id)}`);
      onDone("Silence ended");
    },
  };
}
