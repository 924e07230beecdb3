import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.ts";
import { acknowledgeNext, unseen } from "../src/review/findings.ts";
import { deedOf, isTyping, reasonOf } from "../src/review/keys.ts";
import { Screens } from "../src/review/screens.ts";

const pressed = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });

function element(html: string): Element {
  const box = document.createElement("div");
  box.innerHTML = html;
  return box.firstElementChild!;
}

test("a letter does what stands on its button, in capitals too", () => {
  assert.equal(deedOf(pressed("a"), false, true), "approve");
  assert.equal(deedOf(pressed("J"), false, true), "after");
  assert.equal(deedOf(pressed("ArrowLeft"), false, true), "before");
});

test("letters that are typed, or pressed with Ctrl, do nothing", () => {
  assert.equal(deedOf(pressed("a"), true, true), null);
  assert.equal(deedOf(pressed("a", { ctrlKey: true }), false, true), null);
});

test("single keys that are switched off do nothing", () => {
  for (const key of ["a", "r", "j", "?"]) assert.equal(deedOf(pressed(key), false, false), null);
});

test("a key that is held down pages on, and approves nothing twice", () => {
  assert.equal(deedOf(pressed("j", { repeat: true }), false, true), "after");
  assert.equal(deedOf(pressed("a", { repeat: true }), false, true), null);
});

test("text fields take letters; a ticked box or a button does not", () => {
  for (const html of ["<textarea></textarea>", "<input>", "<input type=search>", "<select></select>"]) assert.equal(isTyping(element(html), "a"), true, html);
  for (const html of ["<button></button>", "<input type=checkbox>", "<h2></h2>"]) assert.equal(isTyping(element(html), "a"), false, html);
});

test("numbers choose a reason, other keys none", () => {
  assert.equal(reasonOf(pressed("3")), 3);
  assert.equal(reasonOf(pressed("0")), null);
  assert.equal(reasonOf(pressed("a")), null);
});

test("findings are ticked off one by one", () => {
  const screen = document.createElement("div");
  screen.innerHTML = `<mark data-findings="1">x</mark><ol><li data-pzd-finding="1"><input type="checkbox" data-pzd-acknowledge></li><li data-pzd-finding="2"><input type="checkbox" data-pzd-acknowledge></li></ol>`;
  for (const mark of screen.querySelectorAll("mark")) mark.scrollIntoView = () => undefined;

  assert.equal(acknowledgeNext(screen), 1);
  assert.equal(screen.querySelector("mark")?.classList.contains("pzd-pointed"), true);
  assert.equal(acknowledgeNext(screen), 0);
  assert.deepEqual(unseen(screen), []);
});

test("the next screen is fetched once, ahead of being wanted", async () => {
  const asked: string[] = [];
  const screens = new Screens("/draft/0/screen/?locale=de", async (address) => { asked.push(address); return `screen of ${address}`; });
  screens.ahead(7);

  assert.equal(await screens.of(7), "screen of /draft/7/screen/?locale=de");
  assert.deepEqual(asked, ["/draft/7/screen/?locale=de"]);
});

test("a screen that failed, or was decided on, is fetched anew", async () => {
  let fails = true;
  let times = 0;
  const screens = new Screens("/0/", async () => { times += 1; if (fails) throw new Error("away"); return "here"; });
  await assert.rejects(screens.of(1));
  fails = false;
  assert.equal(await screens.of(1), "here");
  screens.forget(1);
  await screens.of(1);
  assert.equal(times, 3);
});
