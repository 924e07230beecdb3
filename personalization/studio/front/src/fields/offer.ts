// What the server offers: fields with their operators, suggestions, words. See condition_offer.py.

import type { Json } from "../tree/tree.ts";
import type { Words } from "./words.ts";

export type Choice = readonly [value: Json, label: string];

export interface Field {
  name: string;
  label: string;
  group: string;
  type: string; // string number boolean datetime version; of a plain list that of its elements
  isList: boolean;
  choices: readonly Choice[];
  suggests: "" | "country" | "server"; // where more values come from
  operators: readonly string[];
  of: readonly Field[] | null; // fields of one element of a list
}

export interface Operator {
  label: string;
  shape: "none" | "one" | "two" | "many" | "duration" | "steps";
}

export interface Offer {
  site: string; // its id
  segment: string; // the key of the segment that is edited, "" elsewhere
  zone: string; // IANA name: times are shown and typed on the site's clock
  fields: readonly Field[];
  operators: Readonly<Record<string, Operator>>;
  addresses: { reading: string; values: string; offer: string };
  words: Words;
}

/** The field of this name; one that is not offered is still shown, as a text. */
export function fieldNamed(fields: readonly Field[], name: string): Field {
  return fields.find((field) => field.name === name) ?? unknownField(name);
}

export function shapeOf(offer: Offer, operator: string): Operator["shape"] {
  return offer.operators[operator]?.shape ?? "one";
}

/** Other fields that this one can be compared with, where the operator allows it. */
export function comparable(
  offer: Offer,
  fields: readonly Field[],
  field: Field,
  operator: string,
): readonly Field[] {
  const isPattern = operator === "matches" || operator === "doesNotMatch";
  if (field.isList || isPattern || shapeOf(offer, operator) !== "one") return [];
  return fields.filter(
    (other) => other.name !== field.name && other.type === field.type && !other.isList,
  );
}

/** The part of an element's fields that says when it happened, if there is one. */
export function timeOf(list: Field): Field | undefined {
  return list.of?.find((field) => field.name === "at" && field.type === "datetime");
}

/** The part of an element's fields that says of what kind it is, if there is one. */
export function kindOf(list: Field): Field | undefined {
  return list.of?.find((field) => field.name === "type" && field.type === "string");
}

function unknownField(name: string): Field {
  return {
    name,
    label: name,
    group: "",
    type: "string",
    isList: false,
    choices: [],
    suggests: "",
    operators: [],
    of: null,
  };
}
