// Adding to a group: a button that becomes a search over all fields, and one for a group.

import { useState } from "preact/hooks";
import { type Path, groupAt } from "../tree/moving.ts";
import { copy } from "../tree/opening.ts";
import { type Group, type Node, emptyGroup } from "../tree/tree.ts";
import { Combobox } from "./Combobox.tsx";
import { ruleOf, useFieldOptions } from "./FieldPicker.tsx";
import { useScope } from "./Scope.tsx";
import { useStudio } from "./studio.ts";
import type { Option } from "./useListbox.ts";

interface Place {
  parent: Path;
  id: string; // of the group
  isDetail?: boolean; // one more word of a sentence
}

export function AddCondition({ parent, id, isDetail = false }: Place) {
  const { offer, words, marks, announce, focusOn } = useStudio();
  const scope = useScope();
  const options = useFieldOptions(scope.fields);
  const [isChoosing, setChoosing] = useState(false);
  const label = isDetail ? words.addDetail : words.addCondition;

  function add(node: Node, part: "next" | "add"): void {
    const fresh = copy(node, marks);
    scope.insert(parent, groupAt(scope.root(), parent).rules.length, fresh);
    focusOn(fresh.id, part);
    announce(words.added);
  }

  function choose(option: Option): void {
    setChoosing(false);
    add({ ...ruleOf(offer, scope.fields, option), id: "" }, "next");
  }

  function cancel(): void {
    setChoosing(false);
    focusOn(id, "add");
  }

  return (
    <span class="pz-adders">
      {isChoosing ? (
        <Combobox
          label={label}
          shown=""
          placeholder={words.search}
          options={options}
          isNew
          isEmptied
          onChoose={choose}
          onEscape={cancel}
          onLeave={() => setChoosing(false)}
        />
      ) : (
        <button type="button" class="pz-adder" data-pz-part="add" onClick={() => setChoosing(true)}>
          + {label}
        </button>
      )}
      {!isDetail && (
        <button
          type="button"
          class="pz-adder"
          onClick={() => add({ ...emptyGroup(), id: "" } as Group, "add")}
        >
          + {words.addGroup}
        </button>
      )}
    </span>
  );
}
