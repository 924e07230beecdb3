// Valid trees of every kind, as people, the API and other tools write them.

import fc from "fast-check";
import type { Json, JsonObject } from "../src/tree/tree.ts";

/** Text as it may be stored: no NUL and no half of a pair. */
const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((each) => !each.includes("\0"));
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => !Object.is(each, -0)),
  fc.integer().map(String),
);
const moment = fc.constantFrom(
  "2026-03-02T09:00:00Z",
  "2026-03-29T02:30",
  "2026-03-02",
  "2026-03-02 09:00:00.5+05:30",
  "20260302T090000+0100",
);
const duration = fc.tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom(..."wdhms")).map((each) => each.join(""));
const version = fc.constantFrom("2.10.1", "v3.0-beta.2", "1");
const extra: Record<string, fc.Arbitrary<Json>> = {
  id: fc.oneof(text, fc.integer(), fc.constantFrom<Json>(null, { nested: ["id"] })),
  path: fc.oneof(fc.array(fc.nat()), fc.constant("anything")),
};

type One = fc.Arbitrary<JsonObject>;

function rule(field: string, operators: readonly string[], value: fc.Arbitrary<Json>): One {
  return fc.record({ field: fc.constant(field), operator: fc.constantFrom(...operators), value });
}

function lists(value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.array(value, { minLength: 1, maxLength: 4 });
}

const pair = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.tuple(value, value).map((each) => each);
const commas = fc.constantFrom("DE, AT", "a,b,c", "1,5");
const plain: One[] = [
  rule("country", ["=", "!=", "contains", "doesNotBeginWith", "matches", "<"], text),
  rule("country", ["in", "notIn"], fc.oneof(lists(text), commas)),
  rule("visits", ["=", ">=", "<"], number),
  rule("visits", ["between", "notBetween"], fc.oneof(pair(number), fc.constant("1,5"))),
  rule("visits", ["in"], lists(number)),
  rule("first_seen", ["withinLast", "olderThan"], duration),
  rule("first_seen", ["before", "after", "="], moment),
  rule("subscriber", ["=", "!="], fc.constantFrom<Json>(true, false, "true", "FALSE")),
  rule("app", ["versionAtLeast", "="], version),
  rule("tags", ["hasAny", "hasAll", "hasNone"], fc.oneof(lists(text), commas)),
  rule("visits", ["null", "notNull"], fc.oneof(fc.constantFrom<Json>(null, { rules: [1, "x"] }), text)),
  rule("segment", ["in", "notIn"], fc.oneof(lists(fc.constantFrom("loyal", "new")), fc.constant("loyal,new"))),
  fc.record({
    field: fc.constant("visits"),
    operator: fc.constantFrom("=", "<"),
    value: fc.constant("frequency"),
    valueSource: fc.constant("field"),
  }),
  fc.record({ field: fc.constant("country"), operator: fc.constant("null") }),
];

const element: One[] = [
  rule("type", ["=", "in"], fc.oneof(fc.constantFrom("view", "purchase", "own kind"), commas)),
  rule("category", ["=", "contains"], text),
  rule("value", [">=", "<"], number),
  rule("at", ["withinLast", "olderThan"], duration),
  rule("at", ["before", "after", "="], moment),
];

const match: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ mode: fc.constantFrom("some", "none", "all") }),
  fc.record({
    mode: fc.constantFrom("atLeast", "atMost", "exactly"),
    threshold: fc.oneof(fc.nat(50), fc.constantFrom<Json>(0.3, 0.125, "3", 1, 0)),
  }),
);

/** The object with some extra members, somewhere among its own. */
function odd(object: One, more: Record<string, fc.Arbitrary<Json>>): One {
  const extras = fc.record(more, { requiredKeys: [] });
  return fc.tuple(object, extras, fc.boolean()).map(([own, added, isFirst]) => {
    const both = isFirst ? { ...added, ...own } : { ...own, ...added };
    return JSON.parse(JSON.stringify(both)) as JsonObject;
  });
}

function groupOf(rules: One): One {
  const combinator = fc.constantFrom("and", "or");
  const shape = fc.record(
    { combinator, not: fc.boolean(), rules: fc.array(rules, { maxLength: 4 }) },
    { requiredKeys: ["rules"] },
  );
  return odd(shape as One, extra);
}

const inner = nested(odd(fc.oneof(...element), { ...extra, valueSource: fc.constant("value") }), 2);

const behaviour: One = fc.oneof(
  fc.record(
    { field: fc.constant("events"), operator: fc.constant("="), match, value: inner },
    { requiredKeys: ["field", "match", "value"] },
  ),
  fc.record({ field: fc.constant("affinity"), operator: fc.constant("="), match, value: groupOf(rule("score", [">="], number)) }),
  fc.record({ field: fc.constant("tags"), operator: fc.constant("="), match, value: groupOf(rule("value", ["="], text)) }),
  fc.record({
    field: fc.constant("events"),
    operator: fc.constant("sequence"),
    value: fc.record({
      steps: fc.array(inner, { minLength: 2, maxLength: 4 }),
      within: duration,
      then: fc.constantFrom("did", "didNot"),
    }),
  }),
) as One;

function nested(rules: One, depth: number): One {
  if (depth === 0) return groupOf(rules);
  return groupOf(fc.oneof({ weight: 3, arbitrary: rules }, { weight: 1, arbitrary: nested(rules, depth - 1) }));
}

const anyRule = odd(fc.oneof({ weight: 3, arbitrary: fc.oneof(...plain) }, { weight: 2, arbitrary: behaviour }), {
  ...extra,
  valueSource: fc.constant("value"),
});

export const trees: One = nested(
  anyRule.map((each) => (each["value"] === "frequency" ? { ...each, valueSource: "field" } : each)),
  3,
);
