import assert from "node:assert/strict";
import { test } from "node:test";
import { lettersIn } from "../src/composer/inputs";

test("letters are counted as the server counts them", () => {
  assert.equal(lettersIn("Grüße"), 5);
  assert.equal(lettersIn("👟👟"), 2);
  assert.equal(lettersIn("e\u0301"), 2);
});
