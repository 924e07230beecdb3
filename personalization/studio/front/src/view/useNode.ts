// What one can do with a node as such: move it, copy it, take it out; each is said aloud.

import { filled } from "../fields/words.ts";
import { copy } from "../tree/opening.ts";
import { type Direction, type Path, groupAt, isSamePlace, movedTo, pathOf } from "../tree/moving.ts";
import type { Group, Node } from "../tree/tree.ts";
import { type Scope, useScope } from "./Scope.tsx";
import { type Studio, useStudio } from "./studio.ts";
import type { Action } from "./Menu.tsx";

export interface NodeActions {
  move(direction: Direction): void;
  moveTo(path: Path): void;
  duplicate(): void;
  remove(): void;
  all(): Action[];
}

export function useNode(node: Node, path: Path): NodeActions {
  const studio = useStudio();
  const scope = useScope();
  const { words } = studio;
  const parent = path.slice(0, -1);
  const index = path.at(-1) ?? 0;

  function moveTo(to: Path): void {
    if (isSamePlace(path, to)) return;
    scope.move(path, to);
    studio.focusOn(node.id, "handle");
    studio.announce(whereNow(studio, scope.root(), node.id));
  }

  function move(direction: Direction): void {
    const to = movedTo(scope.root(), path, direction);
    if (to) moveTo(to);
    else studio.announce(words.stays);
  }

  function duplicate(): void {
    const twin = copy(node, studio.marks);
    scope.insert(parent, index + 1, twin);
    studio.focusOn(twin.id, "handle");
    studio.announce(words.duplicated);
  }

  function remove(): void {
    const next = neighbour(scope, path);
    scope.remove(path);
    studio.focusOn(next.id, next.part);
    studio.announce(words.removed);
  }

  function all(): Action[] {
    const ways: Direction[] = ["up", "down", "in", "out"];
    const root = scope.root();
    return [
      ...ways
        .filter((way) => movedTo(root, path, way) !== null)
        .map((way) => ({ label: words[way], run: () => move(way) })),
      { label: words.duplicate, run: duplicate },
      { label: words.remove, run: remove, isDanger: true },
    ];
  }

  return { move, moveTo, duplicate, remove, all };
}

function whereNow({ words }: Studio, root: Group, id: string): string {
  const path = pathOf(root, id) ?? [];
  const group = groupAt(root, path.slice(0, -1));
  const kind = `${group.not ? "not-" : ""}${group.combinator}` as keyof typeof words.kinds;
  return filled(words.moved, {
    place: (path.at(-1) ?? 0) + 1,
    count: group.rules.length,
    group: words.kinds[kind] ?? kind,
  });
}

/** Where the focus goes when the node at this path is gone. */
function neighbour(scope: Scope, path: Path): { id: string; part: "handle" | "add" } {
  const group = groupAt(scope.root(), path.slice(0, -1));
  const index = path.at(-1) ?? 0;
  const beside = group.rules[index + 1] ?? group.rules[index - 1];
  return beside ? { id: beside.id, part: "handle" } : { id: group.id, part: "add" };
}
