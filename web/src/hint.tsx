import { useId, useLayoutEffect, useRef, useState, type ReactNode } from "react";

export interface HintProps {
  readonly className: string;
  /** What the word means, in a sentence. */
  readonly says: string;
  readonly children: ReactNode;
  /** What else a click does. */
  readonly onClick?: () => void;
  readonly isPressed?: boolean;
}

/** Space kept to the edge of the window, pixels. */
const MARGIN = 8;

/** A word that says what it means when it is pointed at, reached with the keyboard, or tapped. Escape hides it again. */
export function Hint({ className, says, children, onClick, isPressed }: HintProps) {
  const id = useId();
  const [isShown, setIsShown] = useState(false);
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!isShown || !tip.current) return;
    const { left, right } = tip.current.getBoundingClientRect();
    const beyond = Math.max(0, right - document.documentElement.clientWidth + MARGIN);
    tip.current.style.left = `${-Math.min(beyond, Math.max(0, left - MARGIN))}px`;
  }, [isShown]);
  return (
    <span
      className="hint"
      onMouseEnter={() => {
        setIsShown(true);
      }}
      onMouseLeave={() => {
        setIsShown(false);
      }}
    >
      <button
        type="button"
        className={className}
        aria-describedby={id}
        aria-pressed={isPressed}
        onFocus={() => {
          setIsShown(true);
        }}
        onBlur={() => {
          setIsShown(false);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") setIsShown(false);
        }}
        onClick={onClick}
      >
        {children}
      </button>
      <span ref={tip} id={id} role="tooltip" className={isShown ? "hint-text" : "sr-only"}>
        {says}
      </span>
    </span>
  );
}
