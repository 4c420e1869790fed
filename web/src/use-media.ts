import { useSyncExternalStore } from "react";

/** Whether the reader's system asks for dark colours, followed as it changes. */
export function useIsDark(): boolean {
  return useMedia("(prefers-color-scheme: dark)");
}

/** Whether the reader's system asks for no motion. */
export function useIsStill(): boolean {
  return useMedia("(prefers-reduced-motion: reduce)");
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => {
        media.removeEventListener("change", listener);
      };
    },
    () => window.matchMedia(query).matches,
  );
}
