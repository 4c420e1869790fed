import { useEffect, useRef } from "react";
import { formatCount } from "../format.ts";
import { Icon } from "../icons.tsx";

export interface MultiSelectProps {
  readonly label: string;
  /** What can be chosen, with how many mentions each has. */
  readonly options: readonly { readonly value: string; readonly label: string; readonly mentions: number }[];
  /** The chosen values; none means all. */
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
}

/** A button that opens a list of check boxes. Escape and a click elsewhere close it. */
export function MultiSelect({ label, options, chosen, onChoose }: MultiSelectProps) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      const isOutside = !(event.target instanceof Node && box.current?.contains(event.target));
      const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
      if (!box.current?.open || !(isEscape || (event.type === "pointerdown" && isOutside))) return;
      box.current.open = false;
      if (isEscape) box.current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);

  const names = options.filter(({ value }) => chosen.includes(value)).map((option) => option.label);
  const said =
    chosen.length === 0 ? "All" : chosen.length === 1 ? (names[0] ?? chosen[0]) : `${chosen.length} chosen`;
  return (
    <details className="multi-select" ref={box}>
      <summary className={chosen.length > 0 ? "is-narrowed" : undefined}>
        <span className="control-label">{label}</span>
        <span className="control-value">{said}</span>
        <Icon name="chevron" />
      </summary>
      <fieldset>
        <legend className="sr-only">{label}</legend>
        {options.length === 0 && <p className="muted">Nothing to choose from yet.</p>}
        {options.map((option) => (
          <label key={option.value} className="option">
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={(event) => {
                onChoose(
                  event.target.checked
                    ? [...chosen, option.value]
                    : chosen.filter((value) => value !== option.value),
                );
              }}
            />
            <span className="clip">{option.label}</span>
            <span className="muted number">{formatCount(option.mentions)}</span>
          </label>
        ))}
        {chosen.length > 0 && (
          <button
            type="button"
            className="link-button"
            onClick={() => {
              onChoose([]);
            }}
          >
            Show all
          </button>
        )}
      </fieldset>
    </details>
  );
}
