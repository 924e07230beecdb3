// Where a node goes when it is moved by keys; react-querybuilder's own `move` takes it there.
//
// Paths are lists of indexes from the root group. A new path is read before the node is taken out.

import { findPath } from "react-querybuilder";
import { type Group, type Node, isGroup } from "./tree.ts";

export type Path = readonly number[];
export type Direction = "up" | "down" | "in" | "out";

/** The new path, or null where there is no way. */
export function movedTo(root: Group, path: Path, direction: Direction): Path | null {
  const index = path.at(-1);
  if (index === undefined) return null;
  const parent = path.slice(0, -1);
  if (direction === "out") return after(parent);
  const siblings = groupAt(root, parent).rules;
  if (direction === "up") {
    if (index > 0) return intoEnd(siblings[index - 1], parent, index - 1) ?? [...parent, index - 1];
    return parent.length ? parent : null;
  }
  if (direction === "down") {
    if (index + 1 < siblings.length) {
      return isGroup(siblings[index + 1]) ? [...parent, index + 1, 0] : [...parent, index + 2];
    }
    return after(parent);
  }
  const before = intoEnd(siblings[index - 1], parent, index - 1);
  return before ?? (isGroup(siblings[index + 1]) ? [...parent, index + 1, 0] : null);
}

export function nodeAt<N extends Node>(root: Group, path: Path): N {
  return findPath([...path], root as never) as unknown as N;
}

export function groupAt(root: Group, path: Path): Group {
  return nodeAt<Group>(root, path);
}

export function isSamePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((index, place) => index === b[place]);
}

/** Whether a node that goes from here to there stays where it is. */
export function isSamePlace(from: Path, to: Path): boolean {
  const last = from.length - 1;
  const step = (to[last] ?? -1) - (from[last] ?? 0);
  return to.length === from.length && from.slice(0, -1).every((each, at) => to[at] === each) && (step === 0 || step === 1);
}

/** The path of the node with this id. */
export function pathOf(root: Group, id: string): Path | null {
  if (root.id === id) return [];
  for (const [index, child] of root.rules.entries()) {
    const below = isGroup(child) ? pathOf(child, id) : child.id === id ? [] : null;
    if (below) return [index, ...below];
  }
  return null;
}

function after(parent: Path): Path | null {
  const index = parent.at(-1);
  return index === undefined ? null : [...parent.slice(0, -1), index + 1];
}

function intoEnd(node: Node | undefined, parent: Path, index: number): Path | null {
  return isGroup(node) ? [...parent, index, node.rules.length] : null;
}
