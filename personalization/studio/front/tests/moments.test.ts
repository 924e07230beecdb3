import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shownMoment, storedMoment } from "../src/tree/moments.ts";

test("a moment is shown on the site's clock", () => {
  assert.equal(shownMoment("2026-03-02T09:00:00Z", "Europe/Berlin"), "2026-03-02T10:00");
  assert.equal(shownMoment("2026-07-02T09:00:00Z", "Europe/Berlin"), "2026-07-02T11:00");
  assert.equal(shownMoment("2026-07-02T09:00:30Z", "UTC"), "2026-07-02T09:00:30");
});

test("a time without a zone is UTC, as the server reads it", () => {
  assert.equal(shownMoment("2026-03-02T09:00", "UTC"), "2026-03-02T09:00");
  assert.equal(shownMoment("2026-03-02", "UTC"), "2026-03-02T00:00");
  assert.equal(shownMoment("2026-03-02 09:00:00+0530", "UTC"), "2026-03-02T03:30");
});

test("what we cannot read is not shown as a moment", () => {
  for (const text of ["20260302", "soon", "", 7, "2026-13-40T00:00Z"]) {
    assert.equal(shownMoment(text, "UTC"), null);
  }
});

test("what is typed on the clock is stored in UTC", () => {
  assert.equal(storedMoment("2026-03-02T10:00", "Europe/Berlin"), "2026-03-02T09:00:00Z");
});

test("a shown moment that is typed again is the same moment, in every zone", () => {
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia");
  const minutes = fc.integer({ min: 0, max: 40_000_000 });
  fc.assert(
    fc.property(zones, minutes, (zone, minute) => {
      const stored = new Date(minute * 60_000).toISOString().replace(".000", "");
      const shown = shownMoment(stored, zone) as string;
      assert.equal(shownMoment(storedMoment(shown, zone), zone), shown);
    }),
  );
});
