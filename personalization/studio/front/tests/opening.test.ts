import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { add, move, remove } from "react-querybuilder";
import { pathOf } from "../src/tree/moving.ts";
import { type Marks, copy, open, store } from "../src/tree/opening.ts";
import { type Group, type Node, isGroup } from "../src/tree/tree.ts";
import { trees } from "./trees.ts";

test("any valid tree opens and is stored unchanged, to the letter", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const marks: Marks = new Map();
      const opened = open(tree, marks);
      assert.ok(opened);
      assert.equal(JSON.stringify(store(opened, marks)), JSON.stringify(tree));
    }),
    { numRuns: 1000 },
  );
});

test("what somebody adds and takes out again leaves no trace in the rest", () => {
  fc.assert(
    fc.property(trees, fc.nat(), (tree, seed) => {
      const marks: Marks = new Map();
      const opened = open(tree, marks) as Group;
      const groups = groupsOf(opened);
      const parent = pathOf(opened, (groups[seed % groups.length] as Group).id) ?? [];
      const rule = { id: "x", field: "visits", operator: "=", value: 1 };
      const more = add(opened as never, rule as never, [...parent]);
      const added = pathOf(more as never, "x") as number[];
      const less = remove(more, added) as unknown as Group;
      assert.equal(JSON.stringify(store(less, marks)), JSON.stringify(tree));
    }),
  );
});

test("what is moved away and back is what it was", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const marks: Marks = new Map();
      const opened = open(tree, marks) as Group;
      fc.pre(opened.rules.length > 1);
      const away = move(opened as never, [0], [opened.rules.length]);
      const back = move(away, [opened.rules.length - 1], [0]) as unknown as Group;
      assert.equal(JSON.stringify(store(back, marks)), JSON.stringify(tree));
    }),
  );
});

test("a copy says the same under ids of its own", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const marks: Marks = new Map();
      const opened = open(tree, marks) as Group;
      const twin = copy(opened, marks);
      const own = new Set(idsOf(opened));
      assert.ok(idsOf(twin).every((id) => !own.has(id)));
      assert.deepEqual(bare(store(twin, marks)), bare(tree));
    }),
  );
});

test("what is no tree is not drawn", () => {
  for (const tree of [null, 1, "x", [], {}, { rules: {} }, { rules: [1] }, { rules: [{ rules: null }] }]) {
    assert.equal(open(tree, new Map()), null);
  }
});

function groupsOf(group: Group): Group[] {
  return [group, ...group.rules.filter(isGroup).flatMap(groupsOf)];
}

function idsOf(node: Node | unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const own = "id" in node && typeof node.id === "string" ? [node.id] : [];
  const rules = "rules" in node && Array.isArray(node.rules) ? node.rules : [];
  const value = "value" in node && typeof node.value === "object" ? [node.value] : [];
  const steps = "steps" in node && Array.isArray(node.steps) ? node.steps : [];
  return [...own, ...[...rules, ...value, ...steps].flatMap(idsOf)];
}

/** The tree without ids, every group with its combinator: what both mean. */
function bare(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree), (key, value) => {
    if (key === "id") return undefined;
    return isGroup(value) ? { ...value, combinator: value.combinator ?? "and" } : value;
  });
}
