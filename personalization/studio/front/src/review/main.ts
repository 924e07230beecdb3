// The review of generated copy: one draft a screen, decided by keys or buttons, the next one at hand.
import { every, json } from "../composer/page";
import { Review } from "./review";

document.addEventListener("DOMContentLoaded", () => {
  for (const root of every("[data-pz-review]")) new Review(root, json<Record<string, string>>("pzd-words", {}));
});
