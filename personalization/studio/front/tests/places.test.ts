import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwn, placeOf, readPlace } from "../src/tree/places.ts";

test("both ways of the server to name a place are read", () => {
  assert.deepEqual(readPlace("rules/1/value/0"), ["rules", "1", "value", "0"]);
  assert.deepEqual(readPlace("rules[1].value[0]"), ["rules", "1", "value", "0"]);
  assert.deepEqual(readPlace(""), []);
});

test("a node's place follows from its path", () => {
  assert.deepEqual(placeOf(["rules", "0", "value"], [2, 1]), ["rules", "0", "value", "rules", "2", "rules", "1"]);
});

test("a refusal belongs to the deepest node that it is about", () => {
  const value = readPlace("rules/0/rules/1/value/0");
  assert.equal(isOwn(placeOf([], [0, 1]), value), true);
  assert.equal(isOwn(placeOf([], [0]), value), false);
  assert.equal(isOwn([], value), false);
  assert.equal(isOwn(placeOf([], [0, 0]), value), false);
});

test("a refusal inside a match or a step belongs to the rule in there", () => {
  const inside = readPlace("rules/0/value/steps/1/rules/2/field");
  assert.equal(isOwn(["rules", "0"], inside), false);
  assert.equal(isOwn(["rules", "0", "value", "steps", "1", "rules", "2"], inside), true);
  assert.equal(isOwn(["rules", "0"], readPlace("rules/0/value/within")), true);
  assert.equal(isOwn(["rules", "0"], readPlace("rules/0/match/threshold")), true);
});

test("what is wrong with the whole belongs to the outermost group", () => {
  assert.equal(isOwn([], []), true);
  assert.equal(isOwn([], ["combinator"]), true);
});
