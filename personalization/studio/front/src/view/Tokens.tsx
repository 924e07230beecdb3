// A blank for many values: each stands as a word that can be taken out, the next one is typed.

import { useRef } from "preact/hooks";
import type { Field } from "../fields/offer.ts";
import { filled } from "../fields/words.ts";
import type { Json } from "../tree/tree.ts";
import { asList, isSame, shownValue, typedValue } from "../tree/values.ts";
import { Combobox } from "./Combobox.tsx";
import { useStudio } from "./studio.ts";
import { useSuggestions } from "./useSuggestions.ts";

interface Blank {
  field: Field;
  label: string;
  value: Json;
  onChange(value: Json): void;
}

export function Tokens({ field, label, value, onChange }: Blank) {
  const { words } = useStudio();
  const place = useRef<HTMLSpanElement>(null);
  const { options, look } = useSuggestions(field);
  const values = asList(value);
  const left = options.filter((option) => !values.some((each) => isSame(each, option.value)));
  const nameOf = (each: Json) =>
    options.find((option) => isSame(option.value, each))?.label ?? shownValue(each);

  function add(more: readonly Json[]): void {
    onChange([...values, ...more]);
  }

  function addTyped(text: string): void {
    const parts = text.split(",").map((part) => part.trim());
    add(parts.filter(Boolean).map((part) => typedValue(field.type, part)));
  }

  function drop(index: number): void {
    onChange(values.filter((_each, place) => place !== index));
    place.current?.querySelector("input")?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const input = event.target as HTMLInputElement;
    if (event.key === "Backspace" && input.value === "" && values.length) drop(values.length - 1);
  }

  const isClosed = field.choices.length > 0; // nothing else is known to this field
  return (
    <span class="pz-tokens" role="group" aria-label={label} ref={place} onKeyDown={onKeyDown}>
      {values.map((each, index) => (
        <span class="pz-token" key={`${index} ${shownValue(each)}`}>
          {nameOf(each)}
          <button
            type="button"
            aria-label={filled(words.removeValue, { value: nameOf(each) })}
            onClick={() => drop(index)}
          >
            ×
          </button>
        </span>
      ))}
      <Combobox
        label={words.addValue}
        shown=""
        placeholder={words.addValue}
        options={left}
        isEmptied
        onType={look}
        onChoose={(option) => add([option.value])}
        onFree={isClosed ? undefined : addTyped}
      />
    </span>
  );
}
