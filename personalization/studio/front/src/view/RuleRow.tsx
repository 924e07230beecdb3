// One rule: what it is about, how it compares, its value; and what can be done with it.

import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import { type Field, comparable, fieldNamed } from "../fields/offer.ts";
import { filled } from "../fields/words.ts";
import { type Path, isSamePath } from "../tree/moving.ts";
import { placeOf } from "../tree/places.ts";
import { isMatch } from "../tree/starting.ts";
import { type Rule, hasSteps, isGroup } from "../tree/tree.ts";
import { FieldPicker } from "./FieldPicker.tsx";
import { HowBlank } from "./HowBlank.tsx";
import { Behaviour } from "./Behaviour.tsx";
import { type Action, Menu } from "./Menu.tsx";
import { MoveHandle } from "./MoveHandle.tsx";
import { OrderedSteps } from "./OrderedSteps.tsx";
import { Remarks } from "./Remarks.tsx";
import { useScope } from "./Scope.tsx";
import { useSaid, useStudio } from "./studio.ts";
import { useNode } from "./useNode.ts";
import { ValueBlank } from "./ValueBlank.tsx";

interface Row {
  rule: Rule;
  path: Path;
  isDetail?: boolean; // part of a sentence: it stands where it stands
}

export const RuleRow = memo(function RuleRow({ rule, path, isDetail = false }: Row) {
  const { words } = useStudio();
  const scope = useScope();
  const actions = useNode(rule, path);
  const said = useSaid(placeOf(scope.place, path));
  const [asGroup, setAsGroup] = useState(false);
  const field = fieldNamed(scope.fields, rule.field);
  const hasInner = isMatch(rule) && isGroup(rule.value) && field.of !== null;
  const toggle: Action[] = hasInner
    ? [{ label: asGroup ? words.asSentence : words.asGroup, run: () => setAsGroup(!asGroup) }]
    : [];
  const comparing = useComparing(rule, path, field);
  return (
    <div
      class={`pz-rule${isDetail ? " pz-detail" : ""}${said.refusal ? " pz-refused" : ""}`}
      role="group"
      aria-label={filled(words.condition, { number: (path.at(-1) ?? 0) + 1 })}
      data-pz-node={rule.id}
      data-pz-tree={scope.name}
    >
      {!isDetail && <MoveHandle id={rule.id} label={field.label} actions={actions} />}
      <div class="pz-phrase">
        <FieldPicker rule={rule} path={path} field={field} />
        <HowBlank rule={rule} path={path} field={field} />
        {hasInner && <Behaviour rule={rule} path={path} field={field} asGroup={asGroup} />}
        {!hasInner && hasSteps(rule.value) && <OrderedSteps rule={rule} path={path} field={field} />}
        {!hasInner && !hasSteps(rule.value) && (
          <ValueBlank
            field={field}
            rule={rule}
            onChange={(value) => scope.edit<Rule>(path, (now) => ({ ...now, value }))}
          />
        )}
      </div>
      {isDetail ? (
        <button
          type="button"
          class="pz-icon"
          aria-label={`${words.remove}: ${field.label}`}
          onClick={actions.remove}
        >
          ×
        </button>
      ) : (
        <Menu
          label={`${words.actions}: ${field.label}`}
          actions={() => [...toggle, ...comparing, ...actions.all()]}
        />
      )}
      <Remarks said={said} />
    </div>
  );
}, isSame);

/** Nothing about it changed: it needs not be drawn again. */
function isSame(a: Row, b: Row): boolean {
  return a.rule === b.rule && isSamePath(a.path, b.path);
}

/** Compare with another field, or with a value again. */
function useComparing(rule: Rule, path: Path, field: Field): Action[] {
  const { offer, words } = useStudio();
  const scope = useScope();
  const [other] = comparable(offer, scope.fields, field, rule.operator);
  if (isMatch(rule) || !other) return [];
  if (rule.valueSource !== "field") {
    const change = (now: Rule): Rule => ({ ...now, value: other.name, valueSource: "field" });
    return [{ label: words.compareField, run: () => scope.edit(path, change) }];
  }
  const change = ({ valueSource: _source, ...now }: Rule): Rule => ({ ...now, value: "" });
  return [{ label: words.compareValue, run: () => scope.edit(path, change) }];
}
