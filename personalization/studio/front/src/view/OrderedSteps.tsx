// A sequence as a sentence: first this, then that, and then (not) the other, within two days.

import type { Field } from "../fields/offer.ts";
import { filled } from "../fields/words.ts";
import { copy } from "../tree/opening.ts";
import type { Path } from "../tree/moving.ts";
import { placeOf } from "../tree/places.ts";
import { sentenceOf } from "../tree/sentence.ts";
import { newStep } from "../tree/starting.ts";
import { type Group, type Json, type Rule, type Steps, isGroup } from "../tree/tree.ts";
import { DurationBlank } from "./DurationBlank.tsx";
import { GroupBox } from "./GroupBox.tsx";
import { Tree, useScope } from "./Scope.tsx";
import { SentenceBlanks } from "./SentenceBlanks.tsx";
import { labelled, useStudio } from "./studio.ts";

interface Shown {
  rule: Rule;
  path: Path;
  field: Field;
}

export function OrderedSteps({ rule, path, field }: Shown) {
  const { words, marks } = useStudio();
  const scope = useScope();
  const sequence = rule.value as Steps;
  const last = sequence.steps.length - 1;
  const place = [...placeOf(scope.place, path), "value", "steps"];

  function edit(change: (now: Steps) => Steps): void {
    scope.edit<Rule>(path, (now) => ({ ...now, value: change(now.value as Steps) }));
  }

  function addStep(): void {
    const step = copy(newStep(field, "view") as unknown as Group, marks);
    edit((now) => ({ ...now, steps: [...now.steps.slice(0, -1), step, ...now.steps.slice(-1)] }));
  }

  return (
    <span class="pz-steps-of-order">
      <ol>
        {sequence.steps.map((step, index) => (
          <li key={step.id} class="pz-phrase">
            {index < last ? (
              <span class="pz-word">{index ? words.then : words.first}</span>
            ) : (
              <Ending then={sequence.then} onChange={(then) => edit((now) => ({ ...now, then }))} />
            )}
            <Step
              step={step}
              field={field}
              place={[...place, String(index)]}
              onChange={(next) => edit((now) => ({ ...now, steps: now.steps.with(index, next) }))}
            />
            {last > 1 && (
              <button
                type="button"
                class="pz-icon"
                aria-label={filled(words.removeStep, { number: index + 1 })}
                onClick={() => edit((now) => ({ ...now, steps: now.steps.toSpliced(index, 1) }))}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ol>
      <span class="pz-phrase">
        <button type="button" class="pz-adder" onClick={addStep}>
          {words.addStep}
        </button>
        <span class="pz-word">{words.within}</span>
        <DurationBlank
          label={labelled(field, words.within)}
          value={sequence.within}
          onChange={(within) => edit((now) => ({ ...now, within }))}
        />
        <span class="pz-word">{words.ofFirst}</span>
      </span>
    </span>
  );
}

/** Whether the last step happened. */
function Ending({ then, onChange }: { then: Json; onChange(then: Json): void }) {
  const { words } = useStudio();
  return (
    <select
      class="pz-blank"
      aria-label={words.ending}
      value={String(then)}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="did">{words.did}</option>
      <option value="didNot">{words.didNot}</option>
    </select>
  );
}

interface OneStep {
  step: Group;
  field: Field;
  place: readonly string[];
  onChange(next: Group): void;
}

function Step({ step, field, place, onChange }: OneStep) {
  if (!isGroup(step)) return null;
  return (
    <Tree group={step} list={field.name} fields={field.of ?? []} place={place} onChange={onChange}>
      {(root) => {
        const sentence = sentenceOf(field, root);
        if (!sentence) return <GroupBox group={root} path={[]} />;
        return <SentenceBlanks list={field} inner={root} sentence={sentence} hasTime={false} />;
      }}
    </Tree>
  );
}
