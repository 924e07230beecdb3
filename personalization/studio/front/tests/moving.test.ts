import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { move } from "react-querybuilder";
import { type Direction, type Path, isSamePlace, movedTo, pathOf } from "../src/tree/moving.ts";
import { open } from "../src/tree/opening.ts";
import { type Group, type Node, isGroup } from "../src/tree/tree.ts";
import { trees } from "./trees.ts";

const WAYS: readonly Direction[] = ["up", "down", "in", "out"];

test("moving by keys loses nothing and changes only the place", () => {
  fc.assert(
    fc.property(trees, fc.nat(), fc.constantFrom(...WAYS), (tree, seed, way) => {
      const root = open(tree, new Map()) as Group;
      const nodes = below(root);
      fc.pre(nodes.length > 0);
      const node = nodes[seed % nodes.length] as Node;
      const from = pathOf(root, node.id) as Path;
      const to = movedTo(root, from, way);
      fc.pre(to !== null);
      const moved = move(root as never, [...from], [...(to as Path)]) as unknown as Group;
      assert.deepEqual(idsOf(moved), idsOf(root));
      assert.notDeepEqual(pathOf(moved, node.id), from);
    }),
  );
});

test("down undoes up", () => {
  fc.assert(
    fc.property(trees, fc.nat(), (tree, seed) => {
      const root = open(tree, new Map()) as Group;
      const nodes = below(root);
      fc.pre(nodes.length > 0);
      const { id } = nodes[seed % nodes.length] as Node;
      const up = movedTo(root, pathOf(root, id) as Path, "up");
      fc.pre(up !== null);
      const moved = go(root, id, up as Path);
      const back = go(moved, id, movedTo(moved, pathOf(moved, id) as Path, "down") as Path);
      assert.deepEqual(pathOf(back, id), pathOf(root, id));
    }),
  );
});

test("at the edges there is no way on", () => {
  const root = open({ rules: [{ field: "a" }] }, new Map()) as Group;
  assert.deepEqual(WAYS.map((way) => movedTo(root, [0], way)), [null, null, null, null]);
});

test("before and after itself is where a node stands already", () => {
  assert.equal(isSamePlace([1, 2], [1, 2]), true);
  assert.equal(isSamePlace([1, 2], [1, 3]), true);
  assert.equal(isSamePlace([1, 2], [1, 1]), false);
  assert.equal(isSamePlace([1, 2], [2, 2]), false);
  assert.equal(isSamePlace([1], [1, 0]), false);
});

function go(root: Group, id: string, to: Path): Group {
  return move(root as never, [...(pathOf(root, id) as Path)], [...to]) as unknown as Group;
}

function below(group: Group): Node[] {
  return group.rules.flatMap((node) => (isGroup(node) ? [node, ...below(node)] : [node]));
}

function idsOf(root: Group): string[] {
  return below(root)
    .map((node) => node.id)
    .sort();
}
