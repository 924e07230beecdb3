// The tree of a condition, as it is stored and as it is edited.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A group in the builder: every node has an id and every group a combinator. */
export interface Group {
  id: string;
  combinator: string;
  not?: boolean;
  rules: Node[];
}

export interface Match {
  mode: string;
  threshold?: Json;
}

export interface Steps {
  steps: Group[];
  within: Json;
  then: Json;
}

/** A rule in the builder. `value` holds a group where there is a match, and steps in a sequence. */
export interface Rule {
  id: string;
  field: string;
  operator: string;
  value?: Json | Group | Steps;
  valueSource?: string;
  match?: Match | null;
}

export type Node = Group | Rule;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A group by its shape: that is how the server tells one as well. */
export function isGroup(value: unknown): value is Group {
  return isObject(value) && Array.isArray(value["rules"]);
}

/** The value of a sequence. */
export function hasSteps(value: unknown): value is Steps {
  return isObject(value) && Array.isArray(value["steps"]) && value["steps"].every(isGroup);
}

export function emptyGroup(): Omit<Group, "id"> {
  return { combinator: "and", not: false, rules: [] };
}
