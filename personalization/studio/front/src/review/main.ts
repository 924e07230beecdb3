// The review of generated copy: one draft a screen, decided by keys or buttons, the next one at hand.
import { every, json } from "../composer/page";
import { fitFrames } from "./frames";
import { Review } from "./review";

document.addEventListener("DOMContentLoaded", () => {
  for (const root of every("[data-pz-review]")) new Review(root, json<Record<string, string>>("pzd-words", {}));
  for (const page of every("[data-pz-guest]")) fitFrames(page);
});
