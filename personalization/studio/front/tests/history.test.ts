import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { begin, change, onlyBlank, redo, undo } from "../src/tree/history.ts";

test("as many steps back as were taken lead to the beginning, and forward again to the end", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.boolean(), { minLength: 1 }), { maxLength: 30 }), (states) => {
      const start: readonly boolean[] = [];
      const done = states.reduce((history, next, at) => change(history, next, at), begin(start));
      const back = states.reduce(undo, done);
      assert.equal(back.now, start);
      assert.equal(states.reduce(redo, back).now, done.now);
    }),
  );
});

test("typing on in one blank is one step", () => {
  const typed = ["s", "sh", "shoes"].map((value) => ({ rules: [{ field: "category", value }] }));
  const history = typed.reduce((now, next, at) => change(now, next, 1000 + at * 100), begin({ rules: [{ field: "category", value: "" }] }));

  assert.deepEqual(undo(history).now, { rules: [{ field: "category", value: "" }] });
});

test("a pause in typing begins a new step", () => {
  const first = change(begin({ value: "a" }), { value: "ab" }, 0);
  const second = change(first, { value: "abc" }, 60_000);

  assert.deepEqual(undo(second).now, { value: "ab" });
});

test("a change in another place begins a new step", () => {
  const first = change(begin({ a: "1", b: "1" }), { a: "2", b: "1" }, 0);
  const second = change(first, { a: "2", b: "2" }, 1);

  assert.deepEqual(undo(second).now, { a: "2", b: "1" });
});

test("what was undone cannot be redone once something else was done", () => {
  const history = change(undo(change(begin(1 as unknown), [2], 0)), [3], 1);

  assert.equal(redo(history), history);
});

test("only a changed text or number is typing", () => {
  assert.equal(onlyBlank({ a: [1, { b: "x" }] }, { a: [1, { b: "y" }] }), "/a/1/b");
  assert.equal(onlyBlank({ a: 1 }, { a: 1, b: 2 }), null);
  assert.equal(onlyBlank({ a: true }, { a: false }), null);
  assert.equal(onlyBlank({ a: 1, b: 1 }, { a: 2, b: 2 }), null);
});
