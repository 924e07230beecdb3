// A blank for a date with its time, on the site's clock.

import { useStudio } from "./studio.ts";
import { filled } from "../fields/words.ts";
import { shownMoment, storedMoment } from "../tree/moments.ts";
import { shownValue } from "../tree/values.ts";
import type { Json } from "../tree/tree.ts";

interface Blank {
  label: string;
  value: unknown;
  onChange(value: Json): void;
}

export function MomentBlank({ label, value, onChange }: Blank) {
  const { offer, words } = useStudio();
  const isEmpty = value === "" || value === null || value === undefined;
  const shown = isEmpty ? "" : shownMoment(value, offer.zone);
  if (shown === null) {
    return (
      <input
        type="text"
        class="pz-blank"
        aria-label={label}
        value={shownValue(value)}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const clock = filled(words.onClock, { zone: offer.zone });
  return (
    <input
      type="datetime-local"
      class="pz-blank"
      step={shown.length > 16 ? 1 : 60}
      aria-label={`${label} (${clock})`}
      title={clock}
      value={shown}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        onChange(typed ? storedMoment(typed, offer.zone) : "");
      }}
    />
  );
}
