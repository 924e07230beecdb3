// The blank for how a rule compares; of a list also how many of its elements count.

import type { Field } from "../fields/offer.ts";
import type { Words } from "../fields/words.ts";
import type { Path } from "../tree/moving.ts";
import { copy } from "../tree/opening.ts";
import { MATCH, isMatch, newRule, withOperator } from "../tree/starting.ts";
import type { Match, Rule } from "../tree/tree.ts";
import { isShare, percentOf } from "../tree/values.ts";
import { NumberBlank } from "./NumberBlank.tsx";
import { useScope } from "./Scope.tsx";
import { labelled, useStudio } from "./studio.ts";

interface Blank {
  rule: Rule;
  path: Path;
  field: Field;
}

const COUNTED = ["atLeast", "atMost", "exactly"];
const MODE = "match:"; // before a mode, among operators

export function HowBlank({ rule, path, field }: Blank) {
  const { offer, words, marks } = useStudio();
  const scope = useScope();
  const isCounted = isMatch(rule);
  const now = isCounted ? `${MODE}${rule.match?.mode}` : rule.operator;
  const choices = choicesOf(field, words, (key) => offer.operators[key]?.label ?? key);
  const all = choices.some(([key]) => key === now) ? choices : [[now, nameOf(now)] as const, ...choices];

  function nameOf(key: string): string {
    return offer.operators[key]?.label ?? key.replace(MODE, "");
  }

  function change(key: string): void {
    if (!key.startsWith(MODE)) {
      scope.edit<Rule>(path, (was) => withIds(withOperator(offer, field, was, key)));
      return;
    }
    const mode = key.slice(MODE.length);
    scope.edit<Rule>(path, (was) => {
      const counted = isMatch(was) ? was : withIds({ ...newRule(offer, field, MATCH), id: was.id });
      return { ...counted, match: withMode(counted.match ?? { mode }, mode) };
    });
  }

  function withIds(rule: Rule): Rule {
    return { ...copy(rule, marks), id: rule.id };
  }

  return (
    <>
      <select
        class="pz-blank"
        aria-label={labelled(field, isCounted ? words.howOften : words.operator)}
        data-pz-part="next"
        value={now}
        onChange={(event) => change(event.currentTarget.value)}
      >
        {all.map(([key, label]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
      {isCounted && COUNTED.includes(rule.match?.mode ?? "") && (
        <Threshold
          match={rule.match as Match}
          onChange={(match) => scope.edit<Rule>(path, (was) => ({ ...was, match }))}
        />
      )}
    </>
  );
}

/** How many: times, or a share of all. */
function Threshold({ match, onChange }: { match: Match; onChange(match: Match): void }) {
  const { words } = useStudio();
  const share = isShare(match.threshold);
  const shown = share ? percentOf(Number(match.threshold)) : match.threshold;
  const set = (threshold: Match["threshold"]) => onChange({ ...match, threshold });
  return (
    <span class="pz-phrase">
      <NumberBlank
        label={words.amount}
        value={shown}
        onChange={(value) => set(share && typeof value === "number" ? value / 100 : value)}
      />
      <select
        class="pz-blank"
        aria-label={words.unit}
        value={share ? "percent" : "times"}
        onChange={(event) => set(event.currentTarget.value === "percent" ? 0.5 : 1)}
      >
        <option value="times">{words.counted.times}</option>
        <option value="percent">{words.counted.percent}</option>
      </select>
    </span>
  );
}

function choicesOf(field: Field, words: Words, label: (key: string) => string) {
  const isList = field.of !== null;
  const modes = Object.entries(words.modes).map(([mode, said]) => [`${MODE}${mode}`, said] as const);
  const operators = field.operators
    .filter((key) => !(isList && key === MATCH))
    .map((key) => [key, label(key)] as const);
  return isList && field.operators.includes(MATCH) ? [...modes, ...operators] : operators;
}

function withMode(match: Match, mode: string): Match {
  return COUNTED.includes(mode) ? { mode, threshold: match.threshold ?? 1 } : { mode };
}
