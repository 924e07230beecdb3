// Countries by their names in the page's language, as the browser knows them.

import type { Choice } from "./offer.ts";

const NO_COUNTRIES = "AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split(" "); // unions, tests, islets
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

let known: readonly Choice[] | undefined;

export function countries(): readonly Choice[] {
  known ??= named(document.documentElement.lang || "en");
  return known;
}

function named(language: string): readonly Choice[] {
  const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return codes
    .filter((code) => names.of(code) && isCurrent(code) && !NO_COUNTRIES.includes(code))
    .map((code): Choice => [code, names.of(code) ?? code])
    .sort((a, b) => a[1].localeCompare(b[1], language));
}

/** The code of a country that is no more stands for another one: "DD" is "DE" today. */
function isCurrent(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}
