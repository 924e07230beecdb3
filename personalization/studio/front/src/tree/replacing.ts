// One node of a tree put in the place of another; everything beside the way stays the same value.

import type { Path } from "./moving.ts";
import { type Group, type Node, isGroup } from "./tree.ts";

export function replaced(root: Group, path: Path, node: Node): Group {
  const [index, ...rest] = path;
  if (index === undefined) return node as Group;
  const rules = root.rules.map((child, place) =>
    place !== index ? child : rest.length && isGroup(child) ? replaced(child, rest, node) : node,
  );
  return { ...root, rules };
}

/** A copy of the list with this node put in before `index`. */
export function inserted(root: Group, parent: Path, index: number, node: Node): Group {
  const [first, ...rest] = parent;
  if (first === undefined) {
    return { ...root, rules: [...root.rules.slice(0, index), node, ...root.rules.slice(index)] };
  }
  const child = root.rules[first] as Group;
  return replaced(root, [first], inserted(child, rest, index, node));
}
