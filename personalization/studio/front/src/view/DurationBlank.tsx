// A blank for a length of time: "7 days" is stored as "7d".

import { useStudio } from "./studio.ts";
import { UNITS, readDuration, shownValue } from "../tree/values.ts";
import type { Json } from "../tree/tree.ts";

interface Blank {
  label: string;
  value: unknown;
  onChange(value: Json): void;
}

export function DurationBlank({ label, value, onChange }: Blank) {
  const { words } = useStudio();
  const read = readDuration(value) ?? { amount: shownValue(value).replace(/[a-z]$/, ""), unit: "d" };
  return (
    <span class="pz-phrase">
      <input
        type="text"
        inputMode="numeric"
        class="pz-blank pz-blank-number"
        aria-label={label}
        value={read.amount}
        style={{ width: `${Math.max(5, read.amount.length + 2)}ch` }}
        onInput={(event) => onChange(`${event.currentTarget.value.trim()}${read.unit}`)}
        onFocus={(event) => event.currentTarget.select()}
      />
      <select
        class="pz-blank"
        aria-label={`${label}: ${words.unit}`}
        value={read.unit}
        onChange={(event) => onChange(`${read.amount}${event.currentTarget.value}`)}
      >
        {UNITS.map((unit) => (
          <option key={unit} value={unit}>
            {words.units[unit]}
          </option>
        ))}
      </select>
    </span>
  );
}
