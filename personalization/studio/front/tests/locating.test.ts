import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { brokenLine, lineOf, locate } from "../src/tree/locating.ts";
import { trees } from "./trees.ts";

test("every value of a text is found by its place", () => {
  fc.assert(
    fc.property(trees, fc.constantFrom(0, 2), (tree, indent) => {
      const text = JSON.stringify(tree, null, indent);
      for (const [place, value] of placesOf(tree)) {
        const range = locate(text, place);
        assert.ok(range);
        assert.deepEqual(JSON.parse(text.slice(range.from, range.to)), value);
      }
    }),
  );
});

test("a place that is not there leads to the nearest one around it", () => {
  const text = '{"rules": [{"field": "x"}]}';
  const range = locate(text, ["rules", "0", "value", "3"]);

  assert.equal(text.slice(range?.from, range?.to), '{"field": "x"}');
});

test("a line is named from one", () => {
  assert.equal(lineOf("a\nb\nc", 4), 3);
});

test("broken JSON is named by its line", () => {
  const broken = '{\n  "rules": [\n    {"field" "x"}\n  ]\n}';

  assert.equal(brokenLine(broken, errorOf(broken)), 3);
  assert.equal(brokenLine('{\n  "rules": [', errorOf('{\n  "rules": [')), 2);
});

function errorOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function placesOf(value: unknown, place: string[] = []): [string[], unknown][] {
  const below = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [[place, value], ...below.flatMap(([key, each]) => placesOf(each, [...place, key]))];
}
