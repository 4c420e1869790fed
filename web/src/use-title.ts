import { useEffect } from "react";

/** Names the page in the browser's tab and history; empty: the product alone. */
export function useTitle(name: string): void {
  useEffect(() => {
    document.title = name === "" ? "Earshot" : `${name} · Earshot`;
    return () => {
      document.title = "Earshot";
    };
  }, [name]);
}
