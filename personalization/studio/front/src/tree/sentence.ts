// Behaviour as a sentence with blanks: which rule of the inner group fills which blank.
//
// Only a plain "all of these" is a sentence; anything else is drawn as the group that it is. Nothing
// here reorders or rewrites a rule that nobody touched.

import { type Field, kindOf, timeOf } from "../fields/offer.ts";
import { isMatch } from "./starting.ts";
import { type Group, type Node, type Rule, isGroup } from "./tree.ts";

/** Places of the rules in the group; null: that blank is empty. */
export interface Sentence {
  kind: number | null;
  time: number | null;
  details: readonly number[];
}

export const TIMES = ["withinLast", "olderThan", "before", "after", "between"];

export function sentenceOf(list: Field, inner: Group): Sentence | null {
  const isPlain = inner.combinator === "and" && !inner.not;
  if (!isPlain || inner.rules.some((node) => isGroup(node) || isMatch(node))) return null;
  const rules = inner.rules as readonly Rule[];
  const kind = rules.findIndex((rule) => isKind(list, rule));
  const time = rules.findIndex((rule) => isTime(list, rule));
  const details = [...rules.keys()].filter((index) => index !== kind && index !== time);
  return { kind: kind < 0 ? null : kind, time: time < 0 ? null : time, details };
}

/** The inner group with the rule of a blank replaced, put in at that end, or taken out. */
export function withBlank(
  inner: Group,
  index: number | null,
  rule: Node | null,
  end: "first" | "last",
): Group {
  if (index === null && rule === null) return inner;
  if (index === null) {
    const added = rule as Node;
    return { ...inner, rules: end === "first" ? [added, ...inner.rules] : [...inner.rules, added] };
  }
  const rules = inner.rules.flatMap((each, place) => (place !== index ? [each] : rule ? [rule] : []));
  return { ...inner, rules };
}

function isKind(list: Field, rule: Rule): boolean {
  return (
    rule.field === kindOf(list)?.name &&
    rule.operator === "=" &&
    typeof rule.value === "string" &&
    rule.valueSource !== "field"
  );
}

function isTime(list: Field, rule: Rule): boolean {
  const isPlain = rule.valueSource !== "field";
  return rule.field === timeOf(list)?.name && TIMES.includes(rule.operator) && isPlain;
}
