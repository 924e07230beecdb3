// The builder itself, drawn into a document: looking changes nothing, editing only what is edited.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import fc from "fast-check";
import { render } from "preact";
import { act } from "preact/test-utils";
import type { Json } from "../src/tree/tree.ts";
import { Builder } from "../src/view/Builder.tsx";
import { offer } from "./offered.ts";
import "./page.ts";
import { trees } from "./trees.ts";

globalThis.fetch = () => new Promise(() => undefined); // the studio does not answer in here

let textarea: HTMLTextAreaElement;
let box: HTMLElement;
let kept: number;

beforeEach(() => {
  document.body.innerHTML = "<form><textarea name=condition></textarea><div></div></form>";
  textarea = document.querySelector("textarea") as HTMLTextAreaElement;
  box = document.querySelector("div") as HTMLElement;
  kept = 0;
  textarea.addEventListener("change", () => (kept += 1));
});

async function draw(tree: Json): Promise<void> {
  textarea.value = JSON.stringify(tree);
  await act(() => render(<Builder textarea={textarea} offer={offer} label="Who" />, box));
}

async function clear(): Promise<void> {
  await act(() => render(null, box));
  document.querySelector("form")?.prepend(textarea);
}

function stored(): Json {
  return JSON.parse(textarea.value) as Json;
}

function find<E extends HTMLElement>(selector: string): E {
  const element = box.querySelector<E>(selector);
  assert.ok(element, selector);
  return element;
}

async function press(name: string): Promise<void> {
  const button = [...box.querySelectorAll("button")].find((each) => each.textContent?.includes(name));
  assert.ok(button, name);
  await act(() => button.click());
}

test("drawing any valid tree stores nothing, not even a letter", async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      await draw(tree);
      assert.ok(box.querySelector("[role=group]"));
      assert.equal(textarea.value, JSON.stringify(tree));
      assert.equal(kept, 0);
      await clear();
    }),
    { numRuns: 150 },
  );
});

test("adding a group changes nothing else, and undo takes it back", async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      await draw(tree);
      const before = box.querySelectorAll(".pz-group").length;
      const adders = [...box.querySelectorAll<HTMLElement>(".pz-adder")];
      await act(() => adders.at(-1)?.click()); // the outermost group's own
      assert.equal(box.querySelectorAll(".pz-group").length, before + 1);
      const { rules, ...rest } = stored() as { rules: Json[] };
      assert.deepEqual({ ...rest, rules: rules.slice(0, -1) }, JSON.parse(JSON.stringify(tree)));
      await press("undo");
      assert.equal(textarea.value, JSON.stringify(tree));
      await press("redo");
      assert.deepEqual((stored() as { rules: Json[] }).rules.at(-1), { combinator: "and", not: false, rules: [] });
      await clear();
    }),
    { numRuns: 60 },
  );
});

test("typing into one blank changes that value alone", async () => {
  const other = { field: "visits", operator: ">=", value: "3", id: "mine" };
  await draw({ rules: [{ field: "visits", operator: "<", value: 7 }, other] });
  const blank = find<HTMLInputElement>(".pz-blank-number");
  await act(() => {
    blank.value = "12";
    blank.dispatchEvent(new Event("input", { bubbles: true }));
  });

  assert.deepEqual(stored(), { rules: [{ field: "visits", operator: "<", value: 12 }, other] });
  await clear();
});

test("the arrow keys on a handle move a rule into the group beside it, and the focus goes along", async () => {
  const rule = { field: "visits", operator: "<", value: 7 };
  await draw({ combinator: "and", rules: [rule, { combinator: "or", rules: [] }] });
  const handle = find(".pz-handle");
  const down = new Event("keydown", { bubbles: true });
  Object.assign(down, { key: "ArrowDown" });
  await act(() => void handle.dispatchEvent(down));

  assert.deepEqual(stored(), { combinator: "and", rules: [{ combinator: "or", rules: [rule] }] });
  assert.equal(document.activeElement?.closest("[data-pz-node]")?.className, "pz-rule");
  await clear();
});

test("a text that a script of the page puts back is drawn, and is a step of the history", async () => {
  await draw({ rules: [] });
  await act(() => {
    textarea.value = '{"rules": [{"field": "visits", "operator": "<", "value": 7}]}';
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });

  assert.equal(find<HTMLInputElement>(".pz-blank-number").value, "7");
  await press("undo");
  assert.equal(textarea.value, '{"rules":[]}');
  await clear();
});

test("what is no condition is shown as text", async () => {
  textarea.value = "{";
  await act(() => render(<Builder textarea={textarea} offer={offer} label="Who" />, box));

  assert.equal(find(".pz-text").hidden, false);
  assert.match(find(".pz-text").textContent ?? "", /broken/);
  assert.equal(textarea.value, "{");
  await clear();
});

test("an undo that takes away what had the focus leaves the keyboard in the builder", async () => {
  await draw({ combinator: "and", rules: [] });
  await press("addGroup");
  find(".pz-group .pz-group .pz-handle").focus();

  await press("undo");

  assert.equal(box.querySelector(".pz-group .pz-group"), null);
  assert.equal(document.activeElement, find(".pz-builder"));
});
