export interface SelectProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly isOff?: boolean }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}

/** A labelled choice of one. */
export function Select<T extends string>({ label, options, chosen, onChoose }: SelectProps<T>) {
  return (
    <label className="select">
      <span className="control-label">{label}</span>
      <select
        value={chosen}
        onChange={(event) => {
          const option = options.find(({ value }) => value === event.target.value);
          if (option) onChoose(option.value);
        }}
      >
        {options.map(({ value, label: name, isOff }) => (
          <option key={value} value={value} disabled={isOff}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
