import { useSyncExternalStore } from "react";

/** The API token of this browser tab. It lives in sessionStorage, so it ends with the tab. */

const KEY = "earshot.token";
const listeners = new Set<() => void>();
let isRefused = false;

/** The token to send, or the empty string. */
export function currentToken(): string {
  return sessionStorage.getItem(KEY) ?? "";
}

/** Tells the page that the API wants a (different) token. */
export function reportRefusal(): void {
  isRefused = true;
  notify();
}

/** Keeps a token for this tab; the caller asks the API again. */
export function saveToken(token: string): void {
  sessionStorage.setItem(KEY, token);
  isRefused = false;
  notify();
}

/** Whether the API has refused the last request for want of a token. */
export function useIsTokenNeeded(): boolean {
  return useSyncExternalStore(subscribe, () => isRefused);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notify(): void {
  for (const listener of listeners) listener();
}
