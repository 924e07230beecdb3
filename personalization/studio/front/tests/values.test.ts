import assert from "node:assert/strict";
import { test } from "node:test";
import { asList, isSame, isShare, percentOf, readDuration, typedNumber } from "../src/tree/values.ts";
import { fits } from "../src/view/useListbox.ts";

test("durations are read as the server reads them", () => {
  assert.deepEqual(readDuration(" 7d "), { amount: "7", unit: "d" });
  assert.equal(readDuration("7 days"), null);
  assert.equal(readDuration(7), null);
});

test("lists are read from arrays and from texts with commas", () => {
  assert.deepEqual(asList(["a", 1]), ["a", 1]);
  assert.deepEqual(asList("DE, AT"), ["DE", "AT"]);
  assert.deepEqual(asList(""), []);
  assert.deepEqual(asList(null), []);
});

test("a typed number is a number, and half a number still the text", () => {
  assert.equal(typedNumber(" 3.5 "), 3.5);
  assert.equal(typedNumber("-"), "-");
  assert.equal(typedNumber(""), "");
});

test("a share is strictly between none and all", () => {
  assert.deepEqual([0, 0.3, "0.3", 1, 3, true].map(isShare), [false, true, true, false, false, false]);
  assert.equal(percentOf(0.07), 7);
  assert.equal(percentOf(0.333), 33.3);
});

test("a spelled number is the same choice", () => {
  assert.equal(isSame(1, "1"), true);
  assert.equal(isSame("", null), false);
});

test("options are found by any of their words, whatever the accents; the nearest stand first", () => {
  const options = ["country of delivery", "Österreich", "country"].map((label) => ({ value: label, label }));
  assert.deepEqual(fits(options, "country").map(({ label }) => label), ["country", "country of delivery"]);
  assert.deepEqual(fits(options, "delivery coun").map(({ label }) => label), ["country of delivery"]);
  assert.deepEqual(fits(options, "oster").map(({ label }) => label), ["Österreich"]);
});

test("what a name says goes before what its group says, and a group stays in one piece", () => {
  const options = [
    { value: "events", label: "recent behaviour", group: "Visitor" },
    { value: "device", label: "device of the visitor", group: "Page view" },
    { value: "visits", label: "number of visitors' visits", group: "Visitor" },
  ];
  assert.deepEqual(fits(options, "visitor").map(({ value }) => value), ["device", "visits", "events"]);
});
