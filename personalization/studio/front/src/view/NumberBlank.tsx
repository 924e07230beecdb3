// A blank for a number. While one types, the text stays as it is typed; what is stored follows.

import { useState } from "preact/hooks";
import { shownValue, typedNumber } from "../tree/values.ts";
import type { Json } from "../tree/tree.ts";

interface Blank {
  label: string;
  value: unknown;
  onChange(value: Json): void;
  isWhole?: boolean;
  part?: string;
}

export function NumberBlank({ label, value, onChange, isWhole, part }: Blank) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? shownValue(value);

  function type(next: string): void {
    setTyped(next);
    onChange(typedNumber(next));
  }

  return (
    <input
      type="text"
      inputMode={isWhole ? "numeric" : "decimal"}
      class="pz-blank pz-blank-number"
      aria-label={label}
      data-pz-part={part}
      value={typed !== null && typedNumber(typed) === value ? typed : text}
      style={{ width: `${Math.max(6, text.length + 2)}ch` }}
      onInput={(event) => type(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => setTyped(null)}
    />
  );
}
