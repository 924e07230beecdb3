// The blanks of a sentence: [view] [within the last] [7] [days] where [category] [is] [shoes].

import { type Field, kindOf, shapeOf, timeOf } from "../fields/offer.ts";
import { copy } from "../tree/opening.ts";
import { type Sentence, TIMES, withBlank } from "../tree/sentence.ts";
import { type Stored, newRule, withOperator } from "../tree/starting.ts";
import type { Group, Rule } from "../tree/tree.ts";
import { shownValue } from "../tree/values.ts";
import { AddCondition } from "./AddCondition.tsx";
import { RuleRow } from "./RuleRow.tsx";
import { useScope } from "./Scope.tsx";
import { labelled, useStudio } from "./studio.ts";
import { ValueBlank } from "./ValueBlank.tsx";

interface Blanks {
  list: Field;
  inner: Group;
  sentence: Sentence;
  hasTime: boolean; // a step says when by its place in the order
}

export function SentenceBlanks({ list, inner, sentence, hasTime }: Blanks) {
  const { words } = useStudio();
  const [kind, time] = [kindOf(list), hasTime ? timeOf(list) : undefined];
  const places = time || sentence.time === null ? sentence.details : inOrder(sentence);
  return (
    <>
      {kind && <KindBlank kind={kind} inner={inner} index={sentence.kind} />}
      {time && <TimeBlank time={time} inner={inner} index={sentence.time} />}
      {places.map((index, nth) => (
        <span class="pz-phrase" key={inner.rules[index]?.id}>
          <span class="pz-word">{nth ? words.and : words.where}</span>
          <RuleRow rule={inner.rules[index] as Rule} path={[index]} isDetail />
        </span>
      ))}
      <AddCondition parent={[]} id={inner.id} isDetail />
    </>
  );
}

interface Blank {
  inner: Group;
  index: number | null;
}

/** Of what kind: one of those that the site knows, or anything. */
function KindBlank({ kind, inner, index }: Blank & { kind: Field }) {
  const { words, marks } = useStudio();
  const scope = useScope();
  const now = index === null ? "" : shownValue((inner.rules[index] as Rule).value);
  const isKnown = now === "" || kind.choices.some(([value]) => value === now);

  function choose(value: string): void {
    const rule = index === null ? null : (inner.rules[index] as Rule);
    const fresh = copy({ id: "", field: kind.name, operator: "=", value }, marks);
    const next = value === "" ? null : rule ? { ...rule, value } : fresh;
    scope.edit<Group>([], (group) => withBlank(group, index, next, "first"));
  }

  return (
    <select
      class="pz-blank"
      aria-label={labelled(kind, words.kind)}
      value={now}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="">{words.anything}</option>
      {!isKnown && <option value={now}>{now}</option>}
      {kind.choices.map(([value, label]) => (
        <option key={label} value={String(value)}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** When: at any time, or within a window. */
function TimeBlank({ time, inner, index }: Blank & { time: Field }) {
  const { offer, words, marks } = useStudio();
  const scope = useScope();
  const rule = index === null ? null : (inner.rules[index] as Rule);

  function put(next: Rule | null): void {
    scope.edit<Group>([], (group) => withBlank(group, index, next, "last"));
  }

  function choose(operator: string): void {
    if (operator === "") put(null);
    else if (rule) put(withOperator(offer, time, rule, operator));
    else put(copy({ ...(newRule(offer, time, operator) as Stored), id: "" }, marks));
  }

  return (
    <span class="pz-phrase">
      <select
        class="pz-blank"
        aria-label={labelled(time, words.time)}
        value={rule?.operator ?? ""}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">{words.anyTime}</option>
        {TIMES.map((key) => (
          <option key={key} value={key}>
            {words.times[key as keyof typeof words.times]}
          </option>
        ))}
      </select>
      {rule && shapeOf(offer, rule.operator) !== "none" && (
        <ValueBlank field={time} rule={rule} onChange={(value) => put({ ...rule, value })} />
      )}
    </span>
  );
}

function inOrder({ details, time }: Sentence): readonly number[] {
  return [...details, time as number].sort((a, b) => a - b);
}
