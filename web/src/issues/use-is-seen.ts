import { useEffect, useRef, useState, type RefObject } from "react";

/** Whether an element has been near the window's middle part yet; once true it stays so. */
export function useIsSeen<T extends Element>(): [RefObject<T | null>, boolean] {
  const box = useRef<T>(null);
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (isSeen || !box.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setIsSeen(true);
      },
      { rootMargin: "200px" },
    );
    observer.observe(box.current);
    return () => {
      observer.disconnect();
    };
  }, [isSeen]);
  return [box, isSeen];
}
