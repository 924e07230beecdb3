import assert from "node:assert/strict";
import { test } from "node:test";
import { comparable, fieldNamed } from "../src/fields/offer.ts";
import { newRule, withOperator } from "../src/tree/starting.ts";
import type { Rule } from "../src/tree/tree.ts";
import { fields, offer } from "./offered.ts";

const start = (name: string, operator?: string) => newRule(offer, fieldNamed(fields, name), operator);

function changed(rule: Omit<Rule, "id">, operator: string): Rule {
  return withOperator(offer, fieldNamed(fields, rule.field), { ...rule, id: "x" }, operator);
}

test("a rule starts with what its field is usually asked", () => {
  assert.deepEqual(start("first_seen"), { field: "first_seen", operator: "withinLast", value: "7d" });
  assert.deepEqual(start("subscriber"), { field: "subscriber", operator: "=", value: true });
  assert.deepEqual(start("tags"), { field: "tags", operator: "hasAny", value: [] });
  assert.deepEqual(start("segment"), { field: "segment", operator: "in", value: [] });
});

test("behaviour starts as a whole sentence", () => {
  assert.deepEqual(start("events"), {
    field: "events",
    operator: "=",
    match: { mode: "atLeast", threshold: 1 },
    value: {
      combinator: "and",
      not: false,
      rules: [
        { field: "type", operator: "=", value: "view" },
        { field: "at", operator: "withinLast", value: "7d" },
      ],
    },
  });
});

test("a value stays where the other operator takes it", () => {
  const one = { field: "country", operator: "=", value: "DE" };
  assert.equal(changed(one, "!=").value, "DE");
  assert.deepEqual(changed(one, "in").value, ["DE"]);
  assert.equal(changed({ ...one, operator: "in", value: ["DE", "AT"] }, "=").value, "DE");
  assert.deepEqual(changed({ field: "visits", operator: ">=", value: 3 }, "between").value, [3, ""]);
});

test("a value that the other operator cannot take starts afresh", () => {
  assert.equal(changed({ field: "first_seen", operator: "withinLast", value: "7d" }, "before").value, "");
  assert.equal(changed({ field: "country", operator: "=", value: "DE" }, "null").value, null);
});

test("a comparison with a field stays one only where that is possible", () => {
  const rule = { field: "visits", operator: "=", value: "frequency", valueSource: "field" };
  assert.equal(changed(rule, "<").valueSource, "field");
  assert.equal(changed(rule, "in").valueSource, undefined);
});

test("a field is compared with others of its type, never by a pattern", () => {
  const [visits, country] = [fieldNamed(fields, "visits"), fieldNamed(fields, "country")];
  assert.deepEqual(comparable(offer, fields, visits, "<").map(({ name }) => name), ["frequency"]);
  assert.deepEqual(comparable(offer, fields, visits, "in"), []);
  assert.deepEqual(comparable(offer, fields, country, "matches"), []);
});
