import { useCallback, useState } from "react";
import { ApiFailure } from "../api.ts";

/** Something that is tried and may fail, with what to show meanwhile and afterwards. */
export interface Attempt {
  readonly attempt: (tried: () => Promise<void>) => void;
  readonly isBusy: boolean;
  /** Why the last try failed; empty where it did not. */
  readonly error: string;
}

/** Tries things one after the other, and keeps what the API said against the last one. */
export function useAttempt(): Attempt {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState("");
  const attempt = useCallback((tried: () => Promise<void>) => {
    setIsBusy(true);
    setError("");
    tried()
      .catch((cause: unknown) => {
        setError(cause instanceof ApiFailure ? cause.message : String(cause));
      })
      .finally(() => {
        setIsBusy(false);
      });
  }, []);
  return { attempt, isBusy, error };
}
