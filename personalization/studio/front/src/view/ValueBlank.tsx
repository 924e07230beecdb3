// The blank for a rule's value: one, two or many, by the operator's shape and the field's type.

import { type Field, comparable, shapeOf } from "../fields/offer.ts";
import type { Json, Rule } from "../tree/tree.ts";
import { asList, isSame, shownValue } from "../tree/values.ts";
import { Combobox } from "./Combobox.tsx";
import { DurationBlank } from "./DurationBlank.tsx";
import { MomentBlank } from "./MomentBlank.tsx";
import { NumberBlank } from "./NumberBlank.tsx";
import { useScope } from "./Scope.tsx";
import { labelled, useStudio } from "./studio.ts";
import { Tokens } from "./Tokens.tsx";
import { useSuggestions } from "./useSuggestions.ts";

interface Blank {
  field: Field;
  rule: Rule;
  onChange(value: Json): void;
}

export function ValueBlank({ field, rule, onChange }: Blank) {
  const { offer, words } = useStudio();
  const shape = shapeOf(offer, rule.operator);
  const label = labelled(field, words.value);
  const value = rule.value as Json;
  if (shape === "none") return null;
  if (rule.valueSource === "field") return <FieldBlank field={field} rule={rule} onChange={onChange} />;
  if (shape === "duration") return <DurationBlank label={label} value={value} onChange={onChange} />;
  if (shape === "many") return <Tokens field={field} label={label} value={value} onChange={onChange} />;
  if (shape === "two") return <TwoBlanks field={field} value={value} onChange={onChange} />;
  return <OneBlank field={field} label={label} value={value} onChange={onChange} />;
}

interface One {
  field: Field;
  label: string;
  value: Json;
  onChange(value: Json): void;
}

export function OneBlank({ field, label, value, onChange }: One) {
  const { words } = useStudio();
  if (field.type === "boolean") {
    const choices: Choices = [
      [true, words.yes],
      [false, words.no],
    ];
    return <FewBlank choices={choices} label={label} value={value} onChange={onChange} />;
  }
  if (field.choices.length > 0 && field.choices.length <= 12) {
    return <FewBlank choices={field.choices} label={label} value={value} onChange={onChange} />;
  }
  if (field.choices.length > 0 || field.suggests) {
    return <SearchBlank field={field} label={label} value={value} onChange={onChange} />;
  }
  if (field.type === "number") return <NumberBlank label={label} value={value} onChange={onChange} />;
  if (field.type === "datetime") return <MomentBlank label={label} value={value} onChange={onChange} />;
  const text = shownValue(value);
  return (
    <input
      type="text"
      class="pz-blank"
      aria-label={label}
      value={text}
      style={{ width: `${Math.max(12, Math.min(text.length, 40) + 3)}ch` }}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

type Choices = readonly (readonly [Json, string])[];

/** A few choices as a plain list; a value that is none of them is listed too. */
function FewBlank({ choices, label, value, onChange }: Omit<One, "field"> & { choices: Choices }) {
  const known = choices.findIndex((choice) => isSame(choice[0], value));
  const all: Choices = known < 0 ? [[value, shownValue(value)], ...choices] : choices;
  return (
    <select
      class="pz-blank"
      aria-label={label}
      value={String(Math.max(0, known))}
      onChange={(event) => onChange(all[event.currentTarget.selectedIndex]?.[0] ?? null)}
    >
      {all.map(([, named], index) => (
        <option key={index} value={String(index)}>
          {named}
        </option>
      ))}
    </select>
  );
}

function SearchBlank({ field, label, value, onChange }: One) {
  const { words } = useStudio();
  const { options, look } = useSuggestions(field);
  const named = options.find((option) => isSame(option.value, value));
  return (
    <Combobox
      label={label}
      shown={named?.label ?? shownValue(value)}
      placeholder={words.search}
      options={options}
      onType={look}
      onChoose={(option) => onChange(option.value)}
      onFree={onChange}
    />
  );
}

function TwoBlanks({ field, value, onChange }: Omit<One, "label">) {
  const { words } = useStudio();
  const [from = "", to = ""] = asList(value);
  return (
    <span class="pz-phrase">
      <OneBlank
        field={field}
        label={labelled(field, words.from)}
        value={from}
        onChange={(next) => onChange([next, to])}
      />
      {words.and}
      <OneBlank
        field={field}
        label={labelled(field, words.to)}
        value={to}
        onChange={(next) => onChange([from, next])}
      />
    </span>
  );
}

/** Another field of the same type. */
function FieldBlank({ field, rule, onChange }: Blank) {
  const { offer, words } = useStudio();
  const { fields } = useScope();
  const others = comparable(offer, fields, field, rule.operator);
  const shown = others.find((other) => other.name === rule.value)?.label ?? shownValue(rule.value);
  return (
    <Combobox
      label={labelled(field, words.otherField)}
      shown={shown}
      placeholder={words.otherField}
      options={others.map((other) => ({ value: other.name, label: other.label, group: other.group }))}
      onChoose={(option) => onChange(option.value)}
    />
  );
}
