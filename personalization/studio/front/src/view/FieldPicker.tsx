// The blank for what a rule is about: all fields of the site, grouped, found by typing.

import { useMemo } from "preact/hooks";
import { type Field, type Offer, fieldNamed } from "../fields/offer.ts";
import type { Words } from "../fields/words.ts";
import { filled } from "../fields/words.ts";
import type { Path } from "../tree/moving.ts";
import { copy } from "../tree/opening.ts";
import { MATCH, type Stored, newRule } from "../tree/starting.ts";
import type { Rule } from "../tree/tree.ts";
import { Combobox } from "./Combobox.tsx";
import { useScope } from "./Scope.tsx";
import { useStudio } from "./studio.ts";
import type { Option } from "./useListbox.ts";

interface Picked {
  rule: Rule;
  path: Path;
  field: Field;
}

export function FieldPicker({ rule, path, field }: Picked) {
  const { offer, words, marks, focusOn } = useStudio();
  const scope = useScope();
  const options = useFieldOptions(scope.fields);

  function choose(option: Option): void {
    const stored = ruleOf(offer, scope.fields, option);
    if (stored.field === rule.field) return;
    const fresh = copy({ ...stored, id: "" }, marks);
    scope.edit<Rule>(path, () => fresh);
    focusOn(fresh.id, "next");
  }

  return (
    <Combobox
      label={words.field}
      shown={field.label}
      placeholder={words.search}
      options={options}
      onChoose={choose}
    />
  );
}

/** One entry a field; one that has an order of events gives two. */
export function useFieldOptions(fields: readonly Field[]): readonly Option[] {
  const { offer, words } = useStudio();
  return useMemo(() => fields.flatMap((field) => entries(offer, words, field)), [offer, words, fields]);
}

/** The rule that an entry stands for. */
export function ruleOf(offer: Offer, fields: readonly Field[], option: Option): Stored {
  const [name = "", operator] = String(option.value).split(" ");
  return newRule(offer, fieldNamed(fields, name), operator);
}

function entries(offer: Offer, words: Words, field: Field): Option[] {
  const { name, label, group } = field;
  const plain = { value: name, label, group };
  if (!field.operators.includes("sequence")) return [plain];
  const ordered = offer.operators["sequence"]?.label ?? "";
  return [
    { value: `${name} ${MATCH}`, label: filled(words.countedEntry, { field: label }), group },
    { value: `${name} sequence`, label: `${label}: ${ordered}`, group },
  ];
}
