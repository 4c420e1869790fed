import { useId, type ReactNode } from "react";

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly value?: string;
  readonly hint?: string;
  readonly isNeeded?: boolean;
}

function Labelled(
  props: Pick<FieldProps, "label" | "hint" | "isNeeded"> & {
    readonly id: string;
    readonly children: ReactNode;
  },
) {
  const { label, hint, isNeeded, id, children } = props;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {!isNeeded && <span className="muted"> (optional)</span>}
      </label>
      {children}
      {hint !== undefined && (
        <p className="muted field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** One line of text; `suggestions` can be chosen instead of typed. */
export function LineField(
  props: FieldProps & { readonly most?: number; readonly suggestions?: readonly string[] },
) {
  const { label, name, value = "", hint, isNeeded = false, most = 200, suggestions } = props;
  const id = useId();
  return (
    <Labelled {...{ label, isNeeded, id }} {...(hint === undefined ? {} : { hint })}>
      <input
        id={id}
        name={name}
        defaultValue={value}
        maxLength={most}
        required={isNeeded}
        autoComplete="off"
        list={suggestions && `${id}-list`}
        aria-describedby={hint && `${id}-hint`}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </Labelled>
  );
}

/** Several lines of text. */
export function TextField(props: FieldProps & { readonly most?: number; readonly rows?: number }) {
  const { label, name, value = "", hint, isNeeded = false, most = 2_000, rows = 3 } = props;
  const id = useId();
  return (
    <Labelled {...{ label, isNeeded, id }} {...(hint === undefined ? {} : { hint })}>
      <textarea
        id={id}
        name={name}
        rows={rows}
        defaultValue={value}
        maxLength={most}
        required={isNeeded}
        aria-describedby={hint && `${id}-hint`}
      />
    </Labelled>
  );
}

/** A day, as `YYYY-MM-DD`; `least` is the first that can be chosen. */
export function DayField(props: FieldProps & { readonly least?: string }) {
  const { label, name, value = "", hint, isNeeded = false, least } = props;
  const id = useId();
  return (
    <Labelled {...{ label, isNeeded, id }} {...(hint === undefined ? {} : { hint })}>
      <input
        id={id}
        type="date"
        name={name}
        defaultValue={value}
        min={least}
        max="2200-12-31"
        required={isNeeded}
        aria-describedby={hint && `${id}-hint`}
      />
    </Labelled>
  );
}

/** A whole number of people. */
export function CountField(props: FieldProps & { readonly most: number }) {
  const { label, name, value = "", hint, most } = props;
  const id = useId();
  return (
    <Labelled label={label} isNeeded id={id} {...(hint === undefined ? {} : { hint })}>
      <input
        id={id}
        type="number"
        name={name}
        defaultValue={value}
        min={1}
        max={most}
        step={1}
        required
        aria-describedby={hint && `${id}-hint`}
      />
    </Labelled>
  );
}

/** One of a few choices, each with what it means. */
export function ChoiceField(props: {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string; readonly says?: string }[];
}) {
  return (
    <fieldset className="field choices">
      <legend>{props.label}</legend>
      {props.choices.map(({ value, label, says }) => (
        <label key={value} className="choice">
          <input
            type="radio"
            name={props.name}
            value={value}
            defaultChecked={value === props.value}
            required
          />
          <span>
            {label}
            {says !== undefined && <span className="muted"> {says}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** A yes or no. */
export function CheckField(props: {
  readonly label: string;
  readonly name: string;
  readonly isChecked: boolean;
}) {
  return (
    <label className="check field">
      <input type="checkbox" name={props.name} defaultChecked={props.isChecked} />
      {props.label}
    </label>
  );
}
