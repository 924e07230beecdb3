// What a rule starts as, and what stays of it when its field or operator changes.

import { type Field, type Offer, kindOf, shapeOf, timeOf } from "../fields/offer.ts";
import { asList } from "./values.ts";
import { type Json, type Rule, emptyGroup } from "./tree.ts";

export const MATCH = "="; // the operator of a match over a list
export type Stored = Omit<Rule, "id">;

const FIRST: Readonly<Record<string, string>> = {
  number: ">=",
  datetime: "withinLast",
  version: "versionAtLeast",
};

/** A new rule over this field; it says something sensible from the start where that is possible. */
export function newRule(offer: Offer, field: Field, wanted?: string): Stored {
  const first = FIRST[field.type];
  const usual = first && field.operators.includes(first) && !field.isList ? first : undefined;
  const operator = wanted ?? usual ?? field.operators[0] ?? "=";
  return { field: field.name, operator, ...start(offer, field, operator) };
}

/** The same rule with another operator; a value that still fits is kept. */
export function withOperator(offer: Offer, field: Field, rule: Rule, operator: string): Rule {
  const fresh = { id: rule.id, field: rule.field, operator, ...start(offer, field, operator) };
  if (isMatch(rule) || isMatch(fresh) || rule.operator === "sequence") return fresh;
  const [before, after] = [shapeOf(offer, rule.operator), shapeOf(offer, operator)];
  if (rule.valueSource === "field") {
    return after === "one" ? { ...fresh, value: rule.value as Json, valueSource: "field" } : fresh;
  }
  const kept = keptValue(rule.value as Json, before, after);
  return kept === undefined ? fresh : { ...fresh, value: kept };
}

export function isMatch(rule: Stored | Rule): boolean {
  return rule.match !== undefined && rule.match !== null;
}

/** What one step of a sequence starts as. */
export function newStep(list: Field, kind: string): Json {
  const named = kindOf(list);
  return { ...emptyGroup(), rules: named ? [{ field: named.name, operator: "=", value: kind }] : [] };
}

function start(offer: Offer, field: Field, operator: string): Pick<Rule, "value" | "match"> {
  const shape = shapeOf(offer, operator);
  if (shape === "steps") return { value: newSequence(field) as Json };
  if (field.of && operator === MATCH) return newMatch(offer, field);
  if (shape === "none") return { value: null };
  if (shape === "many") return { value: [] };
  if (shape === "two") return { value: ["", ""] };
  if (shape === "duration") return { value: "7d" };
  return { value: field.type === "boolean" ? true : (field.choices[0]?.[0] ?? "") };
}

function newSequence(field: Field): Json {
  const steps = [newStep(field, "add_to_cart"), newStep(field, "purchase")];
  return { steps, within: "2d", then: "didNot" };
}

/** Once at least; of events: looked at something within the last seven days. */
function newMatch(offer: Offer, field: Field): Pick<Rule, "value" | "match"> {
  const [kind, time] = [kindOf(field), timeOf(field)];
  const rules: Stored[] = [];
  if (kind) rules.push({ field: kind.name, operator: "=", value: kind.choices[0]?.[0] ?? "" });
  if (kind && time) rules.push(newRule(offer, time, "withinLast"));
  return {
    match: { mode: "atLeast", threshold: 1 },
    value: { ...emptyGroup(), rules } as unknown as Json,
  };
}

function keptValue(value: Json, before: string, after: string): Json | undefined {
  if (before === after) return value;
  if (before === "one" && after === "many") return value === "" || value === null ? [] : [value];
  if (before === "one" && after === "two") return [value, ""];
  if (after === "one" && (before === "many" || before === "two")) return asList(value)[0];
  return undefined;
}
