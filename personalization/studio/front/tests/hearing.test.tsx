// What the server says while a condition is edited stands where it belongs.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { render } from "preact";
import { act } from "preact/test-utils";
import type { Answer } from "../src/reading/answer.ts";
import { Builder } from "../src/view/Builder.tsx";
import { offer } from "./offered.ts";
import "./page.ts";

const TREE = JSON.stringify({ rules: [{ rules: [{ field: "visits", operator: "<", value: "x" }] }] });
let asked: FormData[];
let box: HTMLElement;
let textarea: HTMLTextAreaElement;

beforeEach(() => {
  document.body.innerHTML =
    "<form><input name=csrfmiddlewaretoken value=secret><textarea name=condition></textarea><div></div></form>";
  textarea = document.querySelector("textarea") as HTMLTextAreaElement;
  box = document.querySelector("div") as HTMLElement;
  asked = [];
});

afterEach(async () => {
  await act(() => render(null, box));
});

/** Draws the builder in front of a studio that gives this answer to everything. */
async function hear(answer: Answer | null): Promise<void> {
  globalThis.fetch = (async (_address: string, { body }: { body: FormData }) => {
    asked.push(body);
    if (answer === null) throw new TypeError("nobody is there");
    return { ok: true, json: async () => answer };
  }) as unknown as typeof fetch;
  mock.timers.enable({ apis: ["setTimeout"] });
  textarea.value = TREE;
  await act(() => render(<Builder textarea={textarea} offer={offer} label="Who" />, box));
  await act(() => mock.timers.tick(400));
  mock.timers.reset();
  await act(async () => {
    for (let turn = 0; turn < 9; turn += 1) await Promise.resolve();
  });
}

function said(selector: string): string | undefined {
  return box.querySelector(selector)?.textContent?.trim();
}

test("the studio is asked about the text as it is stored, for an exact count", async () => {
  await hear({ reading: "x", refusal: null });

  const [body] = asked;
  assert.equal(body?.get("condition"), TREE);
  assert.equal(body?.get("site"), "1");
  assert.equal(body?.get("exact"), "1");
});

test("a refusal stands at its node and nowhere else in the tree", async () => {
  await hear({ reading: "", refusal: { path: "rules[0].rules[0].value", detail: "Write a number." } });

  assert.equal(box.querySelectorAll(".pz-refused").length, 1);
  assert.equal(said(".pz-rule.pz-refused .pz-remark-refusal"), "Write a number.");
  assert.match(said("[data-pz-reading]") ?? "", /notReady/);
});

test("the reading, a labelled sample, overlaps and examples are shown", async () => {
  await hear({
    reading: "visits is less than 3",
    refusal: null,
    audience: { text: "About 1,230 visitors", count: 1230, share: "12 %", is_sample: true },
    overlaps: [{ segment: "loyal", name: "Loyal", share: "40 %" }],
    examples: [{ visitor: "a1b2", why: "visits is 2" }],
  });

  assert.equal(said("[data-pz-reading] strong"), "Visits is less than 3.");
  assert.equal(said(".pz-reading-count"), "sample About 1,230 visitors");
  assert.equal(said(".pz-overlaps li"), "Loyal 40 %");
  assert.equal(said(".pz-examples li"), "a1b2 visits is 2");
});

test("a warning about a node stands there, one about the whole below", async () => {
  await hear({
    reading: "x",
    refusal: null,
    warnings: [
      { path: "rules/0", text: "This can never hold." },
      { path: null, text: "Another segment says the same." },
    ],
  });

  assert.equal(said(".pz-group .pz-group > .pz-remark-warning"), "This can never hold.");
  const below = () =>
    [...box.querySelectorAll("[data-pz-reading] .pz-remark-warning")].map((each) => each.textContent);
  assert.deepEqual(below(), ["Another segment says the same."]);

  const asText = box.querySelectorAll<HTMLButtonElement>(".pz-faces button")[1];
  await act(() => asText?.click());
  assert.deepEqual(below(), ["This can never hold.", "Another segment says the same."]);
});

test("when nobody answers, that is said and nothing is lost", async () => {
  await hear(null);

  assert.equal(said("[data-pz-reading]"), "unreachable");
  assert.equal(textarea.value, TREE);
});
