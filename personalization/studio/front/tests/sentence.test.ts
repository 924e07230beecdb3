import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldNamed } from "../src/fields/offer.ts";
import { open } from "../src/tree/opening.ts";
import { sentenceOf, withBlank } from "../src/tree/sentence.ts";
import type { Group, Json } from "../src/tree/tree.ts";
import { fields } from "./offered.ts";

const events = fieldNamed(fields, "events");
const view = { field: "type", operator: "=", value: "view" };
const shoes = { field: "category", operator: "=", value: "shoes" };
const lately = { field: "at", operator: "withinLast", value: "7d" };

function inner(rules: Json[], more: Record<string, Json> = {}): Group {
  return open({ combinator: "and", rules, ...more }, new Map()) as Group;
}

test("views of shoes within seven days fill the blanks of a sentence", () => {
  assert.deepEqual(sentenceOf(events, inner([view, shoes, lately])), { kind: 0, time: 2, details: [1] });
});

test("the order in which the rules are stored does not matter", () => {
  assert.deepEqual(sentenceOf(events, inner([lately, shoes, view])), { kind: 2, time: 0, details: [1] });
});

test("a second kind and a second time are details", () => {
  assert.deepEqual(sentenceOf(events, inner([view, view, lately, lately]))?.details, [1, 3]);
});

test("an empty group is a sentence with empty blanks", () => {
  assert.deepEqual(sentenceOf(events, inner([])), { kind: null, time: null, details: [] });
});

test("what is more than all of these is no sentence", () => {
  assert.equal(sentenceOf(events, inner([view], { combinator: "or" })), null);
  assert.equal(sentenceOf(events, inner([view], { not: true })), null);
  assert.equal(sentenceOf(events, inner([view, { rules: [shoes] }])), null);
});

test("filling a blank touches nothing else", () => {
  const group = inner([shoes, lately]);
  const kind = inner([view]).rules[0] ?? null;
  const filled = withBlank(group, null, kind, "first");

  assert.deepEqual(filled.rules.slice(1), group.rules);
  assert.equal(filled.rules[1], group.rules[0]);
  assert.deepEqual(withBlank(filled, 0, null, "first"), group);
  assert.equal(withBlank(group, null, null, "last"), group);
});
