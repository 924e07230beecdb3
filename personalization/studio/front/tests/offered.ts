// An offer with a field of every type.

import type { Field, Offer } from "../src/fields/offer.ts";
import type { Words } from "../src/fields/words.ts";

function field(name: string, type: string, operators: string, more: Partial<Field> = {}): Field {
  return {
    name,
    label: name,
    group: "Visitor",
    type,
    isList: false,
    choices: [],
    suggests: "",
    operators: operators.split(" "),
    of: null,
    ...more,
  };
}

const TEXT = "= != contains in notIn null notNull matches";
const NUMBER = "= != < > <= >= in between null notNull";
const TIME = "= before after between withinLast olderThan null notNull";

const kinds = { choices: [["view", "view"], ["purchase", "purchase"]] as const };
const eventFields = [
  field("type", "string", TEXT, kinds),
  field("category", "string", TEXT, { suggests: "server" }),
  field("value", "number", NUMBER),
  field("at", "datetime", TIME),
];

export const fields: readonly Field[] = [
  field("events", "list", "= sequence null notNull", { isList: true, of: eventFields }),
  field("segment", "string", "in notIn", { isList: true, choices: [["loyal", "Loyal"], ["new", "New"]] }),
  field("visits", "number", NUMBER),
  field("frequency", "number", NUMBER),
  field("first_seen", "datetime", TIME),
  field("subscriber", "boolean", "= != null notNull"),
  field("app", "version", "= versionAtLeast in null"),
  field("tags", "string", "hasAny hasAll hasNone null notNull =", {
    isList: true,
    of: [field("value", "string", TEXT)],
  }),
  field("affinity", "list", "= null notNull", { isList: true, of: [field("score", "number", NUMBER)] }),
  field("country", "string", TEXT, { suggests: "country", group: "Page view" }),
];

const SHAPES: Record<string, string> = {
  one: "= != < > <= >= contains matches before after versionAtLeast",
  none: "null notNull",
  two: "between notBetween",
  many: "in notIn hasAny hasAll hasNone",
  duration: "withinLast olderThan",
  steps: "sequence",
};

const operators = Object.fromEntries(
  Object.entries(SHAPES).flatMap(([shape, keys]) => keys.split(" ").map((key) => [key, { label: key, shape }])),
) as Offer["operators"];

const SAID = {
  kinds: { and: "all", or: "any", "not-and": "not all", "not-or": "none" },
  joined: { and: "and", or: "or" },
  units: { w: "weeks", d: "days", h: "hours", m: "minutes", s: "seconds" },
  modes: { atLeast: "at least", atMost: "at most", exactly: "exactly", some: "some", none: "none", all: "all" },
  counted: { times: "times", percent: "percent" },
  times: { withinLast: "within", olderThan: "older", before: "before", after: "after", between: "between" },
};

/** Words that are their own names. */
const words = new Proxy(SAID as Record<string, unknown>, {
  get: (said, name: string) => said[name] ?? name,
}) as unknown as Words;

export const offer: Offer = {
  site: "1",
  segment: "",
  zone: "Europe/Berlin",
  fields,
  operators,
  addresses: { reading: "/reading/", values: "/values/", offer: "/offer/" },
  words,
};
