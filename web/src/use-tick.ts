import { useCallback, useEffect, useState } from "react";

/**
 * A number that grows every `everyMs` while the tab is shown, and the function that makes it grow at once.
 * A hidden tab asks nothing; when it is shown again after longer than `everyMs` it grows at once.
 */
export function useTick(everyMs: number): [number, () => void] {
  const [tick, setTick] = useState(0);
  const grow = useCallback(() => {
    setTick((before) => before + 1);
  }, []);
  useEffect(() => {
    let grownAt = Date.now();
    const growIfDue = (): void => {
      if (document.hidden || Date.now() - grownAt < everyMs - 50) return;
      grownAt = Date.now();
      grow();
    };
    const timer = setInterval(growIfDue, everyMs);
    document.addEventListener("visibilitychange", growIfDue);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", growIfDue);
    };
  }, [everyMs, grow]);
  return [tick, grow];
}
