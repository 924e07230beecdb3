// A stored tree is opened for editing, and what was edited is stored again.
//
// In:  any JSON. Out: the same tree in which every node has an id of our own and every group a
// combinator, or null where it cannot be drawn. `store` gives back, key by key in their order,
// what was opened; only what somebody edited differs.

import { type Group, type Json, type JsonObject, type Node, isObject } from "./tree.ts";

/** What stood in a node before we put something there. */
interface Before {
  id?: Json;
  hadCombinator: boolean;
}

export type Marks = Map<string, Before>;

export function open(tree: unknown, marks: Marks): Group | null {
  return isDrawable(tree) ? (opened(tree as Json, marks) as unknown as Group) : null;
}

export function store(tree: Node, marks: Marks): Json {
  return stored(tree as unknown as Json, marks);
}

/** A copy that shares no id with what it was copied from. */
export function copy<N extends Node>(node: N, marks: Marks): N {
  return opened(withoutIds(node as unknown as Json), marks) as unknown as N;
}

let last = 0;

function newId(): string {
  last += 1;
  return `n${last}`;
}

function isDrawable(tree: unknown): boolean {
  if (!isObject(tree) || !Array.isArray(tree["rules"])) return false;
  return tree["rules"].every((child) => {
    if (!isObject(child)) return false;
    return "rules" in child ? isDrawable(child) : inner(child).every(isDrawable);
  });
}

/** Groups inside the value of a rule: of a match one, of a sequence its steps. */
function inner(rule: Record<string, unknown>): unknown[] {
  const value = rule["value"];
  if (!isObject(value)) return [];
  if (isMatch(rule)) return Array.isArray(value["rules"]) ? [value] : [];
  return rule["operator"] === "sequence" && Array.isArray(value["steps"]) ? value["steps"] : [];
}

function isMatch(rule: Record<string, unknown>): boolean {
  return rule["match"] !== undefined && rule["match"] !== null;
}

function opened(node: Json, marks: Marks): JsonObject {
  const was = node as JsonObject;
  const isGroup = Array.isArray(was["rules"]);
  const before: Before = { hadCombinator: "combinator" in was };
  if ("id" in was) before.id = was["id"] as Json;
  const now: JsonObject = { ...was, id: newId() };
  if (isGroup && !before.hadCombinator) now["combinator"] = "and";
  marks.set(now["id"] as string, before);
  return withInner(now, (child) => opened(child, marks));
}

function stored(node: Json, marks: Marks): JsonObject {
  const now = node as JsonObject;
  const before = marks.get(now["id"] as string);
  const kept = Object.entries(now).flatMap(([key, value]): [string, Json][] => {
    if (key === "id") return before?.id === undefined ? [] : [[key, before.id]];
    if (key === "combinator" && before && !before.hadCombinator && value === "and") return [];
    return [[key, value]];
  });
  return withInner(Object.fromEntries(kept), (child) => stored(child, marks));
}

function withoutIds(node: Json): JsonObject {
  const { id: _id, ...rest } = node as JsonObject;
  return withInner(rest, withoutIds);
}

/** The node with each group below it changed, and each rule of a group. */
function withInner(node: JsonObject, change: (child: Json) => JsonObject): JsonObject {
  if (Array.isArray(node["rules"])) return { ...node, rules: node["rules"].map(change) };
  if (!inner(node).length) return node;
  const value = node["value"] as JsonObject;
  if (isMatch(node)) return { ...node, value: change(value) };
  return { ...node, value: { ...value, steps: (value["steps"] as Json[]).map(change) } };
}
