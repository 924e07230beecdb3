// What can stand in a blank: the field's choices, countries by name, or what the site knows.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { countries } from "../fields/countries.ts";
import type { Field } from "../fields/offer.ts";
import type { Words } from "../fields/words.ts";
import { type Latest, latest } from "../reading/latest.ts";
import { useScope } from "./Scope.tsx";
import { useStudio } from "./studio.ts";
import type { Option } from "./useListbox.ts";

const WAIT = 150;
type Found = readonly (readonly [Option["value"], string])[];

interface Suggestions {
  options: readonly Option[];
  look(typed: string): void;
}

export function useSuggestions(field: Field): Suggestions {
  const { suggest, words } = useStudio();
  const { list } = useScope();
  const [found, setFound] = useState<Found>([]);
  const asks = useRef<Latest<string> | null>(null);
  const name = list ? `${list}.${field.name}` : field.name;
  useEffect(() => {
    if (field.suggests !== "server") return undefined;
    const mine = latest(
      (typed: string, signal) => suggest(name, typed, signal),
      (answer) => setFound(answer ?? []),
      WAIT,
    );
    asks.current = mine;
    return mine.stop;
  }, [field, name, suggest]);
  const options = useMemo(
    () => (field.type === "boolean" ? yesOrNo(words) : optionsOf(field, found)),
    [field, found, words],
  );
  return { options, look: (typed) => asks.current?.ask(typed) };
}

function yesOrNo(words: Words): readonly Option[] {
  return [
    { value: true, label: words.yes },
    { value: false, label: words.no },
  ];
}

function optionsOf(field: Field, found: Found): readonly Option[] {
  const known = field.suggests === "country" ? countries() : [];
  const all = new Map([...field.choices, ...known, ...found].map((each) => [each[0], each[1]]));
  return [...all].map(([value, label]) => ({
    value,
    label,
    ...(String(value) === label ? {} : { hint: field.choices.length ? "" : String(value) }),
  }));
}
