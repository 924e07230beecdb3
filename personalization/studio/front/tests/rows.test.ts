import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.ts";
import { growAll, lists, rowsOf } from "../src/composer/rows.ts";

const entry = (id: string) => `<li data-row="${id}"><input type="hidden" name="steps" value="${id}"><div class="pzc-entry-tools">
  <button type="button" data-pzc-move="-1">up</button><button type="button" data-pzc-move="1">down</button><button type="button" data-pzc-remove>x</button></div>
  <input name="steps__${id}__title" value="${id}"></li>`;

/** A list of a form, with at least one and at most three entries. */
function listed(...ids: string[]): HTMLElement {
  document.body.innerHTML = `<form><fieldset class="pzc-list"><ol data-pzc-rows="steps" data-least="1" data-most="3" data-new="NEW">${ids.map(entry).join("")}</ol>
    <template>${entry("NEW")}</template><button type="button" data-pzc-add>add</button></fieldset></form>`;
  return document.body.firstElementChild as HTMLElement;
}

const press = (root: HTMLElement, selector: string) => root.querySelector<HTMLButtonElement>(selector)!.click();
const titles = (root: HTMLElement) => [...root.querySelectorAll<HTMLInputElement>("li [name$=__title]")].map((each) => each.value);
const isClosed = (root: HTMLElement, selector: string) => root.querySelector<HTMLButtonElement>(selector)!.disabled;

test("entries are added up to the most, and each add is told", () => {
  const root = listed("a");
  let told = 0;
  lists(root, () => { told += 1; });
  press(root, "[data-pzc-add]");
  press(root, "[data-pzc-add]");

  assert.equal(titles(root).length, 3);
  assert.equal(isClosed(root, "[data-pzc-add]"), true);
  assert.equal(told, 2);
});

test("a new entry has the focus at once", () => {
  const root = listed("a");
  lists(root, () => undefined);
  press(root, "[data-pzc-add]");

  assert.equal(document.activeElement, root.querySelectorAll("li [name$=__title]")[1]);
});

test("entries are removed down to the least, and the focus stays in the list", () => {
  const root = listed("a", "b");
  lists(root, () => undefined);
  press(root, "[data-row=a] [data-pzc-remove]");

  assert.deepEqual(titles(root), ["b"]);
  assert.equal(isClosed(root, "[data-pzc-remove]"), true);
  assert.equal(document.activeElement, root.querySelector("[data-pzc-add]"));
});

test("an entry that was moved to the end keeps the focus on what can still be done", () => {
  const root = listed("a", "b");
  lists(root, () => undefined);
  press(root, "[data-row=a] [data-pzc-move='1']");

  assert.deepEqual(titles(root), ["b", "a"]);
  assert.equal(document.activeElement, root.querySelector("[data-row=a] [data-pzc-move='-1']"));
});

test("adding, removing and moving are changes; unsaved work brings its entries back", () => {
  const root = listed("a", "b");
  lists(root, () => undefined);
  const before = rowsOf(root);
  press(root, "[data-row=a] [data-pzc-move='1']");
  assert.notEqual(rowsOf(root), before);

  growAll(root, [["steps", "x"], ["steps", "y"], ["steps", "z"]]);
  assert.deepEqual(JSON.parse(rowsOf(root)), [["steps", "x", "y", "z"]]);
});
